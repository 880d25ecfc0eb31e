"""Where things stand in a TOML text: the standard library reads values but not places."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from entente.agreements.texts.syntax import Entry, Name, Written, statements

Path = tuple[str | int, ...]
"""Keys, and numbers from 0 in lists and in `[[tables]]`."""


class Spot(NamedTuple):
    """A place in a text; both count from 1, columns in characters."""

    line: int
    column: int


_ABOUT_KEYS = frozenset({"unknown-key", "not-in-a-permit", "not-in-a-forbid"})
_TRUTHS = {"True": "true", "False": "false"}


@dataclass(slots=True)
class _Found:
    key: int
    value: Written | None = None


class Lines:
    """Places of everything in a text; of one that is not TOML, of what comes before the mistake."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._breaks = [at for at, character in enumerate(self._text) if character == "\n"]
        self._found: dict[Path, _Found] = {}
        self._counts: dict[Path, int] = {}
        try:
            self._read()
        except (ValueError, RecursionError):
            return

    def of(self, table: str, place: int, key: str = "") -> int | None:
        """The line of `key`, or of the table where the key is not there; None in the head of the text."""
        spot = self.spot(table, place, (key,) if key else ())
        return spot.line if spot else None

    def spot(self, table: str, place: int, path: Path = (), value: str = "", *, is_key: bool = False) -> Spot | None:
        """Where in the `place`-th `[[table]]` (from 0; "" is the head) that stands to which `path` leads, as far as it
        leads: its value, or its key where `is_key`. Inside it, the first that reads `value`, if there is one: a text, a
        number, a key, the last part of a selector. None where nothing is written, as for a key missing in the head.
        """
        start: Path = (table, place) if table else ()
        for length in range(len(path), -1, -1):
            found = self._found.get((*start, *path[:length]))
            if found is not None:
                rest = value or str(next(iter(path[length:]), ""))
                named = self._found.get((*start, *path[:length], rest))
                if named is not None:
                    return self._at(named.key)
                return self._at(_offset(found, rest, is_key=is_key and length == len(path)))
        return None

    def again(self, table: str, place: int, path: Path, value: str) -> Spot | None:
        """Where `value` stands for the second time in the list to which `path` leads."""
        found = self._found.get((table, place, *path) if table else path)
        places = list(_that_read(found.value, value)) if found and found.value else []
        return self._at(places[1]) if len(places) > 1 else self.spot(table, place, path)

    def _at(self, offset: int) -> Spot:
        line = bisect_right(self._breaks, offset - 1)
        return Spot(line + 1, offset - (self._breaks[line - 1] + 1 if line else 0) + 1)

    def _read(self) -> None:
        here: Path = ()
        for entry in statements(self._text):
            if entry.brackets:
                here = self._table(entry)
            elif entry.key:
                self._pair(here, entry)

    def _table(self, entry: Entry) -> Path:
        here: Path = ()
        for name in entry.key[:-1]:
            here = (*here, name.text)
            here = (*here, self._counts[here] - 1) if here in self._counts else here
        return self._named(here, entry.key[-1], entry)

    def _named(self, above: Path, name: Name, entry: Entry) -> Path:
        here: Path = (*above, name.text)
        start = entry.key[0].start - entry.brackets
        self._found.setdefault(here, _Found(start))
        if entry.brackets == 2:
            self._counts[here] = self._counts.get(here, 0) + 1
            here = (*here, self._counts[here] - 1)
        self._found.setdefault(here, _Found(start))
        return here

    def _pair(self, here: Path, entry: Entry) -> None:
        for name in entry.key:
            here = (*here, name.text)
            self._found.setdefault(here, _Found(name.start))
        if entry.value is not None:
            self._found[here].value = entry.value
            self._inside(here, entry.value)

    def _inside(self, here: Path, value: Written) -> None:
        for place, entry in enumerate(value.entries):
            if entry.key:
                self._pair(here, entry)
            elif entry.value is not None:
                self._found[*here, place] = _Found(entry.value.start, entry.value)
                self._inside((*here, place), entry.value)


def spot_of(lines: Lines, code: str, table: tuple[str, int], path: Path, values: Mapping[str, str]) -> Spot | None:
    """Where that stands which a remark `code` with `values` is about; `table` is its name and number."""
    value = values.get("value", "")
    if code == "repeated":
        return lines.again(*table, path, value)
    return lines.spot(*table, path, value, is_key=code in _ABOUT_KEYS)


def _offset(found: _Found, value: str, *, is_key: bool) -> int:
    if found.value is None or is_key:
        return found.key
    return next(_that_read(found.value, value), found.value.start) if value else found.value.start


def _that_read(value: Written, wanted: str) -> Iterator[int]:
    """Offsets of what reads `wanted` in `value`: values first, then keys."""
    for inside in _all_in(value):
        if not inside.entries and _plain(inside.raw) in (wanted, f"class:{wanted}", _TRUTHS.get(wanted)):
            yield inside.start
    for inside in _all_in(value):
        yield from (entry.key[0].start for entry in inside.entries if entry.path == (wanted,))


def _all_in(value: Written) -> Iterator[Written]:
    yield value
    for entry in value.entries:
        if entry.value is not None:
            yield from _all_in(entry.value)


def _plain(raw: str) -> str:
    return raw.strip("\"'")
