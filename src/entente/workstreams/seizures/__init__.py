"""Seizures: single events and what was seized in them as officers record them, and totals as agencies publish them.

Serves the commitment of the joint statements of 2021 to 2024 to share enforcement statistics and yearly figures. A
seizure counts work of enforcement; it does not measure how much crosses.
"""

from entente.workstreams.seizures.figures import FIGURES
from entente.workstreams.seizures.own_tables import COUNTING_RULE_CSV, SEIZED_ITEM_CSV
from entente.workstreams.seizures.questions import (
    COMPARABLE,
    CUSTOMS_DAY,
    EVENTS,
    ITEM_REVISIONS,
    JOINT,
    REVISIONS,
    TOTALS,
    TREND,
)
from entente.workstreams.seizures.readers import CBP_DRUG_SEIZURES, SEIZURE_CSV
from entente.workstreams.seizures.records import COUNTING_RULE, SEIZED_ITEM, SEIZURE, SEIZURE_TOTAL
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(
    name="seizures",
    kinds=(SEIZURE, SEIZED_ITEM, SEIZURE_TOTAL, COUNTING_RULE),
    readers=(CBP_DRUG_SEIZURES, SEIZURE_CSV, SEIZED_ITEM_CSV, COUNTING_RULE_CSV),
    questions=(TOTALS, TREND, REVISIONS, EVENTS, CUSTOMS_DAY, JOINT, ITEM_REVISIONS, COMPARABLE),
    figures=FIGURES,
)
