"""An agreement and its provisions, as values. How they are read stands in `text`, what they permit in `decide`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from entente.agreements.deciding.conditions import Condition
from entente.records import Kind
from entente.signing import Json, digest

Effect = Literal["permit", "forbid"]
Occasion = Literal["standing", "on-request", "on-hit", "emergency"]
Release = Literal["automatic", "officer", "two-officers"]
Scope = Literal["parties", "all-partners"]

RELEASES: tuple[Release, ...] = ("automatic", "officer", "two-officers")
"""From lax to strict; the place in this tuple is the number of different officers who must have approved."""

EMERGENCY: Occasion = "emergency"
RESCUE = "rescue"
"""Life is at risk: the only purpose of the occasion `emergency`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One provision. Days are local to the agreement's zone and inclusive; `text` holds the clause by language.

    In a forbid, None for `receiver`, `kinds`, `fields` or `purposes` means any. INVARIANT: an empty tuple means none,
    never any. `scope` says whom a forbid binds; `release` and all that stands after it belong to a permit.

    `giver` and `receiver` are codes of parties; `roles` the selectors (`role:health`) that some of them came from.
    `on_behalf_of`: it gives what these said, and nothing that the giver says itself (None: only that). `training_days`:
    only officers count who passed the exercises of this agreement within so many days.
    """

    id: str
    reference: str
    text: Mapping[str, str]
    effect: Effect
    giver: tuple[str, ...]
    receiver: tuple[str, ...] | None
    kinds: tuple[str, ...] | None
    fields: tuple[str, ...] | None
    purposes: tuple[str, ...] | None
    valid_from: date
    valid_until: date
    when: tuple[Condition, ...] = ()
    scope: Scope = "parties"
    is_verified: bool = False
    legal_bases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    release: Release = "two-officers"
    occasion: Occasion = "standing"
    caveats: tuple[str, ...] = ()
    duties: Mapping[str, int] = field(default_factory=dict)
    on_behalf_of: tuple[str, ...] | None = None
    training_days: int | None = None

    def is_between(self, giver: str, receiver: str) -> bool:
        """True when it speaks of `giver` giving to `receiver`; nobody gives to themselves."""
        return giver != receiver and giver in self.giver and (self.receiver is None or receiver in self.receiver)

    def is_for(self, purpose: str) -> bool:
        return self.purposes is None or purpose in self.purposes

    def speaks_for(self, chain: Collection[str]) -> bool:
        """True when it gives records that came through `chain` (originator first; none: the giver's own).

        INVARIANT: everybody in the chain is named, so that nobody's records are passed on who never agreed to it.
        """
        if not chain or self.on_behalf_of is None:
            return not chain and self.on_behalf_of is None
        return set(chain) <= set(self.on_behalf_of)

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until

    def without(self, gone: Collection[str]) -> "Provision":
        """As it stands while the parties `gone` are not bound. Nobody left means nobody, never anybody."""

        def left(parties: tuple[str, ...] | None) -> tuple[str, ...] | None:
            return None if parties is None else tuple(party for party in parties if party not in gone)

        receiver = self.receiver if self.scope == "all-partners" else left(self.receiver)
        return replace(self, giver=left(self.giver) or (), receiver=receiver, on_behalf_of=left(self.on_behalf_of))

    def fields_of(self, kind: Kind) -> frozenset[str]:
        """The names of the fields of `kind` that it speaks of."""
        if self.kinds is not None and kind.name not in self.kinds:
            return frozenset()
        return selected(self.fields, kind)


def selected(selectors: tuple[str, ...] | None, kind: Kind) -> frozenset[str]:
    """Fields of `kind` that `class:<field class>` or `<kind>.<field>` name; None names all of them, () none."""
    if selectors is None:
        return frozenset(found.name for found in kind.fields)
    return frozenset(
        found.name
        for found in kind.fields
        if f"class:{found.field_class}" in selectors or f"{kind.name}.{found.name}" in selectors
    )


CLAUSES = ("audit", "consistent-use", "review", "complaints", "mistreatment")
"""What a paper text may hold beside provisions: who audits the use, that it stays with what things were given for, who
reviews the agreement, where people complain, who assesses the risk of mistreatment."""


# No slots: the digest is cached on the instance.
@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Dated provisions between parties. Its identity is the digest of `source`, the exact bytes that officers sign.

    `clauses`: codes of CLAUSES, each with the article of the paper text that says what no provision can.
    `directory` fixes which parties have the roles that the text names; None where it names none. `succeeds` is not in
    the text: digests of earlier versions in whose place it stands now (`Standing.succeeds`).

    About asking: `is_discreet` where it neither confirms nor denies that anything is held; `budgets` are the queries
    that one party may ask another in a day, by purpose; `due_hours` the hours in which an answer is due, by class of
    urgency. Where it says nothing, the defaults of the lists `query-budget` and `urgency` hold.
    """

    name: str
    version: int
    predecessor: str | None
    is_model: bool
    title: Mapping[str, str]
    text: Mapping[str, str]
    authoritative: tuple[str, ...]
    parties: tuple[str, ...]
    also_signed_by: tuple[str, ...]
    zone: str
    valid_from: date
    valid_until: date
    clauses: Mapping[str, str] = field(default_factory=dict)
    is_discreet: bool = False
    budgets: Mapping[str, int] = field(default_factory=dict)
    due_hours: Mapping[str, int] = field(default_factory=dict)
    provisions: tuple[Provision, ...]
    source: bytes
    directory: str | None = None
    succeeds: frozenset[str] = frozenset()

    @cached_property
    def digest(self) -> str:
        """`sha256:<hex>` of `source`."""
        return digest(self.source)

    @property
    def signatories(self) -> tuple[str, ...]:
        """All whose officers must have signed: the parties, then the others the text names."""
        return self.parties + self.also_signed_by

    def local_day(self, moment: datetime) -> date:
        """The day of `moment` (aware) in the agreement's zone."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until

    def stands_for(self, agreements: Collection[str]) -> bool:
        """True when each digest in `agreements` is its own or that of an earlier version it succeeds."""
        return {self.digest, *self.succeeds}.issuperset(agreements)

    def among(self, bound: Collection[str]) -> "Agreement":
        """The same text, as it stands while only `bound` of its parties are: the others give and receive nothing.

        INVARIANT: what a forbid says to all partners stays whole; it binds whoever is bound, towards anybody.
        """
        if set(self.parties) <= set(bound):
            return self
        gone = set(self.parties) - set(bound)
        parties = tuple(party for party in self.parties if party not in gone)
        return replace(self, parties=parties, provisions=tuple(found.without(gone) for found in self.provisions))

    def provision(self, provision_id: str) -> Provision | None:
        return next((found for found in self.provisions if found.id == provision_id), None)


@dataclass(frozen=True, slots=True, order=True)
class ProvisionRef:
    """Which provision of which agreement: name, version and provision id for people, the digest for machines."""

    name: str
    version: int
    provision: str
    agreement: str

    def to_json(self) -> dict[str, Json]:
        return {
            "agreement": self.agreement,
            "name": self.name,
            "version": self.version,
            "provision": self.provision,
        }


def reference_to(agreement: Agreement, provision: Provision) -> ProvisionRef:
    return ProvisionRef(agreement.name, agreement.version, provision.id, agreement.digest)
