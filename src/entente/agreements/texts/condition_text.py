"""Reads the conditions of a provision: `when = [{ field = "mass_g", at_least = 100 }, …]`, all of which must hold."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from entente.agreements.deciding.amounts import is_convertible
from entente.agreements.deciding.conditions import (
    DAYS,
    LISTS_OF_TESTS,
    NUMBERS,
    ON_A_DAY,
    TESTS,
    WITH_A_UNIT,
    Condition,
    Wanted,
    field_of,
)
from entente.agreements.texts.tables import Table
from entente.records import Catalogue, Field, Kind
from entente.vocabulary import UNITS

_PLAIN_KEYS = ("field", "on", "unit", "unit_in")
CONDITION_KEYS = (*_PLAIN_KEYS, *TESTS)
"""Every key of a condition."""

_TRUTHS = ("is_minor", "is_person")
_ONLY_TRUE = {"is_present": "only-true", "consent_given": "only-given"}
_PLAIN_VALUES = (*_ONLY_TRUE, *_TRUTHS, "age_days_at_least", "age_days_at_most")


def read_conditions(table: Table, catalogue: Catalogue, kinds: Sequence[Kind] | None) -> tuple[Condition, ...]:
    """The conditions in `when`; `kinds` are those the provision names, None when it names none and so means any."""
    rows = table.of_type("when", list, "list of conditions", is_required=False)
    if rows is None:
        return ()
    if kinds is None:
        table.note("kinds-needed", "when")
        return ()
    found = [_read(table.item("when", place), row, catalogue, kinds) for place, row in enumerate(rows)]
    return tuple(condition for condition in found if condition is not None)


def _read(table: Table, row: Any, catalogue: Catalogue, kinds: Sequence[Kind]) -> Condition | None:
    if not isinstance(row, Mapping):
        table.note("wrong-type", "when", expected="list of conditions")
        return None
    tests = [key for key in row if key in TESTS]
    for key in row.keys() - set(CONDITION_KEYS):
        table.note("unknown-key", f"when.{key}", known=", ".join(CONDITION_KEYS))
    name = row.get("field")
    if not isinstance(name, str) or len(tests) != 1:
        table.note("one-test", "when", known=", ".join(TESTS))
        return None
    test = tests[0]
    fields = _fields(table, name, kinds)
    value = _value(table, test, row[test], fields, catalogue)
    on = _on(table, test, row.get("on"), kinds)
    unit, unit_in = _unit(table, test, row, fields), _unit_in(table, row, kinds)
    if value is None:
        return None
    return Condition(field=name, test=test, value=value, on=on, unit=unit, unit_in=unit_in)


def _fields(table: Table, name: str, kinds: Sequence[Kind]) -> list[Field]:
    """The field of this name in every kind; a kind without it would leave the condition unknown for ever."""
    found = []
    for kind in kinds:
        field = field_of(kind, name)
        if field is None:
            known = ", ".join(known.name for known in kind.fields)
            table.note("unknown-condition-field", "when", value=name, kind=kind.name, known=known)
        else:
            found.append(field)
    return found


def _on(table: Table, test: str, name: Any, kinds: Sequence[Kind]) -> str | None:
    if name is None:
        return None
    if test not in ON_A_DAY or not isinstance(name, str):
        table.note("on-without-list", "when.on", known=", ".join(ON_A_DAY))
        return None
    for field in _fields(table, name, kinds):
        if field.type not in DAYS:
            table.note("on-not-a-day", "when.on", value=name)
    return name


def _unit(table: Table, test: str, row: Mapping[str, Any], fields: Sequence[Field]) -> str | None:
    """The unit of the value. A field that has a unit of its own needs one that converts to it exactly."""
    unit, has_companion = row.get("unit"), "unit_in" in row
    if unit is None:
        if has_companion:
            table.note("unit-missing", "when.unit_in")
        return None
    if test not in WITH_A_UNIT or not isinstance(unit, str) or not unit:
        table.note("unit-without-amount", "when.unit", known=", ".join(WITH_A_UNIT))
        return None
    for field in fields:
        if field.unit is None and not has_companion:
            table.note("unit-in-needed", "when.unit", value=field.name)
        elif field.unit is not None and (has_companion or not is_convertible(unit, field.unit)):
            known = ", ".join(other for other in UNITS if is_convertible(other, field.unit)) or field.unit
            table.note("unit-does-not-fit", "when.unit", value=unit, field=field.name, unit=field.unit, known=known)
    return unit


def _unit_in(table: Table, row: Mapping[str, Any], kinds: Sequence[Kind]) -> str | None:
    name = row.get("unit_in")
    if name is None:
        return None
    if not isinstance(name, str):
        table.note("unit-in-not-a-field", "when.unit_in", value=str(name))
        return None
    for field in _fields(table, name, kinds):
        if field.type not in ("code", "text"):
            table.note("unit-in-not-a-field", "when.unit_in", value=name)
    return name


def _value(table: Table, test: str, raw: Any, fields: Sequence[Field], catalogue: Catalogue) -> Wanted | None:
    for field in fields:
        if field.type not in TESTS[test]:
            return _wrong(table, "not-comparable", value=field.name, test=test, type=field.type)
        if field.vocabulary != LISTS_OF_TESTS.get(test, field.vocabulary):
            return _wrong(table, "needs-list", value=field.name, test=test, list=LISTS_OF_TESTS[test])
    if test in _PLAIN_VALUES:
        return _plain(table, test, raw)
    if test in ("listed_in", "not_listed_in", "controlled_in"):
        return _list_named(table, test, raw, catalogue)
    if test in ("one_of", "only"):
        return _several(table, raw, fields, catalogue)
    return _single(table, raw, fields, catalogue)


def _plain(table: Table, test: str, raw: Any) -> Wanted | None:
    """A value whose form the test itself says, whatever the field."""
    if test == "is_present" and table.values.get("effect") == "forbid":
        return _wrong(table, "presence-in-a-forbid")
    if test in _ONLY_TRUE:
        return True if raw is True else _wrong(table, _ONLY_TRUE[test])
    is_right = isinstance(raw, bool) if test in _TRUTHS else type(raw) is int and raw >= 0
    expected = "boolean" if test in _TRUTHS else "integer"
    return raw if is_right else _wrong(table, "wrong-value", value=str(raw), expected=expected)


def _list_named(table: Table, test: str, raw: Any, catalogue: Catalogue) -> Wanted | None:
    dated = catalogue.vocabulary.dated
    known = (
        sorted({found.country for found in dated.values() if found.country}) if test == "controlled_in" else [*dated]
    )
    if isinstance(raw, str) and raw in known:
        return raw
    code = "no-list-of-country" if test == "controlled_in" else "unknown-list"
    return _wrong(table, code, value=str(raw), known=", ".join(known))


def _wrong(table: Table, code: str, **values: str) -> Wanted | None:
    """Notes the problem and stands for the value that there is none of."""
    table.note(code, "when", **values)
    return None


def _several(table: Table, raw: Any, fields: Sequence[Field], catalogue: Catalogue) -> Wanted | None:
    if not isinstance(raw, list) or not raw:
        return _wrong(table, "wrong-value", value=str(raw), expected="list")
    found = [_single(table, item, fields, catalogue) for item in raw]
    wanted = tuple(item for item in found if isinstance(item, (str, int, Decimal)))
    return wanted if len(wanted) == len(raw) else None


def _single(table: Table, raw: Any, fields: Sequence[Field], catalogue: Catalogue) -> Wanted | None:
    found: Wanted | None = None
    for field in fields:
        found = _typed(field, raw)
        if found is None:
            return _wrong(table, "wrong-value", value=str(raw), expected=field.type)
        if field.type in ("code", "codes"):
            codes = catalogue.vocabulary.lists.get(field.vocabulary or "")
            if codes is None or found not in codes.terms:
                return _wrong(table, "unknown-code", value=str(raw), list=field.vocabulary or "")
    return found


def _typed(field: Field, raw: Any) -> Wanted | None:
    """`raw` as a value that the field can be compared with; numbers may be whole or written with decimals."""
    if field.type in NUMBERS:
        if type(raw) is int:
            return Decimal(raw) if field.type == "decimal" else raw
        return raw if isinstance(raw, Decimal) and raw.is_finite() and field.type == "decimal" else None
    is_right = type(raw) is {"code": str, "codes": str, "boolean": bool, "date": date, "time": date}.get(field.type)
    return raw if is_right and isinstance(raw, (str, bool, date)) else None
