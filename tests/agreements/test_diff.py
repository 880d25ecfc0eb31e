"""What a new version changes, in words: one paragraph for each change, in three languages, kept as files to read.

`ENTENTE_WRITE_SNAPSHOTS=1` writes them again; read what changed in them, in each language, before it is committed.
"""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agreements.parts import FULL, HEAD, HERE, PERMIT, THERE, agreement, catalogue, changed, record
from entente.agreements import Agreement, read_agreement
from entente.agreements.comparing.affected import affected
from entente.agreements.comparing.changes import Comparison, compare
from entente.agreements.comparing.comparison_words import change_paragraphs, paragraphs
from entente.cli.house import catalogue as house_catalogue
from entente.vocabulary import LANGUAGES, phrasebook

SNAPSHOTS = Path(__file__).parent / "snapshots"
NAME = "seized-drug-samples"


def shipped() -> Comparison:
    """The model as it was first shipped, beside a second version that changes something of every sort."""
    texts = [(SNAPSHOTS / f"{NAME}-v{version}.toml").read_bytes() for version in (1, 2)]
    old, new = (read_agreement(text, house_catalogue()) for text in texts)
    return compare(old, new, house_catalogue())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_version_reads_as_one_plain_paragraph_per_change(language: str) -> None:
    said = "\n\n".join(paragraphs(shipped(), house_catalogue(), phrasebook(language))) + "\n"
    file = SNAPSHOTS / f"{NAME}-v2.{language}.txt"
    if os.environ.get("ENTENTE_WRITE_SNAPSHOTS"):
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")


def test_the_second_version_changes_something_of_every_sort() -> None:
    found = shipped()
    assert {one.what.change for one in found.changes} == {"ends", "barred", "narrows", "begins", "unbarred", "handled"}
    assert found.without_effect.reworded == ("2.1",)


def said(old: Agreement, new: Agreement) -> list[str]:
    return paragraphs(compare(old, new, catalogue()), catalogue(), phrasebook("en"))


def second(*provisions: str, **lines: str) -> Agreement:
    first = agreement(PERMIT)
    return agreement(*provisions, head=changed(HEAD, version="2", predecessor=f'"{first.digest}"', **lines))


def test_the_same_text_and_the_same_provisions() -> None:
    assert said(agreement(PERMIT), agreement(PERMIT)) == ["Both are the same text."]
    assert said(agreement(PERMIT), second(PERMIT)) == [
        "Who gives what to whom, for what and on which terms stays as it is."
    ]


def test_a_text_that_does_not_name_the_earlier_one_does_not_stand_in_its_place() -> None:
    other = replace(second(PERMIT), predecessor=f"sha256:{'0' * 64}")
    assert said(agreement(PERMIT), other)[0].startswith("The new text does not name the earlier one")


def test_a_renewal_says_its_days_once_and_nothing_of_what_it_keeps() -> None:
    first, *rest = said(agreement(PERMIT), second(PERMIT, valid_from="2029-01-01", valid_until="2031-12-31"))
    assert "valid from January 1, 2029 until December 31, 2031" in first
    assert rest == ["Who gives what to whom, for what and on which terms stays as it is."]


def test_a_new_party_and_who_left() -> None:
    found = said(agreement(PERMIT), second(PERMIT, parties='["ca.cbsa", "us.cbp", "us.dea"]'))
    assert found[0] == "New parties: U.S. Drug Enforcement Administration."
    back = said(second(PERMIT, parties='["ca.cbsa", "us.cbp", "us.dea"]'), agreement(PERMIT))
    assert "No longer parties: U.S. Drug Enforcement Administration." in back


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({"release": '"officer"'}, "It goes once an officer has released it. Before, no officer was needed."),
        ({"duties": "{ retain_days = 30, feedback_days = 30 }"}, "may keep it for 30 days. Before: 365 days."),
        ({"duties": "{ feedback_days = 30 }"}, "How long the receiver may keep it is no longer limited."),
        ({"duties": "{ retain_days = 365 }"}, "The receiver no longer has to say what it was good for."),
        ({"caveats": '["no-onward", "not-evidence"]'}, "Caveats that are new: not to be used as evidence."),
        ({"caveats": ""}, "Caveats that no longer hold: not to be passed on"),
        ({"legal_bases": '["ca.privacy-act-8-2-f"]'}, "Legal bases that are new: Privacy Act (Canada)"),
        ({"release": '"officer"', "training_days": "30"}, "within so many days: 30."),
        ({"when": '[{ field = "mass_g", at_least = 10 }]'}, "A new condition: mass_g is 10 or more."),
        ({"valid_until": "2027-06-30"}, "This is so from July 1, 2027 on."),
        ({"occasion": '"on-request"'}, "This is about what goes without a request and on a hit"),
        ({"purposes": '["statistics"]'}, "The receiver may no longer use it for criminal investigation."),
        ({"on_behalf_of": '["us.cbp"]'}, "no longer gives"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_changes_is_said(lines: dict[str, str], sentence: str) -> None:
    assert sentence in " ".join(said(agreement(PERMIT), second(changed(PERMIT, **lines))))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('mass_g", at_least = 0.1, unit = "kg"', 'mass_g", at_least = 50', "50 or more. 0.1 kg becomes 50."),
        ('drug", controlled_in = "nl", on = "found_on"', 'drug", controlled_in = "nl"',
         "of: Netherlands. Before: drug was, on the day “found_on”, on a list of controlled substances of: Neth"),
        ('mass_g", at_least = 10', 'mass_g", at_most = 10', "mass_g is 10 or less. Before: mass_g is 10 or more."),
    ],
)  # fmt: skip
def test_a_condition_that_asks_for_something_else_says_what_it_asked_for(old: str, new: str, sentence: str) -> None:
    first, other = (changed(PERMIT, when=f'[{{ field = "{one} }}]') for one in (old, new))
    found = " ".join(
        paragraphs(compare(agreement(first), agreement(other), catalogue()), catalogue(), phrasebook("en"))
    )
    assert "A condition changes: " in found
    assert sentence in found
    assert "A new condition" not in found


