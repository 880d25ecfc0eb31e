"""A demo node of CBP for the verbs: created once, every test gets a copy of its own."""

import shutil
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node


@pytest.fixture(scope="session")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("created") / "cbp"
    config = Config(
        folder=folder, party="us.cbp", domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:8801"
    )
    create_node(config, catalogue()).close()
    return folder


@pytest.fixture
def home(created: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(created, folder)
    return folder
