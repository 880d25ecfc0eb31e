"""Decides. Nothing in force means nothing leaves; everything else is in `route` (who, what for, when) and `weigh`
(what).

Three ways to one answer: `decide` looks at one record with nothing kept; a `Decider` keeps routes and masks; `bulk`
decides on columns. Tests hold them equal.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from entente.agreements.agreement import Agreement
from entente.agreements.deciding.conditions import Truth
from entente.agreements.deciding.decision import Ask, Decision
from entente.agreements.deciding.route import Counted, Route, local_days, route_for
from entente.agreements.deciding.weigh import Weighed, weigh
from entente.records import Kind
from entente.vocabulary import Vocabulary

MAX_KEPT = 20_000
"""Routes and masks that a Decider keeps before it starts afresh, so that odd data cannot fill the memory."""


def decide(ask: Ask, agreements: Sequence[Agreement], vocabulary: Vocabulary) -> Decision:
    """What may go under `agreements`: all those in force at ask.moment, not only those between giver and receiver."""
    ordered = _ordered(agreements)
    route = route_for(ask, ordered, local_days(ordered, ask), vocabulary)
    weighed = weigh(route, route.truths(ask.record), ask, route.counted(ask))
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
        kept, record = self._for(ask), ask.record
        return Decision(ask, self._weighed(kept, kept.route.truths(record), ask).mask(record.values))

    def route(self, ask: Ask) -> Route:
        """The route of `ask`, and of every ask that differs only in its record and approvals."""
        return self._for(ask).route

    def weighed(self, ask: Ask, truths: "_Truths") -> Weighed:
        """What may go of a record asked about as in `ask`, of which the tests of route(ask) say `truths`."""
        return self._weighed(self._for(ask), truths, ask)

    def _weighed(self, kept: "_KeptRoute", truths: "_Truths", ask: Ask) -> Weighed:
        counted = kept.route.counted(ask)
        key = (truths, counted, ask.through)
        weighed = kept.weighed.get(key)
        if weighed is None:
            self._make_room()
            weighed = kept.weighed[key] = weigh(kept.route, truths, ask, counted)
        return weighed

    def _for(self, ask: Ask) -> "_KeptRoute":
        if ask.moment is not self._moment:
            self._moment, self._days = ask.moment, local_days(self._agreements, ask)
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

    def _make_room(self) -> None:
        self._kept += 1
        if self._kept > MAX_KEPT:
            self._routes.clear()
            self._kinds.clear()
            self._kept = 1


_Truths = tuple[Truth, ...]
_Key = tuple[_Truths, Counted, tuple[str, ...]]


class _KeptRoute:
    __slots__ = ("route", "weighed")

    def __init__(self, route: Route) -> None:
        self.route = route
        self.weighed: dict[_Key, Weighed] = {}
