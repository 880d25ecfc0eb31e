"""What pooling wins, over a few seeds here and over many in the slow test; docs/simulation.md has the figures."""

from datetime import date
from math import comb

import pytest

from entente.simulation.pooled import POOL, Outcome, _Asked, calendar, compare, outcome_of
from entente.simulation.summary import Rate, summary
from entente.simulation.world import PLANTED, assumptions, plan_of, simulated_world

DAYS = calendar(assumptions())


def outcome(seed: int, *alarms: str, false: tuple[str, ...] = (), found: dict[str, date] | None = None) -> Outcome:
    who = ("ca.cbsa", "us.dea", POOL)
    return Outcome(
        seed=seed,
        on_the_day={one: one in alarms for one in who},
        others=dict.fromkeys(who, False),
        false={one: one in false for one in who},
        found_on={one: (found or {}).get(one) for one in who},
    )


def test_the_days_are_fixed_before_any_seed_is_run() -> None:
    assert (DAYS.starts_on, DAYS.planned) == (date(2024, 4, 1), date(2025, 3, 31))
    assert (DAYS.looks[0], DAYS.looks[-1], len(DAYS.looks)) == (date(2024, 4, 30), date(2025, 9, 30), 18)


def test_only_together_means_that_every_agency_alone_is_silent() -> None:
    assert outcome(1, POOL).only_together
    assert not outcome(1, POOL, "us.dea").only_together
    assert not outcome(1).only_together


def test_the_summary_counts_worlds_and_says_how_sure_it_is() -> None:
    early, late = DAYS.looks[3], DAYS.looks[9]
    told = summary(
        [
            outcome(1, POOL, found={POOL: early}),
            outcome(
                2, POOL, "us.dea", false=("ca.cbsa",), found={POOL: early, "us.dea": late, "ca.cbsa": DAYS.looks[12]}
            ),
            outcome(3),
        ],
        DAYS,
        {"spread": 0.05},
    )
    assert told["only_together"] == {"number": 1, "of": 3, "low": 0.061, "high": 0.792}
    assert told["on_the_planned_day"]["pool"]["number"] == 2
    assert told["on_the_planned_day"]["any_alone"]["number"] == 1
    assert told["false_alarm_where_nothing_is_planted"]["alone"]["ca.cbsa"]["number"] == 1
    assert told["delay"]["pool"]["months"] == {"median": 4.0, "min": 4.0, "max": 4.0}
    assert told["delay"]["best_alone"]["days"]["median"] == (late - DAYS.starts_on).days
    assert told["delay"]["best_alone"]["found"]["number"] == 1


@pytest.mark.parametrize(("number", "low", "high"), [(0, 0.0, 0.0713), (25, 0.366, 0.634), (50, 0.929, 1.0)])
def test_a_rate_has_the_interval_of_wilson(number: int, low: float, high: float) -> None:
    assert Rate(number, 50).interval == pytest.approx((low, high), abs=5e-4)


@pytest.mark.timeout(120)
def test_a_look_that_is_not_asked_would_not_have_alarmed() -> None:
    asked, values = _Asked(), assumptions()
    tables = asked.tables(simulated_world(1002, 1.0, plan_of(36, values, is_planted=True, before_end=18)))
    skipped = [
        (who, day) for who in (POOL, "us.dea") for day in DAYS.looks[::4] if not asked.may_alarm(tables[who], day)
    ]
    assert skipped
    assert [one for one in skipped if PLANTED in asked.alarms(tables[one[0]], one[1])] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_seeds_go_through_the_real_readers_and_the_real_question() -> None:
    heard: list[int] = []
    first, second = compare([1001, 1002], assumptions(), 1, heard.append)
    assert (first.seed, second.seed, heard) == (1001, 1002, [1, 2])
    assert set(first.on_the_day) == {"ca.cbsa", "ca.rcmp", "us.cbp", "us.dea", POOL}
    assert first == outcome_of(1001, assumptions())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_pool_finds_what_agencies_alone_do_not() -> None:
    """Bounds that would fail by bad luck less than once in a thousand, were the true rates at their edge."""
    outcomes = compare(range(2001, 2013), assumptions(), 2, lambda _: None)
    told = summary(outcomes, DAYS, assumptions())
    pool, alone = told["on_the_planned_day"]["pool"]["number"], told["on_the_planned_day"]["any_alone"]["number"]
    assert pool > alone
    assert _chance_of_at_most(pool, 12, 0.5) > 0.001
    assert _chance_of_at_most(12 - told["false_alarm_where_nothing_is_planted"]["pool"]["number"], 12, 0.95) > 0.001
    delays = told["delay"]
    assert delays["pool"]["found"]["number"] >= delays["best_alone"]["found"]["number"]


def _chance_of_at_most(number: int, of: int, chance: float) -> float:
    return sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(number + 1))
