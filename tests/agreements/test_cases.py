"""Golden decisions: a case without reasons is not read, and a case that is not met says where it differs."""

import pytest

from agreements.parts import PERMIT, agreement, catalogue, changed, source
from entente.agreements import CasesUnreadable, read_cases, run_cases

CASE = """
    [[case]]
    id = "a-find-goes"
    says.en = "A find goes."
    says.fr = "Une trouvaille part."
    says.es = "Un hallazgo sale."
    record.kind = "find"
    record.values = { drug = "heroin", mass_g = "12.50", place = "Lacolle" }
    ask.giver = "ca.cbsa"
    ask.receiver = "us.cbp"
    ask.purpose = "statistics"
    ask.occasion = "standing"
    ask.on = 2026-05-02
    answer = "release"
    fields = ["drug", "mass_g"]
    withheld = ["place"]
    because = ["1.1"]
"""


def codes(*cases: str) -> list[str]:
    with pytest.raises(CasesUnreadable) as caught:
        read_cases(source(*cases), catalogue())
    return [remark.code for remark in caught.value.problems]


def differences(case: str, provision: str = PERMIT) -> dict[str, tuple[str, str]]:
    (result,) = run_cases(agreement(provision), read_cases(source(case), catalogue()), catalogue())
    return {found.what: (found.expected, found.found) for found in result.differences}


def test_a_case_that_is_met_differs_in_nothing() -> None:
    assert differences(CASE) == {}


@pytest.mark.parametrize(
    ("change", "what", "expected", "found"),
    [
        ({"answer": '"withhold"'}, "answer", "withhold", "release"),
        ({"fields": '["drug"]'}, "fields", "drug", "drug, mass_g"),
        ({"withheld": "[]"}, "withheld", "", "place"),
        ({"because": '["1.2"]'}, "because", "1.2", "1.1"),
    ],
)
def test_a_case_that_is_not_met_says_where(change: dict[str, str], what: str, expected: str, found: str) -> None:
    assert differences(changed(CASE, **change)) == {what: (expected, found)}


def test_a_case_may_say_who_has_signed() -> None:
    assert differences(changed(CASE, ask_signed='["ca.cbsa", "us.cbp"]')) == {}
    unsigned = changed(CASE, ask_signed='["ca.cbsa"]', answer='"withhold"', fields="[]")
    unsigned = changed(unsigned, withheld='["drug", "mass_g", "place"]', because='["nothing-in-force"]')
    assert differences(unsigned) == {}


def test_of_a_waiting_case_the_fields_are_those_that_wait() -> None:
    waiting = changed(CASE, answer='"wait"')
    assert differences(waiting, changed(PERMIT, release='"officer"')) == {}
    released = changed(CASE, ask_officers="1")
    assert differences(released, changed(PERMIT, release='"officer"')) == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"because": ""}, "no-because"),
        ({"because": "[]"}, "empty-list"),
        ({"says_es": '""'}, "wrong-type"),
        ({"answer": '"maybe"'}, "unknown-choice"),
        ({"record_kind": '"finds"'}, "unknown-choice"),
        ({"record_values": '{ drug = "Heroin" }'}, "not-its-value"),
        ({"record_values": '{ mass_g = "12 kg" }'}, "not-its-value"),
        ({"record_values": '{ mass_g = "NaN" }'}, "not-its-value"),
        ({"record_values": "{ shoe_size = 44 }"}, "not-its-value"),
        ({"record_values": '{ found_on = "2026-01-01" }'}, "not-its-value"),
        ({"ask_giver": '"ca.nobody"'}, "unknown-choice"),
        ({"ask_purpose": '"curiosity"'}, "unknown-choice"),
        ({"ask_signed": '["ca.nobody"]'}, "unknown-party"),
        ({"ask_signed": "[]"}, "empty-list"),
        ({"ask_on": '"2026-05-02"'}, "wrong-type"),
        ({"fields": '["weight"]'}, "unknown-field"),
        ({"id": ""}, "missing-key"),
    ],
)
def test_a_case_that_cannot_be_judged_is_not_read(change: dict[str, str], code: str) -> None:
    assert code in codes(changed(CASE, **change))


def test_all_problems_are_reported_with_their_case() -> None:
    with pytest.raises(CasesUnreadable, match="3 problems, the first: line 14, column 10, in a-find-goes") as caught:
        read_cases(source(changed(CASE, answer='"maybe"'), changed(CASE, because="")), catalogue())
    assert {remark.code for remark in caught.value.problems} == {"unknown-choice", "no-because", "repeated-id"}


def test_a_file_holds_cases_and_nothing_else() -> None:
    assert codes('name = "x"', CASE) == ["unknown-key"]
    assert codes("case = []") == ["empty-list"]
    assert codes("") == ["missing-key"]
