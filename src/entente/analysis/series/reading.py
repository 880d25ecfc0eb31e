"""A plain table of counts: `series, period, count`, and where it is told `tested` and `reported`.

It is read like every other file, row by row with faults, but it is no kind of record: a node neither keeps nor shares
it, because nobody can say which agreement covers a series of which only the name is known.
"""

from collections.abc import Callable, Mapping

from entente.analysis.series.periods import NoPeriod, Period
from entente.records import Catalogue, CellFault, Field, Kind, Reader, Value, text, whole_number
from entente.vocabulary import Vocabulary

PLAIN = "counts"
"""What a plain table of counts is called where questions and the command line name it."""

ALL = "all"
"""The name of the series in a table that has only one and does not name it."""

COUNT = Kind(
    name=PLAIN,
    version=1,
    workstream="findings",
    key=("series", "period", "reported"),
    fields=(
        Field(name="series", field_class="statistical", is_required=True),
        Field(name="period", field_class="time", is_required=True),
        Field(name="count", field_class="quantity", type="integer"),
        Field(name="tested", field_class="quantity", type="integer"),
        # The period in which it was reported; that of the count itself where the table does not tell.
        Field(name="reported", field_class="time", is_required=True),
    ),
)
"""One count of one series in one period, as it was reported at one time. An empty count is not told, never zero."""

Cells = Mapping[str, str]


def plain_catalogue(vocabulary: Vocabulary) -> Catalogue:
    """The catalogue with which COUNTS_CSV reads."""
    return Catalogue.of((COUNT,), vocabulary)


def _begin() -> Callable[[Cells, Catalogue], Mapping[str, Value]]:
    """A table has periods of one step: that of its first row that has one."""
    steps: dict[str, Period] = {}

    def values(cells: Cells, catalogue: Catalogue) -> Mapping[str, Value]:  # noqa: ARG001  # one shape for all readers
        period = _period("period", cells["period"], steps)
        told: dict[str, Value] = {
            "series": text("series", cells["series"]) if "series" in cells else ALL,
            "period": str(period),
            "reported": str(_reported(cells.get("reported", ""), period, steps)),
        }
        for name in ("count", "tested"):
            if cells.get(name, "").strip():
                told[name] = _whole(name, cells[name])
        _check_part(told)
        return told

    return values


def _period(field: str, cell: str, steps: dict[str, Period]) -> Period:
    value = text(field, cell)
    try:
        period = Period.read(value)
    except NoPeriod as fault:
        raise _faults(field, value)[fault.code] from None
    first = steps.setdefault(field, period)
    if first.step != period.step:
        raise CellFault(field, "other-step", value, first=str(first))
    return period


def _faults(field: str, value: str) -> Mapping[str, CellFault]:
    return {
        "not-a-period": CellFault(field, "not-a-period", value),
        "no-such-week": CellFault(field, "no-such-week", value, year=value[:4]),
        "week-or-month": CellFault(field, "week-or-month", value),
        "not-a-date": CellFault(field, "not-a-date", value),
    }


def _reported(cell: str, period: Period, steps: dict[str, Period]) -> Period:
    if not cell.strip():
        return period
    reported = _period("reported", cell, steps)
    begin, end = period.first_day, reported.last_day
    is_before = end < begin if begin and end else reported.step == period.step and reported < period
    if is_before:
        raise CellFault("reported", "before-other-day", cell.strip(), day=str(period), other="period")
    return reported


def _whole(field: str, cell: str) -> int:
    number = whole_number(field, cell)
    if number > _LARGEST:
        raise CellFault(field, "too-many-digits", cell.strip())
    return number


def _check_part(told: Mapping[str, Value]) -> None:
    count, tested = told.get("count"), told.get("tested")
    if isinstance(count, int) and isinstance(tested, int) and count > tested:
        raise CellFault("count", "above-denominator", str(count), of=str(tested), other="tested")


_LARGEST = 2**53  # up to here counts are exact as floating-point numbers

COUNTS_CSV = Reader(
    name="counts-csv",
    kind=PLAIN,
    source="Entente: one count of one series and period per row; docs/early-warning-questions.md shows it",
    columns={
        "period": ("period", "week", "date", "month", "quarter"),
        "count": ("count", "counts", "cases"),
    },
    optional={"series": ("series",), "tested": ("tested",), "reported": ("reported",)},
    values=_begin(),
    begin=_begin,
)
"""Reads a plain table of counts; other columns are refused, notes (`#...`) are not looked into."""
