"""How a week is judged: parameters of the improved and the original Farrington test, and the names R gives them."""

from dataclasses import dataclass
from typing import Literal

from entente.errors import InputFault

Threshold = Literal["nb-plugin", "muan", "delta"]
POWERS = {"2/3": 2 / 3, "1/2": 0.5, "none": 1.0}
"""Transformations under which a count is nearly normal, by their names in R."""


class BadSettings(InputFault):
    """The setting {name} cannot be {value}. Choose {wanted}."""


def within(name: str, value: float, least: float, most: float) -> None:
    """Raises BadSettings."""
    if not least <= value <= most:
        raise BadSettings(name=name, value=value, wanted=f"[{least}, {most}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The improved test: Noufaily and others, Statistics in Medicine 32 (2013) 1206; with one period the original."""

    years_back: int = 5
    """R: b."""
    half_window: int = 3
    """R: w. Weeks on each side of the same week of earlier years."""
    periods: int = 10
    """R: noPeriods. Levels of the season; with 1 only the windows are baseline."""
    weeks_not_included: int = 26
    """R: pastWeeksNotIncluded. Weeks just before the judged one that are no baseline."""
    freq: int = 52
    """Weeks of a year."""
    reweight: bool = True
    """Whether weeks with a large Anscombe residual count less: those of past outbreaks."""
    weights_threshold: float = 2.58
    """R: weightsThreshold."""
    trend: bool = True
    """Whether a log-linear trend is fitted."""
    trend_alpha: float = 1.0
    """R: pThresholdTrend. A trend with this p or more is dropped."""
    threshold: Threshold = "nb-plugin"
    """R: thresholdMethod."""
    power: str = "2/3"
    """R: powertrans; for `delta` only."""
    alpha: float = 0.005
    is_two_sided: bool = False
    """Whether alpha is halved, as the original test does."""
    least_cases: int = 0
    """R: limit54[1]. A week is judged only if the last `least_weeks` weeks, itself among them, have so many cases."""
    least_weeks: int = 4
    """R: limit54[2]."""

    def __post_init__(self) -> None:
        within("years_back", self.years_back, 1, 50)
        within("freq", self.freq, 2, 366)
        within("half_window", self.half_window, 0, (self.freq - 1) // 2)
        within("periods", self.periods, 1, self.freq - 2 * self.half_window)
        within("weeks_not_included", self.weeks_not_included, 0, self.freq * self.years_back - 1)
        within("least_cases", self.least_cases, 0, 10**9)
        within("least_weeks", self.least_weeks, 1, self.freq)
        within("trend_alpha", self.trend_alpha, 0, 1)
        within("alpha", self.alpha, 1e-12, 0.5)
        within("weights_threshold", self.weights_threshold, 0, float("inf"))
        if self.power not in POWERS:
            raise BadSettings(name="power", value=self.power, wanted=" | ".join(POWERS))
        if self.threshold not in ("nb-plugin", "muan", "delta"):
            raise BadSettings(name="threshold", value=self.threshold, wanted="nb-plugin | muan | delta")

    @property
    def tail(self) -> float:
        """The chance above the bound."""
        return self.alpha / 2 if self.is_two_sided else self.alpha


PAPER = Settings()
"""Of Noufaily and others (2013), without the rule of 5 cases in 4 weeks."""

R_DEFAULT = Settings(
    periods=1,
    weeks_not_included=3,
    trend_alpha=0.05,
    threshold="delta",
    alpha=0.05,
    least_cases=5,
)
"""What `farringtonFlexible` of R does if it is told nothing."""

ORIGINAL = Settings(
    periods=1,
    weeks_not_included=3,
    weights_threshold=1.0,
    trend_alpha=0.05,
    threshold="delta",
    alpha=0.01,
    is_two_sided=True,
)
"""The test of 1996, without the rule of 5 cases in 4 weeks."""
