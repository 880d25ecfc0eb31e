"""An officer suspends an agreement: from then on nothing leaves under it, either way; nobody else can do so; and a new
version brings it back."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.agreements import Agreement, Suspension, suspend_agreement
from entente.exchange import message_for, seal
from entente.node.agreeing import SUSPENSION, keep_agreement, sign, suspend
from entente.node.identity import write_secret
from entente.node.in_force import standings
from entente.node.keeping import keep
from entente.node.looking import record_of
from entente.node.partnering import add_partner, card_of
from entente.node.releases import NoLongerPermitted, approve, waiting
from entente.signing import PrivateKey, canonical, digest
from story import notices_given
from story.forging import post, request_with
from story.notices_given import DEA, HOMES, TEXT, found, stage_notices
from story.world import CBP, CBSA, World, world_of

V1 = digest(TEXT)
NEXT = TEXT.replace(b"version = 1\n", f'version = 2\npredecessor = "{V1}"\n'.encode())
V2 = digest(NEXT)
WHY = "the list of laboratories is under review"
OFFICER = f"{CBP}/liaison-1"


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three nodes, with the text in force between all of them."""
    folder = tmp_path_factory.mktemp("agreed")
    stage_notices(folder)
    return folder / "signed"


@pytest.fixture
def world(agreed: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(agreed, tmp_path / "world", HOMES) as world:
        yield world


def stop(world: World, party: str = CBP, why: str = WHY) -> None:
    officer = f"{party}/liaison-1"
    suspend(world.nodes[party], V1, officer, world.key_of(officer), why)


def tell(world: World, party: str, name: str) -> str:
    """`party` keeps one more accepted finding; its id."""
    node = world.nodes[party]
    first = found(world, party)
    with node.writing() as work:
        held = work.tx.record(first)
        assert held is not None
        record = record_of(node, held)
        keep(node, work, [replace(record, id=name * 32, values={**record.values, "subject": f"subject {name}"})])
    return name * 32


def holds(world: World, party: str, record: str) -> bool:
    with world.nodes[party].store.reading() as tx:
        return tx.record(record) is not None


def partners(world: World, party: str, version: str = V1) -> tuple[str, ...]:
    """With whom the text is in force, as `party` knows it."""
    node = world.nodes[party]
    with node.store.reading() as tx:
        (standing,) = [how for text, how in standings(node, tx, node.clock()) if text.digest == version]
    return standing.partners_of(party)


def test_nothing_more_leaves_either_way_and_the_partner_learns_it(world: World) -> None:
    before = tell(world, CBSA, "1")
    world.settle()
    assert holds(world, CBP, before)

    key = world.folder / "officer.key"
    write_secret(key, world.key_of(OFFICER))
    done = world.run(CBP, "agreements", "suspend", "notices", "--officer", OFFICER, "--key", key, "--why", WHY)
    assert (done.code, done.err) == (0, "")
    assert partners(world, CBP) == ()
    assert partners(world, CBSA) == (CBP, DEA), "nobody has told it yet"

    early = tell(world, CBSA, "2")
    world.deliver(CBSA)
    assert not holds(world, CBP, early), "CBP takes in nothing more from the moment that its officer signed"
    world.settle()
    assert (partners(world, CBSA), partners(world, DEA), partners(world, CBP)) == ((DEA,), (CBSA,), ())

    size = len(world.wire)
    ours, theirs = tell(world, CBP, "3"), tell(world, CBSA, "4")
    world.settle()
    assert not holds(world, CBSA, ours)
    assert not holds(world, DEA, ours)
    assert not holds(world, CBP, theirs)
    assert holds(world, DEA, theirs), "between the others it goes on"
    assert b"subject 3" not in world.wire[size:]
    assert world.wire[size:].count(b"subject 4") == 1

    shown = world.run(CBSA, "agreements", "list")
    assert f"notices: {CBP} suspended it on" in shown.out
    assert f"notices: {OFFICER} gave this reason: {WHY}" in shown.out
    (listed,) = world.run(DEA, "agreements", "list", "--json").json
    assert [(one["party"], one["officer"], one["why"]) for one in listed["suspensions"]] == [(CBP, OFFICER, WHY)]
    for party in (CBP, CBSA, DEA):
        assert [one["officer"] for one in world.entries(party, "agreement-suspended")] == [OFFICER]
        assert [one.differences for one in world.reconcile(party)] == [(), ()]


def test_what_has_gone_is_listed_and_what_was_taken_back_is_not(world: World) -> None:
    gone = tell(world, CBP, "1")
    world.settle()
    waits = tell(world, CBP, "2")
    stop(world)
    world.settle()
    listed = world.run(CBP, "agreements", "sent", "notices", "--json").json
    told = [(one["partner"], one["record_id"], one["version"], one["provisions"]) for one in listed]
    own = "e" * 32
    assert sorted(told) == [(party, record, 1, ["1"]) for party in (CBSA, DEA) for record in (gone, own)]
    assert {(one["state"], one["purpose"]) for one in listed} == {("accepted", "early-warning")}
    assert waits not in world.run(CBP, "agreements", "sent", "notices", "--partner", DEA).out
    assert world.run(CBSA, "agreements", "sent", "notices").out.startswith("Nothing has gone under it.")


def test_what_waited_for_a_partner_that_was_away_travels_without_its_body(world: World) -> None:
    for party in (CBP, CBSA):  # nobody delivers: the other is away
        tell(world, party, {CBP: "1", CBSA: "2"}[party])
    stop(world, CBSA)
    assert b"subject 2" not in world.wire
    assert world.deliver(CBSA)[0].fault is None
    assert (holds(world, CBP, "2" * 32), partners(world, CBP)) == (False, (DEA,))
    assert world.deliver(CBP)[0].fault is None
    assert not holds(world, CBSA, "1" * 32)
    assert b"subject 2" not in world.wire
    assert {one["why"] for one in world.entries(CBSA, "taken-back")} == {"not-in-force"}
    assert {one["partner"] for one in world.entries(CBP, "taken-back")} == {CBSA}
    with world.nodes[CBP].store.reading() as tx:
        received = [(row.type, row.state, row.reason) for row in tx.inbox(CBSA)]
    assert received[-1] == (SUSPENSION, "accepted", "")
    assert ("notification", "expired", "taken-back") in received


def test_a_new_version_signed_by_all_brings_it_back_and_the_old_suspension_does_not_fit_it(world: World) -> None:
    stop(world)
    waits = tell(world, CBP, "1")
    world.settle()
    assert not holds(world, CBSA, waits)
    for node in world.nodes.values():
        with node.writing() as work:
            keep_agreement(work, node.agreement(V2, NEXT))
    for officer in (f"{party}/liaison-{number}" for party in (CBP, CBSA) for number in (1, 2)):
        sign(world.nodes[officer.partition("/")[0]], V2, officer, world.key_of(officer))
    world.settle()
    assert holds(world, CBSA, waits), "it was kept on the shelf"
    assert not holds(world, DEA, waits), "DEA has not signed"
    with world.nodes[CBP].store.reading() as tx:
        (kept,) = tx.agreement_suspensions()
    for body, what in (
        (kept.body, "envelope-and-body-differ"),
        (kept.body.replace(V1.encode(), V2.encode()), "not-signed-by-a-pinned-officer"),
    ):
        assert told(post(forged(world, body, agreement=V2)))[1] == what
    assert partners(world, CBSA, V2) == (CBP,)


def test_on_the_release_desk_it_is_no_longer_permitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.replace(b'release = "automatic"', b'release = "officer"', 1)
    monkeypatch.setattr(notices_given, "TEXT", text)
    stage_notices(tmp_path)
    with world_of(tmp_path / "signed", tmp_path / "world", HOMES) as world:
        node = world.nodes[CBP]
        tell(world, CBP, "1")
        suspend(node, digest(text), OFFICER, world.key_of(OFFICER))
        for row in waiting(node):
            with pytest.raises(NoLongerPermitted, match="nothing-in-force"):
                approve(node, row.id, OFFICER)
        assert len(waiting(node)) == 4
        assert all(one.settled for one in world.deliver(CBP))
        assert b"subject 1" not in world.wire


def suspension_of(world: World, **changes: Any) -> Suspension:
    """As an officer of CBP would really make it; `changes` are of whoever forges it."""
    node = world.nodes[CBP]
    made: dict[str, Any] = {"party": CBP, "officer_id": OFFICER, "key": world.key_of(OFFICER)}
    text = changes.pop("text", node.agreement(V1, TEXT))
    return suspend_agreement(text, suspended_at=node.clock(), **(made | changes))


def forged(world: World, suspension: Suspension | bytes, **members: Any) -> Any:
    """What CBP's node would send to CBSA next, if it were changed."""
    node = world.nodes[CBP]
    body = suspension if isinstance(suspension, bytes) else canonical(suspension.to_json())
    with world.nodes[CBSA].store.reading() as tx:
        position = tx.position(CBP)
    given: dict[str, Any] = {"type": SUSPENSION, "agreement": V1} | members
    message = message_for(
        body,
        origin=node.party,
        recipient=CBSA,
        after=(position.received_seq, position.received_id),
        created_at=node.clock(),
        is_simulated=False,
        **given,
    )
    sealed = seal(message, body, node.identity.node_key)
    seq = position.received_seq + 1
    return request_with(world, sealed, first_seq=seq, nonce=f"a-nonce-of-22-letters{seq}")


def told(answer: Any) -> tuple[str, str]:
    assert answer.status_code == 200
    (item,) = json.loads(answer.json()["receipt"])["items"]
    return item["state"], item["reason"]


def forgeries(world: World) -> dict[str, tuple[Suspension | bytes, str, str]]:
    """Each with the agreement that its envelope names, and with what CBSA says to it. V2 is held there and unsigned."""
    node, theirs = world.nodes[CBP], world.key_of(f"{CBSA}/liaison-1")
    honest, unproven = suspension_of(world), "not-signed-by-a-pinned-officer"
    foreign = suspension_of(world, party=CBSA, officer_id=f"{CBSA}/liaison-1", key=theirs)
    return {
        "the node's key": (suspension_of(world, key=node.identity.node_key), V1, unproven),
        "a stranger's key": (suspension_of(world, key=PrivateKey(b"s" * 32)), V1, unproven),
        "our officer's key": (suspension_of(world, key=theirs), V1, unproven),
        "our officer": (foreign, V1, "signature-of-another-party"),
        "nobody's officer": (suspension_of(world, officer_id=f"{CBP}/nobody"), V1, unproven),
        "another text": (suspension_of(world, text=node.agreement(V2, NEXT)), V1, "envelope-and-body-differ"),
        "renamed": (replace(honest, agreement=V2), V2, unproven),
        "another reason": (replace(honest, why="something else"), V1, unproven),
        "another time": (replace(honest, suspended_at=node.clock() - timedelta(days=9)), V1, unproven),
        "a text not held": (replace(honest, agreement=digest(b"?")), digest(b"?"), "agreement-not-held"),
        "no suspension": (canonical({"party": CBP, "agreement": V1}), V1, "unreadable-signature"),
    }


def test_forged_suspensions_change_nothing(world: World) -> None:
    for party in (CBP, CBSA):
        with world.nodes[party].writing() as work:
            keep_agreement(work, world.nodes[party].agreement(V2, NEXT))
    for name, (body, names, expected) in forgeries(world).items():
        state, reason = told(post(forged(world, body, agreement=names)))
        assert (name, state in ("refused", "quarantined"), reason) == (name, True, expected)
    assert partners(world, CBSA) == (CBP, DEA)
    assert world.entries(CBSA, "agreement-suspended") == []
    with world.nodes[CBSA].store.reading() as tx:
        assert tx.agreement_suspensions() == []


def test_only_an_officer_of_ours_suspends_with_the_own_key_and_once(world: World) -> None:
    key = world.folder / "officer.key"
    write_secret(key, world.key_of(OFFICER))
    command = ("agreements", "suspend", "notices", "--key", key, "--officer")
    for party, officer in ((CBSA, OFFICER), (CBSA, f"{CBSA}/liaison-1"), (CBP, f"{CBP}/liaison-2")):
        done = world.run(party, *command, officer)
        assert (done.code, "The key is not that of" in done.err) == (3, True)
    assert world.run(CBP, *command, OFFICER, "--why", "two\nlines").code == 3
    assert (partners(world, CBSA), partners(world, CBP)) == ((CBP, DEA), (CBSA, DEA))
    assert world.run(CBP, *command, OFFICER, "--json").json["is_in_force"] is True, "between the others"
    assert "already" in world.run(CBP, *command, OFFICER).err
    assert len(world.entries(CBP, "agreement-suspended")) == 1


def test_an_officer_who_has_left_suspends_nothing(world: World) -> None:
    node = world.nodes[CBP]
    with node.writing() as work:
        row = next(row for row in work.tx.officers() if row.officer == OFFICER)
        work.tx.put_officer(replace(row, valid_until=(work.now - timedelta(days=3)).date()))
    key = world.folder / "officer.key"
    write_secret(key, world.key_of(OFFICER))
    done = world.run(CBP, "agreements", "suspend", "notices", "--key", key, "--officer", OFFICER)
    assert done.code == 3
    assert "is not in office" in done.err
    with node.store.reading() as tx:
        assert tx.agreement_suspensions() == []


def test_a_new_key_of_the_officer_does_not_bring_it_back(world: World) -> None:
    stop(world)
    world.settle()
    for node in (world.nodes[CBP], world.nodes[CBSA]):
        with node.writing() as work:
            row = next(row for row in work.tx.officers() if row.officer == OFFICER)
            work.tx.put_officer(replace(row, public_key=PrivateKey(b"n" * 32).public.to_text()))
    sign(world.nodes[CBP], V1, OFFICER, PrivateKey(b"n" * 32))
    world.settle()
    assert (partners(world, CBP), partners(world, CBSA)) == ((), (DEA,))


def test_a_suspension_that_came_before_its_officers_card_is_heard_with_the_card(world: World) -> None:
    theirs, ours = world.nodes[CBP], world.nodes[CBSA]
    card = card_of(theirs)
    with ours.writing() as work:
        row = next(row for row in work.tx.officers() if row.officer == OFFICER)
        work.tx.put_officer(replace(row, public_key=PrivateKey(b"z" * 32).public.to_text()))
    stop(world)
    world.settle()
    with ours.store.reading() as tx:
        assert [row.reason for row in tx.inbox(CBP) if row.type == SUSPENSION] == ["not-signed-by-a-pinned-officer"]
    add_partner(ours, card)
    assert partners(world, CBSA) == (DEA,)
    assert len(world.entries(CBSA, "agreement-suspended")) == 1


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM agreement_suspension",
        "UPDATE agreement_suspension SET body = CAST('{}' AS BLOB)",
        "UPDATE agreement_suspension SET body = CAST(replace(CAST(body AS TEXT), 'review', 'renewal') AS BLOB)",
        "UPDATE agreement_suspension SET public_key = 'not a key'",
    ],
)
@pytest.mark.parametrize("party", [CBP, CBSA])
def test_who_takes_a_suspension_out_of_the_database_brings_nothing_back(world: World, damage: str, party: str) -> None:
    stop(world)
    world.settle()
    with closing(sqlite3.connect(world.home(party) / "node.sqlite")) as connection, connection:
        assert connection.execute(damage).rowcount == 1
    with world.nodes[party].store.reading() as tx:
        assert standings(world.nodes[party], tx, world.nodes[party].clock()) == []
    listed = world.run(party, "agreements", "list")
    assert "no longer holds the suspension as it was" in " ".join(listed.err.split())
    (shown,) = world.run(party, "agreements", "list", "--json").json
    assert (shown["is_in_force"], shown["digest"]) == (False, V1)
    assert world.run(party, "agreements", "explain", "notices").code == 5


@pytest.mark.parametrize("party", [CBP, CBSA])
def test_a_suspension_of_later_days_in_place_of_the_one_that_came_brings_nothing_back(world: World, party: str) -> None:
    stop(world)
    world.settle()
    key, (text,) = PrivateKey(b"f" * 32), [text for text in held_texts(world, party) if text.digest == V1]
    later = world.nodes[party].clock() + timedelta(days=36_500)
    forged = suspend_agreement(text, party=CBP, officer_id=OFFICER, key=key, suspended_at=later, why=WHY)
    body = canonical(forged.to_json())
    with closing(sqlite3.connect(world.home(party) / "node.sqlite")) as connection, connection:
        damage = "UPDATE agreement_suspension SET body = ?, public_key = ?"
        assert connection.execute(damage, (body, key.public.to_text())).rowcount == 1
    with world.nodes[party].store.reading() as tx:
        assert standings(world.nodes[party], tx, world.nodes[party].clock()) == []


def held_texts(world: World, party: str) -> list[Agreement]:
    node = world.nodes[party]
    with node.store.reading() as tx:
        return [text for text, _ in standings(node, tx, node.clock())]
