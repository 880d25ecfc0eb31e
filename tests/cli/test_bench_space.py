"""`entente bench knox` and `entente bench scan`: a peer that counts otherwise stops it, and simulated tables say so."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from entente.cli import bench_knox
from entente.cli.bench_knox import PeerCell, RDisagrees, measure
from story.world import entente

LIBRARIES = ("/usr/lib/R/site-library", "/usr/local/lib/R/site-library", "/usr/lib/R/library")
needs_r = pytest.mark.skipif(
    shutil.which("Rscript") is None or not any((Path(library) / "surveillance").exists() for library in LIBRARIES),
    reason="R with its package surveillance is not installed",
)


@needs_r
@pytest.mark.slow
def test_every_cell_has_the_count_that_r_finds() -> None:
    done = entente("bench", "knox", "--replicates", 19, "--json")
    assert done.code == 0, done.err
    found = done.json
    assert found["events"] == 636
    assert found["peer"].startswith("surveillance ")
    assert [cell["observed"] for cell in found["cells"]] == [61, 122, 204, 117, 235, 422, 240, 483, 941]
    assert float(found["ratio"]["at_once"]) > 1


def test_a_peer_that_counts_otherwise_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    events = np.random.default_rng(1).uniform(0, 200, (40, 3))
    cells = tuple(
        PeerCell(far, late, -1, 0.0, 1.0, 1.0, 1.0) for far in bench_knox.DISTANCES for late in bench_knox.LAPSES
    )
    monkeypatch.setattr(bench_knox, "_peer", lambda _folder, _replicates: ("0", events, cells))
    with pytest.raises(RDisagrees):
        measure(9)


def test_without_r_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = entente("bench", "knox")
    assert done.code == 7
    assert "r-cran-surveillance" in done.err


def test_a_small_run_of_scans_says_that_it_is_simulated() -> None:
    done = entente("bench", "scan", "--tables", 4, "--replicates", 19, "--json")
    assert done.code == 0, done.err
    found = done.json
    assert (found["tables"], found["replicates"], found["is_simulated"]) == (4, 19, True)
    assert [power["ratio"] for power in found["power"]] == ["2.0", "3.0", "4.0"]
    assert found["cylinders"] > 1000
