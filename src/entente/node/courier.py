"""The courier: leases what waits in the outbox, delivers it in batches, and settles it by the partner's signed
receipt."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from entente.errors import EntenteError
from entente.exchange import (
    Batch,
    Receipt,
    SignedReceipt,
    fill,
    make_batch,
    open_sealed,
    read_receipt,
    verify_receipt,
)
from entente.ledger import decode_vkey, read_checkpoint
from entente.node.calling import Caller
from entente.node.work import Node, Work
from entente.signing import Json, PublicKey, digest
from entente.store import CheckpointRow, OutboxRow, PartnerRow

PATH = "/exchange/v1/messages"
CLAIM = 500
LEASE = timedelta(seconds=60)
MAX_WAIT_SECONDS = 300
UNANSWERED = ("queued", "sent")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery to one partner did; `fault` says why it stopped before the end."""

    party: str
    settled: int
    fault: EntenteError | None = None


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
        """Delivers to one partner until nothing is due or something fails; what failed is put off."""
        settled = 0
        while rows := self._claim(partner.party):
            try:
                settled += self._deliver_run(partner, rows)
            except EntenteError as error:
                self._put_off(partner.party, rows, error)
                return Delivered(partner.party, settled, error)
        return Delivered(partner.party, settled)

    def _claim(self, party: str) -> Sequence[OutboxRow]:
        now = self._node.clock()
        with self._node.store.writing() as tx:
            return tx.claim(party, self._name, now, now + LEASE, CLAIM)

    def _deliver_run(self, partner: PartnerRow, rows: Sequence[OutboxRow]) -> int:
        """Sends `rows`, which follow on each other; how many were settled."""
        settled, place = 0, iter(rows)
        for messages in fill(open_sealed(row.sealed) for row in rows):
            part = list(islice(place, len(messages)))
            batch = make_batch(
                messages,
                origin=self._node.party,
                recipient=partner.party,
                first_seq=part[0].seq,
                key=self._node.identity.node_key,
            )
            signed = read_receipt(self._caller.call(partner, PATH, batch.to_wire()))
            settled += self._settle(partner, batch, signed)
        return settled

    def _settle(self, partner: PartnerRow, batch: Batch, signed: SignedReceipt) -> int:
        with self._node.writing() as work:
            last = work.tx.position(partner.party).sent_seq
            key = PublicKey.from_text(partner.public_key)
            receipt = verify_receipt(signed, key, batch, last)
            data = signed.to_wire()
            for item in receipt.items:
                kept = data if item is receipt.items[-1] else None  # one receipt serves all up to its last message
                work.tx.settle(partner.party, item.seq, item.state, item.reason, kept)
            if receipt.expected_seq <= batch.manifest.last_seq:
                start = min(receipt.expected_seq, batch.manifest.first_seq)
                work.tx.requeue(partner.party, range(start, batch.manifest.last_seq + 1))
            facts: dict[str, Json] = {
                "partner": partner.party,
                "first": batch.manifest.first_seq,
                "settled": len(receipt.items),
                "receipt": digest(data),
            }
            work.write("receipt", batch.manifest.root, facts)
            self._keep_checkpoint(work.tx.setting(f"log-key:{partner.party}"), receipt, work)
        return len(receipt.items)

    def _put_off(self, party: str, rows: Sequence[OutboxRow], error: EntenteError) -> None:
        """The wait doubles with each attempt, up to five minutes."""
        wait = min(2 ** min(max(row.attempts for row in rows), 9) * 0.25, MAX_WAIT_SECONDS)
        with self._node.store.writing() as tx:
            at = self._node.clock() + timedelta(seconds=wait)
            tx.put_off(party, [row.seq for row in rows], at, type(error).__name__)

    def _keep_checkpoint(self, vkey: str | None, receipt: Receipt, work: Work) -> None:
        """The partner's signed word about its log, kept: two that contradict each other are evidence."""
        if vkey is None:
            return
        note = receipt.checkpoint.encode("utf-8")
        checkpoint = read_checkpoint(note, [decode_vkey(vkey)])
        row = CheckpointRow(origin=checkpoint.origin, size=checkpoint.size, note=note, at=work.now)
        work.tx.add_checkpoint(row)


def make_due(node: Node) -> int:
    """What has no receipt is due at once, also what a courier that is gone had handed to the wire; how many messages.

    Sending twice is harmless: the partner answers with the receipt it gave before.
    """
    number = 0
    with node.store.writing() as tx:
        for partner in tx.partners():
            waiting = [row.seq for row in tx.outbox(partner.party) if row.state in UNANSWERED]
            tx.requeue(partner.party, waiting)
            number += len(waiting)
    return number
