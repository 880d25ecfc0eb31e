"""Two engines, one meaning: any sequence of operations gives the same answers and the same tables on both."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.errors import EntenteError
from entente.store import FACETS, ORDERS, LedgerHead, Search, Store, Transaction, open_store
from entente.store.tables import TABLES
from every.databases import administer, postgres_schema
from every.given import (
    CBSA,
    DEA,
    access,
    account,
    arrived,
    attempt,
    bad_row,
    behind,
    checkpoint,
    decision,
    duty,
    entry,
    explanation,
    intake,
    later,
    listed,
    message,
    messages,
    record,
    release,
    session,
)

Operation = Callable[[Transaction], object]

pytestmark = pytest.mark.postgres

few = st.integers(1, 5)
ids = st.sampled_from(["a", "b", "é", "r1", "r2"])
parties = st.sampled_from([CBSA, DEA])
seconds = st.integers(0, 40)
reasons = st.text(max_size=4)
anything = st.binary(max_size=6)


def operation(function: Callable[..., object], *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Operation]:
    """Operations that call `function(tx, ...)`, shown by name and arguments when they fail."""

    class Called:
        def __init__(self, values: tuple[Any, ...]) -> None:
            self.values = values

        def __call__(self, tx: Transaction) -> object:
            return function(tx, *self.values)

        def __repr__(self) -> str:
            return f"{function.__name__}{self.values!r}"

    return st.tuples(*arguments).map(Called)


def add_records(tx: Transaction, chosen: list[tuple[str, int, str | None, bytes]]) -> None:
    tx.add_records([record(name, version, via=via, body=body) for name, version, via, body in chosen])


def append_entries(tx: Transaction, count: int, ahead: int) -> None:
    start = tx.ledger_head().size
    rows = [entry(start + ahead + number, f"r{number}") for number in range(count)]
    tx.append_entries(rows, LedgerHead(size=start + count, frontier=b"%d" % count))


def add_checkpoint(tx: Transaction, size: int, note: bytes) -> None:
    tx.add_checkpoint(checkpoint(size, note=note))


def queue(tx: Transaction, party: str, ahead: int, count: int) -> None:
    start = tx.position(party).sent_seq + 1 + ahead
    tx.queue([message(start + number, party) for number in range(count)])


def receive(tx: Transaction, party: str, ahead: int, reason: str) -> None:
    tx.add_inbox([arrived(tx.position(party).received_seq + 1 + ahead, party, reason=reason)])


def claim(tx: Transaction, party: str, worker: str, at: int, lease: int, limit: int) -> object:
    return tx.claim(party, worker, later(at), later(at + lease), limit)


def settle(tx: Transaction, party: str, seq: int, state: str, receipt: bytes | None) -> None:
    tx.settle(party, seq, state, "", receipt)


def put_off(tx: Transaction, party: str, seqs: list[int], at: int, reason: str) -> None:
    tx.put_off(party, seqs, later(at), reason)


def quarantine(tx: Transaction, line: int, text: str) -> None:
    tx.put_intake(intake("i1", quarantined=line, source=text))
    tx.add_quarantined([bad_row(line, value=text, row=text)])


def log_access(tx: Transaction, who: str) -> None:
    tx.log_access(access(who))


def decide(tx: Transaction, name: str, version: int, party: str, outcome: str, mask: str) -> None:
    tx.add_decisions([decision(name, version, partner=party, outcome=outcome, mask=mask)], [explanation(mask)])


def put_release(tx: Transaction, name: str, state: str, at: int) -> None:
    tx.put_release(release(name, state=state, created_at=later(at)))


def owe(tx: Transaction, about: str, direction: str, party: str, state: str, due: int | None) -> None:
    at = None if due is None else later(due)
    tx.put_duty(duty(about, direction, party, state=state, due=at, record_id=about))


def rest_on(tx: Transaction, finding: str, version: int, name: str, used: int) -> None:
    tx.add_evidence([behind(name, used, finding, version)])


def nonce(tx: Transaction, key: str, at: int) -> object:
    return tx.is_new_nonce(key, "nonce", later(at), later(at - 20))


def sign_in(tx: Transaction, name: str, token: str, at: int, failures: int) -> None:
    tx.put_account(account(name, is_active=bool(failures % 2), password_at=later(at)))
    tx.put_session(session(token, name, seen_at=later(at)))
    tx.put_attempt(
        attempt(name, failures=failures, last_at=later(at), locked_until=later(at) if failures > 3 else None)
    )


def go(tx: Transaction, name: str, token: str, at: int) -> object:
    tx.end_session(token)
    tx.drop_attempt(name)
    return tx.end_sessions(name), tx.drop_sessions(later(at)), tx.drop_attempts(later(at))


def put_listing(tx: Transaction, name: str, party: str | None, at: int, words: str, day: str) -> None:
    tx.put_listing([listed(name, via=party, recorded_at=later(at), words=f" {words} ", day=day, said_by=party or DEA)])


def search(tx: Transaction, chosen: Search, after: str, limit: int) -> object:
    return (
        [tx.found(chosen, order, None, limit) for order in ORDERS],
        [tx.found(chosen, order, (value, after), limit) for value in ("", str(later(9))) for order in ("day", "kind")],
        [tx.found(Search(), order, (str(later(9)), after), limit) for order in ("recorded", "recorded-desc")],
        [tx.facet(chosen, name) for name in FACETS],
        [tx.count(chosen), tx.listing_gaps(limit, after=after)],
    )


def look(tx: Transaction, name: str, party: str, after: str, limit: int) -> object:
    """Everything that can be asked."""
    return (
        [tx.record(name), tx.versions(name), tx.heads([name, "a", "b"]), tx.decisions(name), tx.entries_about(name)],
        [tx.current_records(own=own, after=after, limit=limit) for own in (None, True, False)],
        [tx.record_counts(), tx.quarantine_counts(), tx.outbox_counts(), tx.inbox_counts(), tx.decision_counts()],
        [tx.quarantined(limit=limit), tx.intakes(), tx.accesses(limit), tx.releases(), tx.releases("waiting")],
        [tx.position(party), tx.last_sent(party, name), list(tx.outbox(party, start=2)), list(tx.inbox(party))],
        [
            list(tx.duties()),
            list(tx.duties("owed-by-us", is_open=True)),
            list(tx.duties(record_id=name, is_open=False)),
        ],
        [tx.duty_counts(later(20)), tx.findings_resting_on(name)],
        [(tx.evidence("f1", version), tx.stale_evidence("f1", version)) for version in (1, 2)],
        [tx.accounts(), tx.account(name), tx.session(name), tx.attempt(name), tx.intake("i1")],
        [tx.ledger_head(), list(tx.entries(0, limit)), tx.checkpoints("us.cbp/ledger"), tx.setting(name)],
    )


outgoing = st.one_of(
    operation(queue, parties, st.sampled_from([0, 0, 0, 1]), st.integers(0, 4)),
    operation(claim, parties, st.sampled_from(["w1", "w2"]), seconds, seconds, few),
    operation(claim, parties, st.sampled_from(["w1", "w2"]), seconds, seconds, few),
    operation(settle, parties, few, st.sampled_from(["receipted", "refused"]), st.none() | anything),
    operation(put_off, parties, st.lists(few, max_size=3), seconds, reasons),
    operation(Transaction.requeue, parties, st.lists(few, max_size=3)),
    operation(Transaction.requeue_unsettled, parties),
)
kept = st.one_of(
    operation(add_records, st.lists(st.tuples(ids, few, st.none() | parties, anything), min_size=1, max_size=4)),
    operation(Transaction.erase_record, ids),
    operation(append_entries, st.integers(0, 3), st.sampled_from([0, 0, 0, 1])),
    operation(Transaction.erase_openings, ids),
    operation(add_checkpoint, few, st.sampled_from([b"1", b"2"])),
    operation(receive, parties, st.sampled_from([0, 0, 0, 1]), reasons),
    operation(decide, ids, few, parties, st.sampled_from(["release", "withhold"]), st.sampled_from(["m1", "m2"])),
)
others = st.one_of(
    operation(quarantine, few, st.text(st.characters(codec=None), max_size=4)),
    operation(log_access, reasons),
    operation(put_release, ids, st.sampled_from(["waiting", "released"]), seconds),
    operation(
        owe,
        ids,
        st.sampled_from(["owed-by-us", "owed-to-us"]),
        parties,
        st.sampled_from(["owed", "acknowledged", "answered", "void", "unheard-of"]),
        st.none() | seconds,
    ),
    operation(rest_on, st.sampled_from(["f1", "f2"]), st.integers(1, 2), ids, few),
    operation(nonce, st.sampled_from(["k1", "k2"]), seconds),
    operation(Transaction.put_setting, ids, reasons),
    operation(look, ids, parties, ids, few),
)
screens = st.one_of(
    operation(add_records, st.lists(st.tuples(ids, few, st.none() | parties, anything), min_size=1, max_size=4)),
    operation(Transaction.erase_record, ids),
    operation(sign_in, ids, ids, seconds, few),
    operation(go, ids, ids, seconds),
    operation(
        put_listing, ids, st.none() | parties, seconds, reasons, st.sampled_from(["", "2026-11-21", "2025-01-01"])
    ),
    operation(search, st.builds(Search, own=st.none() | st.booleans(), words=reasons.map(tuple)), ids, few),
    operation(look, ids, parties, ids, few),
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[tuple[Store, str]]:
    """A migrated store and the statement that empties it."""
    with postgres_schema() as address:
        store = open_store(address)
        store.migrate()
        schema = address.rpartition("schema=")[2]
        yield store, "; ".join(f"DELETE FROM {schema}.{table}" for table in reversed(list(TABLES)))
        store.close()


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file without rows."""
    path = tmp_path_factory.mktemp("alike") / "empty.db"
    store = open_store(f"sqlite:{path}")
    store.migrate()
    store.close()
    return path.read_bytes()


