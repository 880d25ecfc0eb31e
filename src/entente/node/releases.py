"""The release desk: what concerns a person, or what a provision says, leaves only when people have agreed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from entente.agreements import Approval, Ask, Decision, decide, disclose
from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.apart import check_apart
from entente.node.duties import UnfitNote
from entente.node.in_force import agreements_now, roles_of
from entente.node.keeping_days import today_for
from entente.node.looking import Look, check_purpose, log_look, may_be_used, record_of
from entente.node.offering import RECALL_NEEDED, TOO_LARGE, sent_versions, write_decisions
from entente.node.onward import bound
from entente.node.outgoing import Outgoing
from entente.node.training_results import check_trained, passes_of, trained_for
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, digest, parse
from entente.store import ReleaseRow


class NoSuchRelease(InputFault):
    """Nothing with the number `{release}` waits for release. `entente release list` shows what does."""


class AlreadySettled(InputFault):
    """The release {release} is already {state}. Nothing was changed."""


class ApprovedAlready(InputFault):
    """{officer} has approved this release already, and it needs {needs} different officers. Ask another releasing
    officer."""


class NotAReleasingOfficer(InputFault):
    """`{officer}` is not an officer whom {party} has named here and who is in office today. Give --who a role id
    such as {party}/liaison-1, or name the officer with `entente partners officer`."""


class ChangedSinceShown(InputFault):
    """What would leave under the release {release} is no longer what was shown, so nothing was approved. Read what
    would leave now, then approve or refuse that."""


class NotForThatPurpose(NoSuchRelease):
    """What waits under the number `{release}` may not be read for the purpose that was stated. State a purpose
    that it may serve, for example the one it would leave for."""


class NoRefusalReason(InputFault):
    """Nothing was refused, because no reason was given. Write why it may not leave; whoever asks later reads it in the
    ledger."""


class NewerVersion(InputFault):
    """The release {release} is of version {version} of its record, and there is version {newest} now. Refuse this one;
    the newest version waits with a number of its own."""


class NoLongerPermitted(InputFault):
    """The release {release} is no longer permitted: {why}. It stays on the desk; refuse it, or look at the
    agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What people are shown before they decide: `decision` as it will be once the `more` officers who are still needed
    have approved. `seen` fixes it, whoever approves first, and on whatever day. `counted` are the officers whose
    approval counts under today's agreements."""

    row: ReleaseRow
    record: Record
    decision: Decision
    more: int
    counted: tuple[str, ...]
    seen: str


def waiting(node: Node) -> Sequence[ReleaseRow]:
    """What waits for people, oldest first; earlier versions of a record wait for nobody, as none can be released."""
    with node.store.reading() as tx:
        rows = tx.releases("waiting")
        heads = tx.heads(sorted({row.record_id for row in rows}))
    return [row for row in rows if row.record_id in heads and row.record_version == heads[row.record_id].version]


def set_aside(node: Node) -> Sequence[ReleaseRow]:
    """What people must settle by other means: partners that hold what is no longer so, disclosures too large to
    send."""
    with node.store.reading() as tx:
        return [*tx.releases(RECALL_NEEDED), *tx.releases(TOO_LARGE)]


def view(node: Node, look: Look, release_id: str) -> tuple[ReleaseRow, Record, Decision]:
    """What would leave now, under today's agreements; the look is logged. Raises NoReason, UnknownWord, NoSuchRelease,
    NotForThatPurpose."""
    check_purpose(node, look)
    with node.writing() as work:
        row = _row(work, release_id)
        record, decision = _looked_at(node, work, look, row)
    return row, record, decision


def view_whole(node: Node, look: Look, release_id: str) -> Shown:
    """As `view`, with what the last approval will let go."""
    check_purpose(node, look)
    with node.writing() as work:
        row = _row(work, release_id)
        _looked_at(node, work, look, row)
        return _shown(node, work, row)


def approve(node: Node, release_id: str, officer: str, *, seen: str | None = None) -> ReleaseRow:
    """`officer` agrees; with the last approval needed, the disclosure is queued in the same transaction.

    `seen` is that of the `Shown` which the officer read; None where nobody keeps it, as in a terminal.

    Raises NotAReleasingOfficer, NoSuchRelease, AlreadySettled, ApprovedAlready, NewerVersion, ChangedSinceShown,
    NoLongerPermitted, TrainingMissing.
    """
    with node.writing() as work:
        return approve_within(node, work, release_id, officer, seen=seen)


