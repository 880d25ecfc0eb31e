"""How a log asks a partner to cosign its checkpoint, and the answer: the rules of C2SP tlog-witness, inside the signed
HTTP profile.

The statuses 200, 409 and 422 of that specification are the outcomes `cosigned`, `conflict` and `refused`. Where it
gives the one size that the witness knows, here all signed checkpoints come from which the log has to prove that it only
grew: its own words, which it cannot doubt. Checkpoints are opaque text to this room.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from entente.errors import PartnerFault
from entente.exchange.documents import VERSION, is_version, read_object
from entente.exchange.members import Check, faults, is_count, is_text, list_of, one_of
from entente.signing import Json, canonical

COSIGNED, CONFLICT, REFUSED = "cosigned", "conflict", "refused"
MAX_HELD = 256
"""Checkpoints from which one request proves growth."""
MAX_SEEN = 200
MAX_PROOF = 63  # no tree of fewer than 2**63 leaves needs more hashes


class UnreadableWitnessing(PartnerFault):
    """A request to cosign a checkpoint, or its answer, cannot be used: {why}. Ask the partner's operator to update its
    node, and compare the keys of both logs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckpoint:
    """Cosign `checkpoint` (a signed note); `proofs` show, by size, that it continues the trees of these sizes.

    `seen` are checkpoints of other logs that the sender cosigned last: two stories for two partners meet here.
    """

    checkpoint: str
    proofs: Mapping[int, tuple[bytes, ...]] = field(default_factory=dict)
    seen: tuple[str, ...] = ()

    def to_wire(self) -> bytes:
        proofs: list[Json] = [{"old": old, "hashes": _texts(proof)} for old, proof in sorted(self.proofs.items())]
        return canonical({"v": VERSION, "checkpoint": self.checkpoint, "proofs": proofs, "seen": list(self.seen)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """`outcome` is cosigned (with the `cosignature` line), conflict (prove growth from each of `held`, which the
    witness knows) or refused (what was shown contradicts each of `held`)."""

    outcome: str
    cosignature: str = ""
    held: tuple[str, ...] = ()

    def to_wire(self) -> bytes:
        return canonical(
            {"v": VERSION, "outcome": self.outcome, "cosignature": self.cosignature, "held": list(self.held)}
        )


def _texts(proof: tuple[bytes, ...]) -> list[Json]:
    return [base64.b64encode(node).decode("ascii") for node in proof]


def _is_hash(value: object) -> bool:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        return False
    return len(raw) == 32 and base64.b64encode(raw).decode("ascii") == value


_PROOF_SHAPE: Mapping[str, Check] = MappingProxyType({"old": is_count, "hashes": list_of(_is_hash, MAX_PROOF)})
ADD_CHECKPOINT_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "checkpoint": is_text,
        "proofs": list_of(lambda proof: not faults(proof, _PROOF_SHAPE), MAX_HELD),
        "seen": list_of(is_text, MAX_SEEN),
    }
)
WITNESSED_SHAPE: Mapping[str, Check] = MappingProxyType(
    {
        "v": is_version,
        "outcome": one_of((COSIGNED, CONFLICT, REFUSED)),
        "cosignature": is_text,
        "held": list_of(is_text, MAX_HELD),
    }
)


def read_add_checkpoint(wire: bytes) -> AddCheckpoint:
    """Raises UnreadableWitnessing, UnknownVersion."""
    members = read_object(wire, ADD_CHECKPOINT_SHAPE, _unreadable)
    proofs = {one["old"]: tuple(base64.b64decode(node) for node in one["hashes"]) for one in members["proofs"]}
    return AddCheckpoint(checkpoint=members["checkpoint"], proofs=proofs, seen=tuple(members["seen"]))


def read_witnessed(wire: bytes) -> Witnessed:
    """Raises UnreadableWitnessing, UnknownVersion."""
    members = read_object(wire, WITNESSED_SHAPE, _unreadable)
    return Witnessed(outcome=members["outcome"], cosignature=members["cosignature"], held=tuple(members["held"]))


def _unreadable(why: str) -> UnreadableWitnessing:
    return UnreadableWitnessing(why=why)
