"""How often somebody may do something within a while: counted in memory, for one process serves a node."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from entente.errors import Unavailable

FAILURES, FAILURES_WITHIN = 30, timedelta(minutes=10)
KNOCKS = 300
"""So often within the same time one address may begin to sign in with a passkey alone: all that is begun is kept for a
while (entente.node.steps), and whoever fills that room keeps everybody out."""
SEARCHES_WITHIN = timedelta(hours=1)
_SWEEP_AT = 10_000


class TooManyFailures(Unavailable):
    """Too many attempts to sign in have failed from your address, whatever the names. Try again in {minutes} min."""


class TooManySearches(Unavailable):
    """You have searched {most} times within an hour, and each search is written down. Go on in {minutes} min;
    whoever runs the node can allow more."""


@dataclass(slots=True)
class Pace:
    """At most `most` times within `span` for each key. Threads may share it."""

    most: int
    span: timedelta
    _times: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, now: datetime) -> timedelta | None:
        """Counts one more; or how long to wait, and then nothing is counted."""
        with self._lock:
            if len(self._times) >= _SWEEP_AT:
                self._times = {one: kept for one, kept in self._times.items() if now - kept[-1] < self.span}
            times = self._times.setdefault(key, deque())
            while times and now - times[0] >= self.span:
                times.popleft()
            if len(times) >= self.most:
                return self.span - (now - times[0])
            times.append(now)
        return None

    def give_back(self, key: str) -> None:
        """The last one that was counted did not count."""
        with self._lock:
            times = self._times.get(key)
            if times:
                times.pop()
                if not times:
                    del self._times[key]


class Paces:
    """What the screens of one node count: failures to sign in and knocks by address, searches by person."""

    def __init__(self, searches_per_hour: int) -> None:
        self._failures, self._searches = Pace(FAILURES, FAILURES_WITHIN), Pace(searches_per_hour, SEARCHES_WITHIN)
        self._knocks = Pace(KNOCKS, FAILURES_WITHIN)

    def try_door(self, address: str, now: datetime) -> None:
        """Before somebody at `address` tries to sign in. INVARIANT: it counts as failed until `opened`, so that many at
        once count as many. Raises TooManyFailures."""
        wait = self._failures.take(_line(address), now)
        if wait is not None:
            raise TooManyFailures(minutes=_minutes(wait))

    def opened(self, address: str) -> None:
        """The attempt at `address` was none that failed."""
        self._failures.give_back(_line(address))

    def knock(self, address: str, now: datetime) -> None:
        """Before somebody at `address` is asked for a passkey. Raises TooManyFailures."""
        wait = self._knocks.take(_line(address), now)
        if wait is not None:
            raise TooManyFailures(minutes=_minutes(wait))

    def search(self, who: str, now: datetime) -> None:
        """Raises TooManySearches."""
        wait = self._searches.take(who, now)
        if wait is not None:
            raise TooManySearches(most=self._searches.most, minutes=_minutes(wait))


def _line(address: str) -> str:
    """Whose line it is: whoever has one IPv6 address has the 2**64 beside it (RFC 6177)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address) or found.ipv4_mapped is not None:
        return address
    return str(ip_network((int(found), 64), strict=False))


def _minutes(wait: timedelta) -> int:
    return int(wait.total_seconds() // 60) + 1
