"""A likelihood ratio from the amounts themselves: a two-level model with values below the limit of detection.

Logarithms of shares vary between batches, as a mixture of normals whose peaks are independent within a component, and
within a batch, as a normal around it (Aitken and Lucy, Applied Statistics 53, 2004, with a mixture for the kernel
density). A peak that was not seen counts as a value below its limit, never as a zero. Specimens of one seizure may come
from several batches; the share that does not is estimated with the rest, so that they do not widen what varies within.
"""

from dataclasses import dataclass

import numpy as np

from entente.analysis.linkage.censored import log_density, log_density_of_two, moments
from entente.analysis.linkage.pairs import Pairs, all_pairs, sizes, weights
from entente.analysis.linkage.profiles import Booleans, Floats, Profiles, log_shares

MOST_COMPONENTS = 8
_ROUNDS = 40
_PAIR_ROUNDS = 8
_PRIOR_SPECIMENS = 2.0
"""Each component starts with so many specimens that look like all of them: few data do not make a sharp component."""
_PRIOR_PAIRS, _PRIOR_COMMON = 0.5, 8.0
_LEAST_BETWEEN = 0.05  # a batch is never known from its component by more than this share of the component's variance
_WIDE, _WIDER = 0.1, 9.0
"""One pair of a batch in ten differs three times as much as usual: a single outlier does not refute a batch."""
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class TwoLevel:
    """`parts` of the components, their `means` and variances (components x peaks), and variances `within` a batch."""

    parts: Floats
    means: Floats
    variances: Floats
    within: Floats
    shares: Floats
    """Of the pairs of one seizure: those of two unrelated batches, of one batch, of two batches of one component."""

    @property
    def between(self) -> Floats:
        return np.maximum(self.variances - self.within, _LEAST_BETWEEN * self.variances)

    def log_lr(self, profiles: Profiles, pairs: Pairs) -> Floats:
        """log P(both | one batch) and log P(both | two batches of one component), each over P(both | two batches of the
        population): pairs x 2."""
        values, limits = log_shares(profiles)
        apart = self._alone(values, limits)
        alone = _mixed(apart, self.parts)
        found = np.empty((len(pairs), 2))
        for start in range(0, len(pairs), _CHUNK):
            i, j = pairs.left[start : start + _CHUNK], pairs.right[start : start + _CHUNK]
            together = self._together((values[i], limits[i]), (values[j], limits[j]))
            part = found[start : start + _CHUNK]
            part[:, 0] = _mixed(together, self.parts) - alone[i] - alone[j]
            part[:, 1] = _mixed(apart[i] + apart[j], self.parts) - alone[i] - alone[j]
        return found

    def _alone(self, values: Floats, limits: Floats) -> Floats:
        """Log densities, specimens x components."""
        spreads = np.sqrt(self.between + self.within)
        columns = [
            log_density(values, limits, mean, spread).sum(axis=1)
            for mean, spread in zip(self.means, spreads, strict=True)
        ]
        return np.column_stack(columns)

    def _together(self, one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
        columns = []
        for mean, between in zip(self.means, self.between, strict=True):
            usual = log_density_of_two(one, other, mean, between, self.within).sum(axis=1)
            wide = log_density_of_two(one, other, mean, between, _WIDER * self.within).sum(axis=1)
            columns.append(np.logaddexp(usual + np.log(1 - _WIDE), wide + np.log(_WIDE)))
        return np.column_stack(columns)


def fit(profiles: Profiles, most_components: int = MOST_COMPONENTS) -> TwoLevel:
    """The model of `profiles` (two specimens or more); the number of components by the Bayesian information criterion.

    Every seizure has one voice in the mixture, however many of its specimens were analysed.
    """
    values, limits = log_shares(profiles)
    voices = 1.0 / sizes(profiles.seizures)
    fitted = [_mixture(values, limits, voices, count) for count in range(1, most_components + 1)]
    parts, means, variances, _ = min(fitted, key=lambda one: one[3])
    pairs = all_pairs(profiles.seizures)
    same = pairs.only(pairs.is_linked)
    within = _start_within(values, same, variances)
    model = TwoLevel(parts, means, variances, within, np.full(3, 1 / 3))
    for _ in range(_PAIR_ROUNDS if len(same) else 0):
        model = _refined(model, profiles, values, same)
    return model


def _refined(model: TwoLevel, profiles: Profiles, values: Floats, same: Pairs) -> TwoLevel:
    """One round of expectation and maximisation over the pairs of one seizure: unrelated, of one batch, related."""
    logs = np.column_stack([np.zeros(len(same)), model.log_lr(profiles, same)]) + np.log(model.shares)
    chances = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])
    voices = weights(same, profiles.seizures)
    shares = (voices @ chances + _PRIOR_PAIRS) / (voices.sum() + 3 * _PRIOR_PAIRS)
    differences = _unwidened((values[same.left] - values[same.right]) ** 2 / 2, model.within)
    within = _within(differences, chances[:, 1] * voices, model.within)
    return TwoLevel(model.parts, model.means, model.variances, within, shares)


