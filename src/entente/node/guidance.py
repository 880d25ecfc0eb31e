"""May I share this, and if not, whom do I ask? Answers from the agreements in force at this node at this moment.

Nothing is released, queued or changed. Of a record it is a look, so it is logged; what somebody states of a record that
is not at hand is kept nowhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from entente.agreements import (
    EMERGENCY,
    NO_LIMITS,
    Agreement,
    Alternative,
    Ask,
    Guidance,
    Limits,
    Neighbour,
    NotInForce,
    Occasion,
    Standing,
    alternatives,
    guide,
    originators,
    sketch,
)
from entente.errors import InputFault
from entente.node.facts import Facts
from entente.node.in_force import bearing_on, roles_of, standings
from entente.node.keeping_days import today_for
from entente.node.listing import readable
from entente.node.looking import Look, NoSuchRecord, look_at_one
from entente.node.onward import bound
from entente.node.people import people
from entente.node.work import Node
from entente.records import Kind, Record
from entente.store import RecordRow

Urgency = Literal["routine", "asked", "hit", "life"]
URGENCIES: Mapping[str, Occasion] = MappingProxyType(
    {"routine": "standing", "asked": "on-request", "hit": "on-hit", "life": EMERGENCY}
)
"""What an officer says of the occasion -> what agreements call it."""


class NoUrgency(InputFault):
    """`{urgency}` is not an urgency. Use one of: {known}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to share: with `partner`, for `purpose`, under an urgency (URGENCIES). `said_by`: who said
    it, where it is not our own and no record of it is at hand."""

    partner: str
    purpose: str
    urgency: str = "routine"
    said_by: str = ""


Wish = Literal["release", "originator", "sign", "propose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask, and for what: people of `party`, by name or by the id of their office; nobody is known where there
    are none."""

    wish: Wish
    party: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The answer at the moment `at`. `record` is the version asked about; None: none was at hand. `not_in_force`:
    agreements between both that do not bind them now, and why."""

    wanted: Wanted
    at: datetime
    guidance: Guidance
    alternatives: tuple[Alternative, ...]
    contacts: tuple[Contact, ...]
    not_in_force: tuple[tuple[Agreement, tuple[NotInForce, ...]], ...]
    record: RecordRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The record asked about, and what it is bound by; `known` fields, None: all, as `row` is at hand."""

    record: Record
    kind: Kind
    limits: Limits = NO_LIMITS
    chain: tuple[str, ...] = ()
    known: frozenset[str] | None = None
    row: RecordRow | None = None


def advise(node: Node, wanted: Wanted, kind_name: str, facts: Facts) -> Advice:
    """About a record, of our own or said by `wanted.said_by`, of which no more is known than `facts`; what binds a
    record that came here from others (Limits) is not known of it. Raises UnknownKind, UnknownWord, NoUrgency."""
    kind = node.catalogue.kind(kind_name)
    stated = {name: value for name, value in facts.items() if value is not None}
    record = sketch(kind, stated, wanted.said_by or node.party, node.clock())
    return _advice(node, wanted, _Asked(record=record, kind=kind, known=frozenset(facts)))


def advise_on(node: Node, look: Look, wanted: Wanted, record_id: str, *, own: bool | None = None) -> Advice:
    """About the current version of a record, of which the person may see our own (`own` True) or both (None); a look
    at it, logged as one.

    Raises NoReason, UnknownWord, NoUrgency, NoSuchRecord.
    """
    _check(node, wanted)
    row = look_at_one(node, look, record_id, own=own).versions[-1]
    record = readable(node, row)
    if record is None:
        raise NoSuchRecord(record=record_id)
    kind = node.catalogue.kind(row.kind)
    with node.store.reading() as tx:
        binds = bound(row, today_for(node, tx, row, node.clock()))
    about = _Asked(record=record, kind=kind, limits=binds.limits, chain=binds.chain, row=row)
    return _advice(node, wanted, about)


def behalf(node: Node) -> list[str]:
    """Those on whose behalf we give something under an agreement in force, sorted."""
    with node.store.reading() as tx:
        held = standings(node, tx, node.clock())
    bound = (standing.narrowed(text) for text, standing in held if node.party in standing.bound)
    permits = [one for text in bound for one in text.provisions if node.party in one.giver]
    return [party for party in originators(permits) if party != node.party]


