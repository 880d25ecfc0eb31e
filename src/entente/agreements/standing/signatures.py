"""Officers sign the exact bytes of an agreement with their own keys, never with the node's; a party's officer may
suspend it.

What is signed names the digest, so that a signature over version 4 does not fit version 5, and the context, so that
it fits nothing but an agreement. Which key belongs to whom is looked up in the directory of officers, never in what
was signed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from entente.agreements.agreement import Agreement
from entente.errors import InputFault
from entente.records.kinds import STEERING
from entente.signing import (
    BadSignature,
    Json,
    PrivateKey,
    PublicKey,
    Signature,
    UnusableKey,
    canonical,
    is_digest,
)

SIGNATURE_CONTEXT = "agreement-v1"
SUSPENSION_CONTEXT = "agreement-suspension-v1"
YEARS = range(2000, 2200)
"""INVARIANT: a time that no calendar of ours can turn into a local day is never kept."""

MAX_WHY_CHARACTERS = 500
"""Of the reason that an officer gives for a suspension; it is one line."""

_OFFICER = re.compile(r"[a-z0-9.-]+(/[a-z0-9.-]+)?")


class NotASignatory(InputFault):
    """{party} does not sign the agreement {name}; its text names {signatories}. Ask an officer of one of these to
    sign."""


class UnusableOfficerId(InputFault):
    """`{officer}` cannot be the id of an officer. Use a role id of small letters, digits, points, hyphens and one
    slash, for example us.cbp/liaison-1."""


class UnreadableSignature(InputFault):
    """An officer's signature cannot be read: {why}. Ask the officer to sign again with `entente agreements sign`."""


