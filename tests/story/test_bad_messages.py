"""What a partner, or somebody on the way, could send: each refused for its own reason, written down once."""

import json
import logging
import shutil
from pathlib import Path

import httpx
import pytest

from entente.cli.house import catalogue
from entente.exchange import HttpRequest
from entente.node.config import Config
from entente.node.courier import make_due
from entente.node.creating import create_node
from entente.node.identity import write_card
from entente.node.partnering import card_of
from entente.node.work import open_node
from entente.signing import PrivateKey, canonical
from story.forging import OLD, agreement_in_force, next_message, post, request_with, total_body
from story.tables import totals
from story.world import CBP, CBSA, World

STRANGER = PrivateKey(b"s" * 32)


@pytest.fixture
def good(world: World) -> HttpRequest:
    """A request that would be taken in."""
    node = world.nodes[CBP]
    return request_with(world, next_message(node, total_body(agreement_in_force(node))))


def refusals(world: World) -> list[str]:
    return [facts["why"] for facts in world.entries(CBSA, "refused-message")]


def held(world: World) -> int:
    with world.nodes[CBSA].store.reading() as tx:
        assert tx.position(CBP).received_seq == len(list(tx.inbox(CBP)))
        return sum(number for _, _, number in tx.record_counts())


def problem(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"]).rpartition(":")[2]


def items(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    found: list[dict[str, str]] = json.loads(answer.json()["receipt"])["items"]
    return found


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="entente")


def test_a_changed_body_is_refused_and_the_partner_may_send_again(
    world: World, good: HttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    answer = post(good, good.body.replace(b"fentanyl", b"xentanyl"))
    assert (answer.status_code, problem(answer), held(world)) == (400, "content-changed", 0)
    assert refusals(world) == ["ContentChanged"]
    assert len(logged(caplog)) == 1
    assert post(good).status_code == 200  # the nonce was not used up by what was refused
    assert held(world) == 1


def test_an_old_request_is_refused(world: World, caplog: pytest.LogCaptureFixture) -> None:
    node = world.nodes[CBP]
    message = next_message(node, total_body(agreement_in_force(node)))
    answer = post(request_with(world, message, created=node.clock() - OLD))
    assert (answer.status_code, problem(answer), held(world)) == (401, "too-old", 0)
    assert "seconds ago; the limit is 60" in answer.json()["detail"]
    assert len(logged(caplog)) == 1
    assert refusals(world) == []  # nothing proves who sent it


def test_an_unknown_key_is_refused_and_learns_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    node = world.nodes[CBP]
    message = next_message(node, total_body(agreement_in_force(node)))
    answer = post(request_with(world, message, key=STRANGER))
    assert (answer.status_code, problem(answer), held(world)) == (401, "unknown-key", 0)
    assert len(logged(caplog)) == 1
    assert "an unproven sender" in logged(caplog)[0]
    assert refusals(world) == []


def test_a_replay_is_refused_and_written_down_once(
    world: World, good: HttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    assert post(good).status_code == 200
    for _ in range(3):
        answer = post(good)
        assert (answer.status_code, problem(answer)) == (401, "replayed")
    assert held(world) == 1
    assert refusals(world) == ["Replayed"]
    assert len(logged(caplog)) == 3


def test_a_replay_after_a_restart_is_refused_too(world: World, good: HttpRequest) -> None:
    post(good)
    with world.nodes[CBSA].store.writing() as tx:
        key_id = world.nodes[CBP].identity.node_key.public.key_id
        now = world.nodes[CBSA].clock()
        assert not tx.is_new_nonce(key_id, "a-nonce-of-22-letters.", now, now - OLD)


def test_the_same_message_signed_anew_lands_once(world: World) -> None:
    node = world.nodes[CBP]
    message = next_message(node, total_body(agreement_in_force(node)))
    receipts = [post(request_with(world, message, nonce=f"nonce-of-22-characters{n}")) for n in range(2)]
    assert [answer.status_code for answer in receipts] == [200, 200]
    assert [items(answer)[0]["state"] for answer in receipts] == ["accepted", "accepted"]
    assert held(world) == 1


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("agreement-proposal", canonical({})),
        ("agreement-proposal", canonical([1])),
        ("agreement-proposal", canonical({"source": "not an agreement"})),
        ("agreement-signature", canonical({"party": CBP})),
        ("disclosure", canonical({"form": 1})),
        ("disclosure", b"not even JSON"),
        ("recall", canonical({})),
    ],
)
def test_one_message_that_cannot_be_used_never_stops_the_queue(world: World, type_: str, body: bytes) -> None:
    node = world.nodes[CBP]
    agreement = agreement_in_force(node)
    poison = next_message(node, body, type=type_, about=agreement if type_ == "recall" else None)
    with node.store.reading() as tx:
        seq = tx.position(CBSA).sent_seq
    good = next_message(node, total_body(agreement), after=(seq + 1, poison.id))
    answer = post(request_with(world, poison, good))
    assert answer.status_code == 200
    assert held(world) == 1
    states = world.run(CBSA, "exchange", "status", "--json").json["received"]
    assert [row["state"] for row in states if row["type"] == type_ and row["state"] != "accepted"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"values": {"region": "northern-border", "drug": "fentanyl", "area": "AN OFFICE"}}, "not-covered"),
        ({"values": {"region": "southwest-border", "drug": "fentanyl"}}, "not-covered"),
        ({"said_by": "ca.rcmp"}, "third-party"),
        ({"is_simulated": False}, "simulated-flag"),
        ({"kind_version": 9}, "unknown-kind"),
        ({"values": {"region": "northern-border", "drug": "no such drug"}}, "not-a-record"),
    ],
)
def test_the_receiver_decides_too_and_holds_nothing_it_may_not(
    world: World, changes: dict[str, object], reason: str
) -> None:
    node = world.nodes[CBP]
    answer = post(request_with(world, next_message(node, total_body(agreement_in_force(node), **changes))))
    assert answer.status_code == 200
    assert [item["reason"] for item in items(answer)] == [reason]
    assert held(world) == 0
    assert b"AN OFFICE" not in world.database(CBSA)