def approve_within(
    node: Node,
    work: Work,
    release_id: str,
    officer: str,
    *,
    seen: str | None = None,
    account: str = "",
    only: Collection[str] | None = None,
) -> ReleaseRow:
    """`approve` as a part of a larger transaction, by the `account` that is signed in, if one is; `only` these
    fields leave, where the last officer chose the fewest that are needed.

    INVARIANT: one account approves once, whichever officers it has acted as; two accounts of which one was just given
    its way in by the other, or both by a third, do not approve together. Raises NotApart and what `approve` raises.
    """
    officer = named_officer(node, work, officer)
    row = _open_row(work, release_id)
    _refuse_old_version(work, row)
    texts = texts_in_force(node, work, row.partner)
    given = earlier_approvals(node, work, row.approvals, officer, account=account, texts=texts, needs=row.needs)
    shown = _shown(node, work, row)
    if seen is not None and seen != shown.seen:
        raise ChangedSinceShown(release=release_id)
    who, agreements = account or officer, agreements_now(node, work, row.partner)
    approval = Approval(officer=officer, at=work.now, passed=passes_of(node, work.tx, who, agreements))
    check_trained(shown.decision, agreements, approval, who)
    by = {"account": account} if account else {}
    given.append({**kept_approval(approval), "under": texts, **by})
    row = replace(row, approvals=canonical(given))
    record, decision = _decide_again(node, work, row)
    if decision.outcome == "withhold":
        raise NoLongerPermitted(release=release_id, why=", ".join(decision.because) or "no provision permits it")
    facts: dict[str, Json] = {"release": row.id, "partner": row.partner, "officer": officer}
    work.write("released", row.record_id, {**facts, "by": account} if account else facts)
    if decision.outcome == "release":
        outgoing = Outgoing(node, work, row.partner)
        kind = node.catalogue.kind(record.kind)
        is_correction = bool(sent_versions(work, record, decision))
        outgoing.disclose(disclose(record, kind, decision, only=only), decision.mask, is_correction=is_correction)
        outgoing.close()
        write_decisions(work, row.partner, row.purpose, [record], [decision])
        row = replace(row, state="released")
    work.tx.put_release(row)
    return row


def earlier_approvals(
    node: Node, work: Work, approvals: bytes, officer: str, *, account: str, texts: str, needs: int
) -> list[dict[str, Any]]:
    """Those beside which `officer` may approve now under `texts`. Raises ApprovedAlready, NotApart."""
    given = [one for one in parse(approvals) if one["officer"] != officer or one["under"] == texts]
    for one in given:
        if one["officer"] == officer or (account and one["under"] == texts and one.get("account") == account):
            raise ApprovedAlready(officer=one["officer"], needs=needs)
        if account and one["under"] == texts and one.get("account"):
            check_apart(node, work, account, one["account"], datetime.fromisoformat(one["at"]))
    return given


def refuse(node: Node, release_id: str, officer: str, why: str) -> ReleaseRow:
    """`officer` refuses, with a reason. Raises NoRefusalReason, UnfitNote, NoSuchRelease, AlreadySettled."""
    with node.writing() as work:
        return refuse_within(work, release_id, officer, why)


def refuse_within(work: Work, release_id: str, officer: str, why: str, *, account: str = "") -> ReleaseRow:
    """`refuse` as a part of a larger transaction, by the `account` that is signed in, if one is."""
    if not why.strip():
        raise NoRefusalReason
    if not is_note(why.strip()):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)
    row = replace(_open_row(work, release_id, also=(RECALL_NEEDED, TOO_LARGE)), state="refused")
    by: dict[str, Json] = {"by": account} if account else {}
    facts: dict[str, Json] = {"release": row.id, "officer": officer, "partner": row.partner, "why": why.strip(), **by}
    work.write("release-refused", row.record_id, facts)
    work.tx.put_release(row)
    return row


def named_officer(node: Node, work: Work, officer: str) -> str:
    """The id of an officer of our party in office today; one person has one id. Raises NotAReleasingOfficer."""
    wanted, today = officer.strip().lower(), work.now.date()
    for row in work.tx.officers():
        is_in_office = row.valid_from <= today and (row.valid_until is None or today <= row.valid_until)
        if row.party == node.party and row.officer == wanted and is_in_office:
            return row.officer
    raise NotAReleasingOfficer(officer=officer, party=node.party)


