"""The schemas beside the readers: what can be read is valid, and editors are told about every key."""

import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any
from zoneinfo import available_timezones

import pytest
from jsonschema import Draft202012Validator

from agreements import parts, worlds
from agreements.toml_text import as_editors_see_it, readable, toml, values_of
from entente.agreements import (
    TESTS,
    AgreementUnreadable,
    CasesUnreadable,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
)
from entente.agreements.texts.case_text import ASK_KEYS, CASE_KEYS, RECORD_KEYS
from entente.agreements.texts.condition_text import CONDITION_KEYS
from entente.agreements.texts.provision_text import PROVISION_KEYS
from entente.agreements.texts.schema import Schema, agreement_schema, cases_schema
from entente.agreements.texts.text import HEAD_KEYS
from entente.records import Catalogue
from entente.vocabulary import LANGUAGES, phrasebook
from entente.workstreams import ALL, build_catalogue

ENGLISH = phrasebook("en")
ODD: tuple[Any, ...] = (None, "", "x", 0, 3, True, -1, Decimal("0.5"), [], ["x"], {}, {"x": 1}, date(2026, 5, 1))


@cache
def whole_catalogue() -> Catalogue:
    return build_catalogue(ALL)


@cache
def of_agreements(catalogue: Callable[[], Catalogue]) -> Draft202012Validator:
    return checked(agreement_schema(catalogue(), ENGLISH, available_timezones()))


@cache
def of_cases(catalogue: Callable[[], Catalogue]) -> Draft202012Validator:
    return checked(cases_schema(catalogue(), ENGLISH))


def checked(schema: Schema) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def is_valid(schema: Draft202012Validator, data: bytes) -> bool:
    return bool(schema.is_valid(as_editors_see_it(tomllib.loads(data.decode(), parse_float=Decimal))))


def is_agreement(data: bytes, catalogue: Catalogue) -> bool:
    try:
        read_agreement(data, catalogue)
    except AgreementUnreadable:
        return False
    return True


def is_cases(data: bytes, catalogue: Catalogue) -> bool:
    try:
        read_cases(data, catalogue)
    except CasesUnreadable:
        return False
    return True


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in `value` with each of its keys or numbers."""
    if isinstance(value, (dict, list)):
        for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, key
            yield from places(inner)


def mutated(rng: Random, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with one thing changed: taken out, put in, or something odd in its place."""
    found = deepcopy(values)
    holder, key = rng.choice(list(places(found)))
    odd = rng.choice(ODD)
    if odd is None:
        del holder[key]
    elif isinstance(holder, dict) and rng.random() < 0.2:
        holder[rng.choice((*PROVISION_KEYS, *HEAD_KEYS, *TESTS, "odd"))] = odd
    elif isinstance(holder[key], str) and rng.random() < 0.5:
        holder[key] += rng.choice(("x", "-2", " "))
    else:
        holder[key] = odd
    return found


@pytest.mark.parametrize("name", model_names())
def test_the_models_are_valid(name: str) -> None:
    for schema, file in (
        (of_agreements(whole_catalogue), "agreement.toml"),
        (of_cases(whole_catalogue), "decisions.toml"),
    ):
        text = tomllib.loads(model_bytes(name, file).decode(), parse_float=Decimal)
        assert [error.message for error in schema.iter_errors(as_editors_see_it(text))] == []


def test_what_can_be_read_is_valid_in_generated_worlds() -> None:
    schema, number, refused = of_agreements(parts.catalogue), 0, 0
    for seed in range(200):
        rng = Random(seed)
        text = values_of(readable(worlds.agreement(rng)))
        data = toml(mutated(rng, text) if seed % 2 else text)
        if is_agreement(data, parts.catalogue()):
            assert is_valid(schema, data), data.decode()
            number += 1
        refused += not is_valid(schema, data)
    assert number > 50
    assert refused > 50


@pytest.mark.parametrize("name", model_names())
def test_what_the_schema_of_agreements_refuses_cannot_be_read(name: str) -> None:
    schema, refused, catalogue = of_agreements(whole_catalogue), 0, whole_catalogue()
    values = tomllib.loads(model_bytes(name).decode(), parse_float=Decimal)
    for seed in range(40):
        data = toml(mutated(Random(seed), values))
        is_good = is_valid(schema, data)
        assert is_good or not is_agreement(data, catalogue), data.decode()
        refused += not is_good
    assert refused > 10


@pytest.mark.parametrize("name", model_names())
def test_what_the_schema_of_golden_decisions_refuses_cannot_be_read(name: str) -> None:
    schema, refused, catalogue = of_cases(whole_catalogue), 0, whole_catalogue()
    values = tomllib.loads(model_bytes(name, "decisions.toml").decode(), parse_float=Decimal)
    for seed in range(40):
        one = {"case": [Random(seed).choice(values["case"])]}
        data = toml(mutated(Random(seed), one))
        is_good = is_valid(schema, data)
        assert is_good or not is_cases(data, catalogue), data.decode()
        refused += not is_good
    assert refused > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_described_and_has_a_form(language: str) -> None:
    """A key that the readers know and the schema does not would be completed without a word."""
    book = phrasebook(language)
    agreement: Any = agreement_schema(parts.catalogue(), book, ["UTC"])
    cases: Any = cases_schema(parts.catalogue(), book)
    case = cases["properties"]["case"]["items"]["properties"]
    objects = (
        (HEAD_KEYS, agreement["properties"]),
        (PROVISION_KEYS, agreement["$defs"]["provision"]["properties"]),
        (CONDITION_KEYS, agreement["$defs"]["condition"]["properties"]),
        (CASE_KEYS, case),
        (RECORD_KEYS, case["record"]["properties"]),
        (ASK_KEYS, case["ask"]["properties"]),
    )
    for keys, properties in objects:
        assert [*keys] == [*properties]
        for key in keys:
            assert properties[key]["description"]
            assert len(properties[key]) > 1, key


def test_editors_are_offered_the_words_of_the_catalogue_with_their_labels() -> None:
    schema: Any = agreement_schema(whole_catalogue(), phrasebook("fr"), ["UTC"])
    parties = schema["$defs"]["list-party"]
    assert dict(zip(parties["enum"], parties["x-taplo"]["docs"]["enumValues"], strict=True))["ca.cbsa"].startswith(
        "Agence"
    )
    assert {"class:substance", "seizure-total.drug"} <= {*schema["$defs"]["selector"]["enum"]}
    assert "role:health" in schema["$defs"]["actor"]["anyOf"][1]["enum"]
