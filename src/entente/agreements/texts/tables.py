"""Reading typed keys out of TOML tables: every problem is noted with its place, and reading goes on to find the next.

What is missing or wrong is read as something empty; a text with a problem is never used, so nobody sees the stand-in.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from entente.agreements.texts.lines import Lines, Path, spot_of
from entente.agreements.texts.remarks import Remark

MAX_TEXT_BYTES = 1024 * 1024
"""Longest agreement or file of golden decisions; a person has to be able to read it."""

MAX_DIGITS = 60
"""Of a number, before and after its point."""

MAX_DOTS = 400
"""Of one line; a key has one or two."""

MAX_WHOLE = 2**53 - 1
"""The largest whole number of canonical JSON."""

NO_DAY = date.min

_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn"})
_PLAIN = frozenset("\n\r\t")
_PLACE = re.compile(r" \(at (line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class Page:
    """A text that is being read, and what was found wrong with it so far."""

    def __init__(self, data: bytes) -> None:
        self.remarks: list[Remark] = []
        self._text = self._decoded(data)
        self.head: dict[str, Any] = self._parsed(self._text)

    @cached_property
    def lines(self) -> Lines:
        """Places; looked for only once something is wrong."""
        return Lines(self._text)

    def note(
        self,
        code: str,
        *,
        table: str = "",
        place: int = 0,
        path: Path = (),
        part: str = "",
        key: str = "",
        **values: str,
    ) -> None:
        """Notes an error; `path` leads from the table to what it is about."""
        spot = spot_of(self.lines, code, (table, place), path, values)
        line, column = spot or (None, None)
        found = Remark(severity="error", code=code, part=part, key=key, line=line, column=column, values=values)
        self.remarks.append(found)

    def sorted_remarks(self) -> tuple[Remark, ...]:
        return tuple(sorted(self.remarks, key=lambda remark: (remark.line or 0, remark.column or 0)))

    def _decoded(self, data: bytes) -> str:
        if len(data) > MAX_TEXT_BYTES:
            self._flag("too-large", limit=str(MAX_TEXT_BYTES))
            return ""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            self._flag("not-utf8", before.count("\n") + 1, len(before) - before.rfind("\n"))
            return ""
        for number, line in enumerate(text.split("\n"), start=1):
            at = next((at for at, found in enumerate(line) if _is_hidden(found)), None)
            if at is not None:
                # A text that shows its signer something else than it says (Trojan Source, CVE-2021-42574).
                self._flag("hidden-character", number, at + 1, character=f"U+{ord(line[at]):04X}")
        return text

    def _parsed(self, text: str) -> dict[str, Any]:
        dotted = next((at for at, line in enumerate(text.split("\n"), 1) if line.count(".") > MAX_DOTS), None)
        if dotted is not None:  # the standard library takes the square of a dotted key's parts, for minutes
            self._flag("not-toml", dotted, why=f"a line has more than {MAX_DOTS} points")
            return {}
        try:
            found: dict[str, Any] = _of_size(tomllib.loads(text, parse_float=_decimal))
        except (ValueError, ArithmeticError, RecursionError) as error:
            self._flag("not-toml", *_place_in(str(error), text), why=_PLACE.sub("", str(error)))
            return {}
        return found

    def _flag(self, code: str, line: int | None = None, column: int | None = None, **values: str) -> None:
        self.remarks.append(Remark(severity="error", code=code, line=line, column=column, values=values))


def _decimal(text: str) -> Decimal:
    """INVARIANT: every number of a text can be written out in an explanation; of `1e999999999` nobody could."""
    found = Decimal(text)
    if found.is_finite() and (abs(found.adjusted()) > MAX_DIGITS or len(found.as_tuple().digits) > MAX_DIGITS):
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return found


def _of_size(value: Any) -> Any:
    """`value`. Raises ValueError where it is, or holds, a whole number that no explanation can hold."""
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise ValueError(f"a whole number is larger than {MAX_WHOLE}")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _of_size(part)
    return value


def _is_hidden(character: str) -> bool:
    return character not in _PLAIN and unicodedata.category(character) in _HIDDEN


def _place_in(message: str, text: str) -> tuple[int | None, int | None]:
    """The place that the standard library tells in its message, and in no other way before Python 3.14."""
    found = _PLACE.search(message)
    if found is None:
        return None, None
    if found["line"]:
        return int(found["line"]), int(found["column"])
    rows = text.rstrip("\n").split("\n")
    return len(rows), len(rows[-1]) + 1


class Table:
    """One table of a page. `part` is the id of the provision or golden decision that it is."""

    def __init__(
        self,
        page: Page,
        values: Mapping[str, Any],
        name: str = "",
        place: int = 0,
        *,
        part: str = "",
        within: Path = (),
    ) -> None:
        self.values, self.part = values, part
        self._page, self._name, self._place, self._within = page, name, place, within

    def note(self, code: str, key: str, **values: str) -> None:
        path: Path = tuple(key.split("."))
        path = (*self._within, *(path[1:] if path[:1] == self._within[:1] else path))
        self._page.note(code, table=self._name, place=self._place, path=path, part=self.part, key=key, **values)

    def item(self, key: str, number: int) -> "Table":
        """This table, for what is noted on the `number`-th item (from 0) of the list `key`."""
        return Table(
            self._page, self.values, self._name, self._place, part=self.part, within=(*self._within, key, number)
        )

    def only(self, known: Collection[str]) -> None:
        """Notes every key that is not one of `known`."""
        for key in self.values:
            if key not in known:
                self.note("unknown-key", key, known=", ".join(sorted(known)))

    def of_type(self, key: str, wanted: type, name: str, *, is_required: bool = True) -> Any:
        """The value of `key` when it is of type `wanted`, else None. A boolean is no number and a time is no day."""
        value = self.values.get(key)
        if value is None:
            if is_required:
                self.note("missing-key", key)
            return None
        if type(value) is not wanted:
            self.note("wrong-type", key, expected=name)
            return None
        return value

    def inner(self, key: str, known: Collection[str]) -> "Table":
        """The table under `key`, which may hold only `known` keys; an empty one where it is missing."""
        found = self.of_type(key, dict, "table")
        table = Table(self._page, found or {}, self._name, self._place, part=self.part, within=(*self._within, key))
        if found is not None:
            table.only(known)
        return table

    def row(self, key: str, number: int, values: object) -> "Table":
        """The table that is the `number`-th item (from 0) of the list `key`; an empty one where it is none."""
        within = (*self._within, key, number)
        table = Table(self._page, {}, self._name, self._place, part=self.part, within=within)
        if isinstance(values, Mapping):
            table.values = values
        else:
            table.note("wrong-type", key, expected="table")
        return table

    def text(self, key: str, *, is_required: bool = True) -> str:
        value = self.of_type(key, str, "text", is_required=is_required)
        if value is not None and not value.strip():
            self.note("empty-text", key)
        return value or ""

    def whole(self, key: str, *, at_least: int = 1) -> int:
        value = self.of_type(key, int, "integer")
        if value is not None and value < at_least:
            self.note("too-small", key, least=str(at_least))
        return value or at_least

    def day(self, key: str, default: date | None = None) -> date:
        return self.of_type(key, date, "date", is_required=default is None) or default or NO_DAY

    def flag(self, key: str) -> bool:
        return bool(self.of_type(key, bool, "boolean", is_required=False))

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        value = self.of_type(key, str, "text", is_required=default is None)
        if value is not None and value not in known:
            self.note("unknown-choice", key, value=value, known=", ".join(known))
        return value or default or ""

    def words(self, key: str, *, is_required: bool = True) -> tuple[str, ...] | None:
        """The texts in the list `key`, which must name something and nothing twice; None where it is missing."""
        value = self.of_type(key, list, "list of texts", is_required=is_required)
        if value is None:
            return () if is_required else None
        if not all(isinstance(item, str) for item in value):
            self.note("wrong-type", key, expected="list of texts")
            return ()
        if not value:
            self.note("empty-list", key)
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.note("repeated", key, value=item)
        return tuple(value)

    def codes(self, key: str, known: Collection[str], code: str, *, is_required: bool = True) -> tuple[str, ...] | None:
        """As `words`, each of them one of `known`, else a remark `code`."""
        found = self.words(key, is_required=is_required)
        for item in found or ():
            if item not in known:
                self.note(code, key, value=item)
        return found

    def by_language(self, key: str, needed: Iterable[str]) -> Mapping[str, str]:
        """A text in every language of `needed`, and in as many others as there are."""
        value = self.of_type(key, dict, "texts by language")
        texts = {name: text for name, text in (value or {}).items() if isinstance(text, str) and text.strip()}
        for name in (value or {}).keys() - texts.keys():
            self.note("wrong-type", f"{key}.{name}", expected="text")
        if value is not None:
            for language in needed:
                if language not in (value or {}):
                    self.note("missing-language", key, language=language)
        return texts


def tables_of(page: Page, name: str) -> list[Table]:
    """The tables `[[name]]` of the page, at least one. Each is called by its id, or by its number where it has none."""
    head = Table(page, page.head)
    rows = head.of_type(name, list, "list of tables") or []
    found = []
    for place, row in enumerate(rows):
        if isinstance(row, Mapping):
            part = row.get("id")
            found.append(
                Table(page, row, name, place, part=part if isinstance(part, str) and part else f"#{place + 1}")
            )
        else:
            head.note("wrong-type", name, expected="list of tables")
    if not rows and name in page.head:
        head.note("empty-list", name)
    return found
