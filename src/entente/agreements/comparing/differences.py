"""What two texts do differently, place by place: who gives what to whom, for what and when, and how it is then handled.

Each text is weighed as if it alone were in force. A place is one giver, receiver, field, purpose and occasion, over a
stretch of days. The engine that decides also answers here, asked about every situation that the conditions of both
texts can tell apart (`situations`), with no, one and two officers of every training. So this is exact for records that
their kind accepts and that came to the giver from nobody but who said them: two texts that say the same in other words
have no difference, and every difference is seen in some decision. Not compared are the hours between midnight in one
zone and in the other, where the texts count days in different zones, and which forbids an emergency sets aside.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from entente.agreements.agreement import Agreement
from entente.agreements.comparing.effects import Effects, Given, Way, effects, teams
from entente.agreements.comparing.places import Place, Space, bare, forbidden_spaces, given_spaces, probe, stretches
from entente.agreements.comparing.situations import Situation, live_clauses, situations
from entente.agreements.deciding.conditions import ON_A_DAY, Condition, Setting
from entente.agreements.deciding.decision import Ask
from entente.agreements.deciding.route import Route, route_for
from entente.records import Catalogue
from entente.signing import Json
from entente.vocabulary import Vocabulary

Change = Literal["begins", "ends", "widens", "narrows", "shifts", "handled", "barred", "unbarred", "rebarred"]
"""What is given: now at all; no longer; in more cases; in fewer; in some more and some fewer; as before, but handled
otherwise. What no agreement may give: in more cases than before; in fewer; in some more and some fewer."""

GAINS: tuple[Change, ...] = ("begins", "widens", "shifts")
LOSSES: tuple[Change, ...] = ("ends", "narrows", "shifts")
BARS: tuple[Change, ...] = ("barred", "unbarred", "rebarred")


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """How one text does it where they differ: the provisions that give (or forbid), each way in which it is given, and
    the provisions that forbid a part of it."""

    provisions: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    limits: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        return {
            "provisions": list(self.provisions),
            "ways": [way.to_json() for way in self.ways],
            "limits": list(self.limits),
        }


@dataclass(frozen=True, slots=True)
class What:
    """`is_handled_otherwise`: what both give, is."""

    change: Change
    is_handled_otherwise: bool
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the texts differ, from `first` to `last`, both included."""

    place: Place
    first: date
    last: date
    what: What


Pair = tuple[Situation, Effects, Effects]
"""What the old and the new text do in one situation."""


def differences(old: Agreement, new: Agreement, catalogue: Catalogue) -> list[Difference]:
    """All places where `new` does something else than `old`, in order; days that follow each other are put together.

    Raises TooIntricate.
    """
    given, forbidden = list(given_spaces(old, new, catalogue)), list(forbidden_spaces(old, new, catalogue))
    comparison = _Comparison((old, new), catalogue.vocabulary)
    found: dict[Place, list[Difference]] = {}
    for first, last in stretches(old, new, catalogue.vocabulary):
        for spaces, read in ((given, _given), (forbidden, _forbidden)):
            for space in spaces:
                for name, what in comparison.changes(space, first, read).items():
                    place = replace(space.place, field=name)
                    _add(found.setdefault(place, []), Difference(place, first, last, what))
    return [one for place in sorted(found) for one in found[place]]


def _add(row: list[Difference], one: Difference) -> None:
    """Joins it to the days right before, where nothing else changes."""
    if row and row[-1].what == one.what and (one.first - row[-1].last).days == 1:
        row[-1] = replace(row[-1], last=one.last)
    else:
        row.append(one)


Read = Callable[[Sequence[Pair]], dict[str, What]]


class _Comparison:
    """Compares at one space after the other. INVARIANT: everything the result depends on is in the key it is kept
    under."""

    def __init__(self, texts: tuple[Agreement, Agreement], vocabulary: Vocabulary) -> None:
        self._texts, self._vocabulary = texts, vocabulary
        self._kept: dict[object, dict[str, What]] = {}

    def changes(self, space: Space, day: date, read: Read) -> dict[str, What]:
        """What changes at `space` on `day`, by field."""
        ask = probe(space, day, self._vocabulary)
        routes = [route_for(ask, (text,), (day,), self._vocabulary) for text in self._texts]
        place = space.place
        key = (read, place.kind, place.purpose, place.occasion, *(_key(route, ask, day) for route in routes))
        if key not in self._kept and self._is_alike(routes, ask):
            self._kept[key] = {}
        elif key not in self._kept:
            settings = [Setting(space.kind, self._vocabulary, text.zone, day) for text in self._texts]
            every = teams(routes)
            pairs = [
                (one, effects(routes[0], one.truths[0], ask, every), effects(routes[1], one.truths[1], ask, every))
                for one in situations(routes, ask, settings)
            ]
            self._kept[key] = read(pairs)
        return self._kept[key]

    def _is_alike(self, routes: Sequence[Route], ask: Ask) -> bool:
        """True where both texts speak in the same provisions: most places of most pairs."""
        old, new = ([bare(clause.provision) for clause in live_clauses(route, ask)] for route in routes)
        is_one_zone = self._texts[0].zone == self._texts[1].zone
        return is_one_zone and old == new and (routes[0].refusal is None) == (routes[1].refusal is None)


