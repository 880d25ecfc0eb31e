"""What a record is found by: folded words in three languages, its day, its place, and what it may be used for.

The listing holds what the current version says, in the same transaction as the version itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from entente.node.looking import purposes_of, record_of
from entente.node.work import Node
from entente.records import Catalogue, Field, Kind, Record, UnknownKind, UnreadableRecord, Value
from entente.store import ListingRow, RecordRow
from entente.vocabulary import Vocabulary

ID_LETTERS = 12
"""So much of an id is shown in lists, and found."""
MAX_LETTERS = 4000
"""Of the folded words of one record, with their spaces; of longer texts only the beginning is found."""
PAGE = 500
NO_PURPOSE = "-"
"""In place of purposes where there is none left: no purpose has this name, and empty would mean no limit."""

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
"""What people type for letters that Unicode does not take apart."""
_WORD = re.compile(r"[^\W_]+")
_NOTHING: Mapping[str, Value] = MappingProxyType({})


def fold(text: str) -> tuple[str, ...]:
    """The words of `text` as they are compared: no marks, no capitals, letters and digits only."""
    if text.isascii():
        return tuple(_WORD.findall(text.lower()))
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.category(letter).startswith("M"))
    return tuple(_WORD.findall(plain.casefold().translate(_LETTERS)))


def listing_row(node: Node, row: RecordRow, record: Record | None) -> ListingRow:
    """What `row` is found by; `record` is what it holds, None where that cannot be read."""
    kind = node.catalogue.kinds.get(row.kind)
    values = record.values if record is not None else _NOTHING
    purposes = purposes_of(node, row)
    return ListingRow(
        record_id=row.id,
        kind=row.kind,
        said_by=row.said_by,
        via=row.via,
        is_simulated=row.is_simulated,
        recorded_at=row.recorded_at,
        day=day_of(kind, values),
        place=place_of(kind, values),
        purposes="" if purposes is None else f" {' '.join(purposes or (NO_PURPOSE,))} ",
        words=_bounded(chain.from_iterable(_words(node.catalogue.vocabulary, row, kind, values))),
    )


def relist(node: Node) -> int:
    """Lists the current records that no list finds yet, as after an upgrade, page by page; how many they were."""
    listed, after = 0, ""
    while True:
        with node.store.reading() as tx:
            is_complete = not tx.listing_gaps(1, after=after)
        if is_complete:
            return listed
        with node.store.writing() as tx:
            rows = tx.listing_gaps(PAGE, after=after)
            tx.put_listing([listing_row(node, row, readable(node, row)) for row in rows])
        listed += len(rows)
        after = rows[-1].id if rows else after


def readable(node: Node, row: RecordRow) -> Record | None:
    """The record in `row`; None for one that was erased, or that this program cannot read any more."""
    try:
        return record_of(node, row) if row.body else None
    except (UnknownKind, UnreadableRecord):
        return None


def place_field(kind: Kind) -> Field | None:
    """The first code field of the class `location`, else the first with a country: where a record of `kind` is from."""
    codes = [field for field in kind.fields if field.type == "code"]
    by_class = (field for field in codes if field.field_class == "location")
    return next(by_class, None) or next((field for field in codes if field.vocabulary == "country"), None)


def place_label(catalogue: Catalogue, code: str, language: str) -> str:
    """The label of a place by which records are listed, or the code itself where no list has it."""
    for kind in catalogue.kinds.values():
        field = place_field(kind)
        if field is not None and code in catalogue.vocabulary.list(field.vocabulary or "").terms:
            return catalogue.vocabulary.label(field.vocabulary or "", code, language)
    return code


def place_of(kind: Kind | None, values: Mapping[str, Value]) -> str:
    """The code of the place, empty where none is stated."""
    field = place_field(kind) if kind else None
    return str(values.get(field.name, "")) if field else ""


def day_of(kind: Kind | None, values: Mapping[str, Value]) -> str:
    """The first day or time that is stated, in the order of the kind's fields; a time by its day in UTC."""
    for field in kind.fields if kind else ():
        value = values.get(field.name)
        if field.field_class == "time" and isinstance(value, date):
            return (value.astimezone(UTC).date() if isinstance(value, datetime) else value).isoformat()
    return ""


def _words(
    vocabulary: Vocabulary, row: RecordRow, kind: Kind | None, values: Mapping[str, Value]
) -> Iterator[tuple[str, ...]]:
    """What is short and sure comes first, so that a long text never crowds it out."""
    yield fold(row.id[:ID_LETTERS])
    yield _of_code(vocabulary, "kind", row.kind)
    for party in dict.fromkeys((row.said_by, row.via or row.said_by)):
        yield _of_code(vocabulary, "party", party)
    fields = kind.fields if kind else ()
    for field in fields:
        value = values.get(field.name, ())
        for code in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            if field.type in ("code", "codes"):
                yield _of_code(vocabulary, field.vocabulary or "", code)
    texts = [field for field in fields if field.type == "text" and field.name in values]
    if kind is not None and kind.is_about_person:  # nobody is found by what they suffer from
        texts = [field for field in texts if field.field_class != "health"]
    for text in sorted((str(values[field.name]) for field in texts), key=len):
        yield fold(text[:MAX_LETTERS])


def _of_code(vocabulary: Vocabulary, list_name: str, code: str) -> tuple[str, ...]:
    """The words of a code, of its labels in all languages, and of its short form."""
    found = vocabulary.lists.get(list_name)
    term = found.terms.get(code) if found else None
    if term is None:
        return fold(code)
    return _of_labels(code, *term.labels.values(), *_short_forms(term.attributes))


def _short_forms(attributes: Mapping[str, Any]) -> Iterator[str]:
    """`short`, and `short_fr` where an agency is called otherwise in French."""
    return (str(value) for name, value in attributes.items() if name == "short" or name.startswith("short_"))


@lru_cache(maxsize=4096)
def _of_labels(*labels: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for label in labels for word in fold(label)))


def _bounded(words: Iterable[str]) -> str:
    """` word1 word2 `, each once, as many as fit in MAX_LETTERS, with a space before and after each."""
    joined = " ".join(dict.fromkeys(words))
    if len(joined) > MAX_LETTERS:
        joined = joined[: MAX_LETTERS + 1].rpartition(" ")[0]
    return f" {joined} " if joined else ""
