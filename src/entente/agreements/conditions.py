"""Conditions: a closed list of typed comparisons on one field, each true, false or unknown. There is no escape to code.

Unknown is what an absent, mistyped, non-finite or uncoded value gives: a permit needs true, a forbid is lifted by
false only. Free text cannot be compared: a forbid that hangs on spelling would be lifted by a typing error.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from entente.records import Field, Kind, Value
from entente.signing import Json
from entente.vocabulary import DatedList, Term, Vocabulary

Truth = bool | None
"""True, False, or None for unknown."""

Wanted = str | int | Decimal | date | tuple[str | int | Decimal, ...]
"""What a value is compared with; booleans are whole numbers to Python."""

Values = Mapping[str, Value]
Test = Callable[[Values], Truth]

NUMBERS = ("integer", "decimal")
DAYS = ("date", "time")
TESTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "equals": ("code", "boolean", *NUMBERS),
        "one_of": ("code", *NUMBERS),
        "at_least": NUMBERS,
        "at_most": NUMBERS,
        "before": DAYS,
        "after": DAYS,
        "listed_in": ("code",),
        "not_listed_in": ("code",),
        "includes": ("codes",),
        "only": ("codes",),
        "is_present": ("text", "code", "codes", "boolean", *NUMBERS, *DAYS),
    }
)
"""Every test, with the types of field it can be made on."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field` passes `test` with `value`. For dated lists, `on` names the field whose day counts (None: the day
    decided on)."""

    field: str
    test: str
    value: Wanted
    on: str | None = None

    def to_json(self) -> dict[str, Json]:
        return {"field": self.field, "test": self.test, "value": _value_json(self.value), "on": self.on}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a condition is judged in: the kind, the words, the agreement's zone and the local day of the decision."""

    kind: Kind
    vocabulary: Vocabulary
    zone: str
    day: date


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's `and`: false when one is false, else unknown when one is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def judging(condition: Condition, setting: Setting) -> Test:
    """The condition as a function of a record's values. It never raises, whatever the values are."""
    found = setting.kind.field(condition.field)
    if found is None:
        return _unknown
    if condition.test == "is_present":
        return _presence(found)
    if condition.test in ("listed_in", "not_listed_in"):
        return _listing(condition, found, setting)
    if condition.test not in _COMPARE or found.type not in TESTS[condition.test]:
        return _unknown
    compare = _COMPARE[condition.test]
    if found.type == "code":
        return _by_code(found, {code: compare(code, condition.value) for code in _terms(found, setting.vocabulary)})
    return _comparison(_readable(found, setting), compare, condition.value)


def _unknown(_values: Values) -> Truth:
    return None


def _comparison(read: Callable[[Values], Any], compare: Callable[[Any, Any], bool], value: Wanted) -> Test:
    def judge(values: Values) -> Truth:
        found = read(values)
        return None if found is None else compare(found, value)

    return judge


def _readable(field: Field, setting: Setting) -> Callable[[Values], Any]:
    """The field's value where it can be compared, else None."""
    if field.type == "codes":
        return _known_codes(field, setting.vocabulary)
    return _day(field, setting.zone) if field.type in DAYS else _typed(field)


def _presence(field: Field) -> Test:
    read = _typed(field)

    def judge(values: Values) -> Truth:
        if values.get(field.name) is None:
            return False
        return None if read(values) is None else True

    return judge


def _by_code(field: Field, truths: Mapping[str, Truth]) -> Test:
    """The truth of each code of the field's list; anything else, also a code in other letters, is unknown."""
    name = field.name

    def judge(values: Values) -> Truth:
        value = values.get(name)
        return truths.get(value) if type(value) is str else None

    return judge


def _listing(condition: Condition, field: Field, setting: Setting) -> Test:
    listed = setting.vocabulary.dated.get(str(condition.value))
    if listed is None or field.type != "code":
        return _unknown
    terms = _terms(field, setting.vocabulary)
    is_wanted = condition.test == "listed_in"
    if condition.on is None:
        return _by_code(
            field, {code: _on_list(listed, term, setting.day, is_wanted=is_wanted) for code, term in terms.items()}
        )
    day_field = setting.kind.field(condition.on)
    if day_field is None or day_field.type not in DAYS:
        return _unknown
    read_day = _day(day_field, setting.zone)

    def judge(values: Values) -> Truth:
        code, day = values.get(field.name), read_day(values)
        if day is None or type(code) is not str or code not in terms:
            return None
        return _on_list(listed, terms[code], day, is_wanted=is_wanted)

    return judge


def _on_list(listed: DatedList, term: Term, day: date, *, is_wanted: bool) -> Truth:
    """Unknown for a rest code such as `other`, which may hide anything."""
    return None if term.attributes.get("is_rest") else listed.holds(term.code, day) is is_wanted


def _typed(field: Field) -> Callable[[Values], Any]:
    """The field's value when it has the right type and is a finite number, else None."""
    wanted = _PYTHON[field.type]

    def read(values: Values) -> Any:
        value = values.get(field.name)
        if type(value) is not wanted or (isinstance(value, Decimal) and not value.is_finite()):
            return None
        return value

    return read


def _terms(field: Field, vocabulary: Vocabulary) -> Mapping[str, Term]:
    codes = vocabulary.lists.get(field.vocabulary) if field.vocabulary else None
    return codes.terms if codes else {}


def _known_codes(field: Field, vocabulary: Vocabulary) -> Callable[[Values], tuple[str, ...] | None]:
    """The codes of the field, when there is at least one and the field's list has them all: of nothing, nothing is
    said."""
    read, terms = _typed(field), _terms(field, vocabulary)

    def read_codes(values: Values) -> tuple[str, ...] | None:
        found: tuple[str, ...] = read(values) or ()
        is_known = bool(found) and all(type(code) is str and code in terms for code in found)
        return found if is_known else None

    return read_codes


def _day(field: Field, zone: str) -> Callable[[Values], date | None]:
    """The day of a date field, or the local day of a time field in the agreement's zone."""
    read = _typed(field)
    if field.type == "date":
        return read

    def read_local(values: Values) -> date | None:
        moment = read(values)
        if moment is None or moment.tzinfo is None:
            return None
        try:
            return moment.astimezone(ZoneInfo(zone)).date()  # type: ignore[no-any-return]  # a datetime by _typed
        except OverflowError:  # the first and last day that a datetime can hold
            return None

    return read_local


def _value_json(value: Wanted) -> Json:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return [_value_json(item) for item in value] if isinstance(value, tuple) else value
