"""Oversight: who has learnt what an agreement permits before releasing under it.

Serves the training of officers and the accountability that the joint statements of 2021 to 2024 ask for. Results are
for learning and for the duty to release, never for comparing persons.
"""

from entente.workstreams.oversight.records import TRAINING_ATTEMPT
from entente.workstreams.shape import Workstream

WORKSTREAM = Workstream(name="oversight", kinds=(TRAINING_ATTEMPT,))
