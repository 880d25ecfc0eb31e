"""How long answers take: figures per partner, agreement and kind, with how many they rest on.

Days are counted from the message to the moment at which the answer was given (by us) or heard (from a partner), to the
hour. What did not arrive, or was put aside, is left out. Real and simulated never stand in one figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from entente.node.owing import AFTER_ALL, BY_US
from entente.node.work import Node
from entente.store import AnswerTimes

HOURS_A_DAY = 24
MEDIAN, NINTH = 50, 90
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
Key = tuple[str, str, str, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigure:
    """Of `asked` messages, `answered`, and of these `in_time`; `open`, and of these `overdue`.

    `median_days` and `ninth_days` (nine in ten answers came within it; nearest rank) rest on `answered`; None without
    any. `kind` is empty where this node does not hold the record.
    """

    is_owed_by_us: bool
    partner: str
    agreement: str
    kind: str
    is_simulated: bool
    asked: int
    answered: int
    in_time: int
    overdue: int
    median_days: float | None
    ninth_days: float | None

    @property
    def open(self) -> int:
        return self.asked - self.answered

    @property
    def share_in_time(self) -> float | None:
        """Of those answered."""
        return self.in_time / self.answered if self.answered else None

    def to_json(self) -> dict[str, Any]:
        return {
            "owed": "by-us" if self.is_owed_by_us else "to-us",
            "partner": self.partner,
            "agreement": self.agreement,
            "kind": self.kind or None,
            "is_simulated": self.is_simulated,
            "asked": self.asked,
            "answered": self.answered,
            "in_time": self.in_time,
            "share_in_time": self.share_in_time,
            "open": self.open,
            "overdue": self.overdue,
            "median_days": self.median_days,
            "ninth_days": self.ninth_days,
        }


def answer_figures(node: Node, since: datetime | None = None, until: datetime | None = None) -> Sequence[AnswerFigure]:
    """About messages sent or received from `since` on and before `until` (aware), in order of group."""
    end = min(until or AFTER_ALL, node.clock() + timedelta(microseconds=1))  # what came this moment is counted
    with node.store.reading() as tx:
        rows = tx.answer_times(since or _FIRST, end) if (since or _FIRST) < end else ()
    groups: dict[Key, list[AnswerTimes]] = {}
    for row in rows:
        groups.setdefault((row.direction, row.partner, row.agreement, row.kind, row.is_simulated), []).append(row)
    return [_figure(key, found) for key, found in groups.items()]


def _figure(key: Key, rows: Sequence[AnswerTimes]) -> AnswerFigure:
    direction, partner, agreement, kind, is_simulated = key
    by_hours = {row.hours: row.number for row in rows if row.hours is not None}
    return AnswerFigure(
        is_owed_by_us=direction == BY_US,
        partner=partner,
        agreement=agreement,
        kind=kind,
        is_simulated=is_simulated,
        asked=sum(row.number for row in rows),
        answered=sum(by_hours.values()),
        in_time=sum(row.in_time for row in rows),
        overdue=sum(row.overdue for row in rows),
        median_days=_days(by_hours, MEDIAN),
        ninth_days=_days(by_hours, NINTH),
    )


def _days(by_hours: Mapping[int, int], percent: int) -> float | None:
    """The nearest rank: the fewest hours within which at least so many of a hundred answers came, in days."""
    total, so_far = sum(by_hours.values()), 0
    for hours, number in sorted(by_hours.items()):
        so_far += number
        if so_far * 100 >= percent * total:
            return round(max(hours, 0) / HOURS_A_DAY, 2)
    return None
