"""Is an agreement in force? Only when two named officers of every signatory have signed its bytes, on a day within
its dates.

Reasons for not being in force are values, each with what to do. Resolved at the moment of use, never from a copied
list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime

from entente.agreements.agreement import Agreement
from entente.agreements.sayings import Say, Saying
from entente.agreements.signatures import Officer, OfficerSignature, Suspension, signing_officer
from entente.signing import Json, PublicKey

OFFICERS_OF_EACH_PARTY = 2

Directory = Iterable[Officer] | Mapping[tuple[str, str], Officer]
"""All officers known here, of all parties; or the same by party and id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInForce:
    """One reason, by `code`; `values` go into its sentence."""

    code: str
    values: Mapping[str, str] = default(default_factory=dict)

    def sentence(self, say: Say) -> str:
        return _SAYINGS[self.code](say, self.values)[0]

    def remedy(self, say: Say) -> str:
        return _SAYINGS[self.code](say, self.values)[1]

    def to_json(self) -> dict[str, Json]:
        return {"code": self.code, **self.values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an agreement stands at one moment; `signed` names the officers that count, by party."""

    agreement: str
    is_in_force: bool
    reasons: tuple[NotInForce, ...]
    signed: Mapping[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Json]:
        return {
            "agreement": self.agreement,
            "is_in_force": self.is_in_force,
            "reasons": [reason.to_json() for reason in self.reasons],
            "signed": {party: list(officers) for party, officers in self.signed.items()},
        }


def in_force(
    agreement: Agreement,
    signatures: Iterable[OfficerSignature],
    officers: Directory,
    suspensions: Iterable[Suspension],
    moment: datetime,
    *,
    node_keys: Iterable[PublicKey] = (),
) -> Standing:
    """How `agreement` stands at `moment`, looked at alone; `standings` also sees versions that replace each other.

    `node_keys` are keys of nodes: a node never signs an agreement.
    """
    directory = _officers(officers)
    unfit = {key.key_id for key in node_keys} | _shared_keys(directory)
    fit = [officer for officer in directory if officer.public_key.key_id not in unfit]
    given = tuple(signatures)
    signed = {party: _signed(agreement, party, given, fit, moment) for party in agreement.signatories}
    reasons = [*_on_days(agreement, moment), *_on_signatures(agreement, signed)]
    reasons.extend(_suspended(agreement, suspensions, directory, moment))
    return Standing(agreement=agreement.digest, is_in_force=not reasons, reasons=tuple(reasons), signed=signed)


def standings(
    agreements: Sequence[Agreement],
    signatures: Iterable[OfficerSignature],
    officers: Directory,
    suspensions: Iterable[Suspension],
    moment: datetime,
    *,
    node_keys: Iterable[PublicKey] = (),
) -> dict[str, Standing]:
    """By digest, how all `agreements` of a node stand: a version in force ends its predecessors, and two different
    texts under one name and version are both not in force."""
    given, closed, keys = tuple(signatures), tuple(suspensions), tuple(node_keys)
    directory = _officers(officers)
    alone = {
        agreement.digest: in_force(agreement, given, directory, closed, moment, node_keys=keys)
        for agreement in agreements
    }
    living = [agreement for agreement in agreements if alone[agreement.digest].is_in_force]
    return {agreement.digest: _among(agreement, alone[agreement.digest], living) for agreement in agreements}


def _among(agreement: Agreement, standing: Standing, living: Sequence[Agreement]) -> Standing:
    reasons = list(standing.reasons)
    for other in living:
        if other.digest == agreement.digest or other.name != agreement.name:
            continue
        if other.version == agreement.version:
            reasons.append(NotInForce(code="two-texts", values={"version": str(other.version), "other": other.digest}))
        elif other.version > agreement.version:
            reasons.append(NotInForce(code="replaced", values={"version": str(other.version)}))
    return Standing(
        agreement=standing.agreement, is_in_force=not reasons, reasons=tuple(reasons), signed=standing.signed
    )


def _officers(officers: Directory) -> tuple[Officer, ...]:
    return tuple(officers.values() if isinstance(officers, Mapping) else officers)


def _shared_keys(directory: Iterable[Officer]) -> set[str]:
    """Keys that stand in the directory for two people: nobody knows who signed with them."""
    owners: dict[str, set[tuple[str, str]]] = {}
    for officer in directory:
        owners.setdefault(officer.public_key.key_id, set()).add((officer.party, officer.id))
    return {key_id for key_id, people in owners.items() if len(people) > 1}


def _signed(
    agreement: Agreement,
    party: str,
    signatures: Iterable[OfficerSignature],
    directory: Iterable[Officer],
    moment: datetime,
) -> tuple[str, ...]:
    """Ids of the officers of `party` whose signature counts at `moment`."""
    found = set()
    for signature in signatures:
        if signature.agreement != agreement.digest or signature.party != party or signature.signed_at > moment:
            continue
        officer = signing_officer(signature, directory, agreement.local_day(signature.signed_at))
        if officer is not None:
            found.add(officer.id)
    return tuple(sorted(found))


def _on_days(agreement: Agreement, moment: datetime) -> list[NotInForce]:
    day = agreement.local_day(moment)
    if day < agreement.valid_from:
        return [NotInForce(code="not-yet", values={"day": agreement.valid_from.isoformat(), "zone": agreement.zone})]
    if day > agreement.valid_until:
        return [NotInForce(code="ended", values={"day": agreement.valid_until.isoformat(), "zone": agreement.zone})]
    return []


def _on_signatures(agreement: Agreement, signed: Mapping[str, tuple[str, ...]]) -> list[NotInForce]:
    return [
        NotInForce(
            code="signatures-missing",
            values={"party": party, "given": str(len(signed[party])), "needed": str(OFFICERS_OF_EACH_PARTY)},
        )
        for party in agreement.signatories
        if len(signed[party]) < OFFICERS_OF_EACH_PARTY
    ]


def _suspended(
    agreement: Agreement, suspensions: Iterable[Suspension], directory: Iterable[Officer], moment: datetime
) -> list[NotInForce]:
    found = []
    for suspension in suspensions:
        is_ours = suspension.agreement == agreement.digest and suspension.party in agreement.signatories
        if is_ours and suspension.suspended_at <= moment:
            day = agreement.local_day(suspension.suspended_at)
            if signing_officer(suspension, directory, day) is not None:
                values = {"party": suspension.party, "day": day.isoformat()}
                found.append(NotInForce(code="suspended", values=values))
    return found


_SAYINGS: Mapping[str, Saying] = {
    "not-yet": lambda say, v: (
        say("It begins on {day} ({zone}).", **v),
        say("Wait until then; nothing leaves before.", **v),
    ),
    "ended": lambda say, v: (
        say("It ended on {day} ({zone}).", **v),
        say("Ask the liaison office for a new version.", **v),
    ),
    "signatures-missing": lambda say, v: (
        say("Of {party}, {given} of {needed} officers have signed.", **v),
        say("Ask officers of {party} to sign with their own keys: `entente agreements sign`.", **v),
    ),
    "suspended": lambda say, v: (
        say("{party} suspended it on {day}.", **v),
        say("Ask {party}; a suspended agreement comes back as a new version signed by all.", **v),
    ),
    "replaced": lambda say, v: (
        say("Version {version} has replaced it.", **v),
        say("Use version {version}.", **v),
    ),
    "two-texts": lambda say, v: (
        say("Another text with the same name is also signed as version {version}: {other}.", **v),
        say("Compare the two texts with the other parties and sign one of them as a new version.", **v),
    ),
}
