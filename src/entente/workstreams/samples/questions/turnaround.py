"""How long samples wait for their report: those that still wait count as well."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

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
from entente.workstreams.samples.questions.given import EVERY, UNTIL, period, rows, whole

_COLUMNS = (
    Column("period", "text"),
    Column("samples_received", "integer"),
    Column("samples_reported", "integer"),
    Column("median_days", "integer"),
    Column("nine_in_ten_days", "integer"),
    Column("in_time", "integer"),
    Column("due", "integer"),
    Column("in_time_share", "decimal"),
    Column("open", "integer"),
    Column("overdue", "integer"),
)
Row = dict[str, Any]
Wait = tuple[int, bool]
"""Days from receipt to report, or until now where there is none; and whether there is one."""


def _turnaround(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    samples, results = tables["sample"], tables["lab-result"]
    as_of = _as_of(samples, results, arguments)
    received = _received(samples, as_of, engine)
    waits, without = _waits(received, results, as_of)
    groups: dict[str, list[Wait]] = defaultdict(list)
    for day, wait in waits:
        groups[period(day, arguments["every"])].append(wait)
    shown = [_row(name, groups[name], whole(arguments["days"])) for name in sorted(groups)]
    cautions = {"open-counted-so-far": any(row["open"] for row in shown), "reported-before-receipt": without > 0}
    return Answer(
        question=TURNAROUND.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, shown),
        denominators=(
            Denominator("samples-with-receipt", received.rows.num_rows, samples.rows.num_rows),
            Denominator("samples-clocked", len(waits), received.rows.num_rows),
        ),
        cautions=tuple(code for code, is_said in cautions.items() if is_said),
        provenance=provenance([received, results]),
    )


def _as_of(samples: Table, results: Table, arguments: Arguments) -> date:
    """The day that is set, or the newest that the records tell."""
    told = arguments["until"]
    days = [*samples.rows["received_on"].to_pylist(), *results.rows["reported_on"].to_pylist()]
    return told if isinstance(told, date) else max((day for day in days if day is not None), default=date.min)


def _received(samples: Table, as_of: date, engine: Engine) -> Table:
    sql = "SELECT * FROM samples WHERE received_on <= $as_of"
    return Table(samples.kind, engine.ask(sql, {"samples": samples.rows}, {"as_of": as_of}))


def _waits(received: Table, results: Table, as_of: date) -> tuple[list[tuple[date, Wait]], int]:
    """(day of receipt, wait) of each sample, and how many were left out: their report is older than their receipt."""
    reported = _reports(rows(results, ("_said_by", "sample_number", "reported_on")))
    samples = rows(received, ("_said_by", "number", "received_on"))
    times = Counter(row["number"] for row in samples)
    waits, without = [], 0
    for row in samples:
        own = reported.get((row["_said_by"], row["number"]))
        # A partner's laboratory reports under the giver's number; only where no two givers have the same.
        others = [day for (_, number), day in reported.items() if number == row["number"]] if own is None else []
        day = own or (min(others) if others and times[row["number"]] == 1 else None)
        if day is not None and day < row["received_on"]:
            without += 1
        else:
            is_reported = day is not None and day <= as_of
            end = day if day is not None and is_reported else as_of
            waits.append((row["received_on"], ((end - row["received_on"]) // timedelta(days=1), is_reported)))
    return waits, without


def _reports(results: Iterable[Row]) -> dict[tuple[str, str], date]:
    """The day of the first report on each sample."""
    found: dict[tuple[str, str], date] = {}
    for row in results:
        day, key = row["reported_on"], (row["_said_by"], row["sample_number"])
        if day is not None and row["sample_number"] is not None:
            found[key] = min(day, found.get(key, day))
    return found


def _row(name: str, waits: Sequence[Wait], limit: int) -> Row:
    in_time = sum(is_reported and days <= limit for days, is_reported in waits)
    due = sum(is_reported or days > limit for days, is_reported in waits)
    return {
        "period": name,
        "samples_received": len(waits),
        "samples_reported": sum(is_reported for _, is_reported in waits),
        "median_days": _reached(waits, 0.5),
        "nine_in_ten_days": _reached(waits, 0.9),
        "in_time": in_time,
        "due": due,
        "in_time_share": ratio(in_time, due),
        "open": sum(not is_reported for _, is_reported in waits),
        "overdue": sum(not is_reported and days > limit for days, is_reported in waits),
    }


def _reached(waits: Sequence[Wait], part: float) -> int | None:
    """The days after which `part` of all are reported (Kaplan and Meier, 1958); None where that is not reached yet."""
    left, waiting = len(waits), 1.0
    for days in sorted({days for days, is_reported in waits if is_reported}):
        left = sum(other >= days for other, _ in waits)
        now = sum(other == days and is_reported for other, is_reported in waits)
        waiting *= 1 - now / left
        if waiting <= 1 - part + 1e-9:
            return days
    return None


TURNAROUND = Question(
    name="samples.turnaround",
    needs=("sample", "lab-result"),
    parameters=(Parameter(name="days", type="integer", default=30), EVERY, UNTIL),
    answer=_turnaround,
)
