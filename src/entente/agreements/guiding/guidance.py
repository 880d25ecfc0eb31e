"""May I share this? What would be decided, told to somebody who has yet to act: it goes now, or once people agree, or
if facts turn out so, or not at all.

INVARIANT: it is never wider than deciding. What is called certain was decided so for every way in which facts that are
not known can turn out. Nothing here makes a disclosure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from entente.agreements.agreement import Agreement, Provision, ProvisionRef
from entente.agreements.deciding.combine import MOST_OFFICERS
from entente.agreements.deciding.conditions import RECORD_FIELDS, Condition, Setting, Truth, Values, field_of
from entente.agreements.deciding.decide import Decider
from entente.agreements.deciding.decision import Approval, Ask, Decision, Reason, Unmet
from entente.agreements.deciding.judging import judging
from entente.agreements.deciding.route import Clause, Route, local_days, route_for, seen_by_tests
from entente.agreements.guiding.completions import Judged, completions
from entente.records import Kind, Provenance, Record, Value
from entente.vocabulary import Vocabulary

Answer = Literal["yes", "yes-without", "ask", "depends", "no"]
Verdict = Literal["goes", "asks", "depends", "stays"]
"""Of one field: it goes now, goes once officers agree, hangs on facts that are not known, or does not go."""

VERDICTS: tuple[Verdict, ...] = ("goes", "asks", "depends", "stays")
_OTHERS_CAN_CHANGE = ("nothing-in-force", "third-party")
"""Refusals that somebody who is asked may change."""
_NOT_WHOLE = ("no-provision", "nothing-to-give")
"""Reasons without a provision that refuse no record as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A provision that gives or forbids fields, or comes near to giving them. `hangs_on` are its conditions that facts
    not known decide; `unmet` is what else it lacks."""

    ref: ProvisionRef
    provision: Provision
    hangs_on: tuple[Condition, ...] = ()
    unmet: tuple[Unmet, ...] = ()

    @property
    def is_forbid(self) -> bool:
        return self.provision.effect == "forbid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Fields with one verdict for the same reasons. `officers`: how many must agree at most."""

    verdict: Verdict
    fields: tuple[str, ...]
    officers: int
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """The answer to one ask. `unknown` are the fields whose value could settle more, in the order of the kind.

    `is_exact` is false where too many facts are open to try all; then what hangs on any of them hangs on all. `now` is
    the decision on what is known with nobody's approval, `then` the one with `needs` officers'.
    """

    ask: Ask
    answer: Answer
    refusal: Reason | None
    parts: tuple[Part, ...]
    needs: int
    unknown: tuple[str, ...]
    is_exact: bool
    agreements: tuple[Agreement, ...]
    now: Decision
    then: Decision

    def fields(self, *verdicts: Verdict) -> frozenset[str]:
        return frozenset(name for part in self.parts if part.verdict in verdicts for name in part.fields)

    @property
    def is_forbidden(self) -> bool:
        """A forbid keeps something back, or may."""
        return any(ground.is_forbid for part in self.parts for ground in part.grounds)


def sketch(kind: Kind, values: Values, said_by: str, moment: datetime) -> Record:
    """A record that nobody keeps: what is known of one that is not at hand."""
    recorded_at, sure = values.get("record.recorded_at", moment), values.get("record.sure", "")
    return Record(
        id="",
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=said_by,
        recorded_at=recorded_at if isinstance(recorded_at, datetime) else moment,
        sure=str(sure),
        provenance=Provenance(source="", source_digest="", line=1, reader="", mapping_version=""),
        values={name: value for name, value in values.items() if name not in RECORD_FIELDS},
    )


def guide(
    ask: Ask, agreements: Sequence[Agreement], vocabulary: Vocabulary, known: Collection[str] | None = None
) -> Guidance:
    """What `decide` would say of `ask` under `agreements` with no officer, one and two, whatever of them it names.

    `known`: the fields of which the value, or that there is none, is known; None: all, for a record at hand.
    """
    return _Guide(ask, agreements, vocabulary, None if known is None else frozenset(known)).guidance()


