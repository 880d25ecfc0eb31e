"""Bad rows say what records would have said, so they are read for what these may serve, and for nothing else."""

import time
from pathlib import Path

from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.uploads import imports
from web.served import served
from web.test_imports import send


def test_bad_rows_of_a_kind_with_purposes_of_its_own_are_read_for_these_alone(tmp_path: Path) -> None:
    folder = tmp_path / "phac"
    config = Config(folder=folder, party="ca.phac", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1")
    create_node(config, catalogue()).close()
    counts = (
        b"publication,region,substance,role,period_start,period_end,tested,positive\n"
        b"A service,ca-bc,xylazine,minor,2025,2025-01-31,9,1\n"
    )
    with served(folder) as health, health.browser("officer") as browser:
        send(browser, counts, reader="drug-checking-csv", simulated="yes")
        until = time.monotonic() + 30
        while imports(health.node)[0].state != "done" and time.monotonic() < until:
            time.sleep(0.05)
        path = f"/imports/{imports(health.node)[0].id}"
        for asked_for in (path, f"{path}/bad-rows.csv"):
            refused = browser.get(asked_for)
            assert refused.status_code == 422
            assert "serve early-warning and nothing else" in refused.text
            assert "/reason?back=" in refused.text
            assert "xylazine" not in refused.text
        browser.state_reason("early-warning", "the weekly meeting")
        assert "2025" in browser.get(path).text
        assert "xylazine" in browser.get(f"{path}/bad-rows.csv").text
