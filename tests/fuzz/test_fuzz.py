"""Whatever bytes come, the readers of files, messages, ledgers and texts read them or say what is wrong with them.

A million inputs in all, made by a fuzzer that looks which lines they reach (run.py); what once broke a reader stays in
corpus/TARGET and is tried every time.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from entente.errors import EntenteError
from fuzz.targets import TARGETS, Target
from house.sources import ROOT

RUN = Path(__file__).with_name("run.py")
CORPUS = Path(__file__).with_name("corpus")
MILLION = 1_000_000
SECONDS = 240


@pytest.mark.parametrize("name", TARGETS)
def test_its_seeds_are_read(name: str) -> None:
    assert TARGETS[name].seeds
    for seed in TARGETS[name].seeds:
        TARGETS[name].read(seed)


def test_what_once_broke_a_reader_no_longer_does() -> None:
    for file in sorted(CORPUS.glob("*/*")):
        TARGETS[file.parent.name].try_out(file.read_bytes())


def test_an_error_that_is_none_of_ours_is_a_defect() -> None:
    def broken(_: bytes) -> None:
        raise KeyError("a")

    with pytest.raises(KeyError):
        Target(broken, []).try_out(b"")
    Target(lambda _: (_ for _ in ()).throw(EntenteError()), []).try_out(b"")


def test_it_is_a_million_inputs_in_all() -> None:
    assert sum(target.runs for target in TARGETS.values()) >= MILLION


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("name", TARGETS)
def test_a_fuzzer_breaks_no_reader(name: str, tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        assert os.environ.get("CI") != "true", "atheris must be there in CI"
        pytest.skip("atheris has no wheel for this platform")
    command = [sys.executable, str(RUN), name, str(TARGETS[name].runs), str(tmp_path)]
    found = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(command, env=found, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"stat::number_of_executed_units: {TARGETS[name].runs}" in done.stderr
