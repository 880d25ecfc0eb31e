"""The answer of a question about series of counts: what each count was, what would be usual, and because of what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np

from entente.analysis.amounts import answer_rows
from entente.analysis.answer import Answer, Column, Denominator
from entente.analysis.growth import SMALLEST_P
from entente.analysis.provenance import provenance
from entente.analysis.question import Arguments
from entente.analysis.reasons import reasons_text
from entente.analysis.series.asked import ZERO, choice_of, chosen_series, in_step, places
from entente.analysis.series.counted import Counted, counted
from entente.analysis.series.explaining import reasons
from entente.analysis.series.methods import judged
from entente.analysis.series.periods import PER_YEAR
from entente.analysis.series.verdicts import OF_SHARES, SEASONAL, Choice, Verdicts
from entente.analysis.tables import Table

_JUDGED = (
    Column("expected", "decimal"),
    Column("bound", "decimal"),
    Column("p", "decimal"),
    Column("q", "decimal"),
    Column("alarm", "boolean"),
    Column("because", "reasons"),
)
_COUNTED = (Column("series", "text"), Column("period", "text"), Column("count", "integer"))
PLAIN_COLUMNS = (*_COUNTED, *_JUDGED)
TESTED_COLUMNS = (*_COUNTED, Column("tested", "integer"), *_JUDGED)

_SHORT_YEAR = 28
"""Of a table of days so many are judged unless told otherwise; of other periods a year."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Series, the places that were judged in them, and what was said of each. `is_added_up`: days became weeks."""

    series: Counted
    choice: Choice
    found: Verdicts
    is_added_up: bool

    def cells(self, rows: Sequence[int]) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """(series, judged period, values by column) of the series `rows`, series by series, in order of time."""
        for row in rows:
            for column in range(self.found.at.size):
                yield row, column, self._cell(row, column)

    def _cell(self, row: int, column: int) -> dict[str, Any]:
        found, place = self.found, int(self.found.at[column])
        is_gone = bool(self.series.is_gone[row, place])
        is_told = bool(found.is_answered[row, column]) or self.choice.more_than is not None
        return {
            "series": self.series.names[row],
            "period": self.series.axis.text(place),
            "count": None if is_gone else int(self.series.counts[row, place]),
            "tested": None if self.series.tested is None else int(self.series.tested[row, place]),
            "alarm": bool(found.alarm[row, column]) if is_told and not is_gone else None,
            "because": reasons_text(reasons(self.series, found, self.choice, row, column)),
            **{name: _decimal(name, getattr(found, name)[row, column]) for name in ("expected", "bound", "p", "q")},
        }


def judgement(series: Counted, arguments: Arguments, periods: int | None = None) -> Judgement:
    """`series` judged as `arguments` say; `periods` are so many of the newest unless `from` is set, or else a year.

    Raises BadLimit, NotAllowedChance, NotThatPeriod, OtherPeriods, NoDays, SharesNeedTested, BadSettings.
    """
    choice = choice_of(arguments, series.axis.step)
    kept = in_step(series, choice)
    at = places(kept, arguments, periods or (_SHORT_YEAR if kept.axis.step == "day" else kept.axis.per_year))
    return Judgement(kept, choice, judged(kept, at, choice), is_added_up=kept is not series)


def plain_answer(question: str, table: Table, arguments: Arguments) -> Answer:
    """The answer about the plain `table`. Raises what `judgement` raises, NoSuchSeries, SimulatedAmongReal."""
    series = counted(table.rows, as_of=str(arguments["as_of"] or ""), absent_is_zero=arguments["absent"] == ZERO)
    if series is None:
        return _answer(question, table, arguments, [], None)
    found = judgement(series, arguments)
    rows = [cell for _, _, cell in found.cells(chosen_series(series, arguments["series"]))]
    return _answer(question, table, arguments, rows, found)


def _answer(
    question: str, table: Table, arguments: Arguments, rows: list[dict[str, Any]], found: Judgement | None
) -> Answer:
    columns = PLAIN_COLUMNS if found is None or found.series.tested is None else TESTED_COLUMNS
    return Answer(
        question=question,
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, rows),
        denominators=denominators(found),
        cautions=cautions(found),
        provenance=provenance([table]),
    )


def denominators(found: Judgement | None) -> tuple[Denominator, ...]:
    """Of how many series and counts how many could be judged."""
    judged_cells = found.found.is_answered if found else np.zeros((0, 0), dtype=bool)
    return (
        Denominator("series-judged", int(judged_cells.any(axis=1).sum()), judged_cells.shape[0]),
        Denominator("counts-judged", int(judged_cells.sum()), judged_cells.size),
    )


def cautions(found: Judgement | None) -> tuple[str, ...]:
    """What a reader of these verdicts must be told."""
    if found is None:
        return ("nothing-judged",)
    series, verdicts = found.series, found.found
    said: Mapping[str, bool] = {
        "nothing-judged": not verdicts.is_answered.any(),
        "some-not-judged": bool(verdicts.is_answered.any() and not verdicts.is_answered.all()),
        "periods-missing": bool(series.is_gone.any()),
        "numbers-are-weeks": series.axis.step == "number",
        "days-in-weeks": found.is_added_up,
        "counts-not-shares": series.tested is not None and found.choice.method not in OF_SHARES,
        "scaled-to-periods": found.choice.method in SEASONAL and series.axis.per_year != PER_YEAR["week"],
        "newest-incomplete": series.has_reports,
    }
    return (*(code for code, is_so in said.items() if is_so), "alarm-is-a-question")


def _decimal(name: str, value: float) -> Decimal | None:
    """Six digits: no estimate here is known better."""
    if not isfinite(value):
        return None
    return Decimal(f"{max(value, SMALLEST_P) if name in ('p', 'q') else value:.6g}")
