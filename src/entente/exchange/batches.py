"""A batch: consecutive messages of one stream with a signed manifest that says how many and which.

The manifest's root is the Merkle root over the messages as they were sent: id, digest of the body, signature. So a
batch can be neither shortened nor changed without notice, a body that was damaged on the way (the whole batch is sent
again) is told from one that was damaged before (it goes aside), and one message can later be shown to have been in it
without showing the rest. Everything is bounded: a reader never holds more than MAX_BATCH_BYTES of a partner's bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from entente.errors import OurFault, PartnerFault, Tampered
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import Check, is_hash_hex, is_party, is_seq, is_signature, is_text
from entente.exchange.roots import merkle_root
from entente.exchange.sealing import Sealed, UnreadableMessage, sealed_from_json
from entente.signing import Json, PrivateKey, PublicKey, Signature, canonical

BATCH_CONTEXT = "batch-v1"
MAX_BATCH_BYTES = 4 * 1024 * 1024
MAX_BATCH_MESSAGES = 1000
_ROOM_FOR_MANIFEST = 2048  # manifest, its signature and the braces around them stay far below it


class UnreadableBatch(PartnerFault):
    """A batch of messages cannot be read: {why}. Ask the sender's operator to send it again."""


class BatchTooLarge(PartnerFault):
    """A batch has {size} {unit}; the limit is {limit}. Ask the sender's operator to send smaller batches."""


class BatchChanged(Tampered):
    """The messages of the batch from {origin} that starts with number {first_seq} are not those of its manifest.
    Nothing was taken in; ask the sender to send it again, and call your security officer if it happens twice."""


class BatchForAnother(PartnerFault):
    """A batch from {origin} is addressed to {recipient}, not to {us}. Nothing was taken in; tell the sender's
    operator."""


class UnsendableBatch(OurFault):
    """A batch cannot be made: {why}. Report the defect; nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a batch holds: messages `first_seq` to `last_seq` of the stream (origin, recipient), and the root over
    them."""

    origin: str
    recipient: str
    first_seq: int
    last_seq: int
    root: str

    @property
    def count(self) -> int:
        return self.last_seq - self.first_seq + 1

    def to_json(self) -> dict[str, Json]:
        return {
            "v": VERSION,
            "origin": self.origin,
            "recipient": self.recipient,
            "first_seq": self.first_seq,
            "last_seq": self.last_seq,
            "count": self.count,
            "root": self.root,
        }


