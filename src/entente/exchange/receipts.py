"""The receiver's signed answer to a batch: what it holds, in which state, and where its own ledger says so.

A receipt is proof in the sender's hands, so the sender checks it against what it sent: a receipt for a message that
was never sent, for another batch or with holes is a partner's fault. The checkpoint note is carried as opaque text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.batches import MAX_BATCH_MESSAGES, Batch
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import (
    Check,
    faults,
    is_code_or_empty,
    is_count,
    is_digest_text,
    is_hash_hex,
    is_party,
    is_seq,
    is_signature,
    is_text,
    is_time,
    list_of,
    one_of,
    time_text,
)
from entente.exchange.states import RECEIPT_STATES
from entente.signing import Json, PrivateKey, PublicKey, Signature, canonical

RECEIPT_CONTEXT = "receipt-v1"


class UnreadableReceipt(PartnerFault):
    """A receipt cannot be read: {why}. The messages stay unconfirmed; ask the partner's operator, then send them
    again."""


class ReceiptForAnother(PartnerFault):
    """A receipt is for {what}, which is not what was sent. The messages stay unconfirmed; tell the partner's
    operator."""


class ReceiptForNothing(PartnerFault):
    """A receipt from {recipient} confirms message {seq} as {id}, which was never sent. Keep the receipt as evidence
    and tell the partner's operator."""


class IncompleteReceipt(PartnerFault):
    """A receipt from {recipient} expects message {expected} next but does not account for message {seq}. The
    messages stay unconfirmed; send them again and tell the partner's operator if it happens twice."""


class PartnerIsAhead(PartnerFault):
    """{recipient} expects message {expected} next, but this node has written only {last}. If this node was restored
    from a backup, stop sending to this partner and reconcile first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """What became of one message; `leaf_hash` (hex) stands at `ledger_index` in the receiver's log. `reason` is a
    code, empty when accepted.
    """

    seq: int
    id: str
    state: str
    ledger_index: int
    leaf_hash: str
    reason: str = ""

    def to_json(self) -> dict[str, Json]:
        return {
            "seq": self.seq,
            "id": self.id,
            "state": self.state,
            "reason": self.reason,
            "ledger_index": self.ledger_index,
            "leaf_hash": self.leaf_hash,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`recipient` received from `origin` the batch with `root`, and expects number `expected_seq` next.

    `items` account for every message of the batch below `expected_seq`, in order: fewer than were sent tells of a
    hole.
    """

    origin: str
    recipient: str
    root: str
    expected_seq: int
    items: tuple[ReceiptItem, ...]
    checkpoint: str
    issued_at: datetime

    def to_json(self) -> dict[str, Json]:
        return {
            "v": VERSION,
            "origin": self.origin,
            "recipient": self.recipient,
            "root": self.root,
            "expected_seq": self.expected_seq,
            "items": [item.to_json() for item in self.items],
            "checkpoint": self.checkpoint,
            "issued_at": time_text(self.issued_at),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReceipt:
    """`data` are the signed canonical bytes of `receipt`."""

    receipt: Receipt
    data: bytes
    signature: Signature

    def to_wire(self) -> bytes:
        """Canonical JSON {receipt, signature}; the receipt as text."""
        return canonical({"receipt": self.data.decode("utf-8"), "signature": self.signature.to_json()})


_ITEM_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "seq": is_seq,
        "id": is_digest_text,
        "state": one_of(RECEIPT_STATES),
        "reason": is_code_or_empty,
        "ledger_index": is_count,
        "leaf_hash": is_hash_hex,
    }
)
RECEIPT_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "origin": is_party,
        "recipient": is_party,
        "root": is_hash_hex,
        "expected_seq": is_seq,
        "items": list_of(lambda item: not faults(item, _ITEM_SHAPE), MAX_BATCH_MESSAGES),
        "checkpoint": is_text,
        "issued_at": is_time,
    }
)
_WIRE_SHAPE: Mapping[str, Check] = MappingProxyType({"receipt": is_text, "signature": is_signature})


def sign_receipt(receipt: Receipt, key: PrivateKey) -> SignedReceipt:
    """The receipt as the receiver's lasting word."""
    data = canonical(receipt.to_json())
    return SignedReceipt(receipt=receipt, data=data, signature=key.sign(RECEIPT_CONTEXT, data))


def read_receipt(wire: bytes) -> SignedReceipt:
    """The receipt in `wire`; nothing about it is proven yet. Raises UnreadableReceipt, UnknownVersion."""
    outer = read_object(wire, _WIRE_SHAPE, _unreadable)
    data = outer["receipt"].encode("utf-8")
    members = read_object(data, RECEIPT_SHAPE, _unreadable)
    receipt = Receipt(
        items=tuple(ReceiptItem(**item) for item in members["items"]),
        issued_at=datetime.fromisoformat(members["issued_at"]),
        **{name: members[name] for name in ("origin", "recipient", "root", "expected_seq", "checkpoint")},
    )
    return SignedReceipt(receipt=receipt, data=data, signature=Signature.from_json(outer["signature"]))


def verify_receipt(signed: SignedReceipt, key: PublicKey, sent: Batch, last_seq: int) -> Receipt:
    """The receipt, once it is proven to be `key`'s answer to `sent`; `last_seq` is the last number this node has
    written.

    Raises BadSignature, ReceiptForAnother, ReceiptForNothing, IncompleteReceipt, PartnerIsAhead.
    """
    key.verify(RECEIPT_CONTEXT, signed.data, signed.signature)
    receipt, manifest = signed.receipt, sent.manifest
    stream = (receipt.origin, receipt.recipient)
    if stream != (manifest.origin, manifest.recipient):
        raise ReceiptForAnother(what=f"the stream from {stream[0]} to {stream[1]}")
    if receipt.root != manifest.root:
        raise ReceiptForAnother(what=f"the batch with root {receipt.root}")
    _check_items(receipt, sent.ids())
    if receipt.expected_seq > last_seq + 1:
        raise PartnerIsAhead(recipient=receipt.recipient, expected=receipt.expected_seq, last=last_seq)
    return receipt


def _check_items(receipt: Receipt, ids: Mapping[int, str]) -> None:
    for item in receipt.items:
        if ids.get(item.seq) != item.id:
            raise ReceiptForNothing(recipient=receipt.recipient, seq=item.seq, id=item.id)
    wanted = [seq for seq in ids if seq < receipt.expected_seq]
    given = [item.seq for item in receipt.items]
    if given != wanted:
        odd = sorted(set(wanted) ^ set(given)) or given
        raise IncompleteReceipt(recipient=receipt.recipient, expected=receipt.expected_seq, seq=odd[0])


def _unreadable(why: str) -> UnreadableReceipt:
    return UnreadableReceipt(why=why)
