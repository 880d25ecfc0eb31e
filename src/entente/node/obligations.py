"""Everything that is owed about records, by us and to us, in one list: derived from rows, kept nowhere.

Answers stand in the table of duties, ends of retention with the records, reviews with the emergency releases, recalls
with the recalls. Pages are read from the store in order of their day; what has no day comes in no page but its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from entente.node.emergency import TO_REVIEW, given_in
from entente.node.keeping_days import agreement_of, held_until, local_day, zone_under
from entente.node.owing import AFTER_ALL, BY_US
from entente.node.recall_taking import FINAL, GIVEN
from entente.node.work import Node
from entente.signing import parse
from entente.store import DutyRow, RecallRow, RecordRow, ReleaseRow, Transaction

ANSWER, RECALL, RETENTION, REVIEW, LIMITS = "answer", "recall", "retention", "review", "limits"
KINDS = (ANSWER, RETENTION, REVIEW, RECALL, LIMITS)
PAGE = 100
_READ = 200
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing owed: its `kind` is a code of the list `obligation`, `about` a message, record or release.

    `due` is its last moment, `due_on` that day where it counts; both None where nothing sets a day. `held`: somebody
    keeps the record beyond it. `purposes` and `caveats` bind a record that is held. `is_owed_by_us`, else to us.
    """

    kind: str
    is_owed_by_us: bool
    partner: str
    about: str
    record_id: str
    agreement: str
    due: datetime | None
    due_on: date | None
    is_overdue: bool
    is_simulated: bool
    state: str = ""
    is_held: bool = False
    purposes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    place: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "owed": "by-us" if self.is_owed_by_us else "to-us",
            "partner": self.partner,
            "about": self.about,
            "record": self.record_id,
            "agreement": self.agreement or None,
            "due": self.due,
            "due_on": self.due_on,
            "is_overdue": self.is_overdue,
            "is_held": self.is_held,
            "is_simulated": self.is_simulated,
            "state": self.state,
            "purposes": list(self.purposes),
            "caveats": list(self.caveats),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which obligations: of one kind, with one partner (empty: any); due before a moment (None: whenever); overdue."""

    kind: str = ""
    partner: str = ""
    before: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One snapshot, as of `now`."""

    node: Node
    tx: Transaction
    now: datetime


def within(node: Node, days: int) -> datetime:
    """The moment before which something is due within so many `days` from now."""
    try:
        return node.clock() + timedelta(days=days)
    except OverflowError:
        return AFTER_ALL


def obligations(node: Node, wanted: Wanted, *, after: str = "", limit: int = PAGE) -> Sequence[Obligation]:
    """The first `limit` behind the `place` of the last one seen, the soonest due first."""
    with node.store.reading() as tx:
        here = Reading(node, tx, node.clock())
        found = _limits(here, after) if wanted.kind == LIMITS else _dated(here, wanted, after)
        return list(islice((one for one in found if _fits(one, wanted)), limit))


def _fits(one: Obligation, wanted: Wanted) -> bool:
    return (
        wanted.partner in ("", one.partner)
        and (not wanted.is_overdue or one.is_overdue)
        and (wanted.before is None or (one.due is not None and one.due < wanted.before))
    )


def _dated(here: Reading, wanted: Wanted, after: str) -> Iterator[Obligation]:
    """Answers, ends of retention and reviews in one order: by day in UTC, then kind, then what they are about."""
    if wanted.is_overdue:
        wanted = replace(wanted, before=min(here.now, wanted.before or AFTER_ALL))
    sources = {
        ANSWER: _answers(here, wanted, after),
        RETENTION: _retained(here, wanted, after),
        REVIEW: (one for one in reviews(here) if one.place > after),
        RECALL: (one for one in recalls(here) if one.place > after),
    }
    return merge(*(found for kind, found in sources.items() if wanted.kind in ("", kind)), key=lambda one: one.place)


def _place(moment: datetime, kind: str, *rest: str) -> str:
    """Sorts as text: a moment in UTC of one width, the kind, and the key of its row."""
    return "|".join((moment.astimezone(UTC).isoformat(timespec="microseconds"), kind, *rest))


