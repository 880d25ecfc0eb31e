"""Evidence that a party contradicted what it had signed: one JSON file that convinces whoever knows the party's keys.

Every kind holds two things that the party signed, or one and a proof from its own tree, and that cannot both be true.
Nothing in the file says whose keys are right: the reader brings them, as verifier keys, one named `entente/PARTY` for
the log and one named `PARTY` for the node. What receipts and envelopes look like is written in docs/protocol.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from entente.errors import EntenteError, InputFault
from entente.ledger.checkpoints import Checkpoint, read_checkpoint
from entente.ledger.notes import KeyKind, VerifierKey, decode_base64
from entente.ledger.paths import roots_of_consistency, verify_inclusion
from entente.signing import Json, NotCanonical, Signature, canonical, digest, parse

EVIDENCE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "two-heads": (
            "The log of {party} signed two different trees of {size} entries.",
            "Do not rely on that log; show this file to its agency's auditor.",
        ),
        "not-consistent": (
            "The log of {party} signed a tree of {size} entries that does not begin with the {old} it signed before.",
            "Do not rely on that log; show this file to its agency's auditor.",
        ),
        "leaf-missing": (
            "{party} signed that message {seq} is entry {index} of its log; its tree of {size} has another there.",
            "Do not rely on that log; show this file to its agency's auditor.",
        ),
        "receipt-denied": (
            "{party} confirmed all messages before number {old}, and later signed that it expects number {seq}.",
            "Ask its operator whether its node was restored from a backup.",
        ),
        "log-went-back": (
            "{party} signed a ledger of {old} entries, and later one of {size}.",
            "Ask its operator whether its node was restored from a backup.",
        ),
        "stream-forked": (
            "{party} signed two different messages with number {seq} to {recipient}.",
            "Ask its operator whether two nodes run with one key, or its node was restored from a backup.",
        ),
    }
)
"""What each kind of evidence shows, and what to do."""

SHAPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "two-heads": frozenset({"first", "second"}),
        "not-consistent": frozenset({"first", "second", "proof"}),
        "leaf-missing": frozenset({"receipt", "seq", "second", "leaf", "path"}),
        "receipt-denied": frozenset({"first", "second"}),
        "log-went-back": frozenset({"first", "second"}),
        "stream-forked": frozenset({"first", "second"}),
    }
)


class UnreadableEvidence(InputFault):
    """This is not a file of evidence: {why}. Ask for it again, byte for byte as `entente ledger evidence` wrote it."""


class ProvesNothing(InputFault):
    """The file accuses {party} and does not prove it: {why}. Compare the keys you gave with those the party published,
    and do not act upon the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`parts` by the names of SHAPES: signed notes, receipts and envelopes as text, hashes as base64."""

    kind: str
    party: str
    parts: Mapping[str, Json]

    def to_bytes(self) -> bytes:
        return canonical({"v": 1, "kind": self.kind, "party": self.party, "parts": dict(self.parts)})

    @property
    def id(self) -> str:
        return digest(self.to_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What evidence shows once it is proven: a key of EVIDENCE with the values of its sentence."""

    kind: str
    values: Mapping[str, object]

    def said(self, translate: Callable[[str], str] = str) -> str:
        return translate(EVIDENCE[self.kind][0]).format(**self.values)

    def cure(self, translate: Callable[[str], str] = str) -> str:
        return translate(EVIDENCE[self.kind][1]).format(**self.values)


def read_evidence(data: bytes) -> Evidence:
    """The evidence in `data`; nothing is verified. Raises UnreadableEvidence."""
    try:
        members = parse(data.strip())
        kind, party, parts = members["kind"], members["party"], members["parts"]
    except (NotCanonical, KeyError, TypeError) as error:
        raise UnreadableEvidence(why=error) from error
    if members.keys() != {"v", "kind", "party", "parts"} or members["v"] != 1 or kind not in SHAPES:
        raise UnreadableEvidence(why="its version, its kind or its members are not known here")
    if not isinstance(party, str) or not isinstance(parts, dict) or parts.keys() != SHAPES[kind]:
        raise UnreadableEvidence(why="it has not the parts of its kind")
    return Evidence(kind=kind, party=party, parts=parts)


def check_evidence(evidence: Evidence, known: Sequence[VerifierKey]) -> Shown:
    """What the evidence shows, by the keys the reader trusts. Raises ProvesNothing."""
    keys = [key for key in known if key.kind is KeyKind.LOG and key.name in _names(evidence.party)]
    try:
        values = _CHECKS[evidence.kind](evidence, keys)
    except (EntenteError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, ProvesNothing):
            raise
        raise ProvesNothing(party=evidence.party, why=error) from error
    return Shown(kind=evidence.kind, values={"party": evidence.party, **values})


Keys = Sequence[VerifierKey]
Values = Mapping[str, object]


def _names(party: str) -> tuple[str, str]:
    return f"entente/{party}", party


