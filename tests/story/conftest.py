"""Worlds for the stories: nodes are created and agreements signed once; every test gets a copy of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.cli.staging import build
from story.world import World, world_of


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nodes that have each other's cards; officers of both have signed, but nobody has heard of it yet."""
    folder = tmp_path_factory.mktemp("staged")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def signed(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, after the signatures have arrived: the customs model is in force at both."""
    folder = tmp_path_factory.mktemp("signed") / "world"
    with world_of(staged, folder) as world:
        world.settle()
    return folder


@pytest.fixture
def unheard(staged: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(staged, tmp_path / "world") as world:
        yield world


@pytest.fixture
def world(signed: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(signed, tmp_path / "world") as world:
        yield world
