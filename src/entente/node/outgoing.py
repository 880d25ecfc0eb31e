"""Step 5: written down before it leaves. A partner's stream within one transaction: outbox rows and ledger entries."""

from typing import Any

from entente.agreements import Disclosure
from entente.exchange import message_for, seal, urgency_for
from entente.node.owing import NOTICE, answer_due, is_asked_about, owe_to_us
from entente.node.work import Node, Work
from entente.signing import Json, digest
from entente.store import OutboxRow


class Outgoing:
    """Messages for `partner` in gapless order; `close` queues them. INVARIANT: no entry, no message."""

    def __init__(self, node: Node, work: Work, partner: str) -> None:
        self._node, self._work, self._partner = node, work, partner
        position = work.tx.position(partner)
        self._last = (position.sent_seq, position.sent_id)
        self._rows: list[OutboxRow] = []

    def disclose(self, disclosure: Disclosure, mask: str, *, is_correction: bool = False) -> None:
        """Queues a disclosure of a record, or a correction of an earlier one; `mask` names its explanation.

        A record whose kind is a notice goes as a notification, and its receiver owes an answer from then on; once it
        does, newer versions are corrections. Raises MessageTooLarge; then nothing is queued.
        """
        version = disclosure.record_version
        is_notice = self._is_notice(disclosure)
        due = answer_due(self._node, self._work, disclosure) if is_notice else None
        facts: dict[str, Json] = {
            "record": disclosure.record_id,
            "version": version,
            "agreement": disclosure.agreement,
            "provisions": list(disclosure.provisions),
            "purpose": disclosure.purpose,
            "mask": mask,
        }
        if is_notice:
            facts["due"] = due.isoformat() if due else None
        message = self._add(
            "disclosed",
            disclosure.body,
            facts,
            (disclosure.record_id, version),
            type=NOTICE if is_notice else "correction" if is_correction else "disclosure",
            urgency=urgency_for(self._work.now, due, self._node.catalogue.vocabulary.list("urgency")),
            due=due,
            agreement=disclosure.agreement,
            provisions=disclosure.provisions,
            purpose=disclosure.purpose,
            caveats=disclosure.caveats,
            is_simulated=disclosure.is_simulated,
        )
        if is_notice:
            owe_to_us(self._work, disclosure, message, due)

    def send(self, kind: str, body: bytes, *, is_simulated: bool = False, **rest: Any) -> str:
        """Queues a message of type `kind` that carries no record, and gives its id; `rest` are further members of its
        envelope."""
        return self._add("sent", body, {}, None, type=kind, is_simulated=is_simulated, **rest)

    def close(self) -> None:
        """Hands the messages to the store."""
        self._work.tx.queue(self._rows)

    def _is_notice(self, disclosure: Disclosure) -> bool:
        kind = self._node.catalogue.kind(disclosure.kind)
        return kind.is_notice and not is_asked_about(self._work.tx, self._partner, disclosure.record_id)

    def _add(
        self, entry: str, body: bytes, facts: dict[str, Json], record: tuple[str, int] | None, **members: Any
    ) -> str:
        message = message_for(
            body,
            origin=self._node.party,
            recipient=self._partner,
            after=self._last,
            created_at=self._work.now,
            **members,
        )
        sealed = seal(message, body, self._node.identity.node_key)
        self._rows.append(
            OutboxRow(
                partner=self._partner,
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
            "partner": self._partner,
            "seq": message.seq,
            "type": message.type,
            "body": digest(body),
        }
        self._work.write(entry, sealed.id, told | facts)
        self._last = (message.seq, sealed.id)
        return sealed.id