def _two_heads(evidence: Evidence, keys: Keys) -> Values:
    first, second = (_checkpoint(evidence, evidence.parts[name], keys) for name in ("first", "second"))
    _must(evidence, first.size == second.size and first.root != second.root, "both trees may be the same")
    return {"size": second.size}


def _not_consistent(evidence: Evidence, keys: Keys) -> Values:
    """The hashes lead to the newer root, so they are its tree's; they must not lead to the older root."""
    first, second = (_checkpoint(evidence, evidence.parts[name], keys) for name in ("first", "second"))
    old, new = roots_of_consistency(first.size, second.size, _hashes(evidence.parts["proof"]))
    _must(evidence, new == second.root, "its hashes are not those of the newer tree")
    _must(evidence, old != first.root, "the newer tree continues the older one")
    return {"size": second.size, "old": first.size}


def _leaf_missing(evidence: Evidence, keys: Keys) -> Values:
    receipt = _signed(evidence, "receipt", evidence.parts["receipt"], "receipt-v1", keys)
    _must(evidence, receipt["recipient"] == evidence.party, "the receipt is another party's")
    second, seq = _checkpoint(evidence, evidence.parts["second"], keys), evidence.parts["seq"]
    (item,) = (one for one in receipt["items"] if one["seq"] == seq)
    (leaf,) = _hashes([evidence.parts["leaf"]])
    index, path = item["ledger_index"], _hashes(evidence.parts["path"])
    is_there = verify_inclusion(leaf, index, second.size, path, second.root)
    _must(evidence, is_there and leaf.hex() != item["leaf_hash"], "the tree may hold the entry of the receipt")
    return {"index": index, "seq": seq, "size": second.size}


def _receipt_denied(evidence: Evidence, keys: Keys) -> Values:
    first, second = _receipts(evidence, keys)
    _must(evidence, first["origin"] == second["origin"], "the receipts are about two streams")
    _must(evidence, second["expected_seq"] < first["expected_seq"], "the later receipt denies nothing")
    return {"old": first["expected_seq"], "seq": second["expected_seq"]}


def _went_back(evidence: Evidence, keys: Keys) -> Values:
    first, second = (_checkpoint(evidence, one["checkpoint"], keys) for one in _receipts(evidence, keys))
    _must(evidence, second.size < first.size, "the later ledger is not smaller")
    return {"old": first.size, "size": second.size}


def _stream_forked(evidence: Evidence, keys: Keys) -> Values:
    first, second = (
        _signed(evidence, "envelope", evidence.parts[name], "envelope-v1", keys) for name in ("first", "second")
    )
    stream = (first["origin"], first["recipient"]) == (second["origin"], second["recipient"])
    _must(evidence, stream and first["origin"] == evidence.party, "the messages are of two streams")
    has_two = first["seq"] == second["seq"] and first != second
    follows_another = second["seq"] == first["seq"] + 1 and second["previous"] != digest(canonical(first))
    _must(evidence, has_two or follows_another, "the messages may be of one stream")
    return {"seq": first["seq"], "recipient": first["recipient"]}


_CHECKS: Mapping[str, Callable[[Evidence, Keys], Values]] = MappingProxyType(
    {
        "two-heads": _two_heads,
        "not-consistent": _not_consistent,
        "leaf-missing": _leaf_missing,
        "receipt-denied": _receipt_denied,
        "log-went-back": _went_back,
        "stream-forked": _stream_forked,
    }
)


def _must(evidence: Evidence, is_so: bool, why: str) -> None:  # noqa: FBT001 - an assertion about the evidence
    if not is_so:
        raise ProvesNothing(party=evidence.party, why=why)


def _checkpoint(evidence: Evidence, note: Any, keys: Keys) -> Checkpoint:
    checkpoint = read_checkpoint(note.encode("utf-8"), keys)
    _must(evidence, checkpoint.origin == f"entente/{evidence.party}", "a checkpoint is another log's")
    return checkpoint


def _receipts(evidence: Evidence, keys: Keys) -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = (
        _signed(evidence, "receipt", evidence.parts[name], "receipt-v1", keys) for name in ("first", "second")
    )
    _must(evidence, first["recipient"] == second["recipient"] == evidence.party, "a receipt is another party's")
    _must(evidence, first["issued_at"] < second["issued_at"], "the second receipt is not the later one")
    return first, second


def _signed(evidence: Evidence, member: str, wire: Any, context: str, keys: Keys) -> dict[str, Any]:
    """The members of what the party's node signed in `wire`."""
    outer = parse(wire.encode("utf-8"))
    data, signature = outer[member].encode("utf-8"), Signature.from_json(outer["signature"])
    node_keys = [key.key for key in keys if key.name == evidence.party and key.key.key_id == signature.key_id]
    _must(evidence, bool(node_keys), "what it shows is signed with none of the keys you gave")
    node_keys[0].verify(context, data, signature)
    members: dict[str, Any] = parse(data)
    return members


def _hashes(values: Any) -> tuple[bytes, ...]:
    hashes = tuple(decode_base64(value) or b"" for value in values)
    if not all(len(node) == 32 for node in hashes):
        raise ValueError("a hash is not one")
    return hashes
