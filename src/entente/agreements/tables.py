"""Reading typed keys out of TOML tables: every problem is noted with its place, and reading goes on to find the next.

What is missing or wrong is read as something empty; a text with a problem is never used, so nobody sees the stand-in.
"""

import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from entente.agreements.lines import Lines
from entente.agreements.remarks import Remark

MAX_TEXT_BYTES = 1024 * 1024
"""Longest agreement or file of golden decisions; a person has to be able to read it."""

NO_DAY = date.min

_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn"})
_PLAIN = frozenset("\n\r\t")


class Page:
    """A text that is being read, and what was found wrong with it so far."""

    def __init__(self, data: bytes) -> None:
        self.remarks: list[Remark] = []
        text = self._decoded(data)
        self._lines = Lines(text)
        self.head: dict[str, Any] = self._parsed(text)

    def note(self, code: str, *, table: str = "", place: int = 0, part: str = "", key: str = "", **values: str) -> None:
        """Notes an error."""
        line = self._lines.of(table, place, key)
        self.remarks.append(Remark(severity="error", code=code, part=part, key=key, line=line, values=values))

    def line_of(self, table: str, place: int, key: str = "") -> int | None:
        return self._lines.of(table, place, key)

    def _decoded(self, data: bytes) -> str:
        if len(data) > MAX_TEXT_BYTES:
            self._flag("too-large", None, limit=str(MAX_TEXT_BYTES))
            return ""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._flag("not-utf8", data[: error.start].count(b"\n") + 1)
            return ""
        for number, line in enumerate(text.split("\n"), start=1):
            hidden = next((c for c in line if c not in _PLAIN and unicodedata.category(c) in _HIDDEN), None)
            if hidden is not None:
                # A text that shows its signer something else than it says (Trojan Source, CVE-2021-42574).
                self._flag("hidden-character", number, character=f"U+{ord(hidden):04X}")
        return text

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text, parse_float=Decimal)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self._flag("not-toml", None, why=str(error))
            return {}

    def _flag(self, code: str, line: int | None, **values: str) -> None:
        self.remarks.append(Remark(severity="error", code=code, line=line, values=values))


class Table:
    """One table of a page. `part` is the id of the provision or golden decision that it is."""

    def __init__(self, page: Page, values: Mapping[str, Any], name: str = "", place: int = 0, part: str = "") -> None:
        self.values, self.part = values, part
        self._page, self._name, self._place = page, name, place

    def note(self, code: str, key: str, **values: str) -> None:
        self._page.note(code, table=self._name, place=self._place, part=self.part, key=key, **values)

    def line(self, key: str = "") -> int | None:
        return self._page.line_of(self._name, self._place, key)

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
        table = Table(self._page, found or {}, self._name, self._place, self.part)
        if found is not None:
            table.only(known)
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
            found.append(Table(page, row, name, place, part if isinstance(part, str) and part else f"#{place + 1}"))
        else:
            head.note("wrong-type", name, expected="list of tables")
    if not rows and name in page.head:
        head.note("empty-list", name)
    return found
