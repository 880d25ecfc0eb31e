"""What the law of a country says about a name on a day: controlled, an exception, not named, or not told."""

from collections.abc import Iterator, Mapping
from datetime import date

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
    Column("country", "text", vocabulary="law-of"),
    Column("instrument", "text"),
    Column("name", "text"),
    Column("on", "date"),
    Column("control_status", "text", vocabulary="control-status"),
    Column("schedule", "text"),
    Column("part", "text"),
    Column("item", "text"),
    Column("wording", "text"),
    Column("under", "text"),
    Column("may_cover_more", "boolean"),
    Column("since", "date"),
    Column("until", "date"),
    Column("reference", "text"),
)


def _status(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:  # noqa: ARG001  # one shape
    given = listed.entries(tables[listed.KIND])
    chosen = [entry for entry in given if arguments["country"] in (None, entry["country"])]
    rows = [row for text in listed.by_law(chosen) for row in _rows(text, arguments)]
    return Answer(
        question=STATUS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(Denominator("entries-used", len(chosen), len(given)),),
        cautions=("only-names-compared", "text-in-force-since"),
        provenance=provenance([tables[listed.KIND]]),
    )


def _rows(text: list[listed.Entry], arguments: Arguments) -> Iterator[dict[str, object]]:
    newest = listed.newest(text)
    on = arguments["on"] if isinstance(arguments["on"], date) else newest
    name = arguments["name"]
    if on is None or newest is None:
        return
    found = [entry for entry in text if entry["names"]]
    if isinstance(name, str):
        found = listed.by_name(text).get(folded(name), [])
    for entry in found:
        told = {"name": name or entry["names"], "on": on, "control_status": listed.status(entry, on)}
        yield {column.name: entry.get(column.name) for column in _COLUMNS} | told
    if not found:
        told = {"name": name, "on": on, "control_status": listed.silent(text, on)}
        place = {"country": text[0]["country"], "instrument": text[0]["instrument"]}
        yield dict.fromkeys(column.name for column in _COLUMNS) | place | told


STATUS = Question(
    name="substances.status",
    needs=(listed.KIND,),
    parameters=(
        Parameter(name="name", type="text"),
        Parameter(name="country", type="code", vocabulary="law-of"),
        Parameter(name="on", type="date"),
    ),
    answer=_status,
)
