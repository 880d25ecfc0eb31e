"""What is asked and what was decided, as values: the ask, the decision, and its reasons.

A decision's reasons are structured (`code` and values) and never hold a value of the record, so that all records that
meet the same conditions share one explanation, fixed by its digest `mask`. Explanations stay at home.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from entente.agreements.agreement import Agreement, Occasion, ProvisionRef, Release
from entente.errors import OurFault
from entente.records import Kind, Record
from entente.signing import Json, canonical, digest

ENGINE = "entente-decide-3"
"""Version of the rules of decision; it stands in every explanation, so that a past decision can be derived again."""

Outcome = Literal["release", "wait", "withhold"]


class MixedUpAsk(OurFault):
    """A decision was asked about a record of kind {found} as if it were {expected}. Pass the record's own kind."""


class NaiveMoment(OurFault):
    """A decision was asked for a time without a time zone. Pass an aware time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """`officer` (an id; equal ids are one officer) agreed to this release at `at` (aware).

    `passed`: names of agreements whose exercises the officer has passed, each with the day on which they last did.
    """

    officer: str
    at: datetime
    passed: tuple[tuple[str, date], ...] = ()

    def is_trained(self, agreement: str, days: int) -> bool:
        """True when the exercises of `agreement` were passed within `days` before the approval."""
        today = self.at.date()
        return any(name == agreement and 0 <= (today - day).days <= days for name, day in self.passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a record is bound by besides agreements: a finding inherits the handling of what it rests on, and what is
    passed on behalf of others keeps theirs.

    `purposes` they all allow (None: no limit), all their caveats, and the agreements (digests) that those of other
    parties are held under: it goes under one text that is each of them or succeeds each of them, and else under none.
    `retain_days`: how much longer it may be kept at all (None: no limit).
    """

    purposes: tuple[str, ...] | None = None
    caveats: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    retain_days: int | None = None

    def allow(self, purpose: str) -> bool:
        return self.purposes is None or purpose in self.purposes

    def allow_under(self, agreement: Agreement) -> bool:
        """INVARIANT: what rests on agreements that no one text stands for goes under none: no partner of one may see
        what came by another."""
        return agreement.stands_for(self.agreements)

    def to_json(self) -> dict[str, Json]:
        return {
            "purposes": None if self.purposes is None else sorted(set(self.purposes)),
            "caveats": sorted(set(self.caveats)),
            "agreements": sorted(set(self.agreements)),
            "retain_days": self.retain_days,
        }


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """May this record version go from `giver` to `receiver` for one purpose, at `moment`?

    `receiver_roles` are codes of the list `party-role`. `under`: the only agreement (digest) that may permit it;
    None: the one that permits most. `limits`, and those of the kind, bind whatever agreements say. `chain`: the parties
    through which a record of others came, its originator first. Raises MixedUpAsk, NaiveMoment.
    """

    record: Record
    kind: Kind
    giver: str
    receiver: str
    receiver_roles: frozenset[str]
    purpose: str
    occasion: Occasion
    moment: datetime
    approvals: tuple[Approval, ...] = ()
    under: str | None = None
    limits: Limits = NO_LIMITS
    chain: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.record.kind != self.kind.name:
            raise MixedUpAsk(found=self.record.kind, expected=self.kind.name)
        if self.moment.tzinfo is None:
            raise NaiveMoment

    @property
    def officers(self) -> int:
        """How many different officers had approved by `moment`."""
        return len({approval.officer for approval in self.approvals if approval.at <= self.moment})

    def trained(self, agreement: str, days: int) -> int:
        """How many of them were trained for `agreement` within `days`."""
        given = [approval for approval in self.approvals if approval.at <= self.moment]
        return len({approval.officer for approval in given if approval.is_trained(agreement, days)})

    @property
    def through(self) -> tuple[str, ...]:
        """Through whom a record of others came, its originator first; nobody for what the giver said itself."""
        said_by = self.record.said_by
        if said_by == self.giver:
            return ()
        return (said_by, *(party for party in self.chain if party != said_by))


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that is missing for a provision to apply; `values` go into its sentence."""

    code: str
    values: Mapping[str, Json]

    def to_json(self) -> dict[str, Json]:
        return {"code": self.code, **self.values}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A provision that would give the field, if what is `unmet` were met."""

    provision: ProvisionRef
    unmet: tuple[Unmet, ...]

    def to_json(self) -> dict[str, Json]:
        return {**self.provision.to_json(), "unmet": [unmet.to_json() for unmet in self.unmet]}


