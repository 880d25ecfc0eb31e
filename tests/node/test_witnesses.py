"""Partners witness each other's ledgers: what they cosign, what they refuse, and what a node learns of itself by it."""

import base64
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entente.cli.staging import build
from entente.exchange import MAX_HELD, AddCheckpoint, Witnessed, read_witnessed
from entente.ledger import (
    CHECKPOINT_PATH,
    Checkpoint,
    Evidence,
    Frontier,
    LedgerProof,
    ProvesNothing,
    check_evidence,
    consistency_proof,
    cosign,
    decode_vkey,
    hashes_of,
    leaf_hash,
    make_leaf,
    parse_checkpoint,
    read_checkpoint,
    read_evidence,
    sign_checkpoint,
    verify_proof,
)
from entente.node import cosigning, witnesses
from entente.node.accusing import MOST_KEPT, accusations, keys_of
from entente.node.announcing import given_out, witness_keys, witness_views
from entente.node.config import UnusableConfig, read_config
from entente.node.cosigning import answer_witness
from entente.node.doubts import doubts
from entente.node.ledger_view import proof_of
from entente.node.outgoing import Outgoing
from entente.node.own_check import check_own
from entente.node.partner_logs import add_checkpoint
from entente.node.publishing import publish
from entente.node.witnesses import WitnessKnowsOther, WitnessRefuses, WitnessUnclear, ask_all, ask_when_due
from entente.node.work import Node, utc_now
from entente.signing import PrivateKey
from story.world import CBP, CBSA, World, world_of

DEA = "us.dea"


