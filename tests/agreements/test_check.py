"""`check`: what a readable text says that its authors may not have meant."""

from dataclasses import replace

import pytest

from agreements.parts import FIND, HEAD, PERMIT, catalogue, changed, source
from entente.agreements import Remark, check
from entente.records import Catalogue
from entente.vocabulary import phrasebook

CLEAN = changed(
    PERMIT,
    verified="true",
    text_fr='"Les trouvailles partent."',
    text_es='"Los hallazgos salen."',
    fields='["find.drug", "find.border"]',
)
FULL_HEAD = changed(HEAD, title_fr='"Un essai"', title_es='"Una prueba"')


def remarks(*provisions: str) -> tuple[Remark, ...]:
    return thought_through(source(FULL_HEAD, *provisions), catalogue())


def thought_through(text: bytes, words: Catalogue) -> tuple[Remark, ...]:
    """All remarks but the one on fields that a text says nothing of, which every short text gets."""
    return tuple(remark for remark in check(text, words) if remark.code != "uncovered-field")


def codes(*provisions: str) -> list[str]:
    return [remark.code for remark in remarks(*provisions)]


def test_a_clean_text_has_no_remarks() -> None:
    assert codes(CLEAN) == []


def test_a_text_that_cannot_be_read_gets_its_problems() -> None:
    found = check(source(FULL_HEAD, changed(CLEAN, kinds='["nothing"]')), catalogue())
    assert {remark.severity for remark in found} == {"error"}
    assert "unknown-kind" in [remark.code for remark in found]


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"giver": '["us.cbp"]'}, "binds-nobody", "error"),
        ({"valid_from": "2030-01-01", "valid_until": "2030-12-31"}, "never-valid", "error"),
        ({"valid_until": "2031-12-31"}, "dates-outside", "warning"),
        ({"fields": '["find.drug", "class:contact"]'}, "selects-nothing", "warning"),
        ({"fields": '["class:contact"]'}, "gives-nothing", "error"),
        ({"duties": ""}, "no-retention", "warning"),
        ({"caveats": ""}, "no-third-party-caveat", "warning"),
        ({"when": '[{ field = "mass_g", at_least = 3 }]'}, "outcome-tells", "warning"),
        ({"when": '[{ field = "drug", listed_in = "watched", on = "found_on" }]'}, "outcome-tells", "warning"),
        ({"when": '[{ field = "drug", listed_in = "watched" }]'}, "stands-on-unverified-list", "note"),
        ({"kinds": '["clinic-count"]', "fields": '["class:health"]'}, "receiver-lacks-role", "error"),
        ({"kinds": '["sighting"]', "fields": '["sighting.seen_on"]'}, "raised-to-officer", "warning"),
        (
            {"kinds": '["sighting"]', "fields": '["class:operational", "class:identity", "class:time"]'},
            "vague",
            "warning",
        ),
        ({"when": '[{ field = "record.recorded_at", after = 2026-01-01 }]'}, "outcome-tells", "warning"),
        ({"when": '[{ field = "border", within = "north" }]'}, "flat-list", "warning"),
        (
            {"when": '[{ field = "worth", at_least = 1, unit = "dollars", unit_in = "currency" }]'},
            "odd-unit",
            "warning",
        ),
        ({"caveats": '["no-onward", "statistical-use-only"]'}, "ruled-out-by-caveat", "warning"),
        ({"verified": "false"}, "unverified-reference", "note"),
        ({"text_es": ""}, "language-missing", "note"),
    ],
)
def test_a_provision_that_may_not_be_meant_is_remarked_on(change: dict[str, str], code: str, severity: str) -> None:
    found = [remark for remark in remarks(changed(CLEAN, **change)) if remark.code == code]
    assert [(remark.severity, remark.part) for remark in found] == [(severity, "1.1")]


