"""Which of many subjects grew: the shared core of the growth questions of all workstreams."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from entente.analysis.amounts import answer_rows
from entente.analysis.answer import Column
from entente.analysis.engine import Engine
from entente.analysis.finding import EVIDENCE, FINDING_COLUMNS
from entente.analysis.growth import Dispersion, Growth, Stratum, dispersion, growth, q_values
from entente.analysis.question import Arguments, Parameter

SHARE_GROWTH = "share-growth"
GROWTH_PARAMETERS = (
    Parameter(name="subject", type="text"),
    Parameter(name="place", type="text"),
    Parameter(name="until", type="date"),
    Parameter(name="months", type="integer", default=6),
    Parameter(name="base_months", type="integer", default=12),
    Parameter(name="alpha", type="decimal", default=Decimal("0.01")),
    Parameter(name="at_least", type="integer", default=5),
)
"""What may be set of every question about growth; each adds its own `denominator`."""

GROWTH_COLUMNS = (
    *FINDING_COLUMNS,
    Column("share", "decimal"),
    Column("base_share", "decimal"),
    Column("base_observed", "integer"),
    Column("base_of", "integer"),
    Column("strata", "integer"),
    Column("phi", "decimal"),
)
"""The columns of every answer about growth. `phi` is null where the dispersion cannot be told."""

_COUNTED: Mapping[str, pa.DataType] = {
    "subject": pa.string(),
    "stratum": pa.string(),
    "period_start": pa.date32(),
    "period_end": pa.date32(),
    "count": pa.int64(),
    "of": pa.int64(),
    "evidence": pa.list_(pa.string()),
}
COUNTS = pa.schema(_COUNTED)
"""What `grown` counts: a row for every subject, stratum and period that was looked at, with a count of 0 where nothing
was found; a row that is not there was not looked at."""

HISTORY_MONTHS = 60
_MIN_DF = 5.0  # with fewer a subject's own dispersion is a guess, which tells nothing about the others
_MIN_SUBJECTS = 3  # of fewer nothing is "usual"
_PRIOR_DF = 20.0  # what is usual counts as much as so many degrees of freedom of a subject's own
_LARGEST = 1e9  # a limit beyond it is no limit


@dataclass(frozen=True, slots=True)
class Windows:
    """The late window `late_start` to `until` and the base before it from `base_start`; both days included."""

    base_start: date
    late_start: date
    until: date

    @classmethod
    def before(cls, until: date, months: int, base_months: int) -> "Windows":
        """The windows of so many whole months that end on `until`."""
        end = following(until)
        return cls(months_back(end, months + base_months), months_back(end, months), until)


def following(day: date) -> date:
    """The day after; the last day there is has none."""
    return day if day == date.max else day + timedelta(days=1)


def months_back(day: date, months: int) -> date:
    """The day `months` earlier, or the last of that month where it has no such day; never before the year 1."""
    ordinal = day.year * 12 + day.month - 1 - months
    if ordinal < 12:
        return date.min
    year, month = ordinal // 12, ordinal % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def grown(counts: pa.Table, arguments: Arguments, engine: Engine, denominator: str) -> pa.Table:
    """For every subject in `counts` (of the schema COUNTS) with any count in either window, did its share grow.

    The rows have GROWTH_COLUMNS and `_evidence`, the likeliest growth first. Windows and thresholds come from
    `arguments` (GROWTH_PARAMETERS); which subjects and places are counted is the caller's choice. A row alarms when its
    false discovery rate among all rows is at most `alpha` and its late count is `at_least`. No row: nothing to compare.
    """
    until = arguments["until"] if isinstance(arguments["until"], date) else pc.max(counts["period_end"]).as_py()
    rows: list[dict[str, Any]] = []
    if until is not None:
        windows = Windows.before(until, _whole(arguments["months"]), _whole(arguments["base_months"]))
        shared = {
            "place": arguments["place"] or "all",
            "period_start": windows.late_start,
            "period_end": windows.until,
            "measure": SHARE_GROWTH,
            "denominator": denominator,
        }
        rows = _judged(
            engine.ask(_WINDOWS_AND_HISTORY, {"counts": counts}, _bounds(windows)).to_pylist(), arguments, shared
        )
    table = answer_rows(GROWTH_COLUMNS, rows)
    return table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string())))


def _bounds(windows: Windows) -> dict[str, date]:
    return {
        "history_start": months_back(windows.late_start, HISTORY_MONTHS),
        "base_start": windows.base_start,
        "late_start": windows.late_start,
        "end": following(windows.until),
    }


def _judged(found: list[dict[str, Any]], arguments: Arguments, shared: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = [[Stratum(*pair) for pair in row["pairs"]] for row in found]
    usual = _usual(pairs)
    rows = []
    for row, own in zip(found, pairs, strict=True):
        spread = _spread(own, usual)
        strata = [Stratum(*one) for one in row["strata"]]
        estimates = _estimates(growth(strata, spread), spread)
        evidence = sorted(set(row["evidence"]))
        rows.append({**shared, "subject": row["subject"], **_sums(strata), **estimates, EVIDENCE: evidence})
    for row, q in zip(rows, q_values([row["p"] for row in rows]), strict=True):
        row["q"] = q
        row["alarm"] = q <= float(str(arguments["alpha"])) and row["observed"] >= _whole(arguments["at_least"])
    rows.sort(key=lambda row: (row["p"], -row["low"], row["subject"]))
    return [row | {name: _decimal(row[name]) for name in _FLOATS} for row in rows]


def _usual(pairs: Iterable[list[Stratum]]) -> float | None:
    """By how much a share usually varies, squared and as a share of itself; None if too few subjects can tell.

    The variance of a count is mean + usual * mean^2 (negative binomial with a common dispersion, as in Robinson and
    Smyth, Biostatistics 9, 2008): what makes a common substance vary tenfold beyond chance hardly moves a rare one.
    """
    told = [(one, _mean_count(own)) for own in pairs if (one := dispersion(own)) is not None and one.df >= _MIN_DF]
    return median((one.phi - 1) / mean for one, mean in told) if len(told) >= _MIN_SUBJECTS else None


def _mean_count(pairs: list[Stratum]) -> float:
    return sum(one.early_count + one.late_count for one in pairs) / (2 * len(pairs)) if pairs else 0.0


def _spread(own: list[Stratum], usual: float | None) -> Dispersion | None:
    """A subject's own dispersion, weighted with what is usual for its counts by degrees of freedom (as Smyth 2004)."""
    told = dispersion(own)
    if usual is None:
        return told
    prior = 1 + usual * _mean_count(own)
    if told is None:
        return Dispersion(prior, _PRIOR_DF)
    df = _PRIOR_DF + told.df
    return Dispersion(max(1.0, (prior * _PRIOR_DF + told.phi * told.df) / df), df)


