"""The receiver decides too: what it may hold, for what, until when, and everything it refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from agreements.parts import (
    CLINIC,
    FIND,
    HEAD,
    HERE,
    NOON,
    PERMIT,
    THERE,
    agreement,
    ask,
    catalogue,
    changed,
    decided,
    record,
)
from entente.agreements import Agreement, Holding, Limits, Refused, accept, disclose
from entente.agreements.giving.refusals import REFUSALS
from entente.records import Catalogue
from entente.signing import canonical, parse
from entente.vocabulary import phrasebook

TEXT = agreement(PERMIT)


def body(text: Agreement = TEXT) -> bytes:
    decision = decided(ask(), text)
    return disclose(decision.ask.record, decision.ask.kind, decision).body


def received(data: bytes, *texts: Agreement, **change: Any) -> Holding | Refused:
    door: dict[str, Any] = {
        "sender": HERE,
        "receiver": THERE,
        "receiver_roles": frozenset({"enforcement"}),
        "agreements": texts or (TEXT,),
        "catalogue": catalogue(),
        "moment": NOON,
        "is_simulated": False,
    }
    return accept(data, **{**door, **change})


def held(data: bytes, *texts: Agreement, **change: Any) -> Holding:
    found = received(data, *texts, **change)
    assert isinstance(found, Holding), found
    return found


def refusal(data: bytes, *texts: Agreement, **change: Any) -> str:
    found = received(data, *texts, **change)
    assert isinstance(found, Refused), found
    assert found.sentence(phrasebook("en").say).endswith(".")
    assert found.remedy(phrasebook("en").say).endswith(".")
    return found.code


def forged(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = parse(body())
    change(value)
    return canonical(value)


def test_what_is_permitted_is_held_with_its_obligations() -> None:
    found = held(body())
    assert found.may_use_for == ("investigation", "statistics")
    assert found.caveats == ("no-onward",)
    assert found.retain_until == date(2027, 5, 2)
    assert found.feedback_due == date(2026, 6, 1)
    assert dict(found.record.values) == {name: record().values[name] for name in ("border", "drug", "mass_g", "pieces")}
    assert (found.record.said_by, found.record.recorded_at) == (HERE, NOON)
    assert found.record.provenance.source == "disclosure from ca.cbsa"
    assert canonical(found.handling())


def test_days_count_from_the_local_day_of_arrival() -> None:
    assert held(body(), moment=datetime(2026, 5, 3, 3, 59, tzinfo=UTC)).feedback_due == date(2026, 6, 1)


def test_of_two_views_of_an_obligation_the_stricter_holds() -> None:
    lax = forged(lambda value: value["handling"].update(duties={"retain_days": 99_999}, caveats=["not-evidence"]))
    assert held(lax).retain_until == date(2027, 5, 2)
    assert held(lax).caveats == ("no-onward", "not-evidence")
    strict = forged(lambda value: value["handling"].update(duties={"retain_days": 7}, purposes=["statistics"]))
    assert (held(strict).retain_until, held(strict).may_use_for) == (date(2026, 5, 9), ("statistics",))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda value: value.update(withheld=3), "unreadable"),
        (lambda value: value["record"].pop("sure"), "unreadable"),
        (lambda value: value["record"].update(note="x"), "unreadable"),
        (lambda value: value["record"].update(id="seizure-17"), "unreadable"),
        (lambda value: value["record"].update(version=0), "unreadable"),
        (lambda value: value["record"].update(version=True), "unreadable"),
        (lambda value: value["record"].update(values={}), "unreadable"),
        (lambda value: value["handling"].update(provisions=[]), "unreadable"),
        (lambda value: value["handling"].update(purposes=[]), "unreadable"),
        (lambda value: value["handling"].update(duties={"retain_days": 0}), "unreadable"),
        (lambda value: value["handling"].update(agreement="test"), "unreadable"),
        (lambda value: value["record"].update(said_by="us.dea"), "third-party"),
        (lambda value: value["record"].update(is_simulated=True), "simulated-flag"),
        (lambda value: value["record"].update(kind="finds"), "unknown-kind"),
        (lambda value: value["record"].update(kind_version=2), "unknown-kind"),
        (lambda value: value["record"]["values"].update(shoe_size="44"), "not-a-record"),
        (lambda value: value["record"]["values"].update(border="North"), "not-a-record"),
        (lambda value: value["record"]["values"].update(mass_g="NaN"), "not-a-record"),
        (lambda value: value["record"]["values"].update(pieces="3"), "not-a-record"),
        (lambda value: value["record"].update(sure="certain"), "not-a-record"),
        (lambda value: value["record"]["values"].update(person="A person"), "not-covered"),
        (lambda value: value["handling"].update(agreement="sha256:" + "0" * 64), "no-agreement"),
        (lambda value: value["handling"].update(provisions=["1.2"]), "no-such-provision"),
        (lambda value: value["handling"].update(purposes=["prosecution"]), "no-purpose"),
        (lambda value: value["handling"].update(caveats=["eyes-only"]), "unknown-handling"),
        (lambda value: value["handling"].update(duties={"burn_days": 3}), "unknown-handling"),
    ],
)
def test_what_the_sender_makes_up_is_refused(change: Callable[[dict[str, Any]], object], code: str) -> None:
    assert refusal(forged(change)) == code


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"a": 1}', body() + b"\n", b"\xff", body()[:-1]])
def test_bytes_that_are_no_body_are_refused(data: bytes) -> None:
    assert refusal(data) == "unreadable"


def test_only_the_sender_the_receiver_and_the_day_of_the_provision_fit() -> None:
    assert refusal(body(), sender=THERE) == "third-party"
    assert refusal(body(), receiver="us.dea") == "no-such-provision"
    assert refusal(body(), moment=datetime(2030, 1, 1, tzinfo=UTC)) == "no-agreement"
    dated = agreement(changed(PERMIT, valid_until="2026-05-02"))
    assert refusal(body(dated), dated, moment=datetime(2026, 5, 3, 4, tzinfo=UTC)) == "no-such-provision"


def test_a_condition_on_a_field_that_did_not_come_is_left_to_the_giver() -> None:
    text = agreement(changed(PERMIT, fields='["class:substance"]', when='[{ field = "border", equals = "north" }]'))
    assert dict(held(body(text), text).record.values) == {"drug": "heroin"}


def test_a_condition_on_a_field_that_came_is_judged_again() -> None:
    text = agreement(changed(PERMIT, when='[{ field = "border", equals = "north" }]'))
    data = parse(body(text))
    data["record"]["values"]["border"] = "south"
    assert refusal(canonical(data), text) == "not-covered"


def test_the_receiver_heeds_forbids_of_its_own_agreements() -> None:
    forbid = """
    [[provision]]
    id = "9.1"
    reference = "art. 9(1)"
    text.en = "No quantities for investigations."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:quantity"]
    purposes = ["investigation"]
    """
    own = agreement(forbid, head=changed(HEAD, name='"own"'))
    assert held(body(), TEXT, own).may_use_for == ("statistics",)
    everything = agreement(changed(forbid, purposes=""), head=changed(HEAD, name='"own"'))
    assert refusal(body(), TEXT, everything) == "forbidden"


def test_only_a_health_party_holds_what_only_health_parties_may_hold() -> None:
    text = agreement(changed(PERMIT, kinds='["clinic-count"]', fields='["class:health"]'))
    about = record({"clinic": "C", "visits": 3}, kind=CLINIC)
    decision = decided(ask(about, roles=frozenset({"health"})), text)
    data = disclose(about, CLINIC, decision).body
    assert refusal(data, text) == "holder-role"
    assert held(data, text, receiver_roles=frozenset({"health"})).record.values["visits"] == 3


def serving(only_for: tuple[str, ...]) -> Catalogue:
    """A receiver whose own workstream limits the kind, whatever the sender's does."""
    limited = replace(FIND, only_for=only_for, caveats=("public-health-only",))
    return Catalogue.of((limited, CLINIC), catalogue().vocabulary)