class _Guide:
    def __init__(
        self, ask: Ask, agreements: Sequence[Agreement], vocabulary: Vocabulary, known: frozenset[str] | None
    ) -> None:
        self.ask, self.kind, self.vocabulary = ask, ask.kind, vocabulary
        self.is_at_hand = known is None
        self.names = tuple(field.name for field in ask.kind.fields)
        self.known = frozenset((*self.names, *RECORD_FIELDS)) if known is None else known
        seen = seen_by_tests(ask.record)
        self.facts = {name: value for name, value in seen.items() if name in self.known}
        self.route: Route = route_for(ask, agreements, local_days(agreements, ask), vocabulary)
        self.clauses = [one for one in (*self.route.permits, *self.route.forbids) if self._speaks(one)]
        self.read = {name for clause in self.clauses for one in clause.provision.when for name in one.reads}
        self.filled: dict[str, Value] = {name: "" for name in self.names if name not in self.read | self.known}
        trained = sorted({found.name for found, _ in self.route.agreements})
        passed = tuple((name, ask.moment.date()) for name in trained)
        self.approvals = [Approval(officer=str(one), at=ask.moment, passed=passed) for one in range(MOST_OFFICERS)]
        self.decider = Decider(agreements, vocabulary)
        self.now = self._decided(self.facts, 0)
        self.refusal = next(
            (one for one in self.now.shared.reasons if one.provision is None and one.code not in _NOT_WHOLE), None
        )

    def guidance(self) -> Guidance:
        ways = [self.facts] if self.refusal else self._ways()
        parts = self._parts(self._verdicts(ways))
        needs = max((part.officers for part in parts if part.verdict == "asks"), default=0)
        return Guidance(
            ask=self.ask,
            answer=_answer(parts, self.refusal),
            refusal=self.refusal,
            parts=parts,
            needs=needs,
            unknown=() if self.refusal else self._unknown(),
            is_exact=ways is not None,
            agreements=tuple(found for found, _ in self.route.agreements),
            now=self.now,
            then=self._decided(self.facts, needs),
        )

    def _speaks(self, clause: Clause) -> bool:
        """It counts for this ask, whatever the facts are."""
        is_forbid = clause.provision.effect == "forbid"
        return is_forbid or (not clause.unmet and clause.provision.speaks_for(self.ask.through))

    def _asked_about(self) -> list[str]:
        """Of a record what it holds, else whatever such a record may hold."""
        return [name for name in self.names if name in self.facts or name not in self.known]

    def _decided(self, values: Values, officers: int) -> Decision:
        """With so many officers, all of them trained; a field that nothing asks about is held, whatever it says."""
        record, approvals = self.ask.record, tuple(self.approvals[:officers])
        if not self.is_at_hand:
            record = sketch(self.kind, {**self.filled, **values}, record.said_by, self.ask.moment)
        return self.decider.decide(replace(self.ask, record=record, approvals=approvals))

    def _ways(self) -> list[Values] | None:
        """In how many ways facts can turn out; None where those are too many to try."""
        if self.is_at_hand:
            return [self.facts]
        judged = [
            Judged(condition, self._setting(clause)) for clause in self.clauses for condition in clause.provision.when
        ]
        found = completions(judged, self.kind, self.facts, self.known)
        return None if found is None else [*found]

    def _setting(self, clause: Clause) -> Setting:
        day = clause.agreement.local_day(self.ask.moment)
        return Setting(self.kind, self.vocabulary, clause.agreement.zone, day)

    def _verdicts(self, ways: Sequence[Values] | None) -> dict[str, tuple[Verdict, int]]:
        """Of each field asked about: its verdict, and how many officers must agree at most."""
        asked = self._asked_about()
        if ways is None:
            given = {name for clause in self.route.permits if self._speaks(clause) for name in clause.fields}
            return {name: ("depends" if name in given else "stays", 0) for name in asked}
        turns: dict[str, set[int | None]] = {name: set() for name in asked}
        for values in ways:
            enough = self._officers_enough(values)
            for name in asked:
                if name in values or name in self.filled:
                    turns[name].add(enough.get(name))
        return {name: _verdict(seen) for name, seen in turns.items()}

    def _officers_enough(self, values: Values) -> dict[str, int]:
        """Of each field that would go: how few officers are enough."""
        found: dict[str, int] = {}
        for officers in range(MOST_OFFICERS + 1):
            for name in self._decided(values, officers).fields:
                found.setdefault(name, officers)
        return found

    def _parts(self, verdicts: Mapping[str, tuple[Verdict, int]]) -> tuple[Part, ...]:
        groups: dict[object, Part] = {}
        for name, (verdict, officers) in verdicts.items():
            grounds = () if self.refusal else tuple(self._grounds(name, verdict))
            key = (verdict, officers, tuple(ground.ref for ground in grounds))
            before = groups[key].fields if key in groups else ()
            groups[key] = Part(verdict=verdict, fields=(*before, name), officers=officers, grounds=grounds)
        return tuple(sorted(groups.values(), key=lambda part: VERDICTS.index(part.verdict)))

    def _grounds(self, name: str, verdict: Verdict) -> Iterator[Ground]:
        """What may give the field and what may forbid it; of one that stays, who forbids it or comes nearest."""
        if verdict != "stays":
            yield from (self._ground(one) for one in self.clauses if name in one.fields and self._may_apply(one))
            return
        by_ref = {clause.ref: clause for clause in (*self.route.permits, *self.route.forbids)}
        withheld = next((one for one in self.now.withheld if one.field == name), None)
        if withheld is not None and withheld.by:
            yield from (self._ground(by_ref[one.provision]) for one in withheld.by)
        elif withheld is not None:
            yield from (self._ground(by_ref[miss.provision], miss.unmet) for miss in withheld.near_misses)

    def _may_apply(self, clause: Clause) -> bool:
        """A permit that facts can still meet, or a forbid that they need not lift."""
        return all(self._is_open(one) or self._truth(clause, one) is not False for one in clause.provision.when)

    def _truth(self, clause: Clause, condition: Condition) -> Truth:
        return judging(condition, self._setting(clause))(self.facts)

    def _ground(self, clause: Clause, unmet: tuple[Unmet, ...] = ()) -> Ground:
        hangs_on = tuple(condition for condition in clause.provision.when if self._is_open(condition))
        return Ground(ref=clause.ref, provision=clause.provision, hangs_on=hangs_on, unmet=unmet)

    def _is_open(self, condition: Condition) -> bool:
        return any(name not in self.known and field_of(self.kind, name) for name in condition.reads)

    def _unknown(self) -> tuple[str, ...]:
        return tuple(name for name in (*self.names, *RECORD_FIELDS) if name in self.read - self.known)


def _verdict(turns: Collection[int | None]) -> tuple[Verdict, int]:
    """`turns`: how many officers it needs, or None for it stays, in every way that facts can turn out."""
    most = max((officers for officers in turns if officers is not None), default=0)
    if all(officers is None for officers in turns):
        return "stays", 0
    if None in turns:
        return "depends", most
    return ("asks", most) if most else ("goes", 0)


def _answer(parts: Iterable[Part], refusal: Reason | None) -> Answer:
    if refusal:
        return "ask" if refusal.code in _OTHERS_CAN_CHANGE else "no"
    verdicts = {part.verdict for part in parts}
    if "goes" in verdicts:
        return "yes" if verdicts == {"goes"} else "yes-without"
    if "asks" in verdicts:
        return "ask"
    return "depends" if "depends" in verdicts else "no"
