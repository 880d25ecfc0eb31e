"""Our own tables: counts of harms of any service, where help is available, and what agencies have learned."""

from collections.abc import Mapping

from entente.records import Catalogue, CellFault, Reader, Value, choice, date_iso, text, whole_number, yes_no
from entente.workstreams.health.readers.cells import ALL, cell_told, percent

Cells = Mapping[str, str]
_TOLD = {"suppressed": "suppressed", "": "not-available"}


def _harm(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists, value = catalogue.vocabulary.lists, cells["value"].strip()
    start, end = date_iso("period_start", cells["period_start"]), date_iso("period_end", cells["period_end"])
    if end < start:
        raise CellFault("period_end", "ends-before-start", end.isoformat(), start=start.isoformat())
    values: dict[str, Value] = {
        "publication": text("publication", cells["publication"]),
        "substances": choice("substances", cells["substances"], lists["harm-substances"]),
        "event": choice("event", cells["event"], lists["harm-event"]),
        "intent": "total",
        "breakdown": ALL,
        "group": ALL,
        "subgroup": ALL,
        "region": choice("region", cells["region"].lower(), lists["place"]),
        "area": cells["area"].strip() or ALL,
        "period_start": start,
        "period_end": end,
        "unit": "number",
        **cell_told("value", value, _TOLD.get(value, "told")),
    }
    if cells["percent_pending"].strip():
        values["percent_pending"] = percent("percent_pending", cells["percent_pending"])
    return values


HARM_COUNT_CSV = Reader(
    name="harm-count-csv",
    kind="harm-count",
    source="Entente: one event, place and period per row; examples/harm-count-csv.csv is the template",
    columns={
        name: (name,)
        for name in (
            *("publication", "substances", "event", "region", "area"),
            *("period_start", "period_end", "value", "percent_pending"),
        )
    },
    values=_harm,
)


def _service(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists = catalogue.vocabulary.lists
    values: dict[str, Value] = {
        "source": text("source", cells["source"]),
        "service": choice("service", cells["service"], lists["harm-reduction-service"]),
        "region": choice("region", cells["region"].lower(), lists["place"]),
        "area": cells["area"].strip() or ALL,
        "as_of": date_iso("as_of", cells["as_of"]),
        "is_available": yes_no("is_available", cells["is_available"]),
    }
    if cells["is_free"].strip():
        values["is_free"] = yes_no("is_free", cells["is_free"])
    if cells["sites"].strip():
        values["sites"] = whole_number("sites", cells["sites"])
    return values | {name: cells[name].strip() for name in ("how", "where_to_ask") if cells[name].strip()}


SERVICE_AVAILABILITY_CSV = Reader(
    name="service-availability-csv",
    kind="service-availability",
    source="Entente: one service and place per row; examples/service-availability-csv.csv is the template",
    columns={
        name: (name,)
        for name in (
            *("source", "service", "region", "area", "as_of"),
            *("is_available", "is_free", "sites", "how", "where_to_ask"),
        )
    },
    values=_service,
)


def _note(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists = catalogue.vocabulary.lists
    values: dict[str, Value] = {
        **{name: text(name, cells[name]) for name in ("source", "title", "text")},
        "language": choice("language", cells["language"], lists["note-language"]),
        "country": choice("country", cells["country"].lower(), lists["country"]),
        "topic": choice("topic", cells["topic"], lists["practice-topic"]),
    }
    if cells["dated"].strip():
        values["dated"] = date_iso("dated", cells["dated"])
    return values | ({"reference": cells["reference"].strip()} if cells["reference"].strip() else {})


PRACTICE_NOTE_CSV = Reader(
    name="practice-note-csv",
    kind="practice-note",
    source="Entente: one note in one language per row; examples/practice-note-csv.csv is the template",
    columns={
        name: (name,) for name in ("source", "title", "language", "country", "topic", "dated", "text", "reference")
    },
    values=_note,
)
