"""Moving a store to another engine and back: every table, compared before anything is kept."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entente.store import (
    AccusationRow,
    ComparisonRow,
    CopyDiffers,
    CosignatureRow,
    HoldRow,
    JobRow,
    Store,
    TargetNotEmpty,
    TurnRow,
    move,
    open_store,
)
from entente.store.tables import TABLES
from every.databases import postgres_schema
from every.given import (
    CBSA,
    NOON,
    access,
    account,
    agreement,
    append,
    arrived,
    attempt,
    bad_row,
    behind,
    checkpoint,
    decision,
    duty,
    entry,
    explanation,
    former,
    identity,
    intake,
    later,
    listed,
    message,
    node_key,
    officer,
    partner,
    passkey,
    received,
    record,
    release,
    session,
    signature,
    step,
    suspension,
)
from every.test_every_store_askings import asking
from every.test_every_store_outside import outside_party
from every.test_every_store_recalls import recall, recalled, redisclosure


def fill(store: Store, count: int = 450) -> None:
    """Rows in every table, more than a page in the long ones."""
    chance = random.Random(1)
    with store.writing() as tx:
        tx.put_setting("party", "us.cbp")
        tx.put_partner(partner())
        tx.end_officer(former())
        tx.put_officer(officer())
        tx.put_key(node_key())
        tx.add_agreement(agreement())
        tx.add_agreement_signature(signature("ca.cbsa/liaison-1"))
        tx.add_agreement_suspension(suspension("ca.cbsa/liaison-1"))
        tx.put_intake(intake(source="caf\udce9.csv", size=9, position=7, header="caf\udce9,b", corrects="i0"))
        tx.add_quarantined([bad_row(line, value="\0é\ud800") for line in range(count)])
        tx.add_records([record(f"r{n}", body=chance.randbytes(50)) for n in range(count)])
        tx.add_records([record(f"r{n}", 2, recorded_at=later(n + 0.000001)) for n in range(0, count, 3)])
        tx.add_records([received(f"t{n}", is_simulated=True) for n in range(count)])
        append(tx, *(entry(n, f"r{n}") for n in range(count)))
        tx.erase_openings("r7")
        tx.erase_record("r7")
        tx.add_checkpoint(checkpoint(count))
        tx.queue([message(n, record_id=None if n % 2 else f"r{n}") for n in range(1, count)])
        tx.claim(CBSA, "w1", NOON, later(60), 5)
        tx.settle(CBSA, 1, "receipted", "", b"receipt")
        tx.add_inbox([arrived(n) for n in range(1, count)])
        tx.add_decisions([decision(f"r{n}") for n in range(count)], [explanation()])
        tx.put_release(release())
        for n in range(3):
            tx.put_duty(duty(f"m{n}", is_simulated=bool(n % 2), due=None if n else NOON))
        tx.add_evidence([behind(f"r{n}", n + 1) for n in range(count)])
        tx.put_account(account(person="\0é", must_change=True))
        tx.put_session(session(told="é\ud800"))
        tx.put_passkey(passkey(title="\0é", used_at=NOON))
        tx.put_identity(identity())
        tx.put_step(step(held=b"\0"))
        tx.put_attempt(attempt("nobody", locked_until=later(1)))
        tx.put_listing([listed(f"r{n}", via=CBSA if n % 2 else None, is_simulated=n % 3 == 0) for n in range(count)])
        tx.take_turn(TurnRow(name="courier", worker="w1", until=later(9)), NOON)
        tx.put_job(JobRow(name="sweep", started_at=NOON, ended_at=later(1), due_at=None, fault="é", failures=2))
        tx.is_new_nonce("key", "nonce", datetime(2026, 11, 21, 12, 0, 0, 1, tzinfo=UTC), NOON)
        tx.add_cosignature(CosignatureRow(witness=CBSA, size=count, note=b"note", at=NOON))
        tx.put_comparison(ComparisonRow(party=CBSA, at=NOON, fault="", body=b"{}"))
        tx.add_accusation(AccusationRow(id="a", party=CBSA, kind="two-heads", found_at=NOON, body=b"{}"))
        tx.put_hold(HoldRow(record_id="t1", who="é", why="a court asked", since=NOON))
        tx.put_recall(recall(receipt=b"\0"))
        tx.put_recalled(recalled())
        tx.put_redisclosure(redisclosure(granted_until=NOON.date()))
        tx.put_outside(outside_party(name="é"))
        tx.put_asking(asking(note="é\n"))
        for n in range(3):
            tx.log_access(access(f"who-{n}"))


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Iterator[Store]:
    """An empty store of the other engine."""
    if store.where.startswith("postgresql"):
        opened = open_store(f"sqlite:{tmp_path / 'other.db'}")
        opened.migrate()
        yield opened
        opened.close()
    else:
        with postgres_schema() as address:
            opened = open_store(address)
            opened.migrate()
            yield opened
            opened.close()


pytestmark = pytest.mark.postgres


def test_every_table_arrives_and_the_node_goes_on_there(store: Store, other: Store) -> None:
    fill(store)
    seen: dict[str, int] = {}
    counts = move(store, other, seen.__setitem__)
    assert counts.rows == seen
    assert set(counts.rows) == set(TABLES)
    assert counts.rows["record"] == 450 + 150 + 450
    with store.reading() as old, other.reading() as new:
        for table in TABLES:
            assert list(old.dump(table)) == list(new.dump(table)), table
        assert new.record("r3") == old.record("r3") == record("r3", 2, recorded_at=later(3.000001))
        assert new.accesses() == [access("who-2"), access("who-1"), access("who-0")]
    with other.writing() as tx:
        tx.log_access(access("after"))
        append(tx, entry(450))
        tx.queue([message(450)])
        assert tx.accesses(1) == [access("after")]


def test_there_and_back_again_is_the_same(store: Store, other: Store, tmp_path: Path) -> None:
    fill(store, 20)
    back = open_store(f"sqlite:{tmp_path / 'back.db'}")
    back.migrate()
    assert move(store, other) == move(other, back)
    back.close()


def test_a_store_with_rows_is_never_overwritten(store: Store, other: Store) -> None:
    fill(store, 3)
    with other.writing() as tx:
        tx.put_setting("party", "ca.cbsa")
    with pytest.raises(TargetNotEmpty, match="already holds rows in setting"):
        move(store, other)
    with other.reading() as tx:
        assert tx.setting("party") == "ca.cbsa"
        assert tx.is_empty("record")


def test_a_copy_that_differs_is_not_kept(store: Store, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 3)
    with other.writing() as tx:
        right = type(tx).load

    def wrong(tx: object, table: str, rows: list[object]) -> None:
        right(tx, table, rows[1:] if table == "decision" else rows)  # type: ignore[arg-type]  # one of two engines

    monkeypatch.setattr(type(tx), "load", wrong)
    with pytest.raises(CopyDiffers, match="2 rows instead of 3"):
        move(store, other)
    with other.reading() as tx:
        assert all(tx.is_empty(table) for table in TABLES)


def test_moving_needs_little_memory(store: Store, other: Store) -> None:
    import tracemalloc

    with store.writing() as tx:
        for start in range(0, 3000, 500):
            tx.add_records([record(f"r{n}", body=random.randbytes(10_000)) for n in range(start, start + 500)])
    tracemalloc.start()
    move(store, other)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15_000_000  # of 30 MB moved
