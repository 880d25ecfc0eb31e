"""Pages from templates: the words, numbers and days of the reader's language, and no markup but our own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from entente.web.assets import address

if TYPE_CHECKING:
    from entente.web.visit import Visit

NOTHING = "\N{EN DASH}"
LOCALES: Mapping[str, str] = {"en": "en_CA", "fr": "fr_CA", "es": "es_MX"}


@cache
def environment() -> Environment:
    """Every value is escaped; a name that a template does not know is an error."""
    return Environment(
        loader=PackageLoader("entente.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def rendered(visit: Visit, template: str, part: str | None, values: Mapping[str, Any]) -> str:
    """The page, or the block `part` of it alone."""
    found = environment().get_template(template)
    words = {**_words(visit), **values}
    words["ui"] = environment().get_template("macros.html").make_module(words)
    if part is None:
        return found.render(words)
    context = found.new_context(words)
    return "".join(found.blocks[part](context))


def _words(visit: Visit) -> dict[str, Any]:
    language, vocabulary = visit.language, visit.node.catalogue.vocabulary
    return {
        "visit": visit,
        "language": language,
        "say": visit.say,
        "may": visit.may,
        "label": lambda name, code: vocabulary.label(name, str(code), language),
        "party": lambda code: vocabulary.label("party", str(code), language),
        "short": lambda code: short_party(visit, str(code)),
        "number": lambda value: number(value, language),
        "day": lambda value: day(value, language),
        "moment": lambda value: moment(value, language),
        "age": lambda value: age(value, visit.node.clock(), language),
        "form_token": lambda: form_token(visit),
        "link": link,
        "static": address,
        "version": version("entente"),
    }


def short_party(visit: Visit, code: str) -> str:
    """What a party is called in short in the reader's language, else in its country; its code where there is none."""
    term = visit.node.catalogue.vocabulary.list("party").terms.get(code)
    names = term.attributes if term else {}
    return str(names.get(f"short_{visit.language}") or names.get("short", code))


def number(value: float | Decimal, language: str) -> str:
    """Exact digits in the reader's writing; at most six decimals."""
    return str(format_decimal(value, format="#,##0.######", locale=LOCALES[language]))


def day(value: date | None, language: str) -> str:
    return _first(str(format_date(value, "long", locale=LOCALES[language])), language) if value else NOTHING


def month(value: date, language: str) -> str:
    """Short, for where there is little room."""
    return str(format_date(value, "MMM y", locale=LOCALES[language]))


def moment(value: datetime | None, language: str) -> str:
    """To the minute, in UTC and saying so."""
    if value is None:
        return NOTHING
    shown = format_datetime(value.astimezone(UTC), "d MMM y HH:mm", locale=LOCALES[language])
    return f"{_first(shown, language)} UTC"


def age(value: datetime, now: datetime, language: str) -> str:
    """How long ago, in one unit: "3 hours"."""
    return str(format_timedelta(max(now - value, timedelta()), granularity="minute", locale=LOCALES[language]))


def _first(shown: str, language: str) -> str:
    """In French the first of a month is "1er", which the library does not know."""
    return f"1er{shown[1:]}" if language == "fr" and shown.startswith("1 ") else shown


def form_token(visit: Visit) -> Markup:
    """The hidden field that proves that a form came from one of our pages."""
    token = visit.session.form_token if visit.session else ""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(token)


def link(path: str, **query: Any) -> str:
    """`path` with what of `query` is not empty; a sequence stands there once for each of its values."""
    told = {name: value for name, value in query.items() if value not in (None, "", (), [])}
    return f"{path}?{urlencode(told, doseq=True)}" if told else path
