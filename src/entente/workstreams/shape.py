"""The one shape of every workstream, and of what it brings to a simulated world."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from typing import Protocol

from entente.analysis import Figure, Question
from entente.records import Kind, Reader


class Chance(Protocol):
    """A source of numbers that is the same for the same seed on every machine."""

    def of(self, *names: object) -> "Chance":
        """Another source, independent of this one and of those with other names."""

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1, all alike."""

    def happens(self, chance: float) -> bool:
        """True with this chance."""

    def around(self, mean: float, spread: float) -> float:
        """A number near `mean`, never negative; `spread` is its standard deviation as a share of the mean."""

    def count(self, mean: float, spread: float = 0.0) -> int:
        """A count with this mean: Poisson, around a mean that itself varies by `spread` (over-dispersion)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Something hidden in the simulated world for questions to find: a substance that rises from `starts_on`.

    Before that day nobody meets it. Then every laboratory that looks meets it `reports_a_month` times a month in the
    mean, and the mean grows by the same factor every month until, after `rise_months`, it is `factor` times as much.
    """

    substance: str
    starts_on: date
    reports_a_month: float
    factor: float
    rise_months: int

    def mean(self, month: date) -> float:
        """The expected reports of one laboratory in the month that begins on `month`."""
        since = (month.year - self.starts_on.year) * 12 + month.month - self.starts_on.month + 1
        return self.reports_a_month * powered(self.factor, min(since / self.rise_months, 1.0)) if since > 0 else 0.0


def powered(base: float, exponent: float) -> float:
    """`base` to the power of `exponent`, the same on every machine: decimal arithmetic, not that of the C library."""
    return float(Context(prec=28).power(Decimal(base), Decimal(exponent)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a simulated world is to hold: its months (first days, in order), what is hidden, and what had to be assumed
    because nobody publishes it."""

    months: tuple[date, ...]
    plants: tuple[Plant, ...]
    assumed: Mapping[str, float]

    @property
    def last_day(self) -> date:
        return last_day(self.months[-1])


def last_day(month: date) -> date:
    """The last day of the month of a day."""
    return month.replace(day=monthrange(month.year, month.month)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedFile:
    """A table for `party` in the layout of `reader`, without the column that says that it is simulated."""

    party: str
    name: str
    reader: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one workstream brings: `files`; who sees what is planted, at which places, and which questions should
    find it; `noise` says what looks like a finding and is none; `known` are figures that an answer must have.
    """

    files: tuple[SimulatedFile, ...]
    seen_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    noise: tuple[Mapping[str, str], ...] = ()
    known: tuple[Mapping[str, str], ...] = ()


Scenario = Callable[[Chance, float, Plan], Scene]
"""(chance, size, plan) -> scene; at size 1 volumes are near the published figures named in the scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstream:
    """One field of cooperation: its kinds, the formats it reads, the questions it answers, its figures.

    Its folder `entente/workstreams/<name>/` holds `vocabulary.toml`, `README.md` and `examples/` beside the code, and
    `scenario.py` if it takes part in simulations.
    """

    name: str
    kinds: tuple[Kind, ...]
    readers: tuple[Reader, ...] = ()
    questions: tuple[Question, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def folder(self) -> Traversable:
        """Where its texts and examples are, also inside a wheel."""
        return files(f"entente.workstreams.{self.name}")

    @property
    def scenario(self) -> Scenario | None:
        """The function `scenario` of its scenario.py, which is loaded only when a world is simulated."""
        module = f"entente.workstreams.{self.name}.scenario"
        found: Scenario | None = import_module(module).scenario if find_spec(module) else None
        return found
