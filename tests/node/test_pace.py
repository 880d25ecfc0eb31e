"""How often somebody may do something within a while."""

from datetime import datetime, timedelta

import pytest

from entente.node.pace import FAILURES, Pace, Paces, TooManyFailures, TooManySearches
from node.people_given import START


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_so_many_within_the_span_and_one_more_when_the_first_is_old() -> None:
    pace = Pace(2, timedelta(minutes=10))
    assert [pace.take("a", at(minute)) for minute in (0, 4)] == [None, None]
    assert pace.take("a", at(5)) == timedelta(minutes=5)
    assert pace.take("b", at(5)) is None
    assert pace.take("a", at(10)) is None
    assert pace.take("a", at(10)) == timedelta(minutes=4)


def test_what_is_given_back_did_not_count() -> None:
    pace = Pace(1, timedelta(minutes=10))
    for _ in range(3):
        assert pace.take("a", START) is None
        pace.give_back("a")
    pace.give_back("never there")


def test_failures_are_counted_by_address_whatever_the_names() -> None:
    paces = Paces(5)
    for _ in range(FAILURES):
        paces.try_door("10.0.0.1", START)
    with pytest.raises(TooManyFailures):
        paces.try_door("10.0.0.1", START)
    paces.try_door("10.0.0.2", START)
    paces.try_door("10.0.0.1", at(10))


def test_the_addresses_of_one_line_count_as_one() -> None:
    paces = Paces(5)
    for number in range(FAILURES):
        paces.try_door(f"2001:db8:0:7::{number:x}", START)
    with pytest.raises(TooManyFailures):
        paces.try_door("2001:db8:0:7:ffff::1", START)
    paces.opened("2001:db8:0:7::beef")
    paces.try_door("2001:db8:0:7::1", START)
    for other in ("2001:db8:0:8::1", "::ffff:10.0.0.1", "10.0.0.1", "somebody"):
        paces.try_door(other, START)


def test_who_searches_without_end_waits() -> None:
    paces = Paces(5)
    for _ in range(5):
        paces.search("lee", START)
    with pytest.raises(TooManySearches):
        paces.search("lee", at(59))
    paces.search("max", at(59))
    paces.search("lee", at(60))
