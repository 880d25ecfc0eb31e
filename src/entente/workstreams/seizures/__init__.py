"""Drug seizures: single events as officers record them, and totals as agencies publish them.

Serves the commitment of the joint statements of 2021 to 2024 to share enforcement statistics and yearly figures. A
seizure counts work of enforcement; it does not measure how much crosses.
"""

from entente.workstreams.seizures.figures import FIGURES
from entente.workstreams.seizures.questions import REVISIONS, TOTALS, TREND
from entente.workstreams.seizures.readers import CBP_DRUG_SEIZURES, SEIZURE_CSV
from entente.workstreams.seizures.records import SEIZURE, SEIZURE_TOTAL
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(
    name="seizures",
    kinds=(SEIZURE, SEIZURE_TOTAL),
    readers=(CBP_DRUG_SEIZURES, SEIZURE_CSV),
    questions=(TOTALS, TREND, REVISIONS),
    figures=FIGURES,
)
