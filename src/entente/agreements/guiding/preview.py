"""`preview`: what a partner would see of real records, on any day and under any draft. It never makes a disclosure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.agreements.agreement import Agreement, Occasion, ProvisionRef
from entente.agreements.deciding.decide import Decider
from entente.agreements.deciding.decision import NO_LIMITS, Approval, Ask, Decision, Limits, Outcome, Withheld
from entente.agreements.giving.disclose import shown
from entente.records import Catalogue, Record, values_to_json
from entente.signing import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who would see it, for what, when; `officers` is how many different officers are taken to have approved, and
    `are_trained` whether they are taken to have passed the exercises of every agreement on that day."""

    giver: str
    receiver: str
    receiver_roles: frozenset[str]
    purpose: str
    occasion: Occasion
    moment: datetime
    officers: int = 0
    are_trained: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One record as it would be seen: `values` as they would be sent."""

    record: str
    version: int
    kind: str
    outcome: Outcome
    values: Mapping[str, Json]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Counts of records by outcome; of values that go, by field (`kind.field`); of values that do not, by field and by
    who or what keeps them (see withheld_by). `explanations` are those that `samples` name.
    """

    outcomes: Mapping[Outcome, int]
    given: Mapping[str, int]
    withheld: Mapping[str, Mapping[str, int]]
    unknown_fields: Mapping[str, int]
    samples: Sequence[Sample]
    explanations: Mapping[str, Mapping[str, Json]]

    def to_json(self) -> dict[str, Json]:
        samples: list[Json] = [
            {
                "record": found.record,
                "version": found.version,
                "kind": found.kind,
                "outcome": found.outcome,
                "values": dict(found.values),
                "explanation": found.explanation,
            }
            for found in self.samples
        ]
        return {
            "outcomes": {str(name): count for name, count in self.outcomes.items()},
            "given": dict(self.given),
            "withheld": {name: dict(found) for name, found in self.withheld.items()},
            "unknown_fields": dict(self.unknown_fields),
            "samples": samples,
            "explanations": dict(self.explanations),
        }


def preview(
    records: Iterable[Record],
    viewer: Viewer,
    agreements: Sequence[Agreement],
    catalogue: Catalogue,
    *,
    samples: int = 5,
    limits: Callable[[Record], Limits] = lambda _record: NO_LIMITS,
) -> Preview:
    """What `viewer` would see under `agreements`, taken as in force. Reads `records` once; keeps counts and `samples`
    of each outcome. `limits` tells what a record of ours inherits. Raises UnknownKind.
    """
    decider = Decider(agreements, catalogue.vocabulary)
    tally = _Tally(samples)
    passed = tuple((text.name, viewer.moment.date()) for text in agreements) if viewer.are_trained else ()
    approvals = tuple(Approval(officer=str(one), at=viewer.moment, passed=passed) for one in range(viewer.officers))
    for record in records:
        kind = catalogue.kind(record.kind)
        ask = Ask(
            record=record,
            kind=kind,
            giver=viewer.giver,
            receiver=viewer.receiver,
            receiver_roles=viewer.receiver_roles,
            purpose=viewer.purpose,
            occasion=viewer.occasion,
            moment=viewer.moment,
            approvals=approvals,
            limits=limits(record),
        )
        tally.add(record, decider.decide(ask))
    return tally.result()


class _Tally:
    def __init__(self, samples: int) -> None:
        self._wanted = samples
        self._outcomes: Counter[Outcome] = Counter({"release": 0, "wait": 0, "withhold": 0})
        self._given: Counter[str] = Counter()
        self._withheld: dict[str, Counter[str]] = {}
        self._unknown: Counter[str] = Counter()
        self._samples: dict[Outcome, list[Sample]] = {}
        self._explanations: dict[str, Mapping[str, Json]] = {}

    def add(self, record: Record, decision: Decision) -> None:
        self._outcomes[decision.outcome] += 1
        self._given.update(f"{record.kind}.{name}" for name in shown(record, decision))
        for found in decision.withheld:
            if found.field in record.values:
                self._withheld.setdefault(f"{record.kind}.{found.field}", Counter()).update(withheld_by(found))
        self._unknown.update(f"{record.kind}.{name}" for name in decision.unknown_fields)
        kept = self._samples.setdefault(decision.outcome, [])
        if len(kept) < self._wanted:
            kept.append(_sample(record, decision))
            self._explanations[decision.mask] = decision.to_json()

    def result(self) -> Preview:
        return Preview(
            outcomes=dict(self._outcomes),
            given=dict(sorted(self._given.items())),
            withheld={name: dict(sorted(found.items())) for name, found in sorted(self._withheld.items())},
            unknown_fields=dict(sorted(self._unknown.items())),
            samples=tuple(sample for kept in self._samples.values() for sample in kept),
            explanations=self._explanations,
        )


NO_PROVISION, UNMET = "no-provision", "unmet"


def withheld_by(withheld: Withheld) -> tuple[str, ...]:
    """Who keeps the field: each provision that forbids it as `name/version:id`; else the one nearest to giving it with
    what it lacks, as `unmet:name/version:id:purpose+officers` (codes of Unmet); else NO_PROVISION."""
    if withheld.by:
        return tuple(_named(found.provision) for found in withheld.by)
    if not withheld.near_misses:
        return (NO_PROVISION,)
    nearest = withheld.near_misses[0]
    lacks = dict.fromkeys(unmet.code for unmet in nearest.unmet)
    return (f"{UNMET}:{_named(nearest.provision)}:{'+'.join(lacks)}",)


def _named(found: ProvisionRef) -> str:
    return f"{found.name}/{found.version}:{found.provision}"


def _sample(record: Record, decision: Decision) -> Sample:
    return Sample(
        record=record.id,
        version=record.version,
        kind=record.kind,
        outcome=decision.outcome,
        values=values_to_json(shown(record, decision)),
        explanation=decision.mask,
    )
