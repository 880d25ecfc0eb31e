"""How often laboratories met a substance, and how the law names it: the ground of early warning of new substances.

Serves the commitment of the joint statements to share information on emerging threats and new psychoactive substances.
"""

from entente.workstreams.shape import Workstream
from entente.workstreams.substances.figures import FIGURES
from entente.workstreams.substances.own_tables import CONTROL_ENTRY_CSV, SUBSTANCE_NAME_CSV
from entente.workstreams.substances.questions import (
    ABERRATION,
    CHANGES,
    CONTROL_LAG,
    EMERGING,
    FIRST_SEEN,
    GAPS,
    GROWTH,
    RESOLVE,
    STATUS,
    TOTALS,
)
from entente.workstreams.substances.readers import CA_CDSA_SCHEDULES, NFLIS_DQS, TEST_COUNT_CSV
from entente.workstreams.substances.records import CONTROL_ENTRY, SUBSTANCE_NAME, TEST_COUNT

WORKSTREAM = Workstream(
    name="substances",
    kinds=(TEST_COUNT, CONTROL_ENTRY, SUBSTANCE_NAME),
    readers=(NFLIS_DQS, TEST_COUNT_CSV, CA_CDSA_SCHEDULES, CONTROL_ENTRY_CSV, SUBSTANCE_NAME_CSV),
    questions=(TOTALS, FIRST_SEEN, GROWTH, ABERRATION, EMERGING, STATUS, CONTROL_LAG, GAPS, CHANGES, RESOLVE),
    figures=FIGURES,
)
