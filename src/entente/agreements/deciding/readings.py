"""A record's values as conditions may compare them: of the right type, finite, in the list. Anything else is None, not
known."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from entente.agreements.deciding.conditions import DAYS, Setting, Test, Truth, Values
from entente.records import Field
from entente.vocabulary import Term, Vocabulary

_PYTHON = {
    "text": str,
    "code": str,
    "codes": tuple,
    "integer": int,
    "decimal": Decimal,
    "date": date,
    "time": datetime,
    "boolean": bool,
}


def typed(field: Field) -> Callable[[Values], Any]:
    """The field's value when it has the right type and is a finite number, else None."""
    wanted, name = _PYTHON[field.type], field.name

    def read(values: Values) -> Any:
        value = values.get(name)
        if type(value) is not wanted or (isinstance(value, Decimal) and not value.is_finite()):
            return None
        return value

    return read


def comparable(field: Field, setting: Setting) -> Callable[[Values], Any]:
    """The field's value where it can be compared, else None."""
    if field.type == "codes":
        return _known_codes(field, setting.vocabulary)
    return local_day(field, setting.zone) if field.type in DAYS else typed(field)


def local_day(field: Field, zone: str) -> Callable[[Values], date | None]:
    """The day of a date field, or the local day of a time field in the agreement's zone."""
    read = typed(field)
    if field.type == "date":
        return read

    def read_local(values: Values) -> date | None:
        moment = read(values)
        if moment is None or moment.tzinfo is None:
            return None
        try:
            return moment.astimezone(ZoneInfo(zone)).date()  # type: ignore[no-any-return]  # a datetime by `typed`
        except OverflowError:  # the first and last day that a datetime can hold
            return None

    return read_local


def terms_of(field: Field, vocabulary: Vocabulary) -> Mapping[str, Term]:
    """The terms of the field's list, by code."""
    codes = vocabulary.lists.get(field.vocabulary) if field.vocabulary else None
    return codes.terms if codes else {}


def by_code(field: Field, truths: Mapping[str, Truth]) -> Test:
    """The truth of each code of the field's list; anything else, also a code in other letters, is unknown."""
    name = field.name

    def judge(values: Values) -> Truth:
        value = values.get(name)
        return truths.get(value) if type(value) is str else None

    return judge


def _known_codes(field: Field, vocabulary: Vocabulary) -> Callable[[Values], tuple[str, ...] | None]:
    """The codes of the field, when there is at least one and the field's list has them all: of nothing, nothing is
    said."""
    read, terms = typed(field), terms_of(field, vocabulary)

    def read_codes(values: Values) -> tuple[str, ...] | None:
        found: tuple[str, ...] = read(values) or ()
        is_known = bool(found) and all(type(code) is str and code in terms for code in found)
        return found if is_known else None

    return read_codes
