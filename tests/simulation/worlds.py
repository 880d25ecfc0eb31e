"""Simulated worlds for the tests, their files read with the real readers."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from entente.cli.house import catalogue, reader_called
from entente.records import Fault, Record, Stamp, read
from entente.simulation.world import World, assumptions, plan_of, simulated_world


@cache
def world(seed: int = 1, size: float = 1.0, months: int = 24, *, is_planted: bool = True) -> World:
    return simulated_world(seed, size, plan_of(months, assumptions(), is_planted=is_planted))


def rows(made: World, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.files[file].decode("utf-8"))))


def outcomes(made: World, party: str, name: str) -> Iterator[Record | Fault]:
    (about,) = (one for one in made.truth["files"] if (one["party"], one["name"]) == (party, name))
    stamp = Stamp(said_by=party, recorded_at=datetime(2026, 1, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)
    yield from read(
        io.BytesIO(made.files[f"{party}/{name}"]),
        reader=reader_called(about["reader"]),
        catalogue=catalogue(),
        stamp=stamp,
        source=name,
        source_digest=about["digest"],
    )
