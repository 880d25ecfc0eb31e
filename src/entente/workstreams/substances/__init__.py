"""How often laboratories met a substance: the ground on which early warning of new substances stands.

Serves the commitment of the joint statements to share information on emerging threats and new psychoactive substances.
"""

from entente.workstreams.shape import Workstream
from entente.workstreams.substances.records import TEST_COUNT

WORKSTREAM = Workstream(name="substances", kinds=(TEST_COUNT,))
