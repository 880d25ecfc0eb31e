"""Which counts or shares of a substance stand out from what would be usual, in records or in a plain table."""

from collections.abc import Callable, Mapping

from entente.analysis import Answer, Arguments, Engine, Parameter, Question, Table, provenance
from entente.analysis.series import (
    EMERGING as BY_EMERGENCE,
)
from entente.analysis.series import (
    ENTENTE,
    PLAIN,
    RECORDED_COLUMNS,
    plain_answer,
    recorded,
    series_parameters,
)
from entente.workstreams.substances.questions import cells as counted
from entente.workstreams.substances.questions.growth import denominator_of, looked

_DENOMINATOR = Parameter(name="denominator", type="code", allowed=("auto", "tested", counted.LISTED), default="auto")
_LIMITS = ("place", "publication", "until")


def _answering(name: str) -> Callable[[Mapping[str, Table], Arguments, Engine], Answer]:
    def answer(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
        if PLAIN in tables:
            return plain_answer(name, tables[PLAIN], arguments)
        return _of_records(name, tables[counted.KIND], arguments, engine)

    return answer


def _of_records(name: str, given: Table, arguments: Arguments, engine: Engine) -> Answer:
    used = counted.cells(given, {limit: arguments[limit] for limit in _LIMITS}, engine)
    counted.refuse_overlap(name, used, engine)
    once = counted.once(used, engine)
    denominator = denominator_of(once, arguments)
    found = recorded(looked(once, denominator, engine), arguments, denominator)
    listed = ("listed-only",) if denominator == counted.LISTED and once.rows.num_rows else ()
    return Answer(
        question=name,
        parameters=arguments,
        columns=RECORDED_COLUMNS,
        rows=found.rows,
        denominators=(*counted.denominators(given, used), *found.denominators),
        cautions=(*counted.cautions(used), *listed, *found.cautions),
        provenance=provenance([used]),
    )


def _question(name: str, method: str) -> Question:
    return Question(
        name=name,
        needs=(counted.KIND,),
        parameters=(*series_parameters(method), counted.PLACE, counted.PUBLICATION, _DENOMINATOR),
        answer=_answering(name),
        finds=True,
        series=(counted.SERIES,),
        instead=PLAIN,
    )


ABERRATION = _question("substances.aberration", ENTENTE)
EMERGING = _question("substances.emerging", BY_EMERGENCE)
