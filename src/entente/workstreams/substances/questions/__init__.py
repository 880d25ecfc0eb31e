"""Questions to test counts and control entries."""

from entente.workstreams.substances.questions.control_lag import CONTROL_LAG
from entente.workstreams.substances.questions.first_seen import FIRST_SEEN
from entente.workstreams.substances.questions.growth import GROWTH
from entente.workstreams.substances.questions.status import STATUS
from entente.workstreams.substances.questions.totals import TOTALS

__all__ = ["CONTROL_LAG", "FIRST_SEEN", "GROWTH", "STATUS", "TOTALS"]
