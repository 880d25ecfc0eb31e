"""A figure for the account: one column of one question's answer, with its denominator and its baseline."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator that recomputes from records. Its label is its term in the list `figure`.

    `settings` are `name=value` texts for the question. The other names are columns that its answer has with these
    settings: `value`; `denominator`, which counts what stands behind the value, out of `of` (None: the whole is not
    known); `baseline`, what the value is compared with, such as the year before or a mean of years, null where there
    is none; and `baseline_size`, which counts what stands behind the baseline.
    """

    name: str
    question: str
    settings: tuple[str, ...]
    value: str
    denominator: str
    of: int | None
    baseline: str
    baseline_size: str