def _check(node: Node, wanted: Wanted) -> None:
    words = node.catalogue.vocabulary
    words.list("party").term(wanted.partner)
    words.list("party").term(wanted.said_by or node.party)
    words.list("purpose").term(wanted.purpose)
    if wanted.urgency not in URGENCIES:
        raise NoUrgency(urgency=wanted.urgency, known=", ".join(URGENCIES))


def _advice(node: Node, wanted: Wanted, about: _Asked) -> Advice:
    _check(node, wanted)
    now, words = node.clock(), node.catalogue.vocabulary
    with node.store.reading() as tx:
        held = standings(node, tx, now)
        officers = [(one.party, one.officer, one.title) for one in tx.officers()]
    here = _neighbour(node, held, wanted.partner)
    ask = Ask(
        record=about.record,
        kind=about.kind,
        giver=node.party,
        receiver=wanted.partner,
        receiver_roles=here.roles,
        purpose=wanted.purpose,
        occasion=URGENCIES[wanted.urgency],
        moment=now,
        limits=about.limits,
        chain=about.chain,
    )
    found = guide(ask, here.agreements, words, about.known)
    closed = tuple(_not_in_force(held, ask))
    return Advice(
        wanted=wanted,
        at=now,
        guidance=found,
        alternatives=alternatives(found, here, _others(node, held, wanted.partner), words, about.known),
        contacts=tuple(_contacts(node, found, closed, officers)),
        not_in_force=closed if found.refusal is not None and found.refusal.code == "nothing-in-force" else (),
        record=about.row,
    )


def _neighbour(node: Node, held: Sequence[tuple[Agreement, Standing]], party: str) -> Neighbour:
    return Neighbour(
        party=party,
        roles=roles_of(node.catalogue.vocabulary, party),
        agreements=bearing_on(held, node.party, party),
    )


def _others(node: Node, held: Sequence[tuple[Agreement, Standing]], partner: str) -> Iterator[Neighbour]:
    """Everybody else with whom an agreement of ours is in force."""
    partners = {other for _, standing in held for other in standing.partners_of(node.party)}
    return (_neighbour(node, held, party) for party in sorted(partners - {partner}))


def _not_in_force(
    held: Iterable[tuple[Agreement, Standing]], ask: Ask
) -> Iterator[tuple[Agreement, tuple[NotInForce, ...]]]:
    """Texts that would give something of this kind and do not bind both now, with the reasons that concern them."""
    pair = {ask.giver, ask.receiver}
    for text, standing in held:
        if pair <= set(text.parties) and pair not in standing.pairs and _gives(text, ask):
            about = {*pair, *text.also_signed_by}
            yield text, tuple(one for one in standing.reasons if one.values.get("party", ask.giver) in about)


def _gives(text: Agreement, ask: Ask) -> bool:
    return any(
        one.effect == "permit" and one.is_between(ask.giver, ask.receiver) and one.fields_of(ask.kind)
        for one in text.provisions
    )


Office = tuple[str, str, str]


def _contacts(
    node: Node,
    found: Guidance,
    closed: Sequence[tuple[Agreement, tuple[NotInForce, ...]]],
    officers: Sequence[Office],
) -> Iterator[Contact]:
    refusal = found.refusal
    if refusal is None:
        if any(part.officers for part in found.parts):
            yield Contact(wish="release", party=node.party, people=_releasing(node) or _named(officers, node.party))
        if found.answer == "no" and not found.is_forbidden:
            yield Contact(wish="propose", party=node.party, people=_named(officers, node.party))
    elif refusal.code == "third-party":
        yield from (Contact(wish="originator", party=party, people=()) for party in refusal.details)
    elif refusal.code == "nothing-in-force" and closed:
        missing = {reason.values["party"] for _, reasons in closed for reason in reasons if "party" in reason.values}
        for party in sorted(missing) or sorted((node.party, found.ask.receiver)):
            yield Contact(wish="sign", party=party, people=_named(officers, party))
    elif refusal.code == "nothing-in-force":
        yield Contact(wish="propose", party=node.party, people=_named(officers, node.party))


def _releasing(node: Node) -> tuple[str, ...]:
    """Who has an account here and may release."""
    return tuple(
        f"{one.person} ({one.name})" if one.person not in ("", one.name) else one.name
        for one in people(node)
        if one.may("release")
    )


def _named(officers: Iterable[Office], party: str) -> tuple[str, ...]:
    return tuple(f"{title} ({office})" if title else office for of, office, title in officers if of == party)
