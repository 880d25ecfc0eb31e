"""What would make it possible: the same ask with one thing changed, where that gives more.

INVARIANT: no way round. Where a forbid keeps something back, or a limit of the record itself, no other receiver is
named, as if it could pass it on; nobody else's records are offered to anybody.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from entente.agreements.agreement import EMERGENCY, RESCUE, Agreement, Occasion, Provision
from entente.agreements.deciding.decision import Ask
from entente.agreements.guiding.guidance import Guidance, guide
from entente.vocabulary import Vocabulary

MOST_ALTERNATIVES = 5
Change = Literal["said-by", "occasion", "purpose", "receiver"]
_CHANGES: tuple[Change, ...] = ("said-by", "occasion", "purpose", "receiver")
_OCCASIONS: tuple[Occasion, ...] = ("on-request", "on-hit", EMERGENCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A party, its roles, and the agreements that bear on what passes to it."""

    party: str
    roles: frozenset[str]
    agreements: Sequence[Agreement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """With `code` in the place of what was asked, and what would be answered then."""

    change: Change
    code: str
    guidance: Guidance


def alternatives(
    found: Guidance,
    here: Neighbour,
    others: Iterable[Neighbour],
    vocabulary: Vocabulary,
    known: Collection[str] | None = None,
) -> tuple[Alternative, ...]:
    """What would permit more than `found`, which asked about `here`: as said by somebody on whose
    behalf something is given first (never of a record at hand, which says by whom it was said), then on another
    occasion, for another purpose, to one of `others`; of each first what permits most. At most MOST_ALTERNATIVES."""
    if found.answer == "yes":
        return ()
    better = []
    for change, code, ask, neighbour in (*_said_by(found, here, known), *_changed(found, here, others)):
        other = guide(ask, neighbour.agreements, vocabulary, known)
        if _gives_more(other, found):
            better.append(Alternative(change=change, code=code, guidance=other))
    better.sort(key=_rank)
    return tuple(better[:MOST_ALTERNATIVES])


def _said_by(
    found: Guidance, here: Neighbour, known: Collection[str] | None
) -> Iterator[tuple[Change, str, Ask, Neighbour]]:
    ask = found.ask
    if known is None or ask.through:
        return
    given = (one for agreement in here.agreements for one in agreement.provisions if one.effect == "permit")
    for code in originators(
        one for one in given if one.is_between(ask.giver, ask.receiver) and one.fields_of(ask.kind)
    ):
        if code not in (ask.giver, ask.receiver):
            yield "said-by", code, replace(ask, record=replace(ask.record, said_by=code)), here


def originators(permits: Iterable[Provision]) -> list[str]:
    """On whose behalf `permits` give, sorted."""
    return sorted({party for one in permits for party in one.on_behalf_of or ()})


def _changed(
    found: Guidance, here: Neighbour, others: Iterable[Neighbour]
) -> Iterator[tuple[Change, str, Ask, Neighbour]]:
    ask = found.ask
    for occasion in _OCCASIONS:
        purpose = RESCUE if occasion == EMERGENCY else ask.purpose
        if occasion != ask.occasion:
            yield "occasion", occasion, replace(ask, occasion=occasion, purpose=purpose), here
    for purpose in _purposes(here.agreements, ask):
        if purpose != ask.purpose:
            yield "purpose", purpose, replace(ask, purpose=purpose), here
    if found.is_forbidden or (found.refusal is not None and found.refusal.code != "nothing-in-force"):
        return
    for other in others:
        if other.party not in (ask.giver, ask.receiver):
            yield "receiver", other.party, replace(ask, receiver=other.party, receiver_roles=other.roles), other


def _purposes(agreements: Iterable[Agreement], ask: Ask) -> list[str]:
    """For what something of this kind is given to this receiver, on any occasion."""
    return list(
        dict.fromkeys(
            purpose
            for agreement in agreements
            for permit in agreement.provisions
            if permit.effect == "permit" and permit.is_between(ask.giver, ask.receiver) and permit.fields_of(ask.kind)
            for purpose in permit.purposes or ()
        )
    )


def _size(found: Guidance) -> tuple[int, int, int]:
    return len(found.fields("goes")), len(found.fields("asks")), len(found.fields("depends"))


def _gives_more(other: Guidance, found: Guidance) -> bool:
    """It loses nothing that may go, and adds something."""
    surely, then = found.fields("goes", "asks"), other.fields("goes", "asks")
    maybe, or_then = found.fields("depends"), other.fields("depends")
    return then >= surely and (then > surely or then | or_then > surely | maybe or _size(other) > _size(found))


def _rank(one: Alternative) -> tuple[int, ...]:
    return (_CHANGES.index(one.change), *(-number for number in _size(one.guidance)))
