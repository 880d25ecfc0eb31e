"""The schedules of the Controlled Drugs and Substances Act, row by row: what stands under what, what is an exception,
and which names the wording gives."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from entente.records import Catalogue, CellFault, Value, date_iso, mapped, text
from entente.workstreams.substances.records import NAMES_SEPARATOR

Cells = Mapping[str, str]

_ACT = "Controlled Drugs and Substances Act, S.C. 1996, c. 19"
_ITEM = re.compile(r"[0-9]+(\.[0-9]+)?( and [0-9]+)?( +\([0-9]+(\.[0-9]+)?\)( \([ivxl]+\))?)?")
_PART = re.compile(r"PART ([0-9]+)(.*?)1?")  # the 1 at the end is the mark of a footnote
_REPEALED = re.compile(r"\[Repealed, .*\]")
_BUT_NOT = re.compile(r"but not including:?|not including:?|excluding:?", re.IGNORECASE)
# Wording by which an entry reaches beyond the substances that it names.
_MORE = re.compile(
    r"\b(derivatives?|analogues?|isomers?|including|intermediates|alkaloids|preparations?|mixture|any substance"
    r"|any plant|any essential oil)\b",
    re.IGNORECASE,
)
# Where the name of a substance ends and the law speaks on.
_ENDS = re.compile(
    r", (its|their)\b| and (its|any|their)\b|, namely\b|,? including\b| \u2014 | that (contains|has|is|may)\b|,? with "
)
_SEVERAL = re.compile(r"[A-Za-z0-9-]{3,}(, [A-Za-z0-9-]{3,})+")  # two short names in one bracket
_NO_NAME = re.compile(r"(any|and) ", re.IGNORECASE)


@dataclass(slots=True)
class _Above:
    """The item that rows stand under, and whether they now name exceptions from it."""

    place: tuple[str, str, str] = ("", "", "")
    wording: str = ""
    is_exception: bool = False
    item: str = ""  # the last item of two numbers and its wording, for those of three that stand under it
    item_wording: str = ""


def begin_schedules() -> Callable[[Cells, Catalogue], Mapping[str, Value]]:
    """The function that reads the rows of one table, in their order: a row inherits from the item above it."""
    above = _Above()

    def values(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:
        return _entry(cells, catalogue, above)

    return values


def _entry(cells: Cells, catalogue: Catalogue, above: _Above) -> Mapping[str, Value]:
    schedule = mapped("schedule", cells["schedule"], catalogue.vocabulary.mappings["cdsa-schedule"])
    part, item = _part(cells["part"]), _item(cells["item"])
    wording = text("text", cells["text"])
    since = date_iso("in_force_since", cells["in_force_since"])
    is_head = _descend(above, (schedule, part, item.split(" ")[0]), cells["item"], wording)
    if item.count("(") == 1:
        above.item, above.item_wording = item, wording
    role = "repealed" if _REPEALED.fullmatch(wording) else "exception" if above.is_exception else "included"
    given = {
        "country": "ca",
        "instrument": "ca.cdsa",
        "schedule": schedule,
        "part": part,
        "item": item,
        "role": role,
        "wording": wording,
        "under": "" if is_head else _above(above, item),
        "names": "" if role == "repealed" or schedule == "IX" else NAMES_SEPARATOR.join(names(wording)),
        "reference": ", ".join((_ACT, f"Schedule {schedule}", *([part] if part else []), f"item {item}")),
    }
    more = bool(_MORE.search(wording)) and role != "repealed"
    told = {name: value for name, value in given.items() if value}
    return {**told, "may_cover_more": more, "since": since, "since_means": "wording", "coverage": "whole"}


def _descend(above: _Above, place: tuple[str, str, str], label: str, wording: str) -> bool:
    """Note where the row stands; True for the head of an item."""
    if place != above.place:
        above.place, above.wording, above.is_exception, above.item = place, wording, False, ""
        return True
    if label != label.rstrip():  # the label of the whole item, and a blank: the sentence of the head goes on
        above.is_exception = bool(_BUT_NOT.fullmatch(wording))
    return False


def _above(above: _Above, item: str) -> str:
    """The wording that `item` stands under, down from the head."""
    is_nested = item.startswith(f"{above.item} (")
    return f"{above.wording} {above.item_wording}" if above.item and is_nested else above.wording


def _item(cell: str) -> str:
    value = " ".join(text("item", cell).split())
    if not _ITEM.fullmatch(value):
        raise CellFault("item", "not-an-item", value)
    return value


def _part(cell: str) -> str:
    found = _PART.fullmatch(cell.strip())
    return f"Part {found[1]}: {found[2].strip()}" if found else cell.strip()


def names(wording: str) -> tuple[str, ...]:
    """The names and synonyms that the wording of an entry gives: what stands first, and what stands in brackets after
    it. Wording that describes a class gives none."""
    if _NO_NAME.match(wording) or _BUT_NOT.fullmatch(wording):
        return ()
    return tuple(dict.fromkeys(name for name in _named(wording) if name))


def _named(wording: str) -> Iterator[str]:
    head, groups, rest = _brackets(wording)
    ended = _ENDS.search(head)
    yield head[: ended.start()].strip(" ,:") if ended else head.strip(" ,:")
    if ended is None:
        for group in groups:
            yield group
            if _SEVERAL.fullmatch(group):
                yield from group.split(", ")
        namely = re.match(r",? namely (.*?)(,| and )", rest)
        if namely:
            yield namely[1]


def _brackets(wording: str) -> tuple[str, list[str], str]:
    """The text before the first bracket that follows a blank, what stands in such brackets one after another, the rest.

    A bracket without a blank before it belongs to the name: 1-pentyl-3-(1-naphthoyl)indole.
    """
    start = re.search(r" [(\[]", wording)
    if start is None:
        return wording, [], ""
    groups, place = [], start.start()
    while place < len(wording) and re.match(r" [(\[]", wording[place:]):
        end = _closing(wording, place + 1)
        groups.append(wording[place + 2 : end])
        place = end + 1
    return wording[: start.start()], groups, wording[place:]


def _closing(wording: str, place: int) -> int:
    """Where the bracket that opens at `place` closes; the end where it does not."""
    depth = 0
    for index in range(place, len(wording)):
        depth += (wording[index] in "([") - (wording[index] in ")]")
        if depth == 0:
            return index
    return len(wording)
