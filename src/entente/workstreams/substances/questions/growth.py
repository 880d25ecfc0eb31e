"""Which substances take a larger share than before, of what was tested or of what was listed."""

from collections.abc import Mapping

import pyarrow as pa

from entente.analysis import (
    GROWTH_COLUMNS,
    GROWTH_PARAMETERS,
    Answer,
    Arguments,
    Engine,
    Parameter,
    Question,
    Table,
    provenance,
)
from entente.analysis import grown as grown_among
from entente.workstreams.substances.questions import cells as counted

LISTED = counted.LISTED
_DENOMINATOR = Parameter(name="denominator", type="code", allowed=("auto", "tested", LISTED), default="auto")


def _growth(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    used = counted.cells(given, arguments, engine)
    counted.refuse_overlap(GROWTH.name, used, engine)
    once = counted.once(used, engine)
    denominator = denominator_of(once, arguments)
    counts = looked(once, denominator, engine)
    listed = engine.ask(counted.sql("listed"), {"cells": once.rows}) if denominator == LISTED else None
    found = grown_among(counts, arguments, engine, denominator, listed)
    return Answer(
        question=GROWTH.name,
        parameters=arguments,
        columns=GROWTH_COLUMNS,
        rows=found.rows,
        denominators=counted.denominators(given, used),
        cautions=(*counted.cautions(used), *_cautions(counts, denominator), *found.cautions),
        provenance=provenance([used]),
    )


def looked(once: Table, denominator: str, engine: Engine) -> pa.Table:
    """The counts of the schema COUNTS (entente.analysis.grown), out of `denominator`."""
    return engine.ask(counted.sql("looked"), {"cells": once.rows}, {"denominator": denominator})


def denominator_of(once: Table, arguments: Arguments) -> str:
    """`auto` is what was tested where every count tells it, and else what the publication lists."""
    if arguments["denominator"] != "auto":
        return str(arguments["denominator"])
    return "tested" if once.rows.num_rows > once.rows["tested"].null_count == 0 else LISTED


def _cautions(counts: pa.Table, denominator: str) -> tuple[str, ...]:
    return ("listed-only",) if denominator == LISTED and counts.num_rows else ()


GROWTH = Question(
    name="substances.growth",
    needs=(counted.KIND,),
    parameters=(*GROWTH_PARAMETERS, _DENOMINATOR, counted.PUBLICATION),
    answer=_growth,
    finds=True,
    series=(counted.SERIES,),
)
