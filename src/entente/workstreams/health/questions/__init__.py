"""Questions to drug-checking counts, and to counts of harms."""

from entente.workstreams.health.questions.first_seen import FIRST_SEEN
from entente.workstreams.health.questions.growth import GROWTH
from entente.workstreams.health.questions.nearby import NEARBY
from entente.workstreams.health.questions.revisions import REVISIONS
from entente.workstreams.health.questions.spikes import SPIKES
from entente.workstreams.health.questions.totals import TOTALS

__all__ = ["FIRST_SEEN", "GROWTH", "NEARBY", "REVISIONS", "SPIKES", "TOTALS"]
