"""Bodies of the messages by which partners ask: `query` and `request`, and the `answer` and `refusal` to them.

A query asks whether something is held, by exact values; a request asks to be given a record, records with such values,
or more fields of what came. Purpose, agreement, urgency and the time an answer is due stand in the envelope. Knows the
forms. Refuses to know which fields identify anything, what may be told and who decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from entente.errors import PartnerFault
from entente.exchange.documents import read_object
from entente.exchange.feedback import is_note
from entente.exchange.members import Check, faults, is_code, is_name, is_text, list_of, one_of, optional
from entente.exchange.messages import UnsendableMessage
from entente.signing import Json, canonical

QUESTION_FORM = ANSWER_FORM = REFUSAL_FORM = 1
MAX_SELECTORS, MAX_FIELDS = 4, 64
MAX_VALUE_CHARACTERS, MAX_REASON_CHARACTERS = 200, 500
ANSWER_BLOCK_BYTES = 4096
"""Every answer is filled up to this size, so that on the way a hit has the size of no hit."""

HIT, NO_HIT, NOT_TOLD = "hit", "no-hit", "not-told"
OUTCOMES = (HIT, NO_HIT, NOT_TOLD)
"""What an answer says: something was found that may be told; nothing was that may be told by itself; or neither is
told, because the agreement neither confirms nor denies."""


class UnreadableQuestion(PartnerFault):
    """The body of a query or a request cannot be read: {why}. Ask the sender's operator for a corrected message."""


class UnreadableAnswer(PartnerFault):
    """The body of an answer or a refusal cannot be read: {why}. Ask the sender's operator for a corrected message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked for: things of one `kind` by `selector` (fields with their exact values, as text) or the one
    `record` (its id). `fields`: those that are wanted, none for whatever may be told; a query wants none by name.
    `legal_basis` is a code of the list `legal-basis`; `reason` a sentence for whoever decides.
    """

    kind: str
    legal_basis: str
    reason: str
    selector: tuple[tuple[str, str], ...] = ()
    record: str | None = None
    fields: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        return {
            "form": QUESTION_FORM,
            "kind": self.kind,
            "selector": [{"field": field, "value": value} for field, value in self.selector],
            "record": self.record,
            "fields": list(self.fields),
            "legal_basis": self.legal_basis,
            "reason": self.reason,
        }


def is_value(value: object) -> bool:
    """A value to ask by: text, not empty."""
    return is_note(value) and isinstance(value, str) and len(value.strip()) > 0 and len(value) <= MAX_VALUE_CHARACTERS


def is_reason(value: object) -> bool:
    """A sentence that says why: text for people, not empty."""
    return is_note(value) and isinstance(value, str) and len(value.strip()) > 0 and len(value) <= MAX_REASON_CHARACTERS


def _is_form(value: object) -> bool:
    return type(value) is int and value == 1


_SELECTOR_SHAPE: Mapping[str, Check] = {"field": is_name, "value": is_value}

QUESTION_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "kind": is_code,
        "selector": list_of(lambda item: not faults(item, _SELECTOR_SHAPE), MAX_SELECTORS),
        "record": optional(is_name),
        "fields": list_of(is_name, MAX_FIELDS),
        "legal_basis": is_name,
        "reason": is_reason,
    }
)


def question_bytes(question: Question) -> bytes:
    """The body of a query or a request. Raises UnsendableMessage unless a reader would take it."""
    members = question.to_json()
    why = faults(members, QUESTION_SHAPE) or _contradiction(question)
    if why:
        raise UnsendableMessage(why=why)
    return canonical(members)


def read_question(body: bytes, *, is_query: bool) -> Question:
    """What `body` asks. Raises UnreadableQuestion."""
    members = read_object(body, QUESTION_SHAPE, lambda why: UnreadableQuestion(why=why))
    question = Question(
        kind=members["kind"],
        legal_basis=members["legal_basis"],
        reason=members["reason"],
        selector=tuple((one["field"], one["value"]) for one in members["selector"]),
        record=members["record"],
        fields=tuple(members["fields"]),
    )
    why = _contradiction(question)
    if not why and is_query and (question.record is not None or question.fields):
        why = "a query names a record or fields that it wants"
    if why:
        raise UnreadableQuestion(why=why)
    return question


def _contradiction(question: Question) -> str:
    names = [field for field, _ in question.selector]
    if bool(names) == (question.record is not None):
        return "it names a record and values, or neither"
    if len(set(names)) != len(names) or len(set(question.fields)) != len(question.fields):
        return "a field is named twice"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`records`: how many follow as disclosures about the query; none unless it is a hit."""

    outcome: str
    records: int = 0


MAX_RECORDS = 10
"""The most that one answer tells of."""

ANSWER_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "outcome": one_of(OUTCOMES),
        "records": lambda value: type(value) is int and 0 <= value <= MAX_RECORDS,
        "filling": is_text,
    }
)


def answer_bytes(answer: Answer) -> bytes:
    """The body of an answer: always ANSWER_BLOCK_BYTES long. Raises UnsendableMessage."""
    members: dict[str, Json] = {"form": ANSWER_FORM, "outcome": answer.outcome, "records": answer.records}
    why = faults({**members, "filling": ""}, ANSWER_SHAPE) or _half_answer(answer)
    if why:
        raise UnsendableMessage(why=why)
    short = canonical({**members, "filling": ""})
    return canonical({**members, "filling": " " * (ANSWER_BLOCK_BYTES - len(short))})


def read_answer_to(body: bytes) -> Answer:
    """What `body` answers. Raises UnreadableAnswer."""
    members = read_object(body, ANSWER_SHAPE, lambda why: UnreadableAnswer(why=why))
    answer = Answer(outcome=members["outcome"], records=members["records"])
    why = _half_answer(answer)
    if not why and (len(body) != ANSWER_BLOCK_BYTES or members["filling"].strip(" ")):
        why = f"it is not filled up to {ANSWER_BLOCK_BYTES} bytes with blanks"
    if why:
        raise UnreadableAnswer(why=why)
    return answer


def _half_answer(answer: Answer) -> str:
    return "" if (answer.outcome == HIT) == (answer.records > 0) else "a hit tells of records, and nothing else does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is refused: a code of the list `refusal-reason`, and a `note` for people, which may be empty."""

    reason: str
    note: str = ""


REFUSAL_SHAPE: Mapping[str, Check] = MappingProxyType({"form": _is_form, "reason": is_code, "note": is_note})


def refusal_bytes(refusal: Refusal) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    members: dict[str, Any] = {"form": REFUSAL_FORM, "reason": refusal.reason, "note": refusal.note}
    why = faults(members, REFUSAL_SHAPE)
    if why:
        raise UnsendableMessage(why=why)
    return canonical(members)


def read_refusal(body: bytes) -> Refusal:
    """What `body` says. Raises UnreadableAnswer."""
    members = read_object(body, REFUSAL_SHAPE, lambda why: UnreadableAnswer(why=why))
    return Refusal(reason=members["reason"], note=members["note"])
