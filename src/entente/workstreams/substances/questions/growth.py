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

_DENOMINATOR = Parameter(name="denominator", type="code", allowed=("auto", "tested", "listed-reports"), default="auto")


def _growth(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    used = counted.cells(given, arguments, engine)
    counted.refuse_overlap(GROWTH.name, used, arguments, engine)
    denominator = _denominator(used, arguments)
    looked = engine.ask(
        counted.sql("looked"), {"cells": used.rows}, {**counted.subject(arguments), "denominator": denominator}
    )
    return Answer(
        question=GROWTH.name,
        parameters=arguments,
        columns=GROWTH_COLUMNS,
        rows=grown_among(looked, arguments, engine, denominator),
        denominators=counted.denominators(given, used),
        cautions=(*counted.cautions(used), *_cautions(looked, denominator)),
        provenance=provenance([used]),
    )


def _denominator(used: Table, arguments: Arguments) -> str:
    """`auto` is what was tested where every count tells it, and else what the publication lists."""
    if arguments["denominator"] != "auto":
        return str(arguments["denominator"])
    return "tested" if used.rows.num_rows > used.rows["tested"].null_count == 0 else "listed-reports"


def _cautions(looked: pa.Table, denominator: str) -> tuple[str, ...]:
    return ("listed-only",) if denominator == "listed-reports" and looked.num_rows else ()


GROWTH = Question(
    name="substances.growth",
    needs=(counted.KIND,),
    parameters=(*GROWTH_PARAMETERS, _DENOMINATOR, counted.PUBLICATION),
    answer=_growth,
    finds=True,
)
