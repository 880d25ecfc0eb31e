"""`entente agreements diff`: of files and models without a node, of what a node holds, and for which of its records."""

from pathlib import Path

from entente.agreements import model_bytes
from entente.cli.staging import MODEL
from entente.signing import digest
from story.tables import totals
from story.world import entente

SNAPSHOTS = Path(__file__).parents[1] / "agreements" / "snapshots"
VERSION_1, VERSION_2 = (SNAPSHOTS / f"seized-drug-samples-v{number}.toml" for number in (1, 2))
DIFF = ("agreements", "diff")


def version_2(folder: Path) -> Path:
    """A second version of the model that the node at `home` is party to: it gives less, and keeps it shorter."""
    old = model_bytes(MODEL)
    new = old.replace(b"version = 1\n", f'version = 2\npredecessor = "{digest(old)}"\n'.encode(), 1)
    file = folder / "v2.toml"
    file.write_bytes(new.replace(b'release = "automatic"', b'release = "officer"', 1))
    return file


def test_two_texts_are_compared_without_a_node() -> None:
    found = entente(*DIFF, VERSION_1, VERSION_2)
    assert found.code == 0
    assert "The Royal Canadian Mounted Police now gives the U.S. Drug Enforcement Administration" in found.out
    body = entente(*DIFF, VERSION_1, VERSION_2, "--json").json
    assert body["changes"][0]["change"] == "ends"
    assert all(one["says"] in body["says"] for one in body["changes"])
    assert body["without_effect"]["reworded"] == ["2.1"]


def test_the_code_tells_scripts_that_something_changes() -> None:
    assert entente(*DIFF, VERSION_1, VERSION_2, "--exit-code").code == 1
    assert entente(*DIFF, MODEL, MODEL, "--exit-code").code == 0
    assert "Both are the same text." in entente(*DIFF, MODEL, MODEL).out


def test_one_text_is_compared_with_the_version_before_it_that_the_node_holds(home: Path, tmp_path: Path) -> None:
    new = version_2(tmp_path)
    alone = entente(*DIFF, new, "--node", home)
    assert alone.code == 3
    assert "Name the text" in alone.err
    assert entente("agreements", "add", MODEL, "--node", home).code == 0
    assert "Before, no officer was needed." in entente(*DIFF, new, "--node", home).out


def test_a_name_with_two_versions_means_the_newest_and_the_one_before_it(home: Path, tmp_path: Path) -> None:
    new = version_2(tmp_path)
    old = tmp_path / "v1.toml"
    old.write_bytes(model_bytes(MODEL))
    for text in (old, new):
        assert entente("agreements", "add", text, "--node", home).code == 0
    body = entente(*DIFF, MODEL, "--node", home, "--json").json
    assert [body["old"], body["new"]] == [digest(model_bytes(MODEL)), digest(new.read_bytes())]


def test_own_records_are_counted_by_change_and_the_look_is_logged(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "totals.csv"
    file.write_bytes(totals(0, 9))
    entente("import", file, "--simulated", "--node", home)
    compare = (*DIFF, MODEL, version_2(tmp_path), "--records", "--node", home)
    refused = entente(*compare)
    assert refused.code == 3
    told = entente(*compare, "--why", "a new version")
    assert "own records touched: 3, for example" in told.out
    later = entente(*compare, "--why", "a new version", "--on", "2027-03-04")
    assert "Counted as of 2027-03-04: own records touched: 3" in later.out
    body = entente(*compare, "--why", "a new version", "--json").json
    assert sum(one["records"] for one in body["changes"]) >= 3
    assert all(len(one["samples"]) <= 3 for one in body["changes"])
