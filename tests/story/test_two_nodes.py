"""Two agencies, one agreement: what it permits arrives, what it withholds never does, and both can show it."""

import socket
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

from entente.api import application
from entente.cli.house import catalogue
from entente.cli.staging import MODEL
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.identity import write_card
from entente.node.partnering import OtherDomain, card_of
from entente.node.work import open_node
from story.border_files import CANARY, simulated_files
from story.forging import agreement_in_force, next_message, post, request_with, total_body
from story.tables import northern, totals
from story.world import CBP, CBSA, World, answering, entente

ROWS = 9
OFFICES = [f"OFFICE {number}".encode() for number in range(ROWS)]

ONE, OTHER = f"{CBSA}/liaison-1", f"{CBSA}/liaison-2"


def test_what_the_agreement_permits_arrives_and_the_office_never_does(world: World) -> None:
    done = world.import_file(CBP, "totals.csv", totals(0, ROWS))
    assert (done.code, done.json[0]["kept"], done.json[0]["quarantined"]) == (0, ROWS, [])

    world.settle()

    held = world.run(CBSA, "records", "list", "--why", "first look", "--json").json
    assert len(held) == northern(ROWS)
    assert {record["said_by"] for record in held} == {CBP}
    assert {record["values"]["region"] for record in held} == {"northern-border"}
    assert all("area" not in record["values"] for record in held)
    assert [office for office in OFFICES if office in world.wire or office in world.database(CBSA)] == []
    assert b"Northern Border" not in world.wire  # nor does anything of the file but what was said in a disclosure
    assert OFFICES[0] in world.database(CBP)

    for party in (CBP, CBSA):
        assert [found.differences for found in world.reconcile(party)] == [()]
    sent = world.run(CBP, "exchange", "status", "--json").json["sent"]
    assert {"partner": CBSA, "type": "disclosure", "state": "accepted", "number": northern(ROWS)} in sent


def test_what_the_preview_shows_is_what_arrives(world: World) -> None:
    """Seen before anything has left, and under a draft on a day: counts of values by field, and the values."""
    world.import_file(CBP, "totals.csv", totals(0, ROWS))
    drafted = ("--draft", MODEL, "--on", "2026-06-01", "--why", "before we sign", "--json")
    for options in (("--why", "before it goes", "--json"), drafted):
        shown = world.run(CBP, "agreements", "preview", CBSA, "--purpose", "statistics", *options).json
        assert shown["outcomes"] == {"release": northern(ROWS), "wait": 0, "withhold": ROWS - northern(ROWS)}
    world.settle()
    held = world.run(CBSA, "records", "list", "--why", "first look", "--json").json
    arrived = Counter(f"{record['kind']}.{name}" for record in held for name in record["values"])
    assert shown["given"] == arrived
    by_id = {record["id"]: record["values"] for record in held}
    samples = [one for one in shown["samples"] if one["outcome"] == "release"]
    assert samples
    assert all(by_id[one["record"]] == one["values"] for one in samples)


def test_both_sides_keep_receipts_that_show_it(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, ROWS))
    world.settle()
    disclosed = world.entries(CBP, "disclosed")
    received = [facts for facts in world.entries(CBSA, "received") if "record" in facts]
    assert len(disclosed) == len(received) == northern(ROWS)
    assert [facts["subject"] for facts in disclosed] == [facts["subject"] for facts in received]
    assert all(facts["provisions"] == ["1.1"] for facts in disclosed)
    with world.nodes[CBP].store.reading() as tx:
        last = list(tx.outbox(CBSA))[-1]
    assert last.receipt is not None
    assert b"checkpoint" in last.receipt
    for party in (CBP, CBSA):
        assert entente("ledger", "verify", world.home(party)).code == 0


