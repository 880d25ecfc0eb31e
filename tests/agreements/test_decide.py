"""What goes, what waits and what does not, each with the provision as its reason."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agreements.parts import (
    CLINIC,
    ELSEWHERE,
    FULL,
    HEAD,
    HERE,
    PERMIT,
    SIGHTING,
    THERE,
    agreement,
    ask,
    changed,
    decided,
    record,
)
from entente.agreements import Approval, Occasion
from entente.agreements.deciding.decision import MixedUpAsk, NaiveMoment

FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9(1)"
    text.en = "Quantities stay."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:quantity"]
"""


def test_what_a_provision_permits_goes_and_nothing_else() -> None:
    decision = decided(ask(), agreement(PERMIT))
    assert decision.outcome == "release"
    assert decision.fields == ("border", "drug", "mass_g", "pieces")
    assert decision.because == ("1.1",)
    assert decision.purposes == ("investigation", "statistics")
    assert decision.caveats == ("no-onward",)
    assert decision.duties == {"feedback_days": 30, "retain_days": 365}
    assert decision.release == "automatic"


def test_nothing_in_force_means_nothing_leaves() -> None:
    decision = decided(ask())
    assert (decision.outcome, decision.fields, decision.because) == ("withhold", (), ("nothing-in-force",))


def test_an_agreement_with_somebody_else_is_no_agreement() -> None:
    assert decided(ask(receiver=ELSEWHERE), agreement(PERMIT)).because == ("nothing-in-force",)


def test_nobody_gives_to_themselves() -> None:
    both = changed(PERMIT, giver='["ca.cbsa", "us.cbp"]', receiver='["ca.cbsa", "us.cbp"]')
    assert decided(ask(receiver=HERE), agreement(both)).because == ("same-party",)
    assert decided(ask(), agreement(both)).outcome == "release"


def test_what_others_said_is_not_ours_to_pass_on() -> None:
    received = record(said_by=ELSEWHERE)
    decision = decided(ask(received), agreement(PERMIT))
    assert (decision.outcome, decision.because) == ("withhold", ("third-party",))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"purpose": "prosecution"}, "unmet:1.1:purpose"),
        ({"giver": THERE, "receiver": HERE}, "no-provision"),
        ({"moment": datetime(2027, 6, 2, 4, tzinfo=UTC)}, "unmet:1.1:dates"),
    ],
)
def test_a_requirement_that_is_not_met_is_named(change: dict[str, object], reason: str) -> None:
    dated = changed(PERMIT, valid_until="2027-06-01")
    about = record(said_by=str(change.get("giver", HERE)))
    decision = decided(ask(about, **change), agreement(dated))  # type: ignore[arg-type]  # the cases name parameters of ask
    assert (decision.outcome, decision.because) == ("withhold", (reason,))


@pytest.mark.parametrize(
    ("provided", "asked", "goes"),
    [
        ("standing", "standing", True),
        ("standing", "on-request", True),
        ("standing", "on-hit", True),
        ("on-request", "standing", False),
        ("on-request", "on-request", True),
        ("on-request", "on-hit", False),
        ("on-hit", "on-hit", True),
        ("on-hit", "on-request", False),
    ],
)
def test_what_stands_may_also_be_asked_for_and_nothing_else_widens(provided: str, asked: Occasion, goes: bool) -> None:  # noqa: FBT001
    text = agreement(changed(PERMIT, occasion=f'"{provided}"'))
    decision = decided(replace(ask(), occasion=asked), text)
    assert (decision.outcome == "release") is goes
    if not goes:
        assert decision.because == ("unmet:1.1:occasion",)


def test_a_forbid_takes_its_fields_away_and_is_named() -> None:
    decision = decided(ask(), agreement(PERMIT, FORBID))
    assert decision.fields == ("border", "drug")
    assert decision.because == ("1.1", "9.1")
    by_field = {found.field: [forbidding.provision.provision for forbidding in found.by] for found in decision.withheld}
    assert by_field["mass_g"] == by_field["pieces"] == ["9.1"]
    assert by_field["person"] == []


def test_a_forbid_that_takes_everything_is_the_reason() -> None:
    everything = changed(FORBID, fields="", kinds="")
    decision = decided(ask(), agreement(PERMIT, everything))
    assert (decision.outcome, decision.because) == ("withhold", ("9.1",))


def test_a_forbid_of_another_agreement_of_the_same_parties_binds() -> None:
    other = agreement(FORBID, head=changed(HEAD, name='"other"'))
    assert decided(ask(), agreement(PERMIT), other).fields == ("border", "drug")


