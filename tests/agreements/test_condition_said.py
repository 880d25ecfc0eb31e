"""What a condition asks, in words: a test that is made on another day says on which."""

from decimal import Decimal

import pytest

from entente.agreements import model_bytes, read_agreement
from entente.agreements.deciding.conditions import ON_A_DAY, Condition
from entente.agreements.telling.condition_said import condition_said, conditions_said
from entente.agreements.telling.explain import Words
from entente.agreements.telling.unmet import unmet_sentence
from entente.vocabulary import phrasebook
from entente.workstreams import ALL, build_catalogue

LISTED, CHILD = b'listed_in = "ca.cdsa", on = "seized_on"', b"is_minor = true"
WRITTEN = {
    ("seized-drug-samples", "1.1", LISTED): [
        b'listed_in = "ca.cdsa"', b'not_listed_in = "us.csa"', b'controlled_in = "ca"',
    ],
    ("tribal-police-neighbours", "2.2", CHILD): [b"is_minor = true", b"is_minor = false"],
}  # fmt: skip
DAYS = {"seized_on": "“Date of seizure”", "occurred_on": "“Date of the occurrence”"}


@pytest.mark.parametrize(("at", "test"), [(at, test) for at, tests in WRITTEN.items() for test in tests])
def test_a_condition_on_another_day_names_the_day(at: tuple[str, str, bytes], test: bytes) -> None:
    name, provision_id, old = at
    day = "seized_on" if old == LISTED else "occurred_on"
    house = build_catalogue(ALL)
    source = model_bytes(name).replace(old, test + f', on = "{day}"'.encode())
    provision = read_agreement(source, house).provision(provision_id)
    assert provision is not None
    (said,) = conditions_said(provision, house, phrasebook("en"))
    assert DAYS[day] in said


def test_every_test_that_can_be_made_on_another_day_was_tried() -> None:
    tried = {test.split(b" = ")[0].decode() for tests in WRITTEN.values() for test in tests}
    assert tried == {*ON_A_DAY}


@pytest.mark.parametrize(("language", "number"), [("en", "0.05"), ("fr", "0,05"), ("es", "0.05")])
def test_a_number_is_written_as_its_readers_write_it_also_where_it_is_not_reached(language: str, number: str) -> None:
    house = build_catalogue(ALL)
    vocabulary, book = house.vocabulary, phrasebook(language)
    condition = Condition(field="mass_g", test="at_least", value=Decimal("0.05"), unit="kg")
    words = Words(vocabulary, book, {"kind": "seizure"})
    assert f"{number} kg" in condition_said(condition, house.kinds["seizure"], vocabulary, words)
    unmet = {**condition.to_json(), "vocabulary": "", "is_known": True}
    assert f"{number} kg" in unmet_sentence({"code": "condition", **unmet}, words)
