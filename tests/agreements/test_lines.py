"""Where a remark points: line and column hold exactly what it is about, also inside lists and conditions."""

from pathlib import Path
from random import Random

import pytest

from agreements.parts import HEAD, PERMIT, catalogue, changed, source
from entente.agreements import (
    AgreementUnreadable,
    CasesUnreadable,
    Remark,
    check,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
)
from entente.agreements.texts.lines import Lines
from entente.agreements.texts.lines import Path as Way
from entente.agreements.texts.sayings_of_text import TEXT
from entente.agreements.texts.tables import Page, Table
from entente.workstreams import ALL, build_catalogue

OVER_SEVERAL_LINES = """[
    # finds at the border
    { field = "border", equals = "north" },  # as the ministers said
    { field = "mass_g", %s },
]"""
CASE = """
    [[case]]
    id = "a"
    says = { en = "A.", fr = "A.", es = "A." }
    record.kind = "find"
    record.values.border = "north"
    ask.giver = "ca.cbsa"
    ask.receiver = "us.cbp"
    ask.purpose = "statistics"
    ask.occasion = "standing"
    ask.on = 2026-05-02
    answer = "release"
    fields = ["border"]
    because = ["1.1"]
"""


def at(data: bytes, remark: Remark) -> str:
    """The rest of the line from where `remark` points to."""
    assert remark.line is not None, remark
    assert remark.column is not None, remark
    return data.decode("utf-8").split("\n")[remark.line - 1][remark.column - 1 :]


def refusals(data: bytes) -> tuple[Remark, ...]:
    with pytest.raises(AgreementUnreadable) as caught:
        read_agreement(data, catalogue())
    return caught.value.problems


@pytest.mark.parametrize(
    ("change", "code", "pointed_at"),
    [
        ({"fields": '["find.border", "class:subtsance"]'}, "unknown-class", '"class:subtsance"]'),
        ({"fields": '["find.border", "find.shoe_size"]'}, "unknown-field", '"find.shoe_size"'),
        ({"fields": '[\n    "find.border",\n    "drug",\n]'}, "bad-selector", '"drug",'),
        ({"fields": '["find.drug", "find.border", "find.drug"]'}, "repeated", '"find.drug"]'),
        ({"fields": "[]"}, "empty-list", "[]"),
        ({"kinds": '["find", "finds"]'}, "unknown-kind", '"finds"'),
        ({"purposes": '["statistics", "curiosity"]'}, "unknown-purpose", '"curiosity"'),
        ({"giver": '["ca.cbsa", "us.dea"]'}, "not-a-party", '"us.dea"'),
        ({"duties": "{ retain_days = 3, keep_days = 3 }"}, "unknown-duty", "keep_days = 3"),
        ({"duties": "{ feedback_days = 3, retain_days = 0 }"}, "not-days", "retain_days = 0"),
        ({"effect": '"allow"'}, "unknown-choice", '"allow"'),
        ({"retain_days": "30"}, "unknown-key", "retain_days = 30"),
        ({"scope": '"all-partners"'}, "not-in-a-permit", 'scope = "all'),
        ({"reference": ""}, "missing-key", "[[provision]]"),
        ({"reference": "7"}, "wrong-type", "7"),
        ({"id": '"one one"'}, "bad-id", '"one one"'),
        ({"when": OVER_SEVERAL_LINES % 'at_least = "1"'}, "wrong-value", '"1" }'),
        ({"when": OVER_SEVERAL_LINES % "at_least = 1, colour = 1"}, "unknown-key", "colour = 1"),
        ({"when": OVER_SEVERAL_LINES % "listed_in = 'cdsa'"}, "not-comparable", '"mass_g"'),
        ({"when": '[{ field = "drug", listed_in = "cdsa" }]'}, "unknown-list", '"cdsa"'),
        ({"when": '[{ field = "border", one_of = ["north", "North"] }]'}, "unknown-code", '"North"'),
        ({"when": '[{ field = "border", equals = true }]'}, "wrong-value", "true"),
        ({"valid_from": "2027-01-01", "valid_until": "2026-12-31"}, "dates-reversed", "2026-12-31"),
        ({"text_en": '"""Fi\u200bnds."""'}, "hidden-character", "\u200bnds"),
        ({"reference": '""'}, "empty-text", '""'),
        ({"id": '"1.1"'}, "repeated-id", '"1.1"'),
        ({"effect": '"forbid"'}, "not-in-a-forbid", "occasion = "),
        ({"effect": '"forbid"', "kinds": "", "when": "[]"}, "kinds-needed", "[]"),
        ({"caveats": '["no-onward", "be-nice"]'}, "unknown-caveat", '"be-nice"'),
        ({"legal_bases": '["nowhere"]'}, "unknown-legal-basis", '"nowhere"'),
        ({"fields": '["find.border", "clinic-count.visits"]'}, "kind-not-named", '"clinic-count.visits"'),
        ({"giver": '["ca.cbsa", "role:king"]'}, "unknown-role", '"role:king"'),
        ({"receiver": '["us.cbp", "role:health"]'}, "role-of-nobody", '"role:health"'),
        ({"on_behalf_of": '["us.dea"]'}, "not-a-signatory", '"us.dea"'),
        ({"on_behalf_of": '["us.cbp", "ca.cbsa"]'}, "gives-its-own", '"ca.cbsa"'),
        ({"training_days": "30"}, "training-of-nobody", "30"),
        ({"occasion": '"emergency"'}, "emergency-waits", '"automatic"'),
        ({"occasion": '"emergency"'}, "emergency-is-rescue", "["),
        ({"when": OVER_SEVERAL_LINES % "at_least = 1, at_most = 2"}, "one-test", '{ field = "mass_g"'),
        ({"when": '[{ field = "mass", at_least = 1 }]'}, "unknown-condition-field", '"mass"'),
        ({"when": OVER_SEVERAL_LINES % 'at_least = 1, on = "found_on"'}, "on-without-list", '"found_on"'),
        ({"when": '[{ field = "drug", listed_in = "watched", on = "border" }]'}, "on-not-a-day", '"border"'),
        ({"when": '[{ field = "notes", is_present = false }]'}, "only-true", "{ field"),
        ({"effect": '"forbid"', "when": '[{ field = "notes", is_present = true }]'}, "presence-in-a-forbid", "{ field"),
        ({"when": '[{ field = "consent", consent_given = false }]'}, "only-given", "{ field"),
        ({"when": '[{ field = "border", consent_given = true }]'}, "needs-list", '"border"'),
        ({"when": OVER_SEVERAL_LINES % 'at_least = 1, unit_in = "notes"'}, "unit-missing", '"notes"'),
        ({"when": '[{ field = "border", equals = "north", unit = "kg" }]'}, "unit-without-amount", '"kg"'),
        ({"when": '[{ field = "worth", at_least = 1, unit = "cad" }]'}, "unit-in-needed", '"cad"'),
        ({"when": OVER_SEVERAL_LINES % 'at_least = 1, unit = "ml"'}, "unit-does-not-fit", '"ml"'),
        (
            {"when": '[{ field = "worth", at_least = 1, unit = "cad", unit_in = "told_at" }]'},
            "unit-in-not-a-field",
            '"told_at"',
        ),
        ({"when": '[{ field = "drug", controlled_in = "atlantis" }]'}, "no-list-of-country", '"atlantis"'),
    ],
)
def test_a_problem_of_a_provision_is_pointed_at(change: dict[str, str], code: str, pointed_at: str) -> None:
    data = source(HEAD, PERMIT, changed(PERMIT, **{"id": '"1.2"', **change}))
    found = [remark for remark in refusals(data) if remark.code == code]
    assert any(at(data, remark).startswith(pointed_at) for remark in found)


