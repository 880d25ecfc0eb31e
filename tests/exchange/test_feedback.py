"""The body of feedback: read strictly, written only as it would be read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from entente.exchange import Feedback, UnreadableFeedback, UnsendableMessage, feedback_bytes, read_feedback, urgency_for
from entente.exchange.feedback import ACKNOWLEDGED, ANSWERED, MAX_NOTE_CHARACTERS
from entente.signing import canonical
from entente.vocabulary import house_vocabulary
from exchange.parts import NOW

SEEN = Feedback(stage=ACKNOWLEDGED, outcome=None, note="", said_at=NOW)
DONE = Feedback(stage=ANSWERED, outcome="warning-issued", note="Mise en garde\u202f: publiée.\nÀ Québec.", said_at=NOW)


@pytest.mark.parametrize("said", [SEEN, DONE])
def test_what_was_said_is_read(said: Feedback) -> None:
    assert read_feedback(feedback_bytes(said)) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"form": 2},
        {"form": True},
        {"stage": "void"},
        {"stage": "owed"},
        {"outcome": None},
        {"outcome": "Warning issued"},
        {"stage": ACKNOWLEDGED},
        {"note": None},
        {"note": "x" * (MAX_NOTE_CHARACTERS + 1)},
        {"note": "nul \0"},
        {"note": "\x1b[2J"},
        {"note": "\u202e reversed"},
        {"said_at": "2026-11-21"},
        {"more": 1},
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableFeedback, match="corrected message"):
        read_feedback(canonical(json.loads(feedback_bytes(DONE)) | changes))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"not JSON", json.dumps(DONE.to_json()).encode()])
def test_what_is_no_feedback_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableFeedback):
        read_feedback(body)


def test_a_long_note_is_just_short_enough() -> None:
    said = Feedback(stage=ANSWERED, outcome="used", note="é" * MAX_NOTE_CHARACTERS, said_at=NOW)
    assert read_feedback(feedback_bytes(said)) == said


@pytest.mark.parametrize(
    "wrong",
    [
        Feedback(stage=ANSWERED, outcome=None, note="", said_at=NOW),
        Feedback(stage=ACKNOWLEDGED, outcome="used", note="", said_at=NOW),
        Feedback(stage=ACKNOWLEDGED, outcome=None, note="\0", said_at=NOW),
    ],
)
def test_nobody_writes_what_nobody_would_read(wrong: Feedback) -> None:
    with pytest.raises(UnsendableMessage):
        feedback_bytes(wrong)


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [
        (None, "routine"),
        (0, "urgent"),
        (8, "urgent"),
        (9, "priority"),
        (72, "priority"),
        (100, "normal"),
        (900, "normal"),
    ],
)
def test_the_urgency_of_a_notice_fits_the_time_there_is(hours: int | None, urgency: str) -> None:
    due = None if hours is None else NOW + timedelta(hours=hours)
    assert urgency_for(NOW, due, house_vocabulary().list("urgency")) == urgency
