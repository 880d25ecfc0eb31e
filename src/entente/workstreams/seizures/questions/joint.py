"""Seizures that several agencies reported under one joint number: which report counts, and whether they agree."""

from collections.abc import Mapping

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Engine,
    Question,
    Table,
    answer_rows,
    in_unit,
    provenance,
)
from entente.workstreams.seizures.questions import counted
from entente.workstreams.seizures.questions.cells import sql

_COLUMNS = (
    Column("joint_number", "text"),
    Column("seized_on", "date"),
    Column("credited_to", "text"),
    Column("lead", "text", vocabulary="party"),
    Column("counted_from", "text", vocabulary="party"),
    Column("category", "text", vocabulary="seized-category"),
    Column("drug", "text", vocabulary="drug"),
    Column("reports", "integer"),
    Column("is_agreed", "boolean"),
    *(Column(f"mass_kg{end}", "decimal", "kg") for end in ("", "_least", "_most")),
    *(Column(f"pieces{end}", "integer") for end in ("", "_least", "_most")),
)


def _joint(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    reports = counted.reports(given, {**arguments, "joint_rule": "once-by-lead"}, engine)
    doubt = counted.doubts(reports.rows, engine)
    used = counted.counted(reports.rows, engine)
    rows = [
        {**row, **{f"mass_kg{end}": in_unit(row[f"mass_g{end}"], "kg") for end in ("", "_least", "_most")}}
        for row in engine.ask(sql("joint"), {"reports": reports.rows}).to_pylist()
    ]
    return Answer(
        question=JOINT.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=counted.denominators(given, used, doubt),
        cautions=counted.cautions(used, doubt),
        provenance=provenance([reports]),
    )


JOINT = Question(
    name="seizures.joint",
    needs=(counted.KIND,),
    parameters=(*counted.PERIOD, counted.AGENCY),
    answer=_joint,
)
