"""What the release desk shows: what waits and since when, who has approved, what would leave, and who may say so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.agreements import Agreement, Decision, ProvisionRef
from entente.errors import InputFault
from entente.node.grounds import Cited
from entente.node.looking import Look
from entente.node.people import Person, person_in
from entente.node.releases import Shown, approve_within, refuse_within, set_aside, view_whole, waiting
from entente.node.roles import Forbidden
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import digest, parse
from entente.store import ReleaseRow, Transaction

MOST = 200
"""Rows on one page; the filter by partner shows others."""


class NoOfficerOfYours(InputFault):
    """Your account names no officer in whose name you could release or refuse, so nothing was done. Ask an
    administrator of this node to name one for your account, on the page of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`officer` approved at `at`; it does not count once other agreements are in force than those it was given
    under."""

    officer: str
    title: str
    at: datetime
    is_counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One release. `needs` different officers have to approve; `state` is waiting, released, refused or why it was set
    aside."""

    number: str
    record_id: str
    version: int
    kind: str
    partner: str
    purpose: str
    state: str
    since: datetime
    needs: int
    officers: tuple[str, ...]
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`waiting` and `aside` are the first MOST of `number_waiting` and `number_aside`; `partners` counts both for
    everybody."""

    waiting: Sequence[Pending]
    aside: Sequence[Pending]
    number_waiting: int
    number_aside: int
    partners: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One release, read. `decision` is what the last approval lets go, `more` how many are still needed, `seen` what an
    approval must bring back. `newest` is the version of the record that is held now; `texts` the agreements by digest.
    """

    pending: Pending
    record: Record
    decision: Decision
    given: Sequence[Given]
    more: int
    seen: str
    newest: int
    texts: Mapping[str, Agreement]

    @property
    def is_open(self) -> bool:
        """Whether approving it could let it go."""
        is_newest = self.newest == self.pending.version
        return self.pending.state == "waiting" and is_newest and self.decision.outcome == "release"

    @property
    def text(self) -> Agreement | None:
        """The one agreement under which it would leave."""
        return self.texts.get(self.decision.agreement or "")

    def cited(self, ref: ProvisionRef) -> Cited:
        """The provision with its clause, where its text is kept here as it was signed."""
        text = self.texts.get(ref.agreement)
        found = text.provision(ref.provision) if text else None
        return Cited(ref=ref, reference=found.reference if found else "", text=found.text if found else {})

    def giving(self, field: str) -> tuple[Cited, ...]:
        """The provisions under which `field` would leave."""
        if self.text is None:
            return ()
        text, kind = self.text, self.decision.ask.kind
        told = (text.provision(one) for one in self.decision.provisions)
        return tuple(
            self.cited(ProvisionRef(text.name, text.version, one.id, text.digest))
            for one in told
            if one is not None and field in one.fields_of(kind)
        )


def desk(node: Node, partner: str = "") -> Desk:
    """What waits, oldest first, and what was set aside; of `partner` alone where one is named."""
    rows, aside = waiting(node), set_aside(node)
    ours, others = ([row for row in found if partner in ("", row.partner)] for found in (rows, aside))
    with node.store.reading() as tx:
        return Desk(
            waiting=[_pending(tx, row) for row in ours[:MOST]],
            aside=[_pending(tx, row) for row in others[:MOST]],
            number_waiting=len(ours),
            number_aside=len(others),
            partners=dict(sorted(Counter(row.partner for row in (*rows, *aside)).items())),
        )


def sheet(node: Node, look: Look, number: str) -> Sheet:
    """What would leave, under what, and what would not; the look is logged. Raises what `view_whole` raises."""
    shown = view_whole(node, look, number)
    with node.store.reading() as tx:
        newest = tx.record(shown.record.id)
        texts = {row.digest: row.source for row in tx.agreements() if digest(row.source) == row.digest}
        return Sheet(
            pending=_pending(tx, shown.row),
            record=shown.record,
            decision=shown.decision,
            given=_given(node, tx, shown),
            more=shown.more,
            seen=shown.seen,
            newest=newest.version if newest else shown.record.version,
            texts={name: node.agreement(name, source) for name, source in texts.items()},
        )


def approve_as(node: Node, person: Person, number: str, seen: str) -> bool:
    """`person` agrees to what was shown; True when it leaves.

    INVARIANT: who approves is the officer of the account that is signed in, as it is in this very transaction, never a
    name that somebody typed.

    Raises Forbidden, NoOfficerOfYours and what `approve` raises.
    """
    with node.writing() as work:
        officer = officer_of(work, person, "release")
        return approve_within(node, work, number, officer, seen=seen, account=person.name).state == "released"


def refuse_as(node: Node, person: Person, number: str, why: str) -> None:
    """`person` refuses, or takes off the desk what was set aside. Raises Forbidden, NoOfficerOfYours and what `refuse`
    raises."""
    with node.writing() as work:
        refuse_within(work, number, officer_of(work, person, "release"), why, account=person.name)


def officer_of(work: Work, person: Person, needs: str) -> str:
    """As whom the account acts in this very transaction. Raises Forbidden for one that may not any more,
    NoOfficerOfYours."""
    row = work.tx.account(person.name)
    if row is None or not person_in(row).may(needs):
        raise Forbidden(needs=needs, language=person.language)
    if not row.officer:
        raise NoOfficerOfYours
    return row.officer


def _pending(tx: Transaction, row: ReleaseRow) -> Pending:
    record = tx.record(row.record_id, row.record_version)
    return Pending(
        number=row.id,
        record_id=row.record_id,
        version=row.record_version,
        kind=record.kind if record else "",
        partner=row.partner,
        purpose=row.purpose,
        state=row.state,
        since=row.created_at,
        needs=row.needs,
        officers=tuple(dict.fromkeys(one["officer"] for one in parse(row.approvals))),
        is_simulated=record.is_simulated if record else False,
    )


def _given(node: Node, tx: Transaction, shown: Shown) -> list[Given]:
    titles = {row.officer: row.title for row in tx.officers() if row.party == node.party}
    return [
        Given(
            officer=one["officer"],
            title=titles.get(one["officer"], ""),
            at=datetime.fromisoformat(one["at"]),
            is_counted=one["officer"] in shown.counted,
        )
        for one in parse(shown.row.approvals)
    ]
