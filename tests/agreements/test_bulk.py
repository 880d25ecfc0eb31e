"""Decisions on many records at once: what differs to a test is never taken for one, and nothing else is shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from agreements.parts import ELSEWHERE, FULL, HEAD, PERMIT, agreement, ask, catalogue, changed, record
from entente.agreements import Agreement, Ask, Columns, Decider, SetDecision, decide, decide_set, shown
from entente.agreements.deciding.columns import UnevenColumns, cases
from entente.records import Record


def decided_as_set(asked: Sequence[Ask], text: Agreement) -> SetDecision:
    columns = Columns.of([found.record for found in asked])
    return decide_set(columns, asked[0], Decider([text], catalogue().vocabulary))


def assert_alike(asked: Sequence[Ask], text: Agreement) -> list[str]:
    """Each is decided as it is alone; gives the outcomes."""
    together = decided_as_set(asked, text)
    alone = [decide(found, [text], catalogue().vocabulary) for found in asked]
    assert [together.mask(row).digest for row in range(len(asked))] == [decision.mask for decision in alone]
    for field in asked[0].kind.fields:
        expected = [shown(found.record, one).get(field.name) for found, one in zip(asked, alone, strict=True)]
        assert together.shown(field.name).tolist() == expected
    return [decision.outcome for decision in alone]


def holding(field: str, values: Sequence[Any]) -> list[Ask]:
    return [ask(record({**FULL, field: value})) for value in values]


def test_what_is_equal_to_python_alone_is_not_one_value() -> None:
    text = agreement(changed(PERMIT, when='[{ field = "pieces", equals = 1 }]'))
    odd = [True, 1, 1.0, Decimal(1), "1", [1], (1,), Decimal("sNaN"), float("nan")]
    for values in (odd, odd[::-1]):
        outcomes = assert_alike(holding("pieces", values), text)
        assert outcomes == ["release" if type(value) is int else "withhold" for value in values]


def test_amounts_written_differently_are_one_value() -> None:
    text = agreement(changed(PERMIT, when='[{ field = "mass_g", at_least = 10 }]'))
    values = [Decimal(found) for found in ("10", "10.00", "1E+1", "9.99", "-0", "NaN", "Infinity")]
    outcomes = assert_alike(holding("mass_g", values), text)
    assert outcomes == ["release"] * 3 + ["withhold"] * 4


def test_equal_times_may_have_two_local_days() -> None:
    """In Havana an hour around midnight is there twice; in Bogotá it is then two days."""
    head = changed(HEAD, zone='"America/Bogota"')
    text = agreement(changed(PERMIT, when='[{ field = "told_at", after = 2026-10-31 }]'), head=head)
    first = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("America/Havana"))
    second = first.replace(fold=1)
    assert first == second
    assert assert_alike(holding("told_at", [first, second]), text) == ["withhold", "release"]


def test_conditions_that_read_several_fields_and_the_record_itself() -> None:
    listed = '{ field = "drug", listed_in = "watched", on = "found_on" }'
    text = agreement(changed(PERMIT, when=f'[{listed}, {{ field = "record.sure", equals = "confirmed" }}]'))
    drugs, days = ("heroin", "ketamine", None), (date(2024, 4, 1), date(2026, 4, 1), None)
    abouts = [_with(drug, day, sure) for drug in drugs for day in days for sure in ("confirmed", "suspected")]
    assert set(assert_alike([ask(about) for about in abouts], text)) == {"release", "withhold"}


def _with(drug: str | None, day: date | None, sure: str) -> Record:
    values: dict[str, Any] = {**FULL, "drug": drug, "found_on": day}
    return replace(record({name: value for name, value in values.items() if value is not None}), sure=sure)


def test_cases_are_told_apart_however_many_parts_they_have() -> None:
    """70 parts of two places each have 2 ** 70 combinations, more than one number holds."""
    rows = np.arange(140)
    places, first = cases(140, (((rows == 2 * number).astype(np.int8), 2) for number in range(70)))
    assert len(first) == 71  # each even row is alone, the odd ones are together
    assert {int(places[row]) for row in range(1, 140, 2)} == {int(places[1])}
    assert [int(places[row]) for row in first] == list(range(71))


def test_approvals_originator_and_limits_are_those_of_the_ask() -> None:
    text = agreement(changed(PERMIT, release='"two-officers"'))
    for officers, outcome in ((0, "wait"), (1, "wait"), (2, "release")):
        assert assert_alike([ask(officers=officers)] * 2, text) == [outcome] * 2
    others = [ask(record(said_by=ELSEWHERE))] * 2
    assert assert_alike(others, text) == ["withhold"] * 2


def test_only_what_may_go_is_shown() -> None:
    found = decided_as_set([ask(), ask(record({"number": "F-2", "shoe_size": "44"}))], agreement(PERMIT))
    seen = {name: found.shown(name).tolist() for name in ("drug", "person", "notes", "shoe_size", "no_such_field")}
    nothing = [None, None]
    assert seen == {
        "drug": ["heroin", None],
        **dict.fromkeys(("person", "notes", "shoe_size", "no_such_field"), nothing),
    }
    assert sorted(found.counts()) == [1, 1]


def test_no_records_no_decisions() -> None:
    found = decide_set(Columns.of([]), ask(), Decider([agreement(PERMIT)], catalogue().vocabulary))
    assert (found.masks, found.counts(), found.shown("drug").tolist()) == ([], [], [])


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(UnevenColumns, match="1, 2"):
        Columns({"drug": ["heroin"], "pieces": [1, 2]})
