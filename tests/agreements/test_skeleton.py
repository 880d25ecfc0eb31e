"""A first draft can be read, is laid out, means something, and its golden decisions hold, whatever it is about."""

import tomllib
from datetime import date
from functools import cache
from itertools import combinations

import pytest
from jsonschema import Draft202012Validator

from agreements.toml_text import as_editors_see_it
from entente.agreements import AgreementUnreadable, check, read_agreement, read_cases, run_cases
from entente.agreements.texts.formatting import formatted
from entente.agreements.texts.schema import agreement_schema, cases_schema
from entente.agreements.texts.skeleton import NothingToGive, Plan, skeleton
from entente.records import Catalogue
from entente.vocabulary import LANGUAGES, phrasebook
from entente.workstreams import ALL, build_catalogue


@cache
def catalogue() -> Catalogue:
    return build_catalogue(ALL)


def plan(**values: object) -> Plan:
    given: dict[str, object] = {
        "name": "draft",
        "title": 'A "draft" of 2026',
        "parties": ("ca.phac", "ca.hc", "us.cdc"),
        "kinds": ("test-count",),
        "purposes": ("early-warning", "statistics"),
        "zone": "America/Toronto",
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2028, 12, 31),
    }
    return Plan(**{**given, **values})  # type: ignore[arg-type]


KINDS = sorted(name for name, kind in catalogue().kinds.items() if kind.only_for != ())


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), *[*combinations(KINDS, 2)][::7]], ids="+".join)
def test_a_draft_is_whole_and_its_golden_decisions_hold(kinds: tuple[str, ...]) -> None:
    files = skeleton(plan(kinds=kinds), catalogue(), phrasebook("en"))
    text = read_agreement(files["agreement.toml"], catalogue())
    cases = read_cases(files["decisions.toml"], catalogue())
    assert [found for found in check(files["agreement.toml"], catalogue()) if found.severity == "error"] == []
    assert all(result.is_met for result in run_cases(text, cases, catalogue()))
    assert [case.answer for case in cases] == ["wait", "withhold", "withhold"]
    assert [case.because for case in cases][-1] == ("nothing-in-force",)
    assert all(formatted(data) == data for name, data in files.items() if name.endswith(".toml"))
    permits = [found for found in text.provisions if found.effect == "permit"]
    assert len(permits) == 3 * len(kinds)
    for found in permits:
        is_personal = any(catalogue().kind(name).is_about_person for name in found.kinds or ())
        assert found.release == ("two-officers" if is_personal else "officer")
        assert "no-onward" in found.caveats
        assert {"retain_days", "feedback_days"} == found.duties.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_valid_for_editors_in_every_language(language: str) -> None:
    book = phrasebook(language)
    files = skeleton(plan(), catalogue(), book)
    schemas = {
        "agreement.toml": agreement_schema(catalogue(), book, ["America/Toronto"]),
        "decisions.toml": cases_schema(catalogue(), book),
    }
    for name, schema in schemas.items():
        text = files[name].decode()
        assert text.startswith(f"#:schema ./{name.removesuffix('.toml')}.schema.json\n")
        assert Draft202012Validator(schema).is_valid(as_editors_see_it(tomllib.loads(text)))
    assert read_agreement(files["agreement.toml"], catalogue()).authoritative == (language,)


def test_a_kind_for_health_alone_is_given_to_nobody_else() -> None:
    files = skeleton(
        plan(parties=("ca.phac", "us.cdc", "ca.cbsa"), kinds=("drug-checking-count", "test-count")),
        catalogue(),
        phrasebook("en"),
    )
    text = read_agreement(files["agreement.toml"], catalogue())
    found = [one for one in text.provisions if one.kinds == ("drug-checking-count",)]
    assert {(*one.giver, *(one.receiver or ())) for one in found} == {("ca.phac", "us.cdc"), ("us.cdc", "ca.phac")}
    assert {one.purposes for one in found} == {("early-warning",)}


def test_where_nothing_may_be_given_no_draft_is_made() -> None:
    with pytest.raises(NothingToGive):
        skeleton(plan(parties=("ca.cbsa", "us.cbp"), kinds=("drug-checking-count",)), catalogue(), phrasebook("en"))


def test_what_cannot_be_meant_is_refused_with_its_place() -> None:
    with pytest.raises(AgreementUnreadable, match="key valid_until"):
        skeleton(plan(valid_until=date(2020, 1, 1)), catalogue(), phrasebook("en"))
