"""The few values of a field that conditions can tell apart: each boundary, its neighbours, and something between any
two.

Whatever a record of the kind may say, one of these values makes every condition on the field come out the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from entente.agreements.deciding.conditions import NUMBERS, Condition, Setting, lists_read
from entente.agreements.deciding.judging import FULL_AGE_YEARS
from entente.records import Field, Value
from entente.vocabulary import UNITS, Vocabulary, to_base

_NOON = time(12)
_DAY = timedelta(days=1)


def boundary_values(
    field: Field, conditions: Sequence[Condition], settings: Sequence[Setting], *, may_lack: bool
) -> list[Value | None]:
    """Values of `field` for every way that `conditions`, judged in any of `settings`, can come out; None stands for no
    value, where the kind lets a record go without."""
    found = list(_values(field, conditions, settings))
    lacking: list[Value | None] = [None] if may_lack else []
    return [*dict.fromkeys(found), *lacking]


def boundary_days(conditions: Iterable[Condition], vocabulary: Vocabulary) -> Iterator[date]:
    """First days of the stretches in which `conditions`, as of the day of the decision, come out alike."""
    every = list(conditions)
    for condition in every:
        if condition.on is None:
            yield from _list_days(condition, vocabulary)
    for name in {condition.field for condition in every}:
        yield from _age_days([condition for condition in every if condition.field == name])


def _age_days(conditions: Sequence[Condition]) -> Iterator[date]:
    """Days on which an age that a condition asks for meets a fixed day that another one asks for."""
    fixed = [condition.value for condition in conditions if isinstance(condition.value, date)]
    ages = [int(str(condition.value)) for condition in conditions if condition.test.startswith("age_days")]
    is_aged = bool(ages) or any(condition.test == "is_minor" for condition in conditions)
    for day in fixed if is_aged else ():
        for near in (_shifted(day, -1), day, _shifted(day, 1)):
            yield from (_shifted(near, age + more) for age in (0, *ages) for more in (0, 1))
            yield _years_later(near, FULL_AGE_YEARS)


def _values(field: Field, conditions: Sequence[Condition], settings: Sequence[Setting]) -> Iterator[Value]:
    vocabulary = settings[0].vocabulary
    if field.type == "code" or (field.type == "text" and _has_unit(field, conditions)):
        yield from vocabulary.list(field.vocabulary).terms if field.vocabulary else _units(conditions)
    elif field.type == "text":
        yield "x"
    elif field.type == "boolean":
        yield from (True, False)
    elif field.type == "codes":
        yield from _subsets(field, conditions, vocabulary)
    elif field.type in NUMBERS:
        yield from _numbers(field, conditions)
    else:
        yield from _moments(field, conditions, settings)


def _has_unit(field: Field, conditions: Sequence[Condition]) -> bool:
    return any(condition.unit_in == field.name for condition in conditions)


def _units(conditions: Sequence[Condition]) -> Iterator[str]:
    """The units that are asked for, those that convert to them, and one that does not."""
    yield "?"
    for condition in conditions:
        yield from _alike(condition.unit)


def _alike(unit: str | None) -> list[str]:
    known = UNITS.get(unit or "")
    others = [name for name, other in UNITS.items() if known and other.dimension == known.dimension]
    return list(dict.fromkeys([*([unit] if unit else []), *others]))


def _subsets(field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Every choice among codes that conditions treat differently, one of each sort, and nothing chosen."""
    wanted = [c.value if isinstance(c.value, tuple) else (c.value,) for c in conditions if c.field == field.name]
    sorts: dict[tuple[bool, ...], str] = {}
    for code in vocabulary.list(field.vocabulary or "").terms:
        sorts.setdefault(tuple(code in value for value in wanted), code)
    chosen: list[tuple[str, ...]] = [()]
    for code in sorts.values():
        chosen += [(*found, code) for found in chosen]
    yield from chosen


def _numbers(field: Field, conditions: Sequence[Condition]) -> Iterator[int | Decimal]:
    marks = sorted({Decimal(0), *(mark for condition in conditions for mark in _marks(field, condition))})
    found = [*marks, marks[0] - 1, marks[-1] + 1, *((one + two) / 2 for one, two in pairwise(marks))]
    if field.type == "integer":
        found = [Decimal(int(mark)) + step for mark in found for step in (-1, 0, 1)]
    for number in found:
        if number >= 0 or field.may_be_negative:
            yield int(number) if field.type == "integer" else number


def _marks(field: Field, condition: Condition) -> Iterator[Decimal]:
    """The numbers that the condition compares with, in every unit that the field could be in."""
    unit = condition.unit
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    for value in values:
        if isinstance(value, int | Decimal):
            yield Decimal(value)
            if unit is not None and unit in UNITS:
                units = [field.unit] if field.unit else _alike(unit)
                yield from (_converted(Decimal(value), unit, other) for other in units if other in UNITS)


def _converted(value: Decimal, unit: str, other: str) -> Decimal:
    dimension = UNITS[unit].dimension
    return to_base(value, unit, dimension) / to_base(Decimal(1), other, dimension)


def _moments(field: Field, conditions: Sequence[Condition], settings: Sequence[Setting]) -> Iterator[date]:
    today, vocabulary = settings[0].day, settings[0].vocabulary
    marks = {today, _years_later(today, -FULL_AGE_YEARS)}
    for condition in conditions:
        if isinstance(condition.value, date):
            marks.add(condition.value)
        if condition.test.startswith("age_days"):
            marks.add(_shifted(today, -int(str(condition.value))))
        marks.update(_list_days(condition, vocabulary))
        if condition.test == "is_minor" and condition.on is not None:
            marks |= {_years_later(mark, years) for mark in marks for years in (-FULL_AGE_YEARS, FULL_AGE_YEARS)}
    for day in sorted({_shifted(mark, step) for mark in marks for step in (-1, 0, 1)}):
        yield from (day,) if field.type == "date" else _times(day, {setting.zone for setting in settings})


def _times(day: date, zones: set[str]) -> Iterator[datetime]:
    """Noon; where two texts count days in different zones, also both ends of the day in each."""
    for zone in sorted(zones):
        yield from (datetime.combine(day, at, ZoneInfo(zone)) for at in (_NOON, *_ends(zones)))


def _ends(zones: set[str]) -> tuple[time, ...]:
    return (time.min, time.max) if len(zones) > 1 else ()


def _list_days(condition: Condition, vocabulary: Vocabulary) -> Iterator[date]:
    """Days on which a list in law that the condition reads begins or ceases to hold a code."""
    for listed in lists_read(condition, vocabulary):
        for entry in listed.entries:
            yield from (day for day in (entry.since, entry.until and _shifted(entry.until, 1)) if day)


def _shifted(day: date, days: int) -> date:
    try:
        return day + days * _DAY
    except OverflowError:
        return date.min if days < 0 else date.max


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or beyond the calendar
        return _shifted(day, round(years * 365.25))
