"""In how many ways can a record be, as far as two texts can tell? Each situation says which provisions apply to it,
shown by an example of its values.

Fields that no condition reads together are independent of each other; so situations are put together one group of
fields after the other, and those to which the same provisions apply count once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from math import prod

from entente.agreements.comparing.boundaries import boundary_values
from entente.agreements.deciding.conditions import RECORD_FIELDS, Condition, Setting, Truth, field_of
from entente.agreements.deciding.decision import Ask
from entente.agreements.deciding.route import Clause, Route
from entente.errors import InputFault
from entente.records import Kind, Value

MOST_VALUES = 500_000
"""Combinations of values of one group of fields that are tried."""
RECORDED_AT = "record.recorded_at"
"""No record was recorded after the day on which it is decided about."""


class TooIntricate(InputFault):
    """The conditions of these texts read too many values of {fields} together to be compared. Split the provision, or
    ask fewer conditions of these fields."""


@dataclass(frozen=True, slots=True)
class Situation:
    """`truths`: what the tests of each route say of a record that holds `values` of the fields that are read, and
    anything in the others."""

    truths: tuple[tuple[Truth, ...], ...]
    values: Mapping[str, Value]
    read: frozenset[str]

    def may_hold(self, field: str) -> bool:
        """True when the record holds a value of `field`: of what it does not hold, nothing can be given."""
        return field in self.values or field not in self.read


@dataclass(frozen=True, slots=True)
class _Live:
    """A clause that can still apply; `tests` are its conditions with what they say of values."""

    clause: Clause
    route: Route

    def is_left(self, values: Mapping[str, Value], conditions: frozenset[Condition]) -> bool:
        """False when one of its `conditions` keeps it from applying to a record with `values`."""
        is_permit = self.clause.provision.effect == "permit"
        for condition, place in zip(self.clause.provision.when, self.clause.tests, strict=True):
            if condition in conditions:
                truth = self.route.tests[place](values)
                if truth is False or (is_permit and truth is None):
                    return False
        return True


def live_clauses(route: Route, ask: Ask) -> list[Clause]:
    """Those that apply to a record with the right values."""
    permits = (one for one in route.permits if not one.unmet and one.provision.speaks_for(ask.through))
    return [*permits, *route.forbids, *route.limits]


def situations(routes: Sequence[Route], ask: Ask, settings: Sequence[Setting]) -> list[Situation]:
    """Every set of clauses of `routes` that apply together to some record of their kind that holds the same of the
    fields they read, once, with an example.

    `settings` are those that the routes judge in. Exact for records that their kind accepts, where no two boundaries
    in a number lie closer than 28 digits tell apart.
    """
    live = [_Live(clause, route) for route in routes for clause in live_clauses(route, ask)]
    conditions = list(dict.fromkeys(condition for one in live for condition in one.clause.provision.when))
    found: dict[_Way, dict[str, Value]] = {(frozenset(range(len(live))), frozenset()): {}}
    for group in _groups(conditions):
        ways = _ways(group, live, settings)
        together: dict[_Way, dict[str, Value]] = {}
        for ((left, lacks), values), ((also_left, also_lacks), more) in product(found.items(), ways.items()):
            together.setdefault((left & also_left, lacks | also_lacks), {**values, **more})
        found = together
    read = frozenset(name for condition in conditions for name in condition.reads)
    return [Situation(tuple(_truths(route, values) for route in routes), values, read) for values in found.values()]


def _truths(route: Route, values: Mapping[str, Value]) -> tuple[Truth, ...]:
    return tuple(test(values) for test in route.tests)


_Way = tuple[frozenset[int], frozenset[str]]
"""Which clauses are left, by place, and which fields have no value."""


def _ways(
    group: Sequence[Condition], live: Sequence[_Live], settings: Sequence[Setting]
) -> dict[_Way, dict[str, Value]]:
    """Which of `live` are left by values of the fields that `group` reads, each with an example."""
    members = frozenset(group)
    names = {name for condition in group for name in condition.reads}
    concerned = {place for place, one in enumerate(live) if not members.isdisjoint(one.clause.provision.when)}
    rest = frozenset(range(len(live))) - concerned
    ways: dict[_Way, dict[str, Value]] = {}
    for values in _combinations(settings[0].kind, group, settings):
        left = rest | {place for place in concerned if live[place].is_left(values, members)}
        ways.setdefault((left, frozenset(names - values.keys())), values)
    return ways


def _combinations(kind: Kind, group: Sequence[Condition], settings: Sequence[Setting]) -> Iterator[dict[str, Value]]:
    """Values of all fields that the group reads, in every combination; a field without a value is left out."""
    names = sorted({name for condition in group for name in condition.reads})
    columns = [_column(kind, name, group, settings) for name in names]
    if prod(len(column) for column in columns) > MOST_VALUES:
        raise TooIntricate(fields=", ".join(names))
    for row in product(*columns):
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _column(kind: Kind, name: str, group: Sequence[Condition], settings: Sequence[Setting]) -> Sequence[Value | None]:
    field = field_of(kind, name)
    if field is None:
        return [None]
    may_lack = not field.is_required and name not in RECORD_FIELDS
    found = boundary_values(field, group, settings, may_lack=may_lack)
    if name != RECORDED_AT:
        return found
    today = max(setting.day for setting in settings)
    return [value for value in found if isinstance(value, datetime) and value.date() <= today]


def _groups(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """Conditions that read a field together, directly or over others, are in one group."""
    groups: list[tuple[set[str], list[Condition]]] = []
    for condition in conditions:
        names, members = set(condition.reads), [condition]
        apart = []
        for other_names, others in groups:
            if names.isdisjoint(other_names):
                apart.append((other_names, others))
            else:
                names |= other_names
                members = [*others, *members]
        groups = [*apart, (names, members)]
    return [members for _, members in groups]
