"""Advice before sharing, at a node: whom to ask, what a look at a record costs, and that nothing ever moves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from entente.agreements import Agreement, read_agreement, sign_agreement
from entente.cli.house import catalogue
from entente.node.agreeing import keep_agreement, keep_signature
from entente.node.facts import ABSENT, NoSuchFact, facts_in
from entente.node.guidance import Advice, NoUrgency, Wanted, advise, advise_on, behalf
from entente.node.guidance_said import advice_json, contact_said, passed_on_said, rests_on
from entente.node.keeping import keep
from entente.node.looking import Look, NoReason, NoSuchRecord
from entente.node.people import add_person, disable
from entente.node.work import Node
from entente.records import Provenance, Record, UnknownKind, Value
from entente.signing import PrivateKey, canonical, parse
from entente.store import OfficerRow
from entente.vocabulary import LANGUAGES, UnknownWord, phrasebook
from node.people_given import OFFICERS, Clock, facts, hash_fast, node_at, somebody

US, THEM, FAR = "us.cbp", "ca.cbsa", "us.dea"
LOOK = Look("officer", "before I call them", "investigation")
CANARY = "canary-in-the-record"
TEXT = """
name = "border-work"
version = 1
title.en = "Border work"
text.en = "For tests."
authoritative = ["en"]
parties = ["us.cbp", "ca.cbsa"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31

[[provision]]
id = "1.1"
reference = "art. 1(1)"
text.en = "Samples go, once two officers agree."
effect = "permit"
giver = ["us.cbp"]
receiver = ["ca.cbsa"]
kinds = ["sample"]
fields = ["class:substance", "class:quantity"]
purposes = ["investigation"]
occasion = "standing"
release = "two-officers"

[[provision]]
id = "1.2"
reference = "art. 1(2)"
text.en = "To save a life, what a rescuer must know."
effect = "permit"
giver = ["us.cbp"]
receiver = ["ca.cbsa"]
kinds = ["occurrence"]
fields = ["class:location", "class:object", "occurrence.medical_need"]
purposes = ["rescue"]
occasion = "emergency"
release = "officer"
"""


def text(source: str = TEXT) -> Agreement:
    return read_agreement(source.encode(), catalogue())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    hash_fast(monkeypatch)
    with node_at(tmp_path / "home", clock) as made:
        yield made


def hold(node: Node, agreement: Agreement, *parties: str) -> None:
    """The node holds the text, signed by two officers of each of `parties`."""
    with node.writing() as work:
        keep_agreement(work, agreement)
        for place, party in enumerate((US, THEM, FAR)):
            for number in (1, 2):
                key = PrivateKey(bytes([10 * place + number]) * 32)
                office = f"{party}/liaison-{number}"
                row = OfficerRow(
                    party=party,
                    officer=office,
                    title="Liaison officer",
                    public_key=key.public.to_text(),
                    valid_from=date(2026, 1, 1),
                    valid_until=None,
                )
                work.tx.put_officer(row)
                if party in parties:
                    signed = sign_agreement(agreement, party=party, officer_id=office, key=key, signed_at=work.now)
                    keep_signature(work, signed, canonical(signed.to_json()))


@pytest.fixture
def agreed(node: Node) -> Node:
    hold(node, text(), US, THEM)
    return node


def kept(node: Node, kind: str, **values: Value) -> str:
    record = Record(
        id=f"{kind:x<32}",
        version=1,
        kind=kind,
        kind_version=node.catalogue.kind(kind).version,
        said_by=node.party,
        recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
        sure="reported",
        provenance=Provenance(source="f.csv", source_digest="sha256:0", line=2, reader="r", mapping_version="1"),
        values=values,
    )
    with node.writing() as work:
        keep(node, work, [record])
    return record.id


def sample(node: Node) -> str:
    return kept(node, "sample", number="S-1", substance_suspected="fentanyl", place=CANARY)


def wanted(purpose: str = "investigation", urgency: str = "routine", partner: str = THEM) -> Wanted:
    return Wanted(partner=partner, purpose=purpose, urgency=urgency)


def entries(node: Node) -> int:
    with node.store.reading() as tx:
        return len([*tx.entries(0, 10_000)])


def asked(found: Advice) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.wish, one.party, one.people) for one in found.contacts]


def test_those_who_may_release_are_named_and_nobody_else(agreed: Node) -> None:
    offices = tuple(f"Liaison officer ({office})" for office in OFFICERS)
    assert asked(advise(agreed, wanted(), "sample", {})) == [("release", US, offices)]
    somebody(agreed, "rosa", "releasing-officer")
    somebody(agreed, "otto", "officer")
    somebody(agreed, "gone", "releasing-officer")
    somebody(agreed, "admin", "administrator")
    disable(agreed, "gone", by="admin")
    add_person(agreed, "newcomer", ["releasing-officer"], by="admin")
    found = advise(agreed, wanted(), "sample", {})
    assert (found.guidance.answer, found.guidance.needs) == ("ask", 2)
    assert asked(found) == [("release", US, ("rosa",))]


def test_who_must_sign_is_named_where_the_text_would_give_it(node: Node) -> None:
    hold(node, text(), US)
    found = advise(node, wanted(), "sample", {})
    assert found.guidance.answer == "ask"
    assert [text.name for text, _ in found.not_in_force] == ["border-work"]
    (reason,) = found.not_in_force[0][1]
    assert (reason.code, reason.values["party"]) == ("signatures-missing", THEM)
    assert asked(found) == [("sign", THEM, tuple(f"Liaison officer ({THEM}/liaison-{n})" for n in (1, 2)))]
    other = advise(node, wanted(), "seizure", {})
    assert (other.not_in_force, [one.wish for one in other.contacts]) == ((), ["propose"])


def test_an_agreement_that_ended_says_so(agreed: Node, clock: Clock) -> None:
    clock.now += timedelta(days=5 * 365)
    found = advise(agreed, wanted(), "sample", {})
    assert found.guidance.answer == "ask"
    assert "ended" in {reason.code for _, reasons in found.not_in_force for reason in reasons}


def test_nothing_moves_and_only_a_look_at_a_record_is_written_down(agreed: Node) -> None:
    record = sample(agreed)
    before = entries(agreed)
    advise(agreed, wanted(), "sample", {"substance_suspected": "fentanyl"})
    assert entries(agreed) == before
    found = advise_on(agreed, LOOK, wanted(), record)
    assert entries(agreed) == before + 1
    read = facts(agreed, "read")[-1]
    assert (read["subject"], read["why"], read["purpose"], read["count"]) == ("officer", LOOK.why, LOOK.purpose, 1)
    assert found.record is not None
    with agreed.store.reading() as tx:
        assert [*tx.releases("waiting"), *tx.decisions(record)] == []


def test_of_a_record_it_says_what_goes_and_shows_no_value(agreed: Node) -> None:
    found = advise_on(agreed, LOOK, wanted(), sample(agreed))
    assert found.guidance.fields("asks") == {"substance_suspected"}
    assert found.guidance.fields("stays") == {"number", "place"}
    assert CANARY not in str(advice_json(found))
    assert found.guidance.unknown == ()


def test_a_record_is_shown_to_nobody_who_may_not_read_it(agreed: Node) -> None:
    record = sample(agreed)
    with pytest.raises(NoReason):
        advise_on(agreed, Look("officer", ""), wanted(), record)
    with pytest.raises(NoSuchRecord):
        advise_on(agreed, LOOK, wanted(), record, own=False)
    with pytest.raises(NoSuchRecord):
        advise_on(agreed, LOOK, wanted(), "0" * 32)
    assert facts(agreed, "read") == []


def test_what_others_said_is_theirs_to_share(agreed: Node) -> None:
    record = sample(agreed)
    with agreed.writing() as work:
        (row,) = work.tx.versions(record)
        body = Record.from_json({**parse(row.body), "id": "f" * 32, "said_by": THEM}, agreed.catalogue.kind("sample"))
        handling = {"agreement": "sha256:0", "provisions": ["1.1"], "purposes": ["investigation"], "caveats": []}
        received = replace(row, id="f" * 32, said_by=THEM, via=THEM, body=body.body, handling=canonical(handling))
        work.tx.add_records([received])
    found = advise_on(agreed, LOOK, wanted(partner=FAR), "f" * 32)
    assert found.guidance.answer == "ask"
    assert found.alternatives == ()
    with pytest.raises(NoSuchRecord):
        advise_on(agreed, replace(LOOK, purpose="statistics"), wanted(), "f" * 32)


def test_a_flag_of_an_attempted_suicide_stays_where_no_provision_gives_it(agreed: Node) -> None:
    values: dict[str, Value] = {"number": "O-1", "suicide_attempt_flag": True, "last_seen_where": "at the bridge"}
    record = kept(agreed, "occurrence", **values)
    for purpose, urgency in (("investigation", "routine"), ("investigation", "asked"), ("rescue", "routine")):
        found = advise_on(agreed, LOOK, wanted(purpose, urgency), record)
        assert (found.guidance.answer, found.guidance.fields("goes", "asks", "depends")) == ("no", frozenset())
    rescue = advise_on(agreed, LOOK, wanted("rescue", "life"), record)
    assert (rescue.guidance.answer, rescue.guidance.needs) == ("ask", 1)
    assert rescue.guidance.fields("asks") == {"last_seen_where"}
    (flag,) = [part for part in rescue.guidance.parts if "suicide_attempt_flag" in part.fields]
    assert (flag.verdict, flag.grounds) == ("stays", ())
    assert advise_on(agreed, LOOK, wanted("investigation", "life"), record).guidance.answer == "no"


def test_facts_are_read_as_the_field_has_them(node: Node) -> None:
    told = {"substance_suspected": "Fentanyl", "mass_g": "1.5", "seized_on": "2026-03-01", "place": ABSENT, "form": ""}
    known, faults = facts_in(node, "sample", told)
    assert faults == []
    assert (known["substance_suspected"], known["seized_on"]) == ("fentanyl", date(2026, 3, 1))
    assert (known["place"], "form" in known) == (None, False)
    _, faults = facts_in(node, "sample", {"seized_on": "1/3/26", "mass_g": "much"})
    assert {fault.field for fault in faults} == {"seized_on", "mass_g"}
    flagged, _ = facts_in(node, "occurrence", {"suicide_attempt_flag": "yes", "last_seen_at": "2026-03-01T10:00Z"})
    assert flagged["suicide_attempt_flag"] is True
    with pytest.raises(NoSuchFact, match="substance_suspected"):
        facts_in(node, "sample", {"colour_of_the_car": "red"})


def test_unknown_words_are_refused(node: Node) -> None:
    with pytest.raises(UnknownKind):
        advise(node, wanted(), "letter", {})
    with pytest.raises(UnknownWord):
        advise(node, wanted("gossip"), "sample", {})
    with pytest.raises(UnknownWord):
        advise(node, wanted(partner="nobody"), "sample", {})
    with pytest.raises(NoUrgency, match="life"):
        advise(node, wanted(urgency="hurry"), "sample", {})


def test_it_says_on_which_texts_it_rests_and_whom_to_ask_in_every_language(agreed: Node) -> None:
    found = advise(agreed, wanted(), "sample", {})
    (rests,) = rests_on(found)
    assert rests == ("border-work v1", text().digest)
    for language in LANGUAGES:
        for one in found.contacts:
            assert all(contact_said(one, agreed.catalogue.vocabulary, phrasebook(language)))


def test_what_others_said_is_asked_about_as_theirs(node: Node) -> None:
    """A bureau gives nothing of its own: on whose behalf it would go is named, and may be stated."""
    onward = TEXT.replace('"ca.cbsa"]\nzone', '"ca.cbsa", "us.dea"]\nzone').replace(
        'occasion = "standing"', 'on_behalf_of = ["us.dea"]\noccasion = "standing"'
    )
    hold(node, text(onward), US, THEM, FAR)
    assert behalf(node) == [FAR]
    wanted = Wanted(partner=THEM, purpose="investigation")
    own = advise(node, wanted, "sample", {})
    assert own.guidance.answer == "no"
    assert ("said-by", FAR) in [(one.change, one.code) for one in own.alternatives]
    theirs = advise(node, replace(wanted, said_by=FAR), "sample", {})
    assert (theirs.guidance.answer, advice_json(theirs)["said_by"]) == ("ask", FAR)
    words = node.catalogue.vocabulary
    assert passed_on_said(theirs, words, phrasebook("en")).startswith("As said by U.S. Drug")
    assert passed_on_said(own, words, phrasebook("en")) == ""
    with pytest.raises(UnknownWord):
        advise(node, replace(wanted, said_by="nobody"), "sample", {})
