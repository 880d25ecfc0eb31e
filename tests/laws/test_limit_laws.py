"""Laws of limits and of who has signed, over the same generated worlds as the laws of deciding."""

from dataclasses import replace
from random import Random

from agreements import worlds
from agreements.parts import decided
from agreements.worlds import either_ask
from entente.agreements import NO_LIMITS, Limits
from laws.test_decision_laws import law


@law
def test_limits_only_ever_tighten(rng: Random) -> None:
    """What a kind says of itself, and what a record inherits, may refuse all or add handling; it never adds a field."""
    texts = worlds.agreements(rng)
    digests = [text.digest for text in texts]
    ask = replace(either_ask(rng), limits=NO_LIMITS, under=rng.choice(digests))
    limits, kind = worlds.limits(rng, digests), worlds.limited(rng, ask.kind)
    before, after = decided(ask, *texts), decided(replace(ask, limits=limits, kind=kind), *texts)
    if after.outcome == "withhold":
        assert after.fields == ()
        return
    assert (after.outcome, after.fields, after.waiting) == (before.outcome, before.fields, before.waiting)
    assert after.duties == before.duties
    allowed = set(before.purposes)
    for limit in (limits.purposes, kind.only_for):
        allowed &= set(worlds.PURPOSES if limit is None else limit)
    assert set(after.purposes) == allowed
    assert ask.purpose in allowed
    assert set(after.caveats) == {*before.caveats, *limits.caveats, *kind.caveats}
    assert set(limits.agreements) <= {after.agreement}


@law
def test_what_no_limit_refuses_is_not_refused(rng: Random) -> None:
    """Limits that allow the purpose, and the agreement under which it goes anyway, change nothing but the handling."""
    ask, texts = replace(either_ask(rng), limits=NO_LIMITS), worlds.agreements(rng)
    before = decided(ask, *texts)
    own = (before.agreement,) if before.agreement else ()
    after = decided(replace(ask, limits=Limits(purposes=(ask.purpose,), agreements=own)), *texts)
    assert (after.outcome, after.fields, after.agreement) == (before.outcome, before.fields, before.agreement)
    assert set(after.purposes) <= {ask.purpose}


@law
def test_what_rests_on_several_agreements_goes_to_nobody(rng: Random) -> None:
    texts = [worlds.agreement(rng, 0), worlds.agreement(rng, 1)]
    ask = replace(either_ask(rng), limits=Limits(agreements=tuple(text.digest for text in texts)))
    assert decided(ask, *texts).outcome == "withhold"


@law
def test_between_two_that_have_signed_it_makes_no_difference_who_else_has(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    bound = {ask.giver, ask.receiver, *worlds.some(rng, worlds.PARTIES, 0)}
    assert decided(ask, *(text.among(bound) for text in texts)).to_json() == decided(ask, *texts).to_json()


@law
def test_whoever_has_not_signed_neither_gives_nor_receives(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    outside = rng.choice((ask.giver, ask.receiver))
    bound = [party for party in worlds.PARTIES if party != outside]
    decision = decided(ask, *(text.among(bound) for text in texts))
    assert (decision.outcome, decision.fields, decision.waiting) == ("withhold", (), ())
