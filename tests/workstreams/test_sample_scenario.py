"""Simulated samples: the same bytes for a seed, of substances that were controlled, each with a result in its time."""

from collections import Counter
from datetime import date

import pytest

from entente.cli.house import catalogue
from entente.records import Record
from entente.signing import digest
from simulation.worlds import outcomes, rows, world

AGENCIES = {"ca.rcmp": "ca.cdsa", "us.dea": "us.csa"}
"""Who has samples, and the list that the model agreement reads for its samples."""
SMALL = 0.1
GOLDEN = {
    "ca.rcmp/lab-results.csv": "2d55691121a201da",
    "ca.rcmp/samples.csv": "9666452ec59904d7",
    "us.dea/lab-results.csv": "14cc056991fd1025",
    "us.dea/samples.csv": "70769251f8931780",
}


def records(party: str, name: str, seed: int = 1) -> list[Record]:
    found = list(outcomes(world(seed), party, name))
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def test_the_same_seed_and_scale_give_the_same_bytes_on_every_machine() -> None:
    assert {name: digest(world().files[name])[7:23] for name in GOLDEN} == GOLDEN


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_small_world_has_about_a_dozen_samples_of_each(seed: int) -> None:
    for party in AGENCIES:
        assert 5 <= len(rows(world(seed, SMALL), f"{party}/samples.csv")) <= 30


def test_the_rcmp_has_as_many_samples_for_the_dea_as_the_joint_statement_says() -> None:
    """More than 275 from January 2020 to 8 November 2022."""
    shared = [
        row
        for seed in (1, 2, 3)
        for row in rows(world(seed, 1.0, 84), "ca.rcmp/samples.csv")
        if "2020-01-01" <= row["seized_on"] <= "2022-11-30"
    ]
    assert len(shared) / 3 == pytest.approx(275, rel=0.1)


@pytest.mark.parametrize(("party", "listed_in"), AGENCIES.items())
def test_every_suspected_substance_was_controlled_on_the_day_of_its_seizure(party: str, listed_in: str) -> None:
    controlled = catalogue().vocabulary.dated[listed_in]
    for record in records(party, "samples.csv"):
        seized, substance = record.values["seized_on"], record.values["substance_suspected"]
        assert isinstance(seized, date)
        assert controlled.holds(str(substance), seized), substance


@pytest.mark.parametrize("party", AGENCIES)
def test_every_result_is_of_a_sample_and_later_than_its_receipt(party: str) -> None:
    received = {one.values["number"]: one.values.get("received_on") for one in records(party, "samples.csv")}
    for result in records(party, "lab-results.csv"):
        came, reported = received[result.values["sample_number"]], result.values["reported_on"]
        assert isinstance(came, date)
        assert isinstance(reported, date)
        assert 14 <= (reported - came).days <= 90
        assert reported <= date(2025, 9, 30)
    told = {result.values["sample_number"] for result in records(party, "lab-results.csv")}
    assert 0.8 * len(received) < len(told) < len(received)  # the latest still wait for their laboratory


def test_xylazine_is_only_ever_beside_fentanyl_and_nothing_is_found_that_has_no_word() -> None:
    for party in AGENCIES:
        found = Counter(
            (one.values["sample_number"], one.values["substance"]) for one in records(party, "lab-results.csv")
        )
        assert max(found.values()) == 1
        with_xylazine = {sample for sample, substance in found if substance == "xylazine"}
        assert with_xylazine
        assert all((sample, "fentanyl") in found for sample in with_xylazine)