@pytest.mark.parametrize(
    ("change", "code", "pointed_at"),
    [
        ({"parties": '["ca.cbsa", "us.cbp", "xx.nobody"]'}, "unknown-party", '"xx.nobody"'),
        ({"zone": '"Toronto"'}, "unknown-zone", '"Toronto"'),
        ({"authoritative": '["en", "fr"]'}, "missing-language", "title.en"),
        ({"title_fr": "3"}, "wrong-type", "3"),
        ({"version": "0"}, "too-small", "0"),
        ({"signed": "true"}, "unknown-key", "signed = true"),
        ({"name": '"The Name"'}, "bad-name", '"The Name"'),
        ({"parties": '["ca.cbsa"]'}, "one-party", "["),
        ({"also_signed_by": '["us.dea", "us.cbp"]'}, "signs-twice", '"us.cbp"'),
        ({"authoritative": '["en", "nl"]'}, "unknown-language", '"nl"'),
        ({"predecessor": '"sha256:00"'}, "first-with-predecessor", '"sha256:00"'),
        ({"version": "2", "predecessor": '"sha256:00"'}, "not-a-digest", '"sha256:00"'),
    ],
)
def test_a_problem_of_the_head_is_pointed_at(change: dict[str, str], code: str, pointed_at: str) -> None:
    data = source(changed(HEAD, **change), PERMIT)
    found = [remark for remark in refusals(data) if remark.code == code]
    assert at(data, found[0]).startswith(pointed_at)


