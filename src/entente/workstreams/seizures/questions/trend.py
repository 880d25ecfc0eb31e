"""Is it more or less than before: against the period before, and against the mean of the five years before.

The second is how U.S. law defines the seizure rate (DHS Border Security Metrics Report): this year over the mean of the
five years before. It shows a trend of seizures, not the share of what crosses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
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
    in_unit,
    provenance,
    quotient,
    ratio,
)
from entente.workstreams.seizures.questions import cells as published

MEAN_YEARS = 5
_EVERY = Parameter(name="every", type="code", allowed=(*published.YEARS, "month"), default="fiscal_year_us")
_BY = Parameter(name="by", type="codes", allowed=published.PLACES, default=())
_FIGURES = (
    Column("period", "text"),
    Column("mass_lb", "decimal", "lb"),
    Column("mass_kg", "decimal", "kg"),
    Column("events", "integer"),
    Column("months", "integer"),
    Column("is_complete", "boolean"),
    published.text_column("status"),
    Column("mass_change", "decimal"),
    Column("events_change", "decimal"),
    Column("mass_rate", "decimal"),
    Column("events_rate", "decimal"),
    Column("mean_mass_lb", "decimal", "lb"),
    Column("mean_mass_kg", "decimal", "kg"),
    Column("mean_events", "decimal"),
    Column("mean_years", "integer"),
    Column("rows", "integer"),
    Column("rows_without_mass", "integer"),
    Column("rows_without_events", "integer"),
)

Row = dict[str, Any]


def _trend(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[published.KIND]
    # The years before `from` are needed for the mean; `from` and `until` choose what is shown.
    used = published.cells(given, {**arguments, "from": None, "until": None}, engine)
    covered = published.cells(given, {}, engine)
    by = tuple(name for name in published.PLACES if name in published.names(arguments["by"]))
    every = str(arguments["every"])
    found = engine.ask(_sql(by, every), {"cells": used.rows, "covered": covered.rows}).to_pylist()
    rows = [row for series in _by_series(found, by) for row in _compared(series, every)]
    shown = [row for row in rows if _is_within(row, arguments)]
    columns = (*published.group_columns(by), *_FIGURES)
    cautions = published.cautions(used)
    return Answer(
        question=TREND.name,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, shown),
        denominators=published.denominators(given, used),
        cautions=cautions if all(row["is_complete"] for row in shown) else (*cautions, "incomplete-periods"),
        provenance=provenance([used]),
    )


def _sql(by: Sequence[str], every: str) -> str:
    groups = "".join(f'"{name}", ' for name in by)
    return published.sql("trend").format(
        groups=groups,
        series_groups="".join(f'series."{name}", ' for name in by),
        same_group="".join(f' AND sums."{name}" IS NOT DISTINCT FROM series."{name}"' for name in by),
        period=f'"{every}"',
    )


def _by_series(rows: Iterable[Row], by: Sequence[str]) -> Iterator[list[Row]]:
    for _, series in groupby(rows, lambda row: [row[name] for name in (*by, "counting")]):
        yield list(series)


def _compared(series: list[Row], every: str) -> Iterator[Row]:
    """The rows of one series in order, each beside its past. Only whole periods are compared with whole periods."""
    whole_months, step = (1, 12) if every == "month" else (12, 1)
    whole = {_ordinal(row, every): row for row in series if row["months"] == whole_months}
    for row in series:
        here = _ordinal(row, every)
        is_complete = here in whole
        past = [whole[here - back * step] for back in range(1, MEAN_YEARS + 1) if here - back * step in whole]
        before = whole.get(here - 1, {})
        mean_g, mean_events = _mean(past, "mass_g"), _mean(past, "events")
        yield {
            **row,
            "is_complete": is_complete,
            "mass_lb": in_unit(row["mass_g"], "lb"),
            "mass_kg": in_unit(row["mass_g"], "kg"),
            "mass_change": _change(row["mass_g"], before.get("mass_g")) if is_complete else None,
            "events_change": _change(row["events"], before.get("events")) if is_complete else None,
            "mass_rate": ratio(row["mass_g"], mean_g) if is_complete else None,
            "events_rate": ratio(row["events"], mean_events) if is_complete else None,
            "mean_mass_lb": in_unit(mean_g, "lb"),
            "mean_mass_kg": in_unit(mean_g, "kg"),
            "mean_events": mean_events,
            "mean_years": len(past),
        }


def _ordinal(row: Row, every: str) -> int:
    """Periods as whole numbers without a gap: `2024`, `2024-25` and `2024-10` begin with their year."""
    period: str = row["period"]
    return int(period[:4]) * 12 + int(period[5:]) if every == "month" else int(period[:4])


def _mean(past: Sequence[Row], name: str) -> Decimal | None:
    values = [row[name] for row in past]
    if not values or None in values:
        return None
    return quotient(sum((Decimal(value) for value in values), Decimal(0)), Decimal(len(values)))


def _change(now: Decimal | int | None, before: Decimal | int | None) -> Decimal | None:
    if now is None or before is None:
        return None
    return ratio(now - Decimal(before), before)


def _is_within(row: Row, arguments: Arguments) -> bool:
    first, last = arguments["from"], arguments["until"]
    return (not isinstance(first, date) or row["first_day"] >= first) and (
        not isinstance(last, date) or row["last_day"] <= last
    )


TREND = Question(
    name="seizures.trend",
    needs=(published.KIND,),
    parameters=(
        published.DRUG,
        _EVERY,
        _BY,
        published.REGION,
        published.COMPONENT,
        published.FROM,
        published.UNTIL,
    ),
    answer=_trend,
)
