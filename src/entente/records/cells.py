"""One cell of a table -> one value, or a CellFault that says what is wrong. Nothing is guessed."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from entente.records.faults import Fault, UnsayableFault, why_unsayable
from entente.vocabulary import CodeList, NativeMapping, Term

_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([,.' \u00a0\u202f\u2019][0-9]{3})+([.,][0-9]+)?|[+-]?[0-9]+,[0-9]+")
_WITH_UNIT = re.compile(r"[+-]?[0-9.,]+\s*[^\W\d_]+\.?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?")

# What 38 digits can add exactly, with five more places for a conversion from pounds to grams.
MAX_WHOLE_DIGITS = 14
MAX_PLACES = 24


class CellFault(Exception):
    """A cell cannot be read: {code}.

    `details` fill the sentence of `code` in FAULTS. Raises UnsayableFault when there is no such sentence or it needs
    more; `read` then lets the row wait as a defect of its reader.
    """

    def __init__(self, field: str, code: str, value: str, **details: str) -> None:
        why = why_unsayable(code, details)
        if why is not None:
            raise UnsayableFault(code=code, field=field, why=why)
        self.field, self.code, self.value, self.details = field, code, value, details
        super().__init__(code)

    def at(self, line: int, row: str) -> Fault:
        return Fault(line=line, code=self.code, field=self.field, value=self.value, row=row, details=self.details)


def text(field: str, cell: str) -> str:
    """The cell without white space around it. Raises CellFault when nothing is left."""
    value = cell.strip()
    if not value:
        raise CellFault(field, "missing-value", cell)
    return value


def decimal_plain(field: str, cell: str, unit: str) -> Decimal:
    """The exact decimal of the cell, which is in `unit`, zero or more. Raises CellFault."""
    value = text(field, cell)
    if not _PLAIN.fullmatch(value):
        code = "grouped-number" if _GROUPED.fullmatch(value) else "not-a-number"
        if code == "not-a-number" and _WITH_UNIT.fullmatch(value):
            code = "unit-in-number"
        raise CellFault(field, code, value, unit=unit)
    number = Decimal(value)
    if number < 0:
        raise CellFault(field, "negative", value)
    if number.adjusted() >= MAX_WHOLE_DIGITS or -int(number.as_tuple().exponent) > MAX_PLACES:
        raise CellFault(field, "too-many-digits", value)
    return number.copy_abs()  # -0 is 0


def whole_number(field: str, cell: str) -> int:
    """The whole number, zero or more, in the cell. Raises CellFault."""
    try:
        number = decimal_plain(field, cell, unit="")
    except CellFault as fault:
        fault.code = "not-whole" if fault.code == "unit-in-number" else fault.code
        raise
    if number != number.to_integral_value():
        raise CellFault(field, "not-whole", cell.strip())
    return int(number)


def date_iso(field: str, cell: str) -> date:
    """The date in the cell, written as YYYY-MM-DD; another order is refused, not guessed. Raises CellFault."""
    value = text(field, cell)
    if not _ISO.fullmatch(value):
        raise CellFault(field, "date-order", value, form="YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise CellFault(field, "not-a-date", value) from None


def time_iso(field: str, cell: str) -> datetime:
    """The moment in the cell, written as YYYY-MM-DDTHH:MM with its time zone. Raises CellFault."""
    value = text(field, cell)
    written = _ISO_TIME.fullmatch(value)
    if written is None:
        raise CellFault(field, "not-a-time", value)
    try:
        moment = datetime.fromisoformat(value)
        moment.astimezone(UTC)  # as it is signed
    except (ValueError, OverflowError):
        raise CellFault(field, "not-a-time", value) from None
    if written["zone"] is None:
        raise CellFault(field, "time-without-zone", value)
    return moment


def yes_no(field: str, cell: str) -> bool:
    """Whether the cell says `yes`; `no` is the only other answer. Raises CellFault."""
    value = text(field, cell)
    if value not in ("yes", "no"):
        raise CellFault(field, "not-yes-or-no", value)
    return value == "yes"


def choice(field: str, cell: str, codes: CodeList) -> str:
    """The code in the cell, written as the code or as its label in one of our languages. Raises CellFault."""
    value = text(field, cell)
    if value in codes.terms:
        return value
    labelled = {code for code, term in codes.terms.items() if value.casefold() in _labels(term)}
    if len(labelled) != 1:
        raise CellFault(field, "unknown-code", value, list=codes.name)
    return labelled.pop()


def _labels(term: Term) -> set[str]:
    return {label.casefold() for label in term.labels.values()}


def mapped(field: str, cell: str, mapping: NativeMapping) -> str:
    """The code that `mapping` gives for the publisher's own name in the cell. Raises CellFault."""
    value = text(field, cell)
    found = mapping.codes.get(value)
    if found is None:
        raise CellFault(field, "unknown-code", value, list=mapping.to)
    return found
