"""Four nodes, two with a health role and two without; counts that can be recognised anywhere; and what ran is noted."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from entente.analysis import FINDING
from entente.cli.house import catalogue
from entente.cli.staging import CREDENTIALS, build
from entente.node.agreeing import keep_agreement, sign
from entente.signing import PrivateKey, digest
from house.sources import PACKAGE
from story.world import World, world_of

PHAC, CDC, RCMP, DEA = "ca.phac", "us.cdc", "ca.rcmp", "us.dea"
PARTIES = (PHAC, CDC, RCMP, DEA)
HOMES = ("phac", "cdc", "rcmp", "dea")
WITHOUT_ROLE = (RCMP, DEA)
KIND = "drug-checking-count"
PURPOSES = tuple(catalogue().vocabulary.list("purpose").terms)

HEADER = "publication,region,substance,role,period_start,period_end,tested,positive,simulated"
SERVICE = "canary-quay-service"
SUBSTANCE = "Canaryzene-Q7"
TESTED, POSITIVE, CORRECTED = 791_931_723, 478_765_311, 478_765_299
"""Names and numbers that stand nowhere else: wherever one is found, a count has been."""


def canary(positive: int = POSITIVE, *, extra: str = "") -> bytes:
    """A file with one count, and a row that waits in quarantine."""
    good = f"{SERVICE},ca-bc,{SUBSTANCE},minor,2024-12-01,2024-12-31,{TESTED},{positive},yes"
    bad = f"{SERVICE},ca-bc,{SUBSTANCE},major,2024-12-01,2024-12-31,{TESTED},{TESTED}0,yes"
    return f"{HEADER}\n{good}\n{bad}\n{extra}".encode()


RISING, RARE = "Risingzene-R1", "Rarezene-R2"
NOTE = "seen-by-canary-reviewer"


def months() -> bytes:
    """Eighteen months of one service: one substance is found twice as often in the last six, one for the first time."""
    lines = [HEADER]
    for number in range(18):
        month = f"{2025 + number // 12}-{number % 12 + 1:02}"
        tested = f"{month}-01,{month}-28,{TESTED + 1 + number}"
        rising = (POSITIVE if number >= 12 else POSITIVE // 2) + number
        lines.append(f"{SERVICE},ca-bc,{RISING},minor,{tested},{rising},yes")
        lines.append(f"{SERVICE},ca-bc,{RARE},minor,{tested},{3 * (number == 17)},yes")
    return "\n".join((*lines, "")).encode()


def marks(world: World) -> tuple[bytes, ...]:
    """What must be found nowhere but at health nodes: names, numbers, and the ids of the counts kept at PHAC."""
    told = (SERVICE, SUBSTANCE.lower(), str(TESTED), str(POSITIVE), str(CORRECTED), *ids_of(world))
    return tuple(mark.encode() for mark in told)


def ids_of(world: World) -> list[str]:
    """Ids of the counts kept at PHAC."""
    with world.nodes[PHAC].store.reading() as tx:
        return [row.id for row in tx.current_records(KIND, limit=100)]


def marks_behind(world: World) -> tuple[bytes, ...]:
    """Of the counts behind findings: what no finding says. The service, their ids, the number found in each month."""
    found = [str((POSITIVE if number >= 12 else POSITIVE // 2) + number) for number in range(18)]
    return tuple(mark.encode() for mark in (SERVICE, NOTE, *found, *ids_of(world)))


def found_in(data: bytes | str, wanted: tuple[bytes, ...]) -> list[str]:
    """Which of the marks stand in `data`, in any capitals."""
    text = (data.encode() if isinstance(data, str) else data).lower()
    return [mark.decode() for mark in wanted if mark.lower() in text]


def all_bytes(folder: Path) -> bytes:
    """Every file below `folder`: database, ledger, logs, configuration."""
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


ALL_PARTIES = ", ".join(f'"{party}"' for party in PARTIES)
GENEROUS = f"""
name = "generous"
version = 1
model = true
parties = [{ALL_PARTIES}]
authoritative = ["en"]
zone = "America/Toronto"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model that gives everything"
text.en = "What a careless drafter could write. Officers of all parties have signed it."

[[provision]]
id = "1"
reference = "tests"
text.en = "Everybody gives everybody all drug-checking counts, for every purpose."
effect = "permit"
giver = [{ALL_PARTIES}]
receiver = [{ALL_PARTIES}]
kinds = ["{KIND}"]
fields = [{", ".join(f'"{KIND}.{name}"' for name in HEADER.split(",")[:-1])}]
purposes = [{", ".join(f'"{purpose}"' for purpose in PURPOSES)}]
occasion = "standing"
release = "automatic"

[[provision]]
id = "2"
reference = "tests"
text.en = "Everybody gives everybody all findings, for every purpose, reviewed or not."
effect = "permit"
giver = [{ALL_PARTIES}]
receiver = [{ALL_PARTIES}]
kinds = ["finding"]
fields = [{", ".join(f'"finding.{field.name}"' for field in FINDING.fields)}]
purposes = [{", ".join(f'"{purpose}"' for purpose in PURPOSES)}]
occasion = "standing"
release = "automatic"
""".encode()


@contextmanager
def four_nodes(folder: Path, *models: str, text: bytes | None = None) -> Iterator[World]:
    """The nodes, answering, with the `models` and `text` in force between all of them."""
    build(folder / "staged", PARTIES, models)
    with world_of(folder / "staged", folder / "world", HOMES) as world:
        if text is not None:
            _sign_everywhere(world, text)
        world.settle()
        yield world


def _sign_everywhere(world: World, text: bytes) -> None:
    keys: dict[str, str] = json.loads((world.folder / CREDENTIALS).read_text("utf-8"))
    for node in world.nodes.values():
        agreement = node.agreement(digest(text), text)
        with node.writing() as work:
            keep_agreement(work, agreement)
    for node in world.nodes.values():
        for officer, key in keys.items():
            if officer.startswith(node.party):
                sign(node, digest(text), officer, PrivateKey.from_text(key))


@dataclass
class Walks:
    """Which functions of the package ran in which walk, as `path:qualified name`; what runs in no walk is not noted."""

    codes: dict[str, set[Any]] = field(default_factory=dict)
    _now: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """From now on this thread, and every one that begins, notes what it runs."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    def stop(self) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    @contextmanager
    def walk(self, name: str) -> Iterator[None]:
        self._now.append(name)
        self.codes.setdefault(name, set())
        yield
        self._now.pop()

    def ran(self, name: str) -> set[str]:
        return {_place(code) for code in self.codes.get(name, ())}

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and self._now:
            self.codes[self._now[-1]].add(frame.f_code)


def _place(code: Any) -> str:
    path = Path(code.co_filename)
    short = path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else path.name
    return f"{short}:{code.co_qualname.replace('.<locals>', '')}"
