"""Reads golden decisions from TOML; a case without its reasons is not read. All problems are reported at once."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, get_args

from entente.agreements.agreement import Occasion
from entente.agreements.deciding.decision import Outcome
from entente.agreements.golden.cases import Case
from entente.agreements.texts.remarks import Remark, in_english
from entente.agreements.texts.tables import Page, Table, tables_of
from entente.errors import InputFault
from entente.records import Catalogue, Field, Kind, Value, problems

CASE_KEYS = ("id", "says", "record", "ask", "answer", "fields", "withheld", "because")
RECORD_KEYS = ("kind", "values", "said_by", "through", "recorded_on", "sure")
ASK_KEYS = ("giver", "receiver", "purpose", "occasion", "on", "officers", "trained", "signed")
"""Every key of a golden decision, of its record and of its ask."""

_MOST_OFFICERS = 2


class CasesUnreadable(InputFault):
    """These golden decisions cannot be used: {count} problems, the first: {first} Correct the file and run it again."""

    def __init__(self, problems: tuple[Remark, ...]) -> None:
        self.problems = problems
        where, sentence = problems[0].where(in_english), problems[0].sentence(in_english)
        super().__init__(count=len(problems), first=f"{where}: {sentence}" if where else sentence)


def read_cases(data: bytes, catalogue: Catalogue) -> tuple[Case, ...]:
    """The golden decisions in the TOML `data`. Raises CasesUnreadable with every problem found."""
    page = Page(data)
    if page.remarks:
        raise CasesUnreadable(tuple(page.remarks))
    Table(page, page.head).only(("case",))
    found: dict[str, Case] = {}
    for table in tables_of(page, "case"):
        case = _read(table, catalogue)
        if case is not None and case.id in found:
            table.note("repeated-id", "id", value=case.id)
        if case is not None:
            found[case.id] = case
    if page.remarks:
        raise CasesUnreadable(page.sorted_remarks())
    return tuple(found.values())


def _read(table: Table, catalogue: Catalogue) -> Case | None:
    table.only(CASE_KEYS)
    record = table.inner("record", RECORD_KEYS)
    ask = table.inner("ask", ASK_KEYS)
    kind_name = record.one_of("kind", catalogue.kinds)
    because = table.words("because", is_required=False)
    if not because:
        table.note("no-because", "because")
    giver = _code(ask, "giver", "party", catalogue)
    parties = catalogue.vocabulary.list("party").terms
    kind = catalogue.kinds.get(kind_name)
    if kind is None:
        return None
    return Case(
        id=table.text("id"),
        says=_says(table),
        kind=kind,
        values=_values(record, kind, catalogue),
        said_by=_code(record, "said_by", "party", catalogue, default=giver),
        through=record.codes("through", parties, "unknown-party", is_required=False) or (),
        recorded_on=record.of_type("recorded_on", date, "date", is_required=False),
        sure=_code(record, "sure", "confidence", catalogue, default="reported"),
        giver=giver,
        receiver=_code(ask, "receiver", "party", catalogue),
        purpose=_code(ask, "purpose", "purpose", catalogue),
        occasion=_among(get_args(Occasion), ask.one_of("occasion", get_args(Occasion))),
        on=ask.day("on"),
        officers=_officers(ask),
        is_trained=ask.flag("trained"),
        signed=ask.codes("signed", parties, "unknown-party", is_required=False),
        answer=_among(get_args(Outcome), table.one_of("answer", get_args(Outcome))),
        fields=_fields(table, "fields", kind),
        withheld=_fields(table, "withheld", kind),
        because=because or (),
    )


def _says(table: Table) -> Mapping[str, str]:
    """In one language at least: the agreement says which ones its officers read."""
    found = table.by_language("says", ())
    if not found and "says" in table.values:
        table.note("empty-text", "says")
    return found


def _code(table: Table, key: str, list_name: str, catalogue: Catalogue, default: str | None = None) -> str:
    return table.one_of(key, catalogue.vocabulary.list(list_name).terms, default)


def _among(known: tuple[Any, ...], found: str) -> Any:
    """`found` as one of the literal texts `known`; one that is not has been noted already."""
    return found if found in known else known[0]


def _officers(ask: Table) -> int:
    value = ask.of_type("officers", int, "integer", is_required=False)
    if value is not None and not 0 <= value <= _MOST_OFFICERS:
        ask.note("wait-needs-officers", "officers")
    return value or 0


def _fields(table: Table, key: str, kind: Kind) -> tuple[str, ...]:
    found = table.of_type(key, list, "list of texts", is_required=False) or []
    known = {field.name for field in kind.fields}
    for name in found:
        if str(name) not in known:
            table.note("unknown-field", key, value=str(name), known=", ".join(sorted(known)))
    return tuple(str(name) for name in found)


def _values(record: Table, kind: Kind, catalogue: Catalogue) -> Mapping[str, Value]:
    raw = record.of_type("values", dict, "table of values") or {}
    values: dict[str, Value] = {}
    for name, given in raw.items():
        field = kind.field(name)
        value = None if field is None else _value(field, given)
        if value is None:
            record.note("not-its-value", f"values.{name}", value=str(given), field=name)
        else:
            values[name] = value
    for name, code in problems(kind, values, catalogue.vocabulary):
        if code != "missing-value":  # a record with gaps is a case worth deciding
            record.note("not-its-value", f"values.{name}", value=str(values[name]), field=name)
    return MappingProxyType(values)


def _value(field: Field, given: Any) -> Value | None:
    """`given` as a value of `field`, or None."""
    if field.type == "decimal":
        return _decimal(given)
    if field.type == "codes":
        return tuple(given) if isinstance(given, list) and all(isinstance(code, str) for code in given) else None
    wanted: Mapping[str, type] = {
        "text": str,
        "code": str,
        "integer": int,
        "date": date,
        "time": datetime,
        "boolean": bool,
    }
    is_right = type(given) is wanted[field.type]
    return given if is_right and isinstance(given, (str, int, date)) else None


def _decimal(given: Any) -> Decimal | None:
    if isinstance(given, Decimal) or type(given) is int:
        return Decimal(given)
    try:
        return Decimal(given) if isinstance(given, str) else None
    except InvalidOperation:
        return None
