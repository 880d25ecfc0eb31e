"""What `entente bench emerging` measures: the rule EMERGING, judged each period with what was known by then, beside the
plain rule "at least 5 reports in each of 2 half-years in 3 states", and on simulated panels of which the truth is
known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.emerging import Emerging, emerging
from entente.analysis.aberration.panels import Design, simulated_panel
from entente.cli.bench_emerging_data import Panel

PLAIN_REPORTS, PLAIN_PERIODS, PLAIN_PLACES = 5, 2, 3
QUIET = Design(substances=20, places=30, periods=16)
RISING = Design(substances=20, places=30, periods=16, rising=4)
VARIED = ((0.1, 0.0), (0.1, 0.05), (0.4, 0.0))
"""Squared coefficients of variation of the odds, in each place by itself and in all places together."""
_FIRST, _SEED = 4, 20260700
_CONFIRMED_TIMES, _CONFIRMED_YEARS = 2.0, 2

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Onset:
    """A first alert: of a substance, at the end of `period`; `places` alert in it, `finds` were found in twelve months.

    `plain` is the period at whose end the plain rule first holds, -1 for never in these data.
    """

    substance: str
    period: int
    region: int
    place: int
    places: tuple[str, ...]
    finds: int
    q: float
    plain: int


@dataclass(frozen=True, slots=True)
class Run:
    """Of one panel: first alerts by substance, and alerts of places, `is_new` where the place did not alert before.

    `alerts` [substance, period], `place_alerts` [substance, place, period], `judged` [substance, period].
    """

    panel: Panel
    alerts: Flags
    place_alerts: Flags
    judged: Flags
    onsets: Mapping[str, Onset] = field(default_factory=dict)


def run(panel: Panel) -> Run:
    """Judges each period from the third year on with the periods up to it and nothing later."""
    shape = panel.positive.shape
    alerts, judged = np.zeros((shape[0], shape[2]), dtype=bool), np.zeros((shape[0], shape[2]), dtype=bool)
    place_alerts, plain = np.zeros(shape, dtype=bool), plain_rule(panel.positive)
    onsets: dict[str, Onset] = {}
    for period in range(first_judged(panel), shape[2]):
        until = slice(0, period + 1)
        known = np.nonzero(panel.positive[..., until].any(axis=(1, 2)))[0]
        told = emerging(
            panel.positive[known][..., until], panel.tested[known][..., until], panel.regions, yearly=panel.yearly
        )
        alerts[known, period], judged[known, period] = told.alert, told.is_judged
        place_alerts[known, :, period] = told.place_alert
        for own in np.nonzero(told.alert)[0].tolist():
            number = int(known[own])
            onset = _onset(panel, told, own, (number, period, int(plain[number])))
            onsets.setdefault(onset.substance, onset)
    return Run(panel, alerts, place_alerts, judged, onsets)


def first_judged(panel: Panel) -> int:
    return 2 * panel.yearly


def _onset(panel: Panel, told: Emerging, own: int, where: tuple[int, int, int]) -> Onset:
    number, period, plain = where
    return Onset(
        substance=panel.substances[number],
        period=period,
        region=int(told.region[own]),
        place=int(told.place[own]),
        places=tuple(panel.places[place] for place in np.nonzero(told.place_alert[own])[0]),
        finds=int(told.finds[own]),
        q=float(told.q[own]),
        plain=plain,
    )


def plain_rule(positive: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each substance the first period in which three places have had five reports in each of two periods; -1."""
    often = np.cumsum(positive >= PLAIN_REPORTS, axis=-1) >= PLAIN_PERIODS
    holds = often.sum(axis=1) >= PLAIN_PLACES
    return np.where(holds.any(axis=1), holds.argmax(axis=1), -1)


def plain_alerts(panel: Panel) -> Flags:
    """[substance, place, period]: where a place by itself has had five reports in each of two periods."""
    return np.asarray(np.cumsum(panel.positive >= PLAIN_REPORTS, axis=-1) >= PLAIN_PERIODS)


