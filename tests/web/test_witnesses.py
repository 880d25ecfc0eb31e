"""On the screens: who witnesses the ledger, what is wrong with it, and the evidence against a partner as a file."""

from entente.ledger import Checkpoint, Problem, sign_checkpoint
from entente.node.accusing import accuse, published_keys
from entente.node.announcing import alarm_name
from entente.node.witnesses import ask_all
from entente.signing import canonical
from story.world import CBSA
from web.conftest import Pair


def test_the_ledger_page_shows_who_cosigned_and_what_a_witness_knows_better(pair: Pair) -> None:
    node = pair.here.node
    ask_all(node)
    with pair.here.browser("privacy-officer") as browser:
        assert "Who witnesses it" in browser.get("/ledger").text
        assert "This ledger is in doubt" not in browser.get("/ledger").text
    found = Problem(code="witness-holds-newer", values={"party": CBSA, "old": 90, "size": 7}).to_json()
    with node.store.writing() as tx:
        tx.put_setting(alarm_name(CBSA), canonical(found).decode())
    with pair.here.browser("privacy-officer") as browser:
        shown = " ".join(browser.get("/ledger").text.split())
    assert "This ledger is in doubt" in shown
    assert "restore the newest database" in shown


def test_evidence_stands_on_the_partners_page_and_comes_as_a_file(pair: Pair) -> None:
    node, other = pair.here.node, pair.world.nodes[CBSA]
    notes = [
        sign_checkpoint(
            Checkpoint(origin=other.identity.log_origin, size=5, root=bytes([number]) * 32), other.identity.ledger_key
        ).decode()
        for number in (1, 2)
    ]
    with node.writing() as work:
        assert accuse(work, other.party, "two-heads", {"first": notes[0], "second": notes[1]})
    with node.store.reading() as tx:
        (row,) = tx.accusations()
    with pair.here.browser("privacy-officer") as browser:
        assert "signed two different trees of 5 entries" in browser.get(f"/partners/{other.party}").text
        answer = browser.get(f"/partners/{other.party}/evidence/{row.id}")
        assert answer.content == row.body
        assert browser.get(f"/partners/{other.party}/evidence/nothing").status_code == 404
    with pair.here.browser("analyst") as browser:
        assert browser.get(f"/partners/{other.party}/evidence/{row.id}").status_code == 403
    assert len(published_keys(node, other.party)) == 2
