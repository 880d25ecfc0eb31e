"""Partners on the screen: what went and came, what waits and why, alarms, and a comparison that heals only when told
to."""

import sqlite3
from contextlib import closing

import pytest

from entente.errors import PartnerFault, Unavailable
from entente.node import calling, courier
from entente.node.message_lists import SentMessage, received_messages, sent_messages
from entente.node.partner_view import RECEIVED, SENT, partner_view
from entente.node.partnering import NoSuchPartner
from entente.node.work import Node
from entente.store import CheckpointRow
from entente.vocabulary import house_vocabulary
from story.tables import northern, totals
from story.world import CBP, CBSA, tell_address
from web.conftest import ROWS, Pair

NOBODY = "http://127.0.0.1:9"
SAYS_SILENT = "Its node does not answer. They are sent again by themselves"


def overwrite(node: Node, *queries: str) -> None:
    """What somebody does who can write to the database file."""
    with closing(sqlite3.connect(node.store.where.removeprefix("sqlite:"))) as connection, connection:
        for query in queries:
            connection.execute(query)


def lose_last_message(node: Node, partner: str) -> None:
    """As if the node had been restored from a backup made before the last message arrived."""
    overwrite(
        node,
        f"DELETE FROM inbox WHERE partner = '{partner}' AND seq = (SELECT max(seq) FROM inbox)",
        f"UPDATE position SET received_seq = (SELECT max(seq) FROM inbox), received_id ="
        f" (SELECT id FROM inbox ORDER BY seq DESC LIMIT 1) WHERE party = '{partner}'",
    )


def words(page: str) -> str:
    return " ".join(page.split())


def test_the_list_says_of_each_partner_what_went_and_came_and_when_it_last_spoke(pair: Pair) -> None:
    view = partner_view(pair.here.node, CBSA)
    assert view.sent["disclosure", "accepted"] == northern(ROWS)
    assert len(view.agreements) == 1
    assert (view.waiting_total, view.not_taken_in, view.log_conflicts) == (0, {}, 0)
    assert view.last_receipt_at is not None
    assert view.last_received_at is not None
    for role in pair.here.people:
        with pair.here.browser(role) as browser:
            page = browser.get("/partners")
            assert page.status_code == 200
            assert "Canada Border Services Agency" in page.text
            assert browser.get(f"/partners/{CBSA}").status_code == 200


def test_a_node_without_partners_teaches_how_one_comes(pair: Pair) -> None:
    overwrite(pair.here.node, "DELETE FROM partner")
    with pair.here.browser("analyst") as browser:
        page = browser.get("/partners")
    assert "No partner yet" in page.text
    assert "entente partners add" in page.text


def test_an_unknown_partner_is_not_found(pair: Pair) -> None:
    with pytest.raises(NoSuchPartner):
        partner_view(pair.here.node, "mx.aduanas")
    with pair.here.browser("administrator") as browser:
        assert browser.get("/partners/mx.aduanas").status_code == 404
        browser.get("/partners")
        assert browser.post("/partners/mx.aduanas/compare").status_code == 404


def test_both_keys_are_there_to_be_compared_by_telephone(pair: Pair) -> None:
    other = pair.world.nodes[CBSA].identity.node_key.public
    with pair.here.browser("officer") as browser:
        page = browser.get(f"/partners/{CBSA}").text
    assert other.key_id in page
    assert pair.here.node.identity.node_key.public.key_id in page
    assert f"{CBSA}/liaison-1" in page


def test_every_message_stands_there_once_with_the_moment_of_its_receipt(pair: Pair) -> None:
    node = pair.here.node
    with node.store.reading() as tx:
        position = tx.position(CBSA)
    seen: list[SentMessage] = []
    before = None
    while page := sent_messages(node, CBSA, before=before, limit=2):
        seen += page
        before = page[-1].seq
    assert [one.seq for one in seen] == list(range(position.sent_seq, 0, -1))
    assert all(one.receipt_at is not None and one.state == "accepted" for one in seen)
    held = received_messages(node, CBSA)
    assert [one.seq for one in held] == list(range(position.received_seq, 0, -1))
    with pair.here.browser("releasing-officer") as browser:
        shown = browser.get(f"/partners/{CBSA}", way=RECEIVED).text
        assert f'href="/ledger/{held[0].ledger_index}"' in shown
        assert held[0].id[7:19] in shown


def test_what_waits_says_why_in_words(pair: Pair) -> None:
    node = pair.world.nodes[CBP]
    tell_address(node, CBSA, NOBODY)
    pair.world.import_file(CBP, "more.csv", totals(100, 104))
    pair.world.deliver(CBP)
    waiting = partner_view(node, CBSA).waiting
    assert set(waiting) <= {"", "PartnerSilent"}
    assert waiting["PartnerSilent"] > 0
    with pair.here.browser("officer") as browser:
        assert SAYS_SILENT in words(browser.get("/partners").text)
        page = words(browser.get(f"/partners/{CBSA}", way=SENT).text)
    assert SAYS_SILENT in page
    assert "none yet" in page
    assert "again at" in page


