"""Findings beside the truth: what was found and how late, what was missed, what is a false alarm."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from entente.simulation.truth import Alarm, Findings, Planted, Truth, plain

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Hit:
    """`question` found `subject`; the first alarm ends on `found_on`, so many days after the rise began."""

    question: str
    subject: str
    place: str
    starts_on: date
    found_on: date

    @property
    def delay_days(self) -> int:
        return (self.found_on - self.starts_on).days

    @property
    def delay_months(self) -> float:
        return round(self.delay_days / DAYS_A_MONTH, 1)


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """An alarm about nothing that was hidden; `noise` says what fooled the question, where the truth names it."""

    question: str
    subject: str
    place: str
    period_end: date
    noise: str


@dataclass(frozen=True, slots=True)
class Score:
    """`missed`: what a question that was asked should have found, and did not. Alarms that a person dismissed count
    nowhere, and neither do those of questions that the truth cannot judge (`not_judged`)."""

    found: tuple[Hit, ...]
    missed: tuple[tuple[str, Planted], ...]
    false_alarms: tuple[FalseAlarm, ...]
    dismissed: int
    not_judged: int

    def to_json(self) -> Mapping[str, Any]:
        """The score as JSON values; days as YYYY-MM-DD."""
        found = [asdict(hit) | {"delay_days": hit.delay_days, "delay_months": hit.delay_months} for hit in self.found]
        missed = [
            {"question": question, "subject": one.subject, "starts_on": one.starts_on} for question, one in self.missed
        ]
        return {
            "found": found,
            "missed": missed,
            "false_alarms": [asdict(alarm) for alarm in self.false_alarms],
            "dismissed": self.dismissed,
            "not_judged": self.not_judged,
        }


def score(truth: Truth, given: Iterable[Findings]) -> Score:
    """Each question in `given` is judged by what it was to find; one that was not asked misses nothing."""
    parts = tuple(given)
    alarms = [alarm for part in parts for alarm in part.alarms]
    asked = {question for part in parts for question in part.questions}
    judged = [alarm for alarm in alarms if alarm.question in truth.questions]
    counted = [alarm for alarm in judged if not alarm.dismissed]
    found: list[Hit] = []
    missed: list[tuple[str, Planted]] = []
    for planted in truth.planted:
        for question in sorted(asked.intersection(planted.found_by)):
            hits = [alarm for alarm in counted if alarm.question == question and _is_hit(alarm, planted)]
            if hits:
                first = min(hits, key=lambda alarm: (alarm.period_end, alarm.place))
                found.append(Hit(question, planted.subject, first.place, planted.starts_on, first.period_end))
            else:
                missed.append((question, planted))
    false = tuple(_false(alarm, truth) for alarm in counted if not any(_is_hit(alarm, one) for one in truth.planted))
    return Score(tuple(found), tuple(missed), false, len(judged) - len(counted), len(alarms) - len(judged))


def _is_hit(alarm: Alarm, planted: Planted) -> bool:
    return (
        plain(alarm.subject) == plain(planted.subject)
        and plain(alarm.place) in map(plain, planted.places)
        and alarm.question in planted.found_by
        and alarm.period_end >= planted.starts_on
    )


def _false(alarm: Alarm, truth: Truth) -> FalseAlarm:
    return FalseAlarm(
        alarm.question, alarm.subject, alarm.place, alarm.period_end, truth.noise.get(plain(alarm.subject), "")
    )
