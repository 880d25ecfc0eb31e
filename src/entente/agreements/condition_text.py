"""Reads the conditions of a provision: `when = [{ field = "mass_g", at_least = 100 }, …]`, all of which must hold."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from entente.agreements.conditions import TESTS, Condition, Wanted
from entente.agreements.tables import Table
from entente.records import Catalogue, Field, Kind

_PLAIN_KEYS = ("field", "on")
CONDITION_KEYS = (*_PLAIN_KEYS, *TESTS)
"""Every key of a condition."""


def read_conditions(table: Table, catalogue: Catalogue, kinds: Sequence[Kind] | None) -> tuple[Condition, ...]:
    """The conditions in `when`; `kinds` are those the provision names, None when it names none and so means any."""
    rows = table.of_type("when", list, "list of conditions", is_required=False)
    if rows is None:
        return ()
    if kinds is None:
        table.note("kinds-needed", "when")
        return ()
    found = [_read(table, row, catalogue, kinds) for row in rows]
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
    return None if value is None else Condition(field=name, test=test, value=value, on=on)


def _fields(table: Table, name: str, kinds: Sequence[Kind]) -> list[Field]:
    """The field of this name in every kind; a kind without it would leave the condition unknown for ever."""
    found = []
    for kind in kinds:
        field = kind.field(name)
        if field is None:
            known = ", ".join(known.name for known in kind.fields)
            table.note("unknown-condition-field", "when", value=name, kind=kind.name, known=known)
        else:
            found.append(field)
    return found


def _on(table: Table, test: str, name: Any, kinds: Sequence[Kind]) -> str | None:
    if name is None:
        return None
    if test not in ("listed_in", "not_listed_in") or not isinstance(name, str):
        table.note("on-without-list", "when.on")
        return None
    for field in _fields(table, name, kinds):
        if field.type not in ("date", "time"):
            table.note("on-not-a-day", "when.on", value=name)
    return name


def _value(table: Table, test: str, raw: Any, fields: Sequence[Field], catalogue: Catalogue) -> Wanted | None:
    for field in fields:
        if field.type not in TESTS[test]:
            return _wrong(table, "not-comparable", value=field.name, test=test, type=field.type)
    if test == "is_present":
        return True if raw is True else _wrong(table, "only-true")
    if test in ("listed_in", "not_listed_in"):
        if isinstance(raw, str) and raw in catalogue.vocabulary.dated:
            return raw
        return _wrong(table, "unknown-list", value=str(raw), known=", ".join(catalogue.vocabulary.dated))
    if test in ("one_of", "only"):
        return _several(table, raw, fields, catalogue)
    return _single(table, raw, fields, catalogue)


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
    if field.type in ("integer", "decimal"):
        if type(raw) is int:
            return Decimal(raw) if field.type == "decimal" else raw
        return raw if isinstance(raw, Decimal) and raw.is_finite() and field.type == "decimal" else None
    is_right = type(raw) is {"code": str, "codes": str, "boolean": bool, "date": date, "time": date}.get(field.type)
    return raw if is_right and isinstance(raw, (str, bool, date)) else None
