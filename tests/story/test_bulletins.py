"""A bulletin: from an accepted finding, in three languages, told to nobody before an officer approves it; never about
few samples or a small place, and never with what is not its own to tell."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from entente.agreements import NO_LIMITS, Limits
from entente.cli.house import catalogue
from entente.node.bulletin_files import FILES
from entente.node.findings import READER
from entente.node.keeping import keep
from entente.node.limits import limits_body
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.signing import digest, parse
from entente.store import RecordRow
from story.drug_checking_given import ALL_PARTIES, CDC, DEA, PHAC, PURPOSES, RCMP, four_nodes
from story.world import Ran, World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

OFFICER, WHY = ("--who", f"{PHAC}/liaison-1"), ("--why", "the weekly meeting")
CHECKED, COUNTED = ("drug-checking-count",), ("test-count",)
KIND = catalogue().kind("bulletin")
GENEROUS = f"""
name = "bulletins-to-everybody"
version = 1
model = true
parties = [{ALL_PARTIES}]
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model that gives every bulletin"
text.en = "What a careless drafter could write."

[[provision]]
id = "1"
reference = "tests"
text.en = "Everybody gives everybody all bulletins, for every purpose, drafts too."
effect = "permit"
giver = [{ALL_PARTIES}]
receiver = [{ALL_PARTIES}]
kinds = ["bulletin"]
fields = [{", ".join(f'"bulletin.{field.name}"' for field in KIND.fields)}]
purposes = [{", ".join(f'"{purpose}"' for purpose in PURPOSES)}]
occasion = "standing"
release = "automatic"
""".encode()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everybody may be given every bulletin; each test makes a finding of its own."""
    with four_nodes(tmp_path_factory.mktemp("bulletins"), "drug-trends", text=GENEROUS) as world:
        yield world


def accepted(
    world: World,
    subject: str,
    *,
    place: str = "ca-bc",
    observed: int = 42,
    of: int | None = 310,
    rests_on: tuple[str, ...] = CHECKED,
    review: str = "accepted",
    limits: Limits = Limits(purposes=("early-warning",), caveats=("public-health-only",)),  # noqa: B008  # frozen
) -> str:
    """A finding of PHAC, as if a question had found it and a person had reviewed it. Its id."""
    node, kind = world.nodes[PHAC], catalogue().kind("finding")
    values: dict[str, Value] = {
        "question": "health.growth",
        "settings": "months=6",
        "subject": subject,
        "place": place,
        "period_start": date(2025, 11, 1),
        "period_end": date(2026, 4, 30),
        "measure": "share-growth",
        "observed": observed,
        "expected": Decimal("12.6"),
        "denominator": "tested",
        "value": Decimal("3.3"),
        "q": Decimal("0.0002"),
        "alarm": True,
        "rests_on": rests_on,
        "parties": (PHAC,),
        "records": 18,
        "review": review,
        "reviewed_on": date(2026, 5, 3),
        "reviewed_by": "somebody",
        **({} if of is None else {"of": of}),
    }
    with node.writing() as work:
        stamp = Stamp(said_by=PHAC, recorded_at=work.now, id_key=node.identity.record_secret, is_simulated=True)
        record = Record(
            id=record_id(stamp, kind, values),
            version=1,
            kind=kind.name,
            kind_version=kind.version,
            said_by=PHAC,
            recorded_at=work.now,
            sure="reported",
            provenance=Provenance(
                source="health.growth", source_digest=digest(b""), line=1, reader=READER, mapping_version="1"
            ),
            values=values,
            is_simulated=True,
        )
        keep(node, work, [record], limits_body(limits))
    return record.id


def drafted(world: World, finding: str, *options: str) -> Ran:
    return world.run(PHAC, "bulletin", "draft", finding, *WHY, *options)


def one_about(world: World, finding: str) -> dict[str, object]:
    listed = world.run(PHAC, "bulletin", "list", *WHY, "--json").json
    (found,) = [one for one in listed if one["finding"] == finding]
    return dict(found)


def held(world: World, party: str, finding: str) -> list[RecordRow]:
    """Bulletins about the finding that the node of `party` was given."""
    with world.nodes[party].store.reading() as tx:
        rows = tx.current_records("bulletin", own=False)
    return [row for row in rows if parse(row.body)["values"]["finding"] == finding]


def approved(world: World, finding: str) -> str:
    """The id of its bulletin, drafted and approved."""
    assert drafted(world, finding).code == 0
    name = str(one_about(world, finding)["id"])
    done = world.run(PHAC, "bulletin", "approve", name, *OFFICER)
    assert done.code == 0, done.err
    world.settle()
    return name


