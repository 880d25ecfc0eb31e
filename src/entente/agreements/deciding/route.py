"""Everything about an ask that does not depend on the record's values: which provisions speak of it, and what they
lack.

A route is the same for all records of one kind, giver, receiver, purpose, occasion and day; only its tests look at
values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from entente.agreements.agreement import EMERGENCY, RESCUE, Agreement, Provision, ProvisionRef, reference_to
from entente.agreements.deciding.caveats import ruling_out
from entente.agreements.deciding.combine import MOST_OFFICERS, officers_needed
from entente.agreements.deciding.conditions import (
    RECORD_FIELDS,
    Condition,
    Setting,
    Test,
    Truth,
    Values,
    field_of,
    lists_read,
)
from entente.agreements.deciding.decision import Ask, Reason, Unmet
from entente.agreements.deciding.judging import judging
from entente.records import Kind, Record
from entente.signing import Json, canonical, digest
from entente.vocabulary import CodeList, Vocabulary

Training = tuple[str, int]
"""Exercises of an agreement, by its name, and within how many days they must have been passed."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A provision as it stands towards one ask. `unmet`: what the ask itself lacks; `tests`: places in the route's
    tests; `training`: the exercises (name of agreement, days) without which an officer does not count."""

    ref: ProvisionRef
    agreement: Agreement
    provision: Provision
    fields: frozenset[str]
    unmet: tuple[Unmet, ...]
    tests: tuple[int, ...]
    officers: int
    training: "Training | None" = None


Judged = tuple[Condition, str, date]
"""What a test was made of: a condition, the zone and the local day it is judged in."""


@dataclass(frozen=True, slots=True)
class Route:
    """`agreements` are those valid on their local day; `permits` could give fields; `forbids` bind this ask; `limits`
    forbid other purposes and so limit later use; `set_aside` are forbids that an emergency does not wait for.

    `trainings` are those that some permit asks for. `refusal` is a reason why nothing goes, whatever the record says.
    `lists` and `codes` are digests of the dated lists and of the
    code lists that the outcome depends on, by name.
    """

    kind: Kind
    agreements: tuple[tuple[Agreement, date], ...]
    permits: tuple[Clause, ...]
    forbids: tuple[Clause, ...]
    limits: tuple[Clause, ...]
    set_aside: tuple[Clause, ...]
    tests: tuple[Test, ...]
    judged: tuple[Judged, ...]
    trainings: tuple[Training, ...]
    lists: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    vocabulary: Vocabulary
    reads_record: bool
    refusal: Reason | None

    def truths(self, record: Record) -> tuple[Truth, ...]:
        """What each test says of a record."""
        values = seen_by_tests(record) if self.reads_record else record.values
        return tuple([test(values) for test in self.tests])

    def counted(self, ask: Ask) -> "Counted":
        """How many officers have approved `ask`, and how many of them with each training."""
        if not ask.approvals:
            return Counted(0, tuple((training, 0) for training in self.trainings))
        trained = [(training, min(ask.trained(*training), MOST_OFFICERS)) for training in self.trainings]
        return Counted(min(ask.officers, MOST_OFFICERS), tuple(trained))


@dataclass(frozen=True, slots=True)
class Counted:
    """Officers who approved: all, and with each of the route's trainings."""

    officers: int
    trained: tuple[tuple[Training, int], ...] = ()

    def of(self, clause: Clause) -> int:
        """How many count for `clause`."""
        return self.officers if clause.training is None else dict(self.trained)[clause.training]


def seen_by_tests(record: Record) -> Values:
    """A record's values with what conditions may ask of the record itself."""
    return {**record.values, "record.recorded_at": record.recorded_at, "record.sure": record.sure}


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
        set_aside=tuple(sorted(builder.set_aside, key=_order)),
        tests=tuple(builder.tests),
        judged=tuple(builder.places),
        trainings=tuple(sorted(builder.trainings)),
        lists=tuple(sorted(builder.lists.items())),
        codes=tuple((name, digest_of_codes(vocabulary.list(name))) for name in sorted(builder.codes)),
        vocabulary=vocabulary,
        reads_record=builder.reads_record,
        refusal=_refusal(ask, [agreement for agreement, _ in dated], vocabulary),
    )


def _order(clause: Clause) -> ProvisionRef:
    return clause.ref


def _refusal(ask: Ask, agreements: Iterable[Agreement], vocabulary: Vocabulary) -> Reason | None:
    between = [
        found
        for found in agreements
        if {ask.giver, ask.receiver} <= set(found.parties) and ask.under in (None, found.digest)
    ]
    if ask.giver == ask.receiver:
        return Reason("same-party", None)
    if ask.occasion == EMERGENCY and ask.purpose != RESCUE:
        return Reason("not-a-rescue", None)
    if not between:
        return Reason("nothing-in-force", None)
    return _limit_of_kind(ask) or _inherited_limit(ask, between) or _limit_of_caveats(ask, vocabulary)


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


