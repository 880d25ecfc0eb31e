"""Records are searched by words in any of the three languages, narrowed by choices, and read page by page.

What a person's role or the stated purpose leaves out is not shown, not counted, and in no facet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from entente.errors import InputFault
from entente.node.limits import limits_of
from entente.node.listing import fold, readable
from entente.node.looking import Look, check_purpose, log_look, purposes_of
from entente.node.summaries import plain, summary
from entente.node.work import Node
from entente.records import SIMULATED, Catalogue, Value
from entente.signing import parse
from entente.store import RecordRow, Search

PAGE = 25
EXPORT_PAGE = 1000
MAX_WORDS = 20
"""Of a longer query the first words count."""
FACETS = ("kind", "said-by", "place", "year", "simulated")
OWN, RECEIVED = "own", "received"

Place = tuple[str, str]
"""Where a page ends: the value it is sorted by, and the id of its last record."""


class NotADay(InputFault):
    """`{text}` is not a day. Write it as YYYY-MM-DD, for example 2026-03-31."""


class NotASide(InputFault):
    """`{text}` does not say whose records to show. Choose `own`, `received`, or neither for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody searches for. Each word of `text` must begin a word of the record; of each choice one must fit.

    `side` is OWN, RECEIVED or empty for both; `simulated` None shows both; `since` and `until` are ISO days or empty;
    `order` is one of entente.store.ORDERS, and `after` the end of the page before.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    side: str = ""
    simulated: bool | None = None
    order: str = "recorded-desc"
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One record of a list; `values` are empty where it cannot be read any more."""

    row: RecordRow
    values: Mapping[str, Value]

    def summary(self, catalogue: Catalogue, language: str) -> str:
        """Its most telling fields on one line, codes by their labels in `language`."""
        return summary(catalogue, self.row.kind, self.values, language)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of a search, the number of all records that fit, and how many there are of each choice by FACETS.

    `next_after` is `after` for the next page, None on the last one.
    """

    rows: Sequence[Shown]
    total: int
    facets: Mapping[str, Sequence[tuple[str, int]]]
    next_after: Place | None


_NOTHING_FOUND = Results((), 0, MappingProxyType(dict.fromkeys(FACETS, ())), None)


def search(node: Node, look: Look, asked: Asked, *, own: bool | None = None, limit: int = PAGE) -> Results:
    """A page of what `asked` finds among our own records (`own` True), received ones (False) or both (None).

    The look is logged before anything is shown. Raises NoReason, UnknownWord, UnknownKind, NotADay, NotASide,
    NoSuchPage.
    """
    wanted = wanted_by(node, look, asked, own=own)
    results = _NOTHING_FOUND if wanted is None else _found(node, wanted, asked, limit)
    with node.writing() as work:
        log_look(work, look, kinds_text(asked), [shown.row.id for shown in results.rows])
    return results


def wanted_by(node: Node, look: Look, asked: Asked, *, own: bool | None) -> Search | None:
    """As the store searches; None where nothing can fit: a side that is not theirs to see, a text without a word.

    INVARIANT: what a person may see (`own`, the purpose of the look) only ever narrows what they ask for.
    Raises as `search`.
    """
    check_purpose(node, look)
    for kind in asked.kinds:
        node.catalogue.kind(kind)
    if asked.side not in ("", OWN, RECEIVED):
        raise NotASide(text=asked.side)
    words = tuple(dict.fromkeys(fold(asked.text)))[:MAX_WORDS]
    sides = {side for side in (own, {OWN: True, RECEIVED: False}.get(asked.side)) if side is not None}
    if len(sides) > 1 or (asked.text.strip() and not words):
        return None
    return Search(
        words=words,
        kinds=asked.kinds,
        said_by=asked.said_by,
        places=asked.places,
        years=asked.years,
        own=next(iter(sides), None),
        is_simulated=asked.simulated,
        purpose=look.purpose,
        since=_day(asked.since),
        until=_day(asked.until),
    )


def kinds_text(asked: Asked) -> str:
    """The kinds searched, as the access log names them."""
    return ", ".join(asked.kinds) or "all"


def _found(node: Node, wanted: Search, asked: Asked, limit: int) -> Results:
    with node.store.reading() as tx:
        found = tx.found(wanted, asked.order, asked.after, limit + 1)
        total = tx.count(wanted)
        facets = {name: tuple(tx.facet(wanted, name)) for name in FACETS}
    page = found[:limit]
    end = (page[-1][0], page[-1][1].id) if len(found) > limit else None
    return Results([shown(node, row) for _, row in page], total, MappingProxyType(facets), end)


def shown(node: Node, row: RecordRow) -> Shown:
    record = readable(node, row)
    return Shown(row, record.values if record is not None else MappingProxyType({}))


