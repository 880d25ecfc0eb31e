"""A company has no node: it is told by advisories, which officers make, hand over and follow."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from entente.exchange import open_sealed, read_envelope, verify
from entente.ledger import LedgerProof
from entente.node.keyring import present_key
from entente.node.sweeping import sweep
from entente.signing import canonical
from story.advisory_given import CANARIES, COMPANY, Agency, agency
from story.world import entente

GOLDEN = Path(__file__).parent / "advisory"
FILES = ("advisory.txt", "advisory.html", "advisory.eml", "advisory.proof")


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    with agency(tmp_path, monkeypatch) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_receiver_reads_it_in_its_language_and_nothing_withheld_stands_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with agency(tmp_path, monkeypatch, language=language) as given:
        record = given.sample()
        assert given.make(record).code == 0
        given.did("advisory", "write", "ca.industry-1", "--out", tmp_path / "out")
        written = {name: (tmp_path / "out" / name).read_bytes() for name in FILES}
    text = written["advisory.txt"].decode()
    assert text == (GOLDEN / f"{language}.txt").read_text("utf-8")
    mail = message_from_bytes(written["advisory.eml"], policy=default)
    body = mail.get_body(("plain",))
    assert mail["To"] == "safety@example.org"
    assert body is not None
    assert [line.rstrip() for line in body.get_content().splitlines()] == [line.rstrip() for line in text.splitlines()]
    for name, data in written.items():
        assert not [one for one in CANARIES if one.encode() in data], name
    assert b"fentanyl" not in mail["Subject"].encode()


def test_the_proof_shows_the_signed_message_and_its_place_in_the_ledger(given: Agency, tmp_path: Path) -> None:
    given.make(given.sample())
    given.did("advisory", "write", "ca.industry-1", "--out", tmp_path / "out")
    proof = json.loads((tmp_path / "out" / "advisory.proof").read_bytes())
    sealed = open_sealed(canonical(proof["sealed"]))
    with given.node.store.reading() as tx:
        key = present_key(given.node, tx).public
    verify(sealed, key, COMPANY)
    message = read_envelope(sealed.envelope)
    assert (message.type, message.recipient, message.purpose) == ("advisory", COMPANY, "threat-assessment")
    extra = json.loads(LedgerProof.from_bytes(proof["proof"].encode()).extra or b"{}")
    assert json.loads(extra["opening"])["subject"] == sealed.id


def test_what_is_kept_waits_for_an_officer_and_no_courier_ever_has_it(given: Agency) -> None:
    record = given.sample()
    sweep(given.node)
    (waiting,) = given.did("release", "list", "--json").json
    assert (waiting["partner"], waiting["record"]) == (COMPANY, record)
    assert given.listed() == []
    given.did("release", "approve", waiting["release"], "--who", "ca.cbsa/liaison-1")
    assert given.did("exchange", "send").code == 0
    (made,) = given.listed()
    assert (made["number"], made["state"], made["record"]) == ("ca.industry-1", "queued", record)
    sweep(given.node, may_wait=False)
    assert len(given.listed()) == 1
    assert given.make(record).code == 3


def test_an_officer_chooses_the_fewest_fields(given: Agency, tmp_path: Path) -> None:
    record = given.sample()
    assert given.make(record, "--field", "colour").code == 3
    assert given.make(record, "--field", "substance_suspected").code == 0
    given.did("advisory", "write", "ca.industry-1", "--out", tmp_path / "out")
    text = (tmp_path / "out" / "advisory.txt").read_text("utf-8")
    assert "Fentanyl" in text
    assert "February" not in text.split("How you may use it")[0].split("What you are told")[1]


def test_two_officers_are_needed_where_the_text_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with agency(tmp_path, monkeypatch, release="two-officers") as given:
        record = given.sample()
        assert given.make(record).code == 0
        assert given.listed() == []
        (waiting,) = given.did("release", "list", "--json").json
        assert given.run("release", "approve", waiting["release"], "--who", "ca.cbsa/liaison-1").code == 3
        given.did("release", "approve", waiting["release"], "--who", "ca.cbsa/liaison-2")
        assert len(given.listed()) == 1


def test_what_the_receiver_says_is_recorded_in_order_and_once(given: Agency, tmp_path: Path) -> None:
    given.make(given.sample())
    by = ("--by", "M. Roy", "--how", "telephone")
    assert given.run("advisory", "acknowledge", "ca.industry-1", *by).code == 3  # nobody can have it yet
    given.did("advisory", "write", "ca.industry-1", "--out", tmp_path / "out")
    assert given.listed()[0]["state"] == "sent"
    assert given.run("advisory", "hand-over", "ca.industry-1", "--to", "M. Roy", "--how", "pigeon").code == 3
    given.did("advisory", "hand-over", "ca.industry-1", "--to", "M. Roy", "--how", "in-person")
    assert given.run("advisory", "hand-over", "ca.industry-1", "--to", "M. Roy", "--how", "letter").code == 3
    given.did("advisory", "acknowledge", "ca.industry-1", *by)
    assert given.run("advisory", "acknowledge", "ca.industry-1", *by).code == 3
    assert given.run("advisory", "answer", "ca.industry-1", "--outcome", "no-such").code == 3
    given.did("advisory", "answer", "ca.industry-1", "--outcome", "used", "--note", "two orders stopped")
    assert given.run("advisory", "answer", "ca.industry-1", "--outcome", "used").code == 3
    (one,) = given.listed()
    assert (one["state"], one["answer"], one["note"]) == ("handed-over", "answered", "two orders stopped")
    entries = given.did("ledger", "show", "--limit", "100", "--json").json
    said = [(one["type"], one["facts"].get("how"), one["facts"].get("stage")) for one in entries]
    assert ("handed-over", "in-person", None) in said
    assert ("answer-heard", "telephone", "acknowledged") in said
    assert entente("ledger", "verify", given.home).code == 0


def test_an_answer_is_overdue_after_the_days_of_the_provision(given: Agency) -> None:
    given.make(given.sample())
    assert given.listed("--overdue") == []
    given.clock.now += timedelta(days=32)
    assert [one["number"] for one in given.listed("--overdue")] == ["ca.industry-1"]


def test_a_correction_names_the_advisory_that_it_replaces(given: Agency, tmp_path: Path) -> None:
    record = given.sample()
    given.make(record)
    given.sample(substance_suspected="heroin")
    assert given.make(record).code == 0
    assert next((one["number"], one["replaces"]) for one in given.listed()) == ("ca.industry-2", "ca.industry-1")
    given.did("advisory", "write", "ca.industry-2", "--out", tmp_path / "out")
    text = (tmp_path / "out" / "advisory.txt").read_text("utf-8")
    assert "This takes the place of the advisory ca.industry-1." in text


def test_a_recall_goes_to_whoever_has_it_and_is_done_when_they_say_so(given: Agency, tmp_path: Path) -> None:
    record = given.sample()
    given.make(record)
    given.did("advisory", "write", "ca.industry-1", "--out", tmp_path / "one")
    given.did("advisory", "hand-over", "ca.industry-1", "--to", "M. Roy", "--how", "letter")
    given.did("recall", "give", record, "--why", "wrong", "--who", "ca.cbsa/liaison-1")
    given.did("advisory", "write", "ca.industry-2", "--out", tmp_path / "two")
    text = (tmp_path / "two" / "advisory.txt").read_text("utf-8")
    assert "The advisory ca.industry-1 is called back." in text
    assert "fentanyl" not in text.lower()
    given.did("advisory", "acknowledge", "ca.industry-2", "--by", "M. Roy", "--how", "telephone")
    (recall,) = given.did("recall", "list", "--json").json
    assert recall["state"] == "delivered"
    given.did("advisory", "answer", "ca.industry-2", "--outcome", "used", "--note", "shredded")
    (recall,) = given.did("recall", "list", "--json").json
    assert recall["state"] == "done"


def test_what_nobody_took_along_never_leaves_once_the_agreement_is_suspended(given: Agency, tmp_path: Path) -> None:
    given.make(given.sample())
    key = tmp_path / "liaison.key"
    given.did("partners", "officer", "ca.cbsa/liaison-9", "--key", key)
    given.did("agreements", "suspend", "chemicals", "--officer", "ca.cbsa/liaison-9", "--key", key)
    ran = given.run("advisory", "write", "ca.industry-1", "--out", tmp_path / "out")
    assert ran.code == 3
    assert list((tmp_path / "out").iterdir()) == []
    assert given.listed()[0]["state"] == "expired"
    assert given.make(given.sample("S-2")).code == 3


def test_a_signature_counts_only_from_a_pinned_key_over_the_very_text(given: Agency, tmp_path: Path) -> None:
    other = (tmp_path / "text.toml").read_bytes().replace(b"seized_on", b"colour")
    (tmp_path / "other.toml").write_bytes(other)
    forged = tmp_path / "forged.signature"
    told = ("--party", COMPANY, "--officer", f"{COMPANY}/officer-1", "--out", forged)
    entente("agreements", "sign-file", tmp_path / "other.toml", *told, "--key", tmp_path / "officer-1.key")
    assert given.run("agreements", "take-signature", forged).code == 3
    stranger = ("--party", COMPANY, "--key", tmp_path / "stranger.key", "--out", tmp_path / "stranger.card")
    entente("partners", "outside", "officer", f"{COMPANY}/officer-1", *stranger)
    entente("agreements", "sign-file", tmp_path / "text.toml", *told, "--key", tmp_path / "stranger.key")
    ran = given.run("agreements", "take-signature", forged)
    assert ran.code not in (0, 1, 2, 3)
    assert "call the officer" in ran.err
