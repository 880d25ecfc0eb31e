"""`name=value` becomes an argument of the right type, or an error that names what is allowed."""

from datetime import date
from decimal import Decimal

import pytest

from analysis.weighings import SUMS
from entente.analysis import (
    Argument,
    NotAllowed,
    NotOfType,
    ParameterSetTwice,
    UnknownParameter,
    argument_text,
    parse_parameters,
)
from entente.vocabulary import house_vocabulary

WORDS = house_vocabulary()


def test_what_is_not_set_has_its_default() -> None:
    assert parse_parameters(SUMS, [], WORDS) == {
        "drug": None,
        "every": "year",
        "top": 10,
        "at_least_g": Decimal(0),
        "from": None,
        "place": None,
    }


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("drug=lsd", "drug", ("lsd",)),
        ("drug=lsd, khat,lsd", "drug", ("lsd", "khat")),
        ("every=month", "every", "month"),
        ("top=3", "top", 3),
        ("at_least_g=0.5", "at_least_g", Decimal("0.5")),
        (" from = 2024-10-01 ", "from", date(2024, 10, 1)),
        ("place=a=b", "place", "a=b"),
    ],
)
def test_a_value_is_read_as_its_type(text: str, name: str, value: Argument) -> None:
    assert parse_parameters(SUMS, [text], WORDS)[name] == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("drug=fentanil", "cocaine, fentanyl"),
        ("drug=", "cocaine, fentanyl"),
        ("drug=lsd,", "cocaine, fentanyl"),
        ("every=week", "month, year"),
        ("every=month,year", "month, year"),
    ],
)
def test_a_value_that_is_not_allowed_is_answered_with_those_that_are(text: str, says: str) -> None:
    with pytest.raises(NotAllowed, match=says):
        parse_parameters(SUMS, [text], WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "top=three",
        "top=-1",
        "top=1.5",
        "top=",
        "at_least_g=1,5",
        "at_least_g=-1",
        "at_least_g=nan",
        "from=2024-13-01",
        "from=01/10/2024",
        "from=20241001",
        "place=",
    ],
)
def test_a_value_of_another_type_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(NotOfType, match="Write it like"):
        parse_parameters(SUMS, [text], WORDS)


@pytest.mark.parametrize("text", ["colour=red", "drug", "", "=lsd", "Drug=lsd"])
def test_an_unknown_parameter_is_answered_with_the_known_ones(text: str) -> None:
    with pytest.raises(UnknownParameter, match="drug, every, top"):
        parse_parameters(SUMS, [text], WORDS)


def test_a_parameter_is_set_once() -> None:
    with pytest.raises(ParameterSetTwice, match="drug"):
        parse_parameters(SUMS, ["drug=lsd", "drug=khat"], WORDS)


def test_an_argument_is_written_as_it_was_read() -> None:
    arguments = parse_parameters(SUMS, ["drug=lsd,khat", "from=2024-10-01", "top=3"], WORDS)
    assert argument_text(arguments["drug"]) == "lsd,khat"
    assert argument_text(arguments["from"]) == "2024-10-01"
    assert argument_text(arguments["top"]) == "3"
    assert argument_text(arguments["place"]) == ""
