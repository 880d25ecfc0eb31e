"""What chemistry found near a spike, in time and place: a lead for people, never a cause."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
    ratio,
)
from entente.workstreams.health.questions import counts as checked

HARMS, TESTS, SAMPLES, RESULTS = "harm-count", "test-count", "sample", "lab-result"
_COLUMNS = (
    Column("place", "text", vocabulary="place"),
    Column("harms", "integer"),
    Column("harm_cells_suppressed", "integer"),
    Column("nearness", "text", vocabulary="nearness"),
    Column("record_kind", "text", vocabulary="kind"),
    Column("record_source", "text"),
    Column("record_place", "text"),
    Column("substance", "text"),
    Column("period_start", "date"),
    Column("period_end", "date"),
    Column("days_apart", "integer"),
    Column("found", "integer"),
    Column("looked_at", "integer"),
    Column("share", "decimal"),
    Column("found_before", "integer"),
    Column("looked_at_before", "integer"),
    Column("base_share", "decimal"),
)
_PERIODS = """
SELECT * FROM given
WHERE unit = 'number' AND breakdown = 'all' AND "group" = 'all' AND subgroup = 'all' AND area = 'all'
    AND intent = 'total'
    AND ($place::VARCHAR IS NULL OR region = lower(trim($place::VARCHAR)))
    AND ($event::VARCHAR IS NULL OR event = $event::VARCHAR)
"""
_INSIDE = "SELECT * FROM harms WHERE period_start >= $first::DATE AND period_end <= $last::DATE"
_PLACES = """
SELECT
    region AS place, sum("value") FILTER (told = 'told')::BIGINT AS harms,
    count(*) FILTER (told = 'suppressed') AS harm_cells_suppressed
FROM inside
GROUP BY region
ORDER BY region
"""
_EVERYTHING: Arguments = {"publication": None, "place": None, "from": None, "until": None}


def _nearby(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    limits = {name: arguments[name] for name in ("place", "event")}
    harms = engine.ask(_PERIODS, {"given": tables[HARMS].rows}, limits)
    first, last = _window(arguments, harms)
    inside = engine.ask(_INSIDE, {"harms": harms}, {"first": first, "last": last})
    places = engine.ask(_PLACES, {"inside": inside})
    used = checked.counts(tables[checked.KIND], _EVERYTHING, engine)
    others = {name: tables[name] for name in (TESTS, SAMPLES, RESULTS)}
    found = _found(places, used, others, {"first": first, "last": last, **_settings(arguments)}, engine)
    rows, floor = _above_floor(found)
    names = ("place", "harms", "harm_cells_suppressed")
    counted = {row["place"]: {name: row[name] for name in names} for row in places.to_pylist()}
    most: dict[tuple[object, ...], int] = {}
    for row in rows:
        most[_look(row)] = max(most.get(_look(row), 0), row["looked_at"] or 0)
    return Answer(
        question=NEARBY.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, [_shown(row, counted[row["place"]]) for row in rows]),
        denominators=(
            Denominator("harm-cells-in-window", inside.num_rows, harms.num_rows),
            Denominator("harm-cells-told", _number(inside, "told"), inside.num_rows),
            Denominator("looked-at-nearby", sum(most.values())),
            floor,
        ),
        cautions=_cautions(rows, inside),
        provenance=provenance([Table(HARMS, inside), used, *others.values()]),
    )


def _window(arguments: Arguments, harms: pa.Table) -> tuple[date, date]:
    """The days of the spike: as given, or the last `days` up to the newest day of a count."""
    ends = [end for end in harms["period_end"].to_pylist() if end is not None]
    until, start = arguments["until"], arguments["from"]
    last = until if isinstance(until, date) else max(ends, default=date.max)
    return start if isinstance(start, date) else last - timedelta(days=_whole(arguments["days"]) - 1), last


def _settings(arguments: Arguments) -> dict[str, object]:
    names = ("days_before", "days_after", "base_days")
    towns = [town.strip() for town in str(arguments["also"] or "").lower().split(",")]
    return {name: _whole(arguments[name]) for name in names} | {"also": [town for town in towns if town]}


def _found(
    places: pa.Table, used: Table, others: Mapping[str, Table], settings: dict[str, Any], engine: Engine
) -> list[dict[str, Any]]:
    if not places.num_rows:
        return []
    sources = {
        "places": places,
        "checked": checked.looked(used, engine),
        "counted": others[TESTS].rows,
        "taken": others[SAMPLES].rows,
        "analysed": others[RESULTS].rows,
    }
    rows: list[dict[str, Any]] = engine.ask(checked.sql("nearby"), sources, settings).to_pylist()
    return rows


def _above_floor(found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Denominator]:
    """What drug checking found in fewer samples than FLOOR is left out, as wherever these counts are shown."""
    kept = [row for row in found if row["kind"] != checked.KIND or (row["looked_at"] or 0) >= checked.FLOOR]
    return kept, Denominator("above-floor", len(kept), len(found))


def _look(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Rows that were looked at together: the same samples are not counted again for every substance."""
    return tuple(row[name] for name in ("place", "kind", "source", "region"))


def _shown(row: dict[str, Any], harms: Mapping[str, Any]) -> dict[str, Any]:
    names = {"record_kind": row["kind"], "record_source": row["source"], "record_place": row["region"]}
    shares = {
        "share": ratio(row["found"], row["looked_at"]),
        "base_share": ratio(row["found_before"], row["looked_at_before"]),
    }
    return {**row, **harms, **names, **shares}


def _cautions(rows: list[dict[str, Any]], inside: pa.Table) -> tuple[str, ...]:
    told = {
        "near-is-no-cause": True,
        "nearby-found-only": True,
        "harms-suppressed": bool(_number(inside, "suppressed")),
        "self-selected-samples": any(row["kind"] == checked.KIND for row in rows),
        "looked-at-not-told": any(row["looked_at"] is None for row in rows),
    }
    return tuple(code for code, is_said in told.items() if is_said)


def _number(cells: pa.Table, told: str) -> int:
    return cells["told"].to_pylist().count(told)


def _whole(argument: object) -> int:
    return argument if isinstance(argument, int) else 0


NEARBY = Question(
    name="health.nearby",
    needs=(HARMS, checked.KIND, TESTS, SAMPLES, RESULTS),
    parameters=(
        checked.PLACE,
        checked.FROM,
        checked.UNTIL,
        Parameter(name="days", type="integer", default=7),
        Parameter(name="event", type="code", vocabulary="harm-event"),
        Parameter(name="also", type="text"),
        Parameter(name="days_before", type="integer", default=28),
        Parameter(name="days_after", type="integer", default=7),
        Parameter(name="base_days", type="integer", default=365),
    ),
    answer=_nearby,
)
