"""Values of one field, few, but one on each side of everything that conditions compare it with."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations, pairwise, product
from zoneinfo import ZoneInfo

from entente.agreements.deciding.amounts import alike
from entente.agreements.deciding.conditions import DAYS, NUMBERS, Condition, Setting, Values, field_of, lists_read
from entente.agreements.deciding.judging import FULL_AGE_YEARS
from entente.agreements.deciding.readings import terms_of
from entente.records import Field, Value

Read = Sequence[tuple[Condition, Setting]]
_MOST_CODES = 6
_STATED = "-"


def values_of(field: Field, read: Read, facts: Values) -> list[Value]:
    """Of `field`, which the conditions `read` look at; `facts` are what is known of other fields. Each once."""
    return list(dict.fromkeys(_values(field, read, facts)))


def _values(field: Field, read: Read, facts: Values) -> Iterable[Value]:
    if field.type == "code":
        return terms_of(field, read[0][1].vocabulary)
    if field.type == "codes":
        return _sets(field, read)
    if field.type == "boolean":
        return (True, False)
    if field.type in NUMBERS:
        return _numbers(field, read)
    if field.type in DAYS:
        return _days(field, read, facts) if field.type == "date" else _times(field, read, facts)
    return (_STATED, *(one.unit for one, _ in read if one.unit_in == field.name and one.unit))


def _wanted(condition: Condition) -> tuple[object, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _sets(field: Field, read: Read) -> Iterator[tuple[str, ...]]:
    """Every set of the codes that are named and of one that is not; of very many codes, sets of up to two."""
    named = {code for one, _ in read if one.field == field.name for code in _wanted(one) if isinstance(code, str)}
    other = [code for code in terms_of(field, read[0][1].vocabulary) if code not in named][:1]
    codes = [*sorted(named), *other]
    for size in range(1, 1 + (len(codes) if len(codes) <= _MOST_CODES else 2)):
        yield from combinations(codes, size)


def _numbers(field: Field, read: Read) -> list[int | Decimal]:
    """Each number that is compared with, one below, one above, and one between each two."""
    edges = sorted({edge for one, setting in read if one.field == field.name for edge in _limits(field, one, setting)})
    if not edges:
        return [0] if field.type == "integer" else [Decimal(0)]
    between = [(one + other) / 2 for one, other in pairwise(edges)]
    below = edges[0] - 1 if field.may_be_negative else edges[0] / 2
    found = [below, *edges, *between, edges[-1] + 1]
    if field.type == "integer":
        found = [Decimal(round(edge) + step) for edge in edges for step in (-1, 0, 1)]
    kept = sorted(number for number in found if field.may_be_negative or number >= 0)
    return [int(number) for number in kept] if field.type == "integer" else [*kept]


def _limits(field: Field, condition: Condition, setting: Setting) -> Iterator[Decimal]:
    """What the condition compares with, in every unit that the field's value may have."""
    for value in _wanted(condition):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            continue
        yield Decimal(value)
        for unit in _units(field, condition, setting):
            pair = alike(Decimal(value), condition.unit or "", Decimal(1), unit)
            if pair is not None and pair[1]:
                yield pair[0] / pair[1]


def _units(field: Field, condition: Condition, setting: Setting) -> Iterable[str]:
    if condition.unit is None:
        return ()
    other = field_of(setting.kind, condition.unit_in) if condition.unit_in else None
    return terms_of(other, setting.vocabulary) if other else [field.unit or ""]


def _days(field: Field, read: Read, facts: Values) -> Iterator[date]:
    """Each day that makes a difference, the one before and the one after."""
    for edge in sorted({edge for one, setting in read for edge in _edges(field, one, setting, facts)}):
        for step in (-1, 0, 1):
            try:
                yield edge + timedelta(days=step)
            except OverflowError:  # before the first or after the last day
                continue


def _edges(field: Field, condition: Condition, setting: Setting, facts: Values) -> Iterator[date]:
    yield setting.day
    if condition.on == field.name:
        for listed in lists_read(condition, setting.vocabulary):
            yield from (edge for entry in listed.entries for edge in (entry.since, entry.until) if edge)
    if condition.test == "is_minor":
        yield from _ages(field, condition, setting, facts)
    elif condition.field == field.name:
        for value in _wanted(condition):
            if isinstance(value, date):
                yield value
            elif condition.test.startswith("age_days_") and isinstance(value, int):
                yield from _before(setting.day, value)


def _before(day: date, days: int) -> Iterator[date]:
    try:
        yield day - timedelta(days=days)
    except OverflowError:
        return


def _ages(field: Field, condition: Condition, setting: Setting, facts: Values) -> Iterator[date]:
    """Birthdays of full age: seen from the other day, where it is known, else from that of the decision."""
    is_birth = condition.field == field.name
    other = facts.get((condition.on or "") if is_birth else condition.field)
    day = other.date() if isinstance(other, datetime) else other if isinstance(other, date) else setting.day
    years = -FULL_AGE_YEARS if is_birth else FULL_AGE_YEARS
    yield day
    try:
        yield day.replace(year=day.year + years, day=min(day.day, 28))  # the days around it are tried as well
        yield day.replace(year=day.year + years)
    except ValueError:  # 29 February, or a year that is none
        return


def _times(field: Field, read: Read, facts: Values) -> Iterator[datetime]:
    """The first moment of each such day in the zone of every agreement, and the last one before it."""
    zones = sorted({setting.zone for _, setting in read})
    for day, zone in product(_days(field, read, facts), zones):
        try:
            first = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
            yield from (first - timedelta(microseconds=1), first)
        except OverflowError:
            continue
