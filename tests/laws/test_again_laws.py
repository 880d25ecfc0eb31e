"""Laws of deriving a decision again, over generated worlds: nothing but its recorded ingredients is needed, and no
changed ingredient passes for the recorded one."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from agreements import worlds
from agreements.parts import catalogue, decided
from entente.agreements import Again, Agreement, Ask, decide, derive_again
from entente.records import Catalogue
from entente.signing import canonical, digest, parse
from entente.vocabulary import read_vocabulary
from laws.test_decision_laws import changed, law

EXTENDED = """
[[dated.watched.entry]]
code = "cocaine"
reference = "tests"
[dated.watched]
source = "tests"
"""


def world(rng: Random) -> tuple[Ask, list[Agreement], list[Agreement]]:
    """An ask, whole texts, and the same texts as they bind: some for fewer parties, some in place of others."""
    texts = worlds.agreements(rng)
    narrowed = [text.among(worlds.some(rng, text.parties)) if rng.random() < 0.3 else text for text in texts]
    ask = worlds.either_ask(rng)
    if rng.random() < 0.3:
        ask = replace(ask, limits=worlds.limits(rng, [text.digest for text in texts]))
    return ask, texts, worlds.succeeding(rng, narrowed)


def explained(ask: Ask, texts: list[Agreement]) -> bytes:
    return canonical(decided(ask, *texts).to_json())


def again(body: bytes, ask: Ask, texts: list[Agreement], words: Catalogue | None = None) -> Again:
    return derive_again(body, ask.record, {text.digest: text for text in texts}, words or catalogue())


@law
def test_every_decision_is_derived_again_from_what_it_names(rng: Random) -> None:
    ask, texts, binding = world(rng)
    found = again(explained(ask, binding), ask, [worlds.agreement(rng, 9), *rng.sample(texts, len(texts))])
    assert (found.outcome, found.why) == ("same", ())


@law
def test_who_approved_is_not_needed_only_how_many(rng: Random) -> None:
    ask, texts, binding = world(rng)
    others = tuple(replace(one, officer=f"x{one.officer}") for one in ask.approvals)
    assert again(explained(replace(ask, approvals=others), binding), ask, texts).outcome == "same"


@law
def test_no_change_of_the_explanation_passes(rng: Random) -> None:
    """One member of what was decided, or one digest of what was asked, is changed. (Who changes what was asked makes
    another decision, and its digest is not the one in the ledger.)"""
    ask, texts, binding = world(rng)
    body = parse(explained(ask, binding))
    digests = [name for name in ("kind_digest", "lists", "agreements", "codes") if name in body["asked"]]
    places = [(body, name) for name in body if name != "asked"] + [(body["asked"], name) for name in digests]
    place, name = rng.choice(places)
    place[name] = _other(rng, place[name])
    assert again(canonical(body), ask, texts).outcome != "same"


def _other(rng: Random, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return "other"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}-other"
    if isinstance(value, list):
        return [*value, "other"] if not value or rng.random() < 0.5 else value[1:]
    return {**value, "other": 1} if value else {"other": 1}


@law
def test_no_changed_ingredient_passes_for_the_recorded_one(rng: Random) -> None:
    """Another record version, text or kind gives the recorded bytes only where they say the same of it too."""
    ask, texts, binding = world(rng)
    body = explained(ask, binding)
    record = worlds.odd(ask.record, rng.choice([field.name for field in ask.kind.fields]), rng.choice(worlds.ODD))
    same = canonical(decided(replace(ask, record=record), *binding).to_json()) == body
    assert (again(body, replace(ask, record=record), texts).outcome == "same") is same
    kinds = [replace(kind, version=kind.version + 1) for kind in worlds.KINDS]
    newer = Catalogue.of(kinds, catalogue().vocabulary)
    found = again(body, ask, texts, newer)
    assert (found.outcome, [why.code for why in found.why]) == ("cannot", ["kind-changed"])


@law
def test_a_list_that_grew_is_named_where_the_decision_read_it(rng: Random) -> None:
    ask, texts, binding = world(rng)
    body = explained(ask, binding)
    words = catalogue().vocabulary
    data = EXTENDED.encode()
    longer = read_vocabulary("longer", data, digest(data)).dated["watched"]
    grown = replace(words, dated={**words.dated, "watched": longer})
    found = again(body, ask, texts, Catalogue(catalogue().kinds, grown))
    if any(name == "watched" for name, _ in parse(body)["asked"]["lists"]):
        assert (found.outcome, [why.code for why in found.why]) == ("cannot", ["list-changed"])
    else:
        assert found.outcome == "same"


@law
def test_a_text_that_is_gone_is_named_and_a_newer_version_takes_no_place(rng: Random) -> None:
    ask, texts, binding = world(rng)
    body = explained(ask, binding)
    named = [text for text, _ in parse(body)["asked"]["agreements"]]
    drafts = [changed(text, *text.provisions, worlds.permit(rng, "new")) for text in texts]
    found = again(body, ask, drafts)
    assert [why.values["agreement"] for why in found.why] == named
    assert found.outcome == ("cannot" if named else "same")


def test_another_engine_an_erased_record_and_what_is_no_explanation_are_said() -> None:
    ask = worlds.open_ask(Random(1))
    body = explained(ask, [])
    assert again(body, ask, []).outcome == "same"
    older = canonical({**parse(body), "engine": "entente-decide-1"})
    assert [why.code for why in again(older, ask, []).why] == ["engine"]
    assert [why.code for why in derive_again(body, None, {}, catalogue()).why] == ["record-gone"]
    for nothing in (b"", b"{}", b"[]", b"null", canonical({"engine": 1, "asked": []})):
        assert again(nothing, ask, []).outcome == "cannot"
    without = Catalogue.of((), catalogue().vocabulary)
    assert [why.code for why in again(body, ask, [], without).why] == ["kind-gone"]


def test_a_day_on_which_clocks_change_at_midnight_is_found_again() -> None:
    """In Havana the day of 8 March 2026 begins at one o'clock."""
    for hour in (5, 12, 27):
        text = replace(worlds.agreement(Random(5)), zone="America/Havana", source=b"havana")
        moment = datetime(2026, 3, 8 + hour // 24, hour % 24, tzinfo=UTC)
        ask = replace(worlds.open_ask(Random(2)), moment=moment)
        body = canonical(decide(ask, [text], catalogue().vocabulary).to_json())
        assert parse(body)["asked"]["agreements"][0][1] == "2026-03-08"
        assert again(body, ask, [text]).outcome == "same"
