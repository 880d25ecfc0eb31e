"""What samples answer: links by chemical profile, purity, what is found together, turnaround, what health may see."""

from entente.workstreams.samples.questions.composition import COMPOSITION
from entente.workstreams.samples.questions.links import LINKS
from entente.workstreams.samples.questions.purity import PURITY
from entente.workstreams.samples.questions.together import TOGETHER
from entente.workstreams.samples.questions.turnaround import TURNAROUND

__all__ = ["COMPOSITION", "LINKS", "PURITY", "TOGETHER", "TURNAROUND"]
