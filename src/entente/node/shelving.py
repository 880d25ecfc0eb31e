"""What was decided to go and did not arrive: it goes back on the shelf, and is offered again.

Either it was taken back before it left, and is offered when an agreement permits it again. Or the partner refused it
because it is behind: it does not hold a signature, an officer's key or a text that we hold. Nobody tells us when it has
caught up, so its records are offered again after a minute, then after twice as long each time; at once when a new text
or signature of the partner arrives, or when it takes in something under the very same provisions.

INVARIANT: a partner that always refuses is sent ever less: the wait doubles without end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from entente.exchange import Message, ReceiptItem, Sealed, read_envelope
from entente.node.work import Work
from entente.signing import Json, canonical, digest, parse
from entente.store import OutboxRow, Transaction

TAKEN_BACK, NOT_TAKEN_IN = "taken-back", "not-taken-in"
SHELVED = (TAKEN_BACK, NOT_TAKEN_IN)
"""Outcomes of decisions whose disclosure did not arrive."""
BEHIND = ("no-agreement", "no-such-provision")
"""Reasons for which a partner refuses what it would take in if it held what we hold."""
OFFERED = "offered:{}"
"""The setting in which a sweep notes what it last offered to a partner by."""
FIRST_WAIT = timedelta(minutes=1)
MAX_DOUBLINGS = 20  # two years

Waits = Mapping[str, tuple[int, datetime]]
"""By what they were refused under (_basis): how often, and when to try again."""


def follow_records(work: Work, partner: str, settled: Sequence[tuple[OutboxRow, Sealed, ReceiptItem]]) -> None:
    """The partner's receipt settled each row, which travelled as `Sealed`, as its item says."""
    is_behind = bool(_waits(work.tx, partner))
    for row, sealed, item in settled:
        if row.record_id is not None:
            _follow_record(work, row, sealed, item, is_behind=is_behind)
            is_behind |= item.state == "refused"


def _follow_record(work: Work, row: OutboxRow, sealed: Sealed, item: ReceiptItem, *, is_behind: bool) -> None:
    """`is_behind`: the partner has refused something that is offered again, and so may have caught up."""
    if item.state == "expired" and sealed.body is None:
        _return_to_shelf(work, row, read_envelope(sealed.envelope), TAKEN_BACK)
        _offer_again(work.tx, row.partner)
    elif item.state == "refused" and item.reason in BEHIND:
        message = read_envelope(sealed.envelope)
        _return_to_shelf(work, row, message, NOT_TAKEN_IN)
        _put_off(work, row.partner, _basis(message))
    elif item.state == "accepted" and is_behind and (waits := _waits(work.tx, row.partner)):
        _end_wait(work.tx, row.partner, waits, _basis(read_envelope(sealed.envelope)))


def rounds(tx: Transaction, partner: str, now: datetime) -> str:
    """Changes whenever it is time to offer again what `partner` did not take in, and only then; empty where it took in
    everything."""
    waits = _waits(tx, partner)
    done: dict[str, Json] = {}
    for name, (tries, again_at) in waits.items():
        if tries > 1 or again_at <= now:
            done[name] = tries - (again_at > now)
    return digest(canonical(done)) if done else ""


def ripen(tx: Transaction, partner: str, now: datetime) -> None:
    """Something of `partner` has changed: it is time to try again, without another wait for nothing."""
    waits = _waits(tx, partner)
    if waits:
        _write(tx, partner, {name: (tries, min(again_at, now)) for name, (tries, again_at) in waits.items()})


def _return_to_shelf(work: Work, row: OutboxRow, message: Message, outcome: str) -> None:
    """The record of `row` has not gone for the message's purpose. What people had released waits for them again."""
    record, version = row.record_id or "", row.record_version or 0
    not_gone = [
        replace(decision, outcome=outcome, decided_at=work.now)
        for decision in work.tx.decisions(record)
        if (decision.partner, decision.record_version) == (row.partner, version)
        and (decision.purpose, decision.outcome) == (message.purpose, "release")
    ]
    work.tx.add_decisions(not_gone, ())
    release = work.tx.release(digest(canonical([record, version, row.partner, message.purpose]))[7:23])
    if release is not None and release.state == "released":
        work.tx.put_release(replace(release, state="waiting", approvals=canonical([])))


def _put_off(work: Work, partner: str, basis: str) -> None:
    """The wait grows once for all messages of a round: those that follow find it running."""
    waits = dict(_waits(work.tx, partner))
    tries, again_at = waits.get(basis, (0, work.now))
    if again_at <= work.now:
        waits[basis] = (tries + 1, work.now + FIRST_WAIT * 2 ** min(tries, MAX_DOUBLINGS))
        _write(work.tx, partner, waits)


def _end_wait(tx: Transaction, partner: str, waits: Waits, basis: str) -> None:
    if basis in waits:
        _write(tx, partner, {name: wait for name, wait in waits.items() if name != basis})
        _offer_again(tx, partner)


def _offer_again(tx: Transaction, partner: str) -> None:
    """The next sweep looks at every record for `partner`, as if its provisions had changed."""
    tx.put_setting(OFFERED.format(partner), "")


def _basis(message: Message) -> str:
    """What the partner judges the message by: whoever took in one under it is not behind for the others."""
    return digest(canonical([message.agreement, *message.provisions]))


def _waits(tx: Transaction, partner: str) -> Waits:
    kept = parse((tx.setting(f"behind:{partner}") or "{}").encode())
    return {name: (tries, datetime.fromisoformat(at)) for name, (tries, at) in kept.items()}


def _write(tx: Transaction, partner: str, waits: Waits) -> None:
    body: dict[str, Json] = {name: [tries, again_at.isoformat()] for name, (tries, again_at) in waits.items()}
    tx.put_setting(f"behind:{partner}", canonical(body).decode())
