"""How often a substance was found, out of how many samples tested."""

from collections.abc import Mapping, Sequence
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
    ratio,
)
from entente.workstreams.health.questions import counts as checked

_TIMES = ("calendar_year", "month")
_BY = Parameter(name="by", type="codes", allowed=(*_TIMES, "publication", "region", "role"), default=("calendar_year",))
_GROUPS = {
    "calendar_year": Column("calendar_year", "integer"),
    "month": Column("month", "text"),
    "publication": Column("publication", "text"),
    "region": Column("region", "text"),
    "role": Column("role", "text", vocabulary="component-role"),
}
_FIGURES = (
    # Always a group: one sample may hold several substances, so counts of different ones are never added.
    Column("substance", "text"),
    Column("positive", "integer"),
    Column("tested", "integer"),
    Column("share", "decimal"),
    Column("periods", "integer"),
    Column("periods_without_tested", "integer"),
    Column("rows_without_positive", "integer"),
)


def _totals(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[checked.KIND]
    used = checked.counts(given, arguments, engine)
    wanted = arguments["by"] if isinstance(arguments["by"], tuple) else ()
    by = tuple(name for name in _BY.allowed if name in wanted)
    sums = engine.ask(_sql(by), {"counts": used.rows}, _limits(arguments)).to_pylist()
    columns = (*(_GROUPS[name] for name in by), *_FIGURES)
    return Answer(
        question=TOTALS.name,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, [{**row, "share": _share(row)} for row in sums]),
        denominators=checked.denominators(given, used),
        cautions=checked.cautions(used),
        provenance=provenance([used]),
    )


def _limits(arguments: Arguments) -> dict[str, object]:
    role = arguments["role"]
    return {
        "substance": checked.folded(arguments["substance"]),
        "role": list(role) if isinstance(role, tuple) else None,
    }


def _sql(by: Sequence[str]) -> str:
    """INVARIANT: `by` are allowed values of a parameter, never a user's text."""
    times = [name for name in by if name in _TIMES]
    roles = [name for name in by if name == "role"]
    same = [f"AND found.{name} IS NOT DISTINCT FROM looked.{name}" for name in times]
    same += [f"AND found.{name} = series.{name}" for name in roles]
    return checked.sql("totals").format(
        groups=_listed(by),
        times=_listed(times),
        roles=_listed(roles),
        chosen_times=_listed([f"chosen.{name}" for name in times]),
        same_group=" ".join(same),
    )


def _listed(names: Sequence[str]) -> str:
    return "".join(f"{name}, " for name in names)


def _share(row: dict[str, Any]) -> Any:
    """Not known where a count does not tell how often the substance was found."""
    return None if row["rows_without_positive"] else ratio(row["positive_of_tested"], row["tested"])


TOTALS = Question(
    name="health.totals",
    needs=(checked.KIND,),
    parameters=(
        checked.SUBSTANCE,
        _BY,
        checked.ROLE,
        checked.PUBLICATION,
        checked.PLACE,
        checked.FROM,
        checked.UNTIL,
    ),
    answer=_totals,
)
