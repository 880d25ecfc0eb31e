"""Laws of being in force, over any set of signatures and suspensions of three parties."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.parts import HEAD, PERMIT, agreement, changed
from agreements.test_in_force import MOMENT, OFFICERS, all_signed
from agreements.test_in_pairs import later, suspended
from entente.agreements import Agreement, OfficerSignature, Standing, Suspension, in_force, standings

PARTIES = ("ca.cbsa", "us.cbp", "us.dea")
TWO = agreement(PERMIT)
OVERSEEN = agreement(PERMIT, head=changed(HEAD, name='"overseen"', also_signed_by='["us.dea"]'))
FIRST = agreement(PERMIT, head=changed(HEAD, name='"three"', parties=str(list(PARTIES)).replace("'", '"')))
SECOND = later(FIRST, 2)

some_of = st.sets(st.integers(0, 5)).map(sorted)
laws = settings(max_examples=200, deadline=None)


SIGNATURES: Mapping[str, Sequence[OfficerSignature]] = {
    text.digest: all_signed(text, *text.signatories) for text in (TWO, OVERSEEN, FIRST, SECOND)
}
SUSPENSIONS: Mapping[str, Sequence[Suspension]] = {
    text.digest: [suspended(text, party) for party in text.signatories] for text in (TWO, OVERSEEN, FIRST, SECOND)
}


def chosen(text: Agreement, places: Sequence[int]) -> list[OfficerSignature]:
    given_ = SIGNATURES[text.digest]
    return [given_[place] for place in places if place < len(given_)]


def standing(text: Agreement, signed: Sequence[int], closed: Sequence[int] = ()) -> Standing:
    stopped = [found for place, found in enumerate(SUSPENSIONS[text.digest]) if place in closed]
    return in_force(text, chosen(text, signed), OFFICERS, stopped, MOMENT)


@laws
@given(some_of, some_of, st.sampled_from([TWO, OVERSEEN]))
def test_between_two_parties_it_takes_everybody(signed: list[int], closed: list[int], text: Agreement) -> None:
    """The rule for two: all signatories have signed with two officers each, and nobody has suspended."""
    found = standing(text, signed, closed)
    everybody = len(chosen(text, signed)) == 2 * len(text.signatories)
    stopped = any(place < len(text.signatories) for place in closed)
    assert found.is_in_force is (everybody and not stopped) is (not found.reasons)
    assert found.bound == (tuple(sorted(text.parties)) if found.is_in_force else ())


@laws
@given(some_of, some_of)
def test_it_is_in_force_between_exactly_those_of_whom_both_have_signed_and_neither_has_suspended(
    signed: list[int], closed: list[int]
) -> None:
    found = standing(FIRST, signed, closed)
    given_ = chosen(FIRST, signed)
    in_it = [
        party
        for place, party in enumerate(FIRST.parties)
        if sum(signature.party == party for signature in given_) == 2 and place not in closed
    ]
    assert found.pairs == {frozenset(pair) for pair in combinations(in_it, 2)}
    named = {reason.values["party"] for reason in found.reasons}
    assert named == set(FIRST.parties) - set(in_it)


@laws
@given(some_of, st.integers(0, 5), some_of)
def test_one_more_signature_never_narrows(signed: list[int], more: int, closed: list[int]) -> None:
    assert standing(FIRST, signed, closed).pairs <= standing(FIRST, [*signed, more], closed).pairs


@laws
@given(some_of, st.integers(0, 2), some_of)
def test_one_more_suspension_never_widens(signed: list[int], more: int, closed: list[int]) -> None:
    assert standing(FIRST, signed, [*closed, more]).pairs <= standing(FIRST, signed, closed).pairs


@laws
@given(some_of, some_of)
def test_of_two_versions_one_is_in_force_between_two_parties_at_most_and_none_is_lost(
    first: list[int], second: list[int]
) -> None:
    given_ = [*chosen(FIRST, first), *chosen(SECOND, second)]
    found = standings([FIRST, SECOND], given_, OFFICERS, (), MOMENT)
    old, new = found[FIRST.digest].pairs, found[SECOND.digest].pairs
    assert not old & new
    assert new == standing(SECOND, second).pairs
    assert old | new == standing(FIRST, first).pairs | new
