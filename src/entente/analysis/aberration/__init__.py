"""Aberrations in weekly counts: which week of which series has more cases than it should, and how sure that is.

    judged = entente(counts, at=np.array([623]))     # counts: whole numbers [series, week]

`entente` is the detector to use; `farrington_flexible` and `ears` are those the world uses, in the same shape. Every
week is judged or says why not (`Reason`). Events and counts that have places: `knox`, `near_repeats`,
`permutation_scan`, `expectation_scan`, `spikes`. Knows nothing of records, agencies or substances.
"""

from entente.analysis.aberration.baselines import BadCounts, BadMask, BadWeeks, Reason
from entente.analysis.aberration.cylinders import NotAReach, Reach
from entente.analysis.aberration.detector import entente
from entente.analysis.aberration.ears import ears
from entente.analysis.aberration.emerging import Emerging, emerging
from entente.analysis.aberration.expectation_scan import NotExpectations, expectation_scan
from entente.analysis.aberration.farrington import farrington_flexible
from entente.analysis.aberration.first_seen import FirstSeen, Sight, first_seen
from entente.analysis.aberration.judged import Judged
from entente.analysis.aberration.knox import Knox, KnoxCell, NotOneTimeEach, knox, near_repeats
from entente.analysis.aberration.monte_carlo import MonteCarlo, NoReplicates
from entente.analysis.aberration.nowcast import (
    Completeness,
    Nowcast,
    ReportedBeforeEvent,
    TooFewPeriods,
    completeness,
    nowcast,
    reporting_triangle,
    revised,
    seen_p,
)
from entente.analysis.aberration.permutation_scan import NotCountsOfPlaces, permutation_scan
from entente.analysis.aberration.positions import NotCoordinates, NotLimits
from entente.analysis.aberration.prior import JEFFREYS, BetaPrior, pooled_prior, variation
from entente.analysis.aberration.scanning import Cluster, Scan
from entente.analysis.aberration.settings import ORIGINAL, PAPER, R_DEFAULT, BadSettings, Settings
from entente.analysis.aberration.shares import ImpossibleShare, ShareCusum, WrongShape, share_cusum
from entente.analysis.aberration.spikes import (
    Formula,
    NotAThreshold,
    NotRecommendable,
    NotSpikeEvents,
    Passing,
    Spike,
    Threshold,
    own_threshold,
    recommended_threshold,
    spikes,
)
from entente.analysis.aberration.streaming import renewed
from entente.analysis.aberration.tree import Discoveries, NotATree, adjusted_p, simes, tree_discoveries
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
    "Cluster",
    "Completeness",
    "Discoveries",
    "Emerging",
    "FirstSeen",
    "Formula",
    "ImpossibleShare",
    "Judged",
    "Knox",
    "KnoxCell",
    "MonteCarlo",
    "NoReplicates",
    "NotAReach",
    "NotAThreshold",
    "NotATree",
    "NotCoordinates",
    "NotCountsOfPlaces",
    "NotExpectations",
    "NotLimits",
    "NotOneTimeEach",
    "NotRecommendable",
    "NotSpikeEvents",
    "Nowcast",
    "Passing",
    "PooledTrend",
    "Reach",
    "Reason",
    "ReportedBeforeEvent",
    "Scan",
    "Settings",
    "ShareCusum",
    "Sight",
    "Spike",
    "Threshold",
    "TooFewPeriods",
    "WrongShape",
    "adjusted_p",
    "completeness",
    "ears",
    "emerging",
    "entente",
    "expectation_scan",
    "farrington_flexible",
    "first_seen",
    "knox",
    "near_repeats",
    "nowcast",
    "own_threshold",
    "permutation_scan",
    "pooled_prior",
    "pooled_trend",
    "recommended_threshold",
    "renewed",
    "reporting_triangle",
    "revised",
    "seen_p",
    "share_cusum",
    "simes",
    "spikes",
    "tree_discoveries",
    "trend_p",
    "variation",
]
