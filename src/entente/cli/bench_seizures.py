"""What `entente bench decide` decides about: simulated seizures as columns, one text, and twelve partners, each with a
purpose."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.agreements import Agreement, Ask, read_agreement
from entente.cli.house import catalogue
from entente.node.in_force import roles_of
from entente.records import Provenance, Record, Value

GIVER = "ca.cbsa"
PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "us.cbp": "interdiction",
        "us.dea": "investigation",
        "us.hsi": "investigation",
        "us.atf": "investigation",
        "us.uspis": "interdiction",
        "us.tribal-police": "threat-assessment",
        "us.cdc": "early-warning",
        "ca.rcmp": "investigation",
        "ca.hc": "early-warning",
        "ca.phac": "early-warning",
        "mx.government": "statistics",
        "nl.government": "statistics",
    }
)
"""What each partner asks for."""

KIND = "seizure"
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
_FIRST_DAY, _DAYS = date(2024, 1, 1), 1000
_CODES = ("region", "direction", "transport_mode", "concealment", "detection")
_ABSENT = 0.15
"""Share of records that hold nothing in a field that may be left out."""


@cache
def text() -> Agreement:
    return read_agreement(files("entente.cli").joinpath("bench_agreement.toml").read_bytes(), catalogue())


def batches(rows: int, size: int, seed: int) -> Iterator[dict[str, Sequence[Any]]]:
    """`rows` records as columns, `size` at a time; the same for the same numbers."""
    rng = np.random.default_rng(seed)
    for start in range(0, rows, size):
        yield _batch(rng, start, min(size, rows - start))


def record(values: Mapping[str, Value], number: int = 0) -> Record:
    kind = catalogue().kind(KIND)
    return Record(
        id=f"{number:032x}",
        version=1,
        kind=KIND,
        kind_version=kind.version,
        said_by=GIVER,
        recorded_at=MOMENT,
        sure="reported",
        provenance=Provenance(source="bench", source_digest="", line=1, reader="bench", mapping_version="1"),
        values=values,
        is_simulated=True,
    )


def ask(about: Record, partner: str) -> Ask:
    return Ask(
        record=about,
        kind=catalogue().kind(KIND),
        giver=GIVER,
        receiver=partner,
        receiver_roles=roles_of(catalogue().vocabulary, partner),
        purpose=PURPOSES[partner],
        occasion="standing",
        moment=MOMENT,
    )


def _batch(rng: np.random.Generator, start: int, size: int) -> dict[str, Sequence[Any]]:
    """Codes and days evenly, amounts from grams to tons in tenths of a gram: few of them occur twice."""
    grams = [Decimal(int(tenths)).scaleb(-1) for tenths in np.exp(rng.normal(8, 2, size))]
    days = [_FIRST_DAY + timedelta(days=int(day)) for day in rng.integers(_DAYS, size=size)]
    found: dict[str, Sequence[Any]] = {
        "number": [f"SIM-{number}" for number in range(start, start + size)],
        "seized_on": days,
        "drug": _codes(rng, "drug", size).tolist(),
    }
    thinned = {
        **{name: _codes(rng, name, size) for name in _CODES},
        "place": np.array([f"Simulated place {number}" for number in rng.integers(500, size=size)], dtype=object),
        "mass_g": np.array(grams, dtype=object),
        "pieces": rng.integers(20_000, size=size).astype(object),
        "officer_notes": np.full(size, "A simulated note.", dtype=object),
        "person_name": np.full(size, "A simulated name", dtype=object),
    }
    return found | {name: _thinned(rng, column) for name, column in thinned.items()}


def _codes(rng: np.random.Generator, field: str, size: int) -> NDArray[np.object_]:
    known = catalogue().kind(KIND).field(field)
    codes = [*catalogue().vocabulary.list(str(known and known.vocabulary)).terms]
    return np.array(codes, dtype=object)[rng.integers(len(codes), size=size)]


def _thinned(rng: np.random.Generator, column: NDArray[np.object_]) -> list[Any]:
    column[rng.random(len(column)) < _ABSENT] = None
    return list(column)
