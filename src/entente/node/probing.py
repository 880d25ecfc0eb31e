"""Signs that a partner tries out values: written into the ledger and shown to people; no query is refused for them.

A sign is told once a day for each partner, agreement and purpose.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from entente.agreements import Agreement
from entente.node.work import Work
from entente.signing import Json, canonical, parse
from entente.store import AskingRow, Transaction

MISSES_IN_A_ROW, VALUES_IN_A_ROW, OVER_BUDGET = "misses-in-a-row", "values-in-a-row", "over-budget"
"""Codes of the list `probing-sign`."""
MOST_MISSES = 15
"""So many queries of a day that found nothing, one after the other, are a sign."""
MOST_VALUES, LARGEST_STEP = 8, 5
"""So many values whose numbers lie at most this far apart are a sign."""
LOOKED_BACK = 60
_SETTING = "probing"
_MOST_KEPT = 100
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """A sign of the list `probing-sign`, on the local day of the agreement."""

    partner: str
    agreement: str
    name: str
    purpose: str
    sign: str
    day: str

    def to_json(self) -> dict[str, Json]:
        return {
            "partner": self.partner,
            "agreement": self.agreement,
            "name": self.name,
            "purpose": self.purpose,
            "sign": self.sign,
            "day": self.day,
        }


def suspicions(tx: Transaction) -> Sequence[Suspicion]:
    """What was noticed, newest first."""
    kept = parse((tx.setting(_SETTING) or "[]").encode())
    return [Suspicion(**one) for one in reversed(kept)]


def is_new(work: Work, found: Suspicion) -> bool:
    """Keeps it; False where it was told on this day before."""
    kept = [*reversed(suspicions(work.tx))]
    if found in kept:
        return False
    told: list[Json] = [one.to_json() for one in [*kept, found][-_MOST_KEPT:]]
    work.tx.put_setting(_SETTING, canonical(told).decode())
    return True


def suspicion(work: Work, partner: str, agreement: Agreement, purpose: str, sign: str) -> Suspicion:
    day = agreement.local_day(work.now).isoformat()
    return Suspicion(
        partner=partner, agreement=agreement.digest, name=agreement.name, purpose=purpose, sign=sign, day=day
    )


def suspect(work: Work, partner: str, agreement: Agreement, purpose: str, sign: str) -> None:
    """Writes the sign into the ledger, once a day."""
    found = suspicion(work, partner, agreement, purpose, sign)
    if is_new(work, found):
        facts: dict[str, Json] = {"partner": partner, "agreement": agreement.digest, "purpose": purpose, "watch": sign}
        work.write("probing-suspected", agreement.digest, facts)


def sign_of(newest: Sequence[AskingRow], misses: Iterable[bool]) -> str:
    """The sign that these queries of one day give, newest first; empty for none. `misses`: which of them found
    nothing."""
    run = 0
    for is_miss in misses:
        if not is_miss:
            break
        run += 1
    if run >= MOST_MISSES:
        return MISSES_IN_A_ROW
    return VALUES_IN_A_ROW if _longest_count(newest) >= MOST_VALUES else ""


def _longest_count(rows: Sequence[AskingRow]) -> int:
    """How many different values follow each other by number, where all else in them is the same."""
    numbers: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        for one in parse(row.body)["selector"]:
            for found in _NUMBER.finditer(one["value"][:64]):
                stem = one["value"][: found.start()] + "#" + one["value"][found.end() :]
                numbers.setdefault((one["field"], stem), set()).add(int(found[0]))
    return max((_run(sorted(found)) for found in numbers.values()), default=0)


def _run(numbers: Sequence[int]) -> int:
    longest = run = 1
    for one, other in pairwise(numbers):
        run = run + 1 if other - one <= LARGEST_STEP else 1
        longest = max(longest, run)
    return longest
