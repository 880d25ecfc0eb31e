"""Where things stand in a TOML text: the standard library reads values but not places."""

import re

_TABLE = re.compile(r"\s*\[\[\s*([A-Za-z0-9_-]+)\s*\]\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*[.=]""")


class Lines:
    """Line numbers (from 1) of the n-th `[[table]]` and of the keys in it; ("", 0) is the head of the text."""

    def __init__(self, text: str) -> None:
        self._tables: dict[tuple[str, int], int] = {}
        self._keys: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        here, quote = ("", 0), ""
        for number, line in enumerate(text.splitlines(), start=1):
            if not quote and (found := _TABLE.match(line)):
                name = found.group(1)
                here = (name, counts.get(name, 0))
                counts[name] = here[1] + 1
                self._tables[here] = number
            elif not quote and (found := _KEY.match(line)):
                self._keys.setdefault((*here, found.group(1)), number)
            quote = _still_open(line, quote)

    def of(self, table: str, place: int, key: str = "") -> int | None:
        """The line of `key`, or of the table where the key is not there; None in the head of the text."""
        return self._keys.get((table, place, key.partition(".")[0])) or self._tables.get((table, place))


def _still_open(line: str, quote: str) -> str:
    """The kind of multi-line string that is open after `line`; strings written on one line do not matter here."""
    rest = line
    while True:
        marks = [quote] if quote else ['"""', "'''"]
        found = [(rest.index(mark), mark) for mark in marks if mark in rest]
        if not found:
            return quote
        at, mark = min(found)
        quote = "" if quote else mark
        rest = rest[at + 3 :]