class Hands:
    """A clock that tests set."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or utc_now()


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("staged") / "stage"
    build(folder, models=())
    return folder


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(staged: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", clock=clock) as world:
        yield world


def grow(node: Node, number: int = 3) -> None:
    with node.writing() as work:
        for place in range(number):
            work.write("configuration", f"setting-{place}", {})


def size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger_head().size


def codes(node: Node) -> set[str]:
    return {doubt.code for doubt in doubts(node)}


def test_a_partner_cosigns_and_a_reviewer_can_check_it_with_nothing_but_keys(world: World) -> None:
    ours = world.nodes[CBP]
    (asked,) = ask_all(ours)
    assert (asked.party, asked.fault) == (CBSA, None)
    (view,) = witness_views(ours)
    assert (view.size, view.is_overdue) == (asked.size, False)
    proof = LedgerProof.from_bytes(proof_of(ours, 1))
    with ours.store.reading() as tx:
        leaf = next(iter(tx.entries(1, 2))).data
        known = [decode_vkey(ours.identity.log_vkey), *witness_keys(ours, tx)]
    checkpoint = verify_proof(proof, leaf, known, needs_witnesses=1)
    assert [one.name for one in checkpoint.cosignatures] == [f"entente/{CBSA}"]


def test_the_public_sees_the_same_checkpoint_between_two_strokes_of_the_clock(world: World, clock: Hands) -> None:
    ours = world.nodes[CBP]
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ask_when_due(ours)
    first = given_out(ours, CHECKPOINT_PATH)
    assert first
    grow(ours)
    clock.now += timedelta(hours=11)
    assert ask_when_due(ours) == ()
    assert given_out(ours, CHECKPOINT_PATH) == first
    assert given_out(ours, "tile/entries/000.p/3") is None
    clock.now += timedelta(hours=2)
    ask_when_due(ours)
    assert parse_checkpoint(given_out(ours, CHECKPOINT_PATH) or b"").size == size(ours)


def test_each_checkpoint_continues_the_last_and_those_of_receipts(world: World, clock: Hands) -> None:
    ours = world.nodes[CBP]
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for _ in range(3):
        grow(ours, 5)
        world.settle()
        clock.now += timedelta(days=1)
        assert [asked.fault for asked in ask_when_due(ours)] == [None]
    assert witness_views(ours)[0].number == 3
    assert codes(world.nodes[CBSA]) == set()


def receipted(world: World) -> str:
    """The receipt for one more message from CBP."""
    ours = world.nodes[CBP]
    with ours.writing() as work:
        outgoing = Outgoing(ours, work, CBSA)
        outgoing.send("key-change", b"none")
        outgoing.close()
    world.settle()
    with ours.store.reading() as tx:
        return (tx.newest_receipt(CBSA) or b"").decode()


def test_a_clock_that_is_set_back_makes_nobody_a_liar(world: World, clock: Hands) -> None:
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    first = receipted(world)
    clock.now -= timedelta(seconds=20)
    second = receipted(world)
    with world.nodes[CBP].store.reading() as tx:
        known = keys_of(tx, CBSA)
    for kind in ("receipt-denied", "log-went-back"):
        with pytest.raises(ProvesNothing):
            check_evidence(Evidence(kind=kind, party=CBSA, parts={"first": second, "second": first}), known)


def test_a_node_that_starts_again_between_two_strokes_of_the_clock_did_not_shrink(world: World, clock: Hands) -> None:
    """It shows the checkpoint that it announced, and its receipts have told of a larger ledger since."""
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ask_when_due(world.nodes[CBSA])
    receipted(world)
    clock.now += timedelta(hours=3)
    assert [asked.fault for asked in ask_all(world.nodes[CBSA])] == [None]
    assert codes(world.nodes[CBP]) == set()


def test_the_clock_strikes_every_day_at_least(world: World) -> None:
    """Or a witness would call a ledger smaller, or overdue, that only waits."""
    file = world.nodes[CBP].config.folder / "node.toml"
    file.write_text(f"{file.read_text()}\nwitness_hours = 25\n")
    with pytest.raises(UnusableConfig, match="more than a day"):
        read_config(file.parent)


def rewritten(node: Node, number: int) -> bytes:
    """A checkpoint that the operator signs over another tree of `number` entries."""
    checkpoint = Checkpoint(origin=node.identity.log_origin, size=number, root=bytes(32))
    return sign_checkpoint(checkpoint, node.identity.ledger_key)


def announce_lie(node: Node, note: bytes) -> None:
    with node.store.writing() as tx:
        tx.put_setting("announced", note.decode("utf-8"))


def test_two_trees_of_one_size_are_evidence_at_the_witness(world: World) -> None:
    liar, witness = world.nodes[CBP], world.nodes[CBSA]
    (asked,) = ask_all(liar)
    announce_lie(liar, rewritten(liar, asked.size))
    (again,) = ask_all(liar)
    assert isinstance(again.fault, WitnessRefuses)
    (found,) = accusations(witness)
    assert (found.party, found.kind) == (CBP, "two-heads")
    assert {"log-conflict", "two-heads"} <= codes(witness)
    with witness.store.reading() as tx:
        both = [read_checkpoint(note, keys_of(tx, CBP)) for note in _notes(found.body)]
    assert both[0].size == both[1].size
    assert both[0].root != both[1].root


def _notes(body: bytes) -> list[bytes]:
    parts = read_evidence(body).parts
    return [str(parts[name]).encode() for name in ("first", "second")]


def test_a_node_reads_its_own_ledger_over(world: World) -> None:
    ours = world.nodes[CBP]
    grow(ours, 8)
    publish(ours)
    assert check_own(ours) == []
    with closing(sqlite3.connect(ours.config.store_url.removeprefix("sqlite:"))) as connection, connection:
        connection.execute("""UPDATE entry SET data = CAST('{"v":2}' AS BLOB) WHERE "index" = 4""")
    assert {"entry-changed"} == {problem.code for problem in check_own(ours)}
    assert [doubt.values["index"] for doubt in doubts(ours) if doubt.code == "entry-changed"] == [4]


def test_a_cut_tail_is_told_by_the_published_files_alone(world: World) -> None:
    ours = world.nodes[CBP]
    grow(ours, 8)
    publish(ours)
    _cut(ours, 6, has_files=True)
    check_own(ours)
    assert {"truncated", "not-published"} <= codes(ours)


def test_a_smaller_ledger_is_an_alarm_on_both_sides(world: World, clock: Hands) -> None:
    ours, witness = world.nodes[CBP], world.nodes[CBSA]
    clock.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    grow(ours, 5)
    ask_when_due(ours)
    _cut(ours, 4)
    clock.now += timedelta(days=2)
    (asked,) = ask_when_due(ours)
    assert isinstance(asked.fault, WitnessKnowsOther)
    assert "witness-holds-newer" in codes(ours)
    assert "log-conflict" in codes(witness)


def _cut(node: Node, number: int, *, has_files: bool = False) -> None:
    """Yesterday's backup in the place of everything: database and, unless they stay, published files."""
    with node.store.reading() as tx:
        frontier = Frontier().extend(row.leaf_hash for row in tx.entries(0, number))
    file = node.config.store_url.removeprefix("sqlite:")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute('DELETE FROM entry WHERE "index" >= ?', (number,))
        connection.execute("UPDATE ledger_head SET size = ?, frontier = ?", (number, frontier.to_bytes()))
        connection.execute("DELETE FROM checkpoint WHERE size > ?", (number,))
        connection.execute("DELETE FROM cosignature")
    if not has_files:
        shutil.rmtree(node.config.ledger)


