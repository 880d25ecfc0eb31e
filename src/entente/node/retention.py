"""Retention: what may be held no longer is erased, in pages, one ledger entry for each record.

A received record may be held until the end of `retain_until`, a day in the zone of its agreement; our own as long as
the agency's rule says (entente.node.retention_rules), without a rule for ever. A hold keeps a record until somebody
ends it.

INVARIANT: a node that held records before it knew this erases nothing by itself until a person switches it on; nor
does any node erase records of its own by a rule that nobody has confirmed since it was written: a slip in a file would
take all of them within a minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from time import monotonic
from typing import Any

from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.duties import UnfitNote
from entente.node.erasing import erase
from entente.node.keeping_days import held_until, local_day, zone_under
from entente.node.retention_rules import NO_RULES, Rules, rules_of
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import HoldRow, RecordRow, Transaction

SWITCH, ON, OFF = "retention", "on", "off"
"""The setting of the node and its values; a node that never had it is off."""
CONFIRMED = "retention-rules"
"""The setting with the digest of the rules for our own records that a person has confirmed."""
WHY = "retention"
PAGE = 200
SAMPLE = 10
TURN_SECONDS = 5.0
"""So long a served node erases at a time: messages are delivered between."""
FURTHEST = timedelta(days=1)
"""No zone's day is further from that of UTC."""


class NoHoldReason(InputFault):
    """Nothing was changed, because no reason was given. Write in a few words why, with --why."""


class NotHeldHere(InputFault):
    """This node holds no record `{record}`. `entente records list` shows what it holds; what was erased cannot be
    held."""


