"""`preview`: what a partner would see of many records, and that it is what would then be sent."""

from dataclasses import replace
from decimal import Decimal

from agreements.parts import FIND, FULL, HERE, NOON, PERMIT, THERE, agreement, ask, catalogue, changed, decided, record
from entente.agreements import NO_LIMITS, Limits, Preview, Viewer, disclose, preview
from entente.agreements.guiding.preview_said import keeper_said
from entente.agreements.telling.unmet import UNMET
from entente.records import Record
from entente.signing import canonical, parse
from entente.vocabulary import phrasebook

FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9(1)"
    text.en = "No persons."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:identity"]
"""
TEXT = agreement(changed(PERMIT, when='[{ field = "border", equals = "north" }]'), FORBID)
VIEWER = Viewer(
    giver=HERE,
    receiver=THERE,
    receiver_roles=frozenset({"enforcement"}),
    purpose="statistics",
    occasion="standing",
    moment=NOON,
)


def records() -> list[Record]:
    some = [record({**FULL, "mass_g": Decimal(number)}) for number in range(20)]
    return [*some, record({**FULL, "border": "south"}), record({"drug": "lsd", "shoe_size": "44"})]


def seen(viewer: Viewer = VIEWER, samples: int = 5) -> Preview:
    return preview(records(), viewer, [TEXT], catalogue(), samples=samples)


def test_counts_of_records_and_fields() -> None:
    found = seen()
    assert found.outcomes == {"release": 20, "wait": 0, "withhold": 2}
    assert found.given == {f"find.{name}": 20 for name in ("border", "drug", "mass_g", "pieces")}
    assert found.withheld["find.person"] == {"test/1:9.1": 21}
    assert found.withheld["find.notes"] == {"no-provision": 21}
    assert found.withheld["find.drug"] == {"unmet:test/1:1.1:condition": 2}
    assert found.unknown_fields == {"find.shoe_size": 1}


def test_samples_are_what_would_be_sent() -> None:
    released = [sample for sample in seen(samples=20).samples if sample.outcome == "release"]
    for sample, about in zip(released, records()[:20], strict=True):
        decision = decided(ask(about), TEXT)
        body = parse(disclose(about, FIND, decision).body)
        assert dict(sample.values) == body["record"]["values"]
        assert sample.explanation == decision.mask


def test_it_keeps_a_few_samples_of_each_outcome_and_their_explanations() -> None:
    found = seen(samples=1)
    assert [sample.outcome for sample in found.samples] == ["release", "withhold"]
    assert {sample.explanation for sample in found.samples} == found.explanations.keys()
    assert canonical(found.to_json())


def test_what_a_record_rests_on_limits_what_would_be_seen() -> None:
    def limits(about: Record) -> Limits:
        return Limits(purposes=("investigation",)) if about.values.get("mass_g") == 0 else NO_LIMITS

    found = preview(records(), VIEWER, [TEXT], catalogue(), limits=limits)
    assert found.outcomes == {"release": 19, "wait": 0, "withhold": 3}


def test_officers_may_be_supposed() -> None:
    text = agreement(changed(PERMIT, release='"two-officers"'))
    waiting = preview(records()[:3], VIEWER, [text], catalogue())
    assert waiting.outcomes["wait"] == 3
    released = preview(records()[:3], replace(VIEWER, officers=2), [text], catalogue())
    assert released.outcomes["release"] == 3


def test_what_is_permitted_for_something_else_says_what_it_lacks() -> None:
    text = agreement(changed(PERMIT, release='"officer"', training_days="30"))
    found = preview(records()[:1], replace(VIEWER, purpose="early-warning"), [text], catalogue())
    (by,) = found.withheld["find.drug"]
    assert by.startswith("unmet:test/1:1.1:purpose")
    for language, word in (("en", "the purpose"), ("fr", "la fin"), ("es", "la finalidad")):
        assert word in keeper_said(by, phrasebook(language).say)


def test_officers_are_only_taken_as_trained_where_the_viewer_says_so() -> None:
    text = agreement(changed(PERMIT, release='"officer"', training_days="30"))
    some = replace(VIEWER, officers=1)
    assert preview(records()[:3], some, [text], catalogue()).outcomes["release"] == 3
    untrained = preview(records()[:3], replace(some, are_trained=False), [text], catalogue())
    assert untrained.outcomes["release"] == 0
    assert {by for keepers in untrained.withheld.values() for by in keepers} >= {"unmet:test/1:1.1:officers+training"}


def test_it_may_be_seen_on_another_occasion() -> None:
    text = agreement(changed(PERMIT, occasion='"on-request"'))
    assert preview(records()[:3], VIEWER, [text], catalogue()).outcomes["release"] == 0
    asked = preview(records()[:3], replace(VIEWER, occasion="on-request"), [text], catalogue())
    assert asked.outcomes["release"] == 3


def test_every_lack_has_its_words() -> None:
    for code in UNMET:
        assert keeper_said(f"unmet:test/1:1.1:{code}", phrasebook("en").say).startswith("nearest: test v1")
