"""What the text of a law says of a name on a day, and what it does not say."""

from datetime import date
from typing import Any

import pytest

from entente.analysis import Table
from entente.workstreams.substances.questions.names import folded
from entente.workstreams.substances.schedules import names
from workstreams.substances_given import QUESTIONS, act, codes, count, counts, kept, rows, table

STATUS, LAG = "substances.status", "substances.control-lag"
TEXT = act(
    'SCHEDULE I,,16,"Fentanyls, their salts, derivatives, and analogues, including:",2018-04-04',
    "SCHEDULE I,,16 (4),p\u2013Fluorofentanyl (4\u2032fluoro\u2013N\u2013(1\u2013phenethyl) propionanilide),2018-04-04",
    "SCHEDULE I,,16 (5),Fentanyl (propionanilide),2018-04-04",
    "SCHEDULE I,,16 ,but not including:,2018-04-04",
    "SCHEDULE I,,16 (6),Harmlessfentanyl and its salts,2018-04-04",
    "SCHEDULE I,,17,Tilidine,2019-01-01",
    'SCHEDULE II,,1,"[Repealed, 2018, c. 16, s. 204]",2018-10-17',
    "SCHEDULE II,,2,Cannabinoids including:,2018-10-17",
    "SCHEDULE II,,2 (1),Any substance that has a structure,2018-10-17",
    "SCHEDULE II,,2 (1) (i),1-pentyl-3-(1-naphthoyl)indole (JWH-018),2018-10-17",
    "SCHEDULE VI,PART 1Class A Precursors1,33,Phenethyl bromide ((2-bromoethyl)benzene),2026-04-12",
    "SCHEDULE IX,,1,Manual device \u2014 assembled,2025-12-17",
)


def entries() -> Table:
    return table(TEXT, reader="ca-cdsa-schedules")


def asked(name: str, on: str = "") -> list[tuple[str, str | None]]:
    settings = (f"name={name}", *([f"on={on}"] if on else []))
    return [(row["control_status"], row["item"]) for row in rows(STATUS, entries(), settings=settings)]


# Reading


def by_item() -> dict[str, dict[str, Any]]:
    found = [dict(one.values) for one in kept(TEXT, "ca-cdsa-schedules")]
    return {f"{one['schedule']} {one['item']}": one for one in found}


def test_an_item_below_another_keeps_its_wording_and_an_exception_is_one() -> None:
    found = by_item()
    head = "Fentanyls, their salts, derivatives, and analogues, including:"
    assert found["I 16 (4)"]["under"] == head
    assert (found["I 16 (5)"]["role"], found["I 16 (6)"]["role"]) == ("included", "exception")
    assert found["I 16 (6)"]["under"] == head
    assert found["I 17"]["role"] == "included"
    assert "under" not in found["I 17"]
    assert found["II 2 (1) (i)"]["under"] == "Cannabinoids including: Any substance that has a structure"
    assert found["II 1"]["role"] == "repealed"
    assert not {"names", "until"} & set(found["II 1"])
    assert "names" not in found["IX 1"]
    assert found["VI 33"]["part"] == "Part 1: Class A Precursors"


