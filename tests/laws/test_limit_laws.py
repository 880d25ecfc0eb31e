"""Laws of limits and of who has signed, over the same generated worlds as the laws of deciding."""

from dataclasses import replace
from itertools import permutations
from random import Random

from agreements import worlds
from agreements.parts import catalogue, decided
from agreements.test_in_force import MOMENT, OFFICERS, all_signed
from agreements.test_in_pairs import THREE, suspended
from agreements.test_succession import TWO, V3
from agreements.worlds import either_ask
from entente.agreements import NO_LIMITS, Decision, Limits, decide_many, in_force, standings
from entente.agreements.deciding.caveats import allowed, closed
from laws.test_decision_laws import law

SIGNED = {text.digest: all_signed(text) for text in (THREE, TWO, V3)}


@law
def test_limits_only_ever_tighten(rng: Random) -> None:
    """What a kind says of itself, and what a record inherits, may refuse all or add handling; it never adds a field."""
    texts = worlds.succeeding(rng, worlds.agreements(rng))
    digests = [text.digest for text in texts]
    ask = replace(either_ask(rng), limits=NO_LIMITS, under=rng.choice(digests))
    limits, kind = worlds.limits(rng, digests), worlds.limited(rng, ask.kind)
    before, after = decided(ask, *texts), decided(replace(ask, limits=limits, kind=kind), *texts)
    if after.outcome == "withhold":
        assert after.fields == ()
        return
    assert (after.outcome, after.fields, after.waiting) == (before.outcome, before.fields, before.waiting)
    longest = [days for days in (before.duties.get("retain_days"), limits.retain_days) if days is not None]
    assert after.duties == {**before.duties, **({"retain_days": min(longest)} if longest else {})}
    words = catalogue().vocabulary
    assert after.caveats == closed((*before.caveats, *limits.caveats, *kind.caveats), words)
    serves = set(before.purposes)
    for limit in (limits.purposes, kind.only_for, allowed(worlds.PURPOSES, after.caveats, words)):
        serves &= set(worlds.PURPOSES if limit is None else limit)
    assert set(after.purposes) == serves
    assert ask.purpose in serves
    assert next(text for text in texts if text.digest == after.agreement).stands_for(limits.agreements)


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
def test_what_rests_on_several_agreements_goes_to_nobody_unless_one_stands_for_all(rng: Random) -> None:
    texts = worlds.succeeding(rng, [worlds.agreement(rng, 0), worlds.agreement(rng, 1)])
    limits = Limits(agreements=tuple(text.digest for text in texts))
    decision = decided(replace(either_ask(rng), limits=limits), *texts)
    standing = [text.digest for text in texts if text.stands_for(limits.agreements)]
    assert decision.outcome == "withhold" or decision.agreement in standing


@law
def test_resting_on_an_earlier_version_is_like_resting_on_the_one_in_its_place(rng: Random) -> None:
    """And a text that stands in its place and is not in force makes no difference."""
    texts = worlds.agreements(rng)
    texts[0] = replace(texts[0], succeeds=frozenset({worlds.UNKNOWN}))
    ask, limits = either_ask(rng), worlds.limits(rng)
    earlier = replace(ask, limits=replace(limits, agreements=(worlds.UNKNOWN,)))
    later = replace(ask, limits=replace(limits, agreements=(texts[0].digest,)))
    before, after = decided(earlier, *texts), decided(later, *texts)
    assert handled(before) == handled(after)
    assert before.agreement in (None, texts[0].digest)
    assert decided(earlier, *texts[1:]).outcome == "withhold"


def handled(decision: Decision) -> tuple[object, ...]:
    members = (decision.outcome, decision.agreement, decision.fields, decision.waiting, decision.withheld)
    return (*members, decision.caveats, decision.purposes, decision.duties, decision.needs)


@law
def test_bulk_sees_which_text_stands_for_which(rng: Random) -> None:
    texts = worlds.succeeding(rng, worlds.agreements(rng))
    digests = [*(text.digest for text in texts), worlds.UNKNOWN]
    asks = [replace(either_ask(rng), limits=worlds.limits(rng, digests)) for _ in range(3)]
    found = decide_many([*asks, *asks], texts, catalogue().vocabulary)
    assert [one.to_json() for one in found] == [decided(ask, *texts).to_json() for ask in (*asks, *asks)]


@law
def test_a_version_stands_for_an_earlier_one_only_if_it_binds_all_that_one_ever_bound(rng: Random) -> None:
    versions = [THREE, TWO, V3]
    signatures = [found for text in versions for found in rng.sample(SIGNED[text.digest], rng.randint(0, 6))]
    held = rng.sample(versions, rng.randint(1, 3))
    found = standings(held, signatures, OFFICERS, [suspended(V3, "us.dea")] * rng.randint(0, 1), MOMENT)
    for later, earlier in permutations(versions, 2):
        if later in held and earlier.digest in found[later.digest].succeeds:
            assert earlier in held
            assert earlier.version < later.version
            bound = {party for pair in found[later.digest].pairs for party in pair}
            newer = {party for text in held if text.version > later.version for party in found[text.digest].bound}
            assert set(in_force(earlier, signatures, OFFICERS, (), MOMENT).bound) <= bound | newer


@law
def test_between_two_that_have_signed_it_makes_no_difference_who_else_has(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    bound = {ask.giver, ask.receiver, *ask.through, *worlds.some(rng, worlds.PARTIES, 0)}
    assert decided(ask, *(text.among(bound) for text in texts)).to_json() == decided(ask, *texts).to_json()


@law
def test_whoever_has_not_signed_neither_gives_nor_receives(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    outside = rng.choice((ask.giver, ask.receiver))
    bound = [party for party in worlds.PARTIES if party != outside]
    decision = decided(ask, *(text.among(bound) for text in texts))
    assert (decision.outcome, decision.fields, decision.waiting) == ("withhold", (), ())
