"""Counts of drug-checking services, for early warning in public health and for nothing else.

Serves the commitment of the joint statements to exchange practices and data on harm reduction. Only parties with a
health role may hold these records; nothing here may serve prosecution or scheduling.
"""

from entente.workstreams.health.questions import FIRST_SEEN, GROWTH, TOTALS
from entente.workstreams.health.readers import DRUG_CHECKING_CSV, WEDINOS_DAILY
from entente.workstreams.health.records import DRUG_CHECKING_COUNT
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(
    name="health",
    kinds=(DRUG_CHECKING_COUNT,),
    readers=(WEDINOS_DAILY, DRUG_CHECKING_CSV),
    questions=(TOTALS, GROWTH, FIRST_SEEN),
)
