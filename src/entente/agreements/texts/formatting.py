"""One layout for texts of agreements and golden decisions: keys in the order of the guide, lists wrapped at 120.

INVARIANT: the meaning never changes, no comment is lost, and what is laid out already stays byte for byte. The bytes
change, and with them the digest: a signed text is never laid out anew.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from entente.agreements.texts.case_text import ASK_KEYS, CASE_KEYS, RECORD_KEYS
from entente.agreements.texts.provision_text import PROVISION_KEYS
from entente.agreements.texts.remarks import Remark, in_english
from entente.agreements.texts.syntax import Entry, Written, statements
from entente.agreements.texts.tables import Page
from entente.agreements.texts.text import HEAD_KEYS
from entente.errors import InputFault, OurFault
from entente.vocabulary import LANGUAGES

WIDTH = 120
_STEP = 4
_LONG = ("title", "text")
"""Keys of the head that each stand by themselves: whole paragraphs."""

_BY_LANGUAGE = ("title", "text", "says")
_ORDER = {
    (): HEAD_KEYS,
    ("provision",): PROVISION_KEYS,
    ("case",): CASE_KEYS,
    ("case", "record"): RECORD_KEYS,
    ("case", "ask"): ASK_KEYS,
}


class NotLaidOut(InputFault):
    """This text cannot be laid out: {first} Correct it there and format it again."""

    def __init__(self, problems: tuple[Remark, ...]) -> None:
        self.problems = problems
        where, sentence = problems[0].where(in_english), problems[0].sentence(in_english)
        super().__init__(first=f"{where}: {sentence}" if where else sentence)


class LayoutChangesMeaning(OurFault):
    """This text is written so that it cannot be laid out without changing it; it was left as it is. Send it to the
    developers."""


def formatted(data: bytes) -> bytes:
    """`data` (agreement.toml or decisions.toml) in the one layout. Raises NotLaidOut where it is not TOML."""
    page = Page(data)
    if page.remarks:
        raise NotLaidOut(tuple(page.remarks))
    before = data.decode("utf-8").replace("\r\n", "\n")
    try:
        after = "\n".join(_text(list(statements(before)))) + "\n"
        is_same = _meaning(before) == _meaning(after)
    except (ValueError, RecursionError):  # lists in lists in lists, hundreds deep
        is_same = False
    if not is_same:
        raise LayoutChangesMeaning
    return after.encode("utf-8")


def _meaning(text: str) -> dict[str, object]:
    return tomllib.loads(text, parse_float=str)


def _text(entries: Sequence[Entry]) -> Iterator[str]:
    top, first = _top(entries[0].before)
    entries[0].before = first
    lines = [*top, *([""] if top else [])]
    section: list[Entry] = []
    path: tuple[str, ...] = ()
    for entry in entries:
        if entry.brackets or not entry.key:
            lines += _section(path, section)
            section, path = [], entry.path
            lines += _boundary(entry, is_first=not lines or not lines[-1])
        else:
            section.append(entry)
    return _without_empty_ends(lines)


def _top(comments: list[str]) -> tuple[list[str], list[str]]:
    """Comments that belong to the whole text: those above the first blank line, and `#:schema`."""
    last = max((place for place, line in enumerate(comments) if not line or line.startswith("#:")), default=-1)
    return list(_spaced(comments[: last + 1])), comments[last + 1 :]


def _boundary(entry: Entry, *, is_first: bool) -> Iterator[str]:
    """A header, or the end of the text, with its comments."""
    comments = list(_spaced(entry.before))
    if entry.brackets:
        comments += [""] if entry.before[-1:] == [""] and comments else []
        mark = "[" * entry.brackets
        header = mark + _dotted(entry) + mark.replace("[", "]")
        comments.append(_with_comment(header, entry.after))
    if comments and not is_first:
        yield ""
    yield from comments


def _section(path: tuple[str, ...], entries: Iterable[Entry]) -> Iterator[str]:
    group = ""
    for place, entry in enumerate(sorted(entries, key=lambda entry: _rank(path, entry.path))):
        starts_group = not path and entry.path[0] in _LONG and entry.path[0] != group
        group = entry.path[0]
        comments = list(_spaced(entry.before))
        if place and (starts_group or (comments and not entry.before[0])):
            yield ""
        yield from comments
        if comments and not entry.before[-1]:
            yield ""
        yield from _pair(entry, is_filled=path[:1] == ("case",)).split("\n")


def _rank(path: tuple[str, ...], key: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(_place(_order((*path, *key[:depth])), part) for depth, part in enumerate(key))


def _order(path: tuple[str, ...]) -> Sequence[str]:
    return LANGUAGES if path and path[-1] in _BY_LANGUAGE else _ORDER.get(path, ())


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _pair(entry: Entry, *, is_filled: bool) -> str:
    """In golden decisions long lists of names fill lines; in agreements each name has a line, so that comparing two
    versions shows which one was added."""
    start = f"{_dotted(entry)} = "
    room = WIDTH - len(start) - (len(entry.after) + 1 if entry.after else 0)
    value = entry.value
    if value is None:
        return start
    is_long = value.is_list and not _is_for_one_line(value, _flat(value), room)
    if (
        is_filled
        and is_long
        and not value.has_comments
        and not any(one.value.entries for one in value.entries if one.value)
    ):
        return _with_comment(start + "\n".join(["[", *_filled(value), "]"]), entry.after)
    return _with_comment(start + _value(value, 0, room), entry.after)


def _filled(value: Written) -> Iterator[str]:
    line = " " * _STEP
    for entry in value.entries:
        item = f"{_flat(entry.value)}," if entry.value else ""
        if line.strip() and len(line) + len(item) > WIDTH:
            yield line.rstrip()
            line = " " * _STEP
        line += f"{item} "
    yield line.rstrip()


def _value(value: Written, indent: int, room: int) -> str:
    flat = _flat(value)
    if not value.is_list or (not value.has_comments and _is_for_one_line(value, flat, room)):
        return flat
    inner = " " * (indent + _STEP)
    lines = chain.from_iterable(_item(entry, inner) for entry in value.entries)
    return "\n".join(["[", *lines, *(inner + line for line in value.tail), " " * indent + "]"])


def _is_for_one_line(value: Written, flat: str, room: int) -> bool:
    tables = [entry for entry in value.entries if entry.value is not None and entry.value.is_table]
    return "\n" not in flat and len(flat) <= room and len(tables) < 2


def _item(entry: Entry, inner: str) -> Iterator[str]:
    yield from (inner + line for line in entry.before if line)
    if entry.value is not None:
        room = WIDTH - len(inner) - 1 - (len(entry.after) + 1 if entry.after else 0)
        yield inner + _with_comment(_value(entry.value, len(inner), room) + ",", entry.after)


def _flat(value: Written) -> str:
    """On one line, except for texts of several lines; a table with comments in it stays as it is written."""
    if not (value.is_list or value.is_table) or value.has_comments:
        return value.raw
    parts = [_flat(entry.value) if not entry.key else _flat_pair(entry) for entry in value.entries if entry.value]
    if value.is_list:
        return f"[{', '.join(parts)}]"
    return f"{{ {', '.join(parts)} }}" if parts else "{}"


def _flat_pair(entry: Entry) -> str:
    return f"{_dotted(entry)} = {_flat(entry.value) if entry.value else ''}"


def _dotted(entry: Entry) -> str:
    return ".".join(name.raw for name in entry.key)


def _with_comment(text: str, comment: str) -> str:
    return f"{text} {comment}" if comment else text


def _spaced(comments: Iterable[str]) -> Iterator[str]:
    """Comments with no more than one blank line between two."""
    is_apart, any_yet = False, False
    for line in comments:
        if line:
            if is_apart and any_yet:
                yield ""
            yield line
            any_yet = True
        is_apart = not line


def _without_empty_ends(lines: list[str]) -> Iterator[str]:
    while lines and not lines[-1]:
        lines.pop()
    yield from lines
