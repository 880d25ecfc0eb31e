"""Questions to test counts, control entries and names of substances."""

from entente.workstreams.substances.questions.alarms import ABERRATION, EMERGING
from entente.workstreams.substances.questions.changes import CHANGES
from entente.workstreams.substances.questions.control_lag import CONTROL_LAG
from entente.workstreams.substances.questions.first_seen import FIRST_SEEN
from entente.workstreams.substances.questions.gaps import GAPS
from entente.workstreams.substances.questions.growth import GROWTH
from entente.workstreams.substances.questions.resolve import RESOLVE
from entente.workstreams.substances.questions.status import STATUS
from entente.workstreams.substances.questions.totals import TOTALS

__all__ = [
    "ABERRATION",
    "CHANGES",
    "CONTROL_LAG",
    "EMERGING",
    "FIRST_SEEN",
    "GAPS",
    "GROWTH",
    "RESOLVE",
    "STATUS",
    "TOTALS",
]
