"""Records: what is held here, found by words and choices, page by page, and as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from starlette.responses import Response

from entente.errors import EntenteError, InputFault
from entente.node.agreeing import agreement_names
from entente.node.limits import held_under
from entente.node.listing import ID_LETTERS, day_of, place_label, place_of
from entente.node.pace import TooManySearches
from entente.node.searching import FACETS, OWN, RECEIVED, NotADay, Results, Shown, export, search
from entente.web.choices import SEVERAL, Choices, choices_in, page_end
from entente.web.rendering import NOTHING, day, number
from entente.web.routes import get
from entente.web.screens.record import show_record
from entente.web.values import labels
from entente.web.visit import Visit

DOWN, UP = "descending", "ascending"
SHOWN_AT_ONCE = 8
"""Of the values of one facet; the rest is folded away."""
_NAMES = {"said-by": "said_by"}
_WORDS = {"kind": "kind", "said_by": "party"}

Option = tuple[str, int, str, bool]
"""Text, number of records, address that adds or takes away, whether it is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record of the list. `held` says under what a received one is held; it is empty
    for our own."""

    id: str
    version: int
    summary: str
    kind: str
    day: date | None
    place: str
    said_by: str
    held: str
    recorded_at: datetime
    is_simulated: bool
    is_received: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values to choose from: those chosen, then the most frequent."""

    name: str
    title: str
    options: Sequence[Option]

    @property
    def first(self) -> Sequence[Option]:
        return self.options[:SHOWN_AT_ONCE]

    @property
    def rest(self) -> Sequence[Option]:
        return self.options[SHOWN_AT_ONCE:]


def list_records(visit: Visit) -> Response:
    choices = choices_in(visit.query)
    try:
        visit.paces.search(visit.who, visit.node.clock())
        results = search(visit.node, visit.look, choices.asked(), own=visit.own)
    except (InputFault, TooManySearches) as error:
        return _page(visit, choices, None, error)
    return _page(visit, choices, results)


def records_file(visit: Visit) -> Response:
    """Everything that the same choices find, as a table."""
    asked = choices_in(visit.query).asked()
    lines = export(visit.node, visit.look, asked, own=visit.own, language=visit.language)
    return visit.csv(f"records-{visit.node.clock():%Y-%m-%d}.csv", lines)


def _page(visit: Visit, choices: Choices, results: Results | None, error: EntenteError | None = None) -> Response:
    bad = str(error.values["text"]) if isinstance(error, NotADay) else None
    lines = list(_lines(visit, results)) if results else []
    answer = visit.page(
        "records.html",
        part="results",
        status=422 if error else 200,
        message=error.said(visit.book.translate) if error else "",
        bad={name for name in ("since", "until") if choices.one(name) == bad},
        choices=choices,
        kept=[(name, value) for name in (*SEVERAL, "simulated") for value in choices.all(name)],
        lines=lines,
        has_places=any(line.place for line in lines),
        total=results.total if results else None,
        found=_found(visit, results.total) if results else "",
        facets=list(_facets(visit, choices, results)) if results else [],
        chips=list(_chips(visit, choices)),
        cleared=Choices({}).changed(order=choices.one("order")).address(),
        heads=_heads(visit, choices),
        nothing=NOTHING,
        next_link=choices.address(after=page_end(results.next_after)) if results and results.next_after else "",
        first_link=choices.address() if choices.after else "",
        file=choices.address("/records.csv"),
        sides=[(OWN, visit.say("our own")), (RECEIVED, visit.say("received from partners"))],
        orders=_orders(visit),
    )
    if visit.is_part:
        answer.headers["hx-push-url"] = choices.address()
    return answer


def _lines(visit: Visit, results: Results) -> Iterator[Line]:
    names = agreement_names(visit.node)
    yield from (_line(visit, one, names) for one in results.rows)


def _line(visit: Visit, one: Shown, names: Mapping[str, str]) -> Line:
    row, catalogue = one.row, visit.node.catalogue
    kind = catalogue.kinds.get(row.kind)
    summary = one.summary(catalogue, visit.language)
    said = day_of(kind, one.values)
    held = ""
    if row.via is not None:
        under = ", ".join(names.get(text, text) for text in held_under(row).agreements)
        held = visit.say("under {agreement}", agreement=under)
    return Line(
        id=row.id,
        version=row.version,
        summary=summary or visit.say("record {record}", record=row.id[:ID_LETTERS]),
        kind=labels(visit, "kind", (row.kind,)),
        day=date.fromisoformat(said) if said else None,
        place=place_label(catalogue, place_of(kind, one.values), visit.language),
        said_by=row.said_by,
        held=held,
        recorded_at=row.recorded_at,
        is_simulated=row.is_simulated,
        is_received=row.via is not None,
    )