def _day(text: str) -> str:
    """Raises NotADay."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise NotADay(text=text) from None


ABOUT = (
    *("id", "version", "kind", "said_by", "recorded_at", SIMULATED),
    *("held_under", "may_be_used_for", "caveats", "retain_until"),
)
"""The first columns of an export; then come the fields of the kinds, each code with its label beside it."""
LABEL = "{}_label"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001  # spreadsheets read the wide ones too
_INNER_FORMULA = re.compile(r"([;|\t\r\n])(\s*)(?=[=+\-@\uff0b\uff0d\uff1d\uff20])")
"""After what spreadsheets of other languages cut cells at; they know no quotes that stand within a cell."""
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def export(
    node: Node, look: Look, asked: Asked, *, own: bool | None = None, language: str = "en"
) -> Iterator[Sequence[str]]:
    """Everything that `asked` finds, as lines of a table with a header of field names; codes, with their labels in
    `language` beside them. Read page by page, and every page is logged before it is handed out.

    Raises as `search`, before the first line.
    """
    wanted = wanted_by(node, look, asked, own=own)
    with node.store.reading() as tx:
        agreements = {row.digest: f"{row.name} v{row.version}" for row in tx.agreements()}
        kinds = asked.kinds or (tuple(sorted(name for name, _ in tx.facet(wanted, "kind"))) if wanted else ())
        if wanted is not None:
            tx.found(wanted, asked.order, None, 1)  # an order that is none is told now
    columns = _columns(node.catalogue, kinds)
    return _lines(_Export(node, look, asked, columns, agreements, language), wanted)


@dataclass(frozen=True, slots=True)
class _Export:
    node: Node
    look: Look
    asked: Asked
    columns: Sequence[str]
    agreements: Mapping[str, str]
    language: str


def _columns(catalogue: Catalogue, kinds: Sequence[str]) -> Sequence[str]:
    """Fields of one name, of whatever kind, share a column."""
    names: dict[str, None] = {}
    for kind in (catalogue.kinds[name] for name in kinds if name in catalogue.kinds):
        for field in kind.fields:
            names[field.name] = None
            if field.vocabulary is not None:
                names[LABEL.format(field.name)] = None
    return tuple(names)


def _lines(task: _Export, wanted: Search | None) -> Iterator[Sequence[str]]:
    yield (*ABOUT, *task.columns)
    after: Place | None = None
    while wanted is not None:
        with task.node.store.reading() as tx:
            found = tx.found(wanted, task.asked.order, after, EXPORT_PAGE)
        if not found:
            return
        with task.node.writing() as work:
            log_look(work, task.look, kinds_text(task.asked), [row.id for _, row in found])
        for _, row in found:
            yield tuple(safe_cell(cell) for cell in _line(task, shown(task.node, row)))
        after = (found[-1][0], found[-1][1].id)


def _line(task: _Export, one: Shown) -> Iterator[str]:
    row, kind = one.row, task.node.catalogue.kinds.get(one.row.kind)
    agreements, caveats = _held_under(one.row)
    yield from (row.id, str(row.version), row.kind, row.said_by, row.recorded_at.isoformat())
    yield "yes" if row.is_simulated else "no"
    yield "; ".join(task.agreements.get(digest, digest) for digest in agreements)
    yield " ".join(purposes_of(task.node, row) or ())
    yield " ".join(sorted({*caveats, *(kind.caveats if kind else ())}))
    yield row.retain_until.isoformat() if row.retain_until else ""
    cells: dict[str, str] = {}
    for field in kind.fields if kind else ():
        value = one.values.get(field.name)
        if value is None:
            continue
        cells[field.name] = plain(value)
        if field.vocabulary is not None:
            codes = value if isinstance(value, tuple) else (str(value),)
            labels = (task.node.catalogue.vocabulary.label(field.vocabulary, code, task.language) for code in codes)
            cells[LABEL.format(field.name)] = "; ".join(labels)
    yield from (cells.get(name, "") for name in task.columns)


def _held_under(row: RecordRow) -> tuple[Sequence[str], Sequence[str]]:
    """The agreements (digests) and caveats that bind `row`."""
    if row.via is None:
        limits = limits_of(row)
        return limits.agreements, limits.caveats
    handling = parse(row.handling) if row.handling is not None else {}
    return [handling["agreement"]] if "agreement" in handling else [], handling.get("caveats", ())


def safe_cell(text: str) -> str:
    """INVARIANT: no cell is a formula to a spreadsheet that opens the file; a number stays a number."""
    if _NUMBER.fullmatch(text):
        return text
    told = text.lstrip(" \n\u00a0\t\r")
    start, plain_text = text[: len(text) - len(told)], _INNER_FORMULA.sub(r"\1\2'", told)
    is_formula = start[:1] in ("\t", "\r") or told.startswith(_FORMULA)
    return f"'{start}{plain_text}" if is_formula else start + plain_text
