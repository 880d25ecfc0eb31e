"""Records of one kind as columns, so that a test is made once for each value that occurs and not once for each record.

Two values count as one only where no test can tell them apart.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from operator import is_not
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.agreements.deciding.conditions import Truth, Values
from entente.agreements.deciding.route import seen_by_tests
from entente.errors import OurFault
from entente.records import Record

Places = NDArray[np.int64]
"""For each row, the place of what it has in a list of what occurs."""

TRUTHS: tuple[Truth, ...] = (None, False, True)
_ITSELF = frozenset({str, int, bool, date, Decimal})
"""Types of which equal values pass the same tests. Not `datetime`: equal times can have two local days, by `fold`."""

_MOST = 2**62


class UnevenColumns(OurFault):
    """Columns of one set of records have different lengths: {lengths}. Pass None where a record holds no value."""


@dataclass(frozen=True, slots=True)
class Occurring:
    """`values` are all combinations that occur, as records that hold nothing else; `places` say which a row has."""

    values: Sequence[Values]
    places: Places


class Columns:
    """`size` records of one kind: `values` of each field in the order of the records, None where a record holds none.

    Fields that are not named are held by none. Raises UnevenColumns.
    """

    def __init__(self, values: Mapping[str, Iterable[Any]]) -> None:
        self._values = {name: np.fromiter(found, dtype=object) for name, found in values.items()}
        lengths = sorted({len(found) for found in self._values.values()})
        if len(lengths) > 1:
            raise UnevenColumns(lengths=", ".join(map(str, lengths)))
        self.size = lengths[0] if lengths else 0
        self._occurring: dict[tuple[str, ...], Occurring] = {}
        self._truths: dict[object, NDArray[np.int8]] = {}
        self._holding: dict[frozenset[str], NDArray[np.bool_]] = {}

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Columns":
        """The columns of `records`, which are of one kind."""
        seen = [seen_by_tests(record) for record in records]
        names = dict.fromkeys(name for values in seen for name in values)
        return cls({name: [values.get(name) for values in seen] for name in names})

    def column(self, name: str) -> NDArray[np.object_]:
        found = self._values.get(name)
        return self._nothing if found is None else found

    def row(self, number: int) -> dict[str, Any]:
        """The values of one record."""
        return {name: found[number] for name, found in self._values.items() if found[number] is not None}

    def truths(self, key: object, names: tuple[str, ...], test: Callable[[Values], Truth]) -> NDArray[np.int8]:
        """What `test`, which reads the fields `names` and is told from others by `key`, says of each record: places in
        TRUTHS."""
        occurring = self._occurring.get(names) or self._found(names)
        told = self._truths.get(key)
        if told is None:
            told = np.fromiter((TRUTHS.index(test(values)) for values in occurring.values), dtype=np.int8)
            self._truths[key] = told
        return told[occurring.places]

    def holding(self, names: frozenset[str]) -> NDArray[np.bool_]:
        """Which records hold a value of at least one of the fields."""
        found = self._holding.get(names)
        if found is None:
            found = np.zeros(self.size, dtype=np.bool_)
            for name in names & self._values.keys():
                found |= self._held(name)
            self._holding[names] = found
        return found

    @cached_property
    def _nothing(self) -> NDArray[np.object_]:
        return np.full(self.size, None, dtype=object)

    def _held(self, name: str) -> NDArray[np.bool_]:
        alone = frozenset({name})
        if alone not in self._holding:
            there = map(is_not, self._values[name], repeat(None))
            self._holding[alone] = np.fromiter(there, dtype=np.bool_, count=self.size)
        return self._holding[alone]

    def _found(self, names: tuple[str, ...]) -> Occurring:
        if len(names) == 1:
            found = _occurring(names[0], self.column(names[0]).tolist())
        else:
            each = [self._occurring.get((name,)) or self._found((name,)) for name in names]
            places, first = cases(self.size, ((one.places, len(one.values)) for one in each))
            together = [{k: v for one in each for k, v in one.values[one.places[row]].items()} for row in first]
            found = Occurring(together, places)
        self._occurring[names] = found
        return found


def cases(size: int, parts: Iterable[tuple[NDArray[Any], int]]) -> tuple[Places, Places]:
    """The combinations of `parts` (for each row a place, and how many places there are) that occur: the place of each
    row's, and the first row of each."""
    code, span = np.zeros(size, dtype=np.int64), 1
    for places, count in parts:
        if span * count > _MOST:
            _, code = np.unique(code, return_inverse=True)
            span = int(code.max(initial=0)) + 1
        code, span = code * count + places, span * count
    _, first, found = np.unique(code, return_index=True, return_inverse=True)
    return found, first


def _occurring(name: str, column: Sequence[Any]) -> Occurring:
    order: defaultdict[object, int] = defaultdict()
    order.default_factory = order.__len__
    keys = column if _are_themselves(column) else map(_sameness, column)
    places = np.fromiter(map(order.__getitem__, keys), dtype=np.int64, count=len(column))
    _, first = np.unique(places, return_index=True)
    return Occurring([{} if column[row] is None else {name: column[row]} for row in first], places)


def _are_themselves(column: Sequence[Any]) -> bool:
    """Whether equal values of the column are one value."""
    types = set(map(type, column)) - {NoneType}
    if types == {Decimal}:
        return all(value is None or value.is_finite() for value in column)
    return len(types) <= 1 and types <= _ITSELF


def _sameness(value: Any) -> object:
    """INVARIANT: 1, True and 1.0 are equal to Python and not to a test; what is odd is like nothing else."""
    if value is None:
        return None
    if type(value) is Decimal and not value.is_finite():
        return (object, id(value))
    if type(value) in _ITSELF:
        return (type(value), value)
    if type(value) is datetime:
        return (datetime, value.replace(tzinfo=None), value.fold, id(value.tzinfo))
    if type(value) is tuple and all(type(code) is str for code in value):
        return (tuple, value)
    return (object, id(value))
