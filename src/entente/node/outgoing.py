"""Step 5: written down before it leaves. A partner's stream within one transaction: outbox rows and ledger entries."""

from collections.abc import Iterable
from typing import Any

from entente.agreements import Disclosure
from entente.exchange import message_for, seal, urgency_for
from entente.node.keyring import key_towards
from entente.node.owing import NOTICE, Asking
from entente.node.restored import refuse_before_comparison
from entente.node.work import Node, Work
from entente.signing import Json, digest
from entente.store import OutboxRow

ADVISORY = "advisory"
"""The type of message to a party without a node: people hand it over, and an answer is always owed about it."""


class Outgoing:
    """Messages for `partner` in gapless order; `close` queues them. INVARIANT: no entry, no message.

    `ids` are the records that may go with them: what the partner was asked about them is then read at once.
    """

    def __init__(self, node: Node, work: Work, partner: str, ids: Iterable[str] = ()) -> None:
        self._node, self._work, self.partner = node, work, partner
        self._key = key_towards(node, work.tx, partner, lasting=True)
        position = work.tx.position(partner)
        self._last = (position.sent_seq, position.sent_id)
        self._rows: list[OutboxRow] = []
        self._asking = Asking(node, work, partner, ids)
        self.is_outside = work.tx.outside_party(partner) is not None

    def disclose(
        self,
        disclosure: Disclosure,
        mask: str,
        *,
        is_correction: bool = False,
        urgency: str | None = None,
        about: str | None = None,
    ) -> None:
        """Queues a disclosure of a record, or a correction of an earlier one; `mask` names its explanation.

        A record whose kind is a notice goes as a notification, and its receiver owes an answer from then on; once it
        does, newer versions are corrections. About anything else an answer is owed where the provisions set days,
        once for each version. `urgency`: of an emergency; else by the day an answer is due. `about`: the
        question that it answers. To a party without a node it goes as an advisory, which names the one before it about
        the same record. Raises MessageTooLarge; then nothing is queued.
        """
        version = disclosure.record_version
        is_notice, asks = self._asks(disclosure)
        due = self._asking.due(disclosure) if asks else None
        kind = NOTICE if is_notice else "correction" if is_correction else "disclosure"
        if self.is_outside:
            kind, about = ADVISORY, self._work.tx.last_sent(self.partner, disclosure.record_id)
        facts: dict[str, Json] = {
            "record": disclosure.record_id,
            "version": version,
            "agreement": disclosure.agreement,
            "provisions": list(disclosure.provisions),
            "purpose": disclosure.purpose,
            "mask": mask,
        }
        if asks:
            facts["due"] = due.isoformat() if due else None
        message = self._add(
            "disclosed",
            disclosure.body,
            facts,
            (disclosure.record_id, version),
            type=kind,
            urgency=urgency or urgency_for(self._work.now, due, self._node.catalogue.vocabulary.list("urgency")),
            due=due,
            about=about,
            agreement=disclosure.agreement,
            provisions=disclosure.provisions,
            purpose=disclosure.purpose,
            caveats=disclosure.caveats,
            is_simulated=disclosure.is_simulated,
        )
        if asks:
            self._asking.owe(disclosure, message, due)

    def send(self, kind: str, body: bytes, *, is_simulated: bool = False, **rest: Any) -> str:
        """Queues a message of type `kind` that carries no record, and gives its id; `rest` are further members of its
        envelope."""
        return self._add("sent", body, {}, None, type=kind, is_simulated=is_simulated, **rest)

    def close(self) -> None:
        """Hands the messages, and what is owed about them, to the store. Raises NotComparedYet after a restoration."""
        if self._rows:
            refuse_before_comparison(self._work.tx, self.partner)
        self._work.tx.queue(self._rows)
        self._asking.close()

    def _asks(self, disclosure: Disclosure) -> tuple[bool, bool]:
        """Whether it goes as a notice, and whether an answer is owed about it."""
        record, version = disclosure.record_id, disclosure.record_version
        if self.is_outside:
            return False, True
        if self._node.catalogue.kind(disclosure.kind).is_notice:
            is_notice = not self._asking.is_asked(record)
            return is_notice, is_notice
        return False, disclosure.feedback_days is not None and not self._asking.is_asked(record, version)

    def _add(
        self, entry: str, body: bytes, facts: dict[str, Json], record: tuple[str, int] | None, **members: Any
    ) -> str:
        message = message_for(
            body,
            origin=self._node.party,
            recipient=self.partner,
            after=self._last,
            created_at=self._work.now,
            **members,
        )
        sealed = seal(message, body, self._key)
        self._rows.append(
            OutboxRow(
                partner=self.partner,
                seq=message.seq,
                id=sealed.id,
                type=message.type,
                state="queued",
                sealed=sealed.to_wire(),
                record_id=record[0] if record else None,
                record_version=record[1] if record else None,
                created_at=self._work.now,
            )
        )
        told: dict[str, Json] = {
            "partner": self.partner,
            "seq": message.seq,
            "type": message.type,
            "body": digest(body),
        }
        self._work.write(entry, sealed.id, told | facts)
        self._last = (message.seq, sealed.id)
        return sealed.id
