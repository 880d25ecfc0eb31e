"""Three agencies that tell each other accepted findings and owe each other an answer within thirty days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from entente.analysis import FINDING
from entente.cli.staging import CREDENTIALS, build
from entente.node.agreeing import keep_agreement, sign
from entente.node.keeping import keep
from entente.node.work import utc_now
from entente.records import Provenance, Record, Value
from entente.signing import PrivateKey, canonical, digest
from entente.store import DutyRow, OutboxRow
from story.world import CBP, CBSA, World, world_of

DEA = "us.dea"
PARTIES = (CBSA, CBP, DEA)
HOMES = ("cbsa", "cbp", "dea")
EVENING = datetime(2027, 3, 1, 23, 30, tzinfo=ZoneInfo("America/Toronto")).astimezone(UTC)
"""Already the second of March in UTC; clocks go forward before the thirty days are over."""
DUE = datetime(2027, 4, 1, 3, 59, 59, 999999, tzinfo=UTC)
"""The end of 31 March in Toronto."""
AFTER_THE_END = datetime(2031, 6, 1, tzinfo=UTC)

_TOLD = ("question", "settings", "subject", "place", "period_start", "period_end", "measure", "observed", "denominator")
_ALSO_TOLD = ("rests_on", "parties", "records", "review")
FIELDS = [f"finding.{name}" for name in (*_TOLD, *_ALSO_TOLD)]
TEXT = f"""
name = "notices"
version = 1
model = true
parties = {json.dumps(PARTIES)}
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model for tests: accepted findings"
text.en = "Written for tests. The parties tell each other what they found and accepted."

[[provision]]
id = "1"
reference = "tests"
text.en = "Accepted findings go to everybody, who says within thirty days what became of them."
effect = "permit"
giver = {json.dumps(PARTIES)}
receiver = {json.dumps(PARTIES)}
kinds = ["finding"]
fields = {json.dumps(FIELDS)}
purposes = ["early-warning"]
when = [{{ field = "review", equals = "accepted" }}]
occasion = "standing"
release = "automatic"
caveats = ["no-onward"]
duties = {{ retain_days = 1825, feedback_days = 30 }}

[[provision]]
id = "2"
reference = "tests"
text.en = "Counts go to everybody, who says within thirty days what became of them."
effect = "permit"
giver = {json.dumps(PARTIES)}
receiver = {json.dumps(PARTIES)}
kinds = ["test-count"]
fields = ["test-count.publication"]
purposes = ["early-warning"]
occasion = "standing"
release = "automatic"
caveats = ["no-onward"]
duties = {{ retain_days = 1825, feedback_days = 30 }}
""".encode()


@dataclass
class Hands:
    """A clock that tests set; it stands still once it is set."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or utc_now()


def stage_notices(folder: Path) -> None:
    """The three nodes in `folder`, with TEXT in force between all of them."""
    build(folder / "staged", PARTIES, ())
    with world_of(folder / "staged", folder / "signed", HOMES) as world:
        keys: dict[str, str] = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
        for node in world.nodes.values():
            with node.writing() as work:
                keep_agreement(work, node.agreement(digest(TEXT), TEXT))
        for officer, key in keys.items():
            sign(world.nodes[officer.partition("/")[0]], digest(TEXT), officer, PrivateKey.from_text(key))
        world.settle()


def found(world: World, party: str = CBSA, **changes: Value) -> str:
    """`party` keeps an accepted, simulated finding; its id. A change makes it a newer version of the same."""
    node = world.nodes[party]
    values: Mapping[str, Value] = {
        "question": "substances.growth",
        "settings": "months=6",
        "subject": "medetomidine",
        "place": "all",
        "period_start": date(2026, 9, 1),
        "period_end": date(2027, 2, 28),
        "measure": "share-growth",
        "observed": 31,
        "denominator": "tested",
        "rests_on": ("test-count",),
        "parties": (party,),
        "records": 12,
        "review": "accepted",
        "review_note": "NOTE THAT STAYS AT HOME",
    }
    record = Record(
        id="f" * 32 if party == CBSA else "e" * 32,
        version=1,
        kind=FINDING.name,
        kind_version=FINDING.version,
        said_by=party,
        recorded_at=node.clock(),
        sure="reported",
        provenance=Provenance(
            source="substances.growth", source_digest="sha256:0", line=1, reader="test", mapping_version="1"
        ),
        values={**values, **changes},
        is_simulated=True,
    )
    with node.writing() as work:
        keep(node, work, [record])
    return record.id


def notice_body(provision: str = "1", **record: Any) -> bytes:
    """The body of a notice as CBP's node could make it, if it were changed."""
    values = {"question": "substances.growth", "subject": "xylazine", "review": "accepted"}
    members: dict[str, Any] = {
        "id": "d" * 32,
        "version": 1,
        "kind": "finding",
        "kind_version": FINDING.version,
        "said_by": CBP,
        "sure": "reported",
        "is_simulated": True,
        "values": values,
    }
    handling: dict[str, Any] = {
        "agreement": digest(TEXT),
        "provisions": [provision],
        "purposes": ["early-warning"],
        "caveats": ["no-onward"],
        "duties": {"retain_days": 1825, "feedback_days": 30},
    }
    return canonical({"form": 1, "record": members | record, "handling": handling})


def sent(world: World, party: str, partner: str, type_: str) -> list[OutboxRow]:
    """Messages of one type from `party` to `partner`."""
    with world.nodes[party].store.reading() as tx:
        return [row for row in tx.outbox(partner) if row.type == type_]


def owed(world: World, party: str, direction: str, partner: str) -> list[DutyRow]:
    with world.nodes[party].store.reading() as tx:
        return [row for row in tx.duties(direction) if row.partner == partner]
