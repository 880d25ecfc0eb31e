"""How pure a substance was, period by period, and whether that moved."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import comb, isnan
from statistics import median
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
    q_values,
)
from entente.workstreams.samples.questions.given import EVERY, FROM, UNTIL, least, period, rows, told, whole, within

_SIDES = 40  # one in forty lies beyond either end of an interval of 95 %
_COLUMNS = (
    Column("found_substance", "text", vocabulary="drug"),
    Column("period", "text"),
    Column("results", "integer"),
    Column("measured", "integer"),
    Column("median_purity", "decimal", unit="%"),
    Column("low", "decimal"),
    Column("high", "decimal"),
    Column("against", "text"),
    Column("shift", "decimal", unit="%"),
    Column("p", "decimal"),
    Column("q", "decimal"),
)
Row = dict[str, Any]


def _purity(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables["lab-result"]
    dated = within(given, arguments, engine, "reported_on")
    sql = "SELECT * FROM dated WHERE $substance IS NULL OR substance = $substance"
    used = Table(given.kind, engine.ask(sql, {"dated": dated.rows}, {"substance": arguments["substance"]}))
    found = rows(used, ("substance", "reported_on", "purity_percent"))
    shown = _compared(_grouped(found, arguments), whole(arguments["least"]))
    measured = sum(row["purity_percent"] is not None for row in found)
    return Answer(
        question=PURITY.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, shown),
        denominators=(
            Denominator("results-used", used.rows.num_rows, given.rows.num_rows),
            Denominator("results-measured", measured, used.rows.num_rows),
        ),
        cautions=("submitted-samples", "by-day-of-report"),
        provenance=provenance([used]),
    )


def _grouped(found: Sequence[Row], arguments: Arguments) -> dict[str, dict[str, list[Decimal | None]]]:
    """The purities of each substance and period, in order; None where nobody measured."""
    groups: dict[str, dict[str, list[Decimal | None]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        groups[row["substance"]][period(row["reported_on"], arguments["every"])].append(row["purity_percent"])
    return {name: {key: parts[key] for key in sorted(parts)} for name, parts in sorted(groups.items())}


def _compared(groups: Mapping[str, Mapping[str, Sequence[Decimal | None]]], few: int) -> list[Row]:
    """A row for each substance and period; each with enough measured is held against the last such one before it."""
    shown: list[Row] = []
    for substance, periods in groups.items():
        before: tuple[str, list[Decimal]] | None = None
        for name, purities in periods.items():
            known = sorted(purity for purity in purities if purity is not None)
            row = {"found_substance": substance, "period": name, "results": len(purities), "measured": len(known)}
            is_enough = len(known) >= few and known
            shown.append({**row, **_middle(known), **_against(known, before if is_enough else None), "q": None})
            before = (name, known) if is_enough else before
    tested = [row for row in shown if row["p"] is not None]
    for row, q in zip(tested, q_values([float(row["p"]) for row in tested]), strict=True):
        row["q"] = told(q)
    return shown


def _middle(known: Sequence[Decimal]) -> Row:
    """The median and its interval of 95 % from the order of the values alone; null where these are too few for one."""
    place = _order(len(known))
    return {
        "median_purity": median(known) if known else None,
        "low": known[place - 1] if place else None,
        "high": known[-place] if place else None,
    }


def _order(count: int) -> int:
    """The largest r so that the r-th smallest and r-th largest value enclose the median with 95 %; 0 if none does."""
    below, r = 1, 0
    while r <= count // 2 and below * _SIDES <= 2**count:
        r += 1
        below += comb(count, r)
    return r


def _against(known: Sequence[Decimal], before: tuple[str, Sequence[Decimal]] | None) -> Row:
    """The shift (Hodges and Lehmann, 1963) since the period before and its p (Mann and Whitney, two-sided)."""
    if before is None:
        return {"against": None, "shift": None, "p": None}
    import numpy as np
    from scipy.stats import mannwhitneyu

    now, then = (np.array(list(map(float, values))) for values in (known, before[1]))
    shift = float(np.median(now[:, None] - then[None, :]))
    p = float(mannwhitneyu(now, then, alternative="two-sided", method="asymptotic").pvalue)
    return {"against": before[0], "shift": told(shift), "p": told(1.0 if isnan(p) else p)}  # all alike


PURITY = Question(
    name="samples.purity",
    needs=("lab-result",),
    parameters=(Parameter(name="substance", type="code", vocabulary="drug"), EVERY, FROM, UNTIL, least(5)),
    answer=_purity,
)
