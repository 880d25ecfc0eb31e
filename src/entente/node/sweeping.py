"""An agreement comes into force after records were kept: they are offered then, once, in pages.

So is what a partner did not take in, when it is time to try again (entente.node.shelving).
"""

import math
import time

from entente.agreements import EMERGENCY, RESCUE, Agreement
from entente.node.heard import stale
from entente.node.hearing import hear
from entente.node.in_force import agreements_now, bearing_on, standings
from entente.node.looking import record_of
from entente.node.offering import PAGE, offer, receivers
from entente.node.onward import of_those, spoken_for
from entente.node.redisclosing import ASKED, GRANTED
from entente.node.shelving import OFFERED, SHELVED, ripen, rounds
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest, parse
from entente.store import DecisionRow, RecordRow, Transaction

Place = tuple[str, str]
"""Whose records, and the id after which the next page begins."""
OWN, OTHERS = "own", "others"
BEGINNING: Place = (OWN, "")


def sweep(node: Node, *, may_wait: bool = True, seconds: float = math.inf) -> int:
    """Offers our records to every partner whose provisions in force have changed, or to which it is time to offer again
    what it did not take in (at once unless it `may_wait`); how many were looked at.

    Killed in the middle, or after `seconds`, it goes on next time where it stopped.
    """
    until = time.monotonic() + seconds
    with node.store.reading() as tx:
        parties = receivers(tx)
    if not may_wait:
        with node.store.writing() as tx:
            for party in parties:
                ripen(tx, party, node.clock())
    with node.store.reading() as tx:
        found = standings(node, tx, node.clock())
        with_grant = {row.partner for row in tx.redisclosures(ASKED) if row.state == GRANTED}
    bearing = {party: bearing_on(found, node.party, party) for party in parties}
    hear(node, with_grant | {said for party, texts in bearing.items() for said in spoken_for(texts, node.party, party)})
    with node.store.reading() as tx:
        wanted = {party: _fixed(node, tx, texts, party) for party, texts in bearing.items()}
        changed = {party: fixed for party, fixed in wanted.items() if tx.setting(OFFERED.format(party)) != fixed}
    return sum(_sweep_for(node, party, fixed, until) for party, fixed in changed.items())


def _fixed(node: Node, tx: Transaction, agreements: tuple[Agreement, ...], partner: str) -> str:
    unheard = spoken_for(agreements, node.party, partner) and stale(tx, node.clock())
    told = digest(canonical(sorted(unheard))) if unheard else ""
    return _fingerprint(node, agreements, partner) + rounds(tx, partner, node.clock()) + told


def _sweep_for(node: Node, partner: str, fixed: str, until: float) -> int:
    """Pages of our own records, then of those of others that we speak for. Each notes in its own transaction where the
    next one begins.

    INVARIANT: what is kept meanwhile, before that place, was offered when it was kept.
    """
    with node.store.reading() as tx:
        place: Place | None = _place(tx.setting(OFFERED.format(partner)) or "", fixed)
    looked_at = 0
    while place is not None:
        with node.writing() as work:
            number, place = _sweep_page(node, work, partner, place)
            work.tx.put_setting(OFFERED.format(partner), fixed if place is None else f"{fixed} {' '.join(place)}")
        looked_at += number
        if time.monotonic() >= until:
            break
    return looked_at


def _place(noted: str, fixed: str) -> Place:
    """Where an earlier sweep under the same provisions stopped, else the beginning."""
    under, _, place = noted.partition(" ")
    whose, _, after = place.partition(" ")
    return (whose, after) if under == fixed and whose else BEGINNING


def _sweep_page(node: Node, work: Work, partner: str, place: Place) -> tuple[int, Place | None]:
    """How many records were looked at, and where the next page begins; None after the last."""
    whose, after = place
    spoken = spoken_for(agreements_now(node, work, partner), node.party, partner)
    is_wanted = whose == OWN or bool(spoken)
    page = work.tx.current_records(own=whose == OWN, after=after, limit=PAGE) if is_wanted else ()
    rows = page if whose == OWN else of_those(page, spoken, partner, stale(work.tx, work.now))
    offer(node, work, partner, [record_of(node, row) for row in rows if not _is_offered(work, row, partner)])
    if page:
        return len(rows), (whose, page[-1].id)
    return 0, (OTHERS, "") if whose == OWN else None


def _is_offered(work: Work, row: RecordRow, partner: str) -> bool:
    outcomes = {
        decision.outcome
        for decision in work.tx.decisions(row.id)
        if (decision.partner, decision.record_version) == (partner, row.version)
        and not (decision.purpose == RESCUE and _in_emergency(work, decision))
    }
    return "release" in outcomes and outcomes.isdisjoint(SHELVED)


def _in_emergency(work: Work, decision: DecisionRow) -> bool:
    """What an officer gave for a rescue says nothing of what standing provisions give."""
    found = work.tx.explanation(decision.mask)
    return found is not None and parse(found.body)["asked"]["occasion"] == EMERGENCY


def _fingerprint(node: Node, agreements: tuple[Agreement, ...], partner: str) -> str:
    """Changes with the texts in force, with the day's provisions, and when a text begins to bind both of us or to
    succeed another."""
    now = node.clock()
    valid: dict[str, Json] = {
        agreement.digest: [
            {node.party, partner} <= set(agreement.parties),
            sorted(agreement.succeeds),
            *sorted(p.id for p in agreement.provisions if p.is_valid_on(agreement.local_day(now))),
        ]
        for agreement in agreements
    }
    return digest(canonical(valid))
