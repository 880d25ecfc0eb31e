"""How long our own records are held: `retention.toml` in the folder of the node, where the agency has a rule.

    zone = "America/Toronto"

    [days]
    case = 3650

What is not named has no end here. Days are inclusive and counted from the day on which the newest version was recorded.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from entente.errors import Misconfigured
from entente.node.keeping_days import NO_ZONE, local_day
from entente.node.work import Node
from entente.signing import canonical, digest
from entente.store import RecordRow

RULES = "retention.toml"
MOST_DAYS = 100_000


class UnusableRules(Misconfigured):
    """{file} cannot be used: {why}. Correct it; nothing of our own is erased until then."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`days` by kind; both empty where there is no file."""

    zone: str
    days: Mapping[str, int]

    @property
    def digest(self) -> str:
        """Of what they say; empty where they say nothing."""
        return digest(canonical({"zone": self.zone, "days": dict(self.days)})) if self.days else ""

    def is_past(self, row: RecordRow, now: datetime) -> bool:
        """Whether the last day of this record of ours is over."""
        return row.kind in self.days and row.recorded_at < self.before(row.kind, now)

    def before(self, kind: str, now: datetime) -> datetime:
        """What was recorded before this moment is past its last day."""
        first = local_day(now, self.zone) - timedelta(days=self.days[kind])
        return datetime.combine(first, time.min, ZoneInfo(self.zone)).astimezone(UTC)


NO_RULES = Rules(NO_ZONE, MappingProxyType({}))


def rules_of(node: Node) -> Rules:
    """Raises UnusableRules."""
    file = node.config.folder / RULES
    if not file.exists():
        return NO_RULES
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableRules(file=file, why=error) from error
    return _checked(node, file, said)


def _checked(node: Node, file: Path, said: Mapping[str, object]) -> Rules:
    zone, days = said.get("zone", NO_ZONE), said.get("days", {})
    if said.keys() - {"zone", "days"} or not isinstance(days, dict):
        raise UnusableRules(file=file, why="it holds `zone` and a table `days`, and nothing else")
    if not isinstance(zone, str) or not _is_zone(zone):
        raise UnusableRules(file=file, why=f"{zone} is no time zone")
    for kind, number in days.items():
        if kind not in node.catalogue.kinds:
            raise UnusableRules(file=file, why=f"{kind} is no kind of record")
        if type(number) is not int or not 1 <= number <= MOST_DAYS:
            raise UnusableRules(file=file, why=f"the days of {kind} are no whole number from 1 to {MOST_DAYS}")
    return Rules(zone, MappingProxyType(days))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
