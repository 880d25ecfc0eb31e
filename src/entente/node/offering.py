"""Step 3: standing provisions are evaluated at once, for every partner; what they permit is queued in the same
transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from entente.agreements import NO_LIMITS, RESCUE, Agreement, Ask, Decision, decide_many, disclose
from entente.analysis import OPEN
from entente.exchange import MessageTooLarge
from entente.node.heard import stale
from entente.node.in_force import agreements_now, roles_of
from entente.node.keeping_days import local_day, today_for, zone_under
from entente.node.looking import record_of
from entente.node.onward import NEVER, Bound, bound, of_those, spoken_for
from entente.node.outgoing import Outgoing
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import DecisionRow, ExplanationRow, RecordRow, ReleaseRow, Transaction

PAGE = 500
RECALL_NEEDED = "recall-needed"
"""On the desk: a correction that may not go, though an earlier version went. The partner holds what is no longer so; so
it does of what was given for a rescue, which only an officer corrects."""
TOO_LARGE = "too-large"
"""On the desk: a disclosure that is larger than a message may be."""


def offer(node: Node, work: Work, partner: str, records: Sequence[Record]) -> None:
    """Decides about our own `records`, or those of others that we speak for, for `partner` under its standing
    provisions, and queues what may go.

    For a party without a node it waits on the desk instead, until an officer makes an advisory of it.

    One purpose after the other: what already goes for a purpose, by an earlier message, is not asked about again. What
    was called back from the partner goes there no more by itself.
    """
    called_back = work.tx.recalled_from(partner, [record.id for record in records])
    records = [record for record in records if record.id not in called_back]
    agreements = agreements_now(node, work, partner)
    outgoing = Outgoing(node, work, partner, [record.id for record in records])
    granted: dict[str, set[str]] = {}
    standing = standing_purposes(agreements, node.party, partner)
    for purpose, kinds in standing.items():
        asked = [r for r in records if r.kind in kinds and purpose not in granted.get(r.id, ())]
        decisions = _decide(node, work, asked, agreements, partner=partner, purpose=purpose)
        for record, decision in zip(asked, decisions, strict=True):
            _act(node, work, outgoing, record, decision)
            granted.setdefault(record.id, set()).update(decision.purposes)
        _write_offered(work, outgoing, purpose, decisions)
    outgoing.close()
    for record in records:
        if record.kind not in standing.get(RESCUE, ()) and _went(work, record, partner, RESCUE):
            _set_aside(work, record, (partner, RESCUE), RECALL_NEEDED)
        for purpose in _told_when_asked(work, record, partner):
            if record.kind not in standing.get(purpose, ()):
                _set_aside(work, record, (partner, purpose), RECALL_NEEDED)


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


def receivers(tx: Transaction) -> Sequence[str]:
    """Everybody to whom something may be given: partners, then parties without a node."""
    return [*(row.party for row in tx.partners()), *(row.party for row in tx.outside_parties())]


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
            limits=binds.limits,
            chain=binds.chain,
        )
        for record, binds in ((record, _bound(node, work, record)) for record in records)
    ]
    return decide_many(asks, agreements, node.catalogue.vocabulary)


def _bound(node: Node, work: Work, record: Record) -> Bound:
    """What binds `record`, already kept; of our own, only what is drawn from others rests on other records."""
    if record.said_by == node.party and not node.catalogue.kind(record.kind).is_drawn:
        return Bound(NO_LIMITS, ())
    row = work.tx.record(record.id, record.version)
    return Bound(NEVER, ()) if row is None else bound(row, today_for(node, work.tx, row, work.now))


def offer_onward(node: Node, work: Work, row: RecordRow, record: Record) -> None:
    """Offers a record that has just arrived to the partners to whom its originator lets us give it."""
    for partner in receivers(work.tx):
        spoken = spoken_for(agreements_now(node, work, partner), node.party, partner)
        if spoken and of_those([row], spoken, partner, stale(work.tx, work.now)):
            offer(node, work, partner, [record])
    for grant in work.tx.redisclosures("asked") if record.version > 1 else ():
        if grant.record_id == record.id and _went(work, record, grant.recipient, grant.purpose):
            _set_aside(work, record, (grant.recipient, grant.purpose), RECALL_NEEDED)


def _act(node: Node, work: Work, outgoing: Outgoing, record: Record, decision: Decision) -> None:
    """Queues the disclosure, or puts it on the desk; what the partner could not tell from its version is not sent."""
    earlier = sent_versions(work, record, decision)
    wanted = decision.ask.receiver, decision.ask.purpose
    if decision.outcome == "withhold":
        if earlier and record.values.get("review") != OPEN:  # what is looked at again is told once it is reviewed
            _set_aside(work, record, wanted, RECALL_NEEDED)
    elif earlier and _looks_the_same(node, work, record, decision, earlier[-1]):
        return
    elif decision.outcome == "wait" or outgoing.is_outside:
        _set_aside(work, record, wanted, "waiting", max(1, decision.needs))
    else:
        try:
            disclosure = disclose(record, node.catalogue.kind(record.kind), decision)
            outgoing.disclose(disclosure, decision.mask, is_correction=bool(earlier))
        except MessageTooLarge:
            _set_aside(work, record, wanted, TOO_LARGE, decision.needs)


def _write_offered(work: Work, outgoing: Outgoing, purpose: str, decisions: Sequence[Decision]) -> None:
    """INVARIANT: nothing counts as given to a party without a node before an officer has made an advisory of it."""
    told = [one for one in decisions if not (outgoing.is_outside and one.outcome == "release")]
    if told:
        write_decisions(work, outgoing.partner, purpose, [one.ask.record for one in told], told)


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
    zone = zone_under(node, work.tx, str(said["agreement"]))
    if _kept_until(work.now, zone, decision.duties) < _kept_until(earlier.decided_at, zone, said["duties"]):
        return False
    old = record_of(node, before).values
    return all(old.get(name) == record.values.get(name) for name in names)


def _kept_until(moment: datetime, zone: str, duties: Mapping[str, int]) -> date:
    days = duties.get("retain_days")
    try:
        return date.max if days is None else local_day(moment, zone) + timedelta(days=days)
    except OverflowError:
        return date.max


def sent_versions(work: Work, record: Record, decision: Decision) -> Sequence[DecisionRow]:
    """Decisions that sent earlier versions of `record` to this partner for this purpose, oldest first."""
    return _went(work, record, decision.ask.receiver, decision.ask.purpose)


def _went(work: Work, record: Record, partner: str, purpose: str) -> Sequence[DecisionRow]:
    if record.version == 1:
        return ()
    return [
        row
        for row in work.tx.decisions(record.id)
        if (row.partner, row.purpose, row.outcome) == (partner, purpose, "release")
        and row.record_version < record.version
    ]


def _told_when_asked(work: Work, record: Record, partner: str) -> Sequence[str]:
    """The purposes for which `partner` was given an earlier version because it had asked."""
    if record.version == 1:
        return ()
    found = {}
    for row in work.tx.decisions(record.id):
        if (row.partner, row.outcome) == (partner, "release") and row.record_version < record.version:
            explanation = work.tx.explanation(row.mask)
            found[row.purpose] = explanation and parse(explanation.body)["asked"]["occasion"]
    return [purpose for purpose, occasion in found.items() if occasion in ("on-hit", "on-request")]


def _set_aside(work: Work, record: Record, wanted: tuple[str, str], state: str, needs: int = 0) -> None:
    """Puts it on the release desk for the partner and purpose that it is `wanted` by; nothing leaves until people act.
    What is there keeps its approvals, or its refusal."""
    partner, purpose = wanted
    number = release_number(record.id, record.version, partner, purpose)
    if work.tx.release(number) is not None:
        return
    row = ReleaseRow(
        id=number,
        record_id=record.id,
        record_version=record.version,
        partner=partner,
        purpose=purpose,
        state=state,
        needs=needs,
        approvals=canonical([]),
        created_at=work.now,
    )
    work.tx.put_release(row)


def release_number(record_id: str, version: int, partner: str, purpose: str) -> str:
    """The number under which the desk has this version for this partner and purpose."""
    return digest(canonical([record_id, version, partner, purpose]))[7:23]


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