def _unwidened(differences: Floats, within: Floats) -> Floats:
    """Squared differences, made smaller by the chance that the pair is one of the few that differ more than usual."""
    sums, seen = np.nansum(differences / within, axis=1) / 2, (~np.isnan(differences)).sum(axis=1)
    usual = np.log(1 - _WIDE) - sums
    wide = np.log(_WIDE) - sums / _WIDER - seen * np.log(_WIDER) / 2
    chance = np.exp(wide - np.logaddexp(usual, wide))
    return np.asarray(differences * (1 - chance + chance / _WIDER)[:, None])


def _start_within(values: Floats, same: Pairs, variances: Floats) -> Floats:
    """What the nearest quarter of the pairs of one seizure differ by; a tenth of all variance where there is none.

    Pairs of different batches are the larger part: beginning small keeps them apart.
    """
    usual = variances.mean(axis=0) / 10
    if not len(same):
        return np.asarray(usual)
    differences = (values[same.left] - values[same.right]) ** 2 / 2
    quarters = [_first_quarter(column[~np.isnan(column)]) for column in differences.T]
    near = np.where(np.isnan(quarters), usual, quarters)
    return np.asarray(np.clip(near, usual / 100, usual * 10))


def _first_quarter(values: Floats) -> float:
    return float(np.quantile(values, 0.25)) if len(values) else float("nan")


def _within(differences: Floats, voices: Floats, before: Floats) -> Floats:
    """Weighted variances, drawn towards their common size by the weight of _PRIOR_COMMON pairs."""
    is_seen = ~np.isnan(differences)
    given = voices[:, None] * is_seen
    sums, totals = (given * np.nan_to_num(differences)).sum(axis=0), given.sum(axis=0)
    common = sums.sum() / totals.sum() if totals.sum() > 0 else float(before.mean())
    return np.asarray((sums + _PRIOR_COMMON * common) / (totals + _PRIOR_COMMON))


def _mixture(values: Floats, limits: Floats, voices: Floats, count: int) -> tuple[Floats, Floats, Floats, float]:
    """(parts, means, variances, criterion) of `count` components, by expectation and maximisation."""
    mean, variance = _all_at_once(values, limits, voices)
    shares = _seeded(values, limits, mean, np.sqrt(variance), count)
    means, variances = np.tile(mean, (count, 1)), np.tile(variance, (count, 1))
    parts, logs = np.full(count, 1 / count), np.zeros((len(values), count))
    for _ in range(_ROUNDS):
        given = shares * voices[:, None]
        parts = (given.sum(axis=0) + 1e-3) / (given.sum() + count * 1e-3)
        for k in range(count):
            means[k], variances[k] = _component(values, limits, given[:, k], (means[k], variances[k]), (mean, variance))
            logs[:, k] = np.log(parts[k]) + log_density(values, limits, means[k], np.sqrt(variances[k])).sum(axis=1)
        shares = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])
    likelihood = float((voices * np.logaddexp.reduce(logs, axis=1)).sum())
    freedoms = count * (1 + 2 * values.shape[1]) - 1
    return parts, means, variances, freedoms * float(np.log(voices.sum())) - 2 * likelihood


def _component(
    values: Floats, limits: Floats, given: Floats, now: tuple[Floats, Floats], usual: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Mean and variance of a component, with _PRIOR_SPECIMENS that look like all."""
    expected, spread = moments(values, limits, now[0], np.sqrt(now[1]))
    total = given.sum() + _PRIOR_SPECIMENS
    mean = (given @ expected + _PRIOR_SPECIMENS * usual[0]) / total
    squares = given @ (spread + (expected - mean) ** 2)
    return mean, (squares + _PRIOR_SPECIMENS * usual[1] / 4) / total


def _all_at_once(values: Floats, limits: Floats, voices: Floats) -> tuple[Floats, Floats]:
    """One normal for each peak."""
    seen = np.where(np.isnan(values), limits - 1.0, values)
    is_known = ~np.isnan(seen)
    given = voices[:, None] * is_known
    totals = np.maximum(given.sum(axis=0), 1e-12)
    mean = (given * np.nan_to_num(seen)).sum(axis=0) / totals
    variance = (given * (np.nan_to_num(seen) - mean) ** 2).sum(axis=0) / totals + 0.01
    for _ in range(_ROUNDS):
        expected, spread = moments(values, limits, mean, np.sqrt(variance))
        mean = voices @ expected / voices.sum()
        variance = voices @ (spread + (expected - mean) ** 2) / voices.sum() + 1e-4
    return mean, variance


def _seeded(values: Floats, limits: Floats, mean: Floats, spread: Floats, count: int) -> Floats:
    """To which of `count` far points each specimen is nearest: where the search begins, the same every time."""
    expected, _ = moments(values, limits, mean, spread)
    places = (expected - mean) / spread
    chosen = [int(np.argmin((places**2).sum(axis=1)))]
    for _ in range(1, count):
        nearest = np.min([((places - places[one]) ** 2).sum(axis=1) for one in chosen], axis=0)
        chosen.append(int(np.argmax(nearest)))
    apart = np.array([((places - places[one]) ** 2).sum(axis=1) for one in chosen])
    is_nearest: Booleans = apart.argmin(axis=0)[:, None] == np.arange(count)
    return is_nearest.astype(np.float64)


def _mixed(logs: Floats, parts: Floats) -> Floats:
    return np.asarray(np.logaddexp.reduce(logs + np.log(parts), axis=1))
