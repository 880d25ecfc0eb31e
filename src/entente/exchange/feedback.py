"""The body of a `feedback` message: what became of a message that was sent, told by whoever received it.

First that it was seen (`acknowledged`), then what it led to (`answered`, with its outcome), or the outcome at once.
Knows the form. Refuses to know which outcomes there are (the list `outcome`) and who owes whom an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.documents import read_object
from entente.exchange.members import Check, faults, is_code, is_time, one_of, optional, time_text
from entente.exchange.messages import UnsendableMessage
from entente.signing import Json, canonical

FEEDBACK_FORM = 1
ACKNOWLEDGED, ANSWERED = "acknowledged", "answered"
STAGES = (ACKNOWLEDGED, ANSWERED)
"""Each is an event of the machine FEEDBACK."""

MAX_NOTE_CHARACTERS = 2000


class UnreadableFeedback(PartnerFault):
    """The body of a feedback message cannot be read: {why}. Ask the sender's operator for a corrected message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a partner says became of a message. `outcome` is a code, None until it is `answered`."""

    stage: str
    outcome: str | None
    note: str
    said_at: datetime

    def to_json(self) -> dict[str, Json]:
        return {
            "form": FEEDBACK_FORM,
            "stage": self.stage,
            "outcome": self.outcome,
            "note": self.note,
            "said_at": time_text(self.said_at),
        }


def _is_form(value: object) -> bool:
    return type(value) is int and value == FEEDBACK_FORM


_NOTE = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]*")
"""Text for people: no controls but the line feed, and nothing that turns the direction of writing, so that no screen is
steered by it. Ranges, not Unicode categories: those differ between versions of Unicode."""


def is_note(value: object) -> bool:
    """Text that a note of feedback may be."""
    return isinstance(value, str) and len(value) <= MAX_NOTE_CHARACTERS and _NOTE.fullmatch(value) is not None


FEEDBACK_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "stage": one_of(STAGES),
        "outcome": optional(is_code),
        "note": is_note,
        "said_at": is_time,
    }
)


def feedback_bytes(feedback: Feedback) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    members = feedback.to_json()
    why = faults(members, FEEDBACK_SHAPE) or _contradiction(feedback)
    if why:
        raise UnsendableMessage(why=why)
    return canonical(members)


def read_feedback(body: bytes) -> Feedback:
    """What `body` says. Raises UnreadableFeedback."""
    members = read_object(body, FEEDBACK_SHAPE, lambda why: UnreadableFeedback(why=why))
    feedback = Feedback(
        stage=members["stage"],
        outcome=members["outcome"],
        note=members["note"],
        said_at=datetime.fromisoformat(members["said_at"]),
    )
    why = _contradiction(feedback)
    if why:
        raise UnreadableFeedback(why=why)
    return feedback


def _contradiction(feedback: Feedback) -> str:
    if feedback.stage == ANSWERED and feedback.outcome is None:
        return "it answers without an outcome"
    if feedback.stage == ACKNOWLEDGED and feedback.outcome is not None:
        return "it names an outcome before it answers"
    return ""
