"""The change feed: what came onto control lists, was reworded and left them between two days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
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
from entente.workstreams.substances.questions.names import folded

_COLUMNS = (
    Column("changed_on", "date"),
    Column("country", "text", vocabulary="law-of"),
    Column("instrument", "text"),
    Column("control_change", "text", vocabulary="control-change"),
    Column("schedule", "text"),
    Column("part", "text"),
    Column("item", "text"),
    Column("role", "text", vocabulary="control-role"),
    Column("names", "text"),
    Column("wording", "text"),
    Column("wording_before", "text"),
    Column("since_known_to", "text", vocabulary="date-precision"),
    Column("is_verified", "boolean"),
    Column("reference", "text"),
)
_SHOWN = ("country", "instrument", "schedule", "part", "item", "role", "names", "wording", "since_known_to")
Row = dict[str, Any]


def _changes(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:  # noqa: ARG001  # one shape
    given = listed.entries(tables[listed.KIND])
    chosen = [entry for entry in given if arguments["country"] in (None, entry["country"])]
    found = [row for text in listed.by_law(chosen) for row in _of_law(text)]
    rows = sorted(
        (row for row in found if _is_within(row["changed_on"], arguments) and _is_about(row, arguments["name"])),
        key=lambda row: row["changed_on"],
    )
    return Answer(
        question=CHANGES.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(
            Denominator("entries-used", len(chosen), len(given)),
            Denominator("changes-shown", len(rows), len(found)),
        ),
        cautions=_cautions(rows),
        provenance=provenance([tables[listed.KIND]]),
    )


def _of_law(text: Iterable[listed.Entry]) -> Iterator[Row]:
    """Every change that the entries of one law tell, item by item in the order of their days."""
    before: dict[tuple[str, ...], listed.Entry] = {}
    ordered = sorted(text, key=lambda one: one["since"])
    begun = {(*_place(entry), entry["since"]) for entry in ordered}
    for entry in ordered:
        last = before.get(_place(entry))
        before[_place(entry)] = entry
        yield _row(entry, _kind(entry, last), entry["since"], last)
        after = entry["until"] and entry["until"] + timedelta(days=1)
        if after and (*_place(entry), after) not in begun:  # else it was reworded on that day
            yield _row(entry, "ended", after, None)


def _place(entry: listed.Entry) -> tuple[str, ...]:
    return entry["schedule"], entry["part"] or "", entry["item"]


def _kind(entry: listed.Entry, last: listed.Entry | None) -> str:
    """Code of the list `control-change`. One text alone does not tell a new item from a reworded one."""
    if entry["role"] == "repealed":
        return "repealed"
    if last is not None and last["since"] < entry["since"]:
        return "reworded"
    return "added" if entry["since_means"] == "control" else "wording-in-force"


def _row(entry: listed.Entry, change: str, day: date, last: listed.Entry | None) -> Row:
    earlier = last["wording"] if last is not None and change == "reworded" else None
    shown = {name: entry[name] for name in (*_SHOWN, "is_verified", "reference")}
    return {"changed_on": day, "control_change": change, "wording_before": earlier, **shown}


def _is_within(day: date, arguments: Arguments) -> bool:
    first, last = arguments["from"], arguments["until"]
    return (not isinstance(first, date) or day >= first) and (not isinstance(last, date) or day <= last)


def _is_about(row: Row, name: object) -> bool:
    return not isinstance(name, str) or folded(name) in map(folded, listed.names_of(row))


def _cautions(rows: Iterable[Row]) -> tuple[str, ...]:
    told = list(rows)
    found = {
        "new-or-reworded": any(row["control_change"] == "wording-in-force" for row in told),
        "month-only": any(row["since_known_to"] == "month" for row in told),
        "not-verified": any(row["is_verified"] is False for row in told),
    }
    return ("only-texts-given", *(code for code, is_so in found.items() if is_so))


CHANGES = Question(
    name="substances.changes",
    needs=(listed.KIND,),
    parameters=(
        Parameter(name="from", type="date"),
        Parameter(name="until", type="date"),
        Parameter(name="country", type="code", vocabulary="law-of"),
        Parameter(name="name", type="text"),
    ),
    answer=_changes,
)