def test_a_reason_that_a_partner_wrote_is_shown_as_text(pair: Pair) -> None:
    node = pair.here.node
    with node.store.writing() as tx:
        last = tx.position(CBSA).sent_seq
        tx.settle(CBSA, last, "refused", "<img src=x onerror=alert(1)>\x1b[31m", None)
    with pair.here.browser("officer") as browser:
        page = browser.get(f"/partners/{CBSA}").text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
    assert "\x1b" not in page


def test_a_ledger_that_contradicts_itself_is_an_alarm_on_both_pages(pair: Pair) -> None:
    node = pair.here.node
    with node.store.writing() as tx:
        row = tx.checkpoints(f"entente/{CBSA}")[-1]
        tx.add_checkpoint(CheckpointRow(origin=f"conflict:{row.origin}", size=row.size, note=row.note, at=row.at))
    with pair.here.browser("officer") as browser:
        for path in ("/partners", f"/partners/{CBSA}"):
            page = browser.get(path).text
            assert 'role="alert"' in page
            assert "call your security officer" in page


def test_only_who_may_reconcile_sees_the_button_and_can_press_it(pair: Pair) -> None:
    for role in pair.here.people:
        with pair.here.browser(role) as browser:
            page = browser.get(f"/partners/{CBSA}").text
            assert ("Compare now" in page) is (role == "administrator")
            answer = browser.post(f"/partners/{CBSA}/compare", does="look")
            assert answer.status_code == (200 if role == "administrator" else 403)


def test_two_sides_that_hold_the_same_are_told_so_with_numbers(pair: Pair) -> None:
    with pair.here.browser("administrator") as browser:
        browser.get(f"/partners/{CBSA}")
        page = browser.post(f"/partners/{CBSA}/compare", does="look").text
    assert "No difference" in page
    assert "Send again" not in page


def test_looking_finds_what_is_lost_and_changes_nothing_until_the_other_button_is_pressed(pair: Pair) -> None:
    node = pair.here.node
    overwrite(node, "UPDATE outbox SET state = 'sent', receipt = NULL WHERE seq = (SELECT max(seq) FROM outbox)")
    with pair.here.browser("administrator") as browser:
        browser.get(f"/partners/{CBSA}")
        page = words(browser.post(f"/partners/{CBSA}/compare", does="look").text)
        assert "Both hold it, but say different things of it." in page
        assert "Sending it again mends it." in page
        assert partner_view(node, CBSA).by_state(SENT)["sent"] == 1

        page = words(browser.post(f"/partners/{CBSA}/compare", does="heal").text)
        assert "Messages queued to be sent again: 1." in page
    assert partner_view(node, CBSA).by_state(SENT)["queued"] == 1
    pair.world.settle()
    assert set(partner_view(node, CBSA).by_state(SENT)) == {"accepted"}


def test_what_a_partner_signed_for_and_denies_leaves_again_only_after_a_person_vouched_for_it(pair: Pair) -> None:
    lose_last_message(pair.world.nodes[CBSA], CBP)
    node = pair.here.node
    with pair.here.browser("administrator") as browser:
        browser.get(f"/partners/{CBSA}")
        for does in ("look", "heal"):
            page = words(browser.post(f"/partners/{CBSA}/compare", does=does).text)
            assert "has signed for it and now says that it does not hold it" in page
            assert set(partner_view(node, CBSA).by_state(SENT)) == {"accepted"}
        refused = browser.post(f"/partners/{CBSA}/compare", does="resend-confirmed")
        assert refused.status_code == 422
        assert "Tick that you have heard it from its operator" in words(refused.text)
        assert set(partner_view(node, CBSA).by_state(SENT)) == {"accepted"}

        page = browser.post(f"/partners/{CBSA}/compare", does="resend-confirmed", heard="yes").text
    assert "Messages queued to be sent again: 1." in page
    assert partner_view(node, CBSA).by_state(SENT)["queued"] == 1


def test_a_partner_that_does_not_answer_is_told_with_what_to_do(pair: Pair) -> None:
    tell_address(pair.world.nodes[CBP], CBSA, NOBODY)
    with pair.here.browser("administrator") as browser:
        browser.get(f"/partners/{CBSA}")
        answer = browser.post(f"/partners/{CBSA}/compare", does="look")
    assert answer.status_code == 503
    assert "does not answer at 127.0.0.1:9" in words(answer.text)
    assert "call its operator" in words(answer.text)
    assert "Try again" in answer.text


def test_the_receipt_of_a_batch_counts_for_each_of_its_messages(pair: Pair) -> None:
    """One receipt is kept, with the last message; the page shows it for all, also where that message is on another."""
    node = pair.here.node
    with node.store.reading() as tx:
        rows = list(tx.outbox(CBSA))
    assert sum(row.receipt is not None for row in rows) < len(rows)
    first = next(row.seq for row in rows if row.receipt is None)
    (one,) = sent_messages(node, CBSA, before=first + 1, limit=1)
    assert one.receipt_at is not None


def test_every_error_that_puts_a_delivery_off_is_explained() -> None:
    known = house_vocabulary().list("waiting-reason").terms
    families = (PartnerFault, Unavailable)
    given = {
        name
        for module in (calling, courier)
        for name, found in vars(module).items()
        if isinstance(found, type) and issubclass(found, families) and found.__module__ == module.__name__
    }
    assert given
    assert given - known.keys() == set()
