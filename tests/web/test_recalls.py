"""Recalls on the screen: a releasing officer means it, everybody concerned sees what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from agreements.parts import source
from entente.cli.staging import build
from entente.node.keeping import keep
from entente.node.recall_taking import GIVEN
from entente.node.recalling import recalls
from entente.node.roles import ROLES
from story.test_on_behalf import BUREAU, GIVES, HOME, PROVINCE, plain_sample
from story.world import World, world_of
from web.reading import main, words
from web.served import Served, make_people, served

HOMES = [party.split(".")[1] for party in (PROVINCE, BUREAU)]
PEOPLE = {role: f"the-{role}" for role in ROLES}
OFFICER = {"releasing-officer": f"{PROVINCE}/liaison-1"}


@dataclass(frozen=True)
class Scene:
    world: World
    here: Served
    record: str

    @property
    def form(self) -> str:
        return f"/records/{self.record}/recall"


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recalls")
    build(folder / "stage", (PROVINCE, BUREAU), ())
    with world_of(folder / "stage", folder / "staged", HOMES) as made:
        made.agree(source(HOME, GIVES), PROVINCE, BUREAU)
        with made.nodes[PROVINCE].writing() as work:
            keep(made.nodes[PROVINCE], work, [plain_sample(made, PROVINCE)])
        made.settle()
        make_people(made.nodes[PROVINCE], OFFICER)
        make_people(made.nodes[BUREAU])
    return folder / "staged"


@contextmanager
def at(party: str, world: World) -> Iterator[Scene]:
    with served(world.home(party), people=PEOPLE) as here:
        yield Scene(world, here, plain_sample(world, PROVINCE).id)


@pytest.fixture
def world(staged: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", HOMES) as found:
        yield found


def test_it_is_meant_before_it_is_sent_and_what_became_of_it_stands_in_the_list(world: World) -> None:
    with at(PROVINCE, world) as scene, scene.here.browser("releasing-officer") as browser:
        assert scene.form in browser.get(f"/records/{scene.record}").text
        shown = words(main(browser.get(scene.form)))
        assert "Findings that rest on it are looked at again" in shown
        asked = {"partner": BUREAU, "reason": "wrong", "note": "weighed twice", "wanted": "erase"}
        assert browser.post(scene.form, None, **asked).status_code == 422  # not said to be meant
        assert browser.post(scene.form, None, **{**asked, "reason": "", "sure": "yes"}).status_code == 422
        assert recalls(world.nodes[PROVINCE], GIVEN) == []
        done = browser.post(scene.form, None, **asked, sure="yes")
        assert "The partners are told" in words(main(done))
        (row,) = [one.row for one in recalls(world.nodes[PROVINCE], GIVEN)]
        assert (row.who, row.note) == (f"{PROVINCE}/liaison-1", "weighed twice")
        world.settle()
        told = words(main(browser.get("/recalls")))
        assert "Done" in told
        assert "Erased" in told
        again = words(main(browser.get(scene.form)))
        assert "Nobody holds it" in again
    with at(BUREAU, world) as there, there.here.browser("analyst") as browser:
        told = words(main(browser.get("/recalls")))
        assert "What may not come back" in told
        assert there.record[:12] in told


def test_who_may_not_read_what_partners_gave_is_not_told_which_records_they_called_back(world: World) -> None:
    with at(PROVINCE, world) as scene, scene.here.browser("releasing-officer") as browser:
        browser.post(scene.form, None, reason="wrong", sure="yes")
    world.settle()
    with at(BUREAU, world) as there, there.here.browser("releasing-officer") as browser:
        told = words(main(browser.get("/recalls")))
        assert there.record[:12] not in told
        assert "Called back from us" in told
    with at(PROVINCE, world) as scene, scene.here.browser("analyst") as browser:
        assert browser.get(scene.form).status_code == 403
