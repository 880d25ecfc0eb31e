"""Keys follow on each other while records go on crossing; a key that somebody else may hold gives way at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.agreements import sign_agreement
from entente.exchange import KEY_CHANGE, KeyChange, key_change_bytes, open_sealed
from entente.node.agreeing import standing
from entente.node.calling import PartnerRefuses
from entente.node.compromise import suspects
from entente.node.identity import read_secret, write_secret
from entente.node.key_view import ShownKey, all_keys
from entente.node.keyring import directory
from entente.node.outgoing import Outgoing
from entente.node.partnering import card_of
from entente.node.publishing import publish
from entente.node.succeeding import key_row
from entente.node.work import open_node, utc_now
from entente.signing import PrivateKey, canonical
from entente.store import InboxRow
from story.tables import totals
from story.world import CBP, CBSA, World, entente, world_of

ROWS = 5


class Hands:
    """A clock that tests set ahead."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Of verbs too."""
    hands = Hands()
    monkeypatch.setattr(open_node, "__defaults__", (hands,))
    return hands


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", clock=clock) as world:
        yield world


def send(world: World, first: int) -> None:
    """CBP has something new for CBSA; it is queued."""
    assert world.import_file(CBP, f"{first}.csv", totals(first, ROWS)).code == 0


def key(world: World, at: str, of: str, kind: str = "node") -> ShownKey:
    """The newest key of a party as `at` sees it."""
    return [found for found in all_keys(world.nodes[at]) if (found.party, found.kind) == (of, kind)][-1]


def received(world: World, at: str = CBSA, of: str = CBP) -> list[InboxRow]:
    with world.nodes[at].store.reading() as tx:
        return list(tx.inbox(of))


def signers(rows: list[InboxRow]) -> list[str]:
    return [open_sealed(row.sealed).signature.key_id for row in rows]


def clean(world: World) -> None:
    """Both ledgers are what was signed, database and files, and both sides agree about every message."""
    for party in (CBP, CBSA):
        publish(world.nodes[party])
        ran = entente("ledger", "verify", world.home(party), "--json")
        assert ran.code == 0, ran.out
        assert [verdict["problems"] for verdict in ran.json] == [[], []]
        assert [found.differences for found in world.reconcile(party)] == [()]


@pytest.mark.parametrize("kind", ["node", "ledger"])
def test_a_key_is_changed_without_a_pause(world: World, kind: str) -> None:
    old = key(world, CBP, CBP, kind)
    send(world, 0)
    world.settle()
    send(world, 100)  # waits in the outbox, signed by the old key
    rotated = world.run(CBP, "keys", "rotate", "--kind", kind, "--json")
    assert rotated.code == 0, rotated.err
    assert rotated.json["unaware"] == [CBSA]
    assert world.run(CBP, "keys", "rotate", "--kind", kind).code == 3
    early = world.run(CBP, "keys", "finish", "--kind", kind)
    assert (early.code, "do not know the new one yet" in early.err) == (3, True)
    send(world, 200)
    assert world.run(CBSA, "keys", "rotate").code == 0  # its announcement is receipted with a checkpoint of CBP
    world.settle()

    new = key(world, CBSA, CBP, kind)
    assert (new.key_id, key(world, CBP, CBP, kind).unaware) == (rotated.json["key"], ())
    finished = world.run(CBP, "keys", "finish", "--kind", kind)
    assert finished.code == 0, finished.err
    send(world, 300)
    world.settle()
    rows = received(world)
    assert {row.state for row in rows} == {"accepted"}
    if kind == "node":
        assert set(signers(rows)) == {old.key_id, new.key_id}
        assert signers(rows)[-1] == new.key_id
    with world.nodes[CBSA].store.reading() as tx:
        notes = [row.note.decode() for row in tx.checkpoints("entente/us.cbp")]
    assert (notes[0].count(" entente/us.cbp "), notes[-1].count(" entente/us.cbp ")) == (1, 1 + (kind == "ledger"))
    assert {file.name for file in world.nodes[CBP].config.keys.iterdir()} == {"node.key", "ledger.key", "records.key"}
    clean(world)


@pytest.mark.slow
def test_a_partner_that_was_away_for_the_whole_change_reads_on(world: World, clock: Hands) -> None:
    """It hears of the change by the old key, and all that was written since is signed by the new one."""
    send(world, 0)
    assert world.run(CBP, "keys", "rotate", "--overlap-days", "2").code == 0
    send(world, 100)
    clock.ahead = timedelta(days=3)
    send(world, 200)
    world.settle()
    rows = received(world)
    assert {row.state for row in rows} == {"accepted"}
    assert signers(rows)[-1] == key(world, CBSA, CBP).key_id != signers(rows)[0]
    assert world.run(CBP, "keys", "finish").code == 0
    clean(world)