def test_a_forbid_tells_the_end_of_what_it_forbids() -> None:
    forbid = """
    [[provision]]
    id = "2.1"
    reference = "art. 2"
    text.en = "."
    effect = "forbid"
    fields = ["find.drug"]
    kinds = ["find"]
    """
    (only,) = said(agreement(PERMIT), second(PERMIT, forbid))
    assert only.startswith("From now on, whatever the agreement, the Canada Border Services Agency and U.S. Customs")
    assert "must not give each other, for any purpose, one field" in only
    assert "What the earlier version gave of it ends." in only


def test_who_has_no_word_within_a_sentence_is_called_by_the_label(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = changed(PERMIT, purposes='["statistics"]')
    words = catalogue().vocabulary
    lists = {name: found for name, found in words.lists.items() if name not in ("party-giving", "purpose-served")}
    bare = replace(catalogue(), vocabulary=replace(words, lists=lists))
    found = compare(agreement(plain), second(changed(plain, giver='["us.cbp"]', receiver='["ca.cbsa"]')), bare)
    assert any(
        one.startswith("U.S. Customs and Border Protection now gives the Canada Border")
        for one in change_paragraphs(found, bare, phrasebook("en"))
    )


def test_records_are_counted_by_change_and_only_where_they_change() -> None:
    found = compare(
        agreement(PERMIT),
        second(changed(PERMIT, when='[{ field = "mass_g", at_least = 10 }]')),
        catalogue(),
    )
    light = {**FULL, "mass_g": Decimal("9.9")}
    records = [record(), record(light), record({"number": "1", "notes": "none of what goes"})]
    (one,) = affected(records, HERE, found, catalogue())
    assert (one.count, len(one.samples)) == (1, 1)
    (nothing,) = affected(records, THERE, found, catalogue())
    assert nothing.count == 0


def test_records_newer_than_the_change_are_counted_as_of_a_later_day() -> None:
    """On its first day nothing of what is to come lies so many days back."""
    found = compare(
        agreement(PERMIT),
        second(changed(PERMIT, when='[{ field = "found_on", age_days_at_most = 30 }]')),
        catalogue(),
    )
    (first,) = affected([record()], HERE, found, catalogue())
    day = FULL["found_on"]
    assert isinstance(day, date)
    (later,) = affected([record()], HERE, found, catalogue(), on=day)
    assert (first.day, later.day) == (found.changes[0].first, day)
    assert (first.count, later.count) == (1, 0)
    (past,) = affected([record()], HERE, found, catalogue(), on=date(1999, 1, 1))
    assert past.day == found.changes[0].first


def test_one_change_names_only_what_changed_in_every_combination() -> None:
    """Two purposes gain different fields: two changes, not one that claims both fields for both."""
    first = changed(PERMIT, fields='["find.drug"]')
    other = changed(PERMIT, id='"1.1"', fields='["find.drug"]')
    added = [
        changed(PERMIT, id='"1.2"', fields='["find.border"]', purposes='["statistics"]'),
        changed(PERMIT, id='"1.3"', fields='["find.place"]', purposes='["investigation"]'),
    ]
    found = compare(agreement(first), second(other, *added), catalogue())
    begins = {(one.fields, one.purposes) for one in found.changes if one.what.change == "begins"}
    assert begins == {
        ((("find", "border"),), ("statistics",)),
        ((("find", "place"),), ("investigation",)),
    }
    assert all(one.first == date(2026, 1, 1) for one in found.changes)
