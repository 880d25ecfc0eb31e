"""One value, one byte sequence: RFC 8785 in the subset that needs no number formatting."""

import json
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.signing import Json, NotCanonical, canonical, parse

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


LARGEST = 2**53 - 1
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAME = st.text(st.characters(min_codepoint=0, max_codepoint=127))
VALUE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAME, inner, max_size=4),
    max_leaves=20,
)


@UNHURRIED
@given(VALUE)
def test_the_bytes_are_those_of_another_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@UNHURRIED
@given(VALUE)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert parse(canonical(value)) == value


@UNHURRIED
@given(st.binary(max_size=60))
def test_bytes_that_are_read_are_the_bytes_of_their_value(data: bytes) -> None:
    try:
        value = parse(data)
    except NotCanonical:
        return
    assert canonical(value) == data


def test_the_strings_of_rfc_8785_section_3_2_2_2() -> None:
    """The example's string and literals; its numbers are outside the subset."""
    value: Any = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    expected = b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical(value) == expected


def test_the_ascii_names_of_rfc_8785_section_3_2_3_are_sorted() -> None:
    value: Any = {"1": "One", "\r": "Carriage Return", "</script>": "Browser Challenge", "a": 1}
    assert list(json.loads(canonical(value))) == ["\r", "1", "</script>", "a"]


def test_a_read_only_mapping_and_a_tuple_are_written_as_object_and_list() -> None:
    frozen: Json = MappingProxyType({"b": (1, MappingProxyType({})), "a": None})
    assert canonical(frozen) == b'{"a":null,"b":[1,{}]}'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        LARGEST + 1,
        -LARGEST - 1,
        b"bytes",
        {"caf\u00e9": 1},
        {1: "x"},
        {"a": {"b": [object()]}},
        "\ud800",
        {1, 2},
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_the_message_names_the_place() -> None:
    with pytest.raises(NotCanonical, match=r"\$\.a\.b\[1\]"):
        canonical({"a": {"b": [1, 1.5]}})  # type: ignore[list-item]  # that is the point


def test_deep_nesting_is_refused_before_it_exhausts_the_stack() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonical):
        canonical(deep)
    with pytest.raises(NotCanonical):
        parse(b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\ud800"',
        b" 1",
        b"1\n",
        b"\xef\xbb\xbf1",
        b'"\xff"',
        '"x"'.encode("utf-16"),
        b"",
        b"9007199254740992",
        b"1" * 5000,
        b'{"caf\xc3\xa9":1}',
    ],
)
def test_other_spellings_of_a_value_are_refused(data: bytes) -> None:
    """A signature over the value must be a signature over the bytes."""
    with pytest.raises(NotCanonical):
        parse(data)