def _resumed(after: str, kind: str) -> tuple[datetime, list[str]] | None:
    """The moment of `after`, and what a key of this kind follows there; None for the beginning."""
    moment, _, rest = after.partition("|")
    seen, *key = rest.split("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return at, key if seen == kind else [_LAST] if kind < seen else [""]


def _answers(here: Reading, wanted: Wanted, after: str) -> Iterator[Obligation]:
    before = wanted.before or AFTER_ALL
    resumed = _resumed(after, ANSWER)
    place = None
    if resumed is not None:
        key = [*resumed[1], "", ""][:3]
        place = (resumed[0], key[0], key[1], key[2])
    while rows := here.tx.duties_due(before, after=place, partner=wanted.partner, limit=_READ):
        yield from (_answer(here, row) for row in rows)
        last = rows[-1]
        place = (last.due or AFTER_ALL, last.direction, last.partner, last.about)


def _answer(here: Reading, row: DutyRow) -> Obligation:
    due = row.due or AFTER_ALL
    return Obligation(
        kind=ANSWER,
        is_owed_by_us=row.direction == BY_US,
        partner=row.partner,
        about=row.about,
        record_id=row.record_id,
        agreement=row.agreement,
        due=due,
        due_on=local_day(due, zone_under(here.node, here.tx, row.agreement)),
        is_overdue=due < here.now,
        is_simulated=row.is_simulated,
        state=row.state,
        place=_place(due, ANSWER, row.direction, row.partner, row.about),
    )


def _retained(here: Reading, wanted: Wanted, after: str) -> Iterator[Obligation]:
    before = wanted.before or AFTER_ALL
    until = date.max if before >= AFTER_ALL - timedelta(days=2) else before.date() + timedelta(days=1)
    resumed, place = _resumed(after, RETENTION), None
    if resumed is not None:
        day = resumed[0].date()
        is_behind = resumed[0] == _end(day)
        place = (day, resumed[1][0]) if is_behind else (day, "")
    while rows := here.tx.retained(until, after=place, via=wanted.partner, limit=_READ):
        held = {hold.record_id for hold in here.tx.holds([row.id for row in rows])}
        yield from (_held(here, row, is_held=row.id in held) for row in rows)
        place = (rows[-1].retain_until or date.max, rows[-1].id)


def _end(day: date) -> datetime:
    """Where a day of retention stands in the list: at its end in UTC, whatever its zone."""
    return datetime.combine(day, time.max, UTC)


def _held(here: Reading, row: RecordRow, *, is_held: bool) -> Obligation:
    handling = parse(row.handling) if row.handling is not None else {}
    due = held_until(here.node, here.tx, row)
    return Obligation(
        kind=LIMITS if due is None else RETENTION,
        is_owed_by_us=True,
        partner=row.via or "",
        about=row.id,
        record_id=row.id,
        agreement=agreement_of(row),
        due=due,
        due_on=row.retain_until,
        is_overdue=due is not None and due < here.now and not is_held,
        is_held=is_held,
        is_simulated=row.is_simulated,
        purposes=tuple(handling.get("purposes", ())),
        caveats=tuple(handling.get("caveats", ())),
        place=row.id if row.retain_until is None else _place(_end(row.retain_until), RETENTION, row.id),
    )


def _limits(here: Reading, after: str) -> Iterator[Obligation]:
    """Received records without a last day, in order of id."""
    while rows := here.tx.current_records(own=False, after=after, limit=_READ):
        yield from (_held(here, row, is_held=False) for row in rows if row.retain_until is None and row.digest)
        after = rows[-1].id


def reviews(here: Reading) -> Sequence[Obligation]:
    return sorted((_review(row, here.now) for row in here.tx.releases(TO_REVIEW)), key=lambda one: one.place)


def _review(row: ReleaseRow, now: datetime) -> Obligation:
    given = given_in(row)
    return Obligation(
        kind=REVIEW,
        is_owed_by_us=True,
        partner=row.partner,
        about=row.id,
        record_id=row.record_id,
        agreement="",
        due=given.review_due,
        due_on=given.review_due.date(),
        is_overdue=given.is_overdue(now),
        is_simulated=False,
        place=_place(given.review_due, REVIEW, row.id),
    )


def recalls(here: Reading) -> Sequence[Obligation]:
    """Those that are not done; what nobody set a day for stands at the end."""
    rows = (row for row in here.tx.recalls() if row.state not in FINAL)
    return sorted((_recall(here, row) for row in rows), key=lambda one: one.place)


def _recall(here: Reading, row: RecallRow) -> Obligation:
    zone = zone_under(here.node, here.tx, row.agreement)
    return Obligation(
        kind=RECALL,
        is_owed_by_us=row.direction != GIVEN,
        partner=row.partner,
        about=row.id,
        record_id=row.record_id,
        agreement=row.agreement,
        due=row.due,
        due_on=None if row.due is None else local_day(row.due, zone),
        is_overdue=row.due is not None and row.due < here.now,
        is_simulated=row.is_simulated,
        state=row.state,
        place=_place(row.due or AFTER_ALL, RECALL, row.id),
    )
