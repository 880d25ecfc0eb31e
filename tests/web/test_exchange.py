"""The state of the exchange on the screen: every state there is with what it means, what waits and since when, what is
overdue, and nothing that the reader may not know of."""

from datetime import timedelta
from typing import Any

import pytest

from entente.exchange import FEEDBACK, INBOUND, OUTBOUND
from entente.exchange.states import ADVISORY, RECALL
from entente.node.people import set_language
from entente.vocabulary import phrasebook
from every.given import duty, message
from every.test_every_store_outside import outside_party
from every.test_every_store_recalls import recall
from story.tables import northern
from story.world import CBSA
from web.conftest import ROWS, Pair
from web.reading import main, words

HELD = [*OUTBOUND.states.values(), *INBOUND.states.values()]


def row_of(page: str, title: str, type_: str = "") -> str:
    """The words of one row of the table under a heading: of the messages of one type, or the only one."""
    table = page.partition(f">{title}</h2>")[2].partition("</table>")[0]
    (found,) = [row for row in table.partition("</thead>")[2].split("<tr>")[1:] if not type_ or f">{type_}</td>" in row]
    return words(found)


def test_everybody_sees_how_many_messages_stand_in_which_state_and_is_led_to_the_partner(pair: Pair) -> None:
    number = northern(ROWS)
    for role in pair.here.people:
        with pair.here.browser(role) as browser:
            page = main(browser.get("/exchange"))
        assert row_of(page, "Sent to partners", "Disclosure") == (
            f"Canada Border Services Agency Disclosure Accepted: {number} nothing waits"
        )
        assert f'href="/partners/{CBSA}"' in page
        assert "Answers that we owe" not in words(page)  # nothing is there, nothing is shown


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_state_says_what_it_means_in_the_reader_s_language(pair: Pair, language: str) -> None:
    book = phrasebook(language)
    set_language(pair.here.node, pair.here.people["officer"], language, by="test")
    with pair.here.browser("officer") as browser:
        page = words(main(browser.get("/exchange")))
    for state in HELD:
        told = book.translate(state.meaning)
        assert " ".join(told.split()) in page
        assert (told == state.meaning) == (language == "en")


def test_what_waits_and_what_is_overdue_is_told_with_its_age(pair: Pair) -> None:
    node = pair.here.node
    now = node.clock()
    with node.store.writing() as tx:
        last = tx.position(CBSA).sent_seq
        tx.queue([message(last + 1, type="feedback", record_id=None, created_at=now - timedelta(days=3))])
        late: dict[str, Any] = {"due": now - timedelta(days=1), "created_at": now - timedelta(hours=5)}
        tx.put_duties(
            [duty("m1", **late), duty("m2", due=now + timedelta(days=1), created_at=now), duty("m3", state="answered")]
        )
        tx.put_recall(recall(due=now - timedelta(days=1), created_at=now - timedelta(weeks=2)))
    with pair.here.browser("officer") as browser:
        page = main(browser.get("/exchange"))
        sent = row_of(page, "Sent to partners", "Feedback on the outcome")
        assert f"Waiting to be sent: 1 {OUTBOUND.states['queued'].meaning} 3 days" in sent
        owed = row_of(page, "Answers that we owe")
        assert f"No answer yet: 2 {FEEDBACK.states['owed'].meaning} Answered with its outcome: 1 1 5 hours" in owed
        assert f"{RECALL.states['asked'].meaning} 1 2 weeks" in row_of(page, "Our recalls")
        assert FEEDBACK.states["void"].meaning in words(page)
    with pair.here.browser("administrator") as browser:  # who may not read recalls is not told how many there are
        page = main(browser.get("/exchange"))
        assert "Answers that we owe" in page
        assert "Our recalls" not in page


def test_what_people_hand_over_stands_apart(pair: Pair) -> None:
    node = pair.here.node
    with node.store.writing() as tx:
        tx.put_outside(outside_party(name="A distributor"))
        tx.queue(
            [message(1, "ca.industry", type="advisory", state="sent", created_at=node.clock() - timedelta(days=4))]
        )
    with pair.here.browser("officer") as browser:
        page = main(browser.get("/exchange"))
        told = row_of(page, "Advisories to parties without a node", "Advisory")
        assert f"{ADVISORY.states['sent'].meaning} 4 days" in told
        assert 'href="/partners/ca.industry' not in page  # it has no page among the partners
