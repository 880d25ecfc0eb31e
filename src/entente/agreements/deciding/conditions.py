"""Conditions: a closed list of typed tests on one field, each true, false or unknown. There is no escape to code.

Unknown is what an absent, mistyped, non-finite or uncoded value gives: a permit needs true, a forbid is lifted by
false only. Free text cannot be compared: a forbid that hangs on spelling would be lifted by a typing error. How each
test is made stands in `judging`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from entente.records import Field, Kind, Value
from entente.signing import Json
from entente.vocabulary import DatedList, Vocabulary

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
        "age_days_at_least": DAYS,
        "age_days_at_most": DAYS,
        "listed_in": ("code",),
        "not_listed_in": ("code",),
        "controlled_in": ("code",),
        "within": ("code",),
        "is_minor": ("date",),
        "is_person": ("code",),
        "consent_given": ("code",),
        "includes": ("codes",),
        "only": ("codes",),
        "is_present": ("text", "code", "codes", "boolean", *NUMBERS, *DAYS),
    }
)
"""Every test, with the types of field it can be made on."""

ON_A_DAY = ("listed_in", "not_listed_in", "controlled_in", "is_minor")
"""Tests that may be made as of the day in another field, named by `on`; else the day decided on counts."""

WITH_A_UNIT = ("at_least", "at_most")
"""Tests whose value may have a unit or currency."""

LISTS_OF_TESTS: Mapping[str, str] = MappingProxyType({"is_person": "subject", "consent_given": "consent"})
"""Tests that can be made only on a field with this code list."""

RECORD_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "record.recorded_at": Field(name="record.recorded_at", field_class="time", type="time"),
        "record.sure": Field(name="record.sure", field_class="statistical", type="code", vocabulary="confidence"),
    }
)
"""What conditions may ask of the record itself: when it was recorded at home, and how sure the source is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`field` passes `test` with `value`.

    `on` names the field whose day counts (None: the day decided on). `unit` is that of `value`: a unit of measure or a
    currency; `unit_in` names the field that says the unit of `field`, where it has none of its own.
    """

    field: str
    test: str
    value: Wanted
    on: str | None = None
    unit: str | None = None
    unit_in: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The names of the fields it looks at."""
        return tuple(name for name in (self.field, self.on, self.unit_in) if name is not None)

    def to_json(self) -> dict[str, Json]:
        units = {name: unit for name, unit in (("unit", self.unit), ("unit_in", self.unit_in)) if unit is not None}
        return {"field": self.field, "test": self.test, "value": _value_json(self.value), "on": self.on, **units}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a condition is judged in: the kind, the words, the agreement's zone and the local day of the decision."""

    kind: Kind
    vocabulary: Vocabulary
    zone: str
    day: date


def field_of(kind: Kind, name: str) -> Field | None:
    """The field `name` of `kind`, or of every record."""
    return RECORD_FIELDS.get(name) or kind.field(name)


def lists_read(condition: Condition, vocabulary: Vocabulary) -> tuple[DatedList, ...]:
    """The dated lists that the condition depends on, by name."""
    if condition.test in ("listed_in", "not_listed_in"):
        listed = vocabulary.dated.get(str(condition.value))
        return () if listed is None else (listed,)
    if condition.test == "controlled_in":
        return tuple(vocabulary.dated[name] for name in sorted(vocabulary.dated) if _is_of(vocabulary, name, condition))
    return ()


def _is_of(vocabulary: Vocabulary, name: str, condition: Condition) -> bool:
    return vocabulary.dated[name].country == condition.value


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Kleene's `and`: false when one is false, else unknown when one is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def _value_json(value: Wanted) -> Json:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return [_value_json(item) for item in value] if isinstance(value, tuple) else value