Transactions = list[list[Operation]]


def transactions(of: st.SearchStrategy[Operation]) -> st.SearchStrategy[Transactions]:
    return st.lists(st.lists(of, min_size=1, max_size=8), min_size=1, max_size=6)


some = settings(max_examples=70, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(history=transactions(outgoing | kept | others))
def test_both_engines_answer_alike_and_keep_the_same(
    history: Transactions, postgres: tuple[Store, str], empty_file: bytes, tmp_path: Path
) -> None:
    assert_alike(history, postgres, empty_file, tmp_path)


@some
@given(history=transactions(screens))
def test_both_engines_find_and_forget_alike(
    history: Transactions, postgres: tuple[Store, str], empty_file: bytes, tmp_path: Path
) -> None:
    assert_alike(history, postgres, empty_file, tmp_path)


@some
@given(history=transactions(outgoing))
def test_both_engines_lease_and_settle_alike(
    history: Transactions, postgres: tuple[Store, str], empty_file: bytes, tmp_path: Path
) -> None:
    assert_alike([[queue_five], *history], postgres, empty_file, tmp_path)


def queue_five(tx: Transaction) -> None:
    tx.queue([*messages(5), *messages(5, DEA)])


def assert_alike(history: Transactions, postgres: tuple[Store, str], empty_file: bytes, tmp_path: Path) -> None:
    server, emptying = postgres
    administer(emptying)
    path = tmp_path / "alike.db"
    path.write_bytes(empty_file)
    file = open_store(f"sqlite:{path}")
    try:
        for steps in history:
            assert answers(file, steps) == answers(server, steps)
        with file.reading() as one, server.reading() as other:
            for table in TABLES:
                assert list(one.dump(table)) == list(other.dump(table)), table
    finally:
        file.close()


def answers(store: Store, steps: list[Operation]) -> list[object]:
    """What one write transaction answers to each step, and how it ends."""
    given: list[object] = []
    try:
        with store.writing() as tx:
            given.extend(answer(step, tx) for step in steps)
    except EntenteError as error:
        given.append(type(error))
    return given


def answer(step: Operation, tx: Transaction) -> object:
    try:
        return step(tx)
    except EntenteError as error:
        return type(error)
