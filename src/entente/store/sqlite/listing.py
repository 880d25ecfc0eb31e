"""What records are found by, in SQLite. A search is only the conditions it needs, so that indexes serve it."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from entente.store.listing import ListingRow, Search, asked, read_place
from entente.store.queries import named_queries
from entente.store.rows import RecordRow
from entente.store.sqlite.session import Session
from entente.store.sqlite.shapes import Shape

_SQL = named_queries(__file__)
_LISTING, _RECORD = Shape(ListingRow), Shape(RecordRow)
_COLUMNS = ", ".join(f"record.{column}" for column in _RECORD.columns)

_CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "words": """NOT EXISTS (
            WITH start (value) AS MATERIALIZED (SELECT ' ' || value FROM json_each(?))
            SELECT 1 FROM start WHERE instr(listing.words, start.value) = 0
        )""",
        "kinds": "listing.kind IN (SELECT value FROM json_each(?))",
        "said_by": "listing.said_by IN (SELECT value FROM json_each(?))",
        "places": "listing.place IN (SELECT value FROM json_each(?))",
        "years": "substr(listing.day, 1, 4) IN (SELECT value FROM json_each(?))",
        "own": "(listing.via IS NULL) = ?",
        "is_simulated": "listing.is_simulated = ?",
        "purpose": "(listing.purposes = '' OR instr(listing.purposes, ' ' || ? || ' ') > 0)",
        "since": "listing.day >= ?",
        "until": "(listing.day <> '' AND listing.day <= ?)",
    }
)
_FACETS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "kind",
        "said-by": "said_by",
        "place": "place",
        "year": "substr(day, 1, 4)",
        "simulated": "iif(is_simulated, 'true', 'false')",
    }
)
_ORDERS: Mapping[str, tuple[str, str, str]] = MappingProxyType(  # column, comparison with the last row seen, direction
    {
        "recorded-desc": ("recorded_at", "<", "DESC"),
        "recorded": ("recorded_at", ">", "ASC"),
        "day-desc": ("day", "<", "DESC"),
        "day": ("day", ">", "ASC"),
        "kind": ("kind", ">", "ASC"),
    }
)


class Listing(Session):
    def put_listing(self, rows: Sequence[ListingRow]) -> None:
        self.run_many(_SQL["put_listing"], _LISTING.all_values(rows))

    def found(
        self, search: Search, order: str, after: tuple[str, str] | None, limit: int
    ) -> Sequence[tuple[str, RecordRow]]:
        seen = read_place(order, after)
        column, comparison, direction = _ORDERS[order]
        condition, values = _condition(search)
        if seen is not None:
            condition += f" AND (listing.{column}, listing.record_id) {comparison} (?, ?)"
            values += seen
        query = (
            f"SELECT listing.{column}, {_COLUMNS} FROM listing "
            "CROSS JOIN record ON record.id = listing.record_id AND record.is_current = 1 "  # CROSS: listing first
            f"WHERE {condition} ORDER BY listing.{column} {direction}, listing.record_id {direction} LIMIT ?"
        )
        return [(value, _RECORD.row(row)) for value, *row in self.all(query, *values, limit)]

    def count(self, search: Search) -> int:
        condition, values = _condition(search)
        ((number,),) = self.all(f"SELECT count(*) FROM listing WHERE {condition}", *values)
        return int(number)

    def facet(self, search: Search, name: str) -> Sequence[tuple[str, int]]:
        value = _FACETS[name]
        condition, values = _condition(search, name)
        query = (
            f"SELECT {value}, count(*) FROM listing WHERE {condition} AND {value} <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return [(found, number) for found, number in self.all(query, *values)]

    def listing_gaps(self, limit: int, *, after: str = "") -> Sequence[RecordRow]:
        return list(_RECORD.rows(self.all(_SQL["gaps"], after, limit)))


def _condition(search: Search, facet: str = "") -> tuple[str, list[object]]:
    """What rows of the listing must fulfil, and what to bind to it."""
    parts = asked(search, facet)
    condition = " AND ".join(["1", *(_CONDITIONS[name] for name in parts)])
    return condition, [json.dumps(value) if isinstance(value, tuple) else value for value in parts.values()]
