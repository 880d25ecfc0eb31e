"""The workstream that `docs/add-a-workstream.md` shows is whole: copied from the page, it passes the tests of all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.sources import ROOT

GUIDE = ROOT / "docs" / "add-a-workstream.md"
FILE = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ALL_BEGINS = "ALL: tuple[Workstream, ...] = ("
IMPORT = "from entente.workstreams.facilities import WORKSTREAM as FACILITIES\n"
NEXT_IMPORT = "from entente.workstreams.health import"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and its tests, with the workstream of the guide in it."""
    left_out = shutil.ignore_patterns("__pycache__")
    for name in ("src", "tests", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    folder = tmp_path / "src" / "entente" / "workstreams"
    for name, text in FILE.findall(GUIDE.read_text("utf-8")):
        path = folder / "facilities" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    door = (folder / "__init__.py").read_text("utf-8")
    assert door.count(ALL_BEGINS) == 1
    door = door.replace(ALL_BEGINS, f"{ALL_BEGINS}FACILITIES, ").replace(NEXT_IMPORT, f"{IMPORT}{NEXT_IMPORT}")
    (folder / "__init__.py").write_text(door, "utf-8")
    return tmp_path


def told(house: Path, *command: str) -> str:
    """What `command` says in the copy, which stands before the installed package; it must succeed."""
    env = {**os.environ, "PYTHONPATH": str(house / "src")}
    line = [sys.executable, "-m", *command]
    done = subprocess.run(line, check=False, cwd=house, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_workstream_of_the_guide_passes_the_tests_of_all(house: Path) -> None:
    suites = ("tests/every/test_every_workstream.py", "tests/house/test_words.py", "tests/house/test_layers.py")
    passed = told(house, "pytest", "-q", "-p", "no:cacheprovider", *suites)
    assert " passed" in passed
    assert "skipped" not in passed
    assert "facilities.scan-rate" in told(house, "entente.cli", "question", "list")


@pytest.mark.slow
def test_the_workstream_of_the_guide_is_code_as_it_looks_here(house: Path) -> None:
    told(house, "ruff", "check", "src/entente/workstreams/facilities")
    told(house, "ruff", "format", "--check", "src/entente/workstreams/facilities")
    told(house, "mypy", "src/entente/workstreams/facilities")
