"""When we last held all that a partner had written for us. What others said goes on only while that is not long ago:
the partner may have signed a version by which it goes there no more. Who asks: entente.node.hearing.

INVARIANT: what a partner said is passed on at most GRACE after a moment at which we held all that it had written.
"""

from datetime import datetime, timedelta

from entente.store import Transaction

GRACE = timedelta(hours=1)


def stale(tx: Transaction, now: datetime) -> frozenset[str]:
    """Partners of whom we may not have heard all within GRACE."""
    return frozenset(row.party for row in tx.partners() if not is_within(tx.setting(heard_name(row.party)), now, GRACE))


def is_within(heard: str | None, now: datetime, span: timedelta) -> bool:
    return heard is not None and now - span < datetime.fromisoformat(heard)


def heard_name(party: str) -> str:
    """The setting that says when."""
    return f"heard:{party}"
