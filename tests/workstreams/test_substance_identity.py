"""Which substance is meant, where lists of countries differ, what changed on them; and the lists that come along."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.analysis import Table, joined
from entente.records import Fault
from entente.workstreams.substances.identifiers import is_cas, is_inchikey
from entente.workstreams.substances.questions.joining import joined_sets
from workstreams.substances_given import SUBSTANCES, act, codes, kept, outcomes, public_file, rows, table

ENTRY = (
    "country,instrument,schedule,item,role,wording,names,cas,"
    "since,since_means,since_known_to,until,coverage,is_verified"
)
NAME = "publication,substance,form,written"
LISTS = Path(str(SUBSTANCES.folder)) / "lists"


def entries(*lines: str) -> Table:
    return table("\n".join((ENTRY, *lines, "")).encode(), reader="control-entry-csv")


def names(*lines: str) -> Table:
    return table("\n".join((NAME, *lines, "")).encode(), reader="substance-name-csv")


def entry(
    country: str,
    name: str,
    *,
    item: str = "1",
    role: str = "included",
    cas: str = "",
    since: str = "2020-01-01",
    means: str = "control",
    known: str = "",
    until: str = "",
    coverage: str = "whole",
    wording: str = "",
) -> str:
    law = f"{country},{country}.law,I,{item},{role}"
    return f"{law},{wording or name},{name},{cas},{since},{means},{known},{until},{coverage},"


def meant(name: str, listed: Table, known: Table) -> list[tuple[str, str, str]]:
    found = rows("substances.resolve", listed, known, settings=(f"name={name}",))
    return [(row["resolution"], row["substance"], row["match_reason"]) for row in found]


def status(listed: Table, known: Table, *settings: str) -> dict[tuple[str, str], tuple[str, bool]]:
    found = rows("substances.gaps", listed, known, settings=("show=all", *settings))
    return {(row["substance"], row["country"]): (row["control_status"], row["is_gap"]) for row in found}


# Identifiers


@pytest.mark.parametrize("number", ["437-38-7", "23056-29-3", "125541-22-2", "1609-66-1", "7732-18-5", "64-17-5"])
def test_published_cas_numbers_pass_and_no_digit_of_them_may_be_another(number: str) -> None:
    assert is_cas(number)
    for place, sign in enumerate(number):
        if sign.isdigit():
            assert not is_cas(f"{number[:place]}{(int(sign) + 1) % 10}{number[place + 1 :]}")


def test_an_identifier_that_is_spoilt_waits_with_its_reason() -> None:
    header = NAME.encode()
    assert codes(header + b"\na,Fentanyl,cas,437-38-8\n", "substance-name-csv") == ["not-an-identifier"]
    assert codes(header + b"\na,Fentanyl,inchikey,PJMPHNIQZUBGLI\n", "substance-name-csv") == ["not-an-identifier"]
    spoilt = f"{ENTRY}\n{entry('un', 'A', cas='1-00-1')}\n".encode()
    assert codes(spoilt, "control-entry-csv") == ["not-an-identifier"]
    assert not is_inchikey("pjmphniqzubgli-uhfffaoysa-n")


@given(st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=4), max_size=10))
def test_joined_sets_are_what_can_be_reached_by_links(links: list[list[int]]) -> None:
    found = joined_sets(links, 12)
    assert sorted(number for group in found for number in group) == list(range(12))
    for start in range(12):
        reached, before = {start}, set[int]()
        while reached != before:
            before = set(reached)
            reached |= {number for link in links if before & set(link) for number in link}
        assert reached == set(next(group for group in found if start in group))


# Resolving


def test_the_first_name_of_one_list_among_the_names_of_another_joins_them() -> None:
    listed = entries(entry("un", "N-Phenyl-4-piperidinamine | 4-AP"), entry("us", "4-Anilinopiperidine | 4-AP"))
    known = names("n,4-Anilinopiperidine,name,N-phenyl-4-piperidinamine")
    assert meant("4-AP", listed, known) == [("one", "4-Anilinopiperidine", "law")]


def test_a_short_name_that_two_substances_share_joins_nothing_and_is_ambiguous() -> None:
    listed = entries(entry("un", "4-anilinopiperidine | 4-AP"))
    known = names("n,4-aminopyridine,name,4-AP")
    found = meant("4-AP", listed, known)
    assert {name for _, name, _ in found} == {"4-anilinopiperidine", "4-aminopyridine"}
    assert {resolution for resolution, _, _ in found} == {"several"}


def test_one_name_with_two_cas_numbers_joins_nothing() -> None:
    listed = entries(entry("un", "Alpha", cas="437-38-7"), entry("us", "Alpha", cas="64-17-5"))
    assert [found[0] for found in meant("Alpha", listed, names("n,Beta,name,b"))] == ["several", "several"]
    assert [found[0] for found in meant("437-38-7", listed, names("n,Beta,name,b"))] == ["one"]


def test_one_cas_number_joins_what_has_different_names() -> None:
    listed = entries(entry("un", "Alpha", cas="437-38-7"), entry("us", "Omega", cas="437-38-7"))
    assert [found[0] for found in meant("omega", listed, names("n,Beta,name,b"))] == ["one"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Alpha HCl", "salt-word"),
        ("alpha hydrochloride", "salt-word"),
        ("Chlorhydrate d\u2019alpha", "salt-word"),
        ("Clorhidrato de alpha", "salt-word"),
        ("Alpha salt undetermined", "salt-word"),
        ("Alpha-marketed salt", "salt"),
    ],
)
def test_a_salt_means_its_substance_and_says_that_it_is_a_salt(written: str, reason: str) -> None:
    known = names("n,Alpha,salt,Alpha-marketed salt")
    assert meant(written, entries(entry("un", "Gamma")), known) == [("one", "Alpha", reason)]


def test_an_ester_is_not_taken_for_a_salt_and_likeness_is_no_reason() -> None:
    known = names("n,Alpha,name,a")
    for written in ("Alpha acetate", "Alpha phosphate", "Alphaa", "para-Alpha"):
        assert [found[0] for found in meant(written, entries(entry("un", "Gamma")), known)] == ["none"]


def test_an_inchikey_of_another_stereochemistry_is_related_and_never_the_same() -> None:
    known = names("n,Alpha,inchikey,MYWUZJCMWCOHBA-VIFPVBQESA-N")
    listed = entries(entry("un", "Gamma"))
    assert meant("MYWUZJCMWCOHBA-UHFFFAOYSA-N", listed, known) == [("related", "Alpha", "inchikey-skeleton")]


# Gaps


def test_a_gap_is_told_only_of_laws_that_were_given_whole() -> None:
    other = names("n,Beta,name,b")
    whole = entries(entry("un", "Alpha"), entry("us", "Omega"))
    assert status(whole, other)["Alpha", "us"] == ("not-named", True)
    part = entries(entry("un", "Alpha"), entry("us", "Omega", coverage="part"))
    assert status(part, other)["Alpha", "us"] == ("not-told", False)


def test_what_was_controlled_later_was_not_controlled_then() -> None:
    listed = entries(entry("un", "Alpha"), entry("us", "Alpha", since="2022-11-23"))
    other = names("n,Beta,name,b")
    assert status(listed, other, "on=2022-11-22")["Alpha", "us"] == ("not-named", True)
    assert status(listed, other, "on=2022-11-23")["Alpha", "us"] == ("controlled", False)
    worded = entries(entry("un", "Alpha"), entry("us", "Alpha", since="2022-11-23", means="wording"))
    assert status(worded, other, "on=2022-11-22")["Alpha", "us"] == ("not-told", False)


def test_within_a_month_of_which_no_day_is_known_nothing_is_told() -> None:
    listed = entries(entry("un", "Alpha", since="2023-05-01", known="month"))
    other = names("n,Beta,name,b")
    days = {"2023-04-30": "not-named", "2023-05-15": "not-told", "2023-05-31": "controlled"}
    assert {day: status(listed, other, f"on={day}")["Alpha", "un"][0] for day in days} == days


def test_surveillance_is_not_control() -> None:
    listed = entries(entry("un", "Alpha"), entry("us", "Alpha", role="surveilled"))
    assert status(listed, names("n,Beta,name,b"))["Alpha", "us"] == ("surveilled", True)


# Changes


def changes(listed: Table, *settings: str) -> list[tuple[str, str]]:
    found = rows("substances.changes", listed, settings=settings)
    return [(row["changed_on"].isoformat(), row["control_change"]) for row in found]


def test_what_is_added_reworded_and_ended_stands_in_the_feed_on_its_day() -> None:
    listed = entries(
        entry("us", "Alpha", since="2020-05-15", until="2023-11-29", wording="Alpha and its salts"),
        entry("us", "Alpha", since="2023-11-30", until="2024-12-31", wording="Alpha and its halides"),
    )
    assert changes(listed) == [
        ("2020-05-15", "added"),
        ("2023-11-30", "reworded"),
        ("2025-01-01", "ended"),
    ]
    assert changes(listed, "from=2020-05-15", "until=2020-05-15") == [("2020-05-15", "added")]
    assert changes(listed, "name=omega") == []


def test_one_consolidated_text_does_not_tell_new_from_reworded() -> None:
    text = act("SCHEDULE I,,17,Tilidine,2019-01-01", 'SCHEDULE II,,1,"[Repealed, 2018, c. 16, s. 204]",2018-10-17')
    found = changes(table(text, reader="ca-cdsa-schedules"))
    assert found == [("2018-10-17", "repealed"), ("2019-01-01", "wording-in-force")]


# The lists that come along


def given_lists(reader: str, *files: str) -> Table:
    return table(*((LISTS / name).read_bytes() for name in files), reader=reader)


CONTROL = ("mx-precursors.csv", "un-1988-table-i.csv", "us-precursors.csv")


def test_every_list_that_comes_along_is_read_whole_and_claims_no_more_than_was_compared() -> None:
    assert {path.name for path in LISTS.iterdir()} == {*CONTROL, "names.csv"}
    for name in CONTROL:
        found = outcomes((LISTS / name).read_bytes(), "control-entry-csv")
        assert [one for one in found if isinstance(one, Fault)] == []
        for one in kept((LISTS / name).read_bytes(), "control-entry-csv"):
            told: dict[str, Any] = dict(one.values)
            assert told["coverage"] == "part"
            assert "is_verified" in told
            assert told["reference"]
    assert codes((LISTS / "names.csv").read_bytes(), "substance-name-csv") == []


@pytest.mark.public_data
def test_the_same_precursor_is_found_in_four_lists_under_different_names() -> None:
    act_of_canada = table(public_file("precursors/canada_cdsa_schedules.csv"), reader="ca-cdsa-schedules")
    listed = joined([given_lists("control-entry-csv", *CONTROL), act_of_canada])
    known = given_lists("substance-name-csv", "names.csv")
    now = status(listed, known, "name=4-anilinopiperidine", "countries=ca,us,un")
    assert {key: value[0] for key, value in now.items()} == {
        ("4-AP", "ca"): "controlled",
        ("4-AP", "un"): "controlled",
        ("4-AP", "us"): "controlled",
    }
    shared = meant("5-ethyl-1-methyl-5-phenylbarbituric acid", listed, known)
    assert [(resolution, name) for resolution, name, _ in shared] == [
        ("several", "Mephobarbital"),
        ("several", "Methylphenobarbital"),
    ]
