"""In how many ways can facts that are not known still turn out, as far as conditions can tell them apart?

Fields that share a condition are tried together, all others apart. What is stated is never varied.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from entente.agreements.deciding.conditions import RECORD_FIELDS, Condition, Setting, Values, field_of
from entente.agreements.deciding.judging import judging
from entente.agreements.guiding.samples_of import values_of
from entente.records import Field, Kind, Value

MOST = 4096
"""Ways that are tried; where there are more, nothing is promised."""
_MOST_TOGETHER = 50_000

Way = Mapping[str, Value]
"""Values by field; a field that is not there is not stated."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition, and what it is judged in."""

    condition: Condition
    setting: Setting


def completions(judged: Sequence[Judged], kind: Kind, facts: Values, known: frozenset[str]) -> list[Way] | None:
    """`facts` with values of the other fields that conditions read, one for every way in which the conditions `judged`
    could still turn out; at least one. `known` are fields whose value, or that there is none, is known.

    None: there are more than MOST ways.
    """
    names = {name for one in judged for name in one.condition.reads if field_of(kind, name)} - known
    ways: list[list[Way]] = []
    number = 1
    for group in _together(sorted(names), judged):
        found = _ways(group, judged, kind, facts)
        number *= len(found)
        if not found or number > MOST:
            return None
        ways.append(found)
    return [{**facts, **{name: value for way in chosen for name, value in way.items()}} for chosen in product(*ways)]


def _together(names: Sequence[str], judged: Iterable[Judged]) -> list[frozenset[str]]:
    """The names in groups; two that one condition reads are in the same."""
    groups = [frozenset({name}) for name in names]
    for one in judged:
        touched = [group for group in groups if not group.isdisjoint(one.condition.reads)]
        if len(touched) > 1:
            groups = [group for group in groups if group not in touched]
            groups.append(frozenset().union(*touched))
    return groups


def _ways(group: frozenset[str], judged: Iterable[Judged], kind: Kind, facts: Values) -> list[Way]:
    """One set of values for every outcome of the conditions that read the group; none where that is too much to try."""
    about = [one for one in judged if not group.isdisjoint(one.condition.reads)]
    tests = [judging(one.condition, one.setting) for one in about]
    fields = [field for name in sorted(group) if (field := field_of(kind, name))]
    choices = [_choices(field, about, facts) for field in fields]
    if _product(len(values) for values in choices) > _MOST_TOGETHER:
        return []
    found: dict[object, Way] = {}
    for chosen in product(*choices):
        way = {field.name: value for field, value in zip(fields, chosen, strict=True) if value is not None}
        seen = {**facts, **way}
        held = frozenset(way)  # what is not stated can tell nothing of whether it would go
        found.setdefault((held, *(test(seen) for test in tests)), way)
    return list(found.values())


def _choices(field: Field, about: Sequence[Judged], facts: Values) -> list[Value | None]:
    """Values of the field among which is one for everything that a condition can say of it; None: not stated."""
    found = values_of(field, [(one.condition, one.setting) for one in about], facts)
    is_always = field.is_required or field.name in RECORD_FIELDS
    return [*found] if is_always and found else [*found, None]


def _product(numbers: Iterable[int]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result
