"""First seen anywhere, first seen here, first seen again: told only where somebody had looked before.

A laboratory that tests nothing finds nothing: a find after a year without tests is not called new. A name that was
found elsewhere before is first seen *here*; one that nobody found before is first seen *anywhere*.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.prior import BetaPrior, Counts, Floats
from entente.analysis.aberration.shares import checked

Flags = NDArray[np.bool_]


class Sight(IntEnum):
    """What a find in a place and period is; ABSENT and UNTESTED are no finds."""

    UNTESTED = -1
    ABSENT = 0
    KNOWN = 1
    """Found here within the window before."""
    AGAIN = 2
    """Found here before, but not within the window before, though it was tested for."""
    FIRST_HERE = 3
    """Never found here before, though tested for; found elsewhere before."""
    FIRST_ANYWHERE = 4
    """Never found anywhere before, though tested for here."""
    NOT_COMPARABLE = 5
    """Found, but nobody looked here within the window before: nothing says that it is new."""


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """`sights` codes of Sight, [substance, place, period].

    `first_here` [substance, place] and `first_anywhere` [substance] are periods, -1 for never. `tested_before`
    [substance, place, period] is what was tested within the window before. `p` is the chance that it would be found at
    all, given that it had not been found in all that was tested here before: 1 where nothing is new.
    """

    sights: NDArray[np.int8]
    first_here: Counts
    first_anywhere: Counts
    tested_before: Counts
    p: Floats


def first_seen(positive: NDArray[Any], tested: NDArray[Any], prior: BetaPrior, *, window: int) -> FirstSeen:
    """The sights of [substance, place, period] counts; `window` is how many periods make the 12 months before.

    In `tested`, 0 where that substance was not tested for. Raises ImpossibleShare, WrongShape.
    """
    found, of = checked(positive, tested)
    seen: Flags = np.asarray(found > 0)
    anywhere: Flags = np.asarray(seen.any(axis=1))
    before: Counts = np.cumsum(seen, axis=-1) - seen
    elsewhere: Flags = np.asarray(np.cumsum(anywhere, axis=-1) - anywhere > 0)[:, None, :]
    tested_before, lately = _window_before(of, window), _window_before(seen.astype(np.int64), window)
    cases = [of == 0, ~seen, lately > 0, tested_before == 0, before > 0, np.broadcast_to(elsewhere, seen.shape)]
    codes = [Sight.UNTESTED, Sight.ABSENT, Sight.KNOWN, Sight.NOT_COMPARABLE, Sight.AGAIN, Sight.FIRST_HERE]
    sights = np.select(cases, [int(code) for code in codes], int(Sight.FIRST_ANYWHERE)).astype(np.int8)
    is_new = (sights == Sight.FIRST_HERE) | (sights == Sight.FIRST_ANYWHERE)
    return FirstSeen(
        sights=sights,
        first_here=_first(seen),
        first_anywhere=_first(anywhere),
        tested_before=tested_before,
        p=np.where(is_new, _chance_of_any(np.cumsum(of, axis=-1) - of, of, prior), 1.0),
    )


def _window_before(values: Counts, window: int) -> Counts:
    """The sum of the `window` periods before each."""
    sums = np.cumsum(values, axis=-1)
    earlier = np.zeros_like(sums)
    earlier[..., window:] = sums[..., :-window] if window < sums.shape[-1] else 0
    before = sums - values
    earlier_before = np.zeros_like(sums)
    earlier_before[..., 1:] = earlier[..., :-1]
    return np.asarray(before - earlier_before)


def _first(seen: Flags) -> Counts:
    return np.where(seen.any(axis=-1), seen.argmax(axis=-1), -1).astype(np.int64)


def _chance_of_any(missed: Counts, tests: Counts, prior: BetaPrior) -> Floats:
    """One or more finds of `tests` after none of `missed`: one less the beta-binomial chance of none."""
    from scipy import special

    beyond = prior.missed + missed
    return np.asarray(-np.expm1(special.betaln(prior.found, beyond + tests) - special.betaln(prior.found, beyond)))
