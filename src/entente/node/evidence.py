"""What a finding rests on: the records behind it, and what they told over time, for a chart and its table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from entente.analysis import Series
from entente.node.findings import Held
from entente.node.looking import Look, check_look, log_look, may_be_used, record_of
from entente.node.work import Node, Work
from entente.records import Record
from entente.store import EvidenceRow

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period: how many were found, of how many looked at; `of` is None where a record does not tell it."""

    start: date
    end: date | None
    observed: int
    of: int | None

    @property
    def share(self) -> float | None:
        return self.observed / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A record behind a finding: `used` is the version it rests on, `newest` the one held now."""

    record_id: str
    kind: str
    said_by: str
    used: int
    newest: int
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`behind` are the first MOST_SHOWN of `number` records that may be seen, and `points` the periods they tell of, in
    order."""

    points: Sequence[Point]
    behind: Sequence[Behind]
    number: int


def evidence_of(node: Node, look: Look, held: Held, series: Iterable[Series], *, own: bool | None = None) -> Evidence:
    """The evidence of a finding of ours as far as this look may see it; the look is logged. Raises NoReason.

    A finding that a partner sent rests on records of the partner, which are not here.
    """
    check_look(look)
    told = {one.kind: one for one in series}
    points: dict[date, Point] = {}
    behind = []
    with node.writing() as work:
        for row in work.tx.evidence(held.row.id, held.row.version):
            seen = _record(node, work, row, look, own=own)
            if seen is None:
                continue
            record, newest = seen
            behind.append(
                Behind(
                    record_id=record.id,
                    kind=record.kind,
                    said_by=record.said_by,
                    used=row.record_version,
                    newest=newest,
                    is_simulated=record.is_simulated,
                )
            )
            _count(points, record, told, str(held.values.get("subject", "")))
        if behind:
            log_look(work, look, "evidence", [one.record_id for one in behind])
    return Evidence(points=[points[day] for day in sorted(points)], behind=behind[:MOST_SHOWN], number=len(behind))


def _record(node: Node, work: Work, row: EvidenceRow, look: Look, *, own: bool | None) -> tuple[Record, int] | None:
    """The version that was used, and the number of the newest; None where it was erased or is not this person's to see
    for the purpose of the look."""
    used, newest = work.tx.record(row.record_id, row.record_version), work.tx.record(row.record_id)
    if used is None or newest is None or not used.body:
        return None
    if own not in (None, used.via is None) or not may_be_used(node, used, look.purpose):
        return None
    return record_of(node, used), newest.version


def _count(points: dict[date, Point], record: Record, told: Mapping[str, Series], subject: str) -> None:
    """Adds what the record tells of the subject to its period."""
    series = told.get(record.kind)
    if series is None or subject not in (record.values.get(name) for name in series.subject):
        return
    start, end = record.values.get("period_start"), record.values.get("period_end")
    count, of = record.values.get(series.count), record.values.get(series.of)
    if not isinstance(start, date) or not isinstance(count, int):
        return
    point = points.get(start) or Point(start=start, end=end if isinstance(end, date) else None, observed=0, of=0)
    size = point.of + of if point.of is not None and isinstance(of, int) else None
    points[start] = replace(point, observed=point.observed + count, of=size)
