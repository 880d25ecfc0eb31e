"""Harms that were counted, counts of drug-checking services, help that is available, and what is told to the public.

Serves the commitment of the joint statements to exchange practices and data on harm reduction. Drug-checking counts
serve early warning in public health and nothing else: only parties with a health role may hold them.
"""

from entente.workstreams.health.questions import FIRST_SEEN, GROWTH, NEARBY, REVISIONS, SPIKES, TOTALS
from entente.workstreams.health.readers import READERS
from entente.workstreams.health.records import (
    BULLETIN,
    DRUG_CHECKING_COUNT,
    HARM_COUNT,
    PRACTICE_NOTE,
    SERVICE_AVAILABILITY,
)
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(
    name="health",
    kinds=(DRUG_CHECKING_COUNT, HARM_COUNT, SERVICE_AVAILABILITY, PRACTICE_NOTE, BULLETIN),
    readers=READERS,
    questions=(TOTALS, GROWTH, FIRST_SEEN, NEARBY, REVISIONS, SPIKES),
)
