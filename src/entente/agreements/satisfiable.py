"""Can the conditions of a provision ever hold together? Found by trying the few values that could matter for each
field."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from zoneinfo import ZoneInfo

from entente.agreements.agreement import Provision
from entente.agreements.conditions import Condition, Setting, judging
from entente.records import Field, Kind, Value
from entente.vocabulary import Vocabulary

_ZONE = "UTC"
_NOON = time_of_day(12)


def impossible_fields(provision: Provision, kinds: Sequence[Kind], vocabulary: Vocabulary) -> list[str]:
    """Names of fields whose conditions no value satisfies on any day of the provision, in any of `kinds`."""
    names = dict.fromkeys(condition.field for condition in provision.when)
    return [name for name in names if any(_is_impossible(provision, name, kind, vocabulary) for kind in kinds)]


def _is_impossible(provision: Provision, name: str, kind: Kind, vocabulary: Vocabulary) -> bool:
    field = kind.field(name)
    conditions = [condition for condition in provision.when if condition.field == name]
    if field is None or field.type == "text":
        return False  # only `is_present` can be asked of it
    days = list(_days(provision, conditions, vocabulary))
    return not any(
        _holds(conditions, Setting(kind, vocabulary, _ZONE, day), value)
        for value in _candidates(field, conditions, vocabulary, provision.valid_from)
        for day in days
    )


def _holds(conditions: Sequence[Condition], setting: Setting, value: Value) -> bool:
    """True when `value` of the field satisfies all its conditions; other days that they read are the day of
    `setting`."""
    values: dict[str, Value] = {}
    for condition in conditions:
        read = setting.kind.field(condition.on) if condition.on else None
        if read is not None:
            values[read.name] = setting.day if read.type == "date" else _moment(setting.day)
    values[conditions[0].field] = value
    return all(judging(condition, setting)(values) is True for condition in conditions)


def _candidates(
    field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary, some_day: date
) -> Iterator[Value]:
    """Values among which there is one that satisfies the conditions, if any value does."""
    if field.type == "code":
        yield from vocabulary.list(field.vocabulary or "").terms
    elif field.type == "codes":
        yield _most_codes(field, conditions, vocabulary)
    elif field.type == "boolean":
        yield from (True, False)
    else:
        for wanted in (0, some_day, *_wanted(conditions)):
            yield from _around(field, wanted)


def _most_codes(field: Field, conditions: Sequence[Condition], vocabulary: Vocabulary) -> tuple[str, ...]:
    """All codes that every `only` allows: when this does not satisfy the conditions, nothing with fewer does."""
    allowed = [set(c.value) for c in conditions if c.test == "only" and isinstance(c.value, tuple)]
    return tuple(code for code in vocabulary.list(field.vocabulary or "").terms if all(code in a for a in allowed))


def _wanted(conditions: Sequence[Condition]) -> Iterator[object]:
    for condition in conditions:
        yield from condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _around(field: Field, wanted: object) -> Iterator[Value]:
    """`wanted` itself and its neighbours, as values of `field`."""
    if field.type in ("integer", "decimal") and isinstance(wanted, (int, Decimal)):
        for number in (Decimal(wanted) - 1, Decimal(wanted), Decimal(wanted) + 1):
            yield number if field.type == "decimal" else int(number)
    elif field.type in ("date", "time") and isinstance(wanted, date):
        for days in (-1, 0, 1):
            day = wanted + timedelta(days=days)
            yield day if field.type == "date" else _moment(day)


def _days(provision: Provision, conditions: Sequence[Condition], vocabulary: Vocabulary) -> Iterator[date]:
    """Days on which the lists that are read differ: within validity for the day of decision, at any time for `on`."""
    yield provision.valid_from
    for condition in conditions:
        listed = vocabulary.dated.get(str(condition.value)) if "listed_in" in condition.test else None
        for entry in listed.entries if listed else ():
            for day in (entry.since, entry.until and entry.until + timedelta(days=1)):
                if day and (condition.on or provision.is_valid_on(day)):
                    yield day


def _moment(day: date) -> datetime:
    return datetime.combine(day, _NOON, ZoneInfo(_ZONE))