class UnfitSuspension(InputFault):
    """The reason for suspending is longer than {limit} characters, or holds line breaks or characters that steer a
    screen. Shorten it, or type it anew in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who may sign for `party`. `id` is a role id, `valid_from` and `valid_until` are inclusive days (None:
    open).

    An officer whose key changes stands in the directory once per key.
    """

    party: str
    id: str
    title: str
    public_key: PublicKey
    valid_from: date
    valid_until: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignature:
    """`officer` of `party` has signed the agreement with digest `agreement` at `signed_at` (aware)."""

    agreement: str
    party: str
    officer: str
    signed_at: datetime
    signature: Signature

    def to_json(self) -> dict[str, Json]:
        return {**_statement(self), "signature": self.signature.to_json()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "OfficerSignature":
        """Raises UnreadableSignature."""
        return cls(**_read(body, "signed_at"))

    def signed_bytes(self) -> bytes:
        return canonical(_statement(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """`officer` of `party` has suspended the agreement between this party and all others, from `suspended_at` (aware)
    on; between the others it goes on. By somebody the text names beside its parties, it is suspended for all.

    `why` is signed and told to the others; it may be empty. What was suspended comes back as a new version, signed by
    those whom it is to bind. `known_as` is the officer as known here when it came in.
    INVARIANT: it stands, though the officer's key changes later: a new card never brings an agreement back.
    """

    agreement: str
    party: str
    officer: str
    suspended_at: datetime
    why: str
    signature: Signature
    known_as: Officer | None = None

    def to_json(self) -> dict[str, Json]:
        return {**_statement(self), "signature": self.signature.to_json()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Suspension":
        """Raises UnreadableSignature."""
        found = cls(**_read(body, "suspended_at", "why"))
        if not is_reason(found.why):
            raise UnreadableSignature(why="its reason is too long, or steers a screen")
        return found

    def signed_bytes(self) -> bytes:
        return canonical(_statement(self))


Statement = OfficerSignature | Suspension


def sign_agreement(
    agreement: Agreement, *, party: str, officer_id: str, key: PrivateKey, signed_at: datetime
) -> OfficerSignature:
    """The signature of an officer of `party`. Raises NotASignatory, UnusableOfficerId."""
    _check(agreement, party, officer_id)
    unsigned = _said(agreement.digest, party, officer_id, "signed_at", signed_at)
    signature = key.sign(SIGNATURE_CONTEXT, canonical(unsigned))
    return OfficerSignature(
        agreement=agreement.digest,
        party=party,
        officer=officer_id,
        signed_at=signed_at.astimezone(UTC),
        signature=signature,
    )


def is_reason(text: str) -> bool:
    """Text that the reason of a suspension may be."""
    return len(text) <= MAX_WHY_CHARACTERS and not STEERING.search(text)


def suspend_agreement(
    agreement: Agreement, *, party: str, officer_id: str, key: PrivateKey, suspended_at: datetime, why: str = ""
) -> Suspension:
    """The suspension by one officer of `party`; one suffices. Raises NotASignatory, UnusableOfficerId,
    UnfitSuspension."""
    _check(agreement, party, officer_id)
    if not is_reason(why):
        raise UnfitSuspension(limit=MAX_WHY_CHARACTERS)
    unsigned = _said(agreement.digest, party, officer_id, "suspended_at", suspended_at) | {"why": why}
    signature = key.sign(SUSPENSION_CONTEXT, canonical(unsigned))
    return Suspension(
        agreement=agreement.digest,
        party=party,
        officer=officer_id,
        suspended_at=suspended_at.astimezone(UTC),
        why=why,
        signature=signature,
    )


def signing_officer(statement: Statement, directory: Iterable[Officer], day: date) -> Officer | None:
    """The officer of the directory whose key made `statement` and who was in office on `day`; None when there is
    none."""
    context = SIGNATURE_CONTEXT if isinstance(statement, OfficerSignature) else SUSPENSION_CONTEXT
    if isinstance(statement, Suspension) and statement.known_as is not None:
        directory = [statement.known_as, *directory]
    for officer in directory:
        is_named = (officer.party, officer.id) == (statement.party, statement.officer)
        if is_named and officer.is_valid_on(day) and _fits(statement, officer, context):
            return officer
    return None


@lru_cache(maxsize=1024)
def _fits(statement: Statement, officer: Officer, context: str) -> bool:
    try:
        officer.public_key.verify(context, statement.signed_bytes(), statement.signature)
    except BadSignature:
        return False
    return True


def _check(agreement: Agreement, party: str, officer_id: str) -> None:
    if party not in agreement.signatories:
        raise NotASignatory(party=party, name=agreement.name, signatories=", ".join(agreement.signatories))
    if not _OFFICER.fullmatch(officer_id):
        raise UnusableOfficerId(officer=officer_id)


def _said(agreement: str, party: str, officer: str, at_name: str, at: datetime) -> dict[str, Json]:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"agreement": agreement, "party": party, "officer": officer, at_name: moment}


def _statement(statement: Statement) -> dict[str, Json]:
    who = (statement.agreement, statement.party, statement.officer)
    if isinstance(statement, OfficerSignature):
        return _said(*who, "signed_at", statement.signed_at)
    return _said(*who, "suspended_at", statement.suspended_at) | {"why": statement.why}


def _read(body: Mapping[str, Any], at_name: str, *more: str) -> dict[str, Any]:
    names = {"agreement", "party", "officer", at_name, "signature", *more}
    if not isinstance(body, Mapping) or body.keys() != names:
        raise UnreadableSignature(why=f"it has the members {', '.join(sorted(names))} and no others")
    texts = {name: body[name] for name in names - {"signature"}}
    if not all(isinstance(text, str) for text in texts.values()) or not is_digest(texts["agreement"]):
        raise UnreadableSignature(why="its members are text, and the agreement is named by its digest")
    try:
        at = datetime.fromisoformat(texts.pop(at_name))
        signature = Signature.from_json(body["signature"])
    except (ValueError, UnusableKey) as error:
        raise UnreadableSignature(why=str(error)) from error
    if at.tzinfo is None or at.year not in YEARS:
        raise UnreadableSignature(why=f"its time has no zone, or lies outside {YEARS.start} to {YEARS.stop - 1}")
    return {**texts, at_name: at, "signature": signature}