@dataclass(frozen=True, slots=True)
class Forbidding:
    """A provision that forbids the field; `unknown` are its conditions that could not be judged, so that it stands."""

    provision: ProvisionRef
    unknown: tuple[Unmet, ...]

    def to_json(self) -> dict[str, Json]:
        return {**self.provision.to_json(), "unknown": [unmet.to_json() for unmet in self.unknown]}


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that does not go now: who forbids it, or up to three provisions that come nearest to permitting it."""

    field: str
    by: tuple[Forbidding, ...]
    near_misses: tuple[NearMiss, ...]

    def to_json(self) -> dict[str, Json]:
        return {
            "field": self.field,
            "by": [found.to_json() for found in self.by],
            "near_misses": [found.to_json() for found in self.near_misses],
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the outcome is what it is. `label` is its short form, used by golden decisions: `3.2`, `unmet:3.2:purpose`,
    `nothing-in-force`."""

    code: str
    provision: ProvisionRef | None
    details: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        if self.provision is None:
            return self.code
        if self.code == "unmet":
            return f"unmet:{self.provision.provision}:{'+'.join(self.details)}"
        return self.provision.provision

    def to_json(self) -> dict[str, Json]:
        where = self.provision.to_json() if self.provision else {}
        return {"code": self.code, "details": list(self.details), **where}


# No slots: body and digest are cached on the instance, which thousands of decisions share.
@dataclass(frozen=True, kw_only=True)
class Mask:
    """What was decided for every record that meets the same conditions of the same ask. `asked` says what was asked."""

    asked: Mapping[str, Any]
    outcome: Outcome
    agreement: str | None
    provisions: tuple[str, ...]
    fields: tuple[str, ...]
    waiting: tuple[str, ...]
    withheld: tuple[Withheld, ...]
    release: Release | None
    needs: int
    caveats: tuple[str, ...]
    duties: Mapping[str, int]
    purposes: tuple[str, ...]
    legal_bases: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @cached_property
    def body(self) -> dict[str, Json]:
        return {
            "engine": ENGINE,
            "asked": dict(self.asked),
            "outcome": self.outcome,
            "agreement": self.agreement,
            "provisions": list(self.provisions),
            "fields": list(self.fields),
            "waiting": list(self.waiting),
            "withheld": [found.to_json() for found in self.withheld],
            "release": self.release,
            "needs": self.needs,
            "caveats": list(self.caveats),
            "duties": dict(self.duties),
            "purposes": list(self.purposes),
            "legal_bases": list(self.legal_bases),
            "reasons": [reason.to_json() for reason in self.reasons],
        }

    @cached_property
    def digest(self) -> str:
        return digest(canonical(self.body))


@dataclass(frozen=True, slots=True)
class Decision:
    """What may go of one record version to one receiver for one purpose, and why not the rest.

    `fields` go now; `waiting` would go with `needs` further officers; both are names of the kind's fields, present in
    the record or not. `agreement` is the digest of the one agreement that permits all that goes.
    """

    ask: Ask
    shared: Mask

    @property
    def outcome(self) -> Outcome:
        return self.shared.outcome

    @property
    def agreement(self) -> str | None:
        return self.shared.agreement

    @property
    def provisions(self) -> tuple[str, ...]:
        return self.shared.provisions

    @property
    def fields(self) -> tuple[str, ...]:
        return self.shared.fields

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.shared.waiting

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        return self.shared.withheld

    @property
    def release(self) -> Release | None:
        return self.shared.release

    @property
    def needs(self) -> int:
        """How many further officers change the outcome or add fields; 0 when none would."""
        return self.shared.needs

    @property
    def caveats(self) -> tuple[str, ...]:
        return self.shared.caveats

    @property
    def duties(self) -> Mapping[str, int]:
        return self.shared.duties

    @property
    def purposes(self) -> tuple[str, ...]:
        """What the receiver may use it for."""
        return self.shared.purposes

    @property
    def legal_bases(self) -> tuple[str, ...]:
        """What the provisions that give it stand on: codes of the list `legal-basis`."""
        return self.shared.legal_bases

    @property
    def because(self) -> tuple[str, ...]:
        """The reasons in short form."""
        return tuple(reason.label for reason in self.shared.reasons)

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """What the record holds and its kind does not know: withheld, and to be reported."""
        known = {field.name for field in self.ask.kind.fields}
        return tuple(sorted(name for name in self.ask.record.values if name not in known))

    @property
    def mask(self) -> str:
        """The digest of the explanation, equal for all records that share it."""
        return self.shared.digest

    def to_json(self) -> dict[str, Json]:
        """The explanation: canonical(to_json()) is what `mask` is the digest of."""
        return self.shared.body
