"""Cedar, an independent policy engine, decides the same; where it does not, the difference has a name.

Cedar skips a policy that fails to evaluate: a forbid that reads an attribute which is not there is as if it had not
been written, and the request is allowed. Ours stands. That class, SKIP_ON_ERROR, is the one difference there is. What
Cedar has no word for is not compared: a rest code such as `other` is unknown to us and a word like any other to Cedar.
"""

import os
from dataclasses import replace
from random import Random

from agreements import worlds
from agreements.cedar import allowed_by_cedar
from agreements.parts import FIND, decided
from agreements.worlds import odd
from entente.agreements import NO_LIMITS, Agreement, Approval, Ask, Forbidding

CASES = int(os.environ.get("ENTENTE_CEDAR_CASES", "2000"))
"""How many worlds are compared; the docs give the result of 20,000 records."""


def world(number: int) -> tuple[Ask, list[Agreement]]:
    """An ask under one agreement, all officers having approved; every field is there, so that Cedar can read them."""
    rng = Random(number)
    texts = [replace(text, zone="America/Toronto") for text in worlds.succeeding(rng, worlds.agreements(rng))]
    ask = (
        worlds.open_ask(rng)
        if rng.random() < 0.7
        else worlds.ask(rng, worlds.any_record(rng, kinds=(FIND,), is_full=True))
    )
    about = replace(ask.record, said_by=rng.choice((ask.giver, ask.giver, ask.giver, ask.receiver)))
    ask = replace(ask, record=odd(about, "drug", "cocaine") if about.values["drug"] == "other" else about)
    officers = tuple(Approval(officer=name, at=ask.moment) for name in ("one", "two"))
    under, digests = rng.choice(texts).digest, [*(text.digest for text in texts), worlds.UNKNOWN]
    limits = worlds.limits(rng, digests) if rng.random() < 0.4 else NO_LIMITS
    kind = worlds.limited(rng, ask.kind) if rng.random() < 0.2 else ask.kind
    return replace(ask, approvals=officers, under=under, limits=limits, kind=kind), texts


def ours(ask: Ask, texts: list[Agreement]) -> dict[str, bool]:
    decision = decided(ask, *texts)
    return {field.name: field.name in decision.fields and field.name in ask.record.values for field in FIND.fields}


def test_cedar_decides_the_same_where_every_attribute_is_there() -> None:
    released = 0
    for number in range(CASES):
        ask, texts = world(number)
        expected, skipped = allowed_by_cedar(ask, texts)
        assert skipped == []
        assert ours(ask, texts) == expected, f"world {number}"
        released += any(expected.values())
    assert released > CASES // 20  # a comparison in which nothing goes would prove nothing


def test_skip_on_error_is_the_only_difference_where_attributes_are_missing() -> None:
    """SKIP_ON_ERROR: a forbid failed in Cedar, which let the field go; ours kept it. Never the other way round."""
    differences = 0
    for number in range(CASES):
        ask, texts = world(number)
        rng = Random(number)
        for name in rng.sample([field.name for field in FIND.fields if not field.is_required], 3):
            ask = replace(ask, record=odd(ask.record, name, None))
        expected, skipped = allowed_by_cedar(ask, texts)
        found = ours(ask, texts)
        for name, is_allowed in expected.items():
            if found[name] != is_allowed:
                differences += 1
                assert is_allowed, f"world {number}: ours lets {name} go, Cedar does not"
                by = {f"{f.provision.name}/{f.provision.provision}" for f in _withheld(ask, texts, name)}
                assert by & set(skipped), f"world {number}: {name}"
    assert differences > 0


def _withheld(ask: Ask, texts: list[Agreement], name: str) -> tuple[Forbidding, ...]:
    return next(found.by for found in decided(ask, *texts).withheld if found.field == name)
