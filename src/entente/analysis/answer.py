"""An answer: rows with units, what was counted of what, what to beware of, and whose records it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer; its label is a term of the list `column`. `vocabulary` names the list of its codes.

    `reasons` become sentences when somebody reads them (entente.analysis.reasons).
    """

    name: str
    type: Literal["text", "integer", "decimal", "date", "boolean", "reasons"]
    unit: str | None = None
    vocabulary: str | None = None


@dataclass(frozen=True, slots=True)
class Denominator:
    """`value` out of `of`; its label is a term of the list `denominator`. `of` None: the whole is not known."""

    name: str
    value: int
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """`records` records of one kind from one source, said by one party and held under one agreement (None: our own)."""

    kind: str
    source: str
    source_digest: str
    said_by: str
    via: str | None
    reader: str
    mapping_version: str
    agreement: str | None
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What an answer rests on, and what it is held under: all caveats of its records, and only their common purposes.

    `purposes` None: no limit. `is_simulated`: none of this is real.
    """

    contributions: tuple[Contribution, ...]
    caveats: tuple[str, ...]
    purposes: tuple[str, ...] | None
    is_simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to `question`, unrounded.

    The method note is in the question's term of the list `question`; `cautions` are codes of the list `caution`.
    """

    question: str
    parameters: Mapping[str, object]
    columns: tuple[Column, ...]
    rows: pa.Table
    denominators: tuple[Denominator, ...]
    cautions: tuple[str, ...]
    provenance: Provenance