def test_the_receiver_answers_a_question_from_what_it_received(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, ROWS, pounds="2"))
    world.settle()
    ask = ("question", "run", "seizures.totals", "--param", "by=fiscal_year_us,region", "--why", "trend", "--json")

    answer = world.run(CBSA, *ask, "--purpose", "statistics").json

    (row,) = answer["rows"]
    assert (row["fiscal_year_us"], row["region"], row["events"]) == (2025, "northern-border", northern(ROWS))
    assert float(row["mass_lb"]) == 2 * northern(ROWS)
    (source,) = answer["provenance"]["contributions"]
    assert (source["said_by"], source["via"], source["records"]) == (CBP, CBP, northern(ROWS))
    assert sorted(answer["provenance"]["caveats"]) == ["no-onward", "statistical-use-only"]

    shown = world.run(CBSA, *ask[:-1], "--purpose", "statistics")
    assert "received from us.cbp under sha256:" in shown.out
    assert "SIMULATED" in shown.out

    nothing = world.run(CBSA, *ask, "--purpose", "prosecution").json
    assert nothing["rows"] == []  # received records are there, but not for this

    refused = world.run(CBSA, *ask)
    assert refused.code == 3
    assert "--purpose" in refused.err


def test_a_correction_follows_the_record_and_the_same_file_again_changes_nothing(world: World) -> None:
    world.import_file(CBP, "first.csv", totals(0, 3))
    world.settle()
    again = world.import_file(CBP, "first.csv", totals(0, 3)).json[0]
    assert (again["kept"], again["unchanged"]) == (0, 3)
    world.settle()
    assert len(world.entries(CBP, "disclosed")) == 1

    corrected = world.import_file(CBP, "second.csv", totals(0, 3, pounds="7")).json[0]
    assert (corrected["kept"], corrected["unchanged"]) == (3, 0)
    world.settle()

    (record,) = world.run(CBSA, "records", "list", "--why", "check", "--json").json
    assert (record["version"], record["values"]["mass_native"]) == (2, "7")
    received = world.run(CBSA, "exchange", "status", "--json").json["received"]
    assert {row["type"]: row["number"] for row in received if row["type"] in {"disclosure", "correction"}} == {
        "disclosure": 1,
        "correction": 1,
    }
    dossier = world.run(CBSA, "records", "show", record["id"], "--why", "check", "--json").json
    assert [version["values"]["mass_native"] for version in dossier["versions"]] == ["1.25", "7"]


def test_records_kept_before_the_agreement_is_in_force_leave_when_it_is(unheard: World) -> None:
    unheard.import_file(CBP, "totals.csv", totals(0, ROWS))
    assert unheard.run(CBP, "agreements", "list", "--json").json[0]["is_in_force"] is False
    assert unheard.entries(CBP, "disclosed") == []

    unheard.settle()  # the signatures of CBSA arrive, and the sweep finds what they permit

    assert unheard.run(CBP, "agreements", "list", "--json").json[0]["is_in_force"] is True
    assert len(unheard.run(CBSA, "records", "list", "--why", "x", "--json").json) == northern(ROWS)
    unheard.settle()
    assert len(unheard.entries(CBP, "disclosed")) == northern(ROWS)


def _events(world: World) -> list[str]:
    """CBSA imports events of seizures; the numbers of what waits on its release desk."""
    world.import_file(CBSA, "events.csv", simulated_files(1)["cbsa-seizures.csv"])
    world.settle()
    return [row["release"] for row in world.run(CBSA, "release", "list", "--json").json]


def test_single_seizures_wait_until_an_officer_releases_them(world: World) -> None:
    waiting = _events(world)
    assert len(waiting) == 40
    assert world.run(CBP, "records", "list", "--why", "x", "--json").json == []

    unexplained = world.run(CBSA, "release", "show", waiting[0])
    assert unexplained.code == 3
    assert "--why" in unexplained.err
    shown = world.run(CBSA, "release", "show", waiting[0], "--why", "release")
    assert "northern-border" in shown.out
    assert CANARY not in shown.out
    assert "2.2" in shown.out

    assert world.run(CBSA, "release", "approve", waiting[0], "--who", ONE).code == 0
    refused = world.run(CBSA, "release", "refuse", waiting[1], "--reason", "ongoing", "--who", "ca.cbsa/duty-officer")
    assert refused.code == 0
    world.settle()

    (record,) = world.run(CBP, "records", "list", "--why", "x", "--json").json
    assert record["kind"] == "seizure"
    assert set(record["values"]) <= {
        *("seized_on", "region", "drug", "drug_native", "amount", "amount_unit", "mass_g", "pieces")
    }
    for secret in (CANARY, "SIMULATED CROSSING", "SIMULATED MAIL", "SIM-00", "ongoing", "duty-officer"):
        assert secret.encode() not in world.wire, secret
        assert secret.encode() not in world.database(CBP), secret
    assert len(world.run(CBSA, "release", "list", "--json").json) == 38
    assert world.entries(CBSA, "release-refused")[0]["why"] == "ongoing"


