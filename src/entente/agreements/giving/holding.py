"""The receiver decides too: may we hold this, for what, under which caveats, until when?

Of what the sender names and what the provisions say, the stricter holds. Conditions on fields that did not come
cannot be judged here and are left to the giver; whatever did come is judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from entente.agreements.agreement import RESCUE, Agreement, Provision
from entente.agreements.deciding.caveats import allowed, closed
from entente.agreements.deciding.combine import (
    combined_caveats,
    combined_duties,
    combined_purposes,
    tighten,
    with_caveats,
    within_limits,
)
from entente.agreements.deciding.conditions import Setting, Values, conjunction
from entente.agreements.deciding.judging import judging
from entente.agreements.giving.arrival import Arrival, Unfit, read_body
from entente.agreements.giving.refusals import Refused
from entente.records import Catalogue, Kind, Provenance, Record, UnreadableRecord, problems, values_from_json
from entente.signing import Json, digest
from entente.vocabulary import Vocabulary

READER = "entente-disclosure"
MAPPING_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What arrived, and how it may be held: `may_use_for` purposes under `caveats`, until the end of `retain_until`.

    Days are local to the agreement's zone; None means that no provision sets one. `chain`: through whom it came to the
    sender, its originator first, where the sender gave it on behalf of others.
    """

    record: Record
    agreement: str
    provisions: tuple[str, ...]
    may_use_for: tuple[str, ...]
    caveats: tuple[str, ...]
    duties: Mapping[str, int]
    retain_until: date | None
    feedback_due: date | None
    chain: tuple[str, ...] = ()

    def handling(self) -> dict[str, Json]:
        """What is kept beside the record."""
        return {
            "agreement": self.agreement,
            "provisions": list(self.provisions),
            "purposes": list(self.may_use_for),
            "caveats": list(self.caveats),
            "duties": dict(self.duties),
            "retain_until": self.retain_until.isoformat() if self.retain_until else None,
            "feedback_due": self.feedback_due.isoformat() if self.feedback_due else None,
            **({"chain": list(self.chain)} if self.chain else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorstep:
    """Who stands at the door, and under what: the receiver's own view at the moment of arrival."""

    sender: str
    receiver: str
    receiver_roles: frozenset[str]
    agreements: Sequence[Agreement]
    catalogue: Catalogue
    moment: datetime


def accept(
    body: bytes,
    *,
    sender: str,
    receiver: str,
    receiver_roles: frozenset[str],
    agreements: Sequence[Agreement],
    catalogue: Catalogue,
    moment: datetime,
    is_simulated: bool,
) -> Holding | Refused:
    """What `receiver` makes of `body`, which `sender` signed. `agreements` are all in force here at `moment` (aware);
    `is_simulated` is the flag of the signed envelope, which must be that of the record.
    """
    door = Doorstep(
        sender=sender,
        receiver=receiver,
        receiver_roles=receiver_roles,
        agreements=agreements,
        catalogue=catalogue,
        moment=moment,
    )
    try:
        arrival = read_body(body)
        kind = _kind(arrival, door, is_simulated=is_simulated)
        return _held(arrival, _record(arrival, kind, door, digest(body)), kind, door)
    except Unfit as unfit:
        return Refused(code=unfit.code, values=unfit.values)


def _kind(arrival: Arrival, door: Doorstep, *, is_simulated: bool) -> Kind:
    said = arrival.record
    kind = door.catalogue.kinds.get(said["kind"])
    came_by = arrival.chain or (door.sender,)
    # INVARIANT: nobody tells us what we said ourselves: kept, it would be as good as our own word.
    if came_by[0] != said["said_by"] or door.sender in arrival.chain or door.receiver in came_by:
        raise Unfit("third-party", originator=said["said_by"])
    if said["is_simulated"] is not is_simulated:
        raise Unfit("simulated-flag")
    if kind is None or kind.version != said["kind_version"]:
        raise Unfit("unknown-kind", kind=said["kind"], version=str(said["kind_version"]))
    if kind.holder_role is not None and kind.holder_role not in door.receiver_roles:
        raise Unfit("holder-role", kind=kind.name, role=kind.holder_role)
    return kind


def _record(arrival: Arrival, kind: Kind, door: Doorstep, body_digest: str) -> Record:
    said = arrival.record
    try:
        values = values_from_json(kind, said["values"])
    except UnreadableRecord as error:
        raise Unfit("not-a-record", why=str(error.values["why"])) from error
    words = door.catalogue.vocabulary
    # A withheld field is simply not there: only what is there can be wrong.
    wrong = [f"{name}: {code}" for name, code in problems(kind, values, words) if code != "missing-value"]
    if said["sure"] not in words.list("confidence").terms:
        wrong.append(f"sure: {said['sure']}")
    if wrong:
        raise Unfit("not-a-record", why=", ".join(wrong))
    return Record(
        id=said["id"],
        version=said["version"],
        kind=kind.name,
        kind_version=kind.version,
        said_by=said["said_by"],
        recorded_at=door.moment,
        sure=said["sure"],
        provenance=Provenance(
            source=f"disclosure from {door.sender}",
            source_digest=body_digest,
            line=1,
            reader=READER,
            mapping_version=MAPPING_VERSION,
        ),
        values=values,
        is_simulated=said["is_simulated"],
    )


def _held(arrival: Arrival, record: Record, kind: Kind, door: Doorstep) -> Holding:
    agreement = next((found for found in door.agreements if found.digest == arrival.agreement), None)
    if agreement is None or not agreement.is_valid_on(agreement.local_day(door.moment)):
        raise Unfit("no-agreement", agreement=arrival.agreement)
    named = [_named(agreement, found, kind, arrival.chain, door) for found in arrival.provisions]
    _check_covered(agreement, named, record, kind, door)
    _check_words(arrival, door.catalogue.vocabulary)
    caveats = closed(with_caveats(combined_caveats(named), kind, *arrival.caveats), door.catalogue.vocabulary)
    is_emergency = {*arrival.purposes} == {RESCUE}
    forbids = list(_forbids(record, kind, door, is_emergency=is_emergency))
    given = within_limits(combined_purposes(named, forbids), arrival.purposes)
    purposes = _purposes(given, kind, caveats, door)
    if not purposes:
        fault, by = ("forbidden", forbids) if forbids else ("no-purpose", named)
        raise Unfit(fault, provisions=", ".join(found.id for found in by))
    duties = combined_duties(named)
    tighten(duties, arrival.duties)
    today = agreement.local_day(door.moment)
    return Holding(
        record=record,
        agreement=agreement.digest,
        provisions=arrival.provisions,
        may_use_for=purposes,
        caveats=caveats,
        duties=duties,
        retain_until=_after(today, duties.get("retain_days")),
        feedback_due=_after(today, duties.get("feedback_days")),
        chain=arrival.chain,
    )


def _check_words(arrival: Arrival, words: Vocabulary) -> None:
    """INVARIANT: what cannot be understood cannot be honoured, so it is not held."""
    unknown = sorted(
        (set(arrival.caveats) - words.list("caveat").terms.keys())
        | (arrival.duties.keys() - words.list("duty").terms.keys())
    )
    if unknown:
        raise Unfit("unknown-handling", words=", ".join(unknown))


def _named(agreement: Agreement, provision_id: str, kind: Kind, chain: Sequence[str], door: Doorstep) -> Provision:
    found = agreement.provision(provision_id)
    is_fit = (
        found is not None
        and found.effect == "permit"
        and {door.sender, door.receiver} <= set(agreement.parties)
        and found.is_between(door.sender, door.receiver)
        and found.is_valid_on(agreement.local_day(door.moment))
        and bool(found.fields_of(kind))
        and found.speaks_for(chain)
    )
    if found is None or not is_fit:
        raise Unfit("no-such-provision", provision=provision_id)
    return found


def _check_covered(
    agreement: Agreement, named: Sequence[Provision], record: Record, kind: Kind, door: Doorstep
) -> None:
    covered: set[str] = set()
    for provision in named:
        if _judged(agreement, provision, kind, record.values, door) is True:
            covered |= provision.fields_of(kind)
    outside = sorted(record.values.keys() - covered)
    if outside:
        raise Unfit("not-covered", fields=", ".join(outside))


def _forbids(record: Record, kind: Kind, door: Doorstep, *, is_emergency: bool) -> Iterable[Provision]:
    """Provisions in force here that forbid this sender to give us something that came. INVARIANT: no agreement delays
    a rescue: of what came in an emergency, only those forbid that name this purpose."""
    for agreement in door.agreements:
        day = agreement.local_day(door.moment)
        is_bound = door.sender in agreement.parties
        is_between = is_bound and door.receiver in agreement.parties
        for found in agreement.provisions:
            if (
                found.effect == "forbid"
                and (is_between or (is_bound and found.scope == "all-partners"))
                and agreement.is_valid_on(day)
                and found.is_valid_on(day)
                and found.is_between(door.sender, door.receiver)
                and not found.fields_of(kind).isdisjoint(record.values)
                and _judged(agreement, found, kind, record.values, door) is not False
                and not (is_emergency and found.purposes is None)
            ):
                yield found


def _judged(agreement: Agreement, provision: Provision, kind: Kind, values: Values, door: Doorstep) -> bool | None:
    """The conditions that can be judged here; for a forbid, one that cannot be judged is left to the giver as well."""
    setting = Setting(kind, door.catalogue.vocabulary, agreement.zone, agreement.local_day(door.moment))
    seen = [c for c in provision.when if all(name in values for name in c.reads)]
    if provision.effect == "forbid" and len(seen) < len(provision.when):
        return False
    return conjunction(judging(condition, setting)(values) for condition in seen)


def _purposes(given: Sequence[str], kind: Kind, caveats: Sequence[str], door: Doorstep) -> tuple[str, ...]:
    """INVARIANT: what a kind may ever serve is asked here too, whatever the sender and the agreement say."""
    purposes = within_limits(given, kind.only_for)
    if given and not purposes:
        raise Unfit("kind-purpose", kind=kind.name, purposes=", ".join(kind.only_for or ()))
    return allowed(purposes, caveats, door.catalogue.vocabulary)


def _after(day: date, days: int | None) -> date | None:
    if days is None:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError:  # beyond the year 9999
        return date.max