def _found(visit: Visit, total: int) -> str:
    return visit.say("1 record") if total == 1 else visit.say("{number} records", number=number(total, visit.language))


# What the list can be narrowed by


def _titles(visit: Visit) -> Mapping[str, str]:
    return {
        "kind": visit.say("Kind"),
        "said_by": visit.say("Said by"),
        "place": visit.say("Place"),
        "year": visit.say("Year"),
        "simulated": visit.say("Simulated or real"),
    }


def _value(visit: Visit, name: str, value: str) -> str:
    """A chosen value for people."""
    if name == "place":
        return place_label(visit.node.catalogue, value, visit.language)
    if name == "simulated":
        return visit.say("Simulated") if value == "true" else visit.say("Real")
    return labels(visit, _WORDS[name], (value,)) if name in _WORDS else value


def _facets(visit: Visit, choices: Choices, results: Results) -> Iterator[Facet]:
    titles = _titles(visit)
    for facet in FACETS:
        name = _NAMES.get(facet, facet)
        numbers = dict.fromkeys(choices.all(name), 0) | dict(results.facets[facet])
        if numbers:
            values = sorted(numbers, reverse=True) if name == "year" else list(numbers)
            yield Facet(name, titles[name], [_option(visit, choices, name, v, numbers[v]) for v in values])


def _option(visit: Visit, choices: Choices, name: str, value: str, total: int) -> Option:
    address = choices.toggled(name, value).address()
    return (_value(visit, name, value), total, address, value in choices.all(name))


def _chips(visit: Visit, choices: Choices) -> Iterator[tuple[str, str]]:
    """Every choice that leaves something out: (text, address without it)."""
    for name in ("q", "side", "since", "until"):
        if value := choices.one(name):
            yield _one_said(visit, name, value), choices.changed(**{name: ""}).address()
    titles = _titles(visit)
    for name in (*SEVERAL, "simulated"):
        for value in choices.all(name):
            shown = _value(visit, name, value)
            yield visit.say("{name}: {value}", name=titles[name], value=shown), choices.toggled(name, value).address()


def _one_said(visit: Visit, name: str, value: str) -> str:
    if name == "q":
        return visit.say("words: {words}", words=value)
    if name == "side":
        return visit.say("our own") if value == OWN else visit.say("received from partners")
    said = _day_said(visit, value)
    return visit.say("from {day}", day=said) if name == "since" else visit.say("up to {day}", day=said)


def _day_said(visit: Visit, text: str) -> str:
    """As the reader writes days; as it was typed where it is none."""
    try:
        return day(date.fromisoformat(text), visit.language)
    except ValueError:
        return text


# In which order


def _orders(visit: Visit) -> Sequence[tuple[str, str]]:
    return [
        ("recorded-desc", visit.say("last recorded first")),
        ("recorded", visit.say("first recorded first")),
        ("day-desc", visit.say("latest day first")),
        ("day", visit.say("earliest day first")),
        ("kind", visit.say("by kind")),
    ]


def _heads(visit: Visit, choices: Choices) -> Mapping[str, tuple[str, str, str]]:
    """(text, address that sorts by it or the other way, how it is sorted now) of the columns that sort."""
    texts = {"recorded": visit.say("Recorded"), "day": visit.say("Day"), "kind": visit.say("Kind")}
    heads = {}
    for name, text in texts.items():
        is_down, is_up = choices.order == f"{name}-desc", choices.order == name
        wanted = name if is_down or name == "kind" else f"{name}-desc"
        heads[name] = (text, choices.changed(order=wanted).address(), DOWN if is_down else UP if is_up else "")
    return heads


ROUTES = (
    get("/records", list_records, needs="read-own", reads=True),
    get("/records.csv", records_file, needs="export", reads=True),
    get("/records/{record_id}", show_record, needs="read-own", reads=True),
)
