"""Decides. Nothing in force means nothing leaves; everything else is in `route` (who, what for, when) and `weigh`
(what).

Two ways to one answer: `decide` looks at one record with nothing kept; a `Decider` keeps routes and masks, for bulk.
A test holds them equal.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from entente.agreements.agreement import Agreement
from entente.agreements.conditions import Truth
from entente.agreements.decision import Ask, Decision
from entente.agreements.route import Route, local_days, route_for
from entente.agreements.weigh import Weighed, weigh
from entente.records import Kind
from entente.vocabulary import Vocabulary

MAX_KEPT = 20_000
"""Routes and masks that a Decider keeps before it starts afresh, so that odd data cannot fill the memory."""

_MOST_OFFICERS = 2


def decide(ask: Ask, agreements: Sequence[Agreement], vocabulary: Vocabulary) -> Decision:
    """What may go under `agreements`: all those in force at ask.moment, not only those between giver and receiver."""
    ordered = _ordered(agreements)
    route = route_for(ask, ordered, local_days(ordered, ask), vocabulary)
    weighed = weigh(route, route.truths(ask.record.values), ask, min(ask.officers, _MOST_OFFICERS))
    return Decision(ask, weighed.mask(ask.record.values))


def decide_many(asks: Iterable[Ask], agreements: Sequence[Agreement], vocabulary: Vocabulary) -> list[Decision]:
    """The decisions on `asks`, in order, as `decide` makes them; asks that meet the same conditions share one mask."""
    decider = Decider(agreements, vocabulary)
    return [decider.decide(ask) for ask in asks]


def _ordered(agreements: Iterable[Agreement]) -> tuple[Agreement, ...]:
    """Each text once, in an order that does not depend on how they were handed in."""
    unique = {agreement.digest: agreement for agreement in agreements}
    return tuple(unique[found] for found in sorted(unique))


class Decider:
    """Decides under fixed agreements and words. INVARIANT: everything a mask depends on is in the key it is kept
    under."""

    def __init__(self, agreements: Iterable[Agreement], vocabulary: Vocabulary) -> None:
        self._agreements = _ordered(agreements)
        self._vocabulary = vocabulary
        self._routes: dict[tuple[object, ...], _KeptRoute] = {}
        self._moment: datetime | None = None
        self._days: tuple[date, ...] = ()
        self._kinds: dict[int, Kind] = {}
        self._kept = 0

    def decide(self, ask: Ask) -> Decision:
        """Equal to `decide(ask, agreements, vocabulary)`."""
        if ask.moment is not self._moment:
            self._moment, self._days = ask.moment, local_days(self._agreements, ask)
        kept = self._route(ask)
        record = ask.record
        values = record.values
        truths = tuple([test(values) for test in kept.route.tests])
        officers = min(ask.officers, _MOST_OFFICERS) if ask.approvals else 0
        key = (truths, officers, record.said_by)
        weighed = kept.weighed.get(key)
        if weighed is None:
            weighed = self._keep(kept, key, weigh(kept.route, truths, ask, officers))
        return Decision(ask, weighed.mask(values))

    def _route(self, ask: Ask) -> "_KeptRoute":
        kind = ask.kind
        asked = (
            id(kind),
            ask.giver,
            ask.receiver,
            ask.receiver_roles,
            ask.purpose,
            ask.occasion,
            ask.under,
            ask.limits,
            self._days,
        )
        kept = self._routes.get(asked)
        if kept is None:
            self._make_room()
            self._kinds[id(kind)] = kind  # while it is kept, no other kind can have this id
            kept = self._routes[asked] = _KeptRoute(route_for(ask, self._agreements, self._days, self._vocabulary))
        return kept

    def _keep(self, kept: "_KeptRoute", key: "_Key", weighed: Weighed) -> Weighed:
        self._make_room()
        kept.weighed[key] = weighed
        return weighed

    def _make_room(self) -> None:
        self._kept += 1
        if self._kept > MAX_KEPT:
            self._routes.clear()
            self._kinds.clear()
            self._kept = 1


_Key = tuple[tuple[Truth, ...], int, str]


class _KeptRoute:
    __slots__ = ("route", "weighed")

    def __init__(self, route: Route) -> None:
        self.route = route
        self.weighed: dict[_Key, Weighed] = {}