class NotOnHold(InputFault):
    """The record `{record}` has no hold. `entente retention holds` lists those that have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records past their day: `number`, and of them `held` with a hold. `partner` gave them; empty for our own, which
    have no `agreement` either. Real and simulated are never in one group."""

    kind: str
    partner: str
    agreement: str
    is_simulated: bool
    number: int
    held: int

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "partner": self.partner or None,
            "agreement": self.agreement or None,
            "is_simulated": self.is_simulated,
            "number": self.number,
            "held": self.held,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be erased at `moment`: `groups`, and the ids of the first of them. `is_on`: the node does it by
    itself; with our own records only once a person has confirmed the rules (`is_confirmed`)."""

    moment: datetime
    is_on: bool
    is_confirmed: bool
    groups: tuple[Group, ...]
    sample: tuple[str, ...]

    @property
    def number(self) -> int:
        """Without those that have a hold."""
        return sum(group.number - group.held for group in self.groups)

    @property
    def held(self) -> int:
        return sum(group.held for group in self.groups)

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.moment,
            "is_on": self.is_on,
            "is_confirmed": self.is_confirmed,
            "number": self.number,
            "held": self.held,
            "groups": [group.to_json() for group in self.groups],
            "sample": list(self.sample),
        }


def preview(node: Node, on: date | None = None) -> Preview:
    """What is past its day now, or at the end of the day `on` (UTC). Nothing is written. Raises UnusableRules."""
    moment = node.clock() if on is None else datetime.combine(on, time.max, UTC)
    rules = rules_of(node)
    with node.store.reading() as tx:
        return Preview(
            moment=moment,
            is_on=is_on(tx),
            is_confirmed=_is_confirmed(tx, rules),
            groups=tuple(_groups(node, tx, rules, moment)),
            sample=tuple(row.id for row, _ in zip(_past(node, tx, rules, moment), range(SAMPLE), strict=False)),
        )


def overdue(node: Node, tx: Transaction, now: datetime) -> tuple[int, int]:
    """How many received records are past their day without a hold, and with one; real and simulated."""
    groups = list(_received_groups(node, tx, now))
    held = sum(group.held for group in groups)
    return sum(group.number for group in groups) - held, held


def is_on(tx: Transaction) -> bool:
    return tx.setting(SWITCH) == ON


def _is_confirmed(tx: Transaction, rules: Rules) -> bool:
    return rules.digest in ("", tx.setting(CONFIRMED))


def switch(node: Node, value: str, who: str) -> None:
    """ON or OFF: whether this node erases by itself what is past its day. ON confirms the rules for our own records as
    they stand now. Raises UnusableRules."""
    rules = rules_of(node) if value == ON else NO_RULES
    with node.writing() as work:
        if work.tx.setting(SWITCH) != value or not _is_confirmed(work.tx, rules):
            work.tx.put_setting(SWITCH, value)
            if rules.digest:
                work.tx.put_setting(CONFIRMED, rules.digest)
            work.write("retention-switched", node.party, {"who": who, "to": value, "rules": rules.digest})


def run(node: Node, who: str, *, seconds: float | None = None, rules: Rules | None = None) -> int:
    """Erases what is past its day now and has no hold; how many records. After so many `seconds` no new page begins.
    `rules` for our own records: by default those of the agency.

    Killed in the middle, it goes on with the rest the next time. Raises UnusableRules.
    """
    number, until = 0, monotonic() + (inf if seconds is None else seconds)
    rules = rules_of(node) if rules is None else rules
    while done := _run_page(node, who, rules):
        number += done
        if monotonic() >= until:
            break
    return number


def run_by_itself(node: Node) -> int:
    """What a served node does every minute: nothing, until it is switched on. Raises UnusableRules."""
    rules = rules_of(node)
    with node.store.reading() as tx:
        may_run, is_confirmed = is_on(tx), _is_confirmed(tx, rules)
    return run(node, node.party, seconds=TURN_SECONDS, rules=rules if is_confirmed else NO_RULES) if may_run else 0


def put_hold(node: Node, record_id: str, *, who: str, why: str) -> HoldRow:
    """Keeps the record beyond its day until `end_hold`. Raises NoHoldReason, UnfitNote, NotHeldHere."""
    _check(why)
    with node.writing() as work:
        row = work.tx.record(record_id)
        if row is None or not row.digest:
            raise NotHeldHere(record=record_id)
        hold = HoldRow(record_id=record_id, who=who, why=why.strip(), since=work.now)
        work.tx.put_hold(hold)
        work.write("record-held", record_id, {"who": who, "why": hold.why})
    return hold


def end_hold(node: Node, record_id: str, *, who: str, why: str) -> None:
    """The record goes at its day again. Raises NoHoldReason, UnfitNote, NotOnHold."""
    _check(why)
    with node.writing() as work:
        if work.tx.hold(record_id) is None:
            raise NotOnHold(record=record_id)
        work.tx.drop_hold(record_id)
        work.write("hold-ended", record_id, {"who": who, "why": why.strip()})


def holds(node: Node) -> Sequence[HoldRow]:
    with node.store.reading() as tx:
        return tx.holds()


def _check(why: str) -> None:
    if not why.strip():
        raise NoHoldReason
    if not is_note(why.strip()):
        raise UnfitNote(limit=MAX_NOTE_CHARACTERS)


def _run_page(node: Node, who: str, rules: Rules) -> int:
    """One transaction; what was chosen outside of it is looked at again inside."""
    with node.store.reading() as tx:
        ids = [row.id for row, _ in zip(_past(node, tx, rules, node.clock()), range(PAGE), strict=False)]
    if not ids:
        return 0
    with node.writing() as work:
        done = [one for one in ids if _erase(node, work, rules, one)]
        if done:
            facts: dict[str, Json] = {"who": who, "records": len(done)}
            work.write("retention-run", node.party, facts)
    return len(done)


def _erase(node: Node, work: Work, rules: Rules, record_id: str) -> bool:
    row = work.tx.record(record_id)
    if row is None or not _is_past(node, work.tx, rules, row, work.now) or work.tx.hold(record_id) is not None:
        return False
    return erase(node, work, record_id, why=WHY).versions > 0


def _is_past(node: Node, tx: Transaction, rules: Rules, row: RecordRow, now: datetime) -> bool:
    """Whether the last day of the record in `row` is over."""
    if row.via is None:
        return rules.is_past(row, now)
    until = held_until(node, tx, row)
    return until is not None and now > until


def _past(node: Node, tx: Transaction, rules: Rules, now: datetime) -> Iterator[RecordRow]:
    """Records past their day that have no hold: received ones in order of day, then our own by kind."""
    for page in _pages(tx, rules, now):
        held = {hold.record_id for hold in tx.holds([row.id for row in page])}
        yield from (row for row in page if row.id not in held and _is_past(node, tx, rules, row, now))


def _pages(tx: Transaction, rules: Rules, now: datetime) -> Iterator[Sequence[RecordRow]]:
    place: tuple[date, str] | None = None
    while page := tx.retained(_furthest(now), after=place, limit=PAGE):
        yield page
        place = (page[-1].retain_until or date.max, page[-1].id)
    for kind in sorted(rules.days):
        after = ""
        while page := tx.own_before(kind, rules.before(kind, now), after=after, limit=PAGE):
            yield page
            after = page[-1].id


def _furthest(now: datetime) -> date:
    return date.max if now.date() >= date.max - FURTHEST else now.date() + FURTHEST


def _groups(node: Node, tx: Transaction, rules: Rules, now: datetime) -> Iterator[Group]:
    yield from _received_groups(node, tx, now)
    for kind in sorted(rules.days):
        counts = tx.own_counts_before(kind, rules.before(kind, now))
        yield from _summed(
            Group(kind=kind, partner="", agreement="", is_simulated=simulated, number=number, held=number * held)
            for simulated, held, number in counts
        )


def _received_groups(node: Node, tx: Transaction, now: datetime) -> Iterator[Group]:
    counts = tx.retained_counts(_furthest(now))
    days = {one: local_day(now, zone_under(node, tx, one)) for one in {count.agreement for count in counts}}
    return _summed(
        Group(
            kind=count.kind,
            partner=count.via,
            agreement=count.agreement,
            is_simulated=count.is_simulated,
            number=count.number,
            held=count.number * count.is_held,
        )
        for count in counts
        if count.retain_until < days[count.agreement]
    )


def _summed(groups: Iterable[Group]) -> Iterator[Group]:
    found: dict[tuple[str, str, str, bool], Group] = {}
    for one in groups:
        key = (one.kind, one.partner, one.agreement, one.is_simulated)
        so_far = found.get(key)
        number, held = (so_far.number, so_far.held) if so_far else (0, 0)
        found[key] = replace(one, number=number + one.number, held=held + one.held)
    return iter(found.values())
