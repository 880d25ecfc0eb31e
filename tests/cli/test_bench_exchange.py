"""`entente bench exchange`: two served nodes, every record receipted, and what it says of them."""

import re

import pytest

from entente.cli.bench_exchange import decades
from story.world import entente

pytestmark = pytest.mark.slow


def test_a_small_run_receipts_everything_and_says_machine_store_and_peer() -> None:
    done = entente("bench", "exchange", "--records", 200, "--seconds", 2, "--rate", 20, "--json")
    assert done.code == 0, done.err
    found = done.json
    assert found["is_simulated"] is True
    assert "CPU, Python" in found["machine"]
    assert found["store"].startswith("SQLite ")
    assert found["singles"]["records"] == 40
    (one,) = found["transfers"]
    assert (one["before"], one["records"]) == (40, 200)
    assert one["cpu_seconds"].keys() == {"feeder", "us.cbp", "ca.cbsa"}
    assert all(peak > 10_000_000 for peak in one["peak_bytes"].values())
    assert re.fullmatch(r"rfc8785 [\d.]+, http-message-signatures [\d.]+", found["peer"]["packages"])
    assert float(found["ratio"]["rate"]) > 0


def test_text_says_that_data_are_simulated_and_what_is_wanted() -> None:
    done = entente("bench", "exchange", "--records", 100, "--seconds", 1, "--rate", 10, "--growth")
    assert done.code == 0, done.err
    first, *_, last = done.out.splitlines()
    assert first.startswith("Simulated records")
    assert last.startswith("Wanted: ")


def test_growth_is_measured_in_steps_that_sum_up_to_powers_of_ten() -> None:
    assert decades(500) == [500]
    assert decades(100_000) == [1000, 9000, 90_000]
    assert decades(250_000) == [1000, 9000, 90_000, 150_000]
