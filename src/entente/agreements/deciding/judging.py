"""How each test of a condition is made: a condition becomes a function of a record's values that never raises, whatever
the values are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from entente.agreements.deciding.amounts import amount_judge
from entente.agreements.deciding.conditions import (
    TESTS,
    Condition,
    Setting,
    Test,
    Truth,
    Values,
    Wanted,
    field_of,
    lists_read,
)
from entente.agreements.deciding.readings import by_code, comparable, local_day, terms_of, typed
from entente.records import Field
from entente.vocabulary import DatedList, Term

FULL_AGE_YEARS = 18
"""A child is every human being below 18: Convention on the Rights of the Child (1989), art. 1."""

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "equals": lambda found, value: bool(found == value),
        "one_of": lambda found, value: found in value,
        "at_least": lambda found, value: bool(found >= value),
        "at_most": lambda found, value: bool(found <= value),
        "before": lambda found, value: bool(found < value),
        "after": lambda found, value: bool(found > value),
        "includes": lambda found, value: value in found,
        "only": lambda found, value: set(found) <= set(value),
    }
)


def judging(condition: Condition, setting: Setting) -> Test:
    """The condition as a function of a record's values."""
    field = field_of(setting.kind, condition.field)
    if field is None or field.type not in TESTS.get(condition.test, ()):
        return _unknown
    make = _JUDGES.get(condition.test, _compared)
    return make(condition, field, setting)


def _unknown(_values: Values) -> Truth:
    return None


def _compared(condition: Condition, field: Field, setting: Setting) -> Test:
    compare, value = _COMPARE[condition.test], condition.value
    if condition.unit is not None:
        return amount_judge(condition, field, setting, compare)
    if field.type == "code":
        return by_code(field, {code: compare(code, value) for code in terms_of(field, setting.vocabulary)})
    return _comparison(comparable(field, setting), compare, value)


def _comparison(read: Callable[[Values], Any], compare: Callable[[Any, Any], bool], value: Wanted) -> Test:
    def judge(values: Values) -> Truth:
        found = read(values)
        return None if found is None else compare(found, value)

    return judge


def _present(_condition: Condition, field: Field, _setting: Setting) -> Test:
    read = typed(field)

    def judge(values: Values) -> Truth:
        if values.get(field.name) is None:
            return False
        return None if read(values) is None else True

    return judge


def _listed(condition: Condition, field: Field, setting: Setting) -> Test:
    lists, is_wanted = lists_read(condition, setting.vocabulary), condition.test != "not_listed_in"
    if not lists:
        return _unknown
    terms = terms_of(field, setting.vocabulary)
    if condition.on is None:
        return by_code(
            field, {code: _on_lists(lists, term, setting.day, is_wanted=is_wanted) for code, term in terms.items()}
        )
    read_day = _other_day(condition, setting)

    def judge(values: Values) -> Truth:
        code, day = values.get(field.name), read_day(values)
        if day is None or type(code) is not str or code not in terms:
            return None
        return _on_lists(lists, terms[code], day, is_wanted=is_wanted)

    return judge


def _on_lists(lists: Sequence[DatedList], term: Term, day: date, *, is_wanted: bool) -> Truth:
    """Unknown for a rest code such as `other`, which may hide anything."""
    if term.attributes.get("is_rest"):
        return None
    return any(listed.holds(term.code, day) for listed in lists) is is_wanted


def _other_day(condition: Condition, setting: Setting) -> Callable[[Values], date | None]:
    """The day that counts: that in the field `on`, else that of the decision."""
    if condition.on is None:
        return lambda _values: setting.day
    field = field_of(setting.kind, condition.on)
    return local_day(field, setting.zone) if field is not None and field.type in ("date", "time") else lambda _: None


def _age(condition: Condition, field: Field, setting: Setting) -> Test:
    """Whole days from the day in the field to that of the decision; a day that is still to come is a mistake."""
    read, compare = local_day(field, setting.zone), _COMPARE[condition.test.removeprefix("age_days_")]

    def judge(values: Values) -> Truth:
        day = read(values)
        if day is None or day > setting.day:
            return None
        return compare((setting.day - day).days, condition.value)

    return judge


def _minor(condition: Condition, field: Field, setting: Setting) -> Test:
    read_birth, read_day = local_day(field, setting.zone), _other_day(condition, setting)

    def judge(values: Values) -> Truth:
        born, day = read_birth(values), read_day(values)
        if born is None or day is None or born > day:
            return None
        return (_years(born, day) < FULL_AGE_YEARS) is condition.value

    return judge


def _years(born: date, day: date) -> int:
    """Completed years; who was born on 29 February comes of age on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _within(condition: Condition, field: Field, setting: Setting) -> Test:
    """True for the code itself and for all whose way up by the attribute `within` leads to it.

    INVARIANT: of a wider code nobody knows: what is said to be in `ca` may well be in `ca-bc`.
    """
    terms, wanted = terms_of(field, setting.vocabulary), str(condition.value)
    wider = {*_way_up(wanted, terms)} - {wanted}
    return by_code(
        field,
        {
            code: None if term.attributes.get("is_rest") or code in wider else wanted in _way_up(code, terms)
            for code, term in terms.items()
        },
    )


def _way_up(code: str, terms: Mapping[str, Term]) -> list[str]:
    way: list[str] = []
    while code in terms and code not in way:
        way.append(code)
        code = str(terms[code].attributes.get("within", ""))
    return way


def _of_code(wanted: str) -> Callable[[Condition, Field, Setting], Test]:
    """A test that is true of exactly the code `wanted`, and unknown of a rest code."""

    def make(condition: Condition, field: Field, setting: Setting) -> Test:
        return by_code(
            field,
            {
                code: None if term.attributes.get("is_rest") else (code == wanted) is condition.value
                for code, term in terms_of(field, setting.vocabulary).items()
            },
        )

    return make


_JUDGES: Mapping[str, Callable[[Condition, Field, Setting], Test]] = MappingProxyType(
    {
        "is_present": _present,
        "listed_in": _listed,
        "not_listed_in": _listed,
        "controlled_in": _listed,
        "age_days_at_least": _age,
        "age_days_at_most": _age,
        "is_minor": _minor,
        "within": _within,
        "is_person": _of_code("person"),
        "consent_given": _of_code("given"),
    }
)
