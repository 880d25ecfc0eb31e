"""C2SP tlog-proof: one entry's place in a signed tree, as a text file that can be checked offline (`.tlog-proof`)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from entente.errors import InputFault, Tampered
from entente.ledger.checkpoints import Checkpoint, read_checkpoint
from entente.ledger.notes import VerifierKey, decode_base64, decode_decimal
from entente.ledger.paths import Proof, inclusion_proof, verify_inclusion
from entente.ledger.tree import HASH_BYTES, HashAt, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63  # no tree of fewer than 2**63 leaves is higher


class UnreadableProof(InputFault):
    """This is not a ledger proof: {why}. Ask for the `.tlog-proof` file again, byte for byte."""


class NotInLedger(Tampered):
    """The proof does not show that this is entry {index} of {origin}. Ask the log's operator for a proof of these
    very bytes; keep both if they insist."""


class TooFewWitnesses(Tampered):
    """The checkpoint of {origin} is cosigned by {count} known witnesses; {needed} are needed. Wait for their
    cosignatures, or ask the witnesses what they saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerProof:
    """Entry number `index` is in the tree of the checkpoint `note`. `extra` is opaque and proven by nothing."""

    index: int
    path: Proof
    note: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {base64.b64encode(self.extra).decode()}"]
        path = [base64.b64encode(node).decode() for node in self.path]
        lines = [HEADER, *extra, f"index {self.index}", *path, ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note

    @classmethod
    def from_bytes(cls, data: bytes) -> "LedgerProof":
        """The proof in `data`; nothing is verified. Raises UnreadableProof."""
        head, blank, note = data.partition(b"\n\n")
        try:
            header, *lines = head.decode("utf-8").split("\n")
        except UnicodeDecodeError as error:
            raise UnreadableProof(why="it is not UTF-8") from error
        if header != HEADER or not blank or not lines:
            raise UnreadableProof(why=f"it does not begin with {HEADER}, an index and an empty line")
        extra = _extra(lines.pop(0)) if lines[0].startswith("extra ") else None
        if not lines or len(lines) > MAX_PATH + 1:
            raise UnreadableProof(why="it has no index or too many hashes")
        return cls(index=_index(lines[0]), path=tuple(_hash(line) for line in lines[1:]), note=note, extra=extra)


def prove(index: int, checkpoint: Checkpoint, hash_at: HashAt, *, extra: bytes | None = None) -> LedgerProof:
    """That entry `index` is in the tree of the signed `checkpoint`. Raises NoSuchEntry and what `hash_at` raises."""
    path = inclusion_proof(index, checkpoint.size, hash_at)
    return LedgerProof(index=index, path=path, note=checkpoint.note, extra=extra)


def verify_proof(
    proof: LedgerProof, data: bytes, known: Sequence[VerifierKey], *, needs_witnesses: int = 0
) -> Checkpoint:
    """The signed checkpoint whose tree holds leaf `data` at `proof.index`.

    Raises UnreadableCheckpoint, UnknownSigner, ForgedSignature, NotInLedger, TooFewWitnesses.
    """
    checkpoint = read_checkpoint(proof.note, known)
    if not verify_inclusion(leaf_hash(data), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise NotInLedger(index=proof.index, origin=checkpoint.origin)
    if len(checkpoint.cosignatures) < needs_witnesses:
        count = len(checkpoint.cosignatures)
        raise TooFewWitnesses(origin=checkpoint.origin, count=count, needed=needs_witnesses)
    return checkpoint


def _extra(line: str) -> bytes:
    extra = decode_base64(line.removeprefix("extra "))
    if extra is None:
        raise UnreadableProof(why="its extra data is not base64")
    return extra


def _index(line: str) -> int:
    index = decode_decimal(line.removeprefix("index ")) if line.startswith("index ") else None
    if index is None:
        raise UnreadableProof(why="it has no index")
    return index


def _hash(line: str) -> bytes:
    node = decode_base64(line)
    if node is None or len(node) != HASH_BYTES:
        raise UnreadableProof(why="one of its lines is not a SHA-256 hash in base64")
    return node
