"""Step 3: standing provisions are evaluated at once, for every partner; what they permit is queued in the same
transaction."""

from collections.abc import Iterable, Mapping, Sequence

from entente.agreements import NO_LIMITS, Agreement, Ask, Decision, Limits, decide_many, disclose
from entente.analysis import FINDING, OPEN
from entente.exchange import MessageTooLarge
from entente.node.in_force import agreements_now, roles_of
from entente.node.limits import limits_of
from entente.node.looking import record_of
from entente.node.outgoing import Outgoing
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import DecisionRow, ExplanationRow, ReleaseRow

PAGE = 500
RECALL_NEEDED = "recall-needed"
"""On the desk: a correction that may not go, though an earlier version went. The partner holds what is no longer so."""
TOO_LARGE = "too-large"
"""On the desk: a disclosure that is larger than a message may be."""


def offer(node: Node, work: Work, partner: str, records: Sequence[Record]) -> None:
    """Decides about our own `records` for `partner` under its standing provisions, and queues what may go.

    One purpose after the other: what already goes for a purpose, by an earlier message, is not asked about again.
    """
    agreements = agreements_now(node, work, partner)
    outgoing = Outgoing(node, work, partner)
    granted: dict[str, set[str]] = {}
    for purpose, kinds in standing_purposes(agreements, node.party, partner).items():
        asked = [r for r in records if r.kind in kinds and purpose not in granted.get(r.id, ())]
        decisions = _decide(node, work, asked, agreements, partner=partner, purpose=purpose)
        for record, decision in zip(asked, decisions, strict=True):
            _act(node, work, outgoing, record, decision)
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
            limits=_limits(work, record),
        )
        for record in records
    ]
    return decide_many(asks, agreements, node.catalogue.vocabulary)


def _limits(work: Work, record: Record) -> Limits:
    """What `record`, already kept, is bound by; only findings rest on other records."""
    if record.kind != FINDING.name:
        return NO_LIMITS
    row = work.tx.record(record.id, record.version)
    return NO_LIMITS if row is None else limits_of(row)


def _act(node: Node, work: Work, outgoing: Outgoing, record: Record, decision: Decision) -> None:
    """Queues the disclosure, or puts it on the desk; what the partner could not tell from its version is not sent."""
    earlier = sent_versions(work, record, decision)
    if decision.outcome == "withhold":
        if earlier and record.values.get("review") != OPEN:  # what is looked at again is told once it is reviewed
            _set_aside(work, record, decision, RECALL_NEEDED)
    elif earlier and _looks_the_same(node, work, record, decision, earlier[-1]):
        return
    elif decision.outcome == "wait":
        _set_aside(work, record, decision, "waiting")
    else:
        try:
            disclosure = disclose(record, node.catalogue.kind(record.kind), decision)
            outgoing.disclose(disclosure, decision.mask, is_correction=bool(earlier))
        except MessageTooLarge:
            _set_aside(work, record, decision, TOO_LARGE)


def _looks_the_same(node: Node, work: Work, record: Record, decision: Decision, earlier: DecisionRow) -> bool:
    """True when what went of the earlier version is, field by field and in its handling, what may go of this one."""
    before = work.tx.record(record.id, earlier.record_version)
    explanation = work.tx.explanation(earlier.mask)
    if before is None or explanation is None:
        return False
    names, said = {*decision.fields, *decision.waiting}, parse(explanation.body)
    if names != set(said["fields"]) or decision.agreement not in (None, said["agreement"]):
        return False
    if [*decision.purposes] != said["purposes"] or [*decision.caveats] != said["caveats"]:
        return False
    old = record_of(node, before).values
    return all(old.get(name) == record.values.get(name) for name in names)


def sent_versions(work: Work, record: Record, decision: Decision) -> Sequence[DecisionRow]:
    """Decisions that sent earlier versions of `record` to this partner for this purpose, oldest first."""
    if record.version == 1:
        return ()
    ask = decision.ask
    return [
        row
        for row in work.tx.decisions(record.id)
        if (row.partner, row.purpose, row.outcome) == (ask.receiver, ask.purpose, "release")
        and row.record_version < record.version
    ]


def _set_aside(work: Work, record: Record, decision: Decision, state: str) -> None:
    """Puts it on the release desk; nothing leaves until people act. What is there keeps its approvals, or its
    refusal."""
    partner, purpose = decision.ask.receiver, decision.ask.purpose
    body = canonical([record.id, record.version, partner, purpose])
    if work.tx.release(digest(body)[7:23]) is not None:
        return
    row = ReleaseRow(
        id=digest(body)[7:23],
        record_id=record.id,
        record_version=record.version,
        partner=partner,
        purpose=purpose,
        state=state,
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
