"""The courier: leases what waits in the outbox, delivers it in batches, and settles it by the partner's signed
receipt.

One courier serves all partners in turn, so no partner may hold it: a call, a turn and the number of rounds are limited,
and a partner whose answers settle nothing is put off like a silent one.
"""

import os
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from entente.errors import EntenteError, PartnerFault
from entente.exchange import (
    KEY_CHANGE,
    UNKNOWN_KEY,
    Batch,
    Directory,
    SignedReceipt,
    UnknownKey,
    fill,
    make_batch,
    read_receipt,
    verify_receipt,
)
from entente.node.calling import CALL_SECONDS, Caller, PartnerRefuses, make_plain
from entente.node.keyring import directory, follow_key_change, key_towards, try_other_key
from entente.node.owing import follow_deliveries
from entente.node.partner_logs import compare_receipts, keep_checkpoint, newest_size
from entente.node.querying import follow_question
from entente.node.recall_taking import follow_recalls
from entente.node.restored import refuse_before_comparison
from entente.node.shelving import follow_records
from entente.node.taking_back import Parcel, pack
from entente.node.work import Node, Work
from entente.signing import Json, PublicKey, digest
from entente.store import OutboxRow, PartnerRow

PATH = "/exchange/v1/messages"
CLAIM = 500
TURN_SECONDS = 60.0
"""No new round with one partner begins after this long; the others come first then."""
MAX_ROUNDS = 50
LEASE = timedelta(seconds=TURN_SECONDS + CALL_SECONDS)  # what is handed to the wire last is still leased when it ends
MAX_WAIT_SECONDS = 300
UNANSWERED = ("queued", "sent")


class NothingSettled(PartnerFault):
    """{party} answers with a receipt that settles nothing: it still expects message {expected}. Messages wait and are
    sent again by themselves; if it lasts, ask its operator."""


class ConfirmedBefore(PartnerFault):
    """{party} expects message {expected} next, although it has signed receipts for all messages up to {confirmed}. Its
    receipt is kept as evidence and nothing was sent again; ask its operator whether its node was restored from a
    backup, and if so run `entente exchange reconcile --resend-confirmed`."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery to one partner did; `fault` says why it stopped before the end, `has_more` that the partner's
    turn was over first."""

    party: str
    settled: int
    fault: EntenteError | None = None
    has_more: bool = False


