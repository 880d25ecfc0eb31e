"""What one text does with every field of a record in one situation, as the engine that decides has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from entente.agreements.deciding.combine import MOST_OFFICERS
from entente.agreements.deciding.conditions import Truth
from entente.agreements.deciding.decision import Ask, Mask
from entente.agreements.deciding.route import Counted, Route
from entente.agreements.deciding.weigh import Weighed, weigh
from entente.signing import Json

Team = tuple[int | None, ...]
"""Officers who approve: of each, how many days ago at most the exercises were passed; None: never."""


@dataclass(frozen=True, slots=True, order=True)
class Handling:
    """Under what the receiver holds what it was given: each a sorted list of codes; duties with their days."""

    caveats: tuple[str, ...] = ()
    duties: tuple[tuple[str, int], ...] = ()
    purposes: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """It goes once `officers` have agreed, who passed the exercises within `training_days` (0: whoever they are)."""

    officers: int
    training_days: int
    handling: Handling

    def to_json(self) -> dict[str, Json]:
        held = self.handling
        return {
            "officers": self.officers,
            "training_days": self.training_days,
            "caveats": list(held.caveats),
            "duties": dict(held.duties),
            "purposes": list(held.purposes),
            "legal_bases": list(held.legal_bases),
        }


@dataclass(frozen=True, slots=True)
class Given:
    """How a field is given, and by which provisions. `by_team`: what it goes under with each team; None: it waits."""

    way: Way
    by_team: tuple[Handling | None, ...]
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """By field: how it is given, where it is; and the provisions that forbid it, whoever would give it."""

    given: Mapping[str, Given]
    forbidden: Mapping[str, tuple[str, ...]]


def teams(routes: Sequence[Route]) -> list[Team]:
    """Every number of officers who approve, with every training that `routes` tell apart; the best trained last."""
    days = sorted({days for route in routes for _, days in route.trainings}, reverse=True)
    levels: list[int | None] = [None, *days]
    return [team for number in range(MOST_OFFICERS + 1) for team in combinations_with_replacement(levels, number)]


def effects(route: Route, truths: tuple[Truth, ...], ask: Ask, every: Sequence[Team]) -> Effects:
    """Of all records of which the route's tests say `truths`, with each team of `every`."""
    by_team = [weigh(route, truths, ask, _counted(route, team)) for team in every]
    everything = {field.name: True for field in route.kind.fields}
    masks = [weighed.mask(everything) if weighed.fields else None for weighed in by_team]
    best = by_team[-1]
    given = {name: _given(name, by_team, masks, every) for name in best.fields}
    return Effects(given, {name: tuple(one.ref.provision for one in found) for name, found in best.struck.items()})


def _counted(route: Route, team: Team) -> Counted:
    """Exercises of the two texts compared are taken for the same."""
    trained = [
        (training, sum(1 for passed in team if passed is not None and passed <= training[1]))
        for training in route.trainings
    ]
    return Counted(len(team), tuple(trained))


def _given(name: str, by_team: Sequence[Weighed], masks: Sequence[Mask | None], every: Sequence[Team]) -> Given:
    found = tuple(
        _handling(mask) if mask is not None and name in weighed.fields else None
        for weighed, mask in zip(by_team, masks, strict=True)
    )
    going = [(len(team), _days(team), handling) for team, handling in zip(every, found, strict=True) if handling]
    officers, days, handling = min(going, key=lambda one: (one[0], one[1] != 0, -one[1]))
    provisions = tuple(one.ref.provision for one in by_team[-1].used if name in one.fields)
    return Given(Way(officers, days, handling), found, provisions)


def _days(team: Team) -> int:
    """The strictest training in the team; 0 where none is needed."""
    return min((passed for passed in team if passed is not None), default=0)


def _handling(mask: Mask) -> Handling:
    return Handling(
        caveats=mask.caveats,
        duties=tuple(sorted(mask.duties.items())),
        purposes=mask.purposes,
        legal_bases=mask.legal_bases,
    )
