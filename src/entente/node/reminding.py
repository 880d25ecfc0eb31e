"""Reminders: an answer that is due soon, is due today or is overdue is written into the ledger, once for each.

Both sides do it, each about what it owes and what it is owed. Stages and their days stand in the list `reminder`; days
are whole ones, so `due-today` begins when the day does in the zone of the agreement.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from entente.node.owing import AFTER_ALL
from entente.node.work import Node, Work
from entente.signing import Json
from entente.store import DutyRow

OVERDUE = "overdue"
PAGE = 500
_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """A code of the list `reminder`; it holds while the answer is due from `since` on and before `before`."""

    code: str
    since: datetime
    before: datetime


def remind(node: Node) -> int:
    """Writes down what has come to another stage since the last time; how many reminders that were."""
    return sum(_remind_of(node, stage) for stage in stages(node, node.clock()))


def stages(node: Node, now: datetime) -> Iterator[Stage]:
    """Of the moment `now`, the latest first; they do not overlap."""
    yield Stage(OVERDUE, _FIRST, now)
    since = now
    for days, code in sorted(_days_before(node).items()):
        before = _later(now, days + 1)
        yield Stage(code, since, before)
        since = before


def due_soon(node: Node, now: datetime) -> datetime:
    """What is due before this moment is due soon."""
    return _later(now, max(_days_before(node), default=0) + 1)


def _days_before(node: Node) -> Mapping[int, str]:
    terms = node.catalogue.vocabulary.list("reminder").terms
    return {term.attributes["days_before"]: code for code, term in terms.items() if "days_before" in term.attributes}


def _later(now: datetime, days: int) -> datetime:
    try:
        return now + timedelta(days=days)
    except OverflowError:
        return AFTER_ALL


def _remind_of(node: Node, stage: Stage) -> int:
    """In pages, each a transaction of its own; most times there is nothing to write, and nothing is locked."""
    number = 0
    while True:
        with node.store.reading() as tx:
            if not tx.duties_to_remind(stage.since, stage.before, stage.code, 1):
                return number
        with node.writing() as work:
            rows = work.tx.duties_to_remind(stage.since, stage.before, stage.code, PAGE)
            for row in rows:
                _write(work, row, stage.code)
            work.tx.put_duties([replace(row, reminded=stage.code) for row in rows])
        number += len(rows)


def _write(work: Work, row: DutyRow, stage: str) -> None:
    facts: dict[str, Json] = {
        "partner": row.partner,
        "owed": row.direction.removeprefix("owed-"),
        "stage": stage,
        "due": row.due.isoformat() if row.due else None,
    }
    work.write("answer-reminder", row.about, facts)
