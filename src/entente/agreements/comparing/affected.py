"""Which of our own records each change touches. It never makes a disclosure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import product
from zoneinfo import ZoneInfo

from entente.agreements.comparing.changes import Changed, Comparison, on_the_days_of
from entente.agreements.comparing.differences import BARS
from entente.agreements.comparing.places import OCCASIONS
from entente.agreements.deciding.combine import MOST_OFFICERS
from entente.agreements.deciding.decide import Decider
from entente.agreements.deciding.decision import NO_LIMITS, Approval, Ask, Decision, Limits
from entente.records import Catalogue, Record

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Affected:
    """How many records a change touches on `day`; ids of the first few of them."""

    count: int
    samples: tuple[str, ...]
    day: date


def affected(
    records: Iterable[Record],
    giver: str,
    found: Comparison,
    catalogue: Catalogue,
    *,
    on: date | None = None,
    samples: int = 3,
    limits: Callable[[Record], Limits] = lambda _record: NO_LIMITS,
) -> list[Affected]:
    """For each of the changes of `found`: the records of `giver` of which a field then goes otherwise than before.

    Reads `records` once. Each change is tried on the day `on`, or on that of its own days which is nearest (None: its
    first), with no, one and two officers who passed the exercises.
    """
    days = [_day(change, on) for change in found.changes]
    ids: list[list[str]] = [[] for _ in found.changes]
    counts = [0 for _ in found.changes]
    trial = _Trial(giver, found, catalogue)
    for record in records:
        for place, change in enumerate(found.changes):
            if trial.is_touched(record, change, days[place], limits(record)):
                counts[place] += 1
                ids[place] += [record.id] if len(ids[place]) < samples else []
    return [Affected(count, tuple(some), day) for count, some, day in zip(counts, ids, days, strict=True)]


def _day(change: Changed, on: date | None) -> date:
    return change.first if on is None else min(max(on, change.first), change.last)


class _Trial:
    def __init__(self, giver: str, found: Comparison, catalogue: Catalogue) -> None:
        self._giver, self._catalogue, self._new = giver, catalogue, found.new
        texts = (on_the_days_of(found.new, found.old), found.new)
        self._deciders = [Decider((text,), catalogue.vocabulary) for text in texts]

    def is_touched(self, record: Record, change: Changed, day: date, limits: Limits) -> bool:
        """True when a field of `record` goes otherwise at some place of `change` on `day`."""
        names = {field for kind, field in change.fields if kind == record.kind and field in record.values}
        receivers = [receiver for giver, receiver in change.pairs if giver == self._giver]
        if not names or not receivers or not change.is_own:
            return False
        read = _forbidden if change.what.change in BARS else _given
        return any(
            read(before, name) != read(after, name)
            for before, after in self._decisions(record, receivers, change, day, limits)
            for name in names
        )

    def _decisions(
        self, record: Record, receivers: Sequence[str], change: Changed, day: date, limits: Limits
    ) -> Iterator[tuple[Decision, Decision]]:
        parties = self._catalogue.vocabulary.list("party").terms
        moment = datetime.combine(day, _NOON, ZoneInfo(self._new.zone))
        occasions = [name for name in OCCASIONS if name in change.occasions] or ["standing"]
        for receiver, purpose, occasion, officers in product(
            receivers, change.purposes, occasions, range(MOST_OFFICERS + 1)
        ):
            roles = parties[receiver].attributes.get("roles", ()) if receiver in parties else ()
            ask = Ask(
                record=record,
                kind=self._catalogue.kind(record.kind),
                giver=self._giver,
                receiver=receiver,
                receiver_roles=frozenset(roles),
                purpose=purpose,
                occasion=occasion,
                moment=moment,
                approvals=tuple(self._approval(number, moment) for number in range(officers)),
                limits=limits,
            )
            yield self._deciders[0].decide(ask), self._deciders[1].decide(ask)

    def _approval(self, number: int, moment: datetime) -> Approval:
        return Approval(officer=str(number), at=moment, passed=((self._new.name, moment.date()),))


def _given(decision: Decision, name: str) -> object:
    if name not in decision.fields:
        return name in decision.waiting
    return (decision.caveats, dict(decision.duties), decision.purposes, decision.shared.legal_bases)


def _forbidden(decision: Decision, name: str) -> object:
    return any(found.by for found in decision.withheld if found.field == name)
