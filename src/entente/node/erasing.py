"""A record is erased here: its text, what it was found by, the messages that brought it and carried it on.

What stays is that it was here: its id and versions, the leaves of the ledger without their openings, and the receipts
of partners. Findings that rest on it are looked at anew by a person. What happens at a partner is another matter
(recalling).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from entente.analysis import ACCEPTED, OPEN
from entente.exchange import open_sealed
from entente.node.archive_keys import destroy_keys
from entente.node.findings import REVIEW_FIELDS
from entente.node.keeping import keep
from entente.node.looking import record_of
from entente.node.offering import TOO_LARGE
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import OutboxRow

ON_THE_WAY = ("queued", "sent")
"""States of messages that the courier has still to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went: `versions` of the record, `messages` in both streams, `releases` that waited, `openings` of ledger
    entries. `findings` are the ids of those that rest on it. All are 0 where it was erased before, or never here."""

    record_id: str
    versions: int = 0
    messages: int = 0
    releases: int = 0
    openings: int = 0
    findings: tuple[str, ...] = ()


def erase(node: Node, work: Work, record_id: str, *, why: str) -> Erased:
    """Erases a record, of ours or a partner's, with all that was kept of what it says; once.

    What is in archives of this node is closed for good: its keys are destroyed.

    INVARIANT: what has not left yet leaves no more: it travels without its body. What was erased is in no file of the
    database any more (SQLite overwrites it; PostgreSQL does with its next VACUUM).
    """
    if not any(row.body for row in work.tx.versions(record_id)):
        return Erased(record_id=record_id)
    sent = work.tx.sent_of(record_id)
    brought = [row for row in work.tx.received_of(record_id) if row.sealed]
    emptied = take_back(work, record_id, "erased")
    findings = flag_findings(node, work, record_id)
    done = Erased(
        record_id=record_id,
        releases=withdraw_releases(work, record_id),
        versions=work.tx.erase_record(record_id),
        messages=len(brought) + len(emptied) + sum(bool(row.sealed) and row.state not in ON_THE_WAY for row in sent),
        openings=sum(work.tx.erase_openings(subject) for subject in (record_id, *(row.id for row in sent))),
        findings=tuple(findings),
    )
    work.write("erased", record_id, _facts(done, why))
    destroy_keys(node, {record_id, *(row.id for row in sent), *(row.id for row in brought)})
    return done


def flag_findings(node: Node, work: Work, record_id: str) -> Sequence[str]:
    """Ids of our findings that rest on this record now; one that was accepted is open again, so that a person looks
    anew before it is told to anybody else."""
    found = []
    for finding, version in work.tx.findings_resting_on(record_id):
        row = work.tx.record(finding)
        if row is None or not row.body or row.via is not None or row.version != version:
            continue
        found.append(finding)
        record = record_of(node, row)
        if record.values.get("review") != ACCEPTED:
            continue
        told = {name: value for name, value in record.values.items() if name not in REVIEW_FIELDS}
        opened = replace(record, values={**told, "review": OPEN}, recorded_at=work.now, version=1, supersedes=None)
        keep(node, work, [opened], row.handling)
        behind = work.tx.evidence(finding, version)
        work.tx.add_evidence([replace(one, finding_version=version + 1) for one in behind])
    return found


def take_back(work: Work, record_id: str, why: str, partner: str = "") -> Sequence[OutboxRow]:
    """What still waits here for `partner`, or for anybody, never leaves: it travels without its body."""
    waiting = [
        row
        for row in work.tx.sent_of(record_id)
        if row.state in ON_THE_WAY and row.sealed and partner in ("", row.partner)
    ]
    for row in waiting:
        work.tx.replace_sealed(row.partner, row.seq, open_sealed(row.sealed).emptied().to_wire())
        facts: dict[str, Json] = {"partner": row.partner, "seq": row.seq, "type": row.type, "why": why}
        work.write("taken-back", row.id, facts)
    return waiting


def withdraw_releases(work: Work, record_id: str, partner: str = "") -> int:
    """Nobody can release what is not there; what a partner still holds of it stays on the desk."""
    found = [row for state in ("waiting", TOO_LARGE) for row in work.tx.releases(state)]
    waiting = [row for row in found if row.record_id == record_id and partner in ("", row.partner)]
    for row in waiting:
        work.tx.put_release(replace(row, state="refused"))
    return len(waiting)


def _facts(done: Erased, why: str) -> dict[str, Json]:
    return {
        "why": why,
        "versions": done.versions,
        "messages": done.messages,
        "releases": done.releases,
        "openings": done.openings,
        "findings": list(done.findings),
    }
