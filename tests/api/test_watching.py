"""Metrics are for this machine alone, are what Prometheus reads, and tell numbers only."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from entente.api import application, watching
from entente.api.watching import MetricsOffMachine
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.publishing import publish
from entente.node.work import Node
from entente.store import JobRow
from entente.workstreams import ALL, build_catalogue
from every.given import CBSA, message, partner, record
from story.world import App, answering

LINE = re.compile(r'([a-z_]+)(\{[a-z]+="[^"\n]*"\})? (\S+)')


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    config = Config(folder=tmp_path, party="us.cbp", domain="demo", store="sqlite:n.db", url="http://127.0.0.1:1")
    made = create_node(config, build_catalogue(ALL))
    publish(made)
    with made.writing() as work:
        row = JobRow(name='sw"eep', started_at=work.now, ended_at=work.now, due_at=None, fault="canary", failures=3)
        work.tx.put_partner(partner())
        work.tx.add_records([record("canary", body=b"canary")])
        work.tx.queue([message(1, created_at=work.now - timedelta(hours=1), sealed=b"canary")])
        work.tx.put_job(row)
    yield made
    made.close()


def test_metrics_are_numbers_that_prometheus_reads(node: Node) -> None:
    answer = fetched(watching(node, "http://127.0.0.1:9464"))
    assert (answer.status_code, "canary" in answer.text) == (200, False)
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("# "):
            told = LINE.fullmatch(line.replace('\\"', ""))
            assert told, line
            found[told[1] + (told[2] or "")] = float(told[3])
    assert found["entente_ledger_entries"] == found["entente_published_entries"] == 1
    assert found[f'entente_messages_waiting{{partner="{CBSA}"}}'] == 1
    assert 3600 <= found[f'entente_oldest_waiting_seconds{{partner="{CBSA}"}}'] < 3700
    assert found['entente_job_failures{job="sweep"}'] == 3
    assert found["entente_published_timestamp_seconds"] > 1e9


def fetched(app: App) -> httpx.Response:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener, answering(app, listener):
        return httpx.get(f"http://127.0.0.1:{listener.getsockname()[1]}/metrics")


@pytest.mark.parametrize("url", ["http://192.0.2.1:9464", "https://node.example.gov", "http://0.0.0.0:9464"])
def test_metrics_are_never_served_to_other_machines(node: Node, url: str) -> None:
    secure = url.replace("http://1", "https://1").replace("http://0", "https://0")
    with pytest.raises(MetricsOffMachine):
        watching(node, secure)


def test_partners_see_no_metrics(node: Node) -> None:
    assert fetched(application(node)).status_code == 404
