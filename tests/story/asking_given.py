"""Two agencies that may ask each other for samples and for occurrences: openly, or so that nothing is confirmed."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from entente.cli.staging import CREDENTIALS, build
from entente.node.agreeing import keep_agreement, sign
from entente.node.keeping import keep
from entente.node.looking_up import look_up, send_answers
from entente.node.work import Node
from entente.records import Provenance, Record, Value
from entente.signing import PrivateKey, digest
from story.notices_given import Hands
from story.world import CBP, CBSA, Ran, World, world_of

PARTIES, HOMES = (CBSA, CBP), ("cbsa", "cbp")
MORNING = datetime(2027, 3, 1, 14, 0, 1, tzinfo=UTC)
"""Nine o'clock in Toronto, one second after a tick."""
BUDGET = 20
BASIS = "ca.customs-act-107"

HEAD = """
name = "{name}"
version = 1
model = true
parties = ["ca.cbsa", "us.cbp"]
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model for tests: asking"
text.en = "Written for tests. The parties ask each other."
{more}
budgets = [{{ purpose = "investigation", queries = {budget}, per = "day" }}]
due_hours = {{ urgent = 4 }}
"""
PROVISION = """
[[provision]]
id = "{id}"
reference = "tests"
text.en = "Told when asked."
effect = "permit"
giver = ["ca.cbsa", "us.cbp"]
receiver = ["ca.cbsa", "us.cbp"]
kinds = ["{kind}"]
fields = {fields}
purposes = ["{purpose}"]
{when}
occasion = "{occasion}"
release = "{release}"
caveats = ["no-onward"]
duties = {{ retain_days = 365, feedback_days = 30 }}
"""


def provision(id_: str, occasion: str, release: str, *, kind: str = "sample", fields: str = "", **parts: str) -> str:
    usual = {"purpose": "investigation", "when": ""}
    named = json.dumps([f"{kind}.{name}" for name in (fields or "seized_on substance_suspected").split()])
    return PROVISION.format(**{**usual, **parts}, id=id_, occasion=occasion, release=release, kind=kind, fields=named)


def text_of(name: str = "asking", *, more: str = "", budget: int = BUDGET) -> bytes:
    """Samples of fentanyl are told on a hit; more of any sample an officer gives on request, two give occurrences."""
    fentanyl = 'when = [{ field = "substance_suspected", equals = "fentanyl" }]'
    return (
        HEAD.format(name=name, more=more, budget=budget)
        + provision("1", "on-hit", "automatic", when=fentanyl)
        + provision("2", "on-request", "officer", fields="seized_on substance_suspected mass_g colour")
        + provision("3", "on-hit", "automatic", kind="occurrence", fields="occurrence_type occurred_on")
        + provision("4", "on-request", "two-officers", kind="occurrence", fields="occurrence_type occurred_on")
    ).encode()


OPENLY = text_of()
DISCREETLY = text_of("asking-discreetly", more="neither_confirm_nor_deny = true")


def stage_asking(folder: Path, text: bytes) -> None:
    """The two nodes in `folder`, with `text` in force between them."""
    build(folder / "staged", PARTIES, ())
    with world_of(folder / "staged", folder / "signed", HOMES) as world:
        keys: dict[str, str] = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
        for node in world.nodes.values():
            with node.writing() as work:
                keep_agreement(work, node.agreement(digest(text), text))
        for officer, key in keys.items():
            sign(world.nodes[officer.partition("/")[0]], digest(text), officer, PrivateKey.from_text(key))
        world.settle()


def kept(node: Node, kind: str, number: str, **values: Value) -> str:
    """`node` keeps a simulated record of its own; its id."""
    record_id = digest(f"{kind} {number}".encode())[7:39]
    record = Record(
        id=record_id,
        version=1,
        kind=kind,
        kind_version=1,
        said_by=node.party,
        recorded_at=node.clock(),
        sure="reported",
        provenance=Provenance(source="a.csv", source_digest="sha256:0", line=1, reader="test", mapping_version="1"),
        values={"number": number, **values},
        is_simulated=True,
    )
    with node.writing() as work:
        keep(node, work, [record])
    return record_id


def sample(node: Node, number: str, drug: str = "fentanyl", **values: Value) -> str:
    usual: Mapping[str, Value] = {"seized_on": date(2026, 9, 1), "colour": "COLOUR THAT IS ASKED FOR"}
    return kept(node, "sample", number, substance_suspected=drug, **{**usual, **values})


def ask(world: World, what: str = "query", number: str = "S-1", *options: object, by: str = CBP, to: str = CBSA) -> Ran:
    """`by` asks `to` about the sample with this number; further options as they are typed."""
    told = ("--purpose", "investigation", "--legal-basis", BASIS, "--why", "file 12", "--json")
    where = ("--where", f"number={number}") if number else ()
    return world.run(by, "ask", what, to, "sample", *where, *told, *options)


def asked(world: World, *arguments: Any, **parts: Any) -> str:
    """The id of the question, which went well."""
    ran = ask(world, *arguments, **parts)
    assert ran.code == 0, ran.err
    return str(ran.json["about"])


def answer_all(world: World, clock: Hands, party: str = CBSA, seconds: float = 30) -> None:
    """Everything is delivered, the asked node looks, the tick comes, and the answers are delivered."""
    world.settle()
    node = world.nodes[party]
    look_up(node)
    assert clock.now is not None
    clock.now = datetime.fromtimestamp(clock.now.timestamp() + seconds, UTC)
    send_answers(node)
    world.settle()
