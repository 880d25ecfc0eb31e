"""The ledger on the screen: what each entry is, who may see what of it, proof that stands alone, and an honest
verdict."""

import base64
import json
import re
import subprocess
import sys
from contextlib import closing
from importlib.resources import files

import pytest

from entente.ledger import ENTRY_TYPES, LedgerProof, NotInLedger, decode_vkey, opens, read_opening, verify_proof
from entente.node import ledger_view
from entente.node.ledger_view import MOST_CHECKED, Wanted, check_ledger, ledger_page
from entente.node.looking import Look, look_at_list
from entente.node.publishing import publish
from entente.node.work import Node
from entente.signing import canonical, digest
from entente.store import Store
from entente.vocabulary import house_vocabulary
from story.world import CBSA
from web.conftest import Pair

LOOK = Look("night-shift", "monthly trend meeting", "statistics")


def size(node: Node) -> int:
    with node.store.reading() as tx:
        return tx.ledger_head().size


def overwrite(store: Store, query: str) -> None:
    """What somebody does who can write to the database file."""
    import sqlite3

    with closing(sqlite3.connect(store.where.removeprefix("sqlite:"))) as connection, connection:
        connection.execute(query)


def test_every_entry_is_reached_from_the_newest_to_the_first_and_shown_once(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser:
        total, seen, page = size(pair.here.node), [], browser.get("/ledger")
        while True:
            seen += [int(found) for found in re.findall(r'<th scope="row"[^>]*><a href="/ledger/(\d+)"', page.text)]
            following = re.search(r'href="(/ledger\?before=\d+)"[^>]* rel="next"', page.text)
            if following is None:
                break
            page = browser.get(following[1])
    assert seen == list(range(total - 1, -1, -1))


def test_a_list_of_one_type_says_what_the_type_means(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get("/ledger", type="imported")
    assert "A file was read; its name" in page.text
    assert page.text.count('<th scope="row" data-label="Entry"') == 1


def test_a_filter_that_finds_nothing_says_why_and_where_to_go(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get("/ledger", subject="nothing-of-this-name")
    assert "No such entry" in page.text
    assert "Show all entries" in page.text


def test_an_entry_shows_its_facts_and_the_way_to_what_it_is_about(pair: Pair) -> None:
    (imported,) = ledger_page(pair.here.node, Wanted(type="imported"))
    (pinned,) = ledger_page(pair.here.node, Wanted(type="partner-pinned"))
    with pair.here.browser("analyst") as browser:
        assert browser.get(f"/ledger/{imported.index}").status_code == 403
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get(f"/ledger/{imported.index}").text
        assert "totals.csv" in page
        assert imported.leaf_hash in page
        assert f'href="/partners/{CBSA}"' in browser.get(f"/ledger/{pinned.index}").text


@pytest.mark.parametrize("index", ["999999", "-1", "1.5", "nine", "9" * 40])
def test_an_entry_that_is_not_there_is_not_found(pair: Pair, index: str) -> None:
    with pair.here.browser("privacy-officer") as browser:
        assert browser.get(f"/ledger/{index}").status_code == 404
        assert browser.get(f"/ledger/{index}/proof").status_code == 404


def test_who_read_what_is_shown_in_the_ledger_only_to_who_may_read_accesses(pair: Pair) -> None:
    look_at_list(pair.here.node, LOOK, None)
    (entry,) = ledger_page(pair.here.node, Wanted(type="read"), limit=1)
    for role, may in (("privacy-officer", True), ("releasing-officer", False), ("administrator", False)):
        with pair.here.browser(role) as browser:
            for path in ("/ledger", "/ledger?type=read", f"/ledger/{entry.index}"):
                page = browser.get(path).text
                assert (LOOK.who in page) is may, (role, path)
                assert LOOK.why not in page or may
            listed = browser.get("/ledger", subject=LOOK.who, type="read").text
            assert ("No such entry" in listed) is not may
            assert browser.get(f"/ledger/{entry.index}/proof?facts=yes").status_code == (200 if may else 403)


def test_an_administrator_who_reads_no_record_is_given_no_digest_to_guess_with(pair: Pair) -> None:
    (kept, *_) = ledger_page(pair.here.node, Wanted(type="kept"))
    assert kept.facts is not None
    digest = str(kept.facts["record"])
    with pair.here.browser("privacy-officer") as browser:
        assert digest in browser.get(f"/ledger/{kept.index}").text
    with pair.here.browser("administrator") as browser:
        page = browser.get(f"/ledger/{kept.index}").text
        assert digest not in page
        assert "Download the proof with its facts" not in page
        assert browser.get(f"/ledger/{kept.index}/proof?facts=yes").status_code == 403


@pytest.mark.parametrize("entry_type", ["asked", "received"])
def test_an_administrator_learns_nothing_of_whom_questions_are_about(pair: Pair, entry_type: str) -> None:
    """The digest of a name and a day of birth is guessed in a moment; the reason may name a person."""
    selector = digest(canonical([["person_name", "Lee Park"], ["date_of_birth", "1980-01-01"]]))
    facts = {"partner": "ca.cbsa", "type": "query", "selector": selector, "why": "Lee Park is waiting"}
    with pair.here.node.writing() as work:
        index, _ = work.write(entry_type, "sha256:" + "7" * 64, facts)
    for role, may in (("privacy-officer", True), ("administrator", False)):
        with pair.here.browser(role) as browser:
            page = browser.get(f"/ledger/{index}").text
        assert (selector in page, "Lee Park" in page) == (may, may)


def test_the_proof_of_an_entry_convinces_who_has_nothing_but_the_file_and_the_key(pair: Pair) -> None:
    node = pair.here.node
    known = [decode_vkey(node.identity.log_vkey)]
    for index in (0, size(node) // 2, size(node) - 1):
        with pair.here.browser("privacy-officer") as browser:
            answer = browser.get(f"/ledger/{index}/proof")
        assert answer.status_code == 200
        assert f"{index}.tlog-proof" in answer.headers["content-disposition"]
        proof = LedgerProof.from_bytes(answer.content)
        leaf = base64.b64decode(json.loads(proof.extra or b"")["leaf"])
        checkpoint = verify_proof(proof, leaf, known)
        assert proof.index == index < checkpoint.size
        with pytest.raises(NotInLedger):
            verify_proof(proof, leaf + b" ", known)
        assert b"salt" not in (proof.extra or b"")


def test_the_proof_with_facts_also_opens_the_leaf(pair: Pair) -> None:
    (pinned,) = ledger_page(pair.here.node, Wanted(type="partner-pinned"))
    with pair.here.browser("privacy-officer") as browser:
        answer = browser.get(f"/ledger/{pinned.index}/proof?facts=yes")
    extra = json.loads(LedgerProof.from_bytes(answer.content).extra or b"")
    opening = extra["opening"].encode()
    assert opens(base64.b64decode(extra["leaf"]), opening, base64.b64decode(extra["salt"]))
    assert read_opening(opening).subject == CBSA


def test_an_erased_entry_says_so_and_still_proves_that_it_stands_there(pair: Pair) -> None:
    (kept, *_) = ledger_page(pair.here.node, Wanted(type="kept"))
    with pair.here.node.store.writing() as tx:
        tx.erase_openings(kept.subject)
    with pair.here.browser("privacy-officer") as browser:
        assert "The facts were erased" in browser.get(f"/ledger/{kept.index}").text
        assert browser.get(f"/ledger/{kept.index}/proof").status_code == 200
        refused = browser.get(f"/ledger/{kept.index}/proof?facts=yes")
    assert refused.status_code == 422
    assert "Take the proof without the facts" in " ".join(refused.text.split())


def test_a_proof_that_would_not_hold_is_never_handed_out(pair: Pair) -> None:
    node = pair.here.node
    publish(node)
    with pair.here.browser("privacy-officer") as browser:
        browser.get("/ledger")
        overwrite(node.store, "UPDATE entry SET data = CAST('other' AS BLOB) WHERE \"index\" = 3")
        answer = browser.get("/ledger/3/proof")
    assert answer.status_code >= 400
    assert not answer.content.startswith(b"c2sp.org")


def test_an_untouched_ledger_is_found_intact_with_what_was_read(pair: Pair) -> None:
    publish(pair.here.node)
    with pair.here.browser("privacy-officer") as browser:
        browser.get("/ledger")
        page = browser.post("/ledger/verify")
    assert page.status_code == 200
    assert "The ledger is intact" in page.text
    assert "Published files" in page.text
    assert f"{size(pair.here.node)} entries were read" in page.text


def test_a_changed_entry_is_named_with_what_to_do(pair: Pair) -> None:
    publish(pair.here.node)
    overwrite(pair.here.node.store, "UPDATE entry SET data = CAST('other' AS BLOB) WHERE \"index\" = 3")
    with pair.here.browser("releasing-officer") as browser:
        browser.get("/ledger")
        page = browser.post("/ledger/verify").text
    assert "The ledger is not what was signed" in page
    assert "Entry 3 was changed after it was logged." in page
    assert "find out who could write to the ledger" in page


def test_a_large_ledger_is_checked_in_part_and_the_page_says_which(pair: Pair) -> None:
    check = check_ledger(pair.here.node, at_most=5)
    assert (check.checked, check.is_whole, check.is_intact, check.files) == (5, False, True, None)
    overwrite(pair.here.node.store, 'UPDATE entry SET leaf_hash = zeroblob(32) WHERE "index" = 4')
    assert not check_ledger(pair.here.node, at_most=5).is_intact
    assert MOST_CHECKED >= 100_000


def test_a_second_check_at_the_same_moment_is_told_to_wait(pair: Pair) -> None:
    with pair.here.browser("privacy-officer") as browser, ledger_view._TURN:
        browser.get("/ledger")
        page = browser.post("/ledger/verify")
    assert page.status_code == 503
    assert "Try again in a minute" in page.text


def test_the_verifier_key_on_the_page_is_the_one_that_verifies_the_published_files(pair: Pair) -> None:
    node = pair.here.node
    publish(node)
    with pair.here.browser("privacy-officer") as browser:
        page = browser.get("/ledger").text
    key = re.search(r"(entente/[\w.]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)", page.replace("&#43;", "+"))
    assert key is not None
    script = str(files("entente.ledger").joinpath("offline", "verify_log.py"))
    done = subprocess.run(
        [sys.executable, script, str(node.config.ledger), key[1]], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_type_of_entry_is_explained_and_every_fact_of_a_busy_node_is_named(pair: Pair) -> None:
    words = house_vocabulary()
    assert words.list("entry-meaning").terms.keys() == ENTRY_TYPES
    entries = [entry for node in pair.world.nodes.values() for entry in ledger_page(node, Wanted(), limit=1000)]
    named = words.list("ledger-fact").terms
    assert {name for entry in entries for name in entry.facts or ()} - named.keys() == set()
