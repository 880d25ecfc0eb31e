"""Aberrations in weekly counts: which week of which series has more cases than it should, and how sure that is.

    judged = entente(counts, at=np.array([623]))     # counts: whole numbers [series, week]

`entente` is the detector to use; `farrington_flexible` and `ears` are those the world uses, in the same shape. Every
week is judged or says why not (`Reason`). Knows nothing of records, places or substances.
"""

from entente.analysis.aberration.baselines import BadCounts, BadMask, BadWeeks, Reason
from entente.analysis.aberration.detector import entente
from entente.analysis.aberration.ears import ears
from entente.analysis.aberration.farrington import farrington_flexible
from entente.analysis.aberration.first_seen import FirstSeen, Sight, first_seen
from entente.analysis.aberration.judged import Judged
from entente.analysis.aberration.prior import JEFFREYS, BetaPrior, pooled_prior, variation
from entente.analysis.aberration.settings import ORIGINAL, PAPER, R_DEFAULT, BadSettings, Settings
from entente.analysis.aberration.shares import ImpossibleShare, ShareCusum, WrongShape, share_cusum
from entente.analysis.aberration.trend import PooledTrend, pooled_trend, trend_p

__all__ = [
    "JEFFREYS",
    "ORIGINAL",
    "PAPER",
    "R_DEFAULT",
    "BadCounts",
    "BadMask",
    "BadSettings",
    "BadWeeks",
    "BetaPrior",
    "FirstSeen",
    "ImpossibleShare",
    "Judged",
    "PooledTrend",
    "Reason",
    "Settings",
    "ShareCusum",
    "Sight",
    "WrongShape",
    "ears",
    "entente",
    "farrington_flexible",
    "first_seen",
    "pooled_prior",
    "pooled_trend",
    "share_cusum",
    "trend_p",
    "variation",
]
