"""Cedar, an independent policy engine, decides the same; where it does not, the difference has a name.

Cedar has two truth values: a policy that fails to evaluate is skipped, and what cannot be compared is false. A forbid
that cannot be judged is then as if it had not been written, and the request is allowed. Ours stands. A rest code such
as `other` is to Cedar a code like any, so that it is not on a list; to ours it may be. That is the one difference there
is, in five classes by why it could not be judged; docs/agreements.md gives an example of each.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from agreements import worlds
from agreements.cedar import allowed_by_cedar
from agreements.parts import FIND, decided
from agreements.worlds import odd
from entente.agreements import NO_LIMITS, Agreement, Approval, Ask, ProvisionRef, Unmet

CASES = int(os.environ.get("ENTENTE_CEDAR_CASES", "2000"))
"""How many worlds are compared; the docs give the result of 100,000."""

CLASSES = ("SKIP_ON_ERROR", "REST_CODE", "WIDER_CODE", "OTHER_CURRENCY", "DAY_TO_COME")
SKIP_ON_ERROR, REST_CODE, WIDER_CODE, OTHER_CURRENCY, DAY_TO_COME = CLASSES


def world(number: int) -> tuple[Ask, list[Agreement]]:
    """An ask under one agreement, all officers having approved; every field is there, so that Cedar can read them."""
    rng = Random(number)
    texts = [replace(text, zone="America/Toronto") for text in worlds.succeeding(rng, worlds.agreements(rng))]
    ask = (
        worlds.open_ask(rng)
        if rng.random() < 0.9
        else worlds.ask(rng, worlds.any_record(rng, kinds=(FIND,), is_full=True))
    )
    others = [party for party in worlds.PARTIES if party not in (ask.giver, ask.receiver)]
    about = replace(ask.record, said_by=ask.giver if rng.random() < 0.9 else rng.choice(others))
    ask = replace(ask, record=about)
    trained = tuple((f"agreement-{place}", ask.moment.date()) for place in range(4))
    officers = tuple(Approval(officer=name, at=ask.moment, passed=trained) for name in ("one", "two"))
    between = [text for text in texts if {ask.giver, ask.receiver} <= {*text.parties}]
    under, digests = rng.choice(between or texts).digest, [*(text.digest for text in texts), worlds.UNKNOWN]
    texts = [crowded(rng, text, ask) if text.digest == under else text for text in texts]
    under = next((text.digest for text in texts if text.source.startswith(b"crowded")), under)
    limits = worlds.limits(rng, digests) if rng.random() < 0.2 else NO_LIMITS
    kind = worlds.limited(rng, ask.kind) if rng.random() < 0.1 else ask.kind
    return replace(ask, approvals=officers, under=under, limits=limits, kind=kind), texts


def crowded(rng: Random, text: Agreement, ask: Ask) -> Agreement:
    """`text`, in half of the worlds with a permit that gives something for sure and forbids that hang on conditions."""
    if rng.random() < 0.5:
        return text
    give: dict[str, Any] = {"giver": (ask.giver,), "receiver": (ask.receiver,), "kinds": ("find",), "when": ()}
    give |= {"purposes": (ask.purpose,), "occasion": "standing", "on_behalf_of": None, "release": "officer"}
    days: dict[str, Any] = {"valid_from": text.valid_from, "valid_until": text.valid_until}
    permit = replace(worlds.permit(rng, "give"), **give, **days, caveats=(), training_days=None)
    forbids = [
        replace(worlds.forbid(rng, f"keep{n}"), giver=(ask.giver,), receiver=None, when=found, kinds=("find",), **days)
        for n in range(4)
        if (found := worlds.conditions(rng, may_ask_presence=False))
    ]
    provisions = (*text.provisions, permit, *forbids)
    return replace(text, provisions=provisions, source=b"crowded" + repr(provisions).encode())


def ours(ask: Ask, texts: list[Agreement]) -> dict[str, bool]:
    decision = decided(ask, *texts)
    return {field.name: field.name in decision.fields and field.name in ask.record.values for field in FIND.fields}


def test_cedar_decides_the_same_or_the_difference_has_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Half of the records have every value, the others lack three."""
    released, classes = 0, Counter[str]()
    for number in range(CASES):
        ask, texts = world(number)
        if number % 2:
            rng = Random(number)
            for name in rng.sample([field.name for field in FIND.fields if not field.is_required], 3):
                ask = replace(ask, record=odd(ask.record, name, None))
        expected, skipped = allowed_by_cedar(ask, texts)
        found = ours(ask, texts)
        released += any(expected.values())
        for name in (name for name, is_allowed in expected.items() if is_allowed != found[name]):
            assert expected[name], f"world {number}: ours lets {name} go, Cedar does not"
            named = set(why(ask, texts, name, skipped))
            assert named, f"world {number}: {name}"
            assert named <= set(CLASSES), f"world {number}: {name}: {named}"
            classes.update(named)
    with capsys.disabled():  # the figures that the docs give
        sys.stdout.write(f" {CASES} cases, Cedar released {released}; only Cedar lets go: {dict(classes)} ")
    assert released > CASES // 50  # a comparison in which nothing goes would prove nothing
    assert classes[SKIP_ON_ERROR] > 0
    assert CASES < 2000 or set(classes) == set(CLASSES)


def why(ask: Ask, texts: list[Agreement], name: str, skipped: list[str]) -> Iterator[str]:
    """The class of what ours could not judge in each forbid that keeps `name`, or in a permit that lacks nothing else;
    "" for one that is sure: that would be a real difference."""
    withheld = next(found for found in decided(ask, *texts).withheld if found.field == name)
    for found in withheld.by:
        yield from _classes(ask, found.provision, found.unknown, skipped)
    for miss in () if withheld.by else withheld.near_misses:
        if all(one.code == "condition" and not one.values["is_known"] for one in miss.unmet):
            yield from _classes(ask, miss.provision, miss.unmet, skipped)


def _classes(ask: Ask, provision: ProvisionRef, unknown: Sequence[Unmet], skipped: list[str]) -> set[str]:
    named = f"{provision.name}/{provision.provision}"
    found = {unjudged(ask, named, skipped, str(one.values["field"]), one.values) for one in unknown}
    return found - {""} or {""}


def unjudged(ask: Ask, named: str, skipped: list[str], field: str, condition: Mapping[str, Any]) -> str:
    """Cedar reads from left to right: what is false there keeps it from reading what is missing."""
    values, unit_in = ask.record.values, condition.get("unit_in")
    if unit_in and values.get(unit_in, condition["unit"]) != condition["unit"]:
        return OTHER_CURRENCY
    if any(name not in values for name in (field, condition["on"], unit_in) if name):
        return SKIP_ON_ERROR if named in skipped else ""
    if values.get(field) == "other":
        return REST_CODE
    if condition["test"] == "within":
        return WIDER_CODE
    return DAY_TO_COME if type(values.get(field)) in (date, datetime) else ""
