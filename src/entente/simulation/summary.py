"""The comparison of pool and single agencies in figures: rates with their uncertainty, and delays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

from entente.simulation.pooled import POOL, QUESTION, Calendar, Outcome
from entente.simulation.score import DAYS_A_MONTH

_Z = 1.959964  # 95 per cent of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Rate:
    """`number` of `of` worlds."""

    number: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the rate (Wilson, Journal of the American Statistical Association 22, 1927)."""
        share, square = self.number / self.of, _Z * _Z
        centre = (share + square / (2 * self.of)) / (1 + square / self.of)
        half = _Z / (1 + square / self.of) * sqrt(share * (1 - share) / self.of + square / (4 * self.of * self.of))
        return max(0.0, centre - half), min(1.0, centre + half)

    def to_json(self) -> dict[str, Any]:
        low, high = self.interval
        return {"number": self.number, "of": self.of, "low": round(low, 3), "high": round(high, 3)}


@dataclass(frozen=True, slots=True)
class Delay:
    """From the beginning of the rise to the first alarm, in days, over the worlds in which there was one."""

    found: Rate
    days: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        spread = (median(self.days), min(self.days), max(self.days)) if self.days else (None, None, None)
        named = dict(zip(("median", "min", "max"), spread, strict=True))
        months = {name: None if days is None else round(days / DAYS_A_MONTH, 1) for name, days in named.items()}
        return {"found": self.found.to_json(), "days": named, "months": months}


def summary(outcomes: Sequence[Outcome], days: Calendar, values: Mapping[str, float]) -> dict[str, Any]:
    """The figures as JSON values; `alone` names the rate of every agency, `any_alone` of at least one of them."""
    agencies = sorted(who for who in outcomes[0].on_the_day if who != POOL)
    return {
        "question": QUESTION,
        "seeds": [outcome.seed for outcome in outcomes],
        "starts_on": days.starts_on.isoformat(),
        "planned_day": days.planned.isoformat(),
        "looks": len(days.looks),
        "only_together": _rate(outcome.only_together for outcome in outcomes).to_json(),
        "on_the_planned_day": _by_who(outcomes, agencies, "on_the_day"),
        "false_alarm_where_nothing_is_planted": _by_who(outcomes, agencies, "false"),
        "false_alarm_beside_the_plant": _by_who(outcomes, agencies, "others"),
        "delay": {
            POOL: _delay([_days(outcome, [POOL], days) for outcome in outcomes]).to_json(),
            "best_alone": _delay([_days(outcome, agencies, days) for outcome in outcomes]).to_json(),
        },
        "assumed": dict(values),
    }


def _by_who(outcomes: Sequence[Outcome], agencies: Sequence[str], name: str) -> dict[str, Any]:
    told = [getattr(outcome, name) for outcome in outcomes]
    return {
        POOL: _rate(one[POOL] for one in told).to_json(),
        "any_alone": _rate(any(one[who] for who in agencies) for one in told).to_json(),
        "alone": {who: _rate(one[who] for one in told).to_json() for who in agencies},
    }


def _days(outcome: Outcome, who: Iterable[str], days: Calendar) -> int | None:
    """The delay of the first of `who`; None if none of them ever alarmed."""
    found = [day for one in who if (day := outcome.found_on[one]) is not None]
    return (min(found) - days.starts_on).days if found else None


def _delay(days: Sequence[int | None]) -> Delay:
    found = tuple(day for day in days if day is not None)
    return Delay(Rate(len(found), len(days)), found)


def _rate(told: Iterable[bool]) -> Rate:
    values = list(told)
    return Rate(sum(values), len(values))