def _limit_of_caveats(ask: Ask, vocabulary: Vocabulary) -> Reason | None:
    found = ruling_out(ask.purpose, (*ask.kind.caveats, *ask.limits.caveats), vocabulary)
    return Reason("inherited-caveat", None, found) if found else None


_DIGESTS: dict[int, tuple[CodeList, str]] = {}


def digest_of_codes(codes: CodeList) -> str:
    """Fixes the codes of a list and their attributes, whatever they are called."""
    found = _DIGESTS.get(id(codes))
    if found is None or found[0] is not codes:
        terms = sorted(codes.terms.items())
        body: list[Json] = [[code, {key: str(value) for key, value in term.attributes.items()}] for code, term in terms]
        found = _DIGESTS[id(codes)] = (codes, digest(canonical(body)))
    return found[1]


class _Builder:
    def __init__(self, ask: Ask, vocabulary: Vocabulary) -> None:
        self._ask, self._vocabulary = ask, vocabulary
        self.permits: list[Clause] = []
        self.forbids: list[Clause] = []
        self.limits: list[Clause] = []
        self.set_aside: list[Clause] = []
        self.tests: list[Test] = []
        self.trainings: set[Training] = set()
        self.reads_record = False
        self.lists: dict[str, str] = {}
        self.codes = {"caveat"}
        self.places: dict[Judged, int] = {}

    def add(self, agreement: Agreement, day: date) -> None:
        for provision in agreement.provisions:
            fields = provision.fields_of(self._ask.kind)
            if not fields or not provision.is_between(self._ask.giver, self._ask.receiver):
                continue
            if provision.effect == "permit":
                self._permit(agreement, provision, fields, day)
            elif provision.is_valid_on(day) and _binds(agreement, provision, self._ask):
                clause = self._clause(agreement, provision, fields, day, ())
                self._binding(provision).append(clause)

    def _binding(self, forbid: Provision) -> list[Clause]:
        """INVARIANT: no agreement delays a rescue: in an emergency a forbid binds only if it names that purpose."""
        if not forbid.is_for(self._ask.purpose):
            return self.limits
        is_for_this = self._ask.occasion != EMERGENCY or forbid.purposes is not None
        return self.forbids if is_for_this else self.set_aside

    def _permit(self, agreement: Agreement, provision: Provision, fields: frozenset[str], day: date) -> None:
        ask, parties = self._ask, {self._ask.giver, self._ask.receiver}
        is_asked_for = ask.under in (None, agreement.digest) and ask.limits.allow_under(agreement)
        if parties <= set(agreement.parties) and is_asked_for:
            lacking = _lacking(provision, self._ask, day, self._vocabulary)
            self.permits.append(self._clause(agreement, provision, fields, day, lacking))

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
            officers=self._officers(provision),
            training=self._training(agreement, provision),
        )

    def _officers(self, provision: Provision) -> int:
        """In an emergency one named person suffices, and it is never none."""
        needed = officers_needed(provision, is_about_person=self._ask.kind.is_about_person)
        return 1 if self._ask.occasion == EMERGENCY else needed

    def _training(self, agreement: Agreement, provision: Provision) -> Training | None:
        if provision.training_days is None or self._ask.occasion == EMERGENCY:
            return None
        training = (agreement.name, provision.training_days)
        self.trainings.add(training)
        return training

    def _place(self, condition: Condition, agreement: Agreement, day: date) -> int:
        key = (condition, agreement.zone, day)
        if key not in self.places:
            self.places[key] = len(self.tests)
            self.tests.append(judging(condition, Setting(self._ask.kind, self._vocabulary, agreement.zone, day)))
            self.lists.update((listed.name, listed.digest) for listed in lists_read(condition, self._vocabulary))
            fields = (field_of(self._ask.kind, name) for name in condition.reads)
            self.codes.update(field.vocabulary for field in fields if field is not None and field.vocabulary)
            self.reads_record = self.reads_record or any(name in RECORD_FIELDS for name in condition.reads)
        return self.places[key]


def _binds(agreement: Agreement, forbid: Provision, ask: Ask) -> bool:
    """INVARIANT: who signed a forbid is bound as a giver; others are bound only as receivers, or not at all."""
    if forbid.scope == "all-partners":
        return ask.giver in agreement.parties
    return {ask.giver, ask.receiver} <= set(agreement.parties)


def _lacking(permit: Provision, ask: Ask, day: date, vocabulary: Vocabulary) -> tuple[Unmet, ...]:
    found = []
    if not permit.is_for(ask.purpose):
        found.append(Unmet("purpose", {"purposes": list(permit.purposes or ())}))
    elif ruled_out := ruling_out(ask.purpose, permit.caveats, vocabulary):
        found.append(Unmet("caveat", {"caveats": list(ruled_out), "purpose": ask.purpose}))
    if permit.occasion not in ("standing", ask.occasion):  # what goes anyway may also go when asked for
        found.append(Unmet("occasion", {"occasion": permit.occasion}))
    if not permit.is_valid_on(day):
        window = {"valid_from": permit.valid_from.isoformat(), "valid_until": permit.valid_until.isoformat()}
        found.append(Unmet("dates", window))
    return tuple(found)
