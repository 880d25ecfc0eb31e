"""Who read records, what for and why: the entries `read` of the ledger, the newest first.

The ledger tells what the access log tells, and the purpose, and nobody can take a line out of it unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from entente.node.ledger_view import LedgerEntry, Wanted, entries_back
from entente.node.people import plain_name
from entente.node.work import Node

READ = "read"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Somebody read `count` records of the kinds `kinds` (empty: of any kind). `purpose` is empty where none was
    stated; `index` is its entry in the ledger."""

    index: int
    at: datetime
    who: str
    why: str
    purpose: str
    kinds: tuple[str, ...]
    count: int


def accesses(node: Node, who: str = "", *, before: int | None = None) -> Iterator[Access]:
    """All accesses, or those of `who`, with a ledger index below `before`; the newest first, read page by page."""
    wanted = Wanted(type=READ, subject=_as_kept(node, who))
    return (_access(entry) for entry in entries_back(node, wanted, before=before))


def _as_kept(node: Node, who: str) -> str:
    """Accounts are kept in small letters; whoever reads at the server's own terminal may be named otherwise."""
    with node.store.reading() as tx:
        return plain_name(who) if tx.account(plain_name(who)) else who.strip()


def _access(entry: LedgerEntry) -> Access:
    facts = entry.facts or {}
    kind = str(facts.get("kind", ""))
    return Access(
        index=entry.index,
        at=entry.at,
        who=entry.subject,
        why=str(facts.get("why", "")),
        purpose=str(facts.get("purpose", "")),
        kinds=() if kind in ("", "all") else tuple(kind.split(", ")),
        count=int(facts.get("count", 0)),
    )
