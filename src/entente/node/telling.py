"""Who was told of a finding, or told us, and what came back or is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entente.node.work import Node
from entente.store import DutyRow, RecordRow

OPEN_STATES = ("owed", "acknowledged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notification about a finding: to or from `partner`, what was answered, and by when an answer is due."""

    direction: str
    partner: str
    about: str
    state: str
    outcome: str
    note: str
    due: datetime | None
    is_overdue: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "direction": self.direction,
            "partner": self.partner,
            "about": self.about,
            "state": self.state,
            "outcome": self.outcome or None,
            "note": self.note,
            "due": self.due.isoformat() if self.due else None,
            "is_overdue": self.is_overdue,
        }


def told_about(node: Node, row: RecordRow) -> Sequence[Told]:
    """What is owed about the finding in `row`: by us, then to us, in order of partner."""
    with node.store.reading() as tx:
        return [_told(duty, node.clock()) for duty in tx.duties(record_id=row.id)]


def _told(duty: DutyRow, now: datetime) -> Told:
    return Told(
        direction=duty.direction,
        partner=duty.partner,
        about=duty.about,
        state=duty.state,
        outcome=duty.outcome,
        note=duty.note,
        due=duty.due,
        is_overdue=duty.due is not None and duty.due < now and duty.state in OPEN_STATES,
    )
