"""Series of counts: a plain table of them, arrays, the choice of a method, verdicts, and the reasons for each.

Knows periods and tables; the methods themselves are in `analysis.aberration`, which knows neither.
"""

from entente.analysis.series.answering import (
    PLAIN_COLUMNS,
    TESTED_COLUMNS,
    Judgement,
    cautions,
    denominators,
    judgement,
    plain_answer,
)
from entente.analysis.series.asked import AUTO, series_parameters
from entente.analysis.series.counted import Axis, Counted, counted
from entente.analysis.series.methods import judged
from entente.analysis.series.periods import NoPeriod, Period
from entente.analysis.series.reading import COUNT, COUNTS_CSV, PLAIN, plain_catalogue
from entente.analysis.series.recorded import ABOVE_EXPECTED, RECORDED_COLUMNS, Recorded, recorded
from entente.analysis.series.verdicts import EMERGING, ENTENTE, METHODS, SHARES, Choice, Verdicts

__all__ = [
    "ABOVE_EXPECTED",
    "AUTO",
    "COUNT",
    "COUNTS_CSV",
    "EMERGING",
    "ENTENTE",
    "METHODS",
    "PLAIN",
    "PLAIN_COLUMNS",
    "RECORDED_COLUMNS",
    "SHARES",
    "TESTED_COLUMNS",
    "Axis",
    "Choice",
    "Counted",
    "Judgement",
    "NoPeriod",
    "Period",
    "Recorded",
    "Verdicts",
    "cautions",
    "counted",
    "denominators",
    "judged",
    "judgement",
    "plain_answer",
    "plain_catalogue",
    "recorded",
    "series_parameters",
]
