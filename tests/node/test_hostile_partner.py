"""A partner's node that lies, dribbles or denies: it costs others nothing, gets nothing twice, and leaves evidence."""

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.cli.staging import build
from entente.exchange import Batch, Receipt, ReceiptItem, answer_to, read_batch, read_view, sign_receipt
from entente.ledger import Checkpoint, sign_checkpoint
from entente.node import calling, courier, reconciling
from entente.node.calling import AnswerTooSlow, Caller, UnprovenAnswer, plain
from entente.node.courier import MAX_ROUNDS, ConfirmedBefore, Courier, Delivered, NothingSettled, make_due
from entente.node.partner_logs import conflicts
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.sweeping import sweep
from entente.node.work import utc_now
from entente.store import OutboxRow
from story.tables import northern, totals
from story.world import CBP, CBSA, World, tell_address, world_of

Change = Callable[[Batch], dict[str, Any]]
AFTER_THE_END = datetime(2040, 2, 1, tzinfo=UTC)
ROWS = 9


class Hands:
    """A clock that tests set."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or utc_now()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nodes with the customs model in force."""
    staged = tmp_path_factory.mktemp("staged") / "stage"
    build(staged)
    folder = tmp_path_factory.mktemp("signed") / "world"
    with world_of(staged, folder) as world:
        world.settle()
    return folder


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", clock=clock) as world:
        yield world


def items(batch: Batch, state: str = "accepted") -> tuple[ReceiptItem, ...]:
    return tuple(
        ReceiptItem(seq=seq, id=id_, state=state, ledger_index=seq, leaf_hash="0" * 64)
        for seq, id_ in batch.ids().items()
    )


