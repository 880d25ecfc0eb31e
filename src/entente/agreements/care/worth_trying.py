"""Which values of a field, and which days, are worth trying when conditions are to hold together: among them there is
one that makes them true, if any does.

Conditions change their truth at few places only: at the values they name, at the days on which a list changes, at an
age. Those places and their neighbours are enough.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

from entente.agreements.deciding.amounts import is_convertible
from entente.agreements.deciding.conditions import Condition, lists_read
from entente.agreements.deciding.judging import FULL_AGE_YEARS
from entente.agreements.deciding.readings import terms_of
from entente.records import Field, Value
from entente.vocabulary import UNITS, Vocabulary, convert

Candidate = Value | None
"""None: the record does not hold the field."""

_AROUND = (-1, 0, 1)
_DIGITS = 28
ODD_CODE = "?"
"""A code that no list has: a field that holds it is there, and nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When it is tried: the local days of the decision in `zones`, the zones of the texts that are read together."""

    days: tuple[date, ...]
    zones: tuple[str, ...]


def midnight(day: date, zone: str) -> datetime:
    """The first moment of `day` in `zone`, in UTC."""
    try:
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the first and last day there is
        return datetime.combine(day, time(), UTC)


def days_of_lists(conditions: Iterable[Condition], vocabulary: Vocabulary, *, on: str | None = None) -> Iterator[date]:
    """Days on which a list changes that the conditions read as of the day in field `on`, or (None) of the decision."""
    for condition in conditions:
        if condition.on != on:
            continue
        for listed in lists_read(condition, vocabulary):
            for entry in listed.entries:
                yield from (day for day in (entry.since, _after(entry.until)) if day is not None)


def days_of_decision(conditions: Sequence[Condition], vocabulary: Vocabulary) -> Iterator[date]:
    """Days of decision at which a condition may change its truth."""
    yield from days_of_lists(conditions, vocabulary)
    named = [day for condition in conditions for day in _days_named(condition)]
    for condition in conditions:
        for day in named:
            for off in _AROUND:
                if condition.test.startswith("age_days") and isinstance(condition.value, int):
                    yield from _shifted(day, condition.value + off)
                elif condition.test == "is_minor":
                    yield from _shifted(_years_on(day, FULL_AGE_YEARS), off)


def candidates(
    field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary, when: Occasion
) -> list[Candidate]:
    """Values of `field`, each once. `conditions` are all that read it, also as the day or the unit of another field."""
    found: dict[Candidate, None] = dict.fromkeys(_values(field, conditions, vocabulary, when))
    if field.type not in ("code", "codes"):
        return [*found, None]
    return [*found, None, ODD_CODE if field.type == "code" else (ODD_CODE,)]


def any_value(field: Field) -> Value:
    """Something a field of this type may hold, where it does not matter what."""
    plain: Mapping[str, Value] = {
        "integer": 1,
        "decimal": Decimal(1),
        "boolean": True,
        "date": date(2000, 1, 1),
        "time": datetime(2000, 1, 1, tzinfo=UTC),
        "codes": (ODD_CODE,),
    }
    return plain.get(field.type, ODD_CODE)


def _values(
    field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary, when: Occasion
) -> Iterator[Candidate]:
    if field.type == "boolean":
        yield from (True, False)
    elif field.type == "code":
        yield from terms_of(field, vocabulary)
    elif field.type == "codes":
        yield _most_codes(field, conditions, vocabulary)
    elif field.type == "text":
        yield from ("x", *(unit for found in conditions for unit in _units(found)))
    elif field.type in ("integer", "decimal"):
        yield from _numbers(field, conditions)
    else:
        for day in _days(field, conditions, vocabulary, when):
            yield from [day] if field.type == "date" else _moments(day, when.zones)


def _most_codes(field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary) -> tuple[str, ...]:
    """All codes that every `only` allows: when this does not satisfy the conditions, nothing with fewer does."""
    allowed = [set(c.value) for c in conditions if c.test == "only" and isinstance(c.value, tuple)]
    return tuple(code for code in terms_of(field, vocabulary) if all(code in a for a in allowed))


def _numbers(field: Field, conditions: Sequence[Condition]) -> Iterator[Candidate]:
    """Every number that a condition names, in every unit that the field may have, rounded both ways, and its
    neighbours."""
    for number in (Decimal(0), *(found for condition in conditions for found in _named_numbers(field, condition))):
        for off in _AROUND:
            if field.type == "decimal":
                yield number + off
            else:
                yield from (int(number.to_integral_value(way)) + off for way in (ROUND_FLOOR, ROUND_CEILING))


def _named_numbers(field: Field, condition: Condition) -> Iterator[Decimal]:
    wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in wanted:
        if isinstance(value, (int, Decimal)):
            yield Decimal(value)
            units = (field.unit,) if condition.unit_in is None else tuple(UNITS)
            yield from (found for unit in units for found in _converted(Decimal(value), condition.unit, unit))


def _converted(value: Decimal, unit: str | None, other: str | None) -> Iterator[Decimal]:
    """`value` in the unit `other`, and the nearest above and below where it cannot be written exactly."""
    if unit is None or other is None or unit not in UNITS or not is_convertible(unit, other):
        return
    found = convert(value, unit, other, UNITS[unit].dimension, _DIGITS)
    last = Decimal(1).scaleb(found.adjusted() - _DIGITS + 2)
    yield from (found, found - last, found + last)


def _units(condition: Condition) -> tuple[str, ...]:
    """Units worth trying in the field that says the unit."""
    if condition.unit is None:
        return ()
    return (condition.unit, *(other for other in UNITS if is_convertible(condition.unit, other)))


def _days(field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary, when: Occasion) -> Iterator[date]:
    named = [day for condition in conditions for day in _days_named(condition)]
    listed = [*days_of_lists(conditions, vocabulary, on=field.name)]
    for day in dict.fromkeys((*when.days, *named, *listed)):
        for off in _AROUND:
            yield from _shifted(day, off)
    for condition in conditions:
        for day in dict.fromkeys((*when.days, *named)):
            for off in _AROUND:
                if condition.test.startswith("age_days") and isinstance(condition.value, int):
                    yield from _shifted(day, off - condition.value)
                elif condition.test == "is_minor":
                    yield from _shifted(_years_on(day, -FULL_AGE_YEARS), off)
                    yield from _shifted(_years_on(day, FULL_AGE_YEARS), off)


def _days_named(condition: Condition) -> Iterator[date]:
    if condition.test in ("before", "after") and isinstance(condition.value, date):
        yield condition.value


def _moments(day: date, zones: Iterable[str]) -> Iterator[datetime]:
    """Moments of `day` in every zone."""
    for zone in zones:
        yield midnight(day, zone)


def _shifted(day: date, days: int) -> Iterator[date]:
    try:
        yield day + timedelta(days=days)
    except OverflowError:  # before the first day there is, or after the last
        return


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or outside the calendar
        return day


def _after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)
