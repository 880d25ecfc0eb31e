"""Is a substance found in a larger share of the samples tested than before."""

from collections.abc import Mapping

from entente.analysis import (
    GROWTH_COLUMNS,
    GROWTH_PARAMETERS,
    Answer,
    Arguments,
    Engine,
    Parameter,
    Question,
    Table,
    grown,
    provenance,
)
from entente.workstreams.health.questions import counts as checked

_DENOMINATOR = Parameter(name="denominator", type="code", allowed=("tested",), default="tested")


def _growth(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[checked.KIND]
    # What is published later than `until` shows nothing new about the windows, and may still be provisional.
    used = checked.counts(given, arguments, engine)
    found = grown(checked.looked(used, engine), arguments, engine, "tested")
    rows, floor = checked.above_floor(found.rows)
    return Answer(
        question=GROWTH.name,
        parameters=arguments,
        columns=GROWTH_COLUMNS,
        rows=rows,
        denominators=(*checked.denominators(given, used), floor),
        cautions=(*checked.cautions(used), "small-windows-left-out", *found.cautions),
        provenance=provenance([used]),
    )


GROWTH = Question(
    name="health.growth",
    needs=(checked.KIND,),
    parameters=(*GROWTH_PARAMETERS, _DENOMINATOR),
    answer=_growth,
    finds=True,
    series=(checked.SERIES,),
)
