"""What a person sees of a partner: what is agreed, sent, received, owed and waiting, and when it last gave a sign of
life."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entente.exchange import read_receipt
from entente.node.agreeing import all_standings
from entente.node.calling import plain
from entente.node.courier import UNANSWERED
from entente.node.offering import RECALL_NEEDED, TOO_LARGE
from entente.node.owing import BY_US, TO_US
from entente.node.partner_logs import conflicts
from entente.node.partnering import NoSuchPartner
from entente.node.status import NOT_TAKEN_IN
from entente.node.work import Node
from entente.signing import PublicKey
from entente.store import PartnerRow, Transaction

Counts = Mapping[tuple[str, str], int]
SENT, RECEIVED = "sent", "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementInForce:
    """An agreement in force between us and the partner now; `titles` by language."""

    digest: str
    version: int
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOfficer:
    """An officer who may sign for the partner, as its card named them; `valid_until` None: no end is known."""

    officer: str
    title: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """One partner as it stands now.

    `key_id` names the key pinned for it. `sent` and `received`: messages by (type, state). `waiting`: messages without
    an answer by the name of the error that put them off, empty for those not put off. `not_taken_in`: by (SENT or
    RECEIVED, reason code). `owed_by_us` and `owed_to_us`: open answers, and those of them that are overdue.
    `for_people` and `set_aside`: releases that wait for a decision, or could not leave. `log_conflicts`: signed
    checkpoints of its log that contradict each other.
    """

    party: str
    url: str
    key_id: str
    pinned_at: datetime
    agreements: tuple[AgreementInForce, ...]
    officers: tuple[NamedOfficer, ...]
    sent: Counts
    received: Counts
    waiting: Mapping[str, int]
    not_taken_in: Counts
    owed_by_us: tuple[int, int]
    owed_to_us: tuple[int, int]
    for_people: int
    set_aside: int
    last_receipt_at: datetime | None
    last_received_at: datetime | None
    log_conflicts: int

    @property
    def is_alarming(self) -> bool:
        """A person has to look at its log before anything is built on it."""
        return bool(self.log_conflicts)

    @property
    def waiting_total(self) -> int:
        return sum(self.waiting.values())

    def by_state(self, way: str) -> Mapping[str, int]:
        """Messages SENT or RECEIVED, by state alone."""
        found: Counter[str] = Counter()
        for (_, state), number in (self.sent if way == SENT else self.received).items():
            found[state] += number
        return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the store counts for all partners at once."""

    sent: Sequence[tuple[str, str, str, int]]
    received: Sequence[tuple[str, str, str, int]]
    sent_reasons: Sequence[tuple[str, str, str, int]]
    received_reasons: Sequence[tuple[str, str, str, int]]
    duties: Mapping[tuple[str, str], tuple[int, int]]
    releases: Counter[tuple[str, str]]


def partner_views(node: Node) -> Sequence[PartnerView]:
    """Every partner, in order of its code."""
    agreements = _agreements(node)
    contradicted = conflicts(node)
    with node.store.reading() as tx:
        counted = _counted(tx, node.clock())
        officers = tx.officers()
        return [
            _view(
                tx,
                row,
                counted,
                agreements=tuple(agreements.get(row.party, ())),
                officers=tuple(
                    NamedOfficer(
                        officer=known.officer,
                        title=known.title,
                        valid_from=known.valid_from,
                        valid_until=known.valid_until,
                    )
                    for known in officers
                    if known.party == row.party
                ),
                log_conflicts=contradicted.get(row.party, 0),
            )
            for row in tx.partners()
        ]


def partner_view(node: Node, party: str) -> PartnerView:
    """Raises NoSuchPartner."""
    for found in partner_views(node):
        if found.party == party:
            return found
    raise NoSuchPartner(party=party)


def _agreements(node: Node) -> Mapping[str, Sequence[AgreementInForce]]:
    found: dict[str, list[AgreementInForce]] = {}
    for agreement, standing in all_standings(node):
        shown = AgreementInForce(digest=agreement.digest, version=agreement.version, titles=agreement.title)
        for party in standing.partners_of(node.party):
            found.setdefault(party, []).append(shown)
    return found


def _counted(tx: Transaction, now: datetime) -> _Counted:
    waiting = (row for state in ("waiting", RECALL_NEEDED, TOO_LARGE) for row in tx.releases(state))
    return _Counted(
        sent=tx.outbox_counts(),
        received=tx.inbox_counts(),
        sent_reasons=tx.outbox_reasons(),
        received_reasons=tx.inbox_reasons(),
        duties={(way, party): (number, overdue) for way, party, number, overdue in tx.duty_counts(now)},
        releases=Counter((row.partner, row.state) for row in waiting),
    )


def _view(
    tx: Transaction,
    row: PartnerRow,
    counted: _Counted,
    *,
    agreements: tuple[AgreementInForce, ...],
    officers: tuple[NamedOfficer, ...],
    log_conflicts: int,
) -> PartnerView:
    party = row.party
    receipt = tx.newest_receipt(party)
    return PartnerView(
        party=party,
        url=row.url,
        key_id=PublicKey.from_text(row.public_key).key_id,
        pinned_at=row.added_at,
        agreements=agreements,
        officers=officers,
        sent=_of(party, counted.sent),
        received=_of(party, counted.received),
        waiting=_waiting(party, counted),
        not_taken_in=_not_taken_in(party, counted),
        owed_by_us=counted.duties.get((BY_US, party), (0, 0)),
        owed_to_us=counted.duties.get((TO_US, party), (0, 0)),
        for_people=counted.releases[party, "waiting"],
        set_aside=counted.releases[party, RECALL_NEEDED] + counted.releases[party, TOO_LARGE],
        last_receipt_at=read_receipt(receipt).receipt.issued_at if receipt else None,
        last_received_at=_last_received(tx, party),
        log_conflicts=log_conflicts,
    )


def _of(party: str, counts: Sequence[tuple[str, str, str, int]]) -> Counts:
    return {(kind, state): number for partner, kind, state, number in counts if partner == party}


def _waiting(party: str, counted: _Counted) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for partner, state, reason, number in counted.sent_reasons:
        if partner == party and state in UNANSWERED:
            found[reason] += number
    return found


def _not_taken_in(party: str, counted: _Counted) -> Counts:
    found: Counter[tuple[str, str]] = Counter()
    for way, reasons in ((SENT, counted.sent_reasons), (RECEIVED, counted.received_reasons)):
        for partner, state, reason, number in reasons:
            if partner == party and state in NOT_TAKEN_IN:
                found[way, plain(reason)] += number
    return found


def _last_received(tx: Transaction, party: str) -> datetime | None:
    last = tx.position(party).received_seq
    row = next(iter(tx.inbox(party, start=last, stop=last + 1)), None) if last else None
    return row.received_at if row else None
