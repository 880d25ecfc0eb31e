"""The part of every store (entente.store.protocol) that knows what is owed about messages and what findings rest on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.store.rows import DutyRow, EvidenceRow

DutyPlace = tuple[datetime, str, str, str]
"""Where a page of duties begins, behind it: (due, direction, partner, about) of the last one seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimes:
    """How many duties of one group were answered after `hours` (rounded, from their message to the answer), or, with
    None, were not: `in_time` of the `number`, `overdue` of them. Groups are by all that stands before `hours`; `kind`
    is empty for a record that this node does not hold. What did not arrive, or was put aside, is in none."""

    direction: str
    partner: str
    agreement: str
    kind: str
    is_simulated: bool
    hours: int | None
    number: int
    in_time: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """How many messages of one partner and type stand in `state`, `overdue` of them past their day; `oldest`: when the
    first of those that still wait was written or came, None where none waits.

    `way` is sent or received; or the direction of a duty, a question or a recall, which are counted by the type
    feedback, by their own, and recall.
    """

    way: str
    partner: str
    type: str
    state: str
    number: int
    overdue: int
    oldest: datetime | None


class Duties(Protocol):
    """Duties of feedback, and the evidence of findings."""

    def state_counts(self, now: datetime) -> Sequence[StateCount]:
        """All messages, duties, questions and recalls, in order of way, partner, type and state."""

    def put_duty(self, row: DutyRow) -> None:
        """Adds or replaces what is owed about one message."""

    def put_duties(self, rows: Sequence[DutyRow]) -> None:
        """Adds or replaces many; of two about one message the last is kept."""

    def duty(self, direction: str, partner: str, about: str) -> DutyRow | None:
        """What `partner` owes us (or we owe it) about one message."""

    def duties_about(
        self, direction: str, partner: str, about: Sequence[str], *, is_open: bool | None = None
    ) -> Mapping[str, DutyRow]:
        """By message, those that there are; is_open as in `duties`."""

    def duties_beginning(self, about: str, limit: int) -> Sequence[DutyRow]:
        """The first `limit` about messages whose id begins with `about`, in order of message, direction, partner."""

    def asked_versions(self, partner: str, record_ids: Sequence[str]) -> Sequence[tuple[str, int]]:
        """(record id, version) of those about which `partner` owes us an answer or has given it, in order."""

    def duties_due(
        self, before: datetime, *, after: DutyPlace | None = None, direction: str = "", partner: str = "", limit: int
    ) -> Sequence[DutyRow]:
        """Open ones that are due before a moment, the soonest first, behind the place `after`; empty: any."""

    def duties_to_remind(self, since: datetime, before: datetime, stage: str, limit: int) -> Sequence[DutyRow]:
        """Open ones with since <= due < before that were last reminded of another stage, the soonest due first."""

    def answer_times(self, since: datetime, until: datetime) -> Sequence[AnswerTimes]:
        """Of duties about messages of since <= created_at < until, in order of group and hours, the unanswered last;
        what is open counts as overdue at `until`."""

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
