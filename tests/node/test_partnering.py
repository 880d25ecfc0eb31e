"""Officers and partners: who may sign, and from when on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from entente.agreements import OfficerSignature, model_bytes, signing_officer
from entente.cli.house import catalogue
from entente.cli.staging import MODEL, build
from entente.node.agreeing import add_agreement, keep_signature, sign, suspend
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.in_force import agreements_now
from entente.node.officers import read_officer
from entente.node.partnering import add_officer, add_partner, card_of
from entente.node.work import open_node
from entente.signing import PrivateKey, parse


@pytest.mark.parametrize("hour", [0, 4, 12, 23])
def test_an_officer_can_sign_at_once_at_any_hour_of_the_day(tmp_path: Path, hour: int) -> None:
    """The agreement's day is Toronto's: shortly after midnight in UTC it is still the day before."""
    now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    config = Config(folder=tmp_path, party="ca.cbsa", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1")
    node = create_node(config, catalogue(), lambda: now)
    key = PrivateKey(b"7" * 32)
    officer = read_officer(add_officer(node, "liaison-1", "Liaison officer", key))
    agreement = add_agreement(node, model_bytes("customs-seizure-statistics"))
    sign(node, agreement.digest, "liaison-1", key)
    with node.store.reading() as tx:
        signature = OfficerSignature.from_json(parse(tx.agreement_signatures()[0].body))
    node.close()
    assert signing_officer(signature, [officer], agreement.local_day(now)) is not None


def test_a_partner_pinned_after_we_signed_hears_of_text_signatures_and_suspensions(tmp_path: Path) -> None:
    nodes = {}
    for party in ("ca.cbsa", "us.cbp"):
        home = Config(
            folder=tmp_path / party, party=party, domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1"
        )
        nodes[party] = create_node(home, catalogue())
    ours, theirs = nodes.values()
    key = PrivateKey(b"7" * 32)
    add_officer(ours, "liaison-1", "Liaison officer", key)
    agreement = add_agreement(ours, model_bytes("customs-seizure-statistics"))
    sign(ours, agreement.digest, "liaison-1", key)
    suspend(ours, agreement.digest, "liaison-1", key)
    add_partner(ours, card_of(theirs))
    add_partner(ours, card_of(theirs))  # renewing a card repeats nothing
    with ours.store.reading() as tx:
        told = [row.type for row in tx.outbox("us.cbp")]
    assert told == ["agreement-proposal", "agreement-signature", "agreement-suspension"]
    for node in nodes.values():
        node.close()


def test_what_is_in_force_is_resolved_once_in_a_transaction_and_anew_when_a_signature_comes(tmp_path: Path) -> None:
    stage = build(tmp_path / "stage")
    ours, theirs = (open_node(folder, catalogue()) for folder in stage.nodes.values())
    with theirs.store.reading() as tx:
        rows = [row for row in tx.agreement_signatures() if row.party == theirs.party]
    with ours.writing() as work:
        assert agreements_now(ours, work, theirs.party) == ()
        for row in rows:
            keep_signature(work, OfficerSignature.from_json(parse(row.body)), row.body)
        found = agreements_now(ours, work, theirs.party)
        assert [agreement.name for agreement in found] == [MODEL]
        assert agreements_now(ours, work, theirs.party) is found
    for node in (ours, theirs):
        node.close()
