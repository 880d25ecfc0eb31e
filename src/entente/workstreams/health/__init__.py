"""Counts of drug-checking services, for early warning in public health and for nothing else.

Serves the commitment of the joint statements to exchange practices and data on harm reduction. Only parties with a
health role may hold these records; nothing here may serve prosecution or scheduling.
"""

from entente.workstreams.health.records import DRUG_CHECKING_COUNT
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(name="health", kinds=(DRUG_CHECKING_COUNT,))
