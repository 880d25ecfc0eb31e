"""A new version takes the place of the one before for what was given under it: proven by the texts, agreed by all who
gave."""

from collections.abc import Sequence

import pytest

from agreements.parts import HEAD, PERMIT, agreement, changed
from agreements.test_in_force import MOMENT, OFFICERS, all_signed, signed
from agreements.test_in_pairs import DIGEST, THREE, THREE_HEAD, later, pairs, suspended
from entente.agreements import Agreement, OfficerSignature, Suspension, standings

ALL = ("ca.cbsa", "us.cbp", "us.dea")
TWO, FOUR = later(THREE, 2), later(later(later(THREE, 2), 3), 4)
V3 = later(TWO, 3)


def succeeds(
    text: Agreement,
    held: Sequence[Agreement],
    signatures: Sequence[OfficerSignature],
    suspensions: Sequence[Suspension] = (),
) -> frozenset[str]:
    found = standings(held, signatures, OFFICERS, suspensions, MOMENT)[text.digest]
    assert found.to_json()["succeeds"] == sorted(found.succeeds)
    assert found.narrowed(text).succeeds == found.succeeds
    return found.succeeds


def test_a_version_signed_by_all_takes_the_place_of_the_one_before_and_not_the_other_way_round() -> None:
    signatures = all_signed(THREE) + all_signed(TWO)
    assert succeeds(TWO, [THREE, TWO], signatures) == {THREE.digest}
    assert succeeds(THREE, [THREE, TWO], signatures) == set()


@pytest.mark.parametrize("behind", ALL)
def test_it_takes_no_place_while_one_who_signed_the_old_one_has_not_signed_it(behind: str) -> None:
    """What that party gave under the old text, the two others would otherwise pass on as they please."""
    others = [party for party in ALL if party != behind]
    signatures = all_signed(THREE) + all_signed(TWO, *others)
    assert pairs(standings([THREE, TWO], signatures, OFFICERS, (), MOMENT)[TWO.digest]) == {tuple(others)}
    assert succeeds(TWO, [THREE, TWO], signatures) == set()
    assert succeeds(TWO, [THREE, TWO], [*signatures, signed(TWO, behind, 1)]) == set()
    assert succeeds(TWO, [THREE, TWO], signatures + all_signed(TWO, behind)) == {THREE.digest}


def test_an_invited_party_that_never_signed_the_old_one_holds_nothing_up() -> None:
    signatures = all_signed(THREE, "ca.cbsa", "us.cbp") + all_signed(TWO, "ca.cbsa", "us.cbp")
    assert succeeds(TWO, [THREE, TWO], signatures) == {THREE.digest}


def test_who_left_the_old_one_or_whose_signature_no_longer_counts_has_given_under_it_all_the_same() -> None:
    signatures = all_signed(THREE) + all_signed(TWO, "ca.cbsa", "us.cbp")
    assert succeeds(TWO, [THREE, TWO], signatures, [suspended(THREE, "us.dea")]) == set()
    no_longer = [signed(THREE, "us.dea", 1, key_number=99)]
    signatures = all_signed(THREE, "ca.cbsa", "us.cbp") + no_longer + all_signed(TWO, "ca.cbsa", "us.cbp")
    assert succeeds(TWO, [THREE, TWO], signatures) == set()


def test_who_suspends_the_new_one_takes_its_consent_back() -> None:
    signatures = all_signed(THREE) + all_signed(TWO)
    assert succeeds(TWO, [THREE, TWO], signatures, [suspended(TWO, "us.dea")]) == set()


def test_who_gave_under_the_old_one_may_sign_the_new_one_without_being_a_party() -> None:
    head = changed(HEAD, name='"three"', version="2", predecessor=f'"{THREE.digest}"', also_signed_by='["us.dea"]')
    without = agreement(PERMIT, head=head)
    held = [THREE, without]
    assert succeeds(without, held, all_signed(THREE) + all_signed(without)) == set()
    assert succeeds(without, held, all_signed(THREE) + all_signed(without, *ALL)) == {THREE.digest}


def test_a_chain_holds_through_a_version_that_nobody_signed_as_long_as_its_text_is_here() -> None:
    signatures = all_signed(THREE) + all_signed(V3)
    assert succeeds(V3, [THREE, TWO, V3], signatures) == {TWO.digest, THREE.digest}
    assert succeeds(V3, [THREE, V3], signatures) == set()
    assert succeeds(V3, [TWO, V3], signatures) == {TWO.digest}


def test_of_a_text_that_is_not_here_nobody_can_tell_who_signed_it() -> None:
    signatures = all_signed(THREE) + all_signed(TWO)
    assert succeeds(TWO, [TWO], signatures) == set()


def test_of_two_texts_under_one_version_only_the_one_named_has_a_successor() -> None:
    twin = agreement(changed(PERMIT, release='"officer"'), head=changed(THREE_HEAD, version="2", predecessor=DIGEST))
    signatures = [found for text in (TWO, twin, V3) for found in all_signed(text)]
    assert succeeds(V3, [TWO, twin, V3], signatures) == {TWO.digest}


@pytest.mark.parametrize("head", [{"name": '"other"'}, {"version": "4"}])
def test_naming_a_text_of_another_name_or_of_no_lower_version_takes_no_place(head: dict[str, str]) -> None:
    claims = later(FOUR, 4) if "version" in head else agreement(PERMIT, head=_claiming(FOUR, **head))
    signatures = all_signed(FOUR) + all_signed(claims)
    assert succeeds(claims, [FOUR, claims], signatures) == set()


def _claiming(text: Agreement, **head: str) -> str:
    return changed(THREE_HEAD, **{"version": "5", "predecessor": f'"{text.digest}"', **head})


def test_what_is_in_force_between_nobody_takes_no_place() -> None:
    assert succeeds(TWO, [THREE, TWO], []) == set()
