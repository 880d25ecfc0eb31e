"""Two nodes that have exchanged something, with people at both; made once, a copy for every test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from entente.cli.staging import build
from entente.node.roles import ROLES
from node.people_given import hash_fast
from story.tables import totals
from story.world import CBP, CBSA, World, world_of
from web.given import Given, build_given
from web.served import Served, make_people, served

ROWS = 9
PEOPLE = {role: f"the-{role}" for role in ROLES}


@dataclass(frozen=True)
class Pair:
    """Both nodes answer each other; `here` are the screens of CBP, which has sent records to CBSA."""

    world: World
    here: Served


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """What passwords really cost is a test of tests/node."""
    with pytest.MonkeyPatch.context() as patched:
        hash_fast(patched)
        yield


@pytest.fixture(scope="session")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both nodes: an agreement in force, a file imported at CBP, what may go received at CBSA."""
    staged, folder = tmp_path_factory.mktemp("staged"), tmp_path_factory.mktemp("exchanged") / "world"
    build(staged)
    with world_of(staged, folder) as world:
        world.settle()
        world.import_file(CBP, "totals.csv", totals(0, ROWS))
        world.settle()
        make_people(world.nodes[CBP], {"releasing-officer": f"{CBP}/liaison-1"})
        make_people(world.nodes[CBSA])
    return folder


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """Something for every screen: tests/web/given.py."""
    return build_given(tmp_path_factory.mktemp("given"))


@pytest.fixture
def pair(exchanged: Path, tmp_path: Path) -> Iterator[Pair]:
    with world_of(exchanged, tmp_path / "world") as world, served(world.home(CBP), people=PEOPLE) as here:
        yield Pair(world, here)
