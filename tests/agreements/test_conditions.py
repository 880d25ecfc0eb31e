"""Every test on every sort of value: true, false, or unknown; never an exception, whatever the value is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agreements.parts import FIND, catalogue
from entente.agreements import TESTS, Condition
from entente.agreements.deciding.conditions import Setting, conjunction
from entente.agreements.deciding.judging import judging

TODAY = date(2026, 5, 2)


def judged(field: str, test: str, value: Any, values: dict[str, Any], on: str | None = None) -> bool | None:
    condition = Condition(field=field, test=test, value=value, on=on)
    return judging(condition, Setting(FIND, catalogue().vocabulary, "America/Toronto", TODAY))(values)


@pytest.mark.parametrize(
    ("field", "test", "value", "found", "truth"),
    [
        ("border", "equals", "north", "north", True),
        ("border", "equals", "north", "south", False),
        ("border", "one_of", ("north", "south"), "south", True),
        ("pieces", "equals", 3, 3, True),
        ("pieces", "one_of", (3, 4), 5, False),
        ("mass_g", "equals", Decimal("1.50"), Decimal("1.5"), True),
        ("mass_g", "at_least", Decimal(10), Decimal("9.999999999999999999999999999999"), False),
        ("mass_g", "at_least", Decimal(10), Decimal(10), True),
        ("mass_g", "at_most", Decimal(10), Decimal(10), True),
        ("pieces", "at_most", 10, 11, False),
        ("is_final", "equals", True, False, False),
        ("found_on", "before", date(2026, 1, 1), date(2025, 12, 31), True),
        ("found_on", "before", date(2026, 1, 1), date(2026, 1, 1), False),
        ("found_on", "after", date(2026, 1, 1), date(2026, 1, 2), True),
        ("notes", "is_present", True, "x" * 10_000_000, True),
        ("routes", "is_present", True, ("north",), True),
        ("routes", "includes", "north", ("south", "north"), True),
        ("routes", "includes", "north", ("south",), False),
        ("routes", "only", ("north",), ("north",), True),
        ("routes", "only", ("north", "south"), ("south",), True),
        ("routes", "only", ("north",), ("north", "south"), False),
    ],
)
def test_a_value_that_can_be_compared(field: str, test: str, value: Any, found: Any, truth: bool) -> None:  # noqa: FBT001
    assert judged(field, test, value, {field: found}) is truth


@pytest.mark.parametrize(
    ("field", "test", "value", "found"),
    [
        ("border", "equals", "north", "NORTH"),
        ("border", "equals", "north", "nоrth"),  # noqa: RUF001  # a Cyrillic letter
        ("border", "equals", "north", "ON" * 5_000_000),
        ("border", "equals", "north", ["north"]),
        ("border", "equals", "north", 1),
        ("pieces", "equals", 1, True),
        ("pieces", "at_least", 1, 3.5),
        ("pieces", "at_least", 1, "3"),
        ("mass_g", "at_least", Decimal(1), Decimal("NaN")),
        ("mass_g", "at_least", Decimal(1), Decimal("sNaN")),
        ("mass_g", "at_most", Decimal(1), Decimal("-Infinity")),
        ("mass_g", "at_least", Decimal(1), 2),
        ("found_on", "before", TODAY, "2020-01-01"),
        ("found_on", "before", TODAY, datetime(2020, 1, 1, tzinfo=UTC)),
        ("told_at", "before", TODAY, datetime(2020, 1, 1)),  # noqa: DTZ001
        ("told_at", "before", TODAY, datetime.min.replace(tzinfo=UTC)),
        ("mass_g", "is_present", True, Decimal("NaN")),
        ("drug", "listed_in", "watched", "other"),
        ("drug", "not_listed_in", "watched", "other"),
        ("drug", "listed_in", "no-such-list", "heroin"),
        ("routes", "includes", "north", ()),
        ("routes", "only", ("north",), ()),
        ("routes", "includes", "north", ("north", "NORTH")),
        ("routes", "only", ("north",), "north"),
        ("routes", "only", ("north",), ("north", 1)),
        ("notes", "equals", "x", "x"),
        ("no_such_field", "equals", "x", "x"),
    ],
)
def test_a_value_that_cannot_be_compared_is_unknown(field: str, test: str, value: Any, found: Any) -> None:
    assert judged(field, test, value, {field: found}) is None


@pytest.mark.parametrize("test", sorted(TESTS))
def test_an_absent_value_is_unknown_except_when_asked_whether_it_is_there(test: str) -> None:
    field = {"listed_in": "drug", "not_listed_in": "drug", "before": "found_on", "after": "found_on"}.get(
        test, "routes" if test in ("includes", "only") else "pieces"
    )
    value: Any = {"listed_in": "watched", "not_listed_in": "watched", "before": TODAY, "after": TODAY}.get(test, 1)
    assert judged(field, test, value, {}) is (False if test == "is_present" else None)


@pytest.mark.parametrize(
    ("drug", "found_on", "truth"),
    [
        ("ketamine", date(2019, 12, 31), False),
        ("ketamine", date(2020, 1, 1), True),
        ("ketamine", date(2024, 12, 31), True),
        ("ketamine", date(2025, 1, 1), False),
        ("heroin", date(1900, 1, 1), True),
        ("cocaine", date(2022, 1, 1), False),
        ("ketamine", None, None),
        ("Ketamine", date(2022, 1, 1), None),
    ],
)
def test_a_dated_list_is_read_on_the_day_of_the_named_field(
    drug: str,
    found_on: date | None,
    truth: bool | None,  # noqa: FBT001
) -> None:
    values = {"drug": drug, "found_on": found_on}
    assert judged("drug", "listed_in", "watched", values, on="found_on") is truth
    opposite = judged("drug", "not_listed_in", "watched", values, on="found_on")
    assert opposite is (None if truth is None else not truth)


def test_without_a_named_field_the_day_of_the_decision_counts() -> None:
    assert judged("drug", "listed_in", "watched", {"drug": "ketamine", "found_on": date(2022, 1, 1)}) is False


def test_a_time_counts_as_its_local_day() -> None:
    """04:30 UTC on 2 March is still 1 March in Toronto, where the agreement's days are counted."""
    told = {"told_at": datetime(2026, 3, 2, 4, 30, tzinfo=UTC)}
    assert judged("told_at", "before", date(2026, 3, 2), told) is True


@pytest.mark.parametrize(
    ("truths", "all_hold"),
    [
        ((), True),
        ((True, True), True),
        ((True, None), None),
        ((None, False, True), False),
        ((False, None), False),
    ],
)
def test_conditions_hold_together_as_kleene_said(truths: tuple[bool | None, ...], all_hold: bool | None) -> None:  # noqa: FBT001
    assert conjunction(truths) is all_hold
