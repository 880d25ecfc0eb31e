"""A lying log: an operator with full access to the database changes, cuts, restores or forks the ledger.

Who notices: the node itself when it starts again, each partner at the next checkpoint, and an auditor who has nothing
but files and keys. What proves it to a third party is one file and a script that shares no code with Entente.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from attacks.field import Field, field_of
from attacks.given import A, B, C
from entente.ledger import Frontier, decode_vkey, make_leaf, verify_log
from entente.node.accusing import published_keys
from entente.node.announcing import witness_views
from entente.node.doubts import doubts
from entente.node.publishing import publish, read_file
from entente.node.work import Node

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LIAR = A


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with field_of(tmp_path / "field", (A, B, C)) as made:
        yield made


def told(field: Field, party: str) -> set[str]:
    """The codes of what a node tells its people to doubt; `entente status` prints them."""
    with field.node(party) as node:
        return {doubt.code for doubt in doubts(node)}


def until(what: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, what
        time.sleep(0.3)


def cosigned(field: Field, party: str) -> dict[str, int]:
    """The size that each witness of `party` cosigned."""
    with field.node(party) as node:
        return {view.party: view.size for view in witness_views(node)}


def work(node: Node, number: int = 7) -> None:
    with node.writing() as made:
        for place in range(number):
            made.write("configuration", f"setting-{place}", {"number": place})


def witnessed(field: Field) -> None:
    """The liar works honestly, and is witnessed for a day."""
    with field.node(LIAR) as node:
        work(node, 20)
    field.serve(*(party for party in field.stage.nodes if party != LIAR))  # there when it first asks to be cosigned
    field.serve(LIAR)
    until(lambda: min(cosigned(field, LIAR).values(), default=0) > 0)
    field.stop(LIAR)


def database(field: Field, party: str = LIAR) -> sqlite3.Connection:
    return sqlite3.connect(next(field.home(party).glob("*.sqlite")))


def rewrite(field: Field, index: int, *, keep: int | None = None) -> None:
    """All the operator can do: another leaf in the place of an old one, and every hash, head, file and checkpoint of
    what is kept made anew with the node's own key."""
    with field.node(LIAR) as node:
        leaf = make_leaf("configuration", node.clock(), "another", {"number": 7}, bytes(32))
        with node.store.reading() as tx:
            rows = list(tx.entries(0, keep or tx.ledger_head().size))
        hashes = [leaf.leaf_hash if row.index == index else row.leaf_hash for row in rows]
        frontier = Frontier().extend(hashes)
    with closing(database(field)) as connection, connection:
        sql = 'UPDATE entry SET data = ?, leaf_hash = ?, opening = ?, salt = ? WHERE "index" = ?'
        connection.execute(sql, (leaf.data, leaf.leaf_hash, leaf.opening, leaf.salt, index))
        connection.execute('DELETE FROM entry WHERE "index" >= ?', (len(rows),))
        connection.execute("UPDATE ledger_head SET size = ?, frontier = ?", (len(rows), frontier.to_bytes()))
        connection.execute("DELETE FROM checkpoint WHERE origin = ?", (f"entente/{LIAR}",))
        connection.execute("DELETE FROM cosignature")
        connection.execute("DELETE FROM setting WHERE name LIKE 'announced%' OR name LIKE 'witness-%'")
    shutil.rmtree(field.home(LIAR) / "ledger")
    with field.node(LIAR) as node:
        publish(node)


def proven(field: Field, party: str, folder: Path) -> str:
    """`party` writes its evidence to a file; a third party checks it in a process that has no Entente."""
    file = folder / f"{party}.json"
    field.must(party, "ledger", "evidence", "--out", file)
    with field.node(party) as node:
        keys = list(published_keys(node, LIAR))
    field.stop()
    with as_file(files("entente.ledger.offline") / "check_evidence.py") as script:
        command = [sys.executable, "-I", "-S", str(script), str(file), *keys]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_one_old_leaf_edited_is_named_when_the_node_starts_again(field: Field) -> None:
    witnessed(field)
    with closing(database(field)) as connection, connection:
        sql = """UPDATE entry SET data = CAST('{"v":2}' AS BLOB) WHERE "index" = 4"""
        assert connection.execute(sql).rowcount == 1
    field.serve(LIAR)
    until(lambda: "entry-changed" in told(field, LIAR))
    (named,) = (doubt for doubt in field.must(LIAR, "status", "--json").json["doubts"] if "index" in doubt)
    assert (named["code"], named["index"]) == ("entry-changed", 4)


