"""What golden decisions leave untried is said; what they try is not."""

from agreements.parts import HEAD, PERMIT, catalogue, changed, source
from entente.agreements import read_agreement, read_cases, run_cases
from entente.agreements.golden.coverage import Untried, untried

FORBID = """
    [[provision]]
    id = "2.1"
    reference = "art. 2"
    text.en = "No places."
    effect = "forbid"
    kinds = ["find"]
    fields = ["find.place"]
    when = [{ field = "border", equals = "south" }]
"""
WHEN = '[{ field = "border", equals = "north" }, { field = "mass_g", at_least = 10 }]'
CASE = """
    [[case]]
    id = "a"
    says = { en = "A.", fr = "A.", es = "A." }
    record.kind = "find"
    record.values.border = "north"
    record.values.mass_g = 12
    ask.giver = "ca.cbsa"
    ask.receiver = "us.cbp"
    ask.purpose = "statistics"
    ask.occasion = "standing"
    ask.on = 2026-05-02
    answer = "release"
    fields = ["border", "mass_g"]
    because = ["1.1"]
"""
TOO_LIGHT = {"id": '"b"', "record_values_mass_g": "1", "answer": '"withhold"', "because": '["unmet:1.1:condition"]'}
WITH_PLACE = f'{CASE}    record.values.place = "Lacolle"\n'


def left(*cases: str) -> list[Untried]:
    text = read_agreement(source(HEAD, changed(PERMIT, when=WHEN), FORBID), catalogue())
    return [*untried(text, run_cases(text, read_cases(source(*cases), catalogue()), catalogue()), catalogue())]


def test_a_case_that_goes_tries_no_condition() -> None:
    assert left(CASE) == [
        Untried("1.1", 1, "border", "equals"),
        Untried("1.1", 2, "mass_g", "at_least"),
        Untried("2.1"),
    ]


def test_a_case_that_stays_for_a_condition_tries_it() -> None:
    assert left(CASE, changed(CASE, **TOO_LIGHT)) == [Untried("1.1", 1, "border", "equals"), Untried("2.1")]


def test_a_prohibition_is_tried_where_it_takes_something_and_where_it_does_not() -> None:
    south = changed(WITH_PLACE, id='"c"', record_values_border='"south"')
    place = changed(WITH_PLACE, id='"d"')
    assert Untried("2.1") not in left(CASE, south)
    assert Untried("2.1", 1, "border", "equals") in left(south)
    assert [one.provision for one in left(CASE, changed(CASE, **TOO_LIGHT), south, place)] == []


def test_a_condition_that_nothing_could_try_is_needless() -> None:
    """What weighs ten weighs five: no golden decision can show what the second condition is for."""
    when = '[{ field = "mass_g", at_least = 10 }, { field = "mass_g", at_least = 5 }]'
    text = read_agreement(source(HEAD, changed(PERMIT, when=when)), catalogue())
    found = untried(text, run_cases(text, read_cases(source(CASE), catalogue()), catalogue()), catalogue())
    assert [(one.number, one.is_needless) for one in found] == [(1, False), (2, True)]
