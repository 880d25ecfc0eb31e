"""Reading an agreement: what a good text means; a bad one is refused with every problem, its place and its cure."""

from datetime import date
from decimal import Decimal

import pytest

from agreements.parts import HEAD, PERMIT, agreement, catalogue, changed, source
from entente.agreements import AgreementUnreadable, Condition, Remark, read_agreement
from entente.agreements.texts.sayings import SAYINGS
from entente.signing import digest
from entente.vocabulary import phrasebook

SAY = phrasebook("en").say


def problems(*parts: str) -> tuple[Remark, ...]:
    with pytest.raises(AgreementUnreadable) as caught:
        read_agreement(source(*parts), catalogue())
    return caught.value.problems


def codes(*parts: str) -> list[str]:
    return [remark.code for remark in problems(*parts)]


def test_a_text_becomes_what_it_says() -> None:
    when = '[{ field = "mass_g", at_least = 12.5 }, { field = "drug", listed_in = "watched", on = "found_on" }]'
    read = agreement(changed(PERMIT, when=when, valid_until="2026-06-30"))
    provision = read.provisions[0]
    assert (read.name, read.version, read.parties) == ("test", 1, ("ca.cbsa", "us.cbp"))
    assert (provision.valid_from, provision.valid_until) == (date(2026, 1, 1), date(2026, 6, 30))
    assert provision.when == (
        Condition(field="mass_g", test="at_least", value=Decimal("12.5")),
        Condition(field="drug", test="listed_in", value="watched", on="found_on"),
    )
    assert provision.duties == {"retain_days": 365, "feedback_days": 30}
    assert not provision.is_verified
    assert not read.is_model


def test_identity_is_the_digest_of_the_exact_bytes() -> None:
    data = source(HEAD, PERMIT)
    assert read_agreement(data, catalogue()).digest == digest(data)
    assert read_agreement(data + b"\n", catalogue()).digest != digest(data)


def test_a_forbid_may_leave_out_what_then_means_any() -> None:
    read = agreement(
        """
        [[provision]]
        id = "9"
        reference = "art. 9"
        text.en = "Nothing for prosecution, to anybody."
        effect = "forbid"
        purposes = ["prosecution"]
        scope = "all-partners"
        """
    )
    provision = read.provisions[0]
    assert (provision.giver, provision.receiver) == (read.parties, None)
    assert (provision.kinds, provision.fields) == (None, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fields": '["class:substances"]'}, "unknown-class"),
        ({"fields": '["find.shoe_size"]'}, "unknown-field"),
        ({"fields": '["sighting.person"]'}, "kind-not-named"),
        ({"fields": '["find.*"]'}, "unknown-field"),
        ({"fields": '["drug"]'}, "bad-selector"),
        ({"fields": '["kind:find"]'}, "bad-selector"),
        ({"fields": "[]"}, "empty-list"),
        ({"fields": '["find.drug", "find.drug"]'}, "repeated"),
        ({"kinds": '["finds"]'}, "unknown-kind"),
        ({"purposes": '["curiosity"]'}, "unknown-purpose"),
        ({"caveats": '["no-onwards"]'}, "unknown-caveat"),
        ({"duties": "{ keep_days = 3 }"}, "unknown-duty"),
        ({"duties": "{ retain_days = 0 }"}, "not-days"),
        ({"duties": "{ retain_days = true }"}, "not-days"),
        ({"giver": '["us.dea"]'}, "not-a-party"),
        ({"receiver": '["us.cbр"]'}, "not-a-party"),  # noqa: RUF001  # a Cyrillic letter
        ({"effect": '"allow"'}, "unknown-choice"),
        ({"occasion": '"always"'}, "unknown-choice"),
        ({"release": '"three-officers"'}, "unknown-choice"),
        ({"scope": '"all-partners"'}, "not-in-a-permit"),
        ({"retain_days": "30"}, "unknown-key"),
        ({"reference": ""}, "missing-key"),
        ({"reference": '""'}, "empty-text"),
        ({"text_en": ""}, "missing-key"),
        ({"id": '"one one"'}, "bad-id"),
        ({"valid_from": '"2026-01-01"'}, "wrong-type"),
        ({"valid_from": "2026-01-01T00:00:00"}, "wrong-type"),
        ({"valid_from": "2027-01-01", "valid_until": "2026-12-31"}, "dates-reversed"),
        ({"when": '[{ field = "mass", at_least = 1 }]'}, "unknown-condition-field"),
        ({"when": '[{ field = "border", equals = "North" }]'}, "unknown-code"),
        ({"when": '[{ field = "border", equals = true }]'}, "wrong-value"),
        ({"when": '[{ field = "mass_g", at_least = nan }]'}, "wrong-value"),
        ({"when": '[{ field = "mass_g", at_least = "1" }]'}, "wrong-value"),
        ({"when": '[{ field = "pieces", at_least = 1.5 }]'}, "wrong-value"),
        ({"when": '[{ field = "notes", equals = "x" }]'}, "not-comparable"),
        ({"when": '[{ field = "drug", at_least = 1 }]'}, "not-comparable"),
        ({"when": '[{ field = "drug", listed_in = "cdsa" }]'}, "unknown-list"),
        ({"when": '[{ field = "drug", listed_in = "watched", on = "drug" }]'}, "on-not-a-day"),
        ({"when": '[{ field = "border", equals = "north", on = "found_on" }]'}, "on-without-list"),
        ({"when": '[{ field = "notes", is_present = false }]'}, "only-true"),
        ({"when": '[{ field = "mass_g", at_least = 1, at_most = 2 }]'}, "one-test"),
        ({"when": '[{ field = "mass_g", greater = 1 }]'}, "one-test"),
        ({"when": '[{ field = "border", one_of = [] }]'}, "wrong-value"),
    ],
)
def test_a_provision_that_cannot_be_meant_is_refused(change: dict[str, str], code: str) -> None:
    found = problems(HEAD, changed(PERMIT, **change))
    assert code in [remark.code for remark in found]
    assert all(remark.part for remark in found)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parties": '["ca.cbsa"]'}, "one-party"),
        ({"parties": '["ca.cbsa", "us.cbp", "xx.nobody"]'}, "unknown-party"),
        ({"also_signed_by": '["us.cbp"]'}, "signs-twice"),
        ({"zone": '"Toronto"'}, "unknown-zone"),
        ({"zone": '"America"'}, "unknown-zone"),
        ({"zone": '"../../etc/passwd"'}, "unknown-zone"),
        ({"authoritative": '["en", "nl"]'}, "unknown-language"),
        ({"authoritative": '["en", "fr"]'}, "missing-language"),
        ({"version": "0"}, "too-small"),
        ({"version": "true"}, "wrong-type"),
        ({"version": "2"}, "missing-key"),
        ({"predecessor": '"sha256:00"'}, "first-with-predecessor"),
        ({"version": "2", "predecessor": '"sha256:00"'}, "not-a-digest"),
        ({"name": '"Test agreement"'}, "bad-name"),
        ({"valid_until": ""}, "missing-key"),
        ({"signed": "true"}, "unknown-key"),
    ],
)
def test_a_head_that_cannot_be_meant_is_refused(change: dict[str, str], code: str) -> None:
    assert code in codes(changed(HEAD, **change), PERMIT)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (source(HEAD, PERMIT, 'id = "again"'), "not-toml"),
        (source(HEAD, PERMIT) + b"\xff", "not-utf8"),
        (source(HEAD, changed(PERMIT, text_en='"Finds\u202e go."')), "hidden-character"),
        (source(HEAD, changed(PERMIT, text_en='"Fin\u200bds go."')), "hidden-character"),
        (b"#" * (1024 * 1024 + 1), "too-large"),
        (b"a = " + b"[" * 100_000, "not-toml"),
    ],
)
def test_bytes_that_are_no_honest_text_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(AgreementUnreadable) as caught:
        read_agreement(data, catalogue())
    assert [remark.code for remark in caught.value.problems] == [code]