def test_the_receiver_heeds_what_its_own_kind_may_ever_serve() -> None:
    found = held(body(), catalogue=serving(("statistics", "early-warning")))
    assert found.may_use_for == ("statistics",)
    assert found.caveats == ("no-onward", "public-health-only")
    assert refusal(body(), catalogue=serving(("early-warning",))) == "kind-purpose"


def test_what_a_record_inherited_arrives_with_it() -> None:
    limits = Limits(purposes=("statistics",), caveats=("public-health-only",), agreements=(TEXT.digest,))
    decision = decided(replace(ask(), limits=limits), TEXT)
    found = held(disclose(decision.ask.record, decision.ask.kind, decision).body)
    assert found.may_use_for == ("statistics",)
    assert found.caveats == ("no-onward", "public-health-only")


def test_nothing_is_held_from_or_by_somebody_who_has_not_signed() -> None:
    three = agreement(PERMIT, head=changed(HEAD, parties='["ca.cbsa", "us.cbp", "us.dea"]'))
    assert held(body(three), three.among([HERE, THERE])).agreement == three.digest
    assert refusal(body(three), three.among([THERE, "us.dea"])) == "no-such-provision"
    assert refusal(body(three), three.among([HERE, "us.dea"])) == "no-such-provision"


def test_what_is_simulated_stays_simulated() -> None:
    decision = decided(ask(replace(record(), is_simulated=True)), TEXT)
    data = disclose(decision.ask.record, decision.ask.kind, decision).body
    assert refusal(data) == "simulated-flag"
    assert held(data, is_simulated=True).record.is_simulated


def test_retention_beyond_the_calendar_ends_with_it() -> None:
    text = agreement(changed(PERMIT, duties="{ retain_days = 9999999 }"))
    assert held(body(text), text).retain_until == date.max


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    sentences = [said(unsaid, {})[0] for said in REFUSALS.values()]
    assert len(set(sentences)) == len(sentences)


def unsaid(message_id: str, **values: object) -> str:
    return message_id
