"""The part of every store (entente.store.protocol) that knows what is owed about messages and what findings rest on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from entente.store.rows import DutyRow, EvidenceRow


class Duties(Protocol):
    """Duties of feedback, and the evidence of findings."""

    def put_duty(self, row: DutyRow) -> None:
        """Adds or replaces what is owed about one message."""

    def duty(self, direction: str, partner: str, about: str) -> DutyRow | None:
        """What `partner` owes us (or we owe it) about one message."""

    def duties(
        self, direction: str | None = None, *, is_open: bool | None = None, record_id: str | None = None
    ) -> Iterator[DutyRow]:
        """In order of direction, partner and message, streamed; is_open=True: only what still wants an answer."""

    def duty_counts(self, now: datetime) -> Sequence[tuple[str, str, int, int]]:
        """(direction, partner, number open, how many of them were due before `now`), in order."""

    def add_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        """Adds what findings rest on; of a record that is there already, the version is replaced."""

    def evidence(self, finding_id: str, finding_version: int) -> Sequence[EvidenceRow]:
        """In order of record."""

    def stale_evidence(self, finding_id: str, finding_version: int) -> Sequence[tuple[str, int, int]]:
        """(record id, version used, current version) of the records that have a newer version now, in order."""

    def findings_resting_on(self, record_id: str) -> Sequence[tuple[str, int]]:
        """(finding id, finding version) of those that rest on any version of this record, in order."""
