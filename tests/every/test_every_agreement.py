"""Every shipped model agreement: it can be read and checked, its golden decisions hold, and it says what it is."""

from functools import cache

import pytest

from entente.agreements import (
    Agreement,
    CaseResult,
    check,
    explain,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
    run_cases,
)
from entente.records import Catalogue
from entente.vocabulary import LANGUAGES, phrasebook
from entente.workstreams import ALL, build_catalogue

MODELS = model_names()
IN_ITS_OWN_WORDS = {"en": "not affiliated", "fr": "affilié à aucun", "es": "No está afiliado"}


@cache
def catalogue() -> Catalogue:
    return build_catalogue(ALL)


@cache
def agreement(name: str) -> Agreement:
    return read_agreement(model_bytes(name), catalogue())


@cache
def results(name: str) -> tuple[CaseResult, ...]:
    return run_cases(agreement(name), read_cases(model_bytes(name, "decisions.toml"), catalogue()), catalogue())


def every_case() -> list[tuple[str, str]]:
    return [(name, result.case.id) for name in MODELS for result in results(name)]


@pytest.mark.parametrize(("name", "case"), every_case())
def test_a_golden_decision_holds(name: str, case: str) -> None:
    (result,) = [found for found in results(name) if found.case.id == case]
    assert result.differences == ()


@pytest.mark.parametrize("name", MODELS)
def test_there_are_at_least_twelve_golden_decisions_of_every_sort(name: str) -> None:
    cases = [result.case for result in results(name)]
    assert len(cases) >= 12
    assert {"release", "withhold"} <= {case.answer for case in cases}
    reasons = {reason.partition(":")[0] for case in cases for reason in case.because}
    assert {"nothing-in-force", "unmet"} <= reasons


@pytest.mark.parametrize("name", MODELS)
def test_every_provision_decides_in_some_golden_decision(name: str) -> None:
    seen = {
        reason.split(":")[1] if ":" in reason else reason for found in results(name) for reason in found.case.because
    }
    for result in results(name):
        seen |= {forbidding.provision.provision for held in result.decision.withheld for forbidding in held.by}
    assert {provision.id for provision in agreement(name).provisions} <= seen


@pytest.mark.parametrize("name", MODELS)
def test_check_finds_nothing_but_what_is_said_openly(name: str) -> None:
    found = {remark.code for remark in check(model_bytes(name), catalogue())}
    assert found <= {"unverified-reference", "stands-on-unverified-list"}


@pytest.mark.parametrize("name", MODELS)
def test_it_is_a_model_and_says_so_in_three_languages(name: str) -> None:
    text = agreement(name)
    assert text.is_model
    assert text.name == name
    for language in LANGUAGES:
        assert IN_ITS_OWN_WORDS[language] in " ".join(text.text[language].split())
        assert text.title[language]
        assert all(provision.text[language] for provision in text.provisions)
    assert "Not affiliated" in model_bytes(name, "README.md").decode("utf-8")


@pytest.mark.parametrize("name", MODELS)
def test_its_references_are_not_claimed_to_be_checked(name: str) -> None:
    assert not any(provision.is_verified for provision in agreement(name).provisions)


@pytest.mark.parametrize("name", MODELS)
def test_the_page_names_every_party_and_provision(name: str) -> None:
    page = model_bytes(name, "README.md").decode("utf-8")
    for party in agreement(name).parties:
        assert f"`{party}`" in page
    for provision in agreement(name).provisions:
        assert provision.id in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MODELS)
def test_every_golden_decision_explains_itself_in_every_language(name: str, language: str) -> None:
    for result in results(name):
        sentences = explain(result.decision, catalogue().vocabulary, phrasebook(language))
        assert all(sentence.strip() and "{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("name", MODELS)
def test_no_field_of_a_person_or_of_free_text_ever_goes(name: str) -> None:
    for result in results(name):
        kind = result.case.kind
        personal = {field.name for field in kind.fields if field.field_class in ("identity", "contact", "free-text")}
        assert personal.isdisjoint(result.decision.fields)


AGAINST_PEOPLE = {"prosecution", "control-scheduling", "investigation", "interdiction", "threat-assessment"}


def test_drug_checking_counts_go_to_nobody_under_any_model() -> None:
    assert not [
        (name, provision.id)
        for name in MODELS
        for provision in agreement(name).provisions
        if provision.effect == "permit" and "drug-checking-count" in (provision.kinds or ())
    ]
    forbid = agreement("drug-checking-early-warning").provision("2.1")
    assert forbid is not None
    assert (forbid.scope, forbid.receiver, forbid.fields, forbid.purposes, forbid.when) == (
        "all-partners",
        None,
        None,
        None,
        (),
    )


def test_what_rests_on_drug_checking_serves_early_warning_whatever_another_agreement_permits() -> None:
    text = agreement("drug-checking-early-warning")
    permits = [provision for provision in text.provisions if provision.effect == "permit"]
    assert {provision.purposes for provision in permits} == {("early-warning",)}
    assert all("public-health-only" in provision.caveats for provision in permits)
    roles = catalogue().vocabulary.list("party").terms
    assert all("health" in roles[giver].attributes["roles"] for provision in permits for giver in provision.giver)
    forbid = text.provision("2.2")
    assert forbid is not None
    assert forbid.scope == "all-partners"
    assert set(forbid.purposes or ()) == AGAINST_PEOPLE


@pytest.mark.parametrize("name", ["ca.cdsa", "us.csa"])
def test_a_dated_list_of_law_names_known_drugs_and_claims_no_verification(name: str) -> None:
    listed = catalogue().vocabulary.dated[name]
    assert not listed.is_verified
    assert {entry.code for entry in listed.entries} <= catalogue().vocabulary.list("drug").terms.keys()
    assert all(entry.since is not None and entry.reference for entry in listed.entries)
