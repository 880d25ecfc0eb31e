"""`entente bench decide`: the peer answers the same about every field, or there is no rate."""

import sys
from typing import Any

import pytest

from entente.cli import bench_decide
from entente.cli.bench_cedar import PeerDisagrees
from entente.cli.bench_decide import WaysDisagree, measure
from story.world import entente


def test_a_small_run_says_machine_data_peer_and_ratios() -> None:
    done = entente("bench", "decide", "--rows", 300, "--partners", 2, "--json")
    assert done.code == 0, done.err
    found = done.json
    assert (found["records"], found["partners"], found["provisions"]) == (300, ["us.cbp", "us.dea"], 20)
    assert found["sample"] == {"records": 3, "cases": 6}
    assert found["peer"].startswith("cedarpy ")
    assert "CPU, Python" in found["machine"]
    assert found["cases_per_second"].keys() == {"as_sets", "one_by_one", "afresh", "peer"}
    assert found["ratio"].keys() == {"as_sets", "one_by_one", "afresh"}
    assert 0 < found["released"] < 600
    assert found["peak_bytes"] > 0


def test_every_partner_is_compared_with_the_peer_on_records_of_several_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_decide, "BATCH", 64)
    monkeypatch.setattr(bench_decide, "SHARE", 10)
    run = measure(200, 12)
    assert (run.set_wise.cases, run.row_wise.cases, run.peer.cases) == (2400, 240, 240)


def test_a_peer_that_answers_otherwise_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_requests: Any, _answers: Any) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(bench_decide, "fields_of", nothing)
    with pytest.raises(PeerDisagrees):
        measure(1000, 12)


def test_so_does_a_set_that_is_decided_otherwise_than_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_decide, "shown", lambda _record, _decision: {})
    with pytest.raises(WaysDisagree):
        measure(1000, 12)


def test_without_the_peer_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cedarpy", None)
    done = entente("bench", "decide", "--rows", 100)
    assert done.code != 0
    assert "pip install cedarpy" in done.err
