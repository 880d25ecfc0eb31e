"""Chemical profiles, and what is done to them before they are compared.

A profile is a row of amounts of the same peaks. The pre-treatments are those of the harmonised methods for profiling
amphetamine (Andersson and others, Forensic Science International 169, 2007, parts I to VI) and, for logarithms of
compositions, of Aitchison (1982).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Profiles:
    """`amounts` (specimens x peaks): 0 was looked for and lies below the limit of detection, NaN was not looked for.

    `limits` (same shape) are the limits of detection, in the unit of the amounts. `seizures` numbers the seizure that
    each specimen was taken from.
    """

    amounts: Floats
    limits: Floats
    seizures: Integers

    def __len__(self) -> int:
        return len(self.seizures)

    def only(self, chosen: Booleans | Integers) -> "Profiles":
        """These specimens and no others."""
        return Profiles(self.amounts[chosen], self.limits[chosen], self.seizures[chosen])


def limits_or_smallest(amounts: Floats, told: Floats) -> Floats:
    """`told` (NaN where no limit is told) with the smallest amount seen of the same peak where it is not.

    A peak that nobody saw anywhere has the smallest amount of all peaks; without any amount, 1.
    """
    seen = np.where(amounts > 0, amounts, np.inf)
    smallest = seen.min(axis=0, initial=np.inf)
    least = smallest.min(initial=np.inf)
    smallest = np.where(np.isinf(smallest), least if np.isfinite(least) else 1.0, smallest)
    return np.where(told > 0, told, np.broadcast_to(smallest, amounts.shape))


def shares(profiles: Profiles) -> Floats:
    """Amounts as parts of their specimen's sum; a specimen in which nothing was seen has zeros."""
    amounts = np.nan_to_num(profiles.amounts)
    totals = amounts.sum(axis=1, keepdims=True)
    return np.asarray(amounts / np.where(totals > 0, totals, 1.0))


def log_shares(profiles: Profiles) -> tuple[Floats, Floats]:
    """(values, limits): logarithms of amounts and of limits as parts of the specimen's sum.

    A value is NaN where nothing was seen; then the limit says below what. Where a peak was not looked for both are NaN.
    In the sum a peak below its limit counts half of it, so that one which is just lost does not move all others.
    """
    given = np.where(profiles.amounts == 0, profiles.limits / 2, profiles.amounts)
    totals = np.nan_to_num(given).sum(axis=1, keepdims=True)
    totals = np.where(totals > 0, totals, 1.0)
    is_seen, is_looked = profiles.amounts > 0, ~np.isnan(profiles.amounts)
    values = np.log(np.where(is_seen, profiles.amounts, 1.0) / totals)
    limits = np.log(np.where(is_looked, profiles.limits, 1.0) / totals)
    return np.where(is_seen, values, np.nan), np.where(is_looked, limits, np.nan)


def _filled(profiles: Profiles) -> Floats:
    """Shares in which what lies below its limit stands as half of it (Aitchison's replacement)."""
    totals = np.nan_to_num(profiles.amounts).sum(axis=1, keepdims=True)
    amounts = np.where(profiles.amounts > 0, profiles.amounts, profiles.limits / 2)
    return np.asarray(amounts / np.where(totals > 0, totals, 1.0))


def _logs(profiles: Profiles) -> Floats:
    """Logarithms above those of the smallest limit, so that they are zero or more like the other pre-treatments."""
    logs = np.log(_filled(profiles))
    return np.asarray(logs - logs.min(initial=0.0))


def _clr(profiles: Profiles) -> Floats:
    logs = np.log(_filled(profiles))
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))


PRETREATMENTS: Mapping[str, Callable[[Profiles], Floats]] = MappingProxyType(
    {
        "n": shares,
        "n2r": lambda profiles: np.sqrt(shares(profiles)),
        "n4r": lambda profiles: np.sqrt(np.sqrt(shares(profiles))),
        "log": _logs,
        "clr": _clr,
    }
)
"""By name: shares of the sum, their square and fourth root, logarithms, centred log-ratios."""
