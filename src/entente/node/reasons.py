"""Why may I see this, and why is this field struck? Of our own record, from the decisions that are kept; of a received
one, derived here as its giver would decide under the same agreement, on the values that came.

INVARIANT: nothing here knows a value that did not come; two records that look the same here have the same reasons.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from entente.agreements import (
    NO_LIMITS,
    Agreement,
    Approval,
    Ask,
    Decision,
    Provision,
    ProvisionRef,
    Withheld,
    decide,
    officers_needed,
)
from entente.node.grounds import Cited, FieldReason, FieldReasons, Ground, Held, PartnerReasons, State
from entente.node.in_force import agreements_between, roles_of
from entente.node.limits import limits_of
from entente.node.listing import readable
from entente.node.looking import Dossier, Look, NoSuchRecord, look_at_one
from entente.node.offering import receivers, standing_purposes
from entente.node.training_results import trained_for
from entente.node.work import Node
from entente.records import Kind, Record
from entente.signing import digest, parse
from entente.store import RecordRow, Transaction


def reasons(
    node: Node, look: Look, record_id: str, *, own: bool | None = None, version: int | None = None
) -> FieldReasons:
    """Of one version, by default the current one; it is a look at the record and logged as one.

    Raises NoReason, UnknownWord, NoSuchRecord.
    """
    return reasons_in(node, look, look_at_one(node, look, record_id, own=own), version)


def reasons_in(node: Node, look: Look, dossier: Dossier, version: int | None = None) -> FieldReasons:
    """As `reasons`, of a record that was looked at just now. Raises NoSuchRecord for a version it does not have."""
    last = dossier.versions[-1]
    row = last if version is None else next((one for one in dossier.versions if one.version == version), None)
    if row is None:
        raise NoSuchRecord(record=f"{last.id}/{version}")
    with node.store.reading() as tx:
        texts = _Texts(node, tx)
        record = readable(node, row)
        fields = tuple(_of_received(texts, row, record)) if row.via is not None and record is not None else ()
        partners = tuple(_of_own(texts, row, record, dossier)) if row.via is None and record is not None else ()
        held = _held(texts, row) if row.via is not None else None
    return FieldReasons(
        record_id=row.id,
        version=row.version,
        kind=row.kind,
        said_by=row.said_by,
        receiver=node.party,
        why=look.why,
        purpose=look.purpose,
        held=held,
        inherited=limits_of(row),
        fields=fields,
        partners=partners,
    )


class _Texts:
    """The agreements kept here, by digest; a text that was changed is not cited."""

    def __init__(self, node: Node, tx: Transaction) -> None:
        self.node, self.tx = node, tx
        self._held = {
            row.digest: node.agreement(row.digest, row.source)
            for row in tx.agreements()
            if digest(row.source) == row.digest
        }

    def text(self, agreement: str) -> Agreement | None:
        return self._held.get(agreement)

    def cited(self, ref: Mapping[str, Any]) -> Cited:
        """`ref` is the JSON of a ProvisionRef."""
        text = self.text(ref["agreement"])
        found = text.provision(ref["provision"]) if text else None
        return Cited(
            ref=ProvisionRef(ref["name"], ref["version"], ref["provision"], ref["agreement"]),
            reference=found.reference if found else "",
            text=found.text if found else {},
        )

    def giving(self, agreement: str, provisions: Sequence[str], kind: Kind, field: str) -> tuple[Cited, ...]:
        """Those of `provisions` that speak of `field`; all of them where the text is not kept here."""
        text = self.text(agreement)
        name, version = (text.name, text.version) if text else ("", 0)
        told = [one for one in provisions if text is None or field in _fields(text.provision(one), kind)]
        return tuple(
            self.cited({"agreement": agreement, "name": name, "version": version, "provision": one}) for one in told
        )


def _fields(provision: Provision | None, kind: Kind) -> frozenset[str]:
    return provision.fields_of(kind) if provision else frozenset()


def _held(texts: _Texts, row: RecordRow) -> Held:
    handling = _handling(row)
    text = texts.text(handling["agreement"])
    return Held(
        agreement=f"{text.name} v{text.version}" if text else handling["agreement"],
        purposes=tuple(handling["purposes"]),
        caveats=tuple(handling["caveats"]),
        retain_until=handling.get("retain_until") or "",
    )


def _handling(row: RecordRow) -> dict[str, Any]:
    nothing: dict[str, Any] = {"agreement": "", "provisions": [], "purposes": [], "caveats": []}
    return nothing | (parse(row.handling) if row.handling is not None else {})


# Our own records


def _of_own(texts: _Texts, row: RecordRow, record: Record, dossier: Dossier) -> Iterator[PartnerReasons]:
    """Every decision about this version, then every partner for which there is none."""
    node = texts.node
    decided = set()
    for decision, kept in dossier.decisions:
        if decision.record_version != row.version:
            continue
        decided.add(decision.partner)
        body = parse(kept.body) if kept else None
        yield PartnerReasons(
            giver=node.party,
            partner=decision.partner,
            purpose=decision.purpose,
            outcome=decision.outcome,
            decided_at=decision.decided_at,
            body=body,
            fields=tuple(_decided(texts, record, body)) if body else (),
        )
    for partner in receivers(texts.tx):
        if partner not in decided:
            outcome = _undecided(texts, row, partner)
            yield PartnerReasons(giver=node.party, partner=partner, purpose="", outcome=outcome)


def _undecided(texts: _Texts, row: RecordRow, partner: str) -> str:
    node = texts.node
    agreements = agreements_between(node, texts.tx, partner, node.clock())
    if not agreements:
        return "nothing-in-force"
    kinds = standing_purposes(agreements, node.party, partner).values()
    return "not-yet" if any(row.kind in found for found in kinds) else "not-standing"


def _decided(texts: _Texts, record: Record, body: Mapping[str, Any]) -> Iterator[FieldReason]:
    """For each field that the record holds, by the explanation `body` of its decision."""
    kind, asked = texts.node.catalogue.kind(record.kind), body["asked"]
    withheld = {found["field"]: found for found in body["withheld"]}
    for field in kind.fields:
        if field.name not in record.values:
            continue
        goes, waits = field.name in body["fields"], field.name in body["waiting"]
        if goes or waits:
            cited = texts.giving(body["agreement"], body["provisions"], kind, field.name)
            ground = Ground(state="goes" if goes else "waits", purposes=(asked["purpose"],), cited=cited)
        else:
            ground = _withheld(texts, withheld[field.name], body)
        yield FieldReason(
            kind=kind.name,
            name=field.name,
            is_present=True,
            giver=asked["giver"],
            receiver=asked["receiver"],
            grounds=(ground,),
        )


def _withheld(texts: _Texts, found: Mapping[str, Any], body: Mapping[str, Any]) -> Ground:
    named = found["by"] or found["near_misses"]
    state: State = "forbidden" if found["by"] else "unmet" if found["near_misses"] else "no-provision"
    cited = tuple(texts.cited(one) for one in named)
    return Ground(state=state, purposes=(body["asked"]["purpose"],), cited=cited, found=found, body=body)


# Received records


@dataclass(frozen=True, slots=True)
class _Came:
    """What came, under which provisions of which text, and what its giver would decide about it for each purpose."""

    texts: _Texts
    kind: Kind
    agreement: str
    provisions: tuple[str, ...]
    decisions: tuple[Decision, ...]


def _of_received(texts: _Texts, row: RecordRow, record: Record) -> Iterator[FieldReason]:
    handling, kind = _handling(row), texts.node.catalogue.kind(row.kind)
    provisions = tuple(handling["provisions"])
    decisions = _derived(texts, row, record, handling)
    came = _Came(texts, kind, handling["agreement"], provisions, decisions)
    for field in kind.fields:
        is_present = field.name in record.values
        yield FieldReason(
            kind=kind.name,
            name=field.name,
            is_present=is_present,
            giver=row.via or row.said_by,
            receiver=texts.node.party,
            grounds=_given(came, handling, field.name) if is_present else _absent(came, field.name),
        )


def _given(came: _Came, handling: Mapping[str, Any], field: str) -> tuple[Ground, ...]:
    cited = came.texts.giving(came.agreement, came.provisions, came.kind, field)
    state: State = "given" if cited else "untraced"
    return (Ground(state=state, purposes=tuple(handling["purposes"]), cited=cited),)


def _derived(texts: _Texts, row: RecordRow, record: Record, handling: Mapping[str, Any]) -> tuple[Decision, ...]:
    """As the giver would decide on the values that came, on the day they came, for every purpose of the handling.

    Named provisions were met, so as many officers as they ask for have approved.
    """
    node, text = texts.node, texts.text(handling["agreement"])
    if text is None or row.via is None:
        return ()
    moment, kind = row.recorded_at, node.catalogue.kind(row.kind)
    named = [found for one in handling["provisions"] if (found := text.provision(one)) is not None]
    bound = agreements_between(node, texts.tx, row.via, moment)
    agreements = bound if any(one.digest == text.digest for one in bound) else (*bound, text)
    asks = (
        Ask(
            record=record,
            kind=kind,
            giver=row.via,
            receiver=node.party,
            receiver_roles=roles_of(node.catalogue.vocabulary, node.party),
            purpose=purpose,
            occasion=next((one.occasion for one in named if one.occasion != "standing"), "standing"),
            moment=moment,
            approvals=_approvals(text, named, kind, row),
            under=text.digest,
            limits=NO_LIMITS,
            chain=tuple(handling.get("chain", ())),
        )
        for purpose in handling["purposes"]
    )
    return tuple(decide(ask, agreements, node.catalogue.vocabulary) for ask in asks)


def _approvals(text: Agreement, named: Sequence[Provision], kind: Kind, row: RecordRow) -> tuple[Approval, ...]:
    number = max((officers_needed(one, is_about_person=kind.is_about_person) for one in named), default=0)
    at = row.recorded_at
    return tuple(Approval(officer=str(one), at=at, passed=trained_for([text], at)) for one in range(number))


def _absent(came: _Came, field: str) -> tuple[Ground, ...]:
    """Why `field` did not come, purposes with the same ground together."""
    if not came.decisions:
        return (Ground(state="untraced", purposes=()),)
    grounds: list[Ground] = []
    for decision in came.decisions:
        ground = _absent_for(came, field, decision)
        same = next((one for one in grounds if _key(one) == _key(ground)), None)
        if same is None:
            grounds.append(ground)
        else:
            together = (*same.purposes, *ground.purposes)
            grounds[grounds.index(same)] = replace(same, purposes=together)
    return tuple(grounds)


def _key(ground: Ground) -> object:
    return ground.state, ground.cited, ground.found


def _absent_for(came: _Came, field: str, decision: Decision) -> Ground:
    """INVARIANT: a forbid or an unmet condition is named only as far as the values that came show it."""
    texts, purposes = came.texts, (decision.ask.purpose,)
    found = next((one for one in decision.withheld if one.field == field), Withheld(field, (), ()))
    body = decision.to_json()
    if any(not forbid.unknown for forbid in found.by):
        return _withheld(texts, found.to_json(), body)
    if found.by:
        cited = tuple(texts.cited(forbid.provision.to_json()) for forbid in found.by)
        return Ground(state="maybe-forbidden", purposes=purposes, cited=cited)
    giving = texts.giving(came.agreement, came.provisions, came.kind, field)
    if giving or field in decision.fields or field in decision.waiting:
        return Ground(state="not-stated", purposes=purposes, cited=giving)
    return _withheld(texts, found.to_json(), body)
