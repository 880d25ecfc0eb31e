"""Between whom is an agreement in force? Between any two parties of which two named officers each have signed its
bytes, on a day within its dates, once all others have signed that the text names.

Reasons for not being in force are values, each with what to do. Resolved at the moment of use, never from a copied
list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import datetime
from itertools import combinations

from entente.agreements.agreement import Agreement
from entente.agreements.standing.signatures import Officer, OfficerSignature, Suspension, signing_officer
from entente.agreements.standing.succession import signers, succeeded
from entente.agreements.texts.sayings import Say, Saying
from entente.signing import Json, PublicKey

OFFICERS_OF_EACH_PARTY = 2

Directory = Iterable[Officer] | Mapping[tuple[str, str], Officer]
"""All officers known here, of all parties; or the same by party and id."""

Pair = frozenset[str]
"""Two parties."""


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
    """How an agreement stands at one moment: the pairs of parties between which it is in force, and why between no
    others. `signed` names the officers that count, by party; `succeeds` the earlier versions (digests) in whose
    place it stands for what rests on gifts under them; only `standings` can tell."""

    agreement: str
    pairs: frozenset[Pair]
    reasons: tuple[NotInForce, ...]
    signed: Mapping[str, tuple[str, ...]]
    succeeds: frozenset[str] = frozenset()

    @property
    def is_in_force(self) -> bool:
        """Between any two at all."""
        return bool(self.pairs)

    @property
    def bound(self) -> tuple[str, ...]:
        """The parties that it binds now, sorted."""
        return tuple(sorted({party for pair in self.pairs for party in pair}))

    def partners_of(self, party: str) -> tuple[str, ...]:
        """The parties between which and `party` it is in force, sorted."""
        return tuple(sorted(other for pair in self.pairs if party in pair for other in pair - {party}))

    def bears_on(self, one: str, other: str) -> bool:
        """False where it is in force between nobody, and where a newer version has ended it between these two.

        INVARIANT: true also where it binds only one of them, whom a forbid of theirs may bind towards all partners.
        """
        return self.is_in_force and (frozenset((one, other)) in self.pairs or not {one, other} <= set(self.bound))

    def narrowed(self, agreement: Agreement) -> Agreement:
        """`agreement`, whose standing this is, as it is handed to deciding and holding: as it binds now."""
        return replace(agreement.among(self.bound), succeeds=self.succeeds)

    def to_json(self) -> dict[str, Json]:
        return {
            "agreement": self.agreement,
            "is_in_force": self.is_in_force,
            "between": [list(pair) for pair in sorted(tuple(sorted(pair)) for pair in self.pairs)],
            "reasons": [reason.to_json() for reason in self.reasons],
            "signed": {party: list(officers) for party, officers in self.signed.items()},
            "succeeds": sorted(self.succeeds),
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
    on_days, missing = _on_days(agreement, moment), _on_signatures(agreement, signed)
    suspended = _suspended(agreement, suspensions, directory, moment)
    out = {reason.values["party"] for reason in (*missing, *suspended)}
    pairs = combinations([party for party in agreement.parties if party not in out], 2)
    is_open = not on_days and out.isdisjoint(agreement.also_signed_by)
    return Standing(
        agreement=agreement.digest,
        pairs=frozenset(map(frozenset, pairs)) if is_open else frozenset(),
        reasons=(*on_days, *missing, *suspended),
        signed=signed,
    )


def standings(
    agreements: Sequence[Agreement],
    signatures: Iterable[OfficerSignature],
    officers: Directory,
    suspensions: Iterable[Suspension],
    moment: datetime,
    *,
    node_keys: Iterable[PublicKey] = (),
) -> dict[str, Standing]:
    """By digest, how all `agreements` of a node stand. Between two parties, a version in force ends earlier ones, and
    two different texts under one name and version are both not in force; between others they stand as they did. A
    version succeeds an earlier one once it binds everybody who signed that one."""
    given, closed, keys = tuple(signatures), tuple(suspensions), tuple(node_keys)
    directory, signed = _officers(officers), signers(given)
    alone = {
        agreement.digest: in_force(agreement, given, directory, closed, moment, node_keys=keys)
        for agreement in agreements
    }
    return {
        agreement.digest: replace(
            _beside_others(agreement, agreements, alone),
            succeeds=succeeded(agreement, alone[agreement.digest].bound, agreements, signed),
        )
        for agreement in agreements
    }


def _beside_others(agreement: Agreement, all_: Sequence[Agreement], alone: Mapping[str, Standing]) -> Standing:
    """INVARIANT: what ends it is judged by how each text stands alone: two texts that end each other leave neither, nor
    bring back the one before them."""
    standing = alone[agreement.digest]
    reasons, pairs = list(standing.reasons), standing.pairs
    for other in all_:
        if other.digest == agreement.digest or other.name != agreement.name or other.version < agreement.version:
            continue
        shared = standing.pairs & alone[other.digest].pairs
        if shared:
            reasons.append(_ended(agreement, other, shared, is_whole=shared == standing.pairs))
            pairs -= shared
    return replace(standing, pairs=pairs, reasons=tuple(reasons))


def _ended(agreement: Agreement, other: Agreement, shared: frozenset[Pair], *, is_whole: bool) -> NotInForce:
    values = {"version": str(other.version)}
    if other.version == agreement.version:
        return NotInForce(code="two-texts", values={**values, "other": other.digest})
    if is_whole:
        return NotInForce(code="replaced", values=values)
    parties = ", ".join(sorted({party for pair in shared for party in pair}))
    return NotInForce(code="replaced-between", values={**values, "parties": parties})


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
        say("Ask {party}; what it suspended comes back as a new version signed by those whom it is to bind.", **v),
    ),
    "replaced": lambda say, v: (
        say("Version {version} has replaced it.", **v),
        say("Use version {version}.", **v),
    ),
    "replaced-between": lambda say, v: (
        say("Version {version} has replaced it between {parties}.", **v),
        say("Between these parties use version {version}.", **v),
    ),
    "two-texts": lambda say, v: (
        say("Another text with the same name is also signed as version {version}: {other}.", **v),
        say("Compare the two texts with the other parties and sign one of them as a new version.", **v),
    ),
}
