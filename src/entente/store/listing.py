"""What lists of records are searched by, and the part of every store (entente.store.protocol) that finds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol

from entente.store.errors import NoSuchPage
from entente.store.limits import check_storable
from entente.store.rows import RecordRow

ORDERS = ("recorded-desc", "recorded", "day-desc", "day", "kind")
FACETS = ("kind", "said-by", "place", "year", "simulated")

_CHOICES = MappingProxyType(
    {"kind": "kinds", "said-by": "said_by", "place": "places", "year": "years", "simulated": "is_simulated"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """What the current version of one record is found by.

    `day` is an ISO day, `place` a code, each empty where the record has none. `purposes` are those it is held for,
    written " a b ", empty for no limit; `words` are its folded words, written " word1 word2 ".
    """

    record_id: str
    kind: str
    said_by: str
    via: str | None
    is_simulated: bool
    recorded_at: datetime
    day: str
    place: str
    purposes: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which records: all that fit every part; an empty part, or None, fits all.

    Each of `words` begins a word of the record. Of `kinds`, `said_by`, `places` and `years` one must fit. `own` is True
    for our own records, False for received ones. `purpose` leaves out what is held for others only. `since` and
    `until` are ISO days, both included; a record without a day fits neither.
    """

    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    own: bool | None = None
    is_simulated: bool | None = None
    purpose: str = ""
    since: str = ""
    until: str = ""


class Listing(Protocol):
    """Lists of current records, searched, counted and read page by page."""

    def put_listing(self, rows: Sequence[ListingRow]) -> None:
        """Adds or replaces what records are found by; of two rows for one record the last is kept."""

    def found(
        self, search: Search, order: str, after: tuple[str, str] | None, limit: int
    ) -> Sequence[tuple[str, RecordRow]]:
        """(sort value, current version) of what fits, in one of ORDERS, then by id in the same direction.

        `after` is the (sort value, id) of the last row seen; the row itself is left out. Raises NoSuchPage.
        """

    def count(self, search: Search) -> int:
        """How many records fit."""

    def facet(self, search: Search, name: str) -> Sequence[tuple[str, int]]:
        """(value, number of records), the most frequent first, then by value; `name` is one of FACETS.

        The choice that `search` makes for this facet itself is ignored. Records without a place or a day are not
        counted under "place" or "year"; "simulated" has the values "true" and "false".
        """

    def listing_gaps(self, limit: int, *, after: str = "") -> Sequence[RecordRow]:
        """Current versions that no list finds yet, in order of id, after id `after`; erased ones are none."""


def asked(search: Search, facet: str = "") -> Mapping[str, object]:
    """The parts of `search` that leave records out, by name, without its choice for `facet`. Raises UnstorableValue."""
    parts = {field.name: getattr(search, field.name) for field in fields(search)}
    for value in parts.values():
        check_storable(value if isinstance(value, tuple) else (value,))
    parts.pop(_CHOICES.get(facet, ""), None)
    return {name: value for name, value in parts.items() if value not in ((), None, "")}


def sort_moment(moment: datetime) -> str:
    """A sort value of "recorded": UTC in one width, so that text sorts as time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read_place(order: str, after: tuple[str, str] | None) -> tuple[str, str] | None:
    """`after`, which may come from an address that somebody typed. Raises NoSuchPage."""
    if order not in ORDERS:
        raise NoSuchPage(order=order, after="")
    if after is None or not order.startswith("recorded"):
        return after
    try:
        moment = datetime.fromisoformat(after[0])
        return (sort_moment(moment.replace(tzinfo=moment.tzinfo or UTC)), after[1])
    except (ValueError, OverflowError):
        raise NoSuchPage(order=order, after=after[0]) from None
