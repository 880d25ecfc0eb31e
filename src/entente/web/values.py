"""Values of records for people: codes by their labels, numbers and days as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from entente.node.summaries import plain
from entente.web.rendering import LOCALES, day, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from entente.records import Field, Value
    from entente.web.visit import Visit

_COUNTED = "piece"
_ALSO_WORDS = {("finding", "place"): "finding-place"}
"""A text that may be one of a few words."""


def field_label(visit: Visit, kind: str, name: str) -> str:
    """The label of a field of the kind, or its name where there is none."""
    found = visit.node.catalogue.vocabulary.label("field", f"{kind}.{name}", visit.language)
    return name if found == f"{kind}.{name}" else found


def labels(visit: Visit, words: str, codes: Iterable[str]) -> str:
    label = visit.node.catalogue.vocabulary.label
    return ", ".join(label(words, code, visit.language) for code in codes)


def value_text(visit: Visit, kind: str, field: Field, value: Value) -> str:
    """`value` of a field of the kind: every digit that is stated, and the unit."""
    words = field.vocabulary or _ALSO_WORDS.get((kind, field.name))
    if words is not None:
        return labels(visit, words, value if isinstance(value, tuple) else (str(value),))
    if isinstance(value, bool):
        return visit.say("yes") if value else visit.say("no")
    if isinstance(value, datetime):
        return moment(value, visit.language)
    if isinstance(value, date):
        return day(value, visit.language)
    if isinstance(value, int | Decimal):
        return _amount(visit, field, value)
    return plain(value)


def _amount(visit: Visit, field: Field, value: int | Decimal) -> str:
    exact = Decimal(plain(value))
    text = str(format_decimal(exact, locale=LOCALES[visit.language], decimal_quantization=False))
    return f"{text}\N{NO-BREAK SPACE}{field.unit}" if field.unit not in (None, _COUNTED) else text
