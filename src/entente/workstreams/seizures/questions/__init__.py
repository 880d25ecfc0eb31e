"""Questions to seizure totals, to things seized and to how agencies count."""

from entente.workstreams.seizures.questions.comparable import COMPARABLE
from entente.workstreams.seizures.questions.customs_day import CUSTOMS_DAY
from entente.workstreams.seizures.questions.events import EVENTS
from entente.workstreams.seizures.questions.item_revisions import ITEM_REVISIONS
from entente.workstreams.seizures.questions.joint import JOINT
from entente.workstreams.seizures.questions.revisions import REVISIONS
from entente.workstreams.seizures.questions.totals import TOTALS
from entente.workstreams.seizures.questions.trend import TREND

__all__ = ["COMPARABLE", "CUSTOMS_DAY", "EVENTS", "ITEM_REVISIONS", "JOINT", "REVISIONS", "TOTALS", "TREND"]
