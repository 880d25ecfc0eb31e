"""What can be wrong with a ledger: problems are values with the index of the entry, a sentence and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from types import MappingProxyType

from entente.signing import Json

PROBLEMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-checkpoint": (
            "There is no checkpoint.",
            "Ask the log's operator for the signed checkpoint; without one nothing can be proven.",
        ),
        "unreadable-checkpoint": (
            "The checkpoint cannot be read: {why}.",
            "Ask the log's operator for it again, byte for byte as it was signed.",
        ),
        "unknown-signer": (
            "The checkpoint of {origin} carries no signature of a key that is known for that log.",
            "Do not rely on it; get the log's verifier key from its operator by a second way and compare.",
        ),
        "forged-signature": (
            "The signature of {name} does not fit the checkpoint of {origin} that it stands under.",
            "Keep the checkpoint as evidence and ask the signer which one they signed.",
        ),
        "two-heads": (
            "The log {origin} signed two different trees of {size} entries.",
            "Keep both checkpoints: together they prove it to anybody. Call your security officer.",
        ),
        "smaller": (
            "The log {origin} shows {size} entries after it had shown {old}.",
            "Ask for its newest checkpoint; if this is it, entries are lost or hidden: call your security officer.",
        ),
        "not-consistent": (
            "The log {origin} does not prove that its first {old} of {size} entries are the ones it had before.",
            "Keep both checkpoints and ask for the proof again; if it fails again, call your security officer.",
        ),
        "witness-holds-newer": (
            "{party} holds this node's signed checkpoint of {old} entries; here are {size}: an old copy, or a cut one.",
            "Stop the node and restore the newest database; if there is none, tell every partner before it works on.",
        ),
        "witness-holds-other": (
            "{party} holds a checkpoint of {old} entries that this node signed, and its entries do not lead to it.",
            "Stop the node, keep everything as it is, and call your security officer.",
        ),
        "not-published": (
            "The ledger is not published: {why}",
            "Do what it says; partners cannot cosign meanwhile.",
        ),
        "other-log": (
            "The checkpoint is of the log {origin}, not of {expected}.",
            "Ask for the checkpoint of the right log.",
        ),
        "entry-changed": (
            "Entry {index} was changed after it was logged.",
            "Take the entry from a backup or a partner's receipt, and find out who could write to the ledger.",
        ),
        "entry-disagrees": (
            "Entry {index} does not fit its hash, and no checkpoint tells which of the two was changed.",
            "Compare the entry with a backup or a partner's receipt.",
        ),
        "hash-changed": (
            "The hash kept for entry {index} was changed; the entry itself is the one that was logged.",
            "Write the hashes anew from the entries, and find out who could write to the ledger.",
        ),
        "range-changed": (
            "Something from entry {index} to entry {last} was changed together with its hashes.",
            "Compare these entries with a backup or with partners' receipts; checkpoints at more sizes narrow it down.",
        ),
        "entries-missing": (
            "The entries from {index} to {last} are missing.",
            "Restore them from a backup; their hashes tell if they are the right ones.",
        ),
        "truncated": (
            "The ledger ends after {index} entries, but its tree has {size}.",
            "Restore the newest backup or copy; what a partner has a receipt for cannot be unsaid.",
        ),
        "out-of-order": (
            "Entry {index} stands where entry {expected} belongs.",
            "Restore the entries from a backup.",
        ),
        "beyond-head": (
            "Entry {index} and those after it are not in the tree that the ledger keeps.",
            "Find out who could write to the ledger; the node does not write entries past its tree.",
        ),
        "wrong-opening": (
            "The facts shown for entry {index} are not the ones that were logged.",
            "Do not rely on them; take them from a backup, and find out who could write to the ledger.",
        ),
        "wrong-label": (
            "The {column} shown for entry {index} is not the one that was logged.",
            "Take it from the entry's facts, and find out who could write to the ledger.",
        ),
        "file-missing": (
            "The file {path} is missing.",
            "Copy it from the log again, or write the tiles anew from the entries.",
        ),
        "file-broken": (
            "The file {path} is damaged: it cannot be read beyond entry {index}.",
            "Copy it from the log again.",
        ),
        "tile-changed": (
            "The file {path} does not fit the entries; the first difference covers entry {index}.",
            "Write the tiles anew from the entries, and find out who could write to the ledger.",
        ),
        "root-differs": (
            "The entries give another tree than the one of {size} entries that was signed.",
            "Keep everything as it is and call your security officer.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`code` is a key of PROBLEMS; `index` the (first) entry concerned, None where it is about the whole log."""

    code: str
    index: int | None = None
    values: Mapping[str, object] = default(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, through `translate` (message id -> template)."""
        return self._filled(PROBLEMS[self.code][0], translate)

    def cure(self, translate: Callable[[str], str] = str) -> str:
        """What to do."""
        return self._filled(PROBLEMS[self.code][1], translate)

    def to_json(self) -> dict[str, Json]:
        values: dict[str, Json] = {
            name: value if isinstance(value, int) else str(value) for name, value in self.values.items()
        }
        return {"code": self.code, "index": self.index, "values": values}

    def _filled(self, message_id: str, translate: Callable[[str], str]) -> str:
        return translate(message_id).format(index=self.index, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found: the tree it is about, how many entries were read, and every problem."""

    origin: str
    size: int
    root: bytes
    read: int
    problems: tuple[Problem, ...]

    @property
    def is_intact(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Json]:
        return {
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "read": self.read,
            "problems": [problem.to_json() for problem in self.problems],
        }

    def indexes(self, *codes: str) -> tuple[int, ...]:
        """The entries named by problems with these codes (all codes when none is given), sorted."""
        named = {problem.index for problem in self.problems if not codes or problem.code in codes}
        return tuple(sorted(index for index in named if index is not None))