def test_a_release_is_settled_once(world: World) -> None:
    waiting = _events(world)
    world.run(CBSA, "release", "approve", waiting[0], "--who", ONE)
    world.run(CBSA, "release", "refuse", waiting[1], "--reason", "no", "--who", "a")
    for number, state in ((waiting[0], "released"), (waiting[1], "refused")):
        again = world.run(CBSA, "release", "approve", number, "--who", OTHER)
        assert again.code == 3
        assert state in again.err
    assert "release list" in world.run(CBSA, "release", "approve", "none", "--who", OTHER).err


def test_a_refusal_outlives_a_change_of_agreements(world: World) -> None:
    waiting = _events(world)
    world.run(CBSA, "release", "refuse", waiting[0], "--reason", "no", "--who", "a")
    with world.nodes[CBSA].writing() as work:
        work.tx.put_setting(f"offered:{CBP}", "as under other agreements")
    world.settle()
    assert waiting[0] not in [row["release"] for row in world.run(CBSA, "release", "list", "--json").json]


def test_an_officer_never_releases_what_has_been_corrected_since(world: World) -> None:
    number = _events(world)[0]
    with world.nodes[CBSA].store.reading() as tx:
        row = tx.release(number)
    assert row is not None
    table = simulated_files(1)["cbsa-seizures.csv"].decode()
    world.import_file(CBSA, "later.csv", table.replace("2025-", "2024-").encode())
    refused = world.run(CBSA, "release", "approve", number, "--who", ONE)
    assert refused.code == 3
    assert "version 2" in refused.err


def test_every_look_needs_a_reason_and_is_in_the_ledger(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, 3))
    before = len(world.entries(CBP, "read"))
    record = world.run(CBP, "records", "list", "--why", "audit", "--who", "analyst", "--json").json[0]["id"]
    looks: list[tuple[object, ...]] = [
        ("records", "list"),
        ("records", "show", record),
        ("question", "run", "seizures.totals", "--purpose", "statistics"),
        ("agreements", "preview", CBSA, "--purpose", "statistics"),
    ]
    for look in looks:
        unexplained = world.run(CBP, *look)
        assert (unexplained.code, unexplained.out) == (3, "")
        assert "--why" in unexplained.err
    assert len(world.entries(CBP, "read")) == before + 1
    for look in looks:
        assert world.run(CBP, *look, "--why", "monthly meeting", "--who", "analyst").code == 0
    written = world.entries(CBP, "read")[before + 1 :]
    assert [(facts["subject"], facts["why"]) for facts in written] == [("analyst", "monthly meeting")] * len(looks)
    assert world.entries(CBP, "question-asked")[0]["purpose"] == "statistics"


def test_a_production_node_takes_nothing_from_the_demo(world: World, tmp_path: Path) -> None:
    config = Config(
        folder=tmp_path / "real",
        party="ca.rcmp",
        domain="production",
        store="sqlite:node.sqlite",
        url="https://a.example",
    )
    node = create_node(config, catalogue())
    card = tmp_path / "demo.card"
    card.write_bytes(write_card(card_of(world.nodes[CBP]), world.nodes[CBP].identity.node_key))
    refused = entente("partners", "add", card, "--node", config.folder)
    assert refused.code == 3
    assert refused.err.strip() == OtherDomain(party=CBP, theirs="demo", ours="production").said()
    file = tmp_path / "totals.csv"
    file.write_bytes(totals(0, 3))
    simulated = entente("import", file, "--simulated", "--node", config.folder)
    assert simulated.code == 3
    assert "demo node" in simulated.err
    with node.store.reading() as tx:
        assert (tx.record_counts(), tx.intakes(), tx.partners()) == ([], [], [])
    node.close()


def test_a_real_record_and_a_simulated_one_never_stand_in_one_answer(world: World) -> None:
    file = world.folder / "real.csv"
    file.write_bytes(totals(50, 3))
    world.import_file(CBP, "totals.csv", totals(0, 3))
    assert world.run(CBP, "import", file).code == 0
    mixed = world.run(CBP, "question", "run", "seizures.totals", "--purpose", "statistics", "--why", "x")
    assert mixed.code == 3
    assert "never mixes" in mixed.err


