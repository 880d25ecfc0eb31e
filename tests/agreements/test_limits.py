"""Limits that no agreement loosens: what a kind says of itself, and what a record inherits from those it rests on."""

from dataclasses import replace

import pytest

from agreements.parts import FIND, HEAD, PERMIT, agreement, ask, changed, decided
from entente.agreements import Limits
from entente.signing import canonical, parse


@pytest.mark.parametrize(
    ("limits", "because"),
    [
        (Limits(purposes=("investigation",)), ("inherited-purpose",)),
        (Limits(purposes=()), ("inherited-purpose",)),
        (Limits(agreements=("sha256:" + "0" * 64,)), ("inherited-agreement",)),
        (Limits(agreements=("sha256:" + "0" * 64, agreement(PERMIT).digest)), ("inherited-agreement",)),
    ],
)
def test_what_a_record_rests_on_limits_it_whatever_agreements_say(limits: Limits, because: tuple[str, ...]) -> None:
    decision = decided(replace(ask(), limits=limits), agreement(PERMIT))
    assert (decision.outcome, decision.fields, decision.because) == ("withhold", (), because)


def test_what_a_record_inherits_goes_with_it() -> None:
    limits = Limits(
        purposes=("statistics", "early-warning"),
        caveats=("public-health-only",),
        agreements=(agreement(PERMIT).digest,),
    )
    decision = decided(replace(ask(), limits=limits), agreement(PERMIT))
    assert decision.purposes == ("statistics",)
    assert decision.caveats == ("no-onward", "public-health-only")
    assert parse(canonical(decision.to_json()))["asked"]["limits"]["caveats"] == ["public-health-only"]


def test_what_came_under_one_agreement_goes_under_no_other_that_gives_more() -> None:
    small = agreement(changed(PERMIT, fields='["find.place"]'), head=changed(HEAD, name='"small"'))
    decision = decided(replace(ask(), limits=Limits(agreements=(small.digest,))), small, agreement(PERMIT))
    assert (decision.agreement, decision.fields) == (small.digest, ("place",))


def test_a_kind_serves_only_what_it_says_of_itself() -> None:
    limited = replace(FIND, only_for=("statistics",), caveats=("public-health-only",))
    released = decided(replace(ask(), kind=limited), agreement(PERMIT))
    assert (released.purposes, released.caveats) == (("statistics",), ("no-onward", "public-health-only"))
    other = decided(replace(ask(purpose="investigation"), kind=limited), agreement(PERMIT))
    assert (other.outcome, other.because) == ("withhold", ("kind-purpose",))