def _sums(strata: list[Stratum]) -> dict[str, Any]:
    late, late_of = sum(one.late_count for one in strata), sum(one.late_of for one in strata)
    early, early_of = sum(one.early_count for one in strata), sum(one.early_of for one in strata)
    return {
        "observed": late,
        "of": late_of,
        "base_observed": early,
        "base_of": early_of,
        "share": late / late_of,
        "base_share": early / early_of,
        "strata": len(strata),
    }


def _estimates(grew: Growth, spread: Dispersion | None) -> dict[str, Any]:
    return {
        "expected": grew.expected,
        "value": grew.ratio,
        "low": grew.low,
        "high": grew.high,
        "p": grew.p,
        "phi": spread.phi if spread else None,
    }


_FLOATS = ("expected", "value", "low", "high", "p", "q", "share", "base_share", "phi")


def _decimal(value: float | None) -> Decimal | None:
    """Six digits: no estimate here is known better. What is beyond all measure is not told."""
    return None if value is None or value > _LARGEST else Decimal(f"{value:.6g}")


def _whole(argument: object) -> int:
    return argument if isinstance(argument, int) else 0


_WINDOWS_AND_HISTORY = """
-- One row for every subject: both windows by stratum, the neighbouring periods before the late window, the records.
-- A period that crosses the border of a window is in neither. Days are pooled into months before periods are compared.
WITH
placed AS (
    SELECT
        *,
        period_start >= $late_start::DATE AND period_end < $end::DATE AS is_late,
        period_start >= $base_start::DATE AND period_end < $late_start::DATE AS is_early,
        period_start >= $history_start::DATE AND period_end < $late_start::DATE AS is_history
    FROM counts
    WHERE "of" > 0
),
windows AS (
    SELECT
        subject, stratum,
        coalesce(sum("count") FILTER (is_early), 0)::BIGINT AS early_count,
        coalesce(sum("of") FILTER (is_early), 0)::BIGINT AS early_of,
        coalesce(sum("count") FILTER (is_late), 0)::BIGINT AS late_count,
        coalesce(sum("of") FILTER (is_late), 0)::BIGINT AS late_of,
        flatten(list(evidence) FILTER ((is_early OR is_late) AND evidence IS NOT NULL)) AS evidence
    FROM placed
    GROUP BY subject, stratum
),
months AS (
    SELECT
        subject, stratum, date_trunc('month', period_start) AS month,
        sum("count")::BIGINT AS n, sum("of")::BIGINT AS m
    FROM placed
    WHERE is_history
    GROUP BY ALL
),
neighbours AS (
    SELECT
        subject,
        lag(n) OVER series AS early_count, lag(m) OVER series AS early_of, n AS late_count, m AS late_of
    FROM months
    WINDOW series AS (PARTITION BY subject, stratum ORDER BY month)
),
pairs AS (
    SELECT subject, list([early_count, early_of, late_count, late_of]) AS pairs
    FROM neighbours
    WHERE early_count + late_count > 0
    GROUP BY subject
),
strata AS (
    SELECT
        subject,
        list([early_count, early_of, late_count, late_of] ORDER BY stratum) AS strata,
        flatten(list(evidence) FILTER (evidence IS NOT NULL)) AS evidence
    FROM windows
    WHERE early_of > 0 AND late_of > 0
    GROUP BY subject
)
SELECT strata.subject, strata.strata, coalesce(pairs.pairs, []) AS pairs, coalesce(strata.evidence, []) AS evidence
FROM strata LEFT JOIN pairs USING (subject)
WHERE list_sum([one[1] + one[3] FOR one IN strata.strata]) > 0
ORDER BY strata.subject
"""