class Fake:
    """Answers as CBSA could, with its own keys: `receipt` is made for each batch."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
        self.calls, self._world, self._change = 0, world, change
        monkeypatch.setattr(courier, "Caller", lambda _: self)

    def close(self) -> None:
        pass

    def call(self, _: object, __: str, body: bytes) -> bytes:
        self.calls += 1
        batch = read_batch(body)
        node = self._world.nodes[CBSA]
        with node.store.reading() as tx:
            note = tx.checkpoints(node.identity.log_origin)[-1].note.decode()
        manifest = batch.manifest
        receipt = Receipt(
            origin=CBP,
            recipient=CBSA,
            root=manifest.root,
            expected_seq=manifest.last_seq + 1,
            items=items(batch),
            checkpoint=note,
            issued_at=node.clock(),
        )
        return sign_receipt(replace(receipt, **self._change(batch)), node.identity.node_key).to_wire()

    def checkpoint(self, size: int, root: bytes) -> str:
        node = self._world.nodes[CBSA]
        made = Checkpoint(origin=node.identity.log_origin, size=size, root=root)
        return sign_checkpoint(made, node.identity.ledger_key).decode()


def deliver(world: World) -> Delivered:
    sent = Courier(world.nodes[CBP])
    try:
        (delivered,) = sent.deliver_all()
    finally:
        sent.close()
    return delivered


def outbox(world: World) -> list[OutboxRow]:
    """The disclosures of CBP."""
    with world.nodes[CBP].store.reading() as tx:
        return [row for row in tx.outbox(CBSA) if row.record_id]


def ledger_size(world: World) -> int:
    with world.nodes[CBP].store.reading() as tx:
        return tx.ledger_head().size


def log_size(world: World) -> int:
    node = world.nodes[CBSA]
    with world.nodes[CBP].store.reading() as tx:
        return tx.checkpoints(node.identity.log_origin)[-1].size


class TestReceiptsThatSettleNothing:
    def test_they_put_off_and_leave_no_trace(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        before = ledger_size(world)
        fake = Fake(world, monkeypatch, lambda batch: {"expected_seq": batch.manifest.first_seq, "items": ()})
        delivered = deliver(world)
        assert isinstance(delivered.fault, NothingSettled)
        assert (fake.calls, ledger_size(world)) == (1, before)
        assert {(row.state, row.reason) for row in outbox(world)} == {("queued", "NothingSettled")}
        assert all(row.next_try_at and row.next_try_at > utc_now() - timedelta(seconds=1) for row in outbox(world))
        assert deliver(world) == Delivered(CBSA, 0)
        assert fake.calls == 1  # put off: not called again

    def test_one_message_at_a_time_ends_with_the_turn(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.import_file(CBP, "a.csv", totals(0, 3 * (MAX_ROUNDS + 10)))
        fake = Fake(
            world,
            monkeypatch,
            lambda batch: {"expected_seq": batch.manifest.first_seq + 1, "items": items(batch)[:1]},
        )
        delivered = deliver(world)
        assert (delivered.settled, delivered.has_more, fake.calls) == (MAX_ROUNDS, True, MAX_ROUNDS)

    def test_what_was_confirmed_never_leaves_again_because_a_receipt_asks_for_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        world.settle()
        settled = outbox(world)
        world.import_file(CBP, "b.csv", totals(100, ROWS))
        fake = Fake(world, monkeypatch, lambda _: {"expected_seq": settled[0].seq, "items": ()})
        for _ in range(3):
            make_due(world.nodes[CBP])
            delivered = deliver(world)
            assert isinstance(delivered.fault, ConfirmedBefore)
            values = delivered.fault.values
            assert (values["expected"], values["confirmed"]) == (settled[0].seq, settled[-1].seq)
        assert fake.calls == 3
        assert outbox(world)[: len(settled)] == settled
        (evidence,) = world.entries(CBP, "refused-message")
        assert (evidence["partner"], evidence["expected"]) == (CBSA, settled[0].seq)
        assert json.loads(evidence["evidence"])["signature"]


@contextmanager
def server(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Something at an address that answers however it likes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                answer(self)
            except OSError:  # the caller hung up
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def dribble_body(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def dribble_headers(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    dribbled = 0
    while dribbled < 100:
        handler.wfile.write(b"x")
        dribbled += 1
        time.sleep(0.1)


@pytest.mark.parametrize("dribble", [dribble_body, dribble_headers])
def test_dribbled_bytes_end_with_the_call(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    dribble: Callable[[http.server.BaseHTTPRequestHandler], None],
) -> None:
    monkeypatch.setattr(calling, "CALL_SECONDS", 0.6)
    world.import_file(CBP, "a.csv", totals(0, ROWS))
    with server(dribble) as url:
        tell_address(world.nodes[CBP], CBSA, url)
        began = time.monotonic()
        delivered = deliver(world)
        took = time.monotonic() - began
    assert isinstance(delivered.fault, AnswerTooSlow)
    assert 0.5 < took < 5
    waiting = outbox(world)[0].next_try_at
    assert waiting is not None
    assert waiting >= utc_now() + timedelta(seconds=-4)


class TestAgreementsThatEndWhileMessagesWait:
    def test_bodies_stay_home_and_the_stream_goes_on(self, world: World, clock: Hands) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        clock.now = AFTER_THE_END
        world.wire.clear()
        world.settle()
        assert b"fentanyl" not in world.wire
        assert {(row.state, row.reason) for row in outbox(world)} == {("expired", "taken-back")}
        taken = world.entries(CBP, "taken-back")
        assert [(facts["subject"], facts["seq"]) for facts in taken] == [(row.id, row.seq) for row in outbox(world)]
        assert {facts["why"] for facts in taken} == {"not-in-force"}
        assert world.run(CBSA, "records", "list", "--why", "x", "--json").json == []
        assert [found.differences for found in world.reconcile(CBP)] == [()]
        types = [entry.type for entry in _entries(world)]
        assert types.index("taken-back") < types.index("receipt", types.index("taken-back"))

    def test_records_that_were_taken_back_are_offered_when_it_is_in_force_again(
        self, world: World, clock: Hands
    ) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        clock.now = AFTER_THE_END
        world.settle()
        shown = world.run(CBP, "records", "show", outbox(world)[0].record_id, "--why", "x")
        assert (shown.code, "taken back" in shown.out) == (0, True)
        clock.now = None
        sweep(world.nodes[CBP])
        world.settle()
        assert len(world.run(CBSA, "records", "list", "--why", "x", "--json").json) == northern(ROWS)

    def test_what_needs_no_agreement_in_force_travels_whole(self, world: World, clock: Hands) -> None:
        clock.now = AFTER_THE_END
        key = world.folder / "third.key"
        world.run(CBP, "partners", "officer", f"{CBP}/liaison-3", "--key", key)
        named = ("customs-seizure-statistics", "--officer", f"{CBP}/liaison-3", "--key", key)
        assert world.run(CBP, "agreements", "sign", *named).code == 0
        world.settle()
        assert world.entries(CBP, "taken-back") == []

    def test_an_erased_message_never_holds_back_those_behind_it(self, world: World) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        world.settle()
        first = outbox(world)[0]
        with world.nodes[CBP].store.writing() as tx:
            tx.erase_record(str(first.record_id))
            tx.requeue(CBSA, [first.seq])
        world.import_file(CBP, "b.csv", totals(100, ROWS))
        world.settle()
        again = outbox(world)
        assert (again[0].state, again[0].reason, again[0].sealed) == ("expired", "erased", b"")
        assert {row.state for row in again[1:]} == {"accepted"}
        assert len(again) == 2 * northern(ROWS)


def _entries(world: World) -> list[Any]:
    with world.nodes[CBP].store.reading() as tx:
        return list(tx.entries(0, tx.ledger_head().size))


class TestAPartnerThatDeniesWhatItConfirmed:
    @pytest.fixture
    def denying(self, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
        """CBSA has confirmed everything, and says that it holds nothing."""
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        world.settle()

        class Liar(Caller):
            def call(self, partner: object, path: str, body: bytes) -> bytes:
                return answer_to(read_view(body), []).to_wire()

        monkeypatch.setattr(reconciling, "Caller", Liar)
        world.wire.clear()
        return world

    def reconciled(self, world: World, *, may_resend_confirmed: bool = False) -> Comparison:
        (found,) = reconcile_all(world.nodes[CBP], may_resend_confirmed=may_resend_confirmed)
        return found

    def test_nothing_leaves_again_on_its_word(self, denying: World) -> None:
        found = self.reconciled(denying)
        with denying.nodes[CBP].store.reading() as tx:
            assert (found.sent_again, found.denied) == (0, tx.position(CBSA).sent_seq)
        assert deliver(denying).settled == 0
        assert b"fentanyl" not in denying.wire
        said = denying.run(CBP, "exchange", "reconcile")
        assert (said.code, "--resend-confirmed" in said.out) == (1, True)

    def test_a_person_may_have_it_sent_again(self, denying: World) -> None:
        said = denying.run(CBP, "exchange", "reconcile", "--resend-confirmed", "--json")
        assert said.json[0]["sent_again"] >= northern(ROWS)
        denying.settle()
        assert denying.wire.count(b"fentanyl") > 0
        assert {row.state for row in outbox(denying)} == {"accepted"}  # taken once: it did hold them
        assert len(denying.run(CBSA, "records", "list", "--why", "x", "--json").json) == northern(ROWS)

    def test_not_even_a_person_sends_a_body_again_after_the_end(self, denying: World, clock: Hands) -> None:
        clock.now = AFTER_THE_END
        assert self.reconciled(denying, may_resend_confirmed=True).sent_again >= northern(ROWS)
        assert deliver(denying).fault is None
        assert b"fentanyl" not in denying.wire

    def test_what_was_erased_here_is_named_and_nothing_behind_it_is_sent(self, denying: World) -> None:
        rows = outbox(denying)
        with denying.nodes[CBP].store.writing() as tx:
            tx.erase_record(str(rows[1].record_id))
        found = self.reconciled(denying, may_resend_confirmed=True)
        assert found.erased == (rows[1].seq,)
        assert found.sent_again == rows[1].seq - 1
        said = denying.run(CBP, "exchange", "reconcile", "--resend-confirmed")
        assert "its record was erased here" in said.out

    def test_what_never_arrived_heals_by_itself(self, denying: World) -> None:
        denying.import_file(CBP, "b.csv", totals(100, ROWS))
        node = denying.nodes[CBP]
        with node.store.writing() as tx:
            claimed = tx.claim(CBSA, "a courier that is gone", node.clock(), node.clock() + timedelta(hours=1), 500)
        found = self.reconciled(denying)
        assert found.sent_again == len(claimed) == northern(ROWS)


class TestALogThatContradictsItself:
    def test_messages_are_settled_and_both_notes_kept(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        size = log_size(world)
        for number, name in enumerate(("a.csv", "b.csv")):
            world.import_file(CBP, name, totals(100 * number, ROWS))
            fake = Fake(world, monkeypatch, lambda _: {"checkpoint": fake.checkpoint(size, b"\7" * 32)})  # noqa: B023
            assert deliver(world).fault is None
        assert {row.state for row in outbox(world)} == {"accepted"}
        (entry,) = world.entries(CBP, "checkpoint-conflict")
        assert (entry["partner"], entry["why"], entry["size"]) == (CBSA, "other-root", size)
        assert entry["kept"] != entry["offered"]
        assert conflicts(world.nodes[CBP]) == {CBSA: 1}
        origin = world.nodes[CBSA].identity.log_origin
        with world.nodes[CBP].store.reading() as tx:
            assert [row.size for row in tx.checkpoints(f"conflict:{origin}")] == [size]
            assert b"BwcHBwcH" not in tx.checkpoints(origin)[-1].note
        said = world.run(CBP, "exchange", "status")
        assert (said.code, "ALARM" in said.out, CBSA in said.out) == (1, True, True)
        assert world.run(CBP, "exchange", "status", "--json").json["log_conflicts"] == {CBSA: 1}

    def test_a_log_that_becomes_shorter_is_noticed(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        world.import_file(CBP, "a.csv", totals(0, ROWS))
        world.settle()
        size = log_size(world)
        world.import_file(CBP, "b.csv", totals(100, ROWS))
        fake = Fake(world, monkeypatch, lambda _: {"checkpoint": fake.checkpoint(1, b"\7" * 32)})
        assert deliver(world).fault is None
        (entry,) = world.entries(CBP, "checkpoint-conflict")
        assert (entry["why"], entry["size"], entry["kept_size"]) == ("shorter-than-before", 1, size)

    def test_an_honest_log_raises_no_alarm(self, world: World) -> None:
        for number, name in enumerate(("a.csv", "b.csv", "c.csv")):
            world.import_file(CBP, name, totals(100 * number, ROWS))
            world.settle()
        assert world.entries(CBP, "checkpoint-conflict") == []
        assert world.run(CBP, "exchange", "status").code == 0


NASTY = "\x1b[2J\x1b]0;pwned\x07\n2026-01-01 WARNING a line\u202egnp.exe\u2028\ud800\x00" + "long " * 1000


@pytest.mark.parametrize("hostile", ["\x1b[31m", "a\nb", "\u202e", "\u2066", "\u200b", "\x9b", "\ud800", "\u2028"])
def test_what_a_partner_says_cannot_steer_a_terminal(hostile: str) -> None:
    said = plain(f"one{hostile}two")
    assert said.isprintable()
    assert said.startswith("one")
    assert said.endswith(("two", "b"))
    assert len(plain(NASTY)) <= 500


def test_of_an_unsigned_answer_only_the_status_is_told(world: World) -> None:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        body = json.dumps({"type": "urn:entente:problem:too-old", "detail": NASTY}).encode()
        handler.send_response(418)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    world.import_file(CBP, "a.csv", totals(0, 3))
    with server(answer) as url:
        tell_address(world.nodes[CBP], CBSA, url)
        delivered = deliver(world)
    assert isinstance(delivered.fault, UnprovenAnswer)
    assert "418" in str(delivered.fault)
    assert "pwned" not in str(delivered.fault)
    assert "too-old" not in str(delivered.fault)


def test_a_broken_answer_reaches_the_log_as_plain_text(world: World) -> None:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 400 \x1b[2J\xff\r\nX-\xff: \x9b\r\nContent-Length: 0\r\n\r\n")

    world.import_file(CBP, "a.csv", totals(0, 3))
    with server(answer) as url:
        tell_address(world.nodes[CBP], CBSA, url)
        delivered = deliver(world)
    assert delivered.fault is not None
    assert str(delivered.fault).isprintable()
