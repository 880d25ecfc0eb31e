"""An agreement comes into force after records were kept: they are offered then, once, in pages."""

from entente.agreements import Agreement
from entente.node.in_force import agreements_between
from entente.node.looking import record_of
from entente.node.offering import PAGE, offer
from entente.node.work import Node, Work
from entente.signing import Json, canonical, digest
from entente.store import RecordRow, Transaction


def sweep(node: Node) -> int:
    """Offers our records to every partner whose provisions in force have changed; how many were looked at.

    Killed in the middle, it begins again: what was queued already is left out.
    """
    with node.store.reading() as tx:
        parties = [row.party for row in tx.partners()]
    return sum(_sweep_for(node, party) for party in parties)


def offer_again(tx: Transaction, partner: str) -> None:
    """The next sweep looks at every record for `partner`, as if its provisions had changed."""
    tx.put_setting(_name(partner), "")


def _sweep_for(node: Node, partner: str) -> int:
    with node.store.reading() as tx:
        fixed = _fingerprint(node, agreements_between(node, tx, partner, node.clock()), partner)
        if tx.setting(_name(partner)) == fixed:
            return 0
    looked_at, after = 0, ""
    while True:
        with node.writing() as work:
            rows = work.tx.current_records(own=True, after=after, limit=PAGE)
            records = [record_of(node, row) for row in rows if not _is_offered(work, row, partner)]
            offer(node, work, partner, records)
            if not rows:
                work.tx.put_setting(_name(partner), fixed)
                return looked_at
        looked_at += len(rows)
        after = rows[-1].id


def _is_offered(work: Work, row: RecordRow, partner: str) -> bool:
    return any(
        decision.partner == partner and decision.record_version == row.version and decision.outcome == "release"
        for decision in work.tx.decisions(row.id)
    )


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


def _name(partner: str) -> str:
    return f"offered:{partner}"
