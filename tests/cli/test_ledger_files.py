"""The published ledger: exported with a verifier that needs only Python; one byte changed anywhere is named."""

import subprocess
import sys
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.work import open_node
from story.tables import totals
from story.world import entente


@pytest.fixture
def exported(home: Path, tmp_path: Path) -> Path:
    file = tmp_path / "totals.csv"
    file.write_bytes(totals(0, 300))
    entente("import", file, "--simulated", "--node", home)
    target = tmp_path / "published"
    done = entente("ledger", "export", target, "--node", home)
    assert done.code == 0
    assert "python3" in done.out
    return target


def key_of(home: Path) -> str:
    node = open_node(home, catalogue())
    node.close()
    return node.identity.log_vkey


def offline(folder: Path, key: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", str(folder / "verify_log.py"), str(folder), key]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_export_is_verified_by_the_verb_and_by_plain_python(home: Path, exported: Path) -> None:
    key = key_of(home)
    verified = entente("ledger", "verify", exported, "--key", key)
    assert verified.code == 0
    assert "entries are what was signed" in verified.out
    alone = offline(exported, key)
    assert alone.returncode == 0, alone.stderr
    assert list(exported.rglob("*.new")) == []
    refused = entente("ledger", "export", exported, "--node", home)
    assert refused.code == 3
    assert "overwrites nothing" in refused.err


def test_one_byte_changed_in_a_published_entry_is_named_by_both(home: Path, exported: Path) -> None:
    bundle = min(path for path in (exported / "tile" / "entries").rglob("*") if path.is_file())
    data = bytearray(bundle.read_bytes())
    size = int.from_bytes(data[:2], "big")
    index = 5
    data[index * (size + 2) + 2 + size // 2] ^= 1
    bundle.write_bytes(bytes(data))
    for verdict in (
        entente("ledger", "verify", exported, "--key", key_of(home), "--json").json[0]["problems"],
        [{"index": index}] if str(index) in offline(exported, key_of(home)).stdout else [],
    ):
        assert index in [problem["index"] for problem in verdict]
    assert entente("ledger", "verify", exported, "--key", key_of(home)).code == 1
    assert offline(exported, key_of(home)).returncode != 0


def test_a_published_ledger_without_its_key_says_what_is_missing(exported: Path) -> None:
    refused = entente("ledger", "verify", exported)
    assert refused.code in {3, 7}
    assert "key" in refused.err


def test_the_ledger_is_shown_in_pages_with_what_entries_say(home: Path, exported: Path) -> None:
    first = entente("ledger", "show", "--limit", "2", "--node", home, "--json").json
    assert [entry["index"] for entry in first] == [0, 1]
    assert first[0]["type"] == "configuration"
    assert first[0]["at"].endswith("+00:00")
    assert "T" in first[0]["at"]
    assert first[1]["facts"]["kind"] == "seizure-total"
    beyond = entente("ledger", "show", "--from", "100000", "--node", home)
    assert "No entry there." in beyond.out
