"""Limits that no agreement loosens: what a kind says of itself, and what a record inherits from those it rests on."""

from dataclasses import replace

import pytest

from agreements.parts import ELSEWHERE, FIND, HEAD, PERMIT, agreement, ask, catalogue, changed, decided
from entente.agreements import Agreement, Limits, explain
from entente.signing import canonical, parse
from entente.vocabulary import phrasebook


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


OLD, OLDER = agreement(PERMIT), agreement(changed(PERMIT, fields='["find.place"]'))
NEW = replace(
    agreement(PERMIT, head=changed(HEAD, version="3", predecessor=f'"{OLD.digest}"')),
    succeeds=frozenset({OLD.digest, OLDER.digest}),
)


@pytest.mark.parametrize(
    "gifts", [(OLD,), (OLDER,), (NEW,), (OLD, NEW), (OLD, OLDER), (OLD, OLDER, NEW)], ids=lambda gifts: str(len(gifts))
)
def test_what_came_under_earlier_versions_goes_under_the_one_that_stands_for_them_all(
    gifts: tuple[Agreement, ...],
) -> None:
    limits = Limits(purposes=("statistics",), caveats=("public-health-only",), agreements=digests(*gifts))
    decision = decided(replace(ask(), limits=limits), NEW)
    assert (decision.outcome, decision.agreement) == ("release", NEW.digest)
    assert decision.purposes == ("statistics",)  # NEW says investigation too; what was given did not
    assert decision.caveats == ("no-onward", "public-health-only")
    named = [[NEW.digest, old] for old in sorted(set(digests(*gifts)) - {NEW.digest})]
    assert parse(canonical(decision.to_json()))["asked"].get("succeeds", []) == named


def test_what_came_under_a_version_and_under_another_agreement_goes_to_nobody() -> None:
    other = agreement(PERMIT, head=changed(HEAD, name='"other"'))
    limits = Limits(agreements=digests(OLD, other))
    assert decided(replace(ask(), limits=limits), NEW, other).because == ("inherited-agreement",)


def test_an_earlier_version_never_stands_for_a_later_one() -> None:
    limits = Limits(agreements=digests(NEW))
    assert decided(replace(ask(), limits=limits), OLD).because == ("inherited-agreement",)


def test_a_text_that_stands_for_the_earlier_one_gives_to_nobody_whom_it_does_not_bind() -> None:
    limits = Limits(agreements=digests(OLD))
    outside = replace(ask(receiver=ELSEWHERE), limits=limits)
    assert decided(outside, NEW).because == ("nothing-in-force",)


def test_what_rests_on_nothing_is_explained_as_before() -> None:
    assert decided(ask(), NEW).to_json() == decided(ask(), replace(NEW, succeeds=frozenset())).to_json()


def test_a_reader_is_told_that_a_later_version_stands_for_the_earlier() -> None:
    said = explain(
        decided(replace(ask(), limits=Limits(agreements=digests(OLD))), NEW),
        catalogue().vocabulary,
        phrasebook("en"),
    )
    assert said[2] == "What it rests on was given under an earlier version, in whose place this one stands."


def digests(*texts: Agreement) -> tuple[str, ...]:
    return tuple(text.digest for text in texts)


def test_a_kind_serves_only_what_it_says_of_itself() -> None:
    limited = replace(FIND, only_for=("statistics",), caveats=("public-health-only",))
    released = decided(replace(ask(), kind=limited), agreement(PERMIT))
    assert (released.purposes, released.caveats) == (("statistics",), ("no-onward", "public-health-only"))
    other = decided(replace(ask(purpose="investigation"), kind=limited), agreement(PERMIT))
    assert (other.outcome, other.because) == ("withhold", ("kind-purpose",))