def test_the_receiver_lets_nobody_replace_what_another_said(world: World) -> None:
    """CBP knows the id of a record that CBSA gave it; a disclosure of its own under that id is no correction."""
    number = _events(world)[0]
    world.run(CBSA, "release", "approve", number, "--who", ONE)
    world.settle()
    (given,) = world.run(CBP, "records", "list", "--why", "x", "--json").json
    before = world.run(CBSA, "records", "show", given["id"], "--why", "x", "--json").json["versions"]
    body = total_body(agreement_in_force(world.nodes[CBP]), id=given["id"], version=99)

    answer = post(request_with(world, next_message(world.nodes[CBP], body)))

    assert (answer.status_code, b'\\"state\\":\\"accepted\\"' in answer.content) == (
        200,
        True,
    )  # and tells nothing else
    assert world.run(CBSA, "records", "show", given["id"], "--why", "x", "--json").json["versions"] == before


def test_from_the_first_key_to_an_agreement_in_force_by_verbs_alone(tmp_path: Path) -> None:
    homes = {CBP: tmp_path / "cbp", CBSA: tmp_path / "cbsa"}
    with ExitStack() as stack:
        for party, home in homes.items():
            listener = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            made = entente("init", "--party", party, "--url", url, "--domain", "demo", "--node", home)
            assert (made.code, "partners card" in made.out) == (0, True)
            for number in (1, 2):
                key = tmp_path / f"{party}-{number}.key"
                named = entente("partners", "officer", f"{party}/liaison-{number}", "--key", key, "--node", home)
                assert named.code == 0
                assert key.stat().st_mode & 0o777 == 0o600
            assert entente("partners", "card", "--out", tmp_path / f"{party}.card", "--node", home).code == 0
            node = stack.enter_context(closing(open_node(home, catalogue())))
            stack.enter_context(answering(application(node), listener))
        for party, other in ((CBP, CBSA), (CBSA, CBP)):
            assert entente("partners", "add", tmp_path / f"{other}.card", "--node", homes[party]).code == 0
        assert "agreements add" in entente("agreements", "list", "--node", homes[CBSA]).out
        assert entente("agreements", "add", MODEL, "--node", homes[CBP]).code == 0
        assert entente("exchange", "send", "--node", homes[CBP]).code == 0
        for party, home in homes.items():
            for number in (1, 2):
                officer, key = f"{party}/liaison-{number}", tmp_path / f"{party}-{number}.key"
                signed = entente("agreements", "sign", MODEL, "--officer", officer, "--key", key, "--node", home)
                assert signed.code == 0
            entente("exchange", "send", "--node", home)
        for home in homes.values():
            assert "in force" in entente("agreements", "list", "--node", home).out
            assert entente("agreements", "list", "--node", home, "--json").json[0]["is_in_force"] is True
            assert "\nNothing waits.\n" in entente("status", "--node", home).out


def test_an_officer_signs_only_with_the_officers_own_key(world: World, tmp_path: Path) -> None:
    key = tmp_path / "other.key"
    world.run(CBP, "partners", "officer", f"{CBP}/liaison-3", "--key", key)
    refused = world.run(CBP, "agreements", "sign", MODEL, "--officer", f"{CBP}/liaison-1", "--key", key)
    assert refused.code == 3
    assert "not that of us.cbp/liaison-1" in refused.err
    again = world.run(CBP, "partners", "officer", f"{CBP}/liaison-4", "--key", key)
    assert again.code == 3
    assert "never overwritten" in again.err


def test_records_are_searched_by_words_of_any_language(world: World) -> None:
    world.import_file(CBP, "totals.csv", totals(0, ROWS))
    world.settle()
    for party, number in ((CBP, ROWS), (CBSA, northern(ROWS))):
        found = world.run(party, "records", "list", "--search", "total FENTANILO", "--why", "x", "--json").json
        assert len(found) == number
    narrowed = world.run(CBP, "records", "list", "--search", "fentanyl", "--limit", "2", "--why", "x")
    assert f"2 of {ROWS}." in narrowed.out
    assert "No record has these words." in world.run(CBSA, "records", "list", "--search", "simulated", "--why", "x").out
