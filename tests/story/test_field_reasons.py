"""Why may I see this, and why is this field struck? Told at both ends of an exchange, and never more than came."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from entente.agreements import Limits
from entente.cli.house import catalogue
from entente.cli.staging import CREDENTIALS
from entente.node.agreeing import keep_agreement, sign
from entente.node.grounds import FieldReason, FieldReasons
from entente.node.keeping import keep
from entente.node.limits import limits_body
from entente.node.looking import Look, NoReason, NoSuchRecord
from entente.node.reasons import reasons
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.signing import PrivateKey, digest
from entente.vocabulary import LANGUAGES, phrasebook
from story.border_files import simulated_files
from story.tables import totals
from story.world import CBP, CBSA, World

LOOK = Look("analyst", "monthly meeting")
WORDS = catalogue().vocabulary
ENGLISH = phrasebook("en")
PERMIT = f"""
reference = "tests"
effect = "permit"
giver = ["{CBP}"]
receiver = ["{CBSA}"]
kinds = ["test-count"]
occasion = "standing"
release = "automatic"
"""
FORBID = """
reference = "tests"
effect = "forbid"
kinds = ["test-count"]
"""
TEXT = f"""
name = "counts"
version = 1
model = true
parties = ["{CBP}", "{CBSA}"]
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model"
text.en = "A model for a test."

[[provision]]
id = "1"
text.en = "Counts are given."
fields = ["test-count.publication", "test-count.jurisdiction", "test-count.jurisdiction_name", "test-count.substance",
    "test-count.substance_native", "test-count.period_start", "test-count.period_end", "test-count.tested",
    "test-count.laboratories"]
purposes = ["statistics", "threat-assessment"]
{PERMIT}

[[provision]]
id = "2"
text.en = "The category is given where primary counts are."
fields = ["test-count.category"]
purposes = ["statistics", "threat-assessment"]
when = [{{ field = "basis", equals = "BASIS" }}]
{PERMIT}

[[provision]]
id = "3"
text.en = "Reports are given of many tests."
fields = ["test-count.reported"]
purposes = ["statistics", "threat-assessment"]
when = [{{ field = "tested", at_least = 1000 }}]
{PERMIT}

[[provision]]
id = "4"
text.en = "The base is given to prosecute."
fields = ["test-count.substance_base"]
purposes = ["prosecution"]
{PERMIT.replace("standing", "on-request")}

[[provision]]
id = "5"
text.en = "No laboratory is named."
fields = ["test-count.laboratories"]
{FORBID}

