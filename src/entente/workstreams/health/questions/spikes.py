"""Which counts of harms stand out from what would be usual, or break a rule that people set."""

from collections.abc import Mapping

import pyarrow as pa

from entente.analysis import Answer, Arguments, Denominator, Engine, Parameter, Question, Table, provenance
from entente.analysis.series import (
    AUTO,
    PLAIN,
    RECORDED_COLUMNS,
    plain_answer,
    recorded,
    series_parameters,
)
from entente.errors import InputFault
from entente.workstreams.health.questions import counts as checked

KIND = "harm-count"
HARMS = "reported-harms"


class ContradictedHarms(InputFault):
    """{parties} do not say the same of {subject} in {stratum} from {start} on. Ask them which count is right, and until
    it is corrected name another publication or place by publication=NAME or place=CODE."""


def _spikes(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    if PLAIN in tables:
        return plain_answer(SPIKES.name, tables[PLAIN], arguments)
    given = tables[KIND]
    limits = {name: arguments[name] for name in ("publication", "place", "until")}
    used = Table(KIND, engine.ask(checked.sql("harms"), {"given": given.rows}, limits))
    found = recorded(_looked(used, engine), arguments, HARMS)
    untold = used.rows.num_rows - (used.rows["told"].to_pylist().count("told"))
    return Answer(
        question=SPIKES.name,
        parameters=arguments,
        columns=RECORDED_COLUMNS,
        rows=found.rows,
        denominators=(
            Denominator("cells-used", used.rows.num_rows, given.rows.num_rows),
            *found.denominators,
        ),
        cautions=(*(("suppressed-is-no-zero",) if untold else ()), *found.cautions),
        provenance=provenance([used]),
    )


def _looked(used: Table, engine: Engine) -> pa.Table:
    """The cells that are told, each once whoever says it, as `recorded` reads them. Raises ContradictedHarms."""
    cells = engine.ask(checked.sql("harms_told"), {"used": used.rows})
    for row in cells.to_pylist():
        if row["least"] != row["count"]:
            raise ContradictedHarms(
                parties=", ".join(row["parties"]),
                subject=row["subject"],
                stratum=row["stratum"],
                start=row["period_start"].isoformat(),
            )
    return cells


SPIKES = Question(
    name="health.spikes",
    needs=(KIND,),
    parameters=(
        *series_parameters(AUTO),
        Parameter(name="more_than", type="integer"),
        checked.PLACE,
        checked.PUBLICATION,
    ),
    answer=_spikes,
    finds=True,
    instead=PLAIN,
)
