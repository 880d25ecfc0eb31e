"""A sample of the RCMP waits for two officers, goes to the DEA without what names its source, and is answered."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.cli.staging import build
from entente.node.duties import duties
from entente.node.owing import TO_US
from entente.node.work import utc_now
from story.notices_given import Hands
from story.world import Ran, World, world_of

RCMP, DEA = "ca.rcmp", "us.dea"
MODEL = "seized-drug-samples"
SAMPLES = """\
number,seized_on,received_on,substance_suspected,form,colour,mass_g,place,submitter,exhibit_notes
CANARY-1,2026-03-10,2026-03-12,fentanyl,powder,white,4.2,CANARY-PLACE,CANARY-UNIT,CANARY-NOTES
CANARY-2,2026-03-10,2026-03-12,marijuana,plant,green,9,CANARY-PLACE,,
CANARY-3,,2026-03-12,fentanyl,tablet,blue,1,,,
"""
CORRECTED = SAMPLES.replace("white,4.2", "white,4.7")
RESULTS = """\
sample_number,substance,reported_on,role,purity_percent,method,profile,analyst
CANARY-1,fentanyl,2026-04-02,major,3.1,gc-ms,CANARY-PROFILE,CANARY-ANALYST
CANARY-1,xylazine,2026-04-02,minor,,gc-ms,,CANARY-ANALYST
"""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    build(folder / "stage", (RCMP, DEA), (MODEL,))
    return folder / "stage"


@pytest.fixture
def clock() -> Hands:
    """That of the nodes; verbs keep the time of this machine."""
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    """The model agreement is in force between both, and the RCMP has three samples."""
    with world_of(signed, tmp_path / "world", ("rcmp", "dea"), clock) as world:
        world.settle()
        assert world.import_file(RCMP, "samples.csv", SAMPLES.encode()).json[0]["kept"] == 3
        world.settle()
        yield world


def desk(world: World, party: str = RCMP) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = world.run(party, "release", "list", "--json").json
    return shown


def approve(world: World, release: str, officer: int) -> Ran:
    done = world.run(RCMP, "release", "approve", release, "--who", f"{RCMP}/liaison-{officer}")
    world.settle()
    return done


def received(world: World, kind: str = "sample") -> list[dict[str, Any]]:
    shown = world.run(DEA, "records", "list", "--kind", kind, "--why", "look", "--json")
    return [record["values"] for record in shown.json]


def owed_by_dea(world: World) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = world.run(DEA, "duties", "list", "--json").json
    return shown


def let_go(world: World) -> None:
    (waiting,) = desk(world)
    for officer in (1, 2):
        approve(world, waiting["release"], officer)


def test_only_a_sample_known_to_be_of_a_controlled_substance_waits_and_one_officer_is_not_enough(world: World) -> None:
    (waiting,) = desk(world)
    assert (waiting["partner"], waiting["needs"], waiting["state"]) == (DEA, 2, "waiting")
    assert "Another officer must approve" in approve(world, waiting["release"], 1).out
    assert approve(world, waiting["release"], 1).code != 0  # the same officer again
    assert received(world) == []
    assert "Released to us.dea" in approve(world, waiting["release"], 2).out
    assert len(received(world)) == 1
    assert desk(world) == []


def test_what_goes_names_neither_number_place_unit_nor_notes(world: World) -> None:
    let_go(world)
    assert received(world) == [
        {
            "seized_on": "2026-03-10",
            "received_on": "2026-03-12",
            "substance_suspected": "fentanyl",
            "form": "powder",
            "colour": "white",
            "mass_g": "4.2",
        }
    ]
    assert b"CANARY" not in world.wire
    assert b"CANARY" not in world.database(DEA)


def test_a_sample_is_owed_an_answer_within_thirty_days_and_both_sides_see_it(world: World) -> None:
    let_go(world)
    (owed,) = owed_by_dea(world)
    assert (owed["owed"], owed["partner"], owed["state"], owed["days_left"]) == ("by-us", RCMP, "owed", 30)
    assert world.run(DEA, "duties", "acknowledge", owed["about"], "--who", f"{DEA}/liaison-1").code == 0
    world.settle()
    (known,) = duties(world.nodes[RCMP], TO_US)
    assert (known.about, known.row.state) == (owed["about"], "acknowledged")

    told = ("--outcome", "confirmed", "--note", "The same press mark as here", "--who", f"{DEA}/liaison-1")
    assert world.run(DEA, "duties", "answer", owed["about"], *told).code == 0
    world.settle()
    (known,) = duties(world.nodes[RCMP], TO_US)
    assert (known.row.state, known.row.outcome, known.row.note) == (
        "answered",
        "confirmed",
        "The same press mark as here",
    )
    (compared,) = world.reconcile(RCMP)
    assert compared.differences == ()


def test_an_answer_that_does_not_come_is_overdue_on_both_sides(world: World, clock: Hands) -> None:
    let_go(world)
    for days, number in ((29, 0), (32, 1)):
        clock.now = utc_now() + timedelta(days=days)
        assert [len(duties(world.nodes[party], is_overdue=True)) for party in (RCMP, DEA)] == [number, number]


def test_a_corrected_sample_waits_again_and_is_not_asked_about_twice(world: World) -> None:
    let_go(world)
    world.import_file(RCMP, "corrected.csv", CORRECTED.encode())
    world.settle()
    assert [values["mass_g"] for values in received(world)] == ["4.2"]
    let_go(world)
    assert [values["mass_g"] for values in received(world)] == ["4.7"]
    assert [duty["version"] for duty in owed_by_dea(world)] == [1]


def test_each_result_waits_for_one_officer_and_is_owed_an_answer_of_its_own(world: World) -> None:
    world.import_file(RCMP, "results.csv", RESULTS.encode())
    results = [one for one in desk(world) if one["needs"] == 1]
    assert len(results) == 2
    for one in results:
        assert "Released to us.dea" in approve(world, one["release"], 1).out
    found = sorted(received(world, "lab-result"), key=lambda values: values["substance"])
    assert found == [
        {"substance": "fentanyl", "reported_on": "2026-04-02", "role": "major", "purity_percent": "3.1"},
        {"substance": "xylazine", "reported_on": "2026-04-02", "role": "minor"},
    ]
    assert len(owed_by_dea(world)) == 2
    assert b"CANARY" not in world.wire
