"""Whoever helps sees how a node is set up and what it does, and nothing of what it holds or of whom."""

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.config import read_config, write_config
from entente.node.work import Node, open_node
from entente.signing import PrivateKey
from entente.store import JobRow
from every.databases import postgres_schema
from every.given import access, account, bad_row, duty, intake, message, partner, record, release, session
from story.world import entente

CANARY = "canary"


def told(node: Node) -> str:
    target = node.config.folder / "bundle.zip"
    done = entente("support", "bundle", "--out", target, "--node", node.config.folder)
    assert done.code == 0, done.err
    with zipfile.ZipFile(target) as file:
        assert set(file.namelist()) >= {"versions.json", "settings.json", "state.json", "jobs.json"}
        return "\n".join(file.read(name).decode() for name in file.namelist())


def fill(node: Node) -> None:
    """A canary wherever somebody could write something down."""
    with node.writing() as work:
        tx, now = work.tx, work.now
        tx.put_partner(partner(url="https://canary.example", public_key=PrivateKey(bytes(32)).public.to_text()))
        tx.add_records([record(CANARY, body=b'{"name":"canary"}')])
        tx.put_intake(intake(source="canary.csv", who=CANARY, header=CANARY))
        tx.add_quarantined([bad_row(1, value=CANARY, row=CANARY, field=CANARY)])
        tx.queue([message(1, sealed=b"canary", record_id=CANARY, created_at=now - timedelta(hours=2))])
        tx.put_release(release(record_id=CANARY, approvals=b'["canary"]'))
        tx.put_duty(duty("m1", note=CANARY, record_id=CANARY))
        tx.log_access(access(CANARY, why=CANARY))
        tx.put_account(account(name="jane-canary", person="Jane Canary", roles="analyst officer", password=CANARY))
        tx.put_session(session(account="jane-canary", why=CANARY, told=CANARY))
        tx.put_job(JobRow(name="sweep", started_at=now, ended_at=now, due_at=None, fault="StoreFull", failures=4))
        work.write("kept", CANARY, {"record": CANARY})


def check(node: Node) -> None:
    text = told(node)
    assert CANARY not in text.lower()
    keys = [file.read_text("ascii").strip() for file in node.config.keys.glob("*.key")]
    assert len(keys) >= 3
    assert not any(key in text for key in keys)
    assert str(node.config.folder) not in text
    assert ('"fault": "StoreFull"' in text, '"analyst": 1' in text, '"oldest_seconds": 72' in text) == (True,) * 3


def test_a_bundle_has_no_record_no_person_and_no_secret(tmp_path: Path) -> None:
    home = tmp_path / "node"
    assert entente("init", "--party", "us.cbp", "--domain", "demo", "--node", home).code == 0
    node = open_node(home, catalogue())
    fill(node)
    check(node)
    node.close()
    again = entente("support", "bundle", "--out", home / "bundle.zip", "--node", home)
    assert (again.code, "overwrites nothing" in again.err) == (3, True)


@pytest.mark.postgres
def test_nor_the_address_and_password_of_its_database(tmp_path: Path) -> None:
    with postgres_schema() as address:
        home = tmp_path / "node"
        made = entente("init", "--party", "us.cbp", "--domain", "demo", "--node", home, "--store", address)
        assert made.code == 0, made.err
        config = read_config(home)
        spiced = config.store.replace("?", "?application_name=canary-secret&", 1)
        write_config(replace(config, store=spiced))
        node = open_node(home, catalogue())
        fill(node)
        check(node)
        assert json.dumps("postgresql") in told_again(node)
        node.close()


def told_again(node: Node) -> str:
    (node.config.folder / "bundle.zip").unlink()
    return told(node)
