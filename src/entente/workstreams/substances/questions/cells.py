"""Which counts a question is about, and what every answer about them must say."""

from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow.compute as pc

from entente.analysis import Arguments, Column, Denominator, Engine, Parameter, Series, Table
from entente.errors import InputFault

KIND = "test-count"
SERIES = Series(KIND, subject=("substance", "substance_native", "substance_base"), count="reported", of="tested")

LISTED = "listed-reports"
"""The denominator of a publication that lists only what was found."""

SUBJECT = Parameter(name="subject", type="text")
PLACE = Parameter(name="place", type="text")
PUBLICATION = Parameter(name="publication", type="text")
FROM = Parameter(name="from", type="date")
UNTIL = Parameter(name="until", type="date")

GROUPS = ("subject", "substance_native", "category", "place", "country", "calendar_year", "half_year", "month")


class OverlappingCounts(InputFault):
    """{question} would count {subject} in {place} twice: {first} and {second} are about the same days. Choose one by
    publication=NAME, or leave one file out."""


class ContradictedCounts(InputFault):
    """{parties} do not say the same of {subject} in {place} from {start} on, in the publication {publication}. Ask them
    which count is right, and until it is corrected name the other publications by publication=NAME."""


@cache
def sql(name: str) -> str:
    """The text of the query `name` about test counts."""
    return files("entente.workstreams.substances.questions").joinpath(f"{name}.sql").read_text("utf-8")


def cells(table: Table, arguments: Arguments, engine: Engine) -> Table:
    """The counts that fit the arguments place, publication, from and until, with subject, place, country and period."""
    limits = {
        "place": _parts(arguments.get("place"), str.lower),
        "publication": _parts(arguments.get("publication"), str),
        "from": arguments.get("from"),
        "until": arguments.get("until"),
    }
    return Table(KIND, engine.ask(sql("cells"), {KIND: table.rows}, limits))


def subject(arguments: Arguments) -> dict[str, str | None]:
    """The argument `subject` as SQL compares it: without regard to capitals."""
    name = arguments.get("subject")
    return {"subject": name.strip().upper() if isinstance(name, str) else None}


def refuse_overlap(question: str, used: Table, engine: Engine) -> None:
    """Raises OverlappingCounts where counts of a substance, of one party or of one publication, are about the same days
    and place twice."""
    for found in engine.ask(sql("twice"), {"cells": used.rows}).to_pylist():
        raise OverlappingCounts(question=question, **found)


def once(used: Table, engine: Engine) -> Table:
    """Each count of a publication once, however many parties say it; the column `evidence` names all of their records.

    Raises ContradictedCounts where they do not say the same.
    """
    for found in engine.ask(sql("contradicted"), {"cells": used.rows}).to_pylist():
        raise ContradictedCounts(**found | {"start": found["start"].isoformat()})
    return Table(KIND, engine.ask(sql("once"), {"cells": used.rows}))


def text_column(name: str) -> Column:
    """A column to group by, with the list of its codes."""
    lists = {"basis": "count-basis"}
    return Column(name, "integer" if name == "calendar_year" else "text", vocabulary=lists.get(name))


def denominators(given: Table, used: Table) -> tuple[Denominator, ...]:
    """How many counts were used of those given, and how many of these tell what was found and what was tested."""
    rows = used.rows.num_rows
    return (
        Denominator("cells-used", rows, given.rows.num_rows),
        Denominator("cells-with-reported", rows - used.rows["reported"].null_count, rows),
        Denominator("cells-with-tested", rows - used.rows["tested"].null_count, rows),
    )


def cautions(used: Table) -> tuple[str, ...]:
    """What every reader of these counts must be told, and what these in particular call for."""
    rows = used.rows
    found = {
        "several-publications": _several(rows["publication"]),
        "several-bases": _several(rows["basis"]),
        "tests-not-told": rows["tested"].null_count > 0,
        "reported-not-told": rows["reported"].null_count > 0,
    }
    return ("not-what-is-used", *(code for code, is_so in found.items() if is_so))


def _several(column: Any) -> bool:
    return len(pc.unique(column)) > 1


def _parts(argument: object, fold: Any) -> list[str] | None:
    if not isinstance(argument, str):
        return None
    return [fold(part.strip()) for part in argument.split(",") if part.strip()]