def test_from_a_finding_to_three_languages_with_a_persons_approval(world: World, tmp_path: Path) -> None:
    finding = accepted(world, "medetomidine")
    assert drafted(world, finding).code == 0
    name = str(one_about(world, finding)["id"])
    world.settle()
    assert [held(world, party, finding) for party in (CDC, RCMP, DEA)] == [[], [], []], "a draft is told to nobody"
    refused = world.run(PHAC, "bulletin", "export", name, "--out", tmp_path / "early")
    assert refused.code != 0
    assert "not approved" in refused.err

    assert world.run(PHAC, "bulletin", "approve", name, *OFFICER).code == 0
    world.settle()
    for party in (CDC, RCMP, DEA):
        (row,) = held(world, party, finding)
        handling = parse(row.handling or b"{}")
        assert handling["purposes"] == ["early-warning"], "whatever the text gives"
        assert "public-health-only" in handling["caveats"]
        shown = world.run(party, "bulletin", "show", row.id, *WHY)
        assert "Colombie-Britannique" in shown.out
    assert world.run(PHAC, "bulletin", "export", name, "--out", tmp_path / "out").code == 0
    texts = {file: (tmp_path / "out" / file).read_text("utf-8") for file in FILES}
    assert "Found: 42 of 310 (Samples tested).\nUsual would be about 12.6." in texts["bulletin.en.txt"]
    assert "Trouvé\u00a0: 42 sur 310 (Échantillons analysés)." in texts["bulletin.fr.txt"]
    assert "Hallado: 42 de 310 (Muestras analizadas)." in texts["bulletin.es.txt"]
    for text, help_ in (("en", "Carry naloxone"), ("fr", "naloxone sur vous"), ("es", "Lleve naloxona")):
        assert help_ in texts[f"bulletin.{text}.txt"]
    assert texts["bulletin.html"].count("<article") == 3
    assert "SIMULATED" in texts["bulletin.en.txt"]
    assert [entry["who"] for entry in world.entries(PHAC, "bulletin-approved")][-1] == f"{PHAC}/liaison-1"


def test_whoever_drafts_does_not_approve(world: World) -> None:
    finding = accepted(world, "bromazolam")
    assert world.run(PHAC, "bulletin", "draft", finding, *WHY, *OFFICER).code == 0
    done = world.run(PHAC, "bulletin", "approve", one_about(world, finding)["id"], *OFFICER)
    assert done.code != 0
    assert "cannot approve it too" in done.err
    nobody = world.run(PHAC, "bulletin", "approve", one_about(world, finding)["id"], "--who", "a stranger")
    assert "not an officer" in nobody.err


@pytest.mark.parametrize("review", ["open", "dismissed", "withdrawn"])
def test_only_an_accepted_finding_becomes_one(world: World, review: str) -> None:
    done = drafted(world, accepted(world, f"etizolam-{review}", review=review))
    assert done.code != 0
    assert "cannot be told to the public" in done.err


def test_what_the_public_gave_is_not_told_about_a_town(world: World) -> None:
    done = drafted(world, accepted(world, "flubromazepam", place="ca-bc-victoria"))
    assert "no place smaller than a province or state" in done.err
    assert drafted(world, accepted(world, "flubromazepam", place="ca-bc-victoria", rests_on=COUNTED)).code == 0


@pytest.mark.parametrize("of", [19, None])
def test_nor_about_few_samples(world: World, of: int | None) -> None:
    done = drafted(world, accepted(world, f"metonitazene-{of}", observed=5, of=of))
    assert done.code != 0
    assert "so few could point to somebody" in done.err


def test_a_number_below_the_floor_is_not_told_anywhere(world: World, tmp_path: Path) -> None:
    finding = accepted(world, "protonitazene", observed=9, of=777)
    name = approved(world, finding)
    assert world.run(PHAC, "bulletin", "export", name, "--out", tmp_path / "few").code == 0
    written = (tmp_path / "few" / "bulletin.en.txt").read_text("utf-8")
    assert "Found: fewer than 10 of 777" in written
    assert "12.6" not in written, "what would be usual tells of it too"
    (row,) = held(world, RCMP, finding)
    assert "observed" not in parse(row.body)["values"]


def test_a_node_may_raise_the_floor_and_not_lower_it(world: World) -> None:
    node = world.nodes[PHAC]
    config = node.config.folder / "node.toml"
    before = config.read_text("utf-8")
    finding = accepted(world, "isotonitazene", observed=19, of=100)
    try:
        config.write_text(before + "bulletin_fewest_found = 20\nbulletin_fewest_tested = 1\n", "utf-8")
        assert "fewer than 20 of 100" in drafted(world, finding).out
        low = accepted(world, "isotonitazene-low", observed=19, of=19)
        assert "no fewer than 20" in " ".join(drafted(world, low).err.split())
    finally:
        config.write_text(before, "utf-8")


