"""A person reviews a finding; what the provisions in force then permit is queued in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from entente.analysis import ACCEPTED, DISMISSED, OPEN, WITHDRAWN
from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.findings import find
from entente.node.keeping import keep
from entente.node.looking import record_of
from entente.node.offering import RECALL_NEEDED
from entente.node.work import Node, Work
from entente.records import Record
from entente.store import RecordRow, Transaction

Told = Literal["told", "corrected", "waits", "recall-needed"]


class NotOursToReview(InputFault):
    """The finding {finding} came from {party}, which has reviewed it. Answer it with `entente duties answer`."""


class ReviewedAlready(InputFault):
    """The finding {finding} is already {review}. When its records have changed, `entente findings again {finding}`
    looks anew and opens it."""


class RestsOnOldRecords(InputFault):
    """{number} records behind the finding {finding} have been corrected since it was found. Look again first:
    `entente findings again {finding}`."""


class RestsOnRecalled(InputFault):
    """{number} records behind the finding {finding} were erased or called back since it was found. Look again first:
    `entente findings again {finding}`."""


class AnotherVersion(InputFault):
    """The finding {finding} is version {found} now, not {wanted}. Look at it again before you decide."""


class NoteMissing(InputFault):
    """Whoever dismisses a finding says why, and nothing was said. Add --note."""


class UnfitReviewNote(InputFault):
    """The note is longer than {limit} characters or holds characters that steer a screen. Shorten it, or type it anew
    in --note."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What became of a reviewed finding for one partner."""

    partner: str
    what: Told


def review(
    node: Node, name: str, verdict: str, who: str, note: str = "", *, version: int | None = None
) -> tuple[RecordRow, Sequence[Telling]]:
    """`who` accepts or dismisses the finding, at `version` if one is named; dismissing what was accepted before
    withdraws it.

    Raises NoSuchFinding, SeveralFindings, NotOursToReview, ReviewedAlready, RestsOnOldRecords, RestsOnRecalled,
    AnotherVersion, NoteMissing, UnfitReviewNote.
    """
    _check_note(verdict, note)
    with node.writing() as work:
        row = find(work.tx, name)
        record = record_of(node, row)
        _check(work.tx, row, record, verdict, version)
        if verdict == DISMISSED and _was_accepted(node, work.tx, row):
            verdict = WITHDRAWN
        keep(node, work, [_reviewed(record, work.now, verdict, who, note.strip())], row.handling)
        kept = find(work.tx, row.id)
        behind = work.tx.evidence(row.id, row.version)
        work.tx.add_evidence([replace(one, finding_version=kept.version) for one in behind])
        work.write("reviewed", row.id, {"verdict": verdict, "who": who, "version": kept.version})
        return kept, _tellings(work, kept)


def _check_note(verdict: str, note: str) -> None:
    if verdict == DISMISSED and not note.strip():
        raise NoteMissing
    if not is_note(note.strip()):
        raise UnfitReviewNote(limit=MAX_NOTE_CHARACTERS)


def _check(tx: Transaction, row: RecordRow, record: Record, verdict: str, version: int | None) -> None:
    """INVARIANT: nothing is told that rests on records known to be corrected, or called back."""
    if row.via is not None:
        raise NotOursToReview(finding=row.id, party=row.said_by)
    if record.values["review"] != OPEN:
        raise ReviewedAlready(finding=row.id, review=record.values["review"])
    if version is not None and version != row.version:
        raise AnotherVersion(finding=row.id, found=row.version, wanted=version)
    stale = tx.stale_evidence(row.id, row.version)
    if verdict == ACCEPTED and stale:
        raise RestsOnOldRecords(finding=row.id, number=len(stale))
    gone = tx.unsupported_evidence(row.id, row.version)
    if verdict == ACCEPTED and gone:
        raise RestsOnRecalled(finding=row.id, number=len(gone))


def _was_accepted(node: Node, tx: Transaction, row: RecordRow) -> bool:
    return any(record_of(node, one).values.get("review") == ACCEPTED for one in tx.versions(row.id))


def _reviewed(record: Record, now: datetime, verdict: str, who: str, note: str) -> Record:
    values = {**record.values, "review": verdict, "reviewed_on": now.date(), "reviewed_by": who}
    if note:
        values["review_note"] = note
    return replace(record, values=values, recorded_at=now, version=1, supersedes=None)


def _tellings(work: Work, row: RecordRow) -> Sequence[Telling]:
    """By the decisions about this version: who is told now, and who holds an earlier one that is no longer so."""
    decisions = work.tx.decisions(row.id)
    told = {one.partner for one in decisions if one.outcome == "release" and one.record_version < row.version}
    found: dict[str, Told] = {}
    for one in decisions:
        if one.record_version == row.version and one.outcome in ("release", "wait"):
            sent: Told = "corrected" if one.partner in told else "told"
            found[one.partner] = sent if one.outcome == "release" else "waits"
    for release in work.tx.releases(RECALL_NEEDED):
        if (release.record_id, release.record_version) == (row.id, row.version):
            found.setdefault(release.partner, "recall-needed")
    return [Telling(partner, what) for partner, what in sorted(found.items())]
