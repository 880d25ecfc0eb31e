"""A suspended agreement and a decision derived again, on the screen."""

import json
from pathlib import Path

from entente.cli.staging import CREDENTIALS
from entente.node.agreeing import all_standings, suspend
from entente.node.ledger_view import Wanted, ledger_page
from entente.signing import PrivateKey
from web.conftest import Pair
from web.reading import main, words


def test_an_agreement_that_was_suspended_says_by_whom_and_why_and_what_has_gone(exchanged: Path, pair: Pair) -> None:
    node = pair.here.node
    ((text, _),) = all_standings(node)
    keys = json.loads((exchanged / CREDENTIALS).read_text("utf-8"))
    with pair.here.browser("officer") as browser:
        shown = words(main(browser.get(f"/agreements/{text.digest}")))
        assert f"entente agreements suspend {text.name} --officer ID --key FILE --why TEXT" in shown
        assert "keys that are not on this server" in shown
        officer = f"{node.party}/liaison-1"
        suspend(node, text.digest, officer, PrivateKey.from_text(keys[officer]), "<b>the list</b> is under review")
        page = browser.get(f"/agreements/{text.digest}")
        assert f"<strong>{officer}</strong>, U.S. Customs and Border Protection" in page.text
        assert "&lt;b&gt;the list&lt;/b&gt; is under review" in page.text
        assert "not in force" in words(main(page))
        assert "suspended it on" in words(main(browser.get("/agreements")))
        gone = browser.get(f"/agreements/{text.digest}/sent")
        assert "What is listed here has left already" in gone.text
        assert gone.text.count("1.1") >= 1
        assert "/records/" in gone.text


def test_a_decision_is_derived_again_and_what_was_changed_is_said(pair: Pair) -> None:
    found = pair.here
    (entry, *_) = ledger_page(found.node, Wanted(type="decided"))
    (pinned, *_) = ledger_page(found.node, Wanted(type="partner-pinned"))
    with found.browser("privacy-officer") as browser:
        assert "Derive it again" in browser.get(f"/ledger/{entry.index}").text
        assert "Derive it again" not in browser.get(f"/ledger/{pinned.index}").text
        told = browser.post(f"/ledger/{entry.index}/again")
        assert (told.status_code, "each the same to the last byte" in told.text) == (200, True)
        with found.node.store.writing() as tx:
            ids = {row.record_id for row in tx.decisions_of(entry.subject, entry.at, 100)}
            for record in ids:
                tx.erase_record(record)
        assert "was erased here" in browser.post(f"/ledger/{entry.index}/again").text
        refused = browser.post(f"/ledger/{pinned.index}/again")
        assert (refused.status_code, "is no decision" in refused.text) == (422, True)
        assert browser.post("/ledger/999999/again").status_code == 404
