"""A TOML text as its author wrote it: every statement with its comments, and where each key and value stands.

The standard library is the authority on what is TOML and on values, but knows neither places nor comments; this reads
only texts that it has accepted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default

_LONG = r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
_LONG_LITERAL = r"'''(?:[^']|'(?!''))*'{3,5}"
_SHORT = r'"(?:[^"\\\n]|\\.)*"'
_LITERAL = r"'[^'\n]*'"
_DAY_AND_TIME = r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]+"
_SCALAR = re.compile(f"{_LONG}|{_LONG_LITERAL}|{_SHORT}|{_LITERAL}|{_DAY_AND_TIME}|[^\\s,\\[\\]{{}}#]+", re.DOTALL)
_NAME = re.compile(f"{_SHORT}|{_LITERAL}|[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"#[^\n]*")


@dataclass(slots=True)
class Name:
    """One part of a dotted key: `text` without its quotes, `raw` with them, `start` its offset in the text."""

    text: str
    raw: str
    start: int


@dataclass(slots=True)
class Written:
    """A value: a scalar, a list, or a table in braces, with what it holds; `tail` are comments after the last item.

    `start` and `end` are offsets, `raw` the exact text.
    """

    start: int
    end: int
    raw: str
    entries: list["Entry"] = default(default_factory=list)
    tail: list[str] = default(default_factory=list)

    @property
    def is_list(self) -> bool:
        return self.raw.startswith("[")

    @property
    def is_table(self) -> bool:
        return self.raw.startswith("{")

    @property
    def has_comments(self) -> bool:
        return bool(self.tail) or any(
            any(entry.before) or entry.after or (entry.value is not None and entry.value.has_comments)
            for entry in self.entries
        )


@dataclass(slots=True)
class Entry:
    """A `[table]` (`brackets` 1), a `[[table]]` (2), a `key = value`, an item of a list (no key) or the end of all.

    `before` are the comments above it, with "" for each blank line; `after` the comment on its line.
    """

    before: list[str]
    key: list[Name] = default(default_factory=list)
    value: Written | None = None
    after: str = ""
    brackets: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(name.text for name in self.key)


def statements(text: str) -> Iterator[Entry]:
    """Every statement of `text` (line breaks are "\\n"); the last one has neither key nor value and holds the comments
    at the end. Raises ValueError (where) if the text is not TOML."""
    return _Scanner(text).statements()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def statements(self) -> Iterator[Entry]:
        while True:
            before = self._comments()
            if self._at >= len(self._text):
                yield Entry(before)
                return
            yield self._header(before) if self._text[self._at] == "[" else self._pair(before)

    def _header(self, before: list[str]) -> Entry:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        key = self._key()
        self._take("]" * brackets)
        return Entry(before, key, after=self._comment_on_the_line(), brackets=brackets)

    def _pair(self, before: list[str]) -> Entry:
        key = self._key()
        self._take("=")
        value = self._value()
        return Entry(before, key, value, self._comment_on_the_line())

    def _key(self) -> list[Name]:
        parts: list[Name] = []
        while not parts or self._is_next("."):
            self._space()
            found = self._match(_NAME)
            parts.append(Name(_unquoted(found[0]), found[0], found.start()))
        return parts

    def _value(self) -> Written:
        self._space()
        start = self._at
        mark = self._text[start : start + 1]
        if mark in ("[", "{"):
            return self._several(start, "]" if mark == "[" else "}")
        found = self._match(_SCALAR)
        return Written(start, found.end(), found[0])

    def _several(self, start: int, end: str) -> Written:
        self._at += 1
        entries: list[Entry] = []
        while True:
            self._note_on_the_line(entries)
            before = self._comments()
            if self._is_next(end):
                tail = [line for line in before if line]
                return Written(start, self._at, self._text[start : self._at], entries, tail)
            entries.append(self._pair(before) if end == "}" else Entry(before, value=self._value()))
            self._note_on_the_line(entries)
            late = self._comments()  # comments between an item and its comma
            entries[-1].before += [line for line in late if line]
            if not self._is_next(",") and not self._text.startswith(end, self._at):
                raise ValueError(self._at)

    def _note_on_the_line(self, entries: list[Entry]) -> None:
        if entries and not entries[-1].after:
            entries[-1].after = self._comment_on_the_line()

    def _comments(self) -> list[str]:
        """Comments and blank lines up to whatever else comes next."""
        found: list[str] = []
        while self._at < len(self._text):
            self._space()
            if comment := _COMMENT.match(self._text, self._at):
                found.append(comment[0].rstrip())
                self._at = comment.end() + 1
            elif self._text.startswith("\n", self._at):
                self._at += 1
                if self._is_after_a_blank_line():
                    found.append("")
            else:
                break
        return found

    def _is_after_a_blank_line(self) -> bool:
        line = self._text.rfind("\n", 0, self._at - 1) + 1
        return not self._text[line : self._at - 1].strip()

    def _comment_on_the_line(self) -> str:
        self._space()
        found = _COMMENT.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0].rstrip()

    def _space(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _is_next(self, mark: str) -> bool:
        """Steps over `mark` where it comes next."""
        self._space()
        is_there = self._text.startswith(mark, self._at)
        self._at += len(mark) if is_there else 0
        return is_there

    def _take(self, mark: str) -> None:
        if not self._is_next(mark):
            raise ValueError(self._at)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(self._at)
        self._at = found.end()
        return found


def _unquoted(raw: str) -> str:
    return raw[1:-1] if raw[0] in "\"'" else raw