def test_what_others_were_shown_must_be_in_it(world: World) -> None:
    """The witness was shown another history by somebody else: the log cannot prove that it is one of its own."""
    liar, witness = world.nodes[CBP], world.nodes[CBSA]
    shown = AddCheckpoint(checkpoint=rewritten(liar, 2).decode(), seen=(rewritten(liar, 3).decode(),))
    answer_witness(witness, CBP, shown.to_wire())
    (asked,) = ask_all(liar)
    assert isinstance(asked.fault, WitnessKnowsOther)
    assert "witness-holds-other" in codes(liar)


def test_a_line_that_is_no_cosignature_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "\N{EM DASH} entente/ca.cbsa " + base64.b64encode(bytes(76)).decode() + "\n"
    monkeypatch.setattr(witnesses, "read_witnessed", lambda _: Witnessed(outcome="cosigned", cosignature=line))
    (asked,) = ask_all(world.nodes[CBP])
    assert isinstance(asked.fault, WitnessUnclear)
    assert witness_views(world.nodes[CBP])[0].size == 0


def test_a_busy_node_is_cosigned_while_its_receipts_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    busy, rounds = world.nodes[CBSA], list(range(4))

    def read(wire: bytes) -> Witnessed:
        if rounds:
            rounds.pop()
            receipted(world)
        return read_witnessed(wire)

    receipted(world)
    ask_all(busy)
    receipted(world)
    monkeypatch.setattr(witnesses, "read_witnessed", read)
    assert [asked.fault for asked in ask_all(busy)] == [None]
    assert not rounds


def test_a_cosignature_of_tomorrow_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def ahead(note: bytes, name: str, key: PrivateKey, at: datetime) -> str:
        return cosign(note, name, key, at + timedelta(days=1))

    monkeypatch.setattr(cosigning, "cosign", ahead)
    (asked,) = ask_all(world.nodes[CBP])
    assert isinstance(asked.fault, WitnessUnclear)
    assert witness_views(world.nodes[CBP])[0].at is None


def test_a_witness_that_is_silent_for_days_is_overdue(world: World, clock: Hands) -> None:
    ours = world.nodes[CBP]
    clock.now = utc_now()
    ask_all(ours)
    clock.now += timedelta(days=4)
    assert "witness-overdue" in codes(ours)
    ask_when_due(ours)
    assert "witness-overdue" not in codes(ours)


def test_a_rewritten_history_is_proven_to_the_witness_by_the_machine_itself(world: World, clock: Hands) -> None:
    ours, witness = world.nodes[CBP], world.nodes[CBSA]
    clock.now = utc_now()
    grow(ours, 10)
    assert [asked.fault for asked in ask_all(ours)] == [None]
    _rewrite(ours, 3)
    grow(ours, 4)
    clock.now += timedelta(days=1)
    (asked,) = ask_when_due(ours)
    assert isinstance(asked.fault, WitnessKnowsOther)
    assert "witness-holds-other" in codes(ours)
    assert {"log-conflict", "not-consistent"} <= codes(witness)
    clock.now += timedelta(days=4)
    assert "log-overdue" in codes(witness)


def _rewrite(node: Node, index: int) -> None:
    """All that an operator can make anew with the node's own key."""
    leaf = make_leaf("configuration", node.clock(), "another", {}, bytes(32))
    with node.store.reading() as tx:
        hashes = [leaf.leaf_hash if row.index == index else row.leaf_hash for row in tx.entries(0, size(node))]
    sql = 'UPDATE entry SET data = ?, leaf_hash = ?, opening = ?, salt = ? WHERE "index" = ?'
    with closing(sqlite3.connect(node.config.store_url.removeprefix("sqlite:"))) as connection, connection:
        connection.execute(sql, (leaf.data, leaf.leaf_hash, leaf.opening, leaf.salt, index))
        connection.execute("UPDATE ledger_head SET frontier = ?", (Frontier().extend(hashes).to_bytes(),))
        connection.execute("DELETE FROM checkpoint")
    shutil.rmtree(node.config.ledger)


