"""Which samples may come from one source: profiles, metrics, calibrated likelihood ratios, leads at a stated rate.

Knows numbers only. Refuses to know records, substances and cases: whoever asks says what was compared, and every pair
that stands out is a lead, never an identity.
"""

from entente.analysis.linkage.assessing import Estimate, auc, auc_by_seizure, cllr, cllr_min, found_at
from entente.analysis.linkage.calibrating import Isotonic, Logistic, Mixed, borne, bounds, isotonic, logistic, mixed
from entente.analysis.linkage.crossing import (
    AMOUNTS,
    FOLDS,
    Method,
    Ratios,
    by_amounts,
    by_distance,
    cross_validated,
    folds,
)
from entente.analysis.linkage.leads import Leads, groups, leads
from entente.analysis.linkage.metrics import METRICS, distances
from entente.analysis.linkage.pairs import FEW, RULES, Pairs, all_pairs, sizes, under_rule, weights
from entente.analysis.linkage.profiles import (
    PRETREATMENTS,
    Booleans,
    Floats,
    Integers,
    Profiles,
    limits_or_smallest,
    log_shares,
    shares,
)
from entente.analysis.linkage.two_level import TwoLevel, fit

__all__ = [
    "AMOUNTS",
    "FEW",
    "FOLDS",
    "METRICS",
    "PRETREATMENTS",
    "RULES",
    "Booleans",
    "Estimate",
    "Floats",
    "Integers",
    "Isotonic",
    "Leads",
    "Logistic",
    "Method",
    "Mixed",
    "Pairs",
    "Profiles",
    "Ratios",
    "TwoLevel",
    "all_pairs",
    "auc",
    "auc_by_seizure",
    "borne",
    "bounds",
    "by_amounts",
    "by_distance",
    "cllr",
    "cllr_min",
    "cross_validated",
    "distances",
    "fit",
    "folds",
    "found_at",
    "groups",
    "isotonic",
    "leads",
    "limits_or_smallest",
    "log_shares",
    "logistic",
    "mixed",
    "shares",
    "sizes",
    "under_rule",
    "weights",
]