@pytest.mark.parametrize(
    "when",
    [
        '[{ field = "border", equals = "north" }, { field = "border", equals = "south" }]',
        '[{ field = "border", one_of = ["north"] }, { field = "border", one_of = ["south"] }]',
        '[{ field = "mass_g", at_least = 10 }, { field = "mass_g", at_most = 9.99 }]',
        '[{ field = "found_on", after = 2026-01-01 }, { field = "found_on", before = 2026-01-02 }]',
        '[{ field = "told_at", after = 2026-01-01 }, { field = "told_at", before = 2026-01-01 }]',
        '[{ field = "drug", equals = "cocaine" }, { field = "drug", listed_in = "watched" }]',
        '[{ field = "drug", equals = "ketamine" }, { field = "drug", listed_in = "watched" }]',  # off it since 2025
        '[{ field = "drug", listed_in = "watched" }, { field = "drug", not_listed_in = "watched" }]',
        '[{ field = "is_final", equals = true }, { field = "is_final", equals = false }]',
        '[{ field = "routes", includes = "north" }, { field = "routes", only = ["south"] }]',
        '[{ field = "routes", only = ["north"] }, { field = "routes", only = ["south"] }]',
    ],
)
def test_conditions_that_can_never_hold_together_are_an_error(when: str) -> None:
    assert "unsatisfiable" in codes(changed(CLEAN, when=when))


@pytest.mark.parametrize(
    "when",
    [
        '[{ field = "border", one_of = ["north", "south"] }, { field = "border", equals = "south" }]',
        '[{ field = "mass_g", at_least = 10 }, { field = "mass_g", at_most = 10 }]',
        '[{ field = "found_on", after = 2026-01-01 }, { field = "found_on", before = 2026-01-03 }]',
        '[{ field = "drug", equals = "ketamine" }, { field = "drug", listed_in = "watched", on = "found_on" }]',
        '[{ field = "found_on", is_present = true }, { field = "told_at", is_present = true }]',
        '[{ field = "notes", is_present = true }, { field = "routes", is_present = true }]',
        '[{ field = "routes", includes = "north" }, { field = "routes", includes = "south" }]',
        '[{ field = "routes", includes = "north" }, { field = "routes", only = ["north", "south"] }]',
        '[{ field = "pieces", is_present = true }, { field = "is_final", is_present = true }]',
        '[{ field = "drug", listed_in = "watched" }, { field = "border", equals = "north" }]',
    ],
)
def test_conditions_that_can_hold_together_are_left_alone(when: str) -> None:
    assert "unsatisfiable" not in codes(changed(CLEAN, when=when))


FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9"
    verified = true
    text = { en = "No substances.", fr = "Aucune substance.", es = "Ninguna sustancia." }
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:substance", "class:location"]
"""


@pytest.mark.parametrize(
    ("change", "is_dead"),
    [
        ({}, True),
        ({"kinds": "", "fields": ""}, True),
        ({"fields": '["class:substance"]'}, False),
        ({"purposes": '["statistics"]'}, False),
        ({"purposes": '["statistics", "investigation"]'}, True),
        ({"valid_until": "2027-12-31"}, False),
        ({"receiver": '["ca.cbsa"]'}, False),
        ({"when": '[{ field = "border", equals = "north" }]'}, False),
    ],
)
def test_a_permit_that_is_forbidden_whole_is_dead(change: dict[str, str], is_dead: bool) -> None:  # noqa: FBT001
    found = [remark for remark in remarks(CLEAN, changed(FORBID, **change)) if remark.code == "always-forbidden"]
    assert [remark.part for remark in found] == (["1.1"] if is_dead else [])


def test_a_permit_for_purposes_that_its_kind_may_never_serve_is_dead() -> None:
    words = catalogue().vocabulary
    limited = Catalogue.of((replace(FIND, only_for=("early-warning", "rescue")),), words)
    (remark,) = thought_through(source(FULL_HEAD, CLEAN), limited)
    assert (remark.severity, remark.code, remark.key) == ("error", "never-serves", "purposes")
    assert remark.sentence(phrasebook("en").say).startswith("`find` may serve nothing but early-warning, rescue")
    partly = changed(CLEAN, purposes='["statistics", "early-warning"]')
    assert thought_through(source(FULL_HEAD, partly), limited) == ()
    staying = Catalogue.of((replace(FIND, only_for=()),), words)
    (remark,) = thought_through(source(FULL_HEAD, partly), staying)
    assert remark.sentence(phrasebook("en").say) == "`find` serves no purpose of any agreement."


def test_errors_come_first() -> None:
    found = [remark.severity for remark in remarks(changed(CLEAN, verified="", duties="", giver='["us.cbp"]'))]
    assert found == sorted(found, key=["error", "warning", "note"].index)
    assert len(set(found)) == 3


def test_a_remark_has_its_line_and_can_be_written_down() -> None:
    text = source(FULL_HEAD, CLEAN, changed(CLEAN, id='"1.2"', caveats='["not-evidence"]'))
    (remark,) = thought_through(text, catalogue())
    assert remark.line is not None
    assert text.decode().split("\n")[remark.line - 1] == 'caveats = ["not-evidence"]'
    assert remark.to_json() == {
        "severity": "warning",
        "code": "no-third-party-caveat",
        "part": "1.2",
        "key": "caveats",
        "line": remark.line,
        "column": 11,
        "values": {},
    }


def test_where_the_key_is_missing_the_provision_is_the_place() -> None:
    text = source(FULL_HEAD, changed(CLEAN, duties=""))
    (remark,) = thought_through(text, catalogue())
    assert remark.line == text.decode().split("\n").index("[[provision]]") + 1


def test_how_sure_the_source_is_every_disclosure_tells() -> None:
    assert codes(changed(CLEAN, when='[{ field = "record.sure", equals = "confirmed" }]')) == []


@pytest.mark.parametrize(
    ("when", "is_told"),
    [
        ('[{ field = "is_final", equals = false }]', True),
        ('[{ field = "border", equals = "north" }]', False),  # which 1.1 gives
        ('[{ field = "record.recorded_at", before = 2026-03-01 }]', True),
    ],
)
def test_what_stays_away_tells_too(when: str, is_told: bool) -> None:  # noqa: FBT001
    forbid = changed(FORBID, fields='["class:substance"]', when=when)
    found = [remark for remark in remarks(CLEAN, forbid) if remark.code == "absence-tells"]
    assert [(remark.part, remark.values["permits"]) for remark in found] == ([("9.1", "1.1")] if is_told else [])


def test_fields_that_no_provision_speaks_of_are_named_kind_by_kind() -> None:
    text = source(FULL_HEAD, CLEAN, changed(FORBID, fields='["class:free-text", "class:identity"]'))
    (found,) = [remark for remark in check(text, catalogue()) if remark.code == "uncovered-field"]
    assert (found.severity, found.values["kind"]) == ("note", "find")
    assert found.values["fields"].startswith("number, place, mass_g, pieces, found_on, told_at, is_final, routes")
    whole = source(FULL_HEAD, CLEAN, changed(FORBID, kinds="", fields="", purposes='["prosecution"]'))
    assert "uncovered-field" not in [remark.code for remark in check(whole, catalogue())]


def test_a_unit_that_does_not_fit_is_told_which_do() -> None:
    (found,) = remarks(changed(CLEAN, when='[{ field = "mass_g", at_least = 1, unit = "ml" }]'))
    remedy = found.remedy(phrasebook("en").say)
    assert all(unit in remedy.replace(".", "").replace(",", "").split() for unit in ("g", "kg", "lb"))
    assert "ml" not in remedy


def test_what_belongs_to_the_record_is_not_to_be_given_as_a_field() -> None:
    def remedies(condition: str) -> list[str]:
        found = remarks(changed(CLEAN, when=f"[{{ {condition} }}]"))
        return [one.remedy(phrasebook("en").say) for one in found if one.code == "outcome-tells"]

    (remedy,) = remedies('field = "record.recorded_at", after = 2026-01-01')
    assert remedy.startswith("Decide by a field that is given")
    (remedy,) = remedies('field = "pieces", at_least = 3')
    assert remedy.startswith("Give the field as well")
    assert remedies('field = "record.sure", equals = "confirmed"') == []
