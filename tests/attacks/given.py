"""What the attack tests plant: texts of agreements, and records with values that can be recognised anywhere."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from agreements.parts import changed, source
from entente.node.keeping import keep
from entente.node.work import Node
from entente.records import Provenance, Record, Value

A, B, C = "us.dea", "ca.rcmp", "ca.cbsa"
HEAD = """
    name = "here"
    version = 1
    title.en = "A model for tests"
    text.en = "Written for tests."
    model = true
    authoritative = ["en"]
    parties = ["us.dea", "ca.rcmp"]
    zone = "America/Toronto"
    valid_from = 2026-01-01
    valid_until = 2030-12-31
"""
PERMIT = """
    [[provision]]
    id = "1.1"
    reference = "art. 1"
    text.en = "Samples are told at once."
    effect = "permit"
    giver = ["us.dea"]
    receiver = ["ca.rcmp"]
    kinds = ["sample", "test-count"]
    fields = [
        "class:substance", "class:quantity", "class:statistical", "class:time", "class:location", "class:operational",
    ]
    purposes = ["threat-assessment", "early-warning"]
    occasion = "standing"
    release = "automatic"
    caveats = ["no-onward", "intelligence-only"]
    duties = { retain_days = 30 }
"""


def text(*provisions: str, **head: str) -> bytes:
    """The bytes of an agreement of `provisions`; `head` changes lines of its head."""
    return source(changed(HEAD, **head), *provisions)


def plant(node: Node, kind: str, rows: Sequence[dict[str, Value]]) -> list[str]:
    """`node` keeps one simulated record of `kind` for each of `rows`; their ids."""
    found = node.catalogue.kind(kind)
    records = [
        Record(
            id=f"{number:032x}",
            version=1,
            kind=kind,
            kind_version=found.version,
            said_by=node.party,
            recorded_at=datetime.now(UTC),
            sure="reported",
            provenance=Provenance(
                source="simulated.csv", source_digest="sha256:0", line=number, reader="test", mapping_version="1"
            ),
            values=values,
            is_simulated=True,
        )
        for number, values in enumerate(rows, start=1)
    ]
    with node.writing() as work:
        keep(node, work, records)
    return [record.id for record in records]


def count(substance: str, **more: Value) -> dict[str, Value]:
    """Values of a test-count."""
    values: dict[str, Value] = {
        "publication": "simulated",
        "jurisdiction": "Somewhere",
        "substance_native": substance,
        "tested": 100,
        "reported": 7,
        "period_start": date(2026, 1, 1),
    }
    return values | more
