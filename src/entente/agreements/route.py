"""Everything about an ask that does not depend on the record's values: which provisions speak of it, and what they
lack.

A route is the same for all records of one kind, giver, receiver, purpose, occasion and day; only its tests look at
values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from entente.agreements.agreement import Agreement, Provision, ProvisionRef, reference_to
from entente.agreements.combine import officers_needed
from entente.agreements.conditions import Condition, Setting, Test, Truth, Values, judging
from entente.agreements.decision import Ask, Reason, Unmet
from entente.records import Kind
from entente.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Clause:
    """A provision as it stands towards one ask. `unmet`: what the ask itself lacks; `tests`: places in the route's
    tests."""

    ref: ProvisionRef
    agreement: Agreement
    provision: Provision
    fields: frozenset[str]
    unmet: tuple[Unmet, ...]
    tests: tuple[int, ...]
    officers: int


@dataclass(frozen=True, slots=True)
class Route:
    """`agreements` are those valid on their local day; `permits` could give fields; `forbids` bind this ask; `limits`
    forbid other purposes and so limit later use.

    `refusal` is a reason why nothing goes, whatever the record says.
    """

    kind: Kind
    agreements: tuple[tuple[Agreement, date], ...]
    permits: tuple[Clause, ...]
    forbids: tuple[Clause, ...]
    limits: tuple[Clause, ...]
    tests: tuple[Test, ...]
    lists: tuple[tuple[str, str], ...]
    refusal: Reason | None

    def truths(self, values: Values) -> tuple[Truth, ...]:
        """What each test says of a record's values."""
        return tuple([test(values) for test in self.tests])


def local_days(agreements: Iterable[Agreement], ask: Ask) -> tuple[date, ...]:
    return tuple([agreement.local_day(ask.moment) for agreement in agreements])


def route_for(ask: Ask, agreements: Sequence[Agreement], days: Sequence[date], vocabulary: Vocabulary) -> Route:
    """The route of `ask` under `agreements`, on whose local `days` it is judged."""
    dated = [(found, day) for found, day in zip(agreements, days, strict=True) if found.is_valid_on(day)]
    builder = _Builder(ask, vocabulary)
    for agreement, day in dated:
        builder.add(agreement, day)
    return Route(
        kind=ask.kind,
        agreements=tuple(dated),
        permits=tuple(sorted(builder.permits, key=_order)),
        forbids=tuple(sorted(builder.forbids, key=_order)),
        limits=tuple(sorted(builder.limits, key=_order)),
        tests=tuple(builder.tests),
        lists=tuple(sorted(builder.lists.items())),
        refusal=_refusal(ask, [agreement for agreement, _ in dated]),
    )


def _order(clause: Clause) -> ProvisionRef:
    return clause.ref


def _refusal(ask: Ask, agreements: Iterable[Agreement]) -> Reason | None:
    between = [
        found
        for found in agreements
        if {ask.giver, ask.receiver} <= set(found.parties) and ask.under in (None, found.digest)
    ]
    if ask.giver == ask.receiver:
        return Reason("same-party", None)
    if not between:
        return Reason("nothing-in-force", None)
    return _limit_of_kind(ask) or _inherited_limit(ask, between)


def _limit_of_kind(ask: Ask) -> Reason | None:
    """INVARIANT: no agreement loosens what a kind says of itself."""
    role, purposes = ask.kind.holder_role, ask.kind.only_for
    if role is not None and role not in ask.receiver_roles:
        return Reason("holder-role", None, (role,))
    if purposes is not None and ask.purpose not in purposes:
        return Reason("kind-purpose", None, tuple(sorted(purposes)))
    return None


def _inherited_limit(ask: Ask, between: Iterable[Agreement]) -> Reason | None:
    """INVARIANT: nor what the records say that a record of ours rests on."""
    limits = ask.limits
    if not limits.allow(ask.purpose):
        return Reason("inherited-purpose", None, tuple(sorted(limits.purposes or ())))
    if not any(limits.allow_under(found) for found in between):
        return Reason("inherited-agreement", None, tuple(sorted(limits.agreements)))
    return None


class _Builder:
    def __init__(self, ask: Ask, vocabulary: Vocabulary) -> None:
        self._ask, self._vocabulary = ask, vocabulary
        self.permits: list[Clause] = []
        self.forbids: list[Clause] = []
        self.limits: list[Clause] = []
        self.tests: list[Test] = []
        self.lists: dict[str, str] = {}
        self._places: dict[tuple[Condition, str, date], int] = {}

    def add(self, agreement: Agreement, day: date) -> None:
        for provision in agreement.provisions:
            fields = provision.fields_of(self._ask.kind)
            if not fields or not provision.is_between(self._ask.giver, self._ask.receiver):
                continue
            if provision.effect == "permit":
                self._permit(agreement, provision, fields, day)
            elif provision.is_valid_on(day) and _binds(agreement, provision, self._ask):
                clause = self._clause(agreement, provision, fields, day, ())
                (self.forbids if provision.is_for(self._ask.purpose) else self.limits).append(clause)

    def _permit(self, agreement: Agreement, provision: Provision, fields: frozenset[str], day: date) -> None:
        ask, parties = self._ask, {self._ask.giver, self._ask.receiver}
        is_asked_for = ask.under in (None, agreement.digest) and ask.limits.allow_under(agreement)
        if parties <= set(agreement.parties) and is_asked_for:
            self.permits.append(self._clause(agreement, provision, fields, day, _lacking(provision, self._ask, day)))

    def _clause(
        self, agreement: Agreement, provision: Provision, fields: frozenset[str], day: date, unmet: tuple[Unmet, ...]
    ) -> Clause:
        return Clause(
            ref=reference_to(agreement, provision),
            agreement=agreement,
            provision=provision,
            fields=fields,
            unmet=unmet,
            tests=tuple(self._place(condition, agreement, day) for condition in provision.when),
            officers=officers_needed(provision, is_about_person=self._ask.kind.is_about_person),
        )

    def _place(self, condition: Condition, agreement: Agreement, day: date) -> int:
        key = (condition, agreement.zone, day)
        if key not in self._places:
            self._places[key] = len(self.tests)
            self.tests.append(judging(condition, Setting(self._ask.kind, self._vocabulary, agreement.zone, day)))
            listed = self._vocabulary.dated.get(str(condition.value))
            if listed is not None and condition.test in ("listed_in", "not_listed_in"):
                self.lists[listed.name] = listed.digest
        return self._places[key]


def _binds(agreement: Agreement, forbid: Provision, ask: Ask) -> bool:
    """INVARIANT: who signed a forbid is bound as a giver; others are bound only as receivers, or not at all."""
    if forbid.scope == "all-partners":
        return ask.giver in agreement.parties
    return {ask.giver, ask.receiver} <= set(agreement.parties)


def _lacking(permit: Provision, ask: Ask, day: date) -> tuple[Unmet, ...]:
    found = []
    if not permit.is_for(ask.purpose):
        found.append(Unmet("purpose", {"purposes": list(permit.purposes or ())}))
    if permit.occasion not in ("standing", ask.occasion):  # what goes anyway may also go when asked for
        found.append(Unmet("occasion", {"occasion": permit.occasion}))
    if not permit.is_valid_on(day):
        window = {"valid_from": permit.valid_from.isoformat(), "valid_until": permit.valid_until.isoformat()}
        found.append(Unmet("dates", window))
    return tuple(found)