def test_two_provisions_may_not_share_an_id() -> None:
    assert codes(HEAD, PERMIT, PERMIT) == ["repeated-id"]


def test_a_permit_may_leave_nothing_out_and_a_forbid_may_not_release() -> None:
    bare = '[[provision]]\nid = "1"\nreference = "art. 1"\ntext.en = "."\neffect = "permit"\n'
    missing = {remark.key for remark in problems(HEAD, bare) if remark.code == "missing-key"}
    assert missing == {"giver", "receiver", "kinds", "fields", "purposes", "occasion", "release"}
    wrong = {remark.key for remark in problems(HEAD, changed(PERMIT, effect='"forbid"'))}
    assert wrong == {"caveats", "duties", "occasion", "release"}


def test_a_forbid_with_conditions_names_its_kinds() -> None:
    forbid = bare_forbid('when = [{ field = "border", equals = "north" }]')
    assert codes(HEAD, forbid) == ["kinds-needed"]


def bare_forbid(*lines: str) -> str:
    start = '[[provision]]\nid = "9"\nreference = "art. 9"\ntext.en = "No."\neffect = "forbid"'
    return "\n".join([start, *lines])


def test_every_problem_is_reported_at_once_with_its_line() -> None:
    text = source(
        changed(HEAD, zone='"Nowhere"'),
        changed(PERMIT, fields='["class:wrong"]', purposes='["wrong"]'),
        changed(PERMIT, id='"1.2"', text_en='"""\n[[provision]]\nid = \\"no\\"\n"""', kinds='["wrong"]'),
    )
    with pytest.raises(AgreementUnreadable) as caught:
        read_agreement(text, catalogue())
    lines = text.decode("utf-8").split("\n")
    found = {(remark.code, remark.part, remark.key) for remark in caught.value.problems}
    assert {
        ("unknown-zone", "", "zone"),
        ("unknown-class", "1.1", "fields"),
        ("unknown-purpose", "1.1", "purposes"),
        ("unknown-kind", "1.2", "kinds"),
    } <= found
    for remark in caught.value.problems:
        assert remark.line is not None
        assert lines[remark.line - 1].startswith(remark.key)


def test_a_problem_is_told_with_place_and_cure() -> None:
    remark = problems(HEAD, changed(PERMIT, fields='["class:substances"]'))[0]
    assert remark.where(SAY) == "line 21, column 11, in 1.1, key fields"
    assert remark.sentence(SAY) == "`substances` is not a class of fields."
    assert remark.remedy(SAY).startswith("Use a code of the list of field classes")


def test_the_error_names_the_first_problem_and_how_many_there_are() -> None:
    with pytest.raises(AgreementUnreadable, match="2 problems, the first: line 2, column 8, key name"):
        read_agreement(source(changed(HEAD, name='"No Name"', zone='"Nowhere"'), PERMIT), catalogue())


@pytest.mark.parametrize("code", sorted(SAYINGS))
def test_every_remark_has_a_sentence_of_its_own_and_a_remedy(code: str) -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"<{key}>"

    def say(message_id: str, **values: object) -> str:
        return message_id.format_map(Anything())

    sentence, remedy = SAYINGS[code](say, Anything())
    assert sentence.endswith(".")
    assert remedy.endswith(".")
    others = [SAYINGS[other](say, Anything())[0] for other in SAYINGS if other != code]
    assert sentence not in others
