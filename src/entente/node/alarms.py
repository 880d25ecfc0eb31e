"""What is overdue, as numbers: for the home screen, the status and whoever watches this node from outside."""

from dataclasses import dataclass

from entente.node.obligations import Reading, recalls, reviews
from entente.node.owing import BY_US, TO_US
from entente.node.reminding import due_soon
from entente.node.retention import overdue
from entente.node.work import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """How many are overdue: answers of ours and of partners, records past their day, reviews, recalls; `due_soon`
    answers that will be, `held` records that somebody keeps beyond their day."""

    answers_by_us: int
    answers_to_us: int
    records: int
    reviews: int
    recalls: int
    due_soon: int
    held: int

    @property
    def number(self) -> int:
        return self.answers_by_us + self.answers_to_us + self.records + self.reviews + self.recalls


def alarms(node: Node) -> Alarms:
    """As of now, real and simulated together."""
    now = node.clock()
    with node.store.reading() as tx:
        here = Reading(node, tx, now)
        late = {BY_US: 0, TO_US: 0}
        for direction, _, _, number in tx.duty_counts(now):
            late[direction] += number
        soon = sum(number for *_, number in tx.duty_counts(due_soon(node, now))) - sum(late.values())
        records, held = overdue(node, tx, now)
        late_reviews = sum(one.is_overdue for one in reviews(here))
        late_recalls = sum(one.is_overdue for one in recalls(here))
    return Alarms(
        answers_by_us=late[BY_US],
        answers_to_us=late[TO_US],
        records=records,
        reviews=late_reviews,
        recalls=late_recalls,
        due_soon=soon,
        held=held,
    )
