"""Checkpoints: C2SP tlog-checkpoint, signed notes that fix a tree; cosignatures of witnesses (C2SP tlog-cosignature
v1).

Only the key that carries the log's own name (its origin) signs for the log; any known witness may cosign. Unknown
signatures are ignored, a wrong signature of a known key condemns the whole note (C2SP signed-note).
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from entente.errors import InputFault, Misconfigured, OurFault, Tampered
from entente.ledger.entries import TimeWithoutZone
from entente.ledger.notes import (
    KeyKind,
    Note,
    NoteSignature,
    UnreadableNote,
    VerifierKey,
    decode_base64,
    decode_decimal,
    is_key_name,
    read_note,
    read_signature,
)
from entente.ledger.tree import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from entente.signing import PrivateKey

TIME_BYTES = 8
_LATEST = int(datetime.max.replace(tzinfo=UTC).timestamp())


class UnreadableCheckpoint(InputFault):
    """This is not a checkpoint: {why}. Ask the log's operator for it again, byte for byte as it was signed."""


class UnknownSigner(Tampered):
    """The checkpoint of {origin} carries no signature of a key that is known for that log. Do not rely on it; get the
    log's verifier key from its operator by a second way and compare."""


class ForgedSignature(Tampered):
    """The signature of {name} does not fit the checkpoint of {origin} that it stands under. Keep the checkpoint as
    evidence and ask the signer which one they signed."""


class UnusableOrigin(OurFault):
    """`{origin}` cannot be the name of a log. Use a name without spaces and plus signs, such as entente/ca.cbsa."""


class UnusableTime(Misconfigured):
    """A checkpoint cannot be cosigned at {at}. Set the node's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """A known witness saw this checkpoint at `at`, as the newest and consistent with all it had seen before."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The tree of log `origin` with `size` leaves has root `root` (32 bytes).

    `note` is the whole signed note, kept so that others can be convinced; empty before signing. `extensions` are
    opaque lines.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    note: bytes = b""
    cosignatures: tuple[Cosignature, ...] = ()

    @property
    def text(self) -> str:
        """The note text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: PrivateKey, *others: PrivateKey) -> bytes:
    """The signed note of `checkpoint`, under the log's own name; while one key follows another, both sign. Raises
    UnusableOrigin, UnreadableCheckpoint."""
    if not is_key_name(checkpoint.origin):
        raise UnusableOrigin(origin=checkpoint.origin)
    _parse_text(checkpoint.text)
    signatures = tuple(_signature(checkpoint, one) for one in (key, *others))
    return Note(text=checkpoint.text, signatures=signatures).to_bytes()


def _signature(checkpoint: Checkpoint, key: PrivateKey) -> NoteSignature:
    signer = VerifierKey(name=checkpoint.origin, key=key.public)
    value = key.handle().sign(checkpoint.text.encode())
    return NoteSignature(name=signer.name, key_id=signer.key_id, value=value)


def parse_checkpoint(note: bytes) -> Checkpoint:
    """The checkpoint in `note` without a look at its signatures: for display and evidence. Raises
    UnreadableCheckpoint."""
    return _parsed(note)[1]


def read_checkpoint(note: bytes, known: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint in `note`, signed by its log, with the cosignatures of known witnesses.

    Raises UnreadableCheckpoint, UnknownSigner, ForgedSignature.
    """
    signed, checkpoint = _parsed(note)
    has_signed = False
    cosignatures: dict[str, Cosignature] = {}
    for signature in signed.signatures:
        for key in known:
            if not signature.is_by(key):
                continue
            at = _verified(signed.text, checkpoint.origin, signature, key)
            has_signed |= key.kind is KeyKind.LOG and key.name == checkpoint.origin
            if at:
                cosignatures[key.name] = Cosignature(name=key.name, at=at)
    if not has_signed:
        raise UnknownSigner(origin=checkpoint.origin)
    return Checkpoint(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        extensions=checkpoint.extensions,
        note=note,
        cosignatures=tuple(cosignatures.values()),
    )


def cosign(note: bytes, name: str, key: PrivateKey, at: datetime) -> str:
    """The signature line of witness `name` over `note`; `at` is aware and kept to the second.

    Cosign only what `witnessing.witness` has accepted. Raises UnreadableCheckpoint, TimeWithoutZone, UnusableTime.
    """
    signed, _ = _parsed(note)
    if at.utcoffset() is None:
        raise TimeWithoutZone(at=at)
    seconds = int(at.timestamp())
    if seconds <= 0:
        raise UnusableTime(at=at)
    signer = VerifierKey(name=name, key=key.public, kind=KeyKind.WITNESS)
    value = seconds.to_bytes(TIME_BYTES, "big") + key.handle().sign(_cosigned(signed.text, seconds))
    return NoteSignature(name=name, key_id=signer.key_id, value=value).line


def add_cosignature(note: bytes, line: str) -> bytes:
    """`note` with one more signature line; a line that is there already is not added twice.

    Raises UnreadableCheckpoint. Nothing is verified: read_checkpoint does.
    """
    signed, _ = _parsed(note)
    try:
        signature = read_signature(line)
    except UnreadableNote as error:
        raise UnreadableCheckpoint(why=error.values["why"]) from error
    if signature in signed.signatures:
        return note
    return Note(text=signed.text, signatures=(*signed.signatures, signature)).to_bytes()


def _parsed(note: bytes) -> tuple[Note, Checkpoint]:
    try:
        signed = read_note(note)
    except UnreadableNote as error:
        raise UnreadableCheckpoint(why=error.values["why"]) from error
    origin, size, root, extensions = _parse_text(signed.text)
    return signed, Checkpoint(origin=origin, size=size, root=root, extensions=extensions, note=note)


def _parse_text(text: str) -> tuple[str, int, bytes, tuple[str, ...]]:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise UnreadableCheckpoint(why="it needs three lines, none of them empty")
    size, root = decode_decimal(lines[1]), decode_base64(lines[2])
    if size is None or size > MAX_SIZE:
        raise UnreadableCheckpoint(why="the second line is not a number of entries")
    if root is None or len(root) != HASH_BYTES:
        raise UnreadableCheckpoint(why="the third line is not a SHA-256 hash in base64")
    if size == 0 and root != EMPTY_ROOT:
        raise UnreadableCheckpoint(why="an empty tree has another root")
    return lines[0], size, root, tuple(lines[3:])


def _verified(text: str, origin: str, signature: NoteSignature, key: VerifierKey) -> datetime | None:
    """When the witness cosigned; None for the log itself. Raises ForgedSignature."""
    forged = ForgedSignature(name=key.name, origin=origin)
    if key.kind is KeyKind.LOG:
        if not key.key.has_signed(text.encode(), signature.value):
            raise forged
        return None
    seconds, value = int.from_bytes(signature.value[:TIME_BYTES], "big"), signature.value[TIME_BYTES:]
    if not 0 < seconds <= _LATEST or not key.key.has_signed(_cosigned(text, seconds), value):
        raise forged
    return datetime.fromtimestamp(seconds, UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
