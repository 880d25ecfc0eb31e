"""How counts are to be judged, and what was said of them: the same arrays whatever the method."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration import Reason
from entente.analysis.series.counted import Bools, Ints
from entente.errors import InputFault

Floats = NDArray[np.float64]

ENTENTE, SHARES, EMERGING = "entente", "cusum-share", "emerging"
METHODS = (ENTENTE, "farrington-flexible", "farrington", "ears-c1", "ears-c2", "ears-c3", SHARES)
OF_SHARES = (SHARES, EMERGING)
"""Methods that judge found of tested."""
OF_DAYS = ("ears-c1", "ears-c2", "ears-c3", SHARES, EMERGING)
"""Methods that judge days as they are; the others judge weeks."""
SEASONAL = (ENTENTE, "farrington-flexible", "farrington")
"""Methods with settings made for weeks."""
USUAL_FDR = 0.1


class SharesNeedTested(InputFault):
    """The method {method} judges found of tested, and no row tells how many were tested. Add the column tested, or
    choose a method for counts, for example method=entente."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How counts are to be judged. None: what the method does if it is told nothing.

    An alarm is held back where the last `least_periods` periods have fewer than `least_cases` (R: limit54), and where
    the false-discovery rate of all series of its period is larger than `fdr`. With `more_than` the alarm is a rule that
    people have set, a count above it, and what the method says only stands beside it.
    """

    method: str = ENTENTE
    settings: str = "paper"
    alpha: float | None = None
    least_cases: int = 5
    least_periods: int = 4
    fdr: float | None = None
    is_r_compatible: bool = False
    more_than: int | None = None

    @property
    def largest_fdr(self) -> float:
        """Only our own detector holds alarms back unless told to; the published methods alarm as published."""
        if self.fdr is not None:
            return self.fdr
        return USUAL_FDR if self.method == ENTENTE else 1.0


class Held(IntEnum):
    """Why there is no alarm although the count is above its bound."""

    NOT = 0
    FEW_CASES = 1
    MANY_SERIES = 2


class Rare(IntEnum):
    """Why the rule for emerging substances has nothing to judge; beside the codes of Reason."""

    COMMON = 101
    FEW_FINDS = 102
    NOT_LOOKED = 103


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Arrays [series, judged period], NaN in numbers where nothing is judged; `reason` says why (codes of Reason).

    `held`: codes of Held. `has_trend` None: the method knows no trend. `n_baseline` 0: it is the same for all periods.
    """

    at: Ints
    expected: Floats
    bound: Floats
    p: Floats
    q: Floats
    is_above: Bools
    """Whether the method by itself calls it unusual."""
    alarm: Bools
    held: Ints
    reason: Ints
    has_trend: Bools | None
    n_baseline: Ints
    n_down_weighted: Ints

    @property
    def is_judged(self) -> Bools:
        return np.asarray(self.reason == Reason.JUDGED)

    @property
    def is_answered(self) -> Bools:
        """Judged, or told that the rule for emerging substances does not concern it."""
        return self.is_judged | np.isin(self.reason, [int(Rare.COMMON), int(Rare.FEW_FINDS)])
