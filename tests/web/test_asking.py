"""Asking partners on the screen: an officer asks, a releasing officer of the other side grants or refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entente.node.question_view import askings
from entente.node.questioning import OF_US
from entente.node.roles import ROLES
from story.asking_given import BASIS, HOMES, MORNING, OPENLY, answer_all, sample, stage_asking
from story.notices_given import Hands
from story.world import CBP, CBSA, World, world_of
from web.reading import main, words
from web.served import Served, make_people, served

PEOPLE = {role: f"the-{role}" for role in ROLES}
ASKED = {
    "partner": CBSA,
    "field0": "sample.number",
    "value0": "S-1",
    "purpose": "investigation",
    "legal_basis": BASIS,
    "reason": "file 12",
}


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asking")
    stage_asking(folder, OPENLY)
    with world_of(folder / "signed", folder / "people", HOMES) as world:
        make_people(world.nodes[CBP])
        make_people(world.nodes[CBSA], {"releasing-officer": f"{CBSA}/liaison-1"})
    return folder / "people"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(staged: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", HOMES, clock) as world:
        clock.now = MORNING
        yield world


@contextmanager
def at(party: str, world: World, clock: Hands) -> Iterator[Served]:
    with served(world.home(party), clock, PEOPLE) as here:
        yield here


def test_a_query_is_asked_and_its_answer_stands_in_the_list(world: World, clock: Hands) -> None:
    sample(world.nodes[CBSA], "S-1")
    with at(CBP, world, clock) as here, here.browser("officer") as browser:
        browser.get("/ask")
        wrong = browser.post("/ask", None, type="query", **{**ASKED, "field0": ""})
        assert wrong.status_code == 422
        assert "file 12" in wrong.text
        done = browser.post("/ask", None, type="query", **ASKED)
        assert "is asked" in words(main(done))
        answer_all(world, clock)
        assert "Found; what may be told has been given" in words(main(browser.get("/asked", show="all")))


def test_a_request_is_granted_as_it_was_shown(world: World, clock: Hands) -> None:
    with at(CBP, world, clock) as here, here.browser("officer") as browser:
        browser.get("/ask")
        browser.post("/ask", None, type="request", **ASKED)
    world.settle()
    (one,) = askings(world.nodes[CBSA], OF_US)
    page = f"/asked/{one.row.about}"
    with at(CBSA, world, clock) as here, here.browser("releasing-officer") as browser:
        shown = words(main(browser.get(page)))
        assert "Nothing of it is held here." in shown
        assert "file 12" in shown
        sample(world.nodes[CBSA], "S-1")
        stale = browser.post(f"{page}/grant", seen="what stood there before")
        assert (stale.status_code, "no longer what was shown" in stale.text) == (422, True)
        seen = stale.text.split('name="seen" value="')[1].split('"')[0]
        assert "Granted" in words(main(browser.post(f"{page}/grant", seen=seen)))
        assert browser.get(page).status_code == 200
    world.settle()
    (ours,) = askings(world.nodes[CBP])
    assert ours.row.state == "granted"


def test_a_request_is_refused_with_a_reason_of_the_list(world: World, clock: Hands) -> None:
    with at(CBP, world, clock) as here, here.browser("officer") as browser:
        browser.get("/ask")
        browser.post("/ask", None, type="request", **ASKED)
    world.settle()
    (one,) = askings(world.nodes[CBSA], OF_US)
    page = f"/asked/{one.row.about}"
    with at(CBSA, world, clock) as here:
        with here.browser("releasing-officer") as browser:
            browser.get(page)
            assert browser.post(f"{page}/refuse", reason="", note="").status_code == 422
            assert "Refused." in words(
                main(browser.post(f"{page}/refuse", reason="not-available", note="Ask the lab."))
            )
        with here.browser("officer") as browser:
            assert "Your decision" not in words(main(browser.get(page)))
            assert browser.post(f"{page}/grant", seen="").status_code == 403
    world.settle()
    with at(CBP, world, clock) as here, here.browser("officer") as browser:
        told = words(main(browser.get(page)))
        assert "It is not available to us" in told
        assert "Ask the lab." in told
