"""Bulletins: an accepted finding becomes a plain text in three languages; a person approves it; then it is told.

A bulletin is a record of our own, drawn from the finding and bound by what binds that. It is drafted, approved or
withdrawn as a new version each; provisions that speak of approved bulletins take it to partners as a notification.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from entente.agreements import Limits
from entente.analysis import ACCEPTED, OPEN, WITHDRAWN
from entente.errors import InputFault
from entente.node.bulletin_drafting import KIND, Wish, all_of, drafted
from entente.node.desk import officer_of
from entente.node.findings import find
from entente.node.keeping import keep
from entente.node.limits import limits_body, limits_of
from entente.node.looking import Look, check_look, check_purpose, log_look, may_be_used, record_of
from entente.node.people import Person
from entente.node.releases import named_officer
from entente.node.work import Node, Work
from entente.records import Value
from entente.store import RecordRow, Transaction

PERMISSION = "approve-bulletin"
PURPOSE = "early-warning"
_NOBODY = Limits(purposes=())


class NoSuchBulletin(InputFault):
    """This node holds no bulletin `{bulletin}`. `entente bulletin list` shows those it holds."""


class SeveralBulletins(InputFault):
    """{number} bulletins begin with `{bulletin}`. Give more of the id; `entente bulletin list --json` shows it
    whole."""


class NotAnAcceptedFinding(InputFault):
    """The finding {finding} cannot be told to the public: it is not one that this agency itself has found and accepted.
    Accept it first: `entente findings accept {finding}`."""


class NotForWarning(InputFault):
    """The finding {finding} may not serve early warning, because of the records that it rests on. Tell it to partners
    under its agreement instead."""


class FindingHasChanged(InputFault):
    """The finding {finding} behind the bulletin was looked at again, withdrawn, or its records were corrected or called
    back. Look at the finding, then draft the bulletin anew: `entente bulletin draft {finding}`."""


class NotADraft(InputFault):
    """The bulletin {bulletin} is no draft, so there is nothing to approve. Nothing was changed."""


class NotApproved(InputFault):
    """The bulletin {bulletin} is not approved, so nobody is told it and no file is written. A person approves it first:
    `entente bulletin approve {bulletin}`."""


class ApprovedByDrafter(InputFault):
    """{who} has drafted the bulletin and cannot approve it too. Ask another officer."""


class ChangedSinceRead(InputFault):
    """The bulletin {bulletin} is version {found} now, not {wanted}. Read it again before you approve it."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin as this node holds it. `is_current`: the finding behind it is still what it was drafted from; None of
    a received one, whose finding is not ours."""

    row: RecordRow
    values: Mapping[str, Value]
    is_current: bool | None

    @property
    def state(self) -> str:
        return str(self.values.get("review", ""))


def draft(node: Node, look: Look, finding: str, wish: Wish) -> Bulletin:
    """Makes a draft of the accepted finding whose id begins with `finding`, or a new one in place of an earlier one.

    INVARIANT: a draft is held under limits that leave no purpose, so no agreement, whatever it permits, lets it go.
    Raises NoReason, NoSuchFinding, SeveralFindings, NotAnAcceptedFinding, NotForWarning, FindingHasChanged,
    PlaceTooSmall, TooFewTested, WordsToAnswer, UnfitAddition, UnknownWord.
    """
    check_look(look)
    with node.writing() as work:
        row = find(work.tx, finding)
        log_look(work, look, row.kind, [row.id])
        _check_finding(node, work.tx, row)
        record = drafted(node, work, row, wish, look.who)
        keep(node, work, [record], limits_body(_NOBODY))
        return _bulletin(node, work.tx, _newest(work.tx, record.id))


def approve(node: Node, name: str, officer: str, *, version: int | None = None) -> Bulletin:
    """`officer` has read the draft, at `version` if one is named, and approves it: what the agreements permit goes to
    partners in the same transaction, and files may be written.

    Raises NotAReleasingOfficer, ApprovedByDrafter, NotADraft, ChangedSinceRead, FindingHasChanged, NoSuchBulletin,
    SeveralBulletins.
    """
    with node.writing() as work:
        return _approve(node, work, name, named_officer(node, work, officer), who=officer, version=version)


def approve_as(node: Node, person: Person, name: str, *, version: int | None = None) -> Bulletin:
    """As the officer of the account that is signed in. Raises Forbidden, NoOfficerOfYours and what `approve` raises."""
    with node.writing() as work:
        officer = named_officer(node, work, officer_of(work, person, PERMISSION))
        return _approve(node, work, name, officer, who=person.name, version=version)


def withdraw(node: Node, name: str, officer: str) -> Bulletin:
    """It holds no longer: partners who were told are told that too. Raises NotAReleasingOfficer, NotApproved,
    NoSuchBulletin, SeveralBulletins."""
    with node.writing() as work:
        return _withdraw(node, work, name, named_officer(node, work, officer))


def withdraw_as(node: Node, person: Person, name: str) -> Bulletin:
    """As the officer of the account that is signed in. Raises Forbidden, NoOfficerOfYours, what `withdraw` raises."""
    with node.writing() as work:
        return _withdraw(node, work, name, named_officer(node, work, officer_of(work, person, PERMISSION)))


def bulletins(node: Node, look: Look, *, own: bool | None = None) -> Sequence[Bulletin]:
    """Those held here that the look may see, ours and those of partners, newest first. Raises NoReason, UnknownWord."""
    check_purpose(node, look)
    with node.writing() as work:
        rows = (row for row in all_of(work.tx, KIND, own=own) if _may_see(node, work.tx, look, row))
        found = [_bulletin(node, work.tx, row) for row in rows]
        log_look(work, look, KIND, [one.row.id for one in found])
    return sorted(found, key=lambda one: (one.row.recorded_at, one.row.id), reverse=True)


def bulletin(node: Node, look: Look, name: str, *, own: bool | None = None) -> Bulletin:
    """The one whose id begins with `name`; with `own` only one of ours. Raises NoReason, UnknownWord, NoSuchBulletin,
    SeveralBulletins."""
    check_purpose(node, look)
    with node.writing() as work:
        rows = [row for row in all_of(work.tx, KIND, own=own) if _may_see(node, work.tx, look, row)]
        one = _bulletin(node, work.tx, _named(rows, name))
        log_look(work, look, KIND, [one.row.id])
    return one


def check_tellable(one: Bulletin) -> None:
    """Raises NotApproved, FindingHasChanged."""
    if one.state != ACCEPTED:
        raise NotApproved(bulletin=one.row.id)
    if not one.is_current:
        raise FindingHasChanged(finding=str(one.values["finding"]))


def own_bulletin(node: Node, tx: Transaction, name: str) -> Bulletin:
    """Raises NoSuchBulletin, SeveralBulletins."""
    return _bulletin(node, tx, _named(list(all_of(tx, KIND, own=True)), name))


def limits_of_finding(tx: Transaction, one: Bulletin) -> Limits:
    """What binds the finding behind the bulletin today."""
    row = tx.record(str(one.values["finding"]))
    return _NOBODY if row is None else limits_of(row)


def _approve(node: Node, work: Work, name: str, officer: str, *, who: str, version: int | None) -> Bulletin:
    one = own_bulletin(node, work.tx, name)
    if one.state != OPEN:
        raise NotADraft(bulletin=one.row.id)
    if version is not None and version != one.row.version:
        raise ChangedSinceRead(bulletin=one.row.id, found=one.row.version, wanted=version)
    if one.values["drafted_by"] in (officer, who):
        raise ApprovedByDrafter(who=who)
    if not one.is_current:
        raise FindingHasChanged(finding=str(one.values["finding"]))
    _move(node, work, one, {"review": ACCEPTED, "approved_on": work.now.date(), "approved_by": officer})
    return _written(node, work, one, "bulletin-approved", officer)


def _withdraw(node: Node, work: Work, name: str, officer: str) -> Bulletin:
    one = own_bulletin(node, work.tx, name)
    if one.state != ACCEPTED:
        raise NotApproved(bulletin=one.row.id)
    _move(node, work, one, {"review": WITHDRAWN})
    return _written(node, work, one, "bulletin-withdrawn", officer)


def _move(node: Node, work: Work, one: Bulletin, added: Mapping[str, Value]) -> None:
    """INVARIANT: what is told is bound by all that binds the finding, and serves early warning alone."""
    record = record_of(node, one.row)
    told = replace(record, values={**record.values, **added}, recorded_at=work.now, version=1, supersedes=None)
    bound = limits_of_finding(work.tx, one)
    limits = replace(bound, purposes=(PURPOSE,) if _may_warn(bound) else ())
    keep(node, work, [told], limits_body(limits))


def _written(node: Node, work: Work, one: Bulletin, entry: str, officer: str) -> Bulletin:
    kept = _bulletin(node, work.tx, _newest(work.tx, one.row.id))
    work.write(entry, one.row.id, {"who": officer, "version": kept.row.version})
    return kept


def _may_warn(limits: Limits) -> bool:
    return limits.purposes is None or PURPOSE in limits.purposes


def _check_finding(node: Node, tx: Transaction, row: RecordRow) -> None:
    values = record_of(node, row).values
    if row.via is not None or values.get("review") != ACCEPTED or values.get("alarm") is not True:
        raise NotAnAcceptedFinding(finding=row.id)
    if not _may_warn(limits_of(row)):
        raise NotForWarning(finding=row.id)
    if _rests_on_other(tx, row):
        raise FindingHasChanged(finding=row.id)


def _rests_on_other(tx: Transaction, row: RecordRow) -> bool:
    return bool(tx.stale_evidence(row.id, row.version) or tx.unsupported_evidence(row.id, row.version))


def _bulletin(node: Node, tx: Transaction, row: RecordRow) -> Bulletin:
    values = record_of(node, row).values
    if row.via is not None:
        return Bulletin(row, values, None)
    behind = tx.record(str(values["finding"]))
    is_same = behind is not None and behind.version == values["finding_version"]
    return Bulletin(row, values, is_same and behind is not None and not _rests_on_other(tx, behind))


def _newest(tx: Transaction, name: str) -> RecordRow:
    row = tx.record(name)
    if row is None:  # it was kept in this transaction
        raise NoSuchBulletin(bulletin=name)
    return row


def _named(rows: Sequence[RecordRow], name: str) -> RecordRow:
    found = [row for row in rows if row.id.startswith(name)] if name else []
    if len(found) > 1:
        raise SeveralBulletins(bulletin=name, number=len(found))
    if not found:
        raise NoSuchBulletin(bulletin=name)
    return found[0]


def _may_see(node: Node, tx: Transaction, look: Look, row: RecordRow) -> bool:
    """A draft, which serves no purpose, is read for those of the finding that it is drawn from."""
    values = record_of(node, row).values
    behind = tx.record(str(values["finding"])) if row.via is None and values["review"] == OPEN else row
    return behind is not None and may_be_used(node, behind, look.purpose)