def test_one_table_does_not_hang_on_another() -> None:
    """A table that ends among exceptions does not make exceptions of the next."""
    ending = act("SCHEDULE I,,16,X,2018-04-04", "SCHEDULE I,,16 ,but not including,2018-04-04")
    assert kept(ending, "ca-cdsa-schedules")[-1].values["role"] == "exception"
    (record,) = kept(act("SCHEDULE I,,16 (5),Fentanyl,2018-04-04"), "ca-cdsa-schedules")
    assert record.values["role"] == "included"


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("X (methyl 4-[(1-oxopropyl)amino]-1)", ("X", "methyl 4-[(1-oxopropyl)amino]-1")),
        ("Methamphetamine (N,\u03b1-dimethyl), its salts, derivatives", ("Methamphetamine", "N,\u03b1-dimethyl")),
        ("1-pentyl-3-(1-naphthoyl)indole (JWH-018)", ("1-pentyl-3-(1-naphthoyl)indole", "JWH-018")),
        ("X (2-MeO-X, MXP)", ("X", "2-MeO-X, MXP", "2-MeO-X", "MXP")),
        ("4-hydroxybutanoic acid (GHB) and any of its salts", ("4-hydroxybutanoic acid", "GHB")),
        ("X [BZP], namely 1-benzylpiperazine and its salts", ("X", "BZP", "1-benzylpiperazine")),
        ("Phenylacetic acid and its salts", ("Phenylacetic acid",)),
        ("Any preparation or mixture that contains a precursor", ()),
        ("and the salts of the substances set out in subitems", ()),
        ("but not including", ()),
        ("X (unclosed", ("X", "unclosed")),
    ],
)
def test_names_of_a_wording(wording: str, expected: tuple[str, ...]) -> None:
    assert names(wording) == expected


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("SCHEDULE X,,1,Y,2018-04-04", "unknown-code"),
        ("SCHEDULE I,,one,Y,2018-04-04", "not-an-item"),
        ("SCHEDULE I,,1,,2018-04-04", "missing-value"),
        ("SCHEDULE I,,1,Y,", "missing-value"),
        ("SCHEDULE I,,1,Y,4 April 2018", "date-order"),
        ("SCHEDULE I,,1,Y, and more,2018-04-04", "too-many-cells"),
    ],
)
def test_a_bad_row_waits(row: str, code: str) -> None:
    assert codes(act(row), "ca-cdsa-schedules") == [code]


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("para-Fluorofentanyl", "p\u2013Fluorofentanyl"),
        ("\u00df\u2013Hydroxyfentanyl", "beta-hydroxyfentanyl"),
        ("\u03b1-Methylfentanyl", "ALPHA METHYLFENTANYL"),
        ("Coca\u00efne", "cocaine"),
        ("4-methoxy-benzene\u00adethanamine", "4-methoxybenzeneethanamine"),
    ],
)
def test_two_ways_of_writing_one_name(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Fentanyl", "Fentanyls"), ("JWH-018", "JWH-019"), ("p-X", "m-X")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


# Status


def test_named_and_excepted() -> None:
    assert asked("FENTANYL") == [("controlled", "16 (5)")]
    assert asked("para-fluorofentanyl") == [("controlled", "16 (4)")]
    assert asked("harmlessfentanyl") == [("exception", "16 (6)")]


def test_on_the_day_before_the_text_does_not_tell() -> None:
    assert asked("phenethyl bromide", "2026-04-11") == [("not-told", "33")]
    assert asked("phenethyl bromide", "2026-04-12") == [("controlled", "33")]
    assert asked("fentanyl", "1999-01-01") == [("not-told", "16 (5)")]


def test_what_the_newest_text_does_not_name_is_not_named_and_for_days_before_it_not_told() -> None:
    assert asked("xylazine") == [("not-named", None)]
    assert asked("xylazine", "2026-04-12") == [("not-named", None)]
    assert asked("xylazine", "2026-04-11") == [("not-told", None)]


def test_no_status_says_that_a_substance_was_not_controlled() -> None:
    for name in ("fentanyl", "xylazine", "harmlessfentanyl", "phenethyl bromide"):
        for on in ("1990-01-01", "2018-04-04", "2026-06-01"):
            assert {told for told, _ in asked(name, on)} <= {"controlled", "exception", "not-named", "not-told"}


def test_without_a_name_every_named_entry_is_shown_with_the_day() -> None:
    found = rows(STATUS, entries())
    assert {row["on"] for row in found} == {date(2026, 4, 12)}
    assert "Tilidine" in {row["name"] for row in found}
    assert rows(STATUS, entries(), settings=("country=us",)) == []


# Lag


def test_days_from_the_first_report_to_the_wording_that_names_it() -> None:
    tests = table(
        counts(
            count("2024-03", "Phenethyl bromide", 0, 100),
            count("2024-03", "Fentanyl", 5, 100),
            count("2024-04", "PHENETHYL BROMIDE", 1, 100, place="us-ny"),
            count("2024-05", "Phenethyl bromide", 9, 100),
            count("2024-05", "Xylazine", 9, 100),
            count("2024-05", "Harmlessfentanyl", 9, 100),
        )
    )
    found = {row["subject"]: row for row in rows(LAG, tests, entries())}
    row = found["PHENETHYL BROMIDE"]
    assert (row["first_place"], row["period_start"], row["since"]) == ("us-ny", date(2024, 4, 1), date(2026, 4, 12))
    assert row["lag_days_most"] == (date(2026, 4, 12) - date(2024, 4, 1)).days
    assert row["lag_days"] == row["lag_days_most"] - 27
    assert (found["fentanyl"]["since"], found["fentanyl"]["lag_days"]) == (date(2018, 4, 4), None), (
        "nobody knows since when"
    )
    for name in ("xylazine", "HARMLESSFENTANYL"):
        assert (found[name]["control_status"], found[name]["lag_days"]) == ("not-named", None)


def test_the_lag_needs_test_counts_and_no_counts_of_drug_checking() -> None:
    assert QUESTIONS[LAG].needs == ("test-count", "control-entry")
