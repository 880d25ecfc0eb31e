"""Questions to seizure totals."""

from entente.workstreams.seizures.questions.revisions import REVISIONS
from entente.workstreams.seizures.questions.totals import TOTALS
from entente.workstreams.seizures.questions.trend import TREND

__all__ = ["REVISIONS", "TOTALS", "TREND"]
