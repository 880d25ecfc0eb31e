"""A border agency that may tell a company about seizures, and a node of it whose clock stands still."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entente.cli import agreements_outside, house, partners_outside
from entente.cli.house import catalogue
from entente.node.agreeing import add_agreement, sign
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.keeping import keep
from entente.node.partnering import add_officer
from entente.node.work import Node, open_node
from entente.records import Provenance, Record
from entente.signing import PrivateKey, digest
from story.world import Ran, entente

NOON = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
COMPANY = "ca.industry"
CANARIES = ("CANARY-PLACE", "CANARY-COLOUR", "CANARY-NUMBER")
"""Values of fields that no provision gives; they stand nowhere else."""
TEXT = """
name = "chemicals"
version = 1
model = true
parties = ["ca.cbsa", "ca.industry"]
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model for tests: seized substances"
text.en = "Written for tests. The agency tells a company what was seized."

[[provision]]
id = "1"
reference = "tests"
text.en = "Told as it is known."
effect = "permit"
giver = ["ca.cbsa"]
receiver = ["ca.industry"]
kinds = ["sample"]
fields = ["sample.seized_on", "sample.substance_suspected", "sample.mass_g"]
purposes = ["threat-assessment"]
occasion = "standing"
release = "{release}"
caveats = ["no-onward", "not-evidence"]
duties = { retain_days = 365, feedback_days = 30 }
"""


class Clock:
    """Stands still until it is moved."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


class Agency:
    """The node of `ca.cbsa` in `home`; verbs run at it."""

    def __init__(self, home: Path, node: Node, clock: Clock) -> None:
        self.home, self.node, self.clock = home, node, clock

    def run(self, *arguments: object) -> Ran:
        return entente(*arguments, "--node", self.home)

    def did(self, *arguments: object) -> Ran:
        ran = self.run(*arguments)
        assert ran.code == 0, ran.err
        return ran

    def make(self, record: str, *more: object) -> Ran:
        told = ("--to", COMPANY, "--purpose", "threat-assessment", "--who", "ca.cbsa/liaison-1")
        return self.run("advisory", "make", record, *told, *more)

    def listed(self, *more: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.did("advisory", "list", "--json", *more).json
        return found

    def sample(self, number: str = "S-1", **values: Any) -> str:
        """Keeps a simulated sample; its id."""
        record_id = digest(f"sample {number}".encode())[7:39]
        usual: Mapping[str, Any] = {
            "seized_on": date(2027, 2, 1),
            "substance_suspected": "fentanyl",
            "colour": CANARIES[1],
            "number": CANARIES[2] + number,
        }
        record = Record(
            id=record_id,
            version=1,
            kind="sample",
            kind_version=1,
            said_by=self.node.party,
            recorded_at=self.clock(),
            sure="reported",
            provenance=Provenance(
                source=CANARIES[0], source_digest="sha256:0", line=1, reader="test", mapping_version="1"
            ),
            values={**usual, **values},
            is_simulated=True,
        )
        with self.node.writing() as work:
            keep(self.node, work, [record])
        return record_id


@contextmanager
def agency(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, release: str = "automatic", language: str = "en", **settings: Any
) -> Iterator[Agency]:
    """The text is in force: two officers of the company have signed on another machine and handed over files."""
    clock = Clock()
    for module in (agreements_outside, partners_outside):
        monkeypatch.setattr(module, "utc_now", clock)
    monkeypatch.setattr(house, "open_node", partial(open_node, clock=clock))
    home = folder / "cbsa"
    config = Config(
        folder=home,
        party="ca.cbsa",
        domain="demo",
        store="sqlite:node.sqlite",
        url="http://127.0.0.1:1",
        advisory_contact="Liaison office, +1 613 555 0100",
        **settings,
    )
    node = create_node(config, catalogue(), clock=clock)
    try:
        given = Agency(home, node, clock)
        text = TEXT.replace("{release}", release).encode()
        _sign_here(node, text)
        sign_there(given, folder, text, language)
        yield given
    finally:
        node.close()


def _sign_here(node: Node, text: bytes) -> None:
    add_agreement(node, text)
    for number in (1, 2):
        key, name = PrivateKey(os.urandom(32)), f"ca.cbsa/liaison-{number}"
        add_officer(node, name, "Liaison", key)
        sign(node, "chemicals", name, key)


def sign_there(given: Agency, folder: Path, text: bytes, language: str) -> None:
    (folder / "text.toml").write_bytes(text)
    names = [f"{COMPANY}/officer-{number}" for number in (1, 2)]
    files = [folder / f"officer-{number}" for number in (1, 2)]
    for name, file in zip(names, files, strict=True):
        told = ("--party", COMPANY, "--key", f"{file}.key", "--out", f"{file}.card", "--title", "Director")
        assert entente("partners", "outside", "officer", name, *told).code == 0
    cards = [part for file in files for part in ("--officer", f"{file}.card")]
    named = ("--name", "Northern Chemicals (invented)", "--email", "safety@example.org", "--language", language)
    given.did("partners", "outside", "add", COMPANY, *named, *cards)
    for name, file in zip(names, files, strict=True):
        told = ("--party", COMPANY, "--officer", name, "--key", f"{file}.key", "--out", f"{file}.signature")
        assert entente("agreements", "sign-file", folder / "text.toml", *told).code == 0
        given.did("agreements", "take-signature", f"{file}.signature")
