"""With a defence removed, the attack test that it stands against fails: so the tests look at what they say."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from house.sources import ROOT

MUTANTS = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text("utf-8")).get("mutant", [])
SOURCE = ROOT / "src" / "entente"
FAILED = 1  # pytest's exit code for tests that failed; a test that cannot be found or collected ends with another


def test_every_attack_has_a_mutant() -> None:
    tests = {file.name for file in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
    assert {Path(mutant["test"].split("::")[0]).name for mutant in MUTANTS} == tests


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["name"])
def test_the_removed_text_is_there_once(mutant: dict[str, str]) -> None:
    assert (SOURCE / mutant["file"]).read_text("utf-8").count(mutant["old"]) == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["name"])
def test_an_attack_gets_through_without_its_defence(tmp_path: Path, mutant: dict[str, str]) -> None:
    copy = tmp_path / "entente"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
    file = copy / mutant["file"]
    file.write_text(file.read_text("utf-8").replace(mutant["old"], mutant["new"]), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "slow or not slow"]
    command.append(mutant["test"])
    found = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT / "tests")))}
    found.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(command, cwd=ROOT, env=found, capture_output=True, text=True, check=False)
    assert done.returncode == FAILED, f"{mutant['defence']} was removed and nobody noticed:\n{done.stdout[-3000:]}"
