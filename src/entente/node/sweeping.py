"""An agreement comes into force after records were kept: they are offered then, once, in pages.

So is what a partner did not take in, when it is time to try again (entente.node.shelving).
"""

from entente.agreements import Agreement
from entente.node.in_force import bearing_on, standings
from entente.node.looking import record_of
from entente.node.offering import PAGE, offer
from entente.node.shelving import OFFERED, SHELVED, ripen, rounds
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest
from entente.store import RecordRow, Transaction


def sweep(node: Node, *, may_wait: bool = True) -> int:
    """Offers our records to every partner whose provisions in force have changed, or to which it is time to offer again
    what it did not take in (at once unless it `may_wait`); how many were looked at.

    Killed in the middle, it begins again: what was queued already is left out.
    """
    with node.store.reading() as tx:
        parties = [row.party for row in tx.partners()]
    if not may_wait:
        with node.store.writing() as tx:
            for party in parties:
                ripen(tx, party, node.clock())
    with node.store.reading() as tx:
        found = standings(node, tx, node.clock())
        wanted = {party: _fixed(node, tx, bearing_on(found, node.party, party), party) for party in parties}
        changed = {party: fixed for party, fixed in wanted.items() if tx.setting(OFFERED.format(party)) != fixed}
    return sum(_sweep_for(node, party, fixed) for party, fixed in changed.items())


def _fixed(node: Node, tx: Transaction, agreements: tuple[Agreement, ...], partner: str) -> str:
    return _fingerprint(node, agreements, partner) + rounds(tx, partner, node.clock())


def _sweep_for(node: Node, partner: str, fixed: str) -> int:
    looked_at, after = 0, ""
    while True:
        with node.writing() as work:
            rows = work.tx.current_records(own=True, after=after, limit=PAGE)
            records = [record_of(node, row) for row in rows if not _is_offered(work, row, partner)]
            offer(node, work, partner, records)
            if not rows:
                work.tx.put_setting(OFFERED.format(partner), fixed)
                return looked_at
        looked_at += len(rows)
        after = rows[-1].id


def _is_offered(work: Work, row: RecordRow, partner: str) -> bool:
    outcomes = {
        decision.outcome
        for decision in work.tx.decisions(row.id)
        if (decision.partner, decision.record_version) == (partner, row.version)
    }
    return "release" in outcomes and outcomes.isdisjoint(SHELVED)


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
