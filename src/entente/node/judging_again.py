"""Past decisions judged again: is what is kept of each what the ledger names, and does deciding again give the same
bytes?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from entente.agreements import SAME, Again, Agreement, cannot, derive_again, differs, route_of, texts_of
from entente.errors import EntenteError, InputFault
from entente.ledger import opens, read_opening
from entente.node.ledger_view import entry_row
from entente.node.looking import NoSuchRecord, record_of
from entente.node.work import Node
from entente.records import Record
from entente.signing import NotCanonical, canonical, digest
from entente.store import DecisionRow, EntryRow, RecordRow, Transaction

DECISIONS = ("decided", "disclosed")
"""Types of entry that name a decision by the digest of its explanation."""
MOST = 1000
"""Decisions of one entry that are judged at once."""


class NotADecision(InputFault):
    """Entry {index} of the ledger is no decision, so there is nothing to derive again. `entente ledger show` lists the
    entries with their types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One recorded decision. `mask` is the digest of its explanation; `again`: what deciding again gave."""

    record_id: str
    version: int
    partner: str
    purpose: str
    outcome: str
    decided_at: datetime
    mask: str
    again: Again


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEntry:
    """A ledger entry that names a decision about `count` records; `decisions` are those that are still kept as it
    says (the first MOST). `entry` is what became of the entry itself."""

    index: int
    count: int
    entry: Again
    decisions: Sequence[Judged]

    @property
    def outcomes(self) -> Sequence[Again]:
        """Of its decisions, and of the entry itself where that is not as it was."""
        return [*([] if self.entry == SAME else [self.entry]), *(one.again for one in self.decisions)]

    @property
    def is_different(self) -> bool:
        return any(one.outcome == "differs" for one in self.outcomes)

    @property
    def is_incomplete(self) -> bool:
        return any(one.outcome == "cannot" for one in self.outcomes)


def judge_record(node: Node, record_id: str) -> Sequence[Judged]:
    """Every decision that is kept about `record_id`, in order of version, partner and purpose. Raises NoSuchRecord."""
    with node.store.reading() as tx:
        rows = tx.decisions(record_id)
        if not rows and tx.record(record_id) is None:
            raise NoSuchRecord(record=record_id)
        kept = _Kept(node, tx)
        return [_judged(row, kept.again(row)) for row in rows]


def judge_entry(node: Node, index: int, *, most: int = MOST) -> JudgedEntry:
    """The decisions that entry `index` of our ledger is about. Raises NoSuchLedgerEntry, NotADecision."""
    entry = entry_row(node, index)
    if entry.type not in DECISIONS:
        raise NotADecision(index=index)
    if entry.opening is None or entry.salt is None:
        return JudgedEntry(index=index, count=0, entry=cannot("facts-gone"), decisions=())
    if not _is_as_logged(entry):
        return JudgedEntry(index=index, count=0, entry=differs("entry-changed"), decisions=())
    facts = read_opening(entry.opening).facts
    with node.store.reading() as tx:
        rows = _disclosed(entry, facts) if entry.type == "disclosed" else tx.decisions_of(entry.subject, entry.at, most)
        kept = _Kept(node, tx)
        whole = kept.explained(entry.subject) if not rows else SAME
        if facts.get("count") == 1 and rows:
            rows = [row for row in rows if _fixed(row) == facts["records"]]
            whole = SAME if rows else differs("records-changed")
        found = [_judged(row, kept.again(row)) for row in rows]
    return JudgedEntry(index=index, count=int(facts.get("count", 1)), entry=whole, decisions=found)


def _fixed(row: DecisionRow) -> str:
    """As an entry fixes the one record that it is about."""
    return digest(canonical([f"{row.record_id}/{row.record_version}"]))


def _disclosed(entry: EntryRow, facts: Mapping[str, object]) -> Sequence[DecisionRow]:
    return [
        DecisionRow(
            record_id=str(facts["record"]),
            record_version=int(str(facts["version"])),
            partner=str(facts["partner"]),
            purpose=str(facts["purpose"]),
            outcome="release",
            mask=str(facts["mask"]),
            decided_at=entry.at,
        )
    ]


def _judged(row: DecisionRow, again: Again) -> Judged:
    return Judged(
        record_id=row.record_id,
        version=row.record_version,
        partner=row.partner,
        purpose=row.purpose,
        outcome=row.outcome,
        decided_at=row.decided_at,
        mask=row.mask,
        again=again,
    )


def _is_as_logged(entry: EntryRow) -> bool:
    """INVARIANT: what stands beside a leaf is believed only where it opens the leaf."""
    if entry.opening is None or entry.salt is None or not opens(entry.data, entry.opening, entry.salt):
        return False
    said = read_opening(entry.opening)
    return (said.type, said.subject, said.at) == (entry.type, entry.subject, entry.at)


@dataclass(slots=True)
class _Kept:
    """What this node keeps, read once for all decisions that share it."""

    node: Node
    tx: Transaction
    _explained: dict[str, tuple[Again, bytes, Mapping[str, Agreement]]] = field(default_factory=dict)

    def again(self, decision: DecisionRow) -> Again:
        found, explanation, texts = self._explanation(decision.mask)
        if found != SAME:
            return found
        if route_of(explanation) != (decision.partner, decision.purpose):
            return differs("records-changed")
        row = self.tx.record(decision.record_id, decision.record_version)
        if row is None or not row.body:
            return derive_again(explanation, None, texts, self.node.catalogue)
        if not _is_as_kept(self.tx, row):
            return differs("record-changed")
        record = self._record(row)
        if record is None:
            return cannot("kind-changed", kind=row.kind)
        return derive_again(explanation, record, texts, self.node.catalogue)

    def explained(self, mask: str) -> Again:
        """Whether the explanation and its texts are what they were; SAME where they are."""
        return self._explanation(mask)[0]

    def _record(self, row: RecordRow) -> Record | None:
        """None where the kinds of this program can no longer read it."""
        try:
            return record_of(self.node, row)
        except (EntenteError, NotCanonical):
            return None

    def _explanation(self, mask: str) -> tuple[Again, bytes, Mapping[str, Agreement]]:
        if mask not in self._explained:
            self._explained[mask] = self._read(mask)
        return self._explained[mask]

    def _read(self, mask: str) -> tuple[Again, bytes, Mapping[str, Agreement]]:
        row = self.tx.explanation(mask)
        if row is None:
            return cannot("explanation-gone"), b"", {}
        if digest(row.body) != mask or not self._is_logged(mask):
            return differs("explanation-changed"), b"", {}
        wanted = texts_of(row.body)
        held = {text.digest: text.source for text in self.tx.agreements() if text.digest in wanted}
        for name, source in held.items():
            if digest(source) != name:
                return differs("text-changed", agreement=name), b"", {}
        return SAME, row.body, self._texts(held)

    def _is_logged(self, mask: str) -> bool:
        """INVARIANT: an explanation that the ledger does not name was put in its place."""
        before = self.tx.ledger_head().size
        return any(_is_as_logged(entry) for entry in self.tx.entries_before(before, 1, of_type="decided", subject=mask))

    def _texts(self, held: Mapping[str, bytes]) -> Mapping[str, Agreement]:
        found = {}
        for name, source in held.items():
            try:
                found[name] = self.node.agreement(name, source)
            except EntenteError:  # this program no longer reads it: as if it were not held
                continue
        return found


def _is_as_kept(tx: Transaction, row: RecordRow) -> bool:
    """The version has the digest in its row and, for one of our own, the one in the ledger."""
    if digest(row.body) != row.digest:
        return False
    logged = [entry for entry in tx.entries_about(row.id) if entry.type in ("kept", "corrected") and entry.opening]
    for entry in logged:
        facts = read_opening(entry.opening or b"").facts
        if facts.get("version") == row.version:
            return _is_as_logged(entry) and facts.get("record") == row.digest
    return row.via is not None or not logged
