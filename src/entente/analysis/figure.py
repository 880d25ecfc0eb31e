"""A figure for the account: one column of one question's answer, with its denominator and its baseline."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An indicator that recomputes from records. Its label is its term in the list `figure`.

    `settings` are `name=value` texts for the question. `value`, `denominator`, `baseline` and `baseline_size` name
    columns of the answer: the denominator counts what stands behind the value, out of `of` (None: the whole is not
    known), and the baseline's size counts what stands behind the baseline.
    """

    name: str
    question: str
    settings: tuple[str, ...]
    value: str
    denominator: str
    of: int | None
    baseline: str
    baseline_size: str