@dataclass(frozen=True, slots=True)
class Rate:
    """`begun` alerts of places in `years` substance-state-years; `unconfirmed` of them did not last: in the two years
    after, the share was less than twice that of all years before."""

    begun: int
    unconfirmed: int
    years: float

    @property
    def per_thousand(self) -> float:
        return 1000 * self.begun / self.years if self.years else 0.0

    @property
    def unconfirmed_per_thousand(self) -> float:
        return 1000 * self.unconfirmed / self.years if self.years else 0.0


def place_rate(panel: Panel, alerts: Flags, without: str) -> Rate:
    """Of alerts [substance, place, period] of every substance but `without`; one that goes on counts once.

    The years are those of all substances found by then, in all places that tested: also of common substances, which
    the rule passes over.
    """
    controls = np.array([name.casefold() != without.casefold() for name in panel.substances])
    begun = alerts & ~np.concatenate([np.zeros_like(alerts[..., :1]), alerts[..., :-1]], axis=-1)
    begun &= controls[:, None, None]
    known = np.cumsum(panel.positive.sum(axis=1), axis=-1) > 0
    looked = (panel.tested > 0) & known[:, None, :] & controls[:, None, None]
    unconfirmed = sum(not _lasts(panel, *cell) for cell in np.argwhere(begun).tolist())
    return Rate(int(begun.sum()), unconfirmed, float(looked[..., first_judged(panel) :].sum()) / panel.yearly)


def _lasts(panel: Panel, substance: int, place: int, period: int) -> bool:
    found, of = panel.positive[substance, place], panel.tested[substance, place]
    before, after = (
        slice(0, max(period - panel.yearly, 0)),
        slice(period + 1, period + 1 + _CONFIRMED_YEARS * panel.yearly),
    )
    share_before = found[before].sum() / max(int(of[before].sum()), 1)
    return bool(found[after].sum() > _CONFIRMED_TIMES * share_before * of[after].sum())


@dataclass(slots=True)
class Simulated:
    """SIMULATED panels of one design: `periods` judged, in `with_alert` of them any substance alerts; alerts of
    substances and of places, and how many of them false; means over periods of the false part of what was found."""

    design: Design
    panels: int
    periods: int = 0
    with_alert: int = 0
    alerts: int = 0
    false_alerts: int = 0
    place_alerts: int = 0
    false_place_alerts: int = 0
    place_years: float = 0.0
    false_parts: float = 0.0
    false_place_parts: float = 0.0

    @property
    def realised(self) -> tuple[float, float]:
        """The false discovery rates of substances and of places."""
        return self.false_parts / self.periods, self.false_place_parts / self.periods

    def add(self, told: Emerging, is_rising: Flags, tested: NDArray[np.int64]) -> None:
        alerts, wrong = int(told.alert.sum()), int((told.alert & ~is_rising.any(axis=1)).sum())
        places, wrong_places = int(told.place_alert.sum()), int((told.place_alert & ~is_rising).sum())
        self.periods += 1
        self.with_alert += alerts > 0
        self.alerts, self.false_alerts = self.alerts + alerts, self.false_alerts + wrong
        self.place_alerts, self.false_place_alerts = self.place_alerts + places, self.false_place_alerts + wrong_places
        self.place_years += float((tested > 0).sum()) / 2
        self.false_parts += wrong / max(1, alerts)
        self.false_place_parts += wrong_places / max(1, places)


def simulate(design: Design, number: int) -> Simulated:
    """Judges every period of `number` panels. A substance that rises by design is true from its onset on."""
    sums = Simulated(design, number)
    for seed in range(number):
        panel = simulated_panel(np.random.default_rng(_SEED + seed), design)
        for period in range(_FIRST, design.periods):
            until = slice(0, period + 1)
            told = emerging(panel.positive[..., until], panel.tested[..., until], panel.regions, yearly=2)
            sums.add(told, panel.is_rising[..., period], panel.tested[..., period])
    return sums


def quiet_designs() -> list[Design]:
    return [replace(QUIET, variation=own, shared=shared) for own, shared in VARIED]