MANIFEST_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "origin": is_party,
        "recipient": is_party,
        "first_seq": is_seq,
        "last_seq": is_seq,
        "count": is_seq,
        "root": is_hash_hex,
    }
)
_BATCH_SHAPE: Mapping[str, Check] = MappingProxyType(
    {"manifest": is_text, "messages": lambda value: isinstance(value, list), "signature": is_signature}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`manifest_bytes` are the signed canonical bytes of `manifest`; messages[i] has number manifest.first_seq + i."""

    manifest: Manifest
    manifest_bytes: bytes
    signature: Signature
    messages: tuple[Sealed, ...]

    def numbered(self) -> Iterator[tuple[int, Sealed]]:
        return enumerate(self.messages, start=self.manifest.first_seq)

    def ids(self) -> Mapping[int, str]:
        """Message ids by sequence number."""
        return {seq: sealed.id for seq, sealed in self.numbered()}

    def to_wire(self) -> bytes:
        """Canonical JSON {manifest, messages, signature}; the manifest as text."""
        return canonical(
            {
                "manifest": self.manifest_bytes.decode("utf-8"),
                "messages": [sealed.to_json() for sealed in self.messages],
                "signature": self.signature.to_json(),
            }
        )


_CHANGES_KEYS = b'"type":"key-change"'  # in canonical JSON no text of a member can hold this


def fill(
    messages: Iterable[Sealed], max_messages: int = MAX_BATCH_MESSAGES, max_bytes: int = MAX_BATCH_BYTES
) -> Iterator[tuple[Sealed, ...]]:
    """Cuts a stream of messages, in order, into runs that fit a batch; one run is in memory at a time. A change of keys
    ends its run: what follows may be signed with the new one."""
    run: list[Sealed] = []
    room = max_bytes - _ROOM_FOR_MANIFEST
    for sealed in messages:
        size = len(sealed.to_wire()) + 1  # and a comma
        if run and (size > room or len(run) == max_messages):
            yield tuple(run)
            run, room = [], max_bytes - _ROOM_FOR_MANIFEST
        run.append(sealed)
        room = 0 if _CHANGES_KEYS in sealed.envelope else room - size
    if run:
        yield tuple(run)


def make_batch(messages: Sequence[Sealed], *, origin: str, recipient: str, first_seq: int, key: PrivateKey) -> Batch:
    """The signed batch of `messages`, which are number `first_seq` and following. Raises UnsendableBatch."""
    if not 1 <= len(messages) <= MAX_BATCH_MESSAGES:
        raise UnsendableBatch(why=f"it would have {len(messages)} messages")
    manifest = Manifest(
        origin=origin,
        recipient=recipient,
        first_seq=first_seq,
        last_seq=first_seq + len(messages) - 1,
        root=_root(messages),
    )
    data = canonical(manifest.to_json())
    return Batch(
        manifest=manifest,
        manifest_bytes=data,
        signature=key.sign(BATCH_CONTEXT, data),
        messages=tuple(messages),
    )


def read_batch(wire: bytes) -> Batch:
    """The batch in `wire`, complete and as its manifest says; who made it is not proven yet.

    Raises BatchTooLarge, UnreadableBatch, UnknownVersion, BatchChanged. A message whose *envelope* cannot be read
    does not make the batch unreadable: its id is known, so it can be put aside and the queue goes on.
    """
    members = _parsed(wire)
    manifest_bytes = members["manifest"].encode("utf-8")
    manifest = _manifest(manifest_bytes)
    try:
        messages = tuple(sealed_from_json(item) for item in members["messages"])
    except UnreadableMessage as error:
        raise UnreadableBatch(why=str(error)) from error
    if len(messages) != manifest.count or _root(messages) != manifest.root:
        raise BatchChanged(origin=manifest.origin, first_seq=manifest.first_seq)
    return Batch(
        manifest=manifest,
        manifest_bytes=manifest_bytes,
        signature=Signature.from_json(members["signature"]),
        messages=messages,
    )


def verify_batch(batch: Batch, key: PublicKey, recipient: str) -> Manifest:
    """The manifest, once it is proven to be `key`'s and for `recipient`. Raises BadSignature, BatchForAnother."""
    key.verify(BATCH_CONTEXT, batch.manifest_bytes, batch.signature)
    if batch.manifest.recipient != recipient:
        raise BatchForAnother(origin=batch.manifest.origin, recipient=batch.manifest.recipient, us=recipient)
    return batch.manifest


def _parsed(wire: bytes) -> dict[str, Any]:
    if len(wire) > MAX_BATCH_BYTES:
        raise BatchTooLarge(size=len(wire), unit="bytes", limit=MAX_BATCH_BYTES)
    members = read_object(wire, _BATCH_SHAPE, lambda why: UnreadableBatch(why=why))
    if len(members["messages"]) > MAX_BATCH_MESSAGES:
        raise BatchTooLarge(size=len(members["messages"]), unit="messages", limit=MAX_BATCH_MESSAGES)
    return members


def _manifest(data: bytes) -> Manifest:
    members = read_object(data, MANIFEST_SHAPE, lambda why: UnreadableBatch(why=f"its manifest: {why}"))
    manifest = Manifest(**{name: members[name] for name in ("origin", "recipient", "first_seq", "last_seq", "root")})
    if members["count"] != manifest.count:
        raise UnreadableBatch(why="its manifest: count is not last_seq - first_seq + 1")
    return manifest


def _root(messages: Sequence[Sealed]) -> str:
    return merkle_root(sealed.leaf() for sealed in messages)