def texts_in_force(node: Node, work: Work, partner: str) -> str:
    """Fixes the agreements under which somebody approved, and whom they bind: under others, the approval does not
    count."""
    texts = agreements_now(node, work, partner)
    return digest(canonical(sorted([text.digest, *sorted(text.parties)] for text in texts)))


def _refuse_old_version(work: Work, row: ReleaseRow) -> None:
    newest = work.tx.record(row.record_id)
    if newest is not None and newest.version > row.record_version:
        raise NewerVersion(release=row.id, version=row.record_version, newest=newest.version)


def _row(work: Work, release_id: str) -> ReleaseRow:
    row = work.tx.release(release_id)
    if row is None:
        raise NoSuchRelease(release=release_id)
    return row


def _open_row(work: Work, release_id: str, also: Sequence[str] = ()) -> ReleaseRow:
    row = _row(work, release_id)
    if row.state not in ("waiting", *also):
        raise AlreadySettled(release=release_id, state=row.state)
    return row


def _looked_at(node: Node, work: Work, look: Look, row: ReleaseRow) -> tuple[Record, Decision]:
    """INVARIANT: nobody reads on the desk what may not serve the purpose they stated."""
    stored = work.tx.record(row.record_id, row.record_version)
    if stored is not None and not may_be_used(node, stored, look.purpose):
        raise NotForThatPurpose(release=row.id)
    record, decision = _decide_again(node, work, row)
    log_look(work, look, record.kind, [record.id])
    return record, decision


def _shown(node: Node, work: Work, row: ReleaseRow) -> Shown:
    record, now = _decide_again(node, work, row)
    more = now.needs if now.outcome == "wait" else int(now.outcome == "release")
    _, then = _decide_again(node, work, row, more=more)
    texts = texts_in_force(node, work, row.partner)
    counted = (one["officer"] for one in parse(row.approvals) if one["under"] == texts)
    return Shown(
        row=row,
        record=record,
        decision=then,
        more=more,
        counted=tuple(dict.fromkeys(counted)),
        seen=digest(canonical([record.digest, _without_days(then.to_json())])),
    )


def _without_days(explanation: dict[str, Json]) -> dict[str, Json]:
    """The explanation, in which each agreement stands with the local day of the decision."""
    asked = dict(parse(canonical(explanation["asked"])))
    asked["agreements"] = [text for text, _ in asked["agreements"]]
    return {**explanation, "asked": asked}


def _decide_again(node: Node, work: Work, row: ReleaseRow, *, more: int = 0) -> tuple[Record, Decision]:
    """As of now; `more` further officers are taken to have approved."""
    stored = work.tx.record(row.record_id, row.record_version)
    if stored is None:
        raise NoSuchRelease(release=row.id)
    record = record_of(node, stored)
    texts = texts_in_force(node, work, row.partner)
    agreements = agreements_now(node, work, row.partner)
    approvals = [approval_of(given) for given in parse(row.approvals) if given["under"] == texts]
    passed = trained_for(agreements, work.now)
    approvals += [Approval(officer=f"+{number}", at=work.now, passed=passed) for number in range(more)]
    binds = bound(stored, today_for(node, work.tx, stored, work.now))
    ask = Ask(
        record=record,
        kind=node.catalogue.kind(record.kind),
        giver=node.party,
        receiver=row.partner,
        receiver_roles=roles_of(node.catalogue.vocabulary, row.partner),
        purpose=row.purpose,
        occasion="standing",
        moment=work.now,
        approvals=tuple(approvals),
        limits=binds.limits,
        chain=binds.chain,
    )
    return record, decide(ask, agreements, node.catalogue.vocabulary)


def kept_approval(approval: Approval) -> dict[str, Json]:
    """An approval as it is kept, with what its officer had passed then: what is passed or forgotten later changes
    nothing about it."""
    passed: dict[str, Json] = {name: day.isoformat() for name, day in approval.passed}
    return {"officer": approval.officer, "at": approval.at.isoformat(), **({"passed": passed} if passed else {})}


def approval_of(kept: Mapping[str, Any]) -> Approval:
    passed = tuple((name, date.fromisoformat(day)) for name, day in kept.get("passed", {}).items())
    return Approval(officer=kept["officer"], at=datetime.fromisoformat(kept["at"]), passed=passed)
