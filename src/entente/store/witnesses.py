"""The part of every store (entente.store.protocol) that knows witnesses, comparisons and evidence against others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.store.rows import CheckpointRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignatureRow:
    """Party `witness` cosigned our checkpoint of `size` entries at `at`; `note` is it, with that one line."""

    witness: str
    size: int
    note: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """The last comparison of both streams with `party`: canonical JSON, or empty with the name of a `fault`."""

    party: str
    at: datetime
    fault: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AccusationRow:
    """`party` contradicted what it had signed; `body` is the evidence (entente.ledger.evidence), `id` its digest."""

    id: str
    party: str
    kind: str
    found_at: datetime
    body: bytes


class Witnesses(Protocol):
    """What partners cosigned, how streams compared, and what contradicts itself."""

    def add_cosignature(self, row: CosignatureRow) -> None:
        """Adds a cosignature; a later one of the same witness and size replaces it."""

    def cosignatures(self) -> Sequence[CosignatureRow]:
        """In order of witness and size."""

    def newest_checkpoint(self, origin: str) -> CheckpointRow | None:
        """The largest kept checkpoint of one log."""

    def checkpoint_at(self, origin: str, size: int) -> CheckpointRow | None:
        """The kept checkpoint of one log at this size."""

    def put_comparison(self, row: ComparisonRow) -> None:
        """Adds or replaces the last comparison with a partner."""

    def comparisons(self) -> Sequence[ComparisonRow]:
        """In order of party."""

    def add_accusation(self, row: AccusationRow) -> None:
        """Adds evidence; the same again is ignored."""

    def accusations(self) -> Sequence[AccusationRow]:
        """In order of finding."""