def test_what_comes_too_early_is_not_taken_in(unheard: World) -> None:
    node = unheard.nodes[CBP]
    answer = post(request_with(unheard, next_message(node, total_body(agreement_in_force(node)))))
    assert items(answer) == []  # its own signatures, numbers 1 and 2, have not come yet
    assert held(unheard) == 0
    unheard.settle()


class TestOneIdentityTwice:
    """A folder was copied, or a backup restored: two nodes say that they are CBP."""

    def test_the_copy_is_refused_with_evidence_once(self, world: World, tmp_path: Path) -> None:
        copied = tmp_path / "copy"
        world.nodes[CBP].store.backup(str(tmp_path / "node.sqlite"))
        shutil.copytree(world.home(CBP), copied, ignore=shutil.ignore_patterns("node.sqlite*"))
        shutil.copy(tmp_path / "node.sqlite", copied / "node.sqlite")
        world.import_file(CBP, "a.csv", totals(0, 3))
        world.settle()
        original = world.nodes[CBP]
        world.nodes[CBP] = open_node(copied, catalogue())
        world.import_file(CBP, "b.csv", totals(100, 3))

        for _ in range(2):
            make_due(world.nodes[CBP])
            (delivered,) = world.deliver(CBP)
            assert "forked-stream" in str(delivered.fault)

        waits = world.run(CBP, "exchange", "status").out
        assert "PartnerRefuses" in waits
        (evidence,) = world.entries(CBSA, "refused-message")
        assert (evidence["partner"], evidence["why"]) == (CBP, "another message was held under this number")
        assert '"envelope"' in evidence["evidence"]
        assert "OFFICE" not in str(evidence)
        world.nodes[CBP].close()
        world.nodes[CBP] = original
        world.import_file(CBP, "c.csv", totals(200, 3))
        world.settle()  # the stream that came first goes on
        assert held(world) == 2

    def test_a_node_does_not_pin_its_own_card(self, world: World, tmp_path: Path) -> None:
        card = tmp_path / "own.card"
        world.run(CBP, "partners", "card", "--out", card)
        refused = world.run(CBP, "partners", "add", card)
        assert refused.code == 3
        assert "Two nodes never share one identity" in refused.err

    def test_a_card_with_the_key_of_another_is_refused(self, world: World, tmp_path: Path) -> None:
        config = Config(
            folder=tmp_path / "third", party="ca.rcmp", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:9"
        )
        third = create_node(config, catalogue())
        key = world.nodes[CBP].identity.node_key
        body = card_of(third).to_json() | {"public_key": key.public.to_text()}
        card = tmp_path / "stolen.card"
        card.write_bytes(canonical({"card": body, "signature": key.sign("card-v1", canonical(body)).to_json()}))
        refused = world.run(CBSA, "partners", "add", card)
        assert refused.code == 3
        assert "already pinned for us.cbp" in refused.err
        third.close()

    @pytest.mark.parametrize("entry", ["url", "log_vkey", "public_key", "officers", "party"])
    def test_a_card_that_is_not_whole_is_refused_before_it_can_do_harm(
        self, world: World, tmp_path: Path, entry: str
    ) -> None:
        node = world.nodes[CBP]
        body = card_of(node).to_json()
        for bad in (5, "", "x", [5], [{"officer": "a"}], [{**body["officers"][0], "public_key": "AA"}]):  # type: ignore[index, dict-item]  # deliberately wrong
            changed = body | {entry: bad}
            signature = node.identity.node_key.sign("card-v1", canonical(changed)).to_json()
            card = tmp_path / "bad.card"
            card.write_bytes(canonical({"card": changed, "signature": signature}))
            refused = world.run(CBSA, "partners", "add", card)
            assert refused.code in {3, 5, 7}, (entry, bad, refused)
            assert "Traceback" not in refused.err
        assert write_card(card_of(node), node.identity.node_key)
        assert world.run(CBSA, "status").code == 0
