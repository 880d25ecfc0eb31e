"""How often laboratories met a substance, and how the law names it: the ground of early warning of new substances.

Serves the commitment of the joint statements to share information on emerging threats and new psychoactive substances.
"""

from entente.workstreams.shape import Workstream
from entente.workstreams.substances.figures import FIGURES
from entente.workstreams.substances.questions import CONTROL_LAG, FIRST_SEEN, GROWTH, STATUS, TOTALS
from entente.workstreams.substances.readers import CA_CDSA_SCHEDULES, NFLIS_DQS, TEST_COUNT_CSV
from entente.workstreams.substances.records import CONTROL_ENTRY, TEST_COUNT

WORKSTREAM = Workstream(
    name="substances",
    kinds=(TEST_COUNT, CONTROL_ENTRY),
    readers=(NFLIS_DQS, TEST_COUNT_CSV, CA_CDSA_SCHEDULES),
    questions=(TOTALS, FIRST_SEEN, GROWTH, STATUS, CONTROL_LAG),
    figures=FIGURES,
)
