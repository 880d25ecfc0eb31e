"""The bodies of a `recall` and of its `erasure-receipt`: stop holding, or using, what a message brought; and what was
done.

A recall names its message in the envelope (`about`), and the moment by which it is to be done (`due`). Knows the forms.
Refuses to know who gave what to whom, which reasons there are (the list `recall-reason`) and what erasing means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.documents import read_object
from entente.exchange.feedback import is_note
from entente.exchange.members import (
    Check,
    faults,
    is_code,
    is_count,
    is_party,
    is_time,
    list_of,
    one_of,
    optional,
    time_text,
)
from entente.exchange.messages import UnsendableMessage
from entente.exchange.states import RECALL
from entente.signing import Json, canonical

RECALL_FORM = 1
ERASE, MARK = "erase", "mark"
WANTED = (ERASE, MARK)
"""Erase it, or keep it and use it for nothing."""
PARTLY, DONE = "partly", "done"
STAGES = (PARTLY, DONE)
"""Each is an event of the machine RECALL."""
DEEDS = ("erased", "marked", "nothing-held")
MAX_HOLDERS = 256
MAX_REMAINS = 16


class UnreadableRecall(PartnerFault):
    """The body of a recall cannot be read: {why}. Ask the sender's operator for a corrected message."""


class UnreadableErasureReceipt(PartnerFault):
    """The body of an erasure receipt cannot be read: {why}. Ask the sender's operator for a corrected message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Why, in a code and in words for people, and what is to be done."""

    reason: str
    note: str
    wanted: str

    def to_json(self) -> dict[str, Json]:
        return {"form": RECALL_FORM, "reason": self.reason, "note": self.note, "wanted": self.wanted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody to whom the record was handed on and who was told too: the state of that recall, and by when."""

    party: str
    state: str
    due: datetime | None

    def to_json(self) -> dict[str, Json]:
        return {"party": self.party, "state": self.state, "due": None if self.due is None else time_text(self.due)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReceipt:
    """What was done: `deed` one of DEEDS, how many versions, messages, openings of ledger entries went, how many
    findings were flagged; whom the record was handed on to; codes of what `remains`; when it was done."""

    stage: str
    deed: str
    versions: int
    messages: int
    openings: int
    findings: int
    onward: tuple[Holder, ...]
    remains: tuple[str, ...]
    done_at: datetime

    def to_json(self) -> dict[str, Json]:
        return {
            "form": RECALL_FORM,
            "stage": self.stage,
            "deed": self.deed,
            "versions": self.versions,
            "messages": self.messages,
            "openings": self.openings,
            "findings": self.findings,
            "onward": [holder.to_json() for holder in self.onward],
            "remains": list(self.remains),
            "done_at": time_text(self.done_at),
        }


def _is_form(value: object) -> bool:
    return type(value) is int and value == RECALL_FORM


def _is_holder(value: object) -> bool:
    return not faults(value, _HOLDER_SHAPE)


_HOLDER_SHAPE: Mapping[str, Check] = {"party": is_party, "state": one_of(RECALL.states), "due": optional(is_time)}
RECALL_SHAPE: Mapping[str, Check] = MappingProxyType(
    {"form": _is_form, "reason": is_code, "note": is_note, "wanted": one_of(WANTED)}
)
ERASURE_RECEIPT_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "form": _is_form,
        "stage": one_of(STAGES),
        "deed": one_of(DEEDS),
        "versions": is_count,
        "messages": is_count,
        "openings": is_count,
        "findings": is_count,
        "onward": list_of(_is_holder, MAX_HOLDERS),
        "remains": list_of(is_code, MAX_REMAINS),
        "done_at": is_time,
    }
)


def recall_bytes(recall: Recall) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    return _written(recall.to_json(), RECALL_SHAPE)


def read_recall(body: bytes) -> Recall:
    """What `body` says. Raises UnreadableRecall."""
    members = read_object(body, RECALL_SHAPE, lambda why: UnreadableRecall(why=why))
    return Recall(reason=members["reason"], note=members["note"], wanted=members["wanted"])


def erasure_receipt_bytes(receipt: ErasureReceipt) -> bytes:
    """The body. Raises UnsendableMessage unless a reader would take it."""
    return _written(receipt.to_json(), ERASURE_RECEIPT_SHAPE)


def read_erasure_receipt(body: bytes) -> ErasureReceipt:
    """What `body` says. Raises UnreadableErasureReceipt."""
    members = read_object(body, ERASURE_RECEIPT_SHAPE, lambda why: UnreadableErasureReceipt(why=why))
    onward = tuple(
        Holder(
            party=one["party"],
            state=one["state"],
            due=None if one["due"] is None else datetime.fromisoformat(one["due"]),
        )
        for one in members["onward"]
    )
    counts = {name: members[name] for name in ("versions", "messages", "openings", "findings")}
    return ErasureReceipt(
        stage=members["stage"],
        deed=members["deed"],
        onward=onward,
        remains=tuple(members["remains"]),
        done_at=datetime.fromisoformat(members["done_at"]),
        **counts,
    )


def _written(members: dict[str, Json], shape: Mapping[str, Check]) -> bytes:
    why = faults(members, shape)
    if why:
        raise UnsendableMessage(why=why)
    return canonical(members)
