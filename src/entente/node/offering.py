"""Step 3: standing provisions are evaluated at once, for every partner; what they permit is queued in the same
transaction."""

from collections.abc import Iterable, Mapping, Sequence

from entente.agreements import Agreement, Ask, Decision, decide_many, disclose
from entente.node.in_force import agreements_between, roles_of
from entente.node.outgoing import Outgoing
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest
from entente.store import DecisionRow, ExplanationRow, ReleaseRow

PAGE = 500


def offer(node: Node, work: Work, partner: str, records: Sequence[Record]) -> None:
    """Decides about our own `records` for `partner` under its standing provisions, and queues what may go.

    One purpose after the other: what already goes for a purpose, by an earlier message, is not asked about again.
    """
    agreements = agreements_between(node, work.tx, partner, work.now)
    outgoing = Outgoing(node, work, partner)
    granted: dict[str, set[str]] = {}
    for purpose, kinds in standing_purposes(agreements, node.party, partner).items():
        asked = [r for r in records if r.kind in kinds and purpose not in granted.get(r.id, ())]
        decisions = _decide(node, work, asked, agreements, partner=partner, purpose=purpose)
        for record, decision in zip(asked, decisions, strict=True):
            if decision.outcome == "release":
                outgoing.disclose(disclose(record, node.catalogue.kind(record.kind), decision), decision.mask)
            elif decision.outcome == "wait":
                _wait_for_people(work, record, partner, purpose, decision)
            granted.setdefault(record.id, set()).update(decision.purposes)
        write_decisions(work, partner, purpose, asked, decisions)
    outgoing.close()


def standing_purposes(agreements: Iterable[Agreement], giver: str, receiver: str) -> Mapping[str, frozenset[str]]:
    """Purposes of standing provisions from `giver` to `receiver`, in the texts' order, and the kinds they cover."""
    found: dict[str, frozenset[str]] = {}
    for agreement in agreements:
        for provision in agreement.provisions:
            is_standing = provision.effect == "permit" and provision.occasion == "standing"
            if is_standing and provision.is_between(giver, receiver):
                for purpose in provision.purposes or ():
                    found[purpose] = found.get(purpose, frozenset()).union(provision.kinds or ())
    return found


def _decide(
    node: Node, work: Work, records: Sequence[Record], agreements: Sequence[Agreement], *, partner: str, purpose: str
) -> Sequence[Decision]:
    roles = roles_of(node.catalogue.vocabulary, partner)
    asks = [
        Ask(
            record=record,
            kind=node.catalogue.kind(record.kind),
            giver=node.party,
            receiver=partner,
            receiver_roles=roles,
            purpose=purpose,
            occasion="standing",
            moment=work.now,
        )
        for record in records
    ]
    return decide_many(asks, agreements, node.catalogue.vocabulary)


def _wait_for_people(work: Work, record: Record, partner: str, purpose: str, decision: Decision) -> None:
    """Puts the disclosure on the release desk; nothing leaves until the people named by the provision agree.

    What is there already keeps its approvals, or its refusal.
    """
    body = canonical([record.id, record.version, partner, purpose])
    if work.tx.release(digest(body)[7:23]) is not None:
        return
    row = ReleaseRow(
        id=digest(body)[7:23],
        record_id=record.id,
        record_version=record.version,
        partner=partner,
        purpose=purpose,
        state="waiting",
        needs=decision.needs,
        approvals=canonical([]),
        created_at=work.now,
    )
    work.tx.put_release(row)


def write_decisions(
    work: Work, partner: str, purpose: str, records: Sequence[Record], decisions: Sequence[Decision]
) -> None:
    """Keeps every decision with its explanation, and one ledger entry for all records that share one."""
    rows = []
    explanations: dict[str, ExplanationRow] = {}
    groups: dict[tuple[str, str], list[str]] = {}
    for record, decision in zip(records, decisions, strict=True):
        row = DecisionRow(
            record_id=record.id,
            record_version=record.version,
            partner=partner,
            purpose=purpose,
            outcome=decision.outcome,
            mask=decision.mask,
            decided_at=work.now,
        )
        rows.append(row)
        if decision.mask not in explanations:
            explanations[decision.mask] = ExplanationRow(mask=decision.mask, body=canonical(decision.to_json()))
        groups.setdefault((decision.outcome, decision.mask), []).append(f"{record.id}/{record.version}")
    work.tx.add_decisions(rows, list(explanations.values()))
    for (outcome, mask), about in groups.items():
        facts: dict[str, Json] = {"partner": partner, "purpose": purpose, "outcome": outcome, "count": len(about)}
        work.write("decided", mask, {**facts, "records": digest(canonical(about))})
