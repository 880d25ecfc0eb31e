"""What may be set of every question about series of counts, and what it means for the counts at hand."""

from datetime import date
from decimal import Decimal

import numpy as np

from entente.analysis.question import Argument, Arguments, Parameter
from entente.analysis.series.counted import Counted, Ints
from entente.analysis.series.periods import NoPeriod, Period, Step
from entente.analysis.series.verdicts import ENTENTE, METHODS, OF_DAYS, Choice
from entente.errors import InputFault

_NO, _YES = "no", "yes"
NOT_TOLD, ZERO = "not-told", "zero"


class BadLimit(InputFault):
    """`{given}` is not allowed for `limit54`. Write how many cases in how many periods, such as 5,4; 0,4 is off."""


class NotAllowedChance(InputFault):
    """`{given}` is not allowed for `{name}`. Write a chance above 0 and {most} at most, for example {example}."""


class NoSuchSeries(InputFault):
    """The table has no series called `{given}`. Name one of its {number}, for example {example}."""


class NotThatPeriod(InputFault):
    """`{given}` in `{name}` is not a period. Write it as the table does, for example {example}."""


class NoDays(InputFault):
    """The table numbers its periods and says no days, so `until` cannot be a day. Leave `until` out, and rows that are
    too new out of the table."""


AUTO = "auto"
"""Days are judged by EARS C2, other periods by our own detector."""


def series_parameters(method: str) -> tuple[Parameter, ...]:
    """The parameters of a question that judges by `method` unless told otherwise."""
    methods = METHODS if method in METHODS else (method, *METHODS)
    return (
        Parameter(name="series", type="text"),
        Parameter(name="from", type="text"),
        Parameter(name="until", type="date"),
        Parameter(name="as_of", type="text"),
        Parameter(name="absent", type="code", allowed=(NOT_TOLD, ZERO), default=NOT_TOLD),
        Parameter(name="method", type="code", allowed=methods, default=method),
        Parameter(name="settings", type="code", allowed=("paper", "r-default"), default="paper"),
        Parameter(name="alpha", type="decimal"),
        Parameter(name="fdr", type="decimal"),
        Parameter(name="limit54", type="text", default="5,4"),
        Parameter(name="r_compat", type="code", allowed=(_NO, _YES), default=_NO),
    )


def choice_of(arguments: Arguments, step: Step) -> Choice:
    """How counts of periods of `step` are judged. Raises BadLimit, NotAllowedChance."""
    cases, periods = _limit(str(arguments["limit54"]))
    method, more_than = str(arguments["method"]), arguments.get("more_than")
    if method == AUTO:
        method = "ears-c2" if step == "day" else ENTENTE
    return Choice(
        method=method,
        settings=str(arguments["settings"]),
        alpha=_chance(arguments, "alpha", 0.5, "0.005"),
        least_cases=cases,
        least_periods=periods,
        fdr=_chance(arguments, "fdr", 1, "0.1"),
        is_r_compatible=arguments["r_compat"] == _YES,
        more_than=more_than if isinstance(more_than, int) else None,
    )


def in_step(counted: Counted, choice: Choice) -> Counted:
    """Days are added up to weeks for methods that judge weeks."""
    return counted if choice.method in OF_DAYS else counted.in_weeks()


def places(counted: Counted, arguments: Arguments, periods: int) -> Ints:
    """The places to judge: from `from` to `until`; unless `from` is set, the last `periods` that any series counts.

    Raises NotThatPeriod, OtherPeriods, NoDays.
    """
    end = counted.last_counted + 1
    until = arguments["until"]
    if isinstance(until, date):
        end = min(end, _after(counted, until))
    begin = max(0, end - periods)
    if isinstance(arguments["from"], str):
        begin = _place(counted, "from", arguments["from"])
    return np.arange(begin, end, dtype=np.int64)


def chosen_series(counted: Counted, argument: Argument) -> list[int]:
    """Rows of the series that `argument` names, separated by commas, without regard to capitals; all if it names none.

    Raises NoSuchSeries.
    """
    if not isinstance(argument, str):
        return list(range(len(counted.names)))
    rows = {name.casefold(): row for row, name in enumerate(counted.names)}
    wanted = [part.strip() for part in argument.split(",")]
    for name in wanted:
        if name.casefold() not in rows:
            raise NoSuchSeries(given=name, number=len(rows), example=counted.names[0])
    return sorted(rows[name.casefold()] for name in wanted)


def _limit(text: str) -> tuple[int, int]:
    cases, _, periods = (part.strip() for part in text.partition(","))
    if not (cases.isdecimal() and cases.isascii() and periods.isdecimal() and periods.isascii() and int(periods) > 0):
        raise BadLimit(given=text)
    return int(cases), int(periods)


def _after(counted: Counted, until: date) -> int:
    """The place behind the last period that has ended on `until`."""
    if counted.axis.days(0) is None:
        raise NoDays
    ends = [place for place in range(counted.axis.size) if (days := counted.axis.days(place)) and days[1] <= until]
    return ends[-1] + 1 if ends else 0


def _place(counted: Counted, name: str, text: str) -> int:
    """In days where weeks were made of them; otherwise as the table writes its periods."""
    try:
        day = Period.read(text)
        if day.step == "day" and counted.axis.step == "week" and counted.axis.every == 1 and day.first_day:
            text = str(Period.holding("week", day.first_day))
        return counted.axis.place(text)
    except NoPeriod:
        raise NotThatPeriod(given=text, name=name, example=counted.axis.text(0)) from None


def _chance(arguments: Arguments, name: str, most: float, example: str) -> float | None:
    given = arguments[name]
    if given is None:
        return None
    if not isinstance(given, Decimal) or not 0 < given <= most:
        raise NotAllowedChance(given=given, name=name, most=most, example=example)
    return float(given)