def _key(route: Route, ask: Ask, day: date) -> tuple[object, ...]:
    """Whatever else of the ask could matter stands in the clauses that are left of it."""
    live = live_clauses(route, ask)
    reads_today = any(_reads_today(condition) for clause in live for condition in clause.provision.when)
    ids = tuple(clause.ref.provision for clause in live)
    return (ids, ask.through != (), route.refusal is None, day if reads_today else None)


def _reads_today(condition: Condition) -> bool:
    return condition.test.startswith("age_days") or (condition.on is None and condition.test in ON_A_DAY)


def _given(pairs: Sequence[Pair]) -> dict[str, What]:
    found: dict[str, What] = {}
    for name in sorted({name for _, *both in pairs for one in both for name in one.given}):
        about = [(old, new) for situation, old, new in pairs if situation.may_hold(name)]
        what = _given_change([(old.given.get(name), new.given.get(name)) for old, new in about])
        if what is not None:
            before = replace(what.before, limits=_limits(name, [old for old, _ in about]))
            after = replace(what.after, limits=_limits(name, [new for _, new in about]))
            found[name] = replace(what, before=before, after=after)
    return found


def _limits(name: str, cases: Sequence[Effects]) -> tuple[str, ...]:
    """The provisions that forbid the field in some of the cases, where it is given in others."""
    is_given = any(name in one.given for one in cases)
    return tuple(sorted({id_ for one in cases for id_ in one.forbidden.get(name, ())})) if is_given else ()


def _given_change(cases: Sequence[tuple[Given | None, Given | None]]) -> What | None:
    gained = [one for one in cases if one[0] is None and one[1] is not None]
    lost = [one for one in cases if one[0] is not None and one[1] is None]
    kept = [(before, after) for before, after in cases if before is not None and after is not None]
    otherwise = [(before, after) for before, after in kept if before.by_team != after.by_team]
    change = _named(bool(gained), bool(lost), bool(kept), is_otherwise=bool(otherwise))
    if change is None:
        return None
    shown = otherwise if change == "handled" else cases
    return What(
        change=change,
        is_handled_otherwise=bool(otherwise),
        before=_side(before for before, _ in shown),
        after=_side(after for _, after in shown),
    )


def _named(is_gained: bool, is_lost: bool, is_kept: bool, *, is_otherwise: bool) -> Change | None:  # noqa: FBT001
    if is_gained and is_lost:
        return "shifts"
    if is_gained:
        return "widens" if is_kept else "begins"
    if is_lost:
        return "narrows" if is_kept else "ends"
    return "handled" if is_otherwise else None


def _side(given: Iterable[Given | None]) -> Side:
    found = [one for one in given if one is not None]
    return Side(
        provisions=tuple(sorted({name for one in found for name in one.provisions})),
        ways=tuple(sorted({one.way for one in found})),
    )


def _forbidden(pairs: Sequence[Pair]) -> dict[str, What]:
    found: dict[str, What] = {}
    for name in sorted({name for _, *both in pairs for one in both for name in one.forbidden}):
        about = [(old.forbidden, new.forbidden) for situation, old, new in pairs if situation.may_hold(name)]
        what = _forbidden_change([(old.get(name, ()), new.get(name, ())) for old, new in about])
        if what is not None:
            found[name] = what
    return found


def _forbidden_change(cases: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> What | None:
    more = [one for one in cases if one[1] and not one[0]]
    fewer = [one for one in cases if one[0] and not one[1]]
    if not more and not fewer:
        return None
    change: Change = "rebarred" if more and fewer else "barred" if more else "unbarred"
    sides = [Side(provisions=tuple(sorted({id_ for one in cases for id_ in one[place]}))) for place in (0, 1)]
    return What(change=change, is_handled_otherwise=False, before=sides[0], after=sides[1])
