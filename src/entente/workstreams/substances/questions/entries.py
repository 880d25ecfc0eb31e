"""Control entries by the names that they give, and what they say on a day."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
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
    "cas",
    "since",
    "since_means",
    "since_known_to",
    "until",
    "coverage",
    "is_verified",
    "reference",
)
RANK = ("controlled", "surveilled", "exception", "ended", "not-named", "not-told")
"""Codes of the list `control-status`: of several that hold of one substance in one country, the first tells most."""


def entries(table: Table) -> list[Entry]:
    """The entries of `table`, in the order of their text."""
    found: list[Entry] = table.rows.select([*_SHOWN, "_line"]).to_pylist()
    return sorted(found, key=lambda entry: (entry["country"], entry["instrument"], entry["_line"]))


def by_law(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries of each instrument; `entries` as `entries()` orders them."""
    for _, text in groupby(entries, lambda entry: (entry["country"], entry["instrument"])):
        yield list(text)


def by_name(table: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    """The entries that give each name, folded."""
    found: dict[str, list[Entry]] = {}
    for entry in table:
        for name in dict.fromkeys(map(folded, names_of(entry))):
            found.setdefault(name, []).append(entry)
    return found


def names_of(entry: Entry) -> Iterator[str]:
    """The names that the entry gives, the first one first."""
    return (name for name in (entry["names"] or "").split(NAMES_SEPARATOR) if name)


def status(entry: Entry, on: date) -> str:
    """What `entry` says on the day `on` (list `control-status`).

    INVARIANT: before its wording came into force it says nothing, because an earlier one may have named the substance;
    only where `since` is the day of the first control does it say that the substance was not named then.
    """
    if on < entry["since"]:
        return "not-named" if entry["since_means"] == "control" else "not-told"
    if on < last_possible(entry):
        return "not-told"  # in force since some day of this month
    if entry["role"] == "repealed" or (entry["until"] is not None and on > entry["until"]):
        return "ended"
    return {"exception": "exception", "surveilled": "surveilled"}.get(entry["role"], "controlled")


def last_possible(entry: Entry) -> date:
    """The last day that may be its `since`: the last of the month where only the month is known."""
    since: date = entry["since"]
    if entry["since_known_to"] != "month":
        return since
    return since.replace(day=monthrange(since.year, since.month)[1])


def silent(text: Sequence[Entry], on: date) -> str:
    """What a text says on the day `on` of a substance that it names nowhere.

    INVARIANT: only a text that was given whole says that it does not name it, and only from its newest wording on, or
    where every entry tells the day of the first control.
    """
    is_whole = all(entry["coverage"] == "whole" for entry in text)
    has_history = all(entry["since_means"] == "control" for entry in text)
    latest = newest(text)
    is_told = is_whole and latest is not None and (has_history or on >= latest)
    return "not-named" if is_told else "not-told"


def newest(table: Iterable[Entry]) -> date | None:
    """The day on which the newest wording came into force: from it on, a text that names nothing says so."""
    return max((entry["since"] for entry in table), default=None)