def test_a_rewritten_history_is_seen_at_the_next_checkpoint_and_proven_to_others(field: Field, tmp_path: Path) -> None:
    witnessed(field)
    rewrite(field, 5)
    with field.node(LIAR) as node:
        work(node)
    field.serve(LIAR)
    field.at(1.5)
    for witness in (B, C):
        until(lambda witness=witness: "log-conflict" in told(field, witness))  # type: ignore[misc]
    assert "witness-holds-other" in told(field, LIAR)
    assert f"the log of {LIAR} signed" in proven(field, B, tmp_path)


def test_a_cut_tail_and_yesterdays_backup_are_told_by_whoever_saw_more(field: Field) -> None:
    witnessed(field)
    home = field.home(LIAR)
    shutil.copytree(home, home.with_name("backup"))
    with field.node(LIAR) as node:
        work(node, 30)
    field.serve(LIAR)
    field.at(1.2)
    before = max(cosigned(field, LIAR).values())
    until(lambda: min(cosigned(field, LIAR).values()) > before + 10)
    field.stop(LIAR)
    shutil.rmtree(home)
    shutil.copytree(home.with_name("backup"), home)
    field.serve(LIAR)
    until(lambda: "witness-holds-newer" in told(field, LIAR))
    said = field.run(LIAR, "ledger", "witnesses")
    assert said.code == 1
    assert "restore the newest database" in said.out


def test_a_cut_tail_is_told_by_the_files_alone(field: Field) -> None:
    witnessed(field)
    with field.node(LIAR) as node, node.store.reading() as tx:
        kept = tx.ledger_head().size - 6
        frontier = Frontier().extend(row.leaf_hash for row in tx.entries(0, kept))
    with closing(database(field)) as connection, connection:
        connection.execute('DELETE FROM entry WHERE "index" >= ?', (kept,))
        connection.execute("UPDATE ledger_head SET size = ?, frontier = ?", (kept, frontier.to_bytes()))
        connection.execute("DELETE FROM checkpoint")
        connection.execute("DELETE FROM cosignature")
    field.serve(LIAR)
    until(lambda: {"truncated", "not-published"} <= told(field, LIAR))


def test_two_heads_for_two_partners_meet_when_these_witness_each_other(field: Field, tmp_path: Path) -> None:
    """B sees one history and C another, each complete and consistent. B shows C what it cosigned."""
    witnessed(field)
    home = field.home(LIAR)
    field.stop(C)
    shutil.copytree(home, home.with_name("other"))
    with field.node(LIAR) as node:
        work(node, 6)
    field.serve(LIAR)
    field.at(1.2)
    until(lambda: cosigned(field, LIAR)[B] > cosigned(field, LIAR)[C])
    field.stop(LIAR, B)
    shutil.rmtree(home)
    shutil.copytree(home.with_name("other"), home)
    with field.node(LIAR) as node:
        work(node, 11)
    field.at(2.4)
    field.serve(C)
    field.serve(LIAR)
    until(lambda: cosigned(field, LIAR)[C] > 0 and "log-conflict" not in told(field, C))
    field.serve(B)
    field.at(3.6)
    until(lambda: "log-conflict" in told(field, C))
    assert f"the log of {LIAR} signed" in proven(field, C, tmp_path)


def test_an_auditor_needs_only_tiles_and_keys(field: Field, tmp_path: Path) -> None:
    """The checkpoint that a witness holds beside an exported ledger: the stretch that was rewritten is named."""
    witnessed(field)
    with field.node(B) as node, node.store.reading() as tx:
        held = [row.note for row in tx.checkpoints(f"entente/{LIAR}")]
    rewrite(field, 5)
    with field.node(LIAR) as node:
        work(node)
    field.must(LIAR, "ledger", "export", tmp_path / "export")
    with field.node(LIAR) as node:
        known = [decode_vkey(node.identity.log_vkey)]
    verdict = verify_log(lambda path: read_file(tmp_path / "export", path), known, witnessed=held)
    assert "not-consistent" in {problem.code for problem in verdict.problems}
    clean = verify_log(lambda path: read_file(tmp_path / "export", path), known)
    assert clean.is_intact, "the log alone tells a consistent lie"
