"""Failing forbid: whatever happens to the values that a provision reads, nothing goes that would not go with them.

For every condition of every shipped model, and for one of every test there is: its value is taken out, given another
type, made not a number, very long, or written in other letters. The record then gives no more fields than before, and
where it gives fewer, the explanation names the value that could not be judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from agreements import parts
from agreements.parts import FULL, PERMIT, agreement, changed, decided
from entente.agreements import (
    TESTS,
    Agreement,
    AgreementUnreadable,
    Approval,
    Ask,
    Decision,
    decide,
    model_bytes,
    model_names,
    read_cases,
)
from entente.agreements import read_agreement as read
from entente.agreements.deciding.conditions import RECORD_FIELDS
from entente.workstreams import ALL, build_catalogue

TEN_MEGABYTES = "x" * 10_000_000
SPOILED: Mapping[str, Any] = {
    "absent": None,
    "another type": ["north"],
    "a truth": True,
    "not a number": Decimal("NaN"),
    "endless": Decimal("Infinity"),
    "ten megabytes": TEN_MEGABYTES,
    "Ontario": "ON",
    "Norway": "NO",
    "other case": str.swapcase,
}
CATALOGUE = build_catalogue(ALL)

ONE_OF_EACH: Mapping[str, str] = {
    "equals": '{ field = "border", equals = "south" }',
    "one_of": '{ field = "border", one_of = ["south"] }',
    "at_least": '{ field = "mass_g", at_least = 1, unit = "kg" }',
    "at_most": '{ field = "worth", at_most = 100, unit = "CAD", unit_in = "currency" }',
    "before": '{ field = "found_on", before = 2020-01-01 }',
    "after": '{ field = "told_at", after = 2027-01-01 }',
    "age_days_at_least": '{ field = "found_on", age_days_at_least = 900 }',
    "age_days_at_most": '{ field = "told_at", age_days_at_most = 1 }',
    "listed_in": '{ field = "drug", listed_in = "us.csa", on = "found_on" }',
    "not_listed_in": '{ field = "drug", not_listed_in = "watched" }',
    "controlled_in": '{ field = "drug", controlled_in = "us", on = "found_on" }',
    "within": '{ field = "land", within = "us" }',
    "is_minor": '{ field = "born_on", is_minor = true, on = "found_on" }',
    "is_person": '{ field = "subject", is_person = false }',
    "consent_given": '{ field = "consent", consent_given = true }',
    "includes": '{ field = "routes", includes = "south" }',
    "only": '{ field = "routes", only = ["south"] }',
    "is_present": '{ field = "place", is_present = true }',
}
"""A condition for each test; all but those of `HOLDING` are false of `parts.FULL`, so that the forbid is lifted."""

HOLDING = ("listed_in", "controlled_in", "consent_given")


def forbidding(condition: str) -> Agreement:
    forbid = f"""
        [[provision]]
        id = "9.1"
        reference = "art. 9"
        text.en = "Not then."
        effect = "forbid"
        kinds = ["find"]
        when = [{condition}]
    """
    return agreement(PERMIT, forbid)


def spoiled(ask: Ask, field: str, how: str) -> Ask:
    value, values = SPOILED[how], dict(ask.record.values)
    found = (
        str(values.get(field, "")).swapcase() if value is str.swapcase and isinstance(values.get(field), str) else value
    )
    values.pop(field, None)
    if found is not None and found is not str.swapcase:
        values[field] = found
    return replace(ask, record=replace(ask.record, values=values))


def unjudged(decision: Decision) -> set[str]:
    """Fields that the explanation calls unknown."""
    unmet = [one for found in decision.withheld for miss in found.near_misses for one in miss.unmet]
    unknown = [one for found in decision.withheld for by in found.by for one in by.unknown]
    return {name for one in (*unmet, *unknown) if one.values.get("is_known") is False for name in read_by(one.values)}


def read_by(condition: Mapping[str, Any]) -> set[str]:
    return {condition[name] for name in ("field", "on", "unit_in") if condition.get(name)}


def test_no_forbid_can_hang_on_something_being_there() -> None:
    with pytest.raises(AgreementUnreadable, match="would be lifted by leaving it out"):
        forbidding(ONE_OF_EACH["is_present"])


def test_there_is_a_condition_for_each_test() -> None:
    assert set(ONE_OF_EACH) == set(TESTS)


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("test", [test for test in ONE_OF_EACH if test != "is_present"])
def test_failing_forbid(test: str, how: str) -> None:
    text = forbidding(ONE_OF_EACH[test])
    ask = parts.ask(parts.record(FULL), officers=2)
    before = decided(ask, text)
    assert (before.outcome == "withhold") is (test in HOLDING)
    forbid = text.provision("9.1")
    assert forbid is not None
    for field in {name for condition in forbid.when for name in condition.reads}:
        after = decided(spoiled(ask, field, how), text)
        assert set(after.fields) <= set(before.fields)
        assert after.outcome == "withhold"
        assert field in unjudged(after) or test in HOLDING


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("test", ONE_OF_EACH)
def test_failing_permit(test: str, how: str) -> None:
    text = agreement(changed(PERMIT, when=f"[{ONE_OF_EACH[test]}]"))
    ask = parts.ask(parts.record(FULL), officers=2)
    for field in {name for condition in text.provisions[0].when for name in condition.reads}:
        assert set(decided(spoiled(ask, field, how), text).fields) <= set(decided(ask, text).fields)


@cache
def golden() -> list[tuple[Agreement, Ask]]:
    """Every golden decision of every model, with two trained officers, so that as much goes as ever may."""
    found = []
    for name in model_names():
        text = read(model_bytes(name), CATALOGUE)
        for case in read_cases(model_bytes(name, "decisions.toml"), CATALOGUE):
            ask = case.ask(text, CATALOGUE)
            passed = ((text.name, ask.moment.date()),)
            people = tuple(Approval(officer=one, at=ask.moment, passed=passed) for one in ("one", "two"))
            found.append((text if case.signed is None else text.among(case.signed), replace(ask, approvals=people)))
    return found


def of_models() -> Iterator[tuple[Agreement, Ask, str]]:
    for text, ask in golden():
        reads = {name for found in text.provisions for condition in found.when for name in condition.reads}
        for field in sorted(reads - RECORD_FIELDS.keys() & {one.name for one in ask.kind.fields}):
            yield text, ask, field


@pytest.mark.parametrize("how", SPOILED)
def test_failing_forbid_in_every_model(how: str) -> None:
    compared = fewer = 0
    for text, ask, field in of_models():
        before = decide(ask, [text], CATALOGUE.vocabulary)
        after = decide(spoiled(ask, field, how), [text], CATALOGUE.vocabulary)
        assert set(after.fields) <= set(before.fields), (text.name, ask.record.provenance.source, field)
        compared, fewer = compared + 1, fewer + (set(after.fields) < set(before.fields))
    assert compared > 50
    assert fewer > 0
