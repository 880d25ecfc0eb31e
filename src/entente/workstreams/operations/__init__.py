"""What a police service was called to, and whom it concerns.

Serves two lines of the joint statement of the Cross-Border Crime Forum of 2023: timely information sharing with state,
provincial, Indigenous and tribal partners, and the people who lose their lives crossing between ports of entry. Nothing
here decides about a person.
"""

from entente.workstreams.operations.readers import OCCURRENCE_CSV
from entente.workstreams.operations.records import OCCURRENCE
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(name="operations", kinds=(OCCURRENCE,), readers=(OCCURRENCE_CSV,))