@pytest.mark.parametrize(
    ("change", "code", "pointed_at"),
    [
        ({"record_kind": '"finds"'}, "unknown-choice", '"finds"'),
        ({"record_colour": '"red"'}, "unknown-key", 'colour = "red"'),
        ({"ask_purpose": '"curiosity"'}, "unknown-choice", '"curiosity"'),
        ({"ask_officers": "3"}, "wait-needs-officers", "3"),
        ({"fields": '["border", "bordre"]'}, "unknown-field", '"bordre"'),
        ({"record_values_border": '"West"'}, "not-its-value", '"West"'),
        ({"because": ""}, "no-because", "[[case]]"),
    ],
)
def test_a_problem_of_a_golden_decision_is_pointed_at(change: dict[str, str], code: str, pointed_at: str) -> None:
    data = source(CASE, changed(CASE, **{"id": '"b"', **change}))
    with pytest.raises(CasesUnreadable) as caught:
        read_cases(data, catalogue())
    (found,) = [remark for remark in caught.value.problems if remark.code == code]
    assert at(data, found).startswith(pointed_at)


def test_what_check_thinks_odd_is_pointed_at() -> None:
    data = source(HEAD, changed(PERMIT, fields='["class:substance", "class:quantity", "class:contact"]', duties=""))
    found = {remark.code: at(data, remark) for remark in check(data, catalogue()) if remark.line}
    assert found["selects-nothing"].startswith('"class:contact"')
    assert found["no-retention"].startswith("[[provision]]")


@pytest.mark.parametrize(
    ("data", "code", "pointed_at"),
    [
        (source(HEAD, PERMIT, 'id = "again"'), "not-toml", (28, 13)),
        (source(HEAD, "giver = [1,,2]"), "not-toml", (12, 12)),
        (source(HEAD, 'text = "no end'), "not-toml", (12, 15)),
        (source(HEAD, "zone"), "not-toml", (12, 5)),
        (b"a = 1\nb = \xff", "not-utf8", (2, 5)),
    ],
)
def test_bytes_that_are_no_toml_are_pointed_at(data: bytes, code: str, pointed_at: tuple[int, int]) -> None:
    (found,) = refusals(data)
    assert (found.code, found.line, found.column) == (code, *pointed_at)
    assert "line" not in found.values.get("why", "")


@pytest.mark.parametrize("number", range(40))
def test_a_mistake_anywhere_in_a_model_is_pointed_at(number: int) -> None:
    """Any one text in any list of any model, written wrong: the remark stands on it."""
    rng = Random(number)
    texts = [model_bytes(name).decode("utf-8").split("\n") for name in model_names()]
    rows, row = rng.choice(
        [(rows, place) for rows in texts for place, line in enumerate(rows) if line.startswith('    "')]
    )
    wrong = rows[row].replace('"', '"no-such-', 1)
    broken = "\n".join([*rows[:row], wrong, *rows[row + 1 :]]).encode()
    with pytest.raises(AgreementUnreadable) as caught:
        read_agreement(broken, build_catalogue(ALL))
    assert [at(broken, remark) for remark in caught.value.problems if remark.line == row + 1] == [wrong.strip()]


@pytest.mark.parametrize(
    ("text", "path", "pointed_at"),
    [
        ("[[a]]\n[[a]]\nb.c = 1", ("a", 1, "b", "c"), "1"),
        ("[[a]]\n[a.b]\nc = [1, [2, 3]]", ("a", 0, "b", "c", 1, 1), "3]]"),
        ("[[a]]\n[[a.b]]\n[[a.b]]\nx = 1", ("a", 0, "b", 1, "x"), "1"),
        ("[[a]]\nt = '''\n[[a]]\nc = 0\n'''\nc = 2 # [[a]]", ("a", 0, "c"), "2 # [[a]]"),
        ('[[a]]\nt = """\nc = \\"\\"\\"\n"""""\nc = 2', ("a", 0, "c"), "2"),
        ("[[a]]\r\nb = 1\r\nc = 2\r\n", ("a", 0, "c"), "2"),
        ('[[a]]\n"x y" = { "in" = 1979-05-27 07:32:00, z = [ ] }', ("a", 0, "x y", "z"), "[ ] }"),
    ],
)
def test_every_way_of_writing_a_table_is_followed(text: str, path: Way, pointed_at: str) -> None:
    lines = Lines(text)
    spot = lines.spot(str(path[0]), int(path[1]), path[2:])
    assert spot is not None
    assert text.replace("\r\n", "\n").split("\n")[spot.line - 1][spot.column - 1 :] == pointed_at
    assert lines.of(str(path[0]), int(path[1]), str(path[2])) is not None


def test_two_items_that_read_alike_are_told_apart() -> None:
    data = b'[[p]]\nwhen = [\n  { field = "a", of = 1 },\n  { field = "a", off = 1 },\n]\n'
    page = Page(data)
    table = Table(page, page.head["p"][0], "p", 0)
    table.item("when", 1).note("unknown-choice", "when", value="a")
    table.item("when", 1).note("unknown-key", "when.off")
    assert [(found.line, found.column) for found in page.remarks] == [(4, 13), (4, 18)]


WITHOUT_A_PLACE = {"too-large"}


def test_every_code_of_a_reader_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    untried = {code for code in TEXT if f'"{code}", ' not in tried and f'"{code}",\n' not in tried}
    assert untried - WITHOUT_A_PLACE == set()