[[provision]]
id = "6"
text.en = "Some places are not named."
fields = ["test-count.jurisdiction_name"]
when = [{{ field = "basis", equals = "HIDING" }}]
{FORBID}
"""
BASES = tuple(WORDS.list("count-basis").terms)
COUNT: dict[str, Value] = {
    "publication": "example",
    "jurisdiction": "us-ny",
    "jurisdiction_name": "SIMULATED NAME",
    "substance": "fentanyl",
    "substance_native": "EXAMPLE",
    "substance_base": "SIMULATED BASE",
    "category": "SIMULATED CATEGORY",
    "tested": 10,
    "reported": 7,
    "period_start": date(2026, 1, 1),
    "basis": BASES[1],
    "laboratories": "SIMULATED LABORATORY",
}


def sign_everywhere(world: World, text: str) -> str:
    """Officers of both have signed `text`; its digest."""
    source = text.replace("BASIS", BASES[0]).replace("HIDING", BASES[2]).encode()
    keys: dict[str, str] = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
    for node in world.nodes.values():
        with node.writing() as work:
            keep_agreement(work, node.agreement(digest(source), source))
    for node in world.nodes.values():
        for officer, key in keys.items():
            if officer.startswith(node.party):
                sign(node, digest(source), officer, PrivateKey.from_text(key))
    world.settle()
    return digest(source)


def kept(
    world: World, party: str, values: dict[str, Value], kind_name: str = "test-count", limits: Limits | None = None
) -> str:
    """A simulated record of `party`; its id."""
    node, kind = world.nodes[party], catalogue().kind(kind_name)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    stamp = Stamp(said_by=party, recorded_at=now, id_key=b"k" * 32, is_simulated=True)
    record = Record(
        id=record_id(stamp, kind, values),
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=party,
        recorded_at=now,
        sure="reported",
        provenance=Provenance(
            source="f.csv", source_digest="sha256:" + "0" * 64, line=2, reader="test-count-csv", mapping_version="1"
        ),
        values=values,
        is_simulated=True,
    )
    with node.writing() as work:
        keep(node, work, [record], limits_body(limits) if limits else None)
    world.settle()
    return record.id


def why(world: World, party: str, record: str, look: Look = LOOK) -> FieldReasons:
    return reasons(world.nodes[party], look, record)


def of(found: FieldReasons, name: str) -> FieldReason:
    field = found.field(name)
    assert field is not None
    return field


def said(found: FieldReason, language: str = "en") -> str:
    return " ".join(found.said(WORDS, phrasebook(language)))


def states(found: FieldReasons) -> dict[str, str]:
    return {field.name: field.state for field in found.fields}


# What was received


def test_every_field_of_a_received_record_has_its_reason(world: World) -> None:
    sign_everywhere(world, TEXT)
    record = kept(world, CBP, {name: value for name, value in COUNT.items() if name != "jurisdiction_name"})

    found = why(world, CBSA, record)

    given = ("publication", "jurisdiction", "substance", "substance_native", "period_start", "tested")
    assert states(found) == dict.fromkeys(given, "given") | {
        "jurisdiction_name": "maybe-forbidden",
        "substance_base": "unmet",
        "category": "unmet",
        "reported": "unmet",
        "period_end": "not-stated",
        "basis": "no-provision",
        "laboratories": "forbidden",
    }
    assert {field.name for field in found.fields if field.is_present} == set(given)
    (cited,) = of(found, "tested").cited
    assert (cited.ref.name, cited.ref.version, cited.ref.provision) == ("counts", 1, "1")
    assert (cited.reference, cited.worded("fr")) == ("tests", "Counts are given.")
    assert "counts v1, provision 1" in said(of(found, "tested"))
    assert "Forbidden by counts v1, provision 5." in said(of(found, "laboratories"))
    assert "is below 1,000" in said(of(found, "reported"))
    assert "is not known, and the provision depends on it" in said(of(found, "category"))
    assert "It would be released for: " in said(of(found, "substance_base"))
    assert "does not state it, or a condition on what we cannot see withheld it" in said(of(found, "period_end"))
    assert "counts v1, provision 6 may forbid it" in said(of(found, "jurisdiction_name"))
    assert "Not permitted by any provision" in said(of(found, "basis"))
    assert of(found, "tested").grounds[0].purposes == ("statistics", "threat-assessment")


def test_two_records_that_look_the_same_here_have_the_same_reasons(world: World) -> None:
    """Whatever was withheld, present or absent: nothing that is said here depends on it."""
    sign_everywhere(world, TEXT)
    shown = {name: COUNT[name] for name in ("publication", "jurisdiction", "substance", "tested", "period_start")}
    variants: list[dict[str, Value]] = [
        shown | {"jurisdiction_name": "HIDDEN BY ITS BASIS", "basis": BASES[2], "category": "SOME"},
        shown | {"substance_base": "OTHER", "reported": 999, "basis": BASES[1]},
        shown | {"laboratories": "ELSEWHERE"},
    ]
    told = []
    for number, values in enumerate(variants):
        found = why(world, CBSA, kept(world, CBP, values | {"substance_native": f"EXAMPLE {number}"}))
        told.append([(field.name, field.is_present, said(field), field.cited) for field in found.fields])
    assert told[0] == told[1] == told[2]
    assert told[0][2][:2] == ("jurisdiction_name", False)


def test_no_reason_holds_a_value_that_did_not_come(world: World) -> None:
    sign_everywhere(world, TEXT)
    found = why(world, CBSA, kept(world, CBP, COUNT))
    text = repr(found) + " ".join(said(field, language) for field in found.fields for language in LANGUAGES)
    assert [value for value in ("SIMULATED BASE", "SIMULATED CATEGORY", "SIMULATED LABORATORY") if value in text] == []
    assert of(found, "jurisdiction_name").state == "given", "it came, so nothing forbade it"


def test_what_a_person_released_is_traced_to_its_provision_and_what_never_goes_to_its_forbid(world: World) -> None:
    world.import_file(CBSA, "events.csv", simulated_files(1)["cbsa-seizures.csv"])
    (number, *_) = (row["release"] for row in world.run(CBSA, "release", "list", "--json").json)
    world.run(CBSA, "release", "approve", number, "--who", f"{CBSA}/liaison-1")
    world.settle()
    (given,) = world.run(CBP, "records", "list", "--why", "x", "--json").json

    theirs = why(world, CBP, given["id"])
    assert (of(theirs, "drug").state, [one.ref.provision for one in of(theirs, "drug").cited]) == ("given", ["1.2"])
    assert {of(theirs, name).state for name in ("number", "place", "person_name", "officer_notes")} == {"forbidden"}
    assert of(theirs, "transport_mode").state == "no-provision"
    assert of(theirs, "pieces").state == "not-stated", "no officer is missing: one has released it"
    whole = " ".join(theirs.said(WORDS, ENGLISH))
    assert "Canada Border Services Agency gave it to us under customs-seizure-statistics v1." in whole
    assert "monthly meeting" in whole
    assert "It may be kept until 20" in whole

    ours = why(world, CBSA, given["id"])
    assert {(one.partner, one.outcome) for one in ours.partners} == {(CBP, "release")}
    fields = {field.name: field for field in ours.partners[0].fields}
    assert (fields["drug"].state, fields["number"].state) == ("goes", "forbidden")
    assert "Forbidden by customs-seizure-statistics v1, provision 2.2." in said(fields["number"])


def test_a_purpose_that_was_not_given_hides_the_reasons_too(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, 1))
    world.settle()
    (record,) = world.run(CBSA, "records", "list", "--why", "x", "--json").json
    found = why(world, CBSA, record["id"], Look("a", "trend", "statistics"))
    assert of(found, "area").state == "forbidden"
    assert found.held is not None
    assert found.held.purposes == ("statistics", "threat-assessment")
    assert "for this purpose: Public statistics and accountability; and for the reason you stated: trend." in " ".join(
        found.said(WORDS, ENGLISH)
    )
    for look, own in ((Look("a", "b", "prosecution"), None), (LOOK, True)):
        with pytest.raises(NoSuchRecord):
            reasons(world.nodes[CBSA], look, record["id"], own=own)
    with pytest.raises(NoReason):
        why(world, CBSA, record["id"], Look("a", ""))


def test_a_text_that_is_not_what_was_signed_is_not_cited(world: World) -> None:
    agreement = sign_everywhere(world, TEXT)
    record = kept(world, CBP, COUNT)
    with closing(sqlite3.connect(world.home(CBSA) / "node.sqlite")) as file, file:
        file.execute("UPDATE agreement SET source = ? WHERE digest = ?", (TEXT.encode(), agreement))
    found = why(world, CBSA, record)
    assert {field.state for field in found.fields if not field.is_present} == {"untraced"}
    assert agreement in said(of(found, "tested"))


# Our own


def test_of_our_own_record_every_partner_and_field_is_told(world: World) -> None:
    sign_everywhere(world, TEXT)
    record = kept(world, CBP, COUNT)

    found = why(world, CBP, record)

    assert (found.held, found.fields) == (None, ())
    (partner,) = found.partners
    assert (partner.partner, partner.outcome, partner.purpose) == (CBSA, "release", "statistics")
    told = {field.name: field for field in partner.fields}
    assert told.keys() == COUNT.keys(), "what the record does not state is not asked about"
    assert {name: field.state for name, field in told.items() if field.state != "goes"} == {
        "laboratories": "forbidden",
        "category": "unmet",
        "reported": "unmet",
        "substance_base": "unmet",
        "basis": "no-provision",
    }
    assert said(told["tested"]).endswith(
        "goes to Canada Border Services Agency for Public statistics and accountability under counts v1, provision 1."
    )
    assert [one.ref.provision for one in told["category"].cited] == ["2"]
    assert any("may give to Canada Border Services Agency" in line for line in partner.said(WORDS, ENGLISH))
    assert "It is a record of our own agency." in found.said(WORDS, ENGLISH)


def first_seizure(world: World) -> str:
    """The first of the seizures that CBSA imports."""
    world.import_file(CBSA, "events.csv", simulated_files(1)["cbsa-seizures.csv"])
    found: str = world.run(CBSA, "records", "list", "--why", "x", "--limit", "1", "--json").json[0]["id"]
    return found


def test_a_field_that_waits_says_so(world: World) -> None:
    partner = why(world, CBSA, first_seizure(world)).partners[0]
    waiting = {field.name: field for field in partner.fields}["drug"]
    assert (waiting.state, "waits for release" in said(waiting)) == ("waits", True)


def test_a_partner_without_an_agreement_gets_nothing(unheard: World) -> None:
    (nobody,) = why(unheard, CBSA, first_seizure(unheard)).partners
    assert (nobody.outcome, nobody.fields) == ("nothing-in-force", ())
    (line,) = nobody.said(WORDS, ENGLISH)
    assert line.startswith("No agreement between Canada Border Services Agency and ")


def test_a_kind_of_which_no_standing_provision_speaks_is_told_so(world: World) -> None:
    record = kept(world, CBP, {"number": "SIM-S-1"}, "sample")
    (partner,) = why(world, CBP, record).partners
    assert partner.outcome == "not-standing"
    assert "speaks of such records" in partner.said(WORDS, ENGLISH)[0]


def test_a_finding_tells_the_limits_it_inherited(world: World) -> None:
    values: dict[str, Any] = {
        "question": "substances.growth",
        "settings": "",
        "subject": "EXAMPLE",
        "place": "all",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 6, 30),
        "measure": "share-growth",
        "denominator": "tested",
        "alarm": True,
        "rests_on": ("test-count",),
        "parties": (CBP,),
        "records": 1,
        "review": "open",
    }
    limits = Limits(purposes=("early-warning",), caveats=("no-onward",), agreements=("sha256:" + "1" * 64,))
    found = why(world, CBSA, kept(world, CBSA, values, "finding", limits))
    assert found.inherited == limits
    whole = " ".join(found.said(WORDS, ENGLISH))
    assert "it serves nothing but: Early warning" in whole
    assert "It rests on what others gave under one agreement" in whole
    assert "Caveats: " in whole
