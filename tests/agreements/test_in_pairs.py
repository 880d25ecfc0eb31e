"""Among more than two parties: in force between any two that have signed, ended between two, suspended by one."""

import pytest

from agreements.parts import HEAD, PERMIT, agreement, changed
from agreements.test_in_force import MOMENT, OFFICERS, SIGNED_AT, all_signed, codes, key, key_number_of, standing
from entente.agreements import Agreement, Standing, Suspension, standings, suspend_agreement

THREE_HEAD = changed(HEAD, name='"three"', parties='["ca.cbsa", "us.cbp", "us.dea"]')
DIGEST = f'"sha256:{"0" * 64}"'
THREE = agreement(PERMIT, head=THREE_HEAD)
ALL_PAIRS = {("ca.cbsa", "us.cbp"), ("ca.cbsa", "us.dea"), ("us.cbp", "us.dea")}


def pairs(found: Standing) -> set[tuple[str, ...]]:
    return {tuple(sorted(pair)) for pair in found.pairs}


def later(text: Agreement, version: int) -> Agreement:
    """The next version of THREE."""
    return agreement(PERMIT, head=changed(THREE_HEAD, version=str(version), predecessor=f'"{text.digest}"'))


def suspended(text: Agreement, party: str) -> Suspension:
    officer_id, own = f"{party}/liaison-1", key(key_number_of(party, 1))
    return suspend_agreement(text, party=party, officer_id=officer_id, key=own, suspended_at=SIGNED_AT)


def test_the_first_two_of_three_parties_need_not_wait_for_the_third() -> None:
    found = standing(THREE, all_signed(THREE, "ca.cbsa", "us.dea"))
    assert found.is_in_force
    assert pairs(found) == {("ca.cbsa", "us.dea")}
    assert (found.bound, found.partners_of("ca.cbsa"), found.partners_of("us.cbp")) == (
        ("ca.cbsa", "us.dea"),
        ("us.dea",),
        (),
    )
    assert [(reason.code, reason.values["party"]) for reason in found.reasons] == [("signatures-missing", "us.cbp")]
    assert found.to_json()["between"] == [["ca.cbsa", "us.dea"]]
    assert pairs(standing(THREE, all_signed(THREE))) == ALL_PAIRS


@pytest.mark.parametrize("party", ["ca.cbsa", "us.cbp", "us.dea"])
def test_one_party_alone_has_nothing_in_force(party: str) -> None:
    assert not standing(THREE, all_signed(THREE, party)).is_in_force


def test_a_party_that_suspends_leaves_the_others_to_go_on() -> None:
    found = standing(THREE, all_signed(THREE), suspensions=[suspended(THREE, "us.cbp")])
    assert pairs(found) == {("ca.cbsa", "us.dea")}
    assert codes(found) == ["suspended"]


def test_whoever_the_text_names_beside_its_parties_holds_it_up_for_all() -> None:
    text = agreement(PERMIT, head=changed(HEAD, also_signed_by='["us.dea"]'))
    assert not standing(text, all_signed(text)).is_in_force
    signatures = all_signed(text, "ca.cbsa", "us.cbp", "us.dea")
    assert standing(text, signatures).bound == ("ca.cbsa", "us.cbp")
    assert not standing(text, signatures, suspensions=[suspended(text, "us.dea")]).is_in_force


def test_a_new_version_ends_the_old_one_only_between_those_who_signed_it() -> None:
    new = later(THREE, 2)
    signatures = all_signed(THREE) + all_signed(new, "ca.cbsa", "us.cbp")
    found = standings([THREE, new], signatures, OFFICERS, (), MOMENT)
    assert pairs(found[new.digest]) == {("ca.cbsa", "us.cbp")}
    assert pairs(found[THREE.digest]) == {("ca.cbsa", "us.dea"), ("us.cbp", "us.dea")}
    (reason,) = found[THREE.digest].reasons
    assert (reason.code, reason.values["parties"]) == ("replaced-between", "ca.cbsa, us.cbp")
    assert not found[THREE.digest].bears_on("ca.cbsa", "us.cbp")
    assert found[THREE.digest].bears_on("ca.cbsa", "us.dea")
    whole = standings([THREE, new], signatures + all_signed(new, "us.dea"), OFFICERS, (), MOMENT)
    assert (codes(whole[THREE.digest]), pairs(whole[new.digest])) == (["replaced"], ALL_PAIRS)


def test_an_agreement_bears_on_whoever_it_binds_alone_for_a_forbid_may_bind_them_towards_all() -> None:
    found = standing(THREE, all_signed(THREE, "ca.cbsa", "us.dea"))
    assert found.bears_on("ca.cbsa", "us.cbp")
    assert found.bears_on("ca.cbsa", "us.hsi")
    assert not standing(THREE, all_signed(THREE, "ca.cbsa")).bears_on("ca.cbsa", "us.cbp")


def test_two_that_sign_another_text_under_the_same_version_harm_only_themselves() -> None:
    twin = agreement(changed(PERMIT, release='"officer"'), head=THREE_HEAD)
    found = standings([THREE, twin], all_signed(THREE) + all_signed(twin, "us.cbp", "us.dea"), OFFICERS, (), MOMENT)
    assert pairs(found[THREE.digest]) == ALL_PAIRS - {("us.cbp", "us.dea")}
    assert pairs(found[twin.digest]) == set()


def test_two_texts_that_end_each_other_do_not_bring_back_the_one_before() -> None:
    new = later(THREE, 2)
    twin = agreement(changed(PERMIT, release='"officer"'), head=changed(THREE_HEAD, version="2", predecessor=DIGEST))
    signatures = all_signed(THREE) + all_signed(new) + all_signed(twin)
    found = standings([THREE, new, twin], signatures, OFFICERS, (), MOMENT)
    assert [pairs(found[text.digest]) for text in (THREE, new, twin)] == [set(), set(), set()]