def test_the_old_key_is_refused_once_its_last_moment_has_passed(world: World, clock: Hands) -> None:
    old = world.nodes[CBP].identity.node_key
    assert world.run(CBP, "keys", "rotate", "--overlap-days", "2").code == 0
    world.settle()
    with world.nodes[CBSA].store.reading() as tx:
        known = directory(tx)
    now = world.nodes[CBSA].clock()
    assert known.key_of(old.public.key_id, now) is not None
    assert known.key_of(old.public.key_id, now + timedelta(days=2)) is None


def test_a_key_that_somebody_else_may_hold_gives_way_at_once(world: World, tmp_path: Path) -> None:
    send(world, 0)
    world.settle()
    stolen = world.nodes[CBP].identity.node_key
    since = datetime.now(UTC).isoformat()
    send(world, 100)
    world.settle()
    doubted = [row for row in received(world) if row.received_at.isoformat() >= since]
    send(world, 200)  # waits
    assert world.run(CBP, "keys", "compromised", "--since", since).code == 0
    assert stolen.public.to_text() not in {
        read_secret(file).public.to_text() for file in world.nodes[CBP].config.keys.glob("*.key")
    }
    (delivered,) = world.deliver(CBP)
    assert isinstance(delivered.fault, PartnerRefuses)  # until CBSA has pinned the card

    card = tmp_path / "cbp.card"
    assert world.run(CBP, "partners", "card", "--out", card).code == 0
    renewed = world.run(CBSA, "partners", "renew", card, "--compromised-since", since, "--json")
    assert renewed.code == 0, renewed.err
    assert [found["id"] for found in renewed.json] == [row.id for row in doubted]
    assert all(found["record"] for found in renewed.json)
    assert world.run(CBSA, "partners", "suspects", CBP, "--json").json == renewed.json
    world.run(CBP, "exchange", "retry")
    world.settle()
    rows = received(world)
    assert {row.state for row in rows} == {"accepted"}
    assert signers(rows)[-1] == key(world, CBSA, CBP).key_id != stolen.public.key_id
    assert [found.id for found in suspects(world.nodes[CBSA], CBP)] == [row.id for row in doubted]
    clean(world)

    again = tmp_path / "stolen.card"
    body = card_of(world.nodes[CBP]).to_json() | {"public_key": stolen.public.to_text(), "serial": 99}
    again.write_bytes(canonical({"card": body, "signature": stolen.sign("card-v1", canonical(body)).to_json()}))
    refused = world.run(CBSA, "partners", "renew", again)
    assert (refused.code, "was revoked" in refused.err) == (3, True)


def test_two_officers_revoke_a_key_of_their_node_and_one_does_not(world: World, tmp_path: Path) -> None:
    file, stolen = tmp_path / "revocation", key(world, CBSA, CBP)

    def sign(officer: str) -> None:
        held = tmp_path / officer.replace("/", "-")
        write_secret(held, world.key_of(officer))
        words = ("keys", "revocation", file, "--party", CBP, "--revoke", stolen.key_id, "--officer", officer)
        signed = entente(*words, "--key", held, "--since", "2026-11-01T00:00Z")
        assert signed.code == 0, signed.err

    send(world, 0)
    sign(f"{CBP}/liaison-1")
    sign(f"{CBSA}/liaison-1")  # an officer of another party
    refused = world.run(CBSA, "partners", "revoke", file)
    assert (refused.code, "1 of 2 officers" in refused.err) == (3, True)
    sign(f"{CBP}/liaison-2")
    assert world.run(CBSA, "partners", "revoke", file).code == 0
    assert key(world, CBSA, CBP).state == "revoked"
    (delivered,) = world.deliver(CBP)
    assert isinstance(delivered.fault, PartnerRefuses)
    assert [row for row in received(world) if row.state == "accepted" and row.type == "disclosure"] == []


def test_an_older_card_never_takes_the_place_of_a_newer_one(world: World, tmp_path: Path) -> None:
    older, newer, forged = (tmp_path / name for name in ("older.card", "newer.card", "forged.card"))
    assert world.run(CBP, "partners", "card", "--out", older).code == 0
    assert world.run(CBP, "partners", "officer-leaves", f"{CBP}/liaison-1").code == 0
    assert world.run(CBP, "partners", "card", "--out", newer).code == 0
    assert world.run(CBSA, "partners", "renew", newer).code == 0
    refused = world.run(CBSA, "partners", "renew", older)
    assert (refused.code, "An older card never takes the place" in refused.err) == (3, True)

    body = card_of(world.nodes[CBP]).to_json() | {"url": "https://elsewhere.example"}
    signature = world.nodes[CBP].identity.node_key.sign("card-v1", canonical(body)).to_json()
    forged.write_bytes(canonical({"card": body, "signature": signature}))
    contradicted = world.run(CBSA, "partners", "renew", forged)
    assert (contradicted.code, "two different cards" in contradicted.err) == (5, True)
    (evidence,) = world.entries(CBSA, "card-conflict")
    assert "elsewhere.example" in evidence["evidence"]
    with world.nodes[CBSA].store.reading() as tx:
        assert [row.url for row in tx.partners()] == [world.nodes[CBP].config.url]


