"""Corrections: changes that a partner may not see are not told; those that undo what it holds need a person."""

from story.border_files import simulated_files
from story.tables import totals
from story.world import CBP, CBSA, World

ONE = f"{CBSA}/liaison-1"


def _sent(world: World, party: str) -> list[tuple[str, int]]:
    rows = world.run(party, "exchange", "status", "--json").json["sent"]
    return sorted((row["type"], row["number"]) for row in rows if row["type"] in ("disclosure", "correction"))


def test_a_change_of_withheld_fields_is_not_told(world: World) -> None:
    table = simulated_files(1)["cbsa-seizures.csv"].decode()
    world.import_file(CBSA, "events.csv", table.encode())
    number = world.run(CBSA, "release", "list", "--json").json[0]["release"]
    assert world.run(CBSA, "release", "approve", number, "--who", ONE).code == 0
    world.settle()

    world.import_file(CBSA, "notes.csv", table.replace("must never leave", "was written again").encode())
    for row in world.run(CBSA, "release", "list", "--json").json:
        world.run(CBSA, "release", "approve", row["release"], "--who", ONE)
    world.settle()

    assert ("correction", 1) not in _sent(world, CBSA)


def test_a_changed_figure_is_told_and_the_same_figure_is_not(world: World) -> None:
    for name, pounds in (("totals.csv", "1.25"), ("again.csv", "1.25"), ("later.csv", "1.5")):
        world.import_file(CBP, name, totals(0, 3, pounds=pounds))
        world.settle()
    assert _sent(world, CBP) == [("correction", 1), ("disclosure", 1)]


def test_a_figure_that_may_no_longer_go_waits_for_a_person(world: World) -> None:
    """The key of a seizure stays, its region is corrected: the partner still believes in the northern border."""
    table = simulated_files(1)["cbsa-seizures.csv"].decode()
    world.import_file(CBSA, "events.csv", table.encode())
    number = world.run(CBSA, "release", "list", "--json").json[0]["release"]
    world.run(CBSA, "release", "approve", number, "--who", ONE)
    world.settle()

    world.import_file(CBSA, "moved.csv", table.replace("northern-border", "southwest-border").encode())

    aside = [row for row in world.run(CBSA, "release", "list", "--json").json if row["state"] == "recall-needed"]
    assert len(aside) == 1
    assert "may not go" in world.run(CBSA, "release", "list").out
    assert world.run(CBSA, "status", "--json").json["set_aside"] == 1
    assert world.run(CBSA, "release", "refuse", aside[0]["release"], "--reason", "told by telephone").code == 0
    assert world.run(CBSA, "status", "--json").json["set_aside"] == 0
