"""Numbers by chance that are the same for the same seed on every machine and every version of Python.

Only `random.Random.random` keeps its sequence across versions of Python (its documentation says so), and only + - * /
and square roots have one right result in floating point (IEEE 754). Everything here is made of these, and of decimal
arithmetic for the exponential function.
"""

import random
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cached_property
from math import sqrt

_DIGITS = Context(prec=28)
_LARGE = 50.0  # from here on a Poisson count is drawn as a rounded normal one


@dataclass(frozen=True)  # no slots: the generator is cached on the instance
class Numbers:
    """The source called `name`; sources with different names are independent. A `Chance` for scenarios."""

    name: str

    def of(self, *names: object) -> "Numbers":
        """Another source; what is drawn from this one does not change what that one gives."""
        return Numbers("/".join([self.name, *map(str, names)]))

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self._uniform() * limit)

    def happens(self, chance: float) -> bool:
        """True with this chance."""
        return self._uniform() < chance

    def around(self, mean: float, spread: float) -> float:
        """`mean` with a standard deviation of `spread` times the mean, never negative."""
        return mean * max(0.0, 1.0 + spread * self._normal())

    def count(self, mean: float, spread: float = 0.0) -> int:
        """A Poisson count around a mean that itself varies by `spread`: its variance is mean + (spread * mean)^2."""
        varied = self.around(mean, spread)
        if varied >= _LARGE:
            return max(0, round(varied + sqrt(varied) * self._normal()))
        end, product, number = float(_DIGITS.exp(-Decimal(varied))), self._uniform(), 0
        while product > end:
            product *= self._uniform()
            number += 1
        return number

    @cached_property
    def _random(self) -> random.Random:
        return random.Random(self.name)  # noqa: S311 - a simulation, no secret

    def _uniform(self) -> float:
        return self._random.random()

    def _normal(self) -> float:
        """Nearly normal with mean 0 and variance 1: twelve uniform numbers, added one by one.

        Not with `sum`, which rounds otherwise from Python 3.12 on.
        """
        total = -6.0
        for _ in range(12):
            total += self._uniform()
        return total
