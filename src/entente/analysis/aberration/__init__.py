"""Aberrations in weekly counts: which week of which series has more cases than it should, and how sure that is.

    judged = entente(counts, at=np.array([623]))     # counts: whole numbers [series, week]

`entente` is the detector to use; `farrington_flexible` and `ears` are those the world uses, in the same shape. Every
week is judged or says why not (`Reason`). Knows nothing of records, places or substances.
"""

from entente.analysis.aberration.baselines import BadCounts, BadMask, BadWeeks, Reason
from entente.analysis.aberration.detector import entente
from entente.analysis.aberration.ears import ears
from entente.analysis.aberration.farrington import farrington_flexible
from entente.analysis.aberration.judged import Judged
from entente.analysis.aberration.settings import ORIGINAL, PAPER, R_DEFAULT, BadSettings, Settings

__all__ = [
    "ORIGINAL",
    "PAPER",
    "R_DEFAULT",
    "BadCounts",
    "BadMask",
    "BadSettings",
    "BadWeeks",
    "Judged",
    "Reason",
    "Settings",
    "ears",
    "entente",
    "farrington_flexible",
]