class Courier:
    """Delivers for one node; several couriers of one node never send the same message at once (leases)."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._caller = Caller(node)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"

    def close(self) -> None:
        self._caller.close()

    def deliver_all(self) -> list[Delivered]:
        """Delivers to every partner what is due; a partner that fails does not keep the others waiting."""
        with self._node.store.reading() as tx:
            partners = tx.partners()
        return [self.deliver(partner) for partner in partners]

    def deliver(self, partner: PartnerRow) -> Delivered:
        """Delivers to one partner until nothing is due, its turn is over or something fails; what failed is put
        off."""
        settled, until = 0, time.monotonic() + TURN_SECONDS
        for _ in range(MAX_ROUNDS):
            parcels: Sequence[Parcel] = ()
            began = time.monotonic()
            try:
                parcels = self._claim(partner.party)
                if not parcels:
                    return Delivered(partner.party, settled)
                for number in self._deliver_run(partner, parcels, until):
                    settled += number
            except EntenteError as error:
                make_plain(error)
                if isinstance(error, PartnerRefuses) and error.values["title"] == UNKNOWN_KEY:
                    try_other_key(self._node, partner.party)
                self._put_off(partner.party, parcels, error, time.monotonic() - began)
                return Delivered(partner.party, settled, error)
            if time.monotonic() >= until:
                break
        return Delivered(partner.party, settled, has_more=True)

    def _claim(self, party: str) -> Sequence[Parcel]:
        """The next messages as they may travel now; what changed about them is written before they leave. Raises
        NotComparedYet after a restoration."""
        with self._node.writing() as work:
            refuse_before_comparison(work.tx, party)
            while rows := work.tx.claim(party, self._name, work.now, work.now + LEASE, CLAIM):
                parcels = pack(self._node, work, rows)
                if parcels:
                    return parcels
        return ()

    def _deliver_run(self, partner: PartnerRow, parcels: Sequence[Parcel], until: float) -> Iterator[int]:
        """Sends `parcels`, which follow on each other; yields how many each batch settled.

        Ends early when the partner did not take a whole batch: what comes behind would only be a hole to it.
        """
        place = iter(parcels)
        for messages in fill(parcel.sealed for parcel in parcels):
            part = [parcel.row for parcel in islice(place, len(messages))]
            with self._node.store.reading() as tx:
                key = key_towards(self._node, tx, partner.party)
            batch = make_batch(
                messages,
                origin=self._node.party,
                recipient=partner.party,
                first_seq=part[0].seq,
                key=key,
            )
            number = self._send(partner, batch, part)
            yield number
            if number < len(part) or time.monotonic() >= until:
                return

    def _send(self, partner: PartnerRow, batch: Batch, rows: Sequence[OutboxRow]) -> int:
        with self._node.store.reading() as tx:
            log_size = newest_size(tx, partner.party)
        signed = read_receipt(self._caller.call(partner, PATH, batch.to_wire()))
        with self._node.writing() as work:
            last = work.tx.position(partner.party).sent_seq
            key = _receipting_key(directory(work.tx), partner.party, signed, work.now)
            receipt = verify_receipt(signed, key, batch, last)
            compare_receipts(work, partner.party, signed)
            _settle(work, partner.party, rows, batch, signed)
            states = [item.state for item in receipt.items]
            follow_recalls(self._node, work, zip(rows, states, strict=False))
            keep_checkpoint(work, partner.party, receipt.checkpoint.encode("utf-8"), log_size)
            fault = None if receipt.items else _why_nothing(work, partner.party, rows[0], signed)
        if fault is not None:  # raised here, because what was written about it must stay
            raise fault
        return len(receipt.items)

    def _put_off(self, party: str, parcels: Sequence[Parcel], error: EntenteError, spent: float) -> None:
        """The wait doubles with each attempt, up to five minutes, and is never shorter than what the failure took from
        the other partners."""
        if not parcels:
            return
        doubled = 2 ** min(max(parcel.row.attempts for parcel in parcels), 11) * 0.25
        wait = min(max(doubled, spent), MAX_WAIT_SECONDS)
        with self._node.store.writing() as tx:
            at = self._node.clock() + timedelta(seconds=wait)
            tx.put_off(party, [parcel.row.seq for parcel in parcels], at, type(error).__name__)


def _receipting_key(known: Directory, party: str, signed: SignedReceipt, now: datetime) -> PublicKey:
    """Raises UnknownKey, SpeaksForAnother."""
    key_id = signed.signature.key_id
    pinned = known.pinned_for(party, key_id)
    if not pinned.holds(now):
        raise UnknownKey(key_id=ascii(key_id))
    return pinned.key


def _settle(work: Work, party: str, rows: Sequence[OutboxRow], batch: Batch, signed: SignedReceipt) -> None:
    """Each message by what the receipt says of it."""
    receipt, data = signed.receipt, signed.to_wire()
    if not receipt.items:
        return
    # One receipt serves all up to its last message.
    work.tx.settle_run(party, [(item.seq, item.state, item.reason) for item in receipt.items], data)
    settled = [
        (row, sealed, item) for item, row, (_, sealed) in zip(receipt.items, rows, batch.numbered(), strict=False)
    ]
    follow_records(work, party, settled)
    for row, sealed, item in settled:
        follow_question(work, row, item.state, item.reason)
        if row.type == KEY_CHANGE and item.state == "accepted":
            follow_key_change(work.tx, party, sealed.body)
    follow_deliveries(work, party, [(row, item.state) for row, _, item in settled])
    facts: dict[str, Json] = {
        "partner": party,
        "first": batch.manifest.first_seq,
        "settled": len(receipt.items),
        "receipt": digest(data),
    }
    work.write("receipt", batch.manifest.root, facts)


def _why_nothing(work: Work, party: str, first: OutboxRow, signed: SignedReceipt) -> PartnerFault:
    """A receipt settled nothing. Where it denies what its signer has confirmed, it is evidence, written down once."""
    expected = signed.receipt.expected_seq
    row = next(iter(work.tx.outbox(party, start=expected, stop=expected + 1)), None)
    if row is None or expected >= first.seq or row.state in UNANSWERED:
        return NothingSettled(party=party, expected=expected)
    if all(entry.type != "refused-message" for entry in work.tx.entries_about(first.id)):
        facts: dict[str, Json] = {
            "partner": party,
            "why": "it expects a message that it has confirmed",
            "expected": expected,
            "confirmed": first.seq - 1,
            "evidence": signed.to_wire().decode("utf-8"),
        }
        work.write("refused-message", first.id, facts)
    return ConfirmedBefore(party=party, expected=expected, confirmed=first.seq - 1)


def make_due(node: Node) -> int:
    """What was put off, or handed to the wire by a courier that is gone, is due at once; how many messages.

    Sending twice is harmless: the partner answers with the receipt it gave before.
    """
    number = 0
    with node.store.writing() as tx:
        for partner in tx.partners():
            number += tx.requeue_unsettled(partner.party)
    return number