def head(node: Node, leaves: list[bytes]) -> str:
    """What the operator signs over `leaves`."""
    frontier = Frontier().extend(leaves)
    checkpoint = Checkpoint(origin=node.identity.log_origin, size=frontier.size, root=frontier.root())
    return sign_checkpoint(checkpoint, node.identity.ledger_key).decode()


def show(witness: Node, leaves: list[bytes], note: str, *olds: int) -> Witnessed:
    """The operator shows `note` over `leaves`, with proofs from these sizes of that very tree."""
    hash_at = hashes_of(lambda start, stop: leaves[start:stop])
    proofs = {old: consistency_proof(old, len(leaves), hash_at) for old in olds}
    return read_witnessed(answer_witness(witness, CBP, AddCheckpoint(checkpoint=note, proofs=proofs).to_wire()))


def test_a_lie_among_more_checkpoints_than_one_request_can_prove_is_found_by_chance(world: World) -> None:
    """Whoever lies knows neither which are looked at nor that an old one is not; a second try looks at the same."""
    liar, witness = world.nodes[CBP], world.nodes[CBSA]
    leaves = [leaf_hash(f"{place}".encode()) for place in range(MAX_HELD + 60)]
    assert show(witness, leaves[:5], head(liar, leaves[:5])).outcome == "cosigned"
    with witness.writing() as work:
        for end in range(6, len(leaves)):
            note = head(liar, leaves[:end])
            add_checkpoint(work, CBP, parse_checkpoint(note.encode()))
    asked = [show(witness, leaves, head(liar, leaves), 5) for _ in range(2)]
    assert [one.outcome for one in asked] == ["conflict"] * 2
    assert asked[0].held == asked[1].held
    sizes = [parse_checkpoint(note.encode()).size for note in asked[0].held]
    assert len(sizes) == MAX_HELD
    assert sizes[0] == 5
    assert set(sizes[1:]) & set(range(6, 66))  # not only the newest
    assert show(witness, leaves, head(liar, leaves), *sizes).outcome == "cosigned"


def test_whoever_contradicts_itself_without_end_fills_nothing(world: World) -> None:
    liar, witness = world.nodes[CBP], world.nodes[CBSA]
    honest = [leaf_hash(f"{place}".encode()) for place in range(30)]
    assert show(witness, honest, head(liar, honest)).outcome == "cosigned"
    before = size(witness)
    for place in range(MOST_KEPT + 3):
        assert (
            show(witness, honest, head(liar, [leaf_hash(f"other {place}".encode()), *honest[1:]])).outcome == "refused"
        )
    assert len(accusations(witness)) == MOST_KEPT
    assert size(witness) == before + MOST_KEPT + 1  # and one entry for the size


def test_two_heads_for_two_partners_meet_when_these_witness_each_other(tmp_path: Path) -> None:
    build(tmp_path / "stage", parties=(CBP, CBSA, DEA), models=())
    with world_of(tmp_path / "stage", tmp_path / "world", ("cbp", "cbsa", "dea")) as world:
        liar, first, second = (world.nodes[party] for party in (CBP, CBSA, DEA))
        one = [leaf_hash(bytes([place])) for place in range(11)]
        other = [leaf_hash(bytes([place + 100])) for place in range(21)]
        assert show(first, one, head(liar, one)).outcome == "cosigned"
        assert show(second, other[:15], head(liar, other[:15])).outcome == "cosigned"
        assert accusations(second) == []
        assert {asked.party for asked in ask_all(first) if not asked.fault} >= {DEA}
        asked = show(second, other, head(liar, other), 15)
        assert asked.outcome == "conflict"
        assert {parse_checkpoint(note.encode()).size for note in asked.held} == {11, 15}
        assert show(second, other, head(liar, other), 11, 15).outcome == "refused"
        (found,) = accusations(second)
        assert (found.party, found.kind, found.shown is not None) == (CBP, "not-consistent", True)
