"""The door: what a body holds, that nothing of what is withheld shows in it, and that nobody else can make one."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agreements.parts import FIND, FULL, PERMIT, SIGHTING, agreement, ask, catalogue, changed, decided, record
from entente.agreements import Decision, Disclosure, disclose
from entente.agreements.giving.disclose import AnotherRecord, NotReleased, NotThroughTheDoor
from entente.records import Record
from entente.signing import parse


def disclosed(about: Record | None = None, *provisions: str) -> Disclosure:
    decision = decide_about(about or record(), *provisions)
    return disclose(decision.ask.record, FIND, decision)


def decide_about(about: Record, *provisions: str) -> Decision:
    return decided(ask(about), agreement(*(provisions or (PERMIT,))))


def test_a_body_holds_what_is_permitted_and_how_to_handle_it() -> None:
    assert parse(disclosed().body) == {
        "form": 1,
        "record": {
            "id": "0123456789abcdef0123456789abcdef",
            "version": 1,
            "kind": "find",
            "kind_version": 1,
            "said_by": "ca.cbsa",
            "sure": "reported",
            "is_simulated": False,
            "values": {"border": "north", "drug": "heroin", "mass_g": "12.5", "pieces": 3},
        },
        "handling": {
            "agreement": agreement(PERMIT).digest,
            "provisions": ["1.1"],
            "purposes": ["investigation", "statistics"],
            "caveats": ["no-onward"],
            "duties": {"feedback_days": 30, "retain_days": 365},
        },
    }


@pytest.mark.parametrize(
    "change",
    [
        {"person": "Another person"},
        {"person": None, "notes": None, "place": None},
        {"notes": "x" * 100_000},
        {"number": "F-2", "told_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"found_on": date(2020, 1, 1), "is_final": False, "routes": ("north", "south")},
        {"a_field_nobody_knows": "secret"},
    ],
)
def test_records_that_differ_only_in_withheld_fields_give_the_same_bytes(change: dict[str, object]) -> None:
    values = {name: value for name, value in {**FULL, **change}.items() if value is not None}
    other = replace(
        record(values),  # type: ignore[arg-type]  # any value, also one that no kind knows
        recorded_at=datetime(2020, 1, 1, tzinfo=UTC),
        provenance=replace(record().provenance, source="other.csv", line=77),
        supersedes="sha256:" + "1" * 64,
    )
    assert disclosed(other).body == disclosed().body


def test_the_simulated_flag_travels() -> None:
    made_up = disclosed(replace(record(), is_simulated=True))
    assert made_up.is_simulated
    assert parse(made_up.body)["record"]["is_simulated"] is True


def test_values_are_copied_exactly() -> None:
    exact = record({**FULL, "mass_g": Decimal("0.10000000000000000000000000000000000001")})
    assert parse(disclosed(exact).body)["record"]["values"]["mass_g"] == "0.10000000000000000000000000000000000001"


def test_only_a_release_is_disclosed() -> None:
    waiting = decide_about(record(), changed(PERMIT, release='"officer"'))
    with pytest.raises(NotReleased, match="the decision is wait"):
        disclose(waiting.ask.record, FIND, waiting)
    nothing = decided(ask())
    with pytest.raises(NotReleased, match="the decision is withhold"):
        disclose(nothing.ask.record, FIND, nothing)


def test_a_decision_about_one_record_does_not_open_the_door_for_another() -> None:
    decision = decide_about(record())
    with pytest.raises(AnotherRecord):
        disclose(record({**FULL, "mass_g": Decimal(99)}), FIND, decision)
    with pytest.raises(AnotherRecord):
        disclose(decision.ask.record, SIGHTING, decision)
    assert disclose(record(), catalogue().kind("find"), decision).body == disclosed().body


def test_nobody_else_makes_a_disclosure() -> None:
    real = disclosed()
    values = {name: getattr(real, name) for name in Disclosure.__dataclass_fields__ if name != "door"}
    with pytest.raises(NotThroughTheDoor):
        Disclosure(**values)
    with pytest.raises(NotThroughTheDoor):
        Disclosure(**values, door=object())
    with pytest.raises((NotThroughTheDoor, ValueError)):
        replace(real, body=b"{}")
    with pytest.raises(AttributeError):
        real.body = b"{}"  # type: ignore[misc]  # frozen
    assert copy.copy(real).body == real.body
