"""Control entries by the names that they give, and what they say on a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from entente.analysis import Table
from entente.workstreams.substances.questions.names import folded
from entente.workstreams.substances.records import NAMES_SEPARATOR

KIND = "control-entry"
Entry = dict[str, Any]
_SHOWN = (
    "country",
    "instrument",
    "schedule",
    "part",
    "item",
    "role",
    "wording",
    "under",
    "names",
    "may_cover_more",
    "since",
    "until",
    "reference",
)


def entries(table: Table) -> list[Entry]:
    """The entries of `table`, in the order of their text."""
    found: list[Entry] = table.rows.select([*_SHOWN, "_line"]).to_pylist()
    return sorted(found, key=lambda entry: (entry["country"], entry["instrument"], entry["_line"]))


def by_name(table: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    """The entries that give each name, folded."""
    found: dict[str, list[Entry]] = {}
    for entry in table:
        for name in dict.fromkeys(map(folded, _names(entry))):
            found.setdefault(name, []).append(entry)
    return found


def _names(entry: Entry) -> Iterator[str]:
    return (name for name in (entry["names"] or "").split(NAMES_SEPARATOR) if name)


def status(entry: Entry, on: date) -> str:
    """What `entry` says on the day `on` (list `control-status`).

    INVARIANT: before its wording came into force it says nothing; an earlier one may have named the substance.
    """
    if on < entry["since"]:
        return "not-told"
    if entry["until"] is not None and on > entry["until"]:
        return "ended"
    return "exception" if entry["role"] == "exception" else "controlled"


def newest(table: Iterable[Entry]) -> date | None:
    """The day on which the newest wording came into force: from it on, a text that names nothing says so."""
    return max((entry["since"] for entry in table), default=None)