@pytest.mark.slow
def test_who_left_signs_no_more_and_what_was_signed_stays_in_force(world: World, tmp_path: Path, clock: Hands) -> None:
    gone, card = f"{CBP}/liaison-1", tmp_path / "cbp.card"
    agreement = find_model(world)
    assert world.run(CBP, "partners", "officer-leaves", gone).code == 0
    assert world.run(CBP, "partners", "card", "--out", card).code == 0
    assert world.run(CBSA, "partners", "renew", card).code == 0
    clock.ahead = timedelta(days=30)
    assert all(standing(node, agreement).is_in_force for node in world.nodes.values())
    send(world, 0)
    world.settle()
    assert received(world)[-1].state == "accepted"

    text = world.nodes[CBP].agreement(*held(world))
    late = sign_agreement(text, party=CBP, officer_id=gone, key=world.key_of(gone), signed_at=world.nodes[CBP].clock())
    with world.nodes[CBP].writing() as work:
        outgoing = Outgoing(world.nodes[CBP], work, CBSA)
        outgoing.send("agreement-signature", canonical(late.to_json()), agreement=agreement)
        outgoing.close()
    world.settle()
    last = received(world)[-1]
    assert (last.state, last.reason) == ("quarantined", "not-signed-by-a-pinned-officer")
    assert world.run(CBP, "agreements", "sign", agreement, "--officer", gone, "--key", card).code != 0


def held(world: World) -> tuple[str, bytes]:
    with world.nodes[CBP].store.reading() as tx:
        (row,) = tx.agreements()
    return row.digest, row.source


def find_model(world: World) -> str:
    return held(world)[0]


def announce(world: World, old: PrivateKey, serial: int, **members: Any) -> tuple[str, str]:
    """What becomes of a change of CBP's key, to one that a thief has made, vouched for by `old`."""
    node, thief = world.nodes[CBP], PrivateKey(b"8" * 32)
    change = KeyChange(
        **{
            "party": CBP,
            "kind": "node",
            "serial": serial,
            "old_key": old.public,
            "new_key": thief.public,
            "valid_from": node.clock(),
            "old_valid_until": node.clock() + timedelta(days=1),
            **members,
        }
    )
    with node.writing() as work:
        outgoing = Outgoing(node, work, CBSA)
        outgoing.send(KEY_CHANGE, key_change_bytes(change, old, thief))
        outgoing.close()
    world.settle()
    last = received(world)[-1]
    return last.state, last.reason


def test_only_the_pinned_key_vouches_for_the_next(world: World) -> None:
    first = world.nodes[CBP].identity.node_key
    assert announce(world, PrivateKey(b"7" * 32), 99) == ("refused", "not-the-pinned-key")
    assert announce(world, first, 99, party=CBSA) == ("refused", "speaks-for-another")
    long = world.nodes[CBP].clock() + timedelta(days=500)
    assert announce(world, first, 99, old_valid_until=long) == ("refused", "overlap-too-long")
    assert announce(world, first, 99, valid_from=long, old_valid_until=long) == ("refused", "overlap-too-long")
    assert world.run(CBP, "keys", "rotate").code == 0
    world.settle()
    pinned = key(world, CBSA, CBP)
    assert announce(world, first, 99) == ("refused", "not-the-pinned-key")  # it has vouched once
    present = world.nodes[CBP].identity.private(pinned.public_key)
    assert announce(world, present, pinned.serial) == ("refused", "older-than-pinned")
    assert key(world, CBSA, CBP).key_id == pinned.key_id


@pytest.mark.parametrize("state", ["valid", "revoked"])
def test_numbers_that_a_thief_told_of_keep_nobody_out(world: World, tmp_path: Path, state: str) -> None:
    since, card, older = datetime.now(UTC).isoformat(), tmp_path / "cbp.card", tmp_path / "older.card"
    assert world.run(CBP, "partners", "card", "--out", older).code == 0
    assert announce(world, world.nodes[CBP].identity.node_key, 2**53 - 1) == ("accepted", "")
    with world.nodes[CBSA].writing() as work:
        work.tx.put_key(replace(key_row(work, CBP, "node", key(world, CBSA, CBP).public_key), state=state))
    assert world.run(CBP, "keys", "compromised", "--since", since).code == 0
    assert world.run(CBP, "partners", "card", "--out", card).code == 0
    again = world.run(CBSA, "partners", "renew", older, "--compromised-since", since)
    assert (again.code, "An older card never takes the place" in again.err) == (3, True)
    doubt = () if state == "revoked" else ("--compromised-since", since)
    renewed = world.run(CBSA, "partners", "renew", card, *doubt)
    assert renewed.code == 0, renewed.err
    with world.nodes[CBSA].store.reading() as tx:
        assert [row.public_key for row in tx.partners()] == [key(world, CBP, CBP).public_key]
    assert world.run(CBSA, "partners", "renew", card).code == 0
