"""Which of many subjects grew: the shared core of the growth questions of all workstreams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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
from entente.analysis.windows import Windows, following, months_back, months_of, usual_end

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

SHARED = pa.schema({name: _COUNTED[name] for name in ("stratum", "period_start", "period_end", "evidence")})
"""Records that tell what every subject of a stratum is set against, such as all that a publication lists."""

HISTORY_MONTHS = 60
_MIN_DF = 5.0  # with fewer a subject's own dispersion is a guess, which tells nothing about the others
_MIN_SUBJECTS = 3  # of fewer nothing is "usual"
_PRIOR_DF = 20.0  # what is usual counts as much as so many degrees of freedom of a subject's own
_LARGEST = 1e9  # a limit beyond it is no limit


@dataclass(frozen=True, slots=True)
class Grown:
    """Rows with GROWTH_COLUMNS and `_evidence`, the likeliest growth first, and codes of the list `caution`."""

    rows: pa.Table
    cautions: tuple[str, ...]


def grown(
    counts: pa.Table, arguments: Arguments, engine: Engine, denominator: str, shared: pa.Table | None = None
) -> Grown:
    """For every subject in `counts` (of the schema COUNTS) with any count in either window, did its share grow.

    Windows, thresholds and the `subject` shown come from `arguments` (GROWTH_PARAMETERS); which places are counted is
    the caller's choice. A row alarms when its false discovery rate is at most `alpha` and its late count is `at_least`.
    INVARIANT: rate and dispersion are those of all subjects in `counts`, so asking for one alone finds no more.
    `shared` (of the schema SHARED) has records behind every subject of a stratum in a period. Raises EmptyWindow.
    """
    months, base_months = months_of(arguments, "months"), months_of(arguments, "base_months")
    looked = counts.filter(pc.field("of") > 0)
    until = arguments["until"] if isinstance(arguments["until"], date) else usual_end(looked, months, base_months)
    if until is None:
        return Grown(_table([]), ("nothing-compared",))
    windows = Windows.before(until, months, base_months)
    tables = {"counts": counts, "shared": SHARED.empty_table() if shared is None else shared}
    found = engine.ask(_WINDOWS_AND_HISTORY, tables, _bounds(windows)).to_pylist()
    told = {
        "place": arguments["place"] or "all",
        "period_start": windows.late_start,
        "period_end": windows.until,
        "measure": SHARE_GROWTH,
        "denominator": denominator,
    }
    rows = [row for row in _judged(found, arguments, told) if _is_asked_for(row["subject"], arguments["subject"])]
    cautions = {"outside-windows": _is_any_outside(looked, windows), "nothing-compared": not rows}
    return Grown(_table(rows), tuple(code for code, is_so in cautions.items() if is_so))


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    table = answer_rows(GROWTH_COLUMNS, rows)
    return table.append_column(EVIDENCE, pa.array([row[EVIDENCE] for row in rows], pa.list_(pa.string())))


def _is_asked_for(subject: str, asked: object) -> bool:
    return not isinstance(asked, str) or subject.casefold() == asked.strip().casefold()


def _is_any_outside(looked: pa.Table, windows: Windows) -> bool:
    """Whether there are periods later than the windows, or across a border of them: what is in neither."""
    start, end = pc.field("period_start"), pc.field("period_end")
    borders = (windows.base_start, windows.late_start)
    across = [(start < pa.scalar(day)) & (end >= pa.scalar(day)) for day in borders]
    return looked.filter((end > pa.scalar(windows.until)) | across[0] | across[1]).num_rows > 0


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
behind AS (
    SELECT placed.subject, placed.stratum, flatten(list(shared.evidence)) AS evidence
    FROM placed JOIN shared USING (stratum, period_start, period_end)
    WHERE is_early OR is_late
    GROUP BY ALL
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
        flatten(list(windows.evidence) FILTER (windows.evidence IS NOT NULL))
            || coalesce(flatten(list(behind.evidence) FILTER (behind.evidence IS NOT NULL)), []) AS evidence
    FROM windows LEFT JOIN behind USING (subject, stratum)
    WHERE early_of > 0 AND late_of > 0
    GROUP BY subject
)
SELECT strata.subject, strata.strata, coalesce(pairs.pairs, []) AS pairs, coalesce(strata.evidence, []) AS evidence
FROM strata LEFT JOIN pairs USING (subject)
WHERE list_sum([one[1] + one[3] FOR one IN strata.strata]) > 0
ORDER BY strata.subject
"""
