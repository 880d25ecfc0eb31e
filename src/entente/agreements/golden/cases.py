"""Golden decisions: what is asked, what the answer must be, and why. They are the tests of an agreement, the examples
in its guide and the exercises of training. A case without its reasons is not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from entente.agreements.agreement import Agreement, Occasion
from entente.agreements.deciding.decide import decide
from entente.agreements.deciding.decision import Approval, Ask, Decision, Outcome
from entente.records import Catalogue, Kind, Provenance, Record, Value

_NOON = time_of_day(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One golden decision. `fields` go (or wait, where the answer is wait), `withheld` do not; both name only fields
    that the record holds. `on` is a day in the agreement's zone; `because` are reasons in short form
    (Decision.because). `signed` are those who have signed, also of `also_signed_by` (None: all). `through` are the
    parties by which a record of others came to the giver, beside its originator; `recorded_on` is the day on which it
    was written down (None: that of the ask); `is_trained`: its officers passed the exercises of the agreement that day.
    """

    id: str
    says: Mapping[str, str]
    kind: Kind
    values: Mapping[str, Value]
    said_by: str
    giver: str
    receiver: str
    purpose: str
    occasion: Occasion
    on: date
    officers: int
    answer: Outcome
    fields: tuple[str, ...]
    withheld: tuple[str, ...]
    because: tuple[str, ...]
    signed: tuple[str, ...] | None = None
    through: tuple[str, ...] = ()
    recorded_on: date | None = None
    sure: str = "reported"
    is_trained: bool = False

    def ask(self, agreement: Agreement, catalogue: Catalogue) -> Ask:
        """The ask at noon of the day in the agreement's zone."""
        moment = datetime.combine(self.on, _NOON, ZoneInfo(agreement.zone))
        party = catalogue.vocabulary.list("party").term(self.receiver)
        passed = ((agreement.name, moment.astimezone(UTC).date()),) if self.is_trained else ()
        return Ask(
            record=self._record(),
            kind=self.kind,
            giver=self.giver,
            receiver=self.receiver,
            receiver_roles=frozenset(party.attributes.get("roles", ())),
            purpose=self.purpose,
            occasion=self.occasion,
            moment=moment,
            approvals=tuple(
                Approval(officer=f"officer-{number}", at=moment, passed=passed) for number in range(self.officers)
            ),
            chain=self.through,
        )

    def _record(self) -> Record:
        return Record(
            id="0" * 32,
            version=1,
            kind=self.kind.name,
            kind_version=self.kind.version,
            said_by=self.said_by,
            recorded_at=datetime.combine(self.recorded_on or self.on, _NOON, UTC),
            sure=self.sure,
            provenance=Provenance(source=self.id, source_digest="", line=1, reader="golden", mapping_version="1"),
            values=self.values,
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what was found, of `answer`, `fields`, `withheld` or `because`."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, the decision on it, and where the two differ."""

    case: Case
    decision: Decision
    differences: tuple[Difference, ...]

    @property
    def is_met(self) -> bool:
        return not self.differences


def run_cases(agreement: Agreement, cases: tuple[Case, ...], catalogue: Catalogue) -> tuple[CaseResult, ...]:
    """Decides every case with `agreement` alone in force, between those who have signed in that case; between nobody
    where one of `also_signed_by` has not."""
    return tuple(_run(agreement, case, catalogue) for case in cases)


def _run(agreement: Agreement, case: Case, catalogue: Catalogue) -> CaseResult:
    text = agreement if case.signed is None else agreement.among(case.signed)
    is_in_force = case.signed is None or set(agreement.also_signed_by) <= set(case.signed)
    decision = decide(case.ask(text, catalogue), [text] if is_in_force else [], catalogue.vocabulary)
    going = decision.waiting if decision.outcome == "wait" else decision.fields
    held = [name for name in (field.name for field in case.kind.fields) if name in case.values]
    compared = (
        ("answer", [case.answer], [decision.outcome]),
        ("fields", case.fields, [name for name in held if name in going]),
        ("withheld", case.withheld, [name for name in held if name not in going]),
        ("because", case.because, decision.because),
    )
    return CaseResult(
        case,
        decision,
        tuple(
            Difference(what, ", ".join(sorted(expected)), ", ".join(sorted(found)))
            for what, expected, found in compared
            if sorted(expected) != sorted(found)
        ),
    )
