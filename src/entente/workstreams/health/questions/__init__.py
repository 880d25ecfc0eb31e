"""Questions to drug-checking counts."""

from entente.workstreams.health.questions.first_seen import FIRST_SEEN
from entente.workstreams.health.questions.growth import GROWTH
from entente.workstreams.health.questions.totals import TOTALS

__all__ = ["FIRST_SEEN", "GROWTH", "TOTALS"]
