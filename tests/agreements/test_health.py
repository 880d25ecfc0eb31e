"""`health`: what an agreement should say because reviews of real ones found it missing."""

from dataclasses import replace

import pytest

from agreements.parts import CLINIC, FIND, HEAD, PERMIT, SIGHTING, catalogue, changed, source
from entente.agreements import AgreementUnreadable, model_bytes, model_names, read_agreement
from entente.agreements.care.health import Health, Point, health
from entente.agreements.care.sayings_of_health import REMEDIES, TITLES, WHY
from entente.agreements.care.sources_of_health import SOURCES
from entente.records import Catalogue, Field
from entente.vocabulary import LANGUAGES, phrasebook
from entente.workstreams import ALL, build_catalogue

PERSONS = replace(
    SIGHTING,
    fields=(
        *SIGHTING.fields,
        Field(name="born_on", field_class="identity", type="date"),
        Field(name="is_ill", field_class="health", type="boolean"),
        Field(name="agreed", field_class="operational", type="code", vocabulary="consent"),
    ),
)
HOUSE = Catalogue.of((FIND, PERSONS, CLINIC), catalogue().vocabulary)

WELL_HEAD = changed(
    HEAD,
    authoritative='["en", "fr"]',
    title_fr='"Un essai"',
    text_fr='"Un essai."',
    valid_until="2030-12-31",
    clauses='{ audit = "art. 7", review = "art. 8", consistent-use = "art. 9", complaints = "art. 10" }',
)
WELL = changed(PERMIT, text_fr='"Les trouvailles partent."', fields='["find.drug", "find.border"]', verified="true")
ABOUT_PERSONS = changed(
    WELL,
    kinds='["sighting"]',
    fields='["sighting.person", "sighting.is_ill"]',
    release='"two-officers"',
    legal_bases='["ca.privacy-act-8-2-f"]',
)


def seen(provision: str = WELL, head: str = WELL_HEAD) -> Health:
    return health(read_agreement(source(head, provision), HOUSE), HOUSE)


def points(found: Health) -> dict[str, Point]:
    return {point.code: point for point in found.points}


def test_a_text_that_says_everything_meets_every_point_that_applies() -> None:
    found = seen()
    assert [point.code for point in found.points if point.state == "not-met"] == []
    apart = {"legal-basis", "people-decide", "mistreatment", "health-of-persons", "minors", "lists-checked"}
    assert {point.code for point in found.points if point.state == "not-applicable"} == apart
    assert (found.met, found.applicable) == (len(found.points) - len(apart),) * 2


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"caveats": ""}, "third-party-caveat", ("1.1",)),
        ({"duties": "{ feedback_days = 30 }"}, "retention", ("1.1",)),
        ({"duties": "{ retain_days = 30 }"}, "feedback", ("1.1",)),
        ({"fields": '["find.drug", "class:free-text"]'}, "free-text", ("1.1",)),
        ({"verified": "false"}, "references-checked", ("1.1",)),
        ({"when": '[{ field = "drug", listed_in = "watched" }]'}, "lists-checked", ("watched",)),
    ],
)
def test_what_a_provision_lacks_is_named_with_the_provision(
    change: dict[str, str], code: str, where: tuple[str, ...]
) -> None:
    found = seen(changed(WELL, **change))
    assert [(point.code, point.where) for point in found.points if point.state == "not-met"] == [(code, where)]


def test_a_caveat_that_implies_the_third_party_rule_is_enough() -> None:
    assert points(seen(changed(WELL, caveats='["originator-control"]')))["third-party-caveat"].state == "met"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"clauses": ""}, {"audit", "review", "consistent-use", "complaints"}),
        ({"clauses": '{ audit = "art. 7", review = "art. 8" }'}, {"consistent-use", "complaints"}),
        ({"valid_until": "2031-01-01"}, {"end"}),
        ({"authoritative": '["en"]'}, {"languages"}),
    ],
)
def test_what_the_text_as_a_whole_lacks(change: dict[str, str], codes: set[str]) -> None:
    found = seen(head=changed(WELL_HEAD, **change))
    assert {point.code for point in found.points if point.state == "not-met"} == codes


def test_the_language_that_is_missing_is_named() -> None:
    assert points(seen(head=changed(WELL_HEAD, authoritative='["en"]')))["languages"].where == ("fr",)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, {"mistreatment"}),
        ({"release": '"automatic"'}, {"mistreatment", "people-decide", "health-of-persons", "minors"}),
        ({"release": '"officer"'}, {"mistreatment", "health-of-persons", "minors"}),
        (
            {
                "release": '"officer"',
                "when": '[{ field = "agreed", consent_given = true }, { field = "born_on", is_minor = false }]',
            },
            {"mistreatment"},
        ),
        ({"legal_bases": ""}, {"mistreatment", "legal-basis"}),
        ({"fields": '["class:identity"]'}, {"mistreatment", "specific-items"}),
    ],
)
def test_what_concerns_persons_has_points_of_its_own(change: dict[str, str], codes: set[str]) -> None:
    found = seen(changed(ABOUT_PERSONS, **change))
    assert {point.code for point in found.points if point.state == "not-met"} == codes


def test_giving_everything_of_a_kind_is_no_naming_of_fields() -> None:
    every = '["class:operational", "class:health"]'
    found = seen(changed(WELL, kinds='["clinic-count"]', fields=every))
    assert points(found)["specific-items"].where == ("1.1",)


@pytest.mark.parametrize("clauses", ['{ audits = "art. 7" }', '{ audit = "" }', "{ audit = 7 }", '"art. 7"'])
def test_a_clause_is_one_of_those_known_with_the_place_of_its_article(clauses: str) -> None:
    with pytest.raises(AgreementUnreadable):
        read_agreement(source(changed(WELL_HEAD, clauses=clauses), WELL), HOUSE)


def test_every_point_says_what_why_who_and_what_to_do_in_every_language() -> None:
    codes = {point.code for point in seen().points}
    assert codes == TITLES.keys() == WHY.keys() == REMEDIES.keys() == SOURCES.keys()
    for language in LANGUAGES:
        say = phrasebook(language).say
        for point in seen().points:
            assert all(text.endswith(".") for text in (point.why(say), point.remedy(say)))
            assert point.source.citation
            assert point.title(say)


@pytest.mark.parametrize("name", model_names())
def test_the_models_keep_the_points_that_provisions_can_keep(name: str) -> None:
    house = build_catalogue(ALL)
    found = points(health(read_agreement(model_bytes(name), house), house))
    for code in ("third-party-caveat", "retention", "free-text", "people-decide", "end"):
        assert found[code].state != "not-met", (code, found[code].where)
