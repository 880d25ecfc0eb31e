"""How often a substance was reported, where and when, as each publication tells it."""

from collections.abc import Mapping

from entente.analysis import Answer, Arguments, Column, Engine, Parameter, Question, Table, answer_rows, provenance
from entente.workstreams.substances.questions import cells as counted

_BY = Parameter(name="by", type="codes", allowed=counted.GROUPS, default=("subject", "calendar_year"))
_FIGURES = (
    counted.text_column("publication"),
    counted.text_column("basis"),
    Column("reported", "integer"),
    Column("periods_counted", "integer"),
    Column("period_start", "date"),
    Column("period_end", "date"),
    Column("rows", "integer"),
    Column("rows_without_reported", "integer"),
)


def _totals(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    used = counted.cells(given, arguments, engine)
    once = counted.once(used, engine)
    chosen = arguments["by"] if isinstance(arguments["by"], tuple) else ()
    by = tuple(name for name in counted.GROUPS if name in chosen)
    # INVARIANT: groups are allowed values of a parameter, never a user's text.
    query = counted.sql("totals").format(groups=", ".join(f'"{name}"' for name in by))
    columns = (*(counted.text_column(name) for name in by), *_FIGURES)
    return Answer(
        question=TOTALS.name,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, engine.ask(query, {"cells": once.rows}, counted.subject(arguments)).to_pylist()),
        denominators=counted.denominators(given, used),
        cautions=counted.cautions(used),
        provenance=provenance([used]),
    )


TOTALS = Question(
    name="substances.totals",
    needs=(counted.KIND,),
    parameters=(counted.SUBJECT, _BY, counted.PLACE, counted.PUBLICATION, counted.FROM, counted.UNTIL),
    answer=_totals,
)
