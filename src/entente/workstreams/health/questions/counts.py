"""Which counts a question is about, each sample once, and what every answer about them must say."""

from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from entente.analysis import Arguments, Denominator, Engine, Parameter, Series, Table
from entente.errors import InputFault

KIND = "drug-checking-count"
SERIES = Series(KIND, subject=("substance",), count="positive", of="tested")

SUBSTANCE = Parameter(name="substance", type="text")
ROLE = Parameter(name="role", type="codes", vocabulary="component-role")
PUBLICATION = Parameter(name="publication", type="text")
PLACE = Parameter(name="place", type="text")
FROM = Parameter(name="from", type="date")
UNTIL = Parameter(name="until", type="date")

FLOOR = 10
"""Fewest samples tested that a finding may rest on. CDC suppresses counts of 1 to 9 in the same way."""

_LIMITS = ("publication", "place", "from", "until")


class SampleCountedTwice(InputFault):
    """{publication} counts the samples of {region} twice from {first} on: its periods overlap, two parties say them, or
    the same days have two numbers of samples tested. Give tables, or set limits of the question, in which each sample
    stands once."""


@cache
def sql(name: str) -> str:
    """The SQL of `name`, which lies beside this file."""
    return files("entente.workstreams.health.questions").joinpath(f"{name}.sql").read_text("utf-8")


def counts(table: Table, arguments: Arguments, engine: Engine) -> Table:
    """The counts of `table` that fit publication, place, from, until: of all substances, because what was tested stands
    beside each of them. Raises SampleCountedTwice."""
    limits = {name: arguments.get(name) for name in _LIMITS}
    used = Table(KIND, engine.ask(sql("counts"), {KIND: table.rows}, limits))
    for row in engine.ask(sql("twice"), {"counts": used.rows}).to_pylist():
        raise SampleCountedTwice(
            publication=row["publication"], region=row["region"], first=row["period_start"].isoformat()
        )
    return used


def looked(used: Table, engine: Engine) -> pa.Table:
    """A row for each substance, publication, region and period in which it was looked for: found
    `count` of `of` tested. Columns as in entente.analysis.grown.COUNTS, and `region`."""
    return engine.ask(sql("looked"), {"counts": used.rows})


def folded(name: object) -> str | None:
    """The name of a substance as counts compare it; publications differ in capitals."""
    return name.strip().lower() if isinstance(name, str) else None


def above_floor(rows: pa.Table) -> tuple[pa.Table, Denominator]:
    """The rows of an answer that rest on at least FLOOR samples, so that nobody can be recognised in a small number."""
    kept = rows.filter(pc.field("of") >= FLOOR)
    return kept, Denominator("above-floor", kept.num_rows, rows.num_rows)


def denominators(given: Table, used: Table) -> tuple[Denominator, ...]:
    """How many counts were used of those given, and how many of these tell how many were tested."""
    rows = used.rows.num_rows
    return (
        Denominator("counts-used", rows, given.rows.num_rows),
        Denominator("counts-with-tested", rows - used.rows["tested"].null_count, rows),
    )


def cautions(used: Table) -> tuple[str, ...]:
    """What a reader of figures from these counts must be told."""
    told = {"tested-not-told": used.rows["tested"].null_count, "counts-not-told": used.rows["positive"].null_count}
    return ("self-selected-samples", "unnamed-is-zero", *(code for code, rows in told.items() if rows))
