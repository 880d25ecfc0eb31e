"""The gap matrix: which substances one country controls on a day and another does not name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)
from entente.workstreams.substances.questions import entries as listed
from entente.workstreams.substances.questions import identity

_COLUMNS = (
    Column("substance", "text"),
    Column("country", "text", vocabulary="law-of"),
    Column("on", "date"),
    Column("control_status", "text", vocabulary="control-status"),
    Column("is_gap", "boolean"),
    Column("controlled_in", "text"),
    Column("instrument", "text"),
    Column("schedule", "text"),
    Column("item", "text"),
    Column("name", "text"),
    Column("may_cover_more", "boolean"),
    Column("since", "date"),
    Column("until", "date"),
    Column("is_verified", "boolean"),
    Column("reference", "text"),
)
_SHOWN = ("instrument", "schedule", "item", "may_cover_more", "since", "until", "is_verified", "reference")
_TOLD = ("surveilled", "exception", "ended", "not-named")
"""What a text says of a substance that it does not control."""

Row = dict[str, Any]


def _gaps(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:  # noqa: ARG001  # one shape
    given = listed.entries(tables[listed.KIND])
    countries = arguments["countries"]
    chosen = [entry for entry in given if not isinstance(countries, tuple) or entry["country"] in countries]
    known = identity.Identities(tables[identity.KIND], chosen)
    on = arguments["on"] or listed.newest(chosen)
    rows: list[Row] = []
    if isinstance(on, date):
        name = arguments["name"]
        meant = known.substances if name is None else [one.substance for one in known.meant(str(name))]
        laws = _laws(chosen, on)
        blocks = [list(_block(substance, chosen, laws, on)) for substance in meant if substance.entries]
        rows = [row for block in blocks if _is_shown(block, arguments) for row in block]
    return Answer(
        question=GAPS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(
            Denominator("entries-used", len(chosen), len(given)),
            Denominator("gaps-told", sum(row["is_gap"] for row in rows), len(rows)),
        ),
        cautions=_cautions(rows),
        provenance=provenance([tables[listed.KIND], tables[identity.KIND]]),
    )


def _laws(entries: Sequence[listed.Entry], on: date) -> Mapping[str, Mapping[str, str]]:
    """For each country what each of its laws says on the day of a substance that it names nowhere."""
    found: dict[str, dict[str, str]] = {}
    for text in listed.by_law(entries):
        found.setdefault(text[0]["country"], {})[text[0]["instrument"]] = listed.silent(text, on)
    return found


def _block(
    substance: identity.Substance, entries: Sequence[listed.Entry], laws: Mapping[str, Mapping[str, str]], on: date
) -> Iterator[Row]:
    """One row for each country: what its laws together say of the substance."""
    naming = sorted((entries[number] for number in substance.entries), key=lambda entry: str(entry["country"]))
    by_country = {country: list(group) for country, group in groupby(naming, lambda entry: entry["country"])}
    states = {country: _state(by_country.get(country, []), silent, on) for country, silent in laws.items()}
    controlling = [country for country, (status, _, _) in states.items() if status == "controlled"]
    for country, (status, entry, is_open) in states.items():
        yield {
            "substance": substance.name,
            "country": country,
            "on": on,
            "control_status": status,
            "is_gap": bool(controlling) and status in _TOLD and not is_open,
            "controlled_in": ", ".join(controlling) or None,
            "name": next(listed.names_of(entry)) if entry else None,
            **{name: entry and entry[name] for name in _SHOWN},
        }


def _state(
    naming: Sequence[listed.Entry], silent: Mapping[str, str], on: date
) -> tuple[str, listed.Entry | None, bool]:
    """The status in one country, the entry that tells it, and whether one of its laws is not known for that day.

    INVARIANT: where one is not known, another one that ended or does not name the substance proves nothing.
    """
    told = [(listed.status(entry, on), entry) for entry in naming]
    status, entry = min(told, key=lambda one: listed.RANK.index(one[0]), default=("not-named", None))
    is_open = "not-told" in silent.values() or any(word == "not-told" for word, _ in told)
    is_hidden = status in ("ended", "not-named") and is_open
    return "not-told" if is_hidden else status, entry, is_open


def _is_shown(block: Sequence[Row], arguments: Arguments) -> bool:
    return arguments["show"] == "all" or any(row["is_gap"] for row in block)


def _cautions(rows: Sequence[Row]) -> tuple[str, ...]:
    found = {
        "list-not-whole": any(row["control_status"] == "not-told" for row in rows),
        "surveilled-not-controlled": any(row["control_status"] == "surveilled" for row in rows),
        "not-verified": any(row["is_verified"] is False for row in rows),
    }
    return ("only-names-compared", "text-in-force-since", *(code for code, is_so in found.items() if is_so))


GAPS = Question(
    name="substances.gaps",
    needs=(listed.KIND, identity.KIND),
    parameters=(
        Parameter(name="on", type="date"),
        Parameter(name="countries", type="codes", vocabulary="law-of"),
        Parameter(name="name", type="text"),
        Parameter(name="show", type="code", allowed=("gaps", "all"), default="gaps"),
    ),
    answer=_gaps,
)