def test_what_rests_on_partners_goes_to_their_agreement_and_not_to_the_public(world: World, tmp_path: Path) -> None:
    finding = accepted(world, "xylazine", rests_on=COUNTED, limits=Limits(agreements=("sha256:" + "1" * 64,)))
    name = approved(world, finding)
    assert held(world, CDC, finding) == [], "another agreement than that of the records"
    done = world.run(PHAC, "bulletin", "export", name, "--out", tmp_path / "no")
    assert "not for the public" in " ".join(done.err.split())


def test_what_may_not_warn_becomes_no_bulletin(world: World) -> None:
    finding = accepted(world, "carfentanil", rests_on=COUNTED, limits=Limits(purposes=("prosecution",)))
    assert "may not serve early warning" in drafted(world, finding).err


def test_words_that_hurt_must_be_answered(world: World) -> None:
    finding = accepted(world, "fluorofentanyl", rests_on=COUNTED, limits=NO_LIMITS)
    added = (
        "--add-en",
        "Addicts should take care.",
        "--add-fr",
        "Les DROGUES sont mêlées; un drogué est une personne.",
    )
    done = drafted(world, finding, *added)
    assert done.code != 0
    assert "“addicts” → person with a substance use disorder" in done.err
    assert "“drogué” → personne qui consomme des drogues" in done.err
    kept = ("--keep", "addicts=the name of a group", "--keep", "drogué=cité par une affiche")
    assert drafted(world, finding, *added, *kept).code == 0
    one = one_about(world, finding)
    assert one["words_kept"] == "addicts: the name of a group\ndrogué: cité par une affiche"
    assert "From the agency\nAddicts should take care." in str(one["text_en"])


def test_when_the_finding_changes_nothing_of_the_old_one_is_told(world: World, tmp_path: Path) -> None:
    finding = accepted(world, "bromadoline", observed=30)
    name = approved(world, finding)
    accepted(world, "bromadoline", observed=31)
    assert one_about(world, finding)["is_current"] is False
    done = world.run(PHAC, "bulletin", "export", name, "--out", tmp_path / "old")
    assert "draft the bulletin anew" in " ".join(done.err.split())
    assert approved(world, finding) == name
    (row,) = held(world, RCMP, finding)
    assert parse(row.body)["values"]["observed"] == 31


def test_withdrawing_one_tells_whoever_was_told(world: World) -> None:
    finding = accepted(world, "brorphine")
    name = approved(world, finding)
    assert world.run(PHAC, "bulletin", "withdraw", name, *OFFICER).code == 0
    world.settle()
    (row,) = held(world, CDC, finding)
    assert parse(row.body)["values"]["review"] == "withdrawn"


def test_help_that_is_available_stands_in_it(world: World) -> None:
    header = "source,service,region,area,as_of,is_available,is_free,sites,how,where_to_ask,simulated"
    lines = [
        "SIM region,naloxone,ca-bc,,2026-03-01,yes,yes,12,at SIM pharmacies,https://help.example,yes",
        "SIM region,drug-checking,ca-bc,,2026-01-01,yes,,,,,yes",
        "SIM region,drug-checking,ca-bc,,2026-02-01,no,,,,,yes",
        "SIM region,treatment,ca-on,,2026-02-01,yes,,,elsewhere,,yes",
    ]
    world.import_file(PHAC, "services.csv", "\n".join((header, *lines, "")).encode())
    finding = accepted(world, "phenazepam")
    text = drafted(world, finding).out
    assert "- Naloxone (British Columbia); at SIM pharmacies; free of charge; https://help.example" in text
    assert "elsewhere" not in text
    assert "Drug checking (British Columbia)" not in text, "the newest record says that it is not to be had"


def test_an_answer_to_a_bulletin_comes_back(world: World) -> None:
    finding = accepted(world, "acetylfentanyl")
    name = approved(world, finding)
    owed = world.run(RCMP, "duties", "list", "--owed", "by-us", "--json").json
    (row,) = held(world, RCMP, finding)
    about = next(one["about"] for one in owed if one["record"] == row.id)
    assert world.run(RCMP, "duties", "answer", about, "--outcome", "warning-issued").code == 0
    world.settle()
    told = json.loads(world.run(PHAC, "bulletin", "show", name, *WHY, "--json").out)["told"]
    assert {"partner": RCMP, "state": "answered"} in told
