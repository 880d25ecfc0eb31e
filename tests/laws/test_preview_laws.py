"""Preview equals what is then sent: over generated agreements and records, counts and samples are those of the
disclosures that the same decisions make, and nothing else would leave."""

from collections import Counter
from dataclasses import replace
from random import Random

from agreements import worlds
from agreements.parts import catalogue, decided
from agreements.worlds import either_ask
from entente.agreements import Approval, Ask, Viewer, disclose, preview
from entente.signing import parse
from laws.test_decision_laws import law


def asked_of(viewer: Viewer, ask: Ask) -> Ask:
    """`ask` about its record, as the viewer asks: with as many officers, trained for everything."""
    passed = tuple((f"agreement-{number}", viewer.moment.date()) for number in range(10))
    people = tuple(Approval(officer=str(number), at=viewer.moment, passed=passed) for number in range(viewer.officers))
    return replace(ask, approvals=people)


@law
def test_preview_equals_what_is_then_sent(rng: Random) -> None:
    texts, first = worlds.agreements(rng), either_ask(rng)
    viewer = Viewer(
        giver=first.giver,
        receiver=first.receiver,
        receiver_roles=first.receiver_roles,
        purpose=first.purpose,
        occasion=first.occasion,
        moment=first.moment,
        officers=rng.randrange(3),
    )
    records = [replace(worlds.any_record(rng), id=f"{number:032x}") for number in range(rng.randint(0, 8))]
    asks = [
        replace(
            first, record=record, kind=catalogue().kind(record.kind), chain=(), under=None, limits=worlds.limits(rng)
        )
        for record in records
    ]
    limits = {ask.record.id: ask.limits for ask in asks}
    shown = preview(records, viewer, texts, catalogue(), samples=99, limits=lambda record: limits[record.id])
    decisions = [decided(asked_of(viewer, ask), *texts) for ask in asks]
    sent = {
        decision.ask.record.id: parse(disclose(decision.ask.record, decision.ask.kind, decision).body)["record"]
        for decision in decisions
        if decision.outcome == "release"
    }
    assert Counter(shown.outcomes) == Counter(decision.outcome for decision in decisions)
    assert {one.record: dict(one.values) for one in shown.samples if one.outcome == "release"} == {
        name: record["values"] for name, record in sent.items()
    }
    assert dict(shown.given) == Counter(
        f"{record['kind']}.{name}" for record in sent.values() for name in record["values"]
    )