@pytest.mark.parametrize(("scope", "is_bound"), [("parties", False), ("all-partners", True)])
def test_a_forbid_reaches_beyond_its_parties_only_when_it_says_so(scope: str, is_bound: bool) -> None:  # noqa: FBT001
    with_dea = agreement(
        changed(PERMIT, receiver='["us.dea"]'), head=changed(HEAD, name='"dea"', parties='["ca.cbsa", "us.dea"]')
    )
    with_cbp = agreement(changed(FORBID, scope=f'"{scope}"'))
    decision = decided(ask(receiver=ELSEWHERE), with_dea, with_cbp)
    assert ("mass_g" not in decision.fields) is is_bound


def test_an_all_partners_forbid_binds_only_who_signed_it() -> None:
    foreign = agreement(
        changed(FORBID, scope='"all-partners"', giver='["us.cbp"]'),
        head=changed(HEAD, name='"foreign"', parties='["us.cbp", "us.dea"]'),
    )
    assert "mass_g" in decided(ask(), agreement(PERMIT), foreign).fields


def test_purposes_that_are_forbidden_later_are_not_granted_now() -> None:
    """Given for statistics, the record must not be usable for an investigation that a forbid rules out."""
    forbid = changed(FORBID, purposes='["investigation"]')
    decision = decided(ask(), agreement(PERMIT, forbid))
    assert decision.fields == ("border", "drug", "mass_g", "pieces")
    assert decision.purposes == ("statistics",)
    assert decided(ask(purpose="investigation"), agreement(PERMIT, forbid)).fields == ("border", "drug")


def test_obligations_of_provisions_that_apply_together_only_tighten() -> None:
    second = changed(
        PERMIT,
        id='"1.2"',
        fields='["find.found_on"]',
        purposes='["statistics", "early-warning"]',
        caveats='["not-evidence"]',
        duties="{ retain_days = 90 }",
    )
    decision = decided(ask(), agreement(PERMIT, second))
    assert decision.provisions == ("1.1", "1.2")
    assert decision.duties == {"feedback_days": 30, "retain_days": 90}
    assert decision.purposes == ("statistics",)
    assert decision.caveats == ("no-onward", "not-evidence")


def test_one_agreement_permits_all_that_goes() -> None:
    small = agreement(changed(PERMIT, fields='["find.place"]'), head=changed(HEAD, name='"small"'))
    decision = decided(ask(), small, agreement(PERMIT))
    assert decision.agreement == agreement(PERMIT).digest
    assert "place" not in decision.fields
    near = next(found for found in decision.withheld if found.field == "place").near_misses
    assert [unmet.code for unmet in near[0].unmet] == ["one-agreement"]
    assert decided(ask(under=small.digest), small, agreement(PERMIT)).fields == ("place",)


def test_nothing_permitted_in_the_record_means_nothing_sent_not_a_shell() -> None:
    decision = decided(ask(record({"number": "F-2", "person": "A person"})), agreement(PERMIT))
    assert (decision.outcome, decision.because) == ("withhold", ("nothing-to-give",))


def test_two_officers_are_two_different_people() -> None:
    text = agreement(changed(PERMIT, release='"two-officers"'))
    waits = decided(ask(), text)
    assert (waits.outcome, waits.needs, waits.fields, waits.because) == ("wait", 2, (), ("1.1",))
    assert waits.waiting == ("border", "drug", "mass_g", "pieces")
    twice = replace(ask(), approvals=(_approval("one"), _approval("one")))
    assert decided(twice, text).needs == 1
    assert decided(ask(officers=2), text).outcome == "release"


def test_an_approval_of_tomorrow_does_not_count_today() -> None:
    text = agreement(changed(PERMIT, release='"officer"'))
    tomorrow = Approval(officer="one", at=datetime(2026, 5, 3, tzinfo=UTC))
    assert decided(replace(ask(), approvals=(tomorrow,)), text).outcome == "wait"


def test_what_may_go_goes_while_the_rest_waits_for_people() -> None:
    text = agreement(PERMIT, changed(PERMIT, id='"1.2"', fields='["find.place"]', release='"officer"'))
    decision = decided(ask(), text)
    assert (decision.outcome, decision.waiting, decision.needs) == ("release", ("place",), 1)
    place = next(found for found in decision.withheld if found.field == "place")
    assert [unmet.code for unmet in place.near_misses[0].unmet] == ["officers"]
    assert decided(ask(officers=1), text).fields == ("border", "place", "drug", "mass_g", "pieces")


def test_what_concerns_a_person_never_leaves_without_an_officer() -> None:
    text = agreement(changed(PERMIT, kinds='["sighting"]', fields='["sighting.seen_on", "class:identity"]'))
    about = record({"number": "S-1", "person": "A person"}, kind=SIGHTING)
    assert decided(ask(about), text).outcome == "wait"
    released = decided(ask(about, officers=1), text)
    assert (released.outcome, released.release) == ("release", "officer")


def test_only_parties_with_the_role_may_hold() -> None:
    text = agreement(changed(PERMIT, kinds='["clinic-count"]', fields='["class:health"]'))
    about = record({"clinic": "C", "visits": 3}, kind=CLINIC)
    assert decided(ask(about), text).because == ("holder-role",)
    assert decided(ask(about, roles=frozenset({"health"})), text).outcome == "release"


THREE = changed(HEAD, parties='["ca.cbsa", "us.cbp", "us.dea"]')
EVERYBODY = {"giver": '["ca.cbsa", "us.cbp", "us.dea"]', "receiver": '["ca.cbsa", "us.cbp", "us.dea"]'}


def test_among_those_who_have_signed_others_are_nobody() -> None:
    text = agreement(changed(PERMIT, **EVERYBODY), head=THREE)
    narrowed = text.among([HERE, THERE])
    assert (narrowed.digest, narrowed.source, narrowed.parties) == (text.digest, text.source, (HERE, THERE))
    assert decided(ask(), narrowed).outcome == "release"
    assert decided(ask(receiver=ELSEWHERE), narrowed).because == ("nothing-in-force",)
    assert decided(ask(record(said_by=ELSEWHERE), giver=ELSEWHERE), narrowed).because == ("nothing-in-force",)
    assert text.among([HERE, THERE, ELSEWHERE, "us.hsi"]) is text


def test_what_one_signed_against_all_partners_binds_it_also_towards_those_who_have_not() -> None:
    forbid = changed(FORBID, scope='"all-partners"')
    three = agreement(forbid, head=changed(THREE, name='"three"')).among([HERE, THERE])
    with_dea = agreement(
        changed(PERMIT, giver='["ca.cbsa", "us.dea"]', receiver='["ca.cbsa", "us.dea"]'),
        head=changed(HEAD, name='"dea"', parties='["ca.cbsa", "us.dea"]'),
    )
    assert "mass_g" not in decided(ask(receiver=ELSEWHERE), with_dea, three).fields
    back = ask(record(said_by=ELSEWHERE), giver=ELSEWHERE, receiver=HERE)
    assert "mass_g" in decided(back, with_dea, three).fields


def test_a_field_that_the_kind_does_not_know_is_withheld_and_reported() -> None:
    decision = decided(ask(record({**FULL, "shoe_size": "44"})), agreement(PERMIT))
    assert decision.unknown_fields == ("shoe_size",)
    assert "shoe_size" not in decision.fields


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-04-01T03:59:59+00:00", False),  # still 31 March in Toronto
        ("2026-04-01T04:00:00+00:00", True),
        ("2026-11-01T03:59:59+00:00", True),  # the last second of 31 October, before the clocks change
        ("2026-11-01T04:00:00+00:00", False),
        ("2026-11-01T05:30:00+00:00", False),
    ],
)
def test_days_are_local_and_inclusive(moment: str, goes: bool) -> None:  # noqa: FBT001
    text = agreement(changed(PERMIT, valid_from="2026-04-01", valid_until="2026-10-31"))
    decision = decided(ask(moment=datetime.fromisoformat(moment)), text)
    assert (decision.outcome == "release") is goes


def test_an_ask_about_another_kind_or_a_time_without_zone_is_our_fault() -> None:
    with pytest.raises(MixedUpAsk):
        replace(ask(), kind=CLINIC)
    with pytest.raises(NaiveMoment):
        replace(ask(), moment=datetime(2026, 5, 2))  # noqa: DTZ001


def test_a_decision_is_fixed_by_its_digest_and_holds_no_value_of_the_record() -> None:
    one, other = record(), record({**FULL, "number": "F-2", "person": "Another", "place": "Surrey"})
    text = agreement(PERMIT)
    first, second = decided(ask(one), text), decided(ask(other), text)
    assert first.mask == second.mask
    assert "Lacolle" not in str(first.to_json())
    assert first.mask != decided(ask(one), agreement(PERMIT, FORBID)).mask


def _approval(officer: str) -> Approval:
    return Approval(officer=officer, at=datetime(2026, 5, 1, tzinfo=UTC))
