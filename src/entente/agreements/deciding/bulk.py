"""Decides about many records at once: what the tests say is combined to cases, and each case is weighed once.

The rules stand in `route` and `weigh`, as for one record; a law holds the two ways equal for every row. Why so:
docs/adr/0011-set-wise-decisions.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entente.agreements.deciding.columns import TRUTHS, Columns, Places, cases
from entente.agreements.deciding.decide import Decider
from entente.agreements.deciding.decision import Ask, Mask
from entente.agreements.deciding.weigh import Weighed

_NOTHING = np.array(None, dtype=object)


@dataclass(frozen=True, slots=True)
class SetDecision:
    """The decisions on all records of `columns`: that on row `i` is masks[places[i]]."""

    columns: Columns
    masks: Sequence[Mask]
    places: Places

    def mask(self, row: int) -> Mask:
        return self.masks[int(self.places[row])]

    def counts(self) -> list[int]:
        """How many records each of `masks` is the decision on."""
        return [int(count) for count in np.bincount(self.places, minlength=len(self.masks))]

    def goes(self, field: str) -> NDArray[np.bool_]:
        """Of which records the value of the field may go, where they hold one."""
        return np.array([field in mask.fields for mask in self.masks], dtype=np.bool_)[self.places]

    def shown(self, field: str) -> NDArray[np.object_]:
        """The field's values that the receiver would see, None where it sees none: for previews; it is no
        disclosure."""
        return np.where(self.goes(field), self.columns.column(field), _NOTHING)


def decide_set(columns: Columns, ask: Ask, decider: Decider) -> SetDecision:
    """What `decider` would decide if `ask` were made about each record of `columns`.

    The record of `ask` stands for all: they are of its kind, said by whom it was said, and under the limits of `ask`.
    """
    weighed, rows = _weighed(columns, ask, decider)
    names = [found for one in weighed for found in (one.fields, one.waiting)]
    sets = {found: place for place, found in enumerate(dict.fromkeys(names))}
    holding = np.array([columns.holding(found) for found in sets]).reshape(len(sets), columns.size)
    every = np.arange(columns.size)
    now = np.array([sets[one.fields] for one in weighed], dtype=np.int64)[rows]
    later = np.array([sets[one.waiting] for one in weighed], dtype=np.int64)[rows]
    parts = ((rows, len(weighed)), (holding[now, every], 2), (holding[later, every], 2))
    places, first = cases(columns.size, parts)
    # INVARIANT: of what a record holds, a mask depends only on whether it is some of `fields` and some of `waiting`.
    masks = [weighed[rows[row]].mask(columns.row(row)) for row in first]
    return SetDecision(columns, masks, places)


def _weighed(columns: Columns, ask: Ask, decider: Decider) -> tuple[list[Weighed], Places]:
    """What was weighed for each case of truths, and the case of each record."""
    route = decider.route(ask)
    told = [
        columns.truths(judged, judged[0].reads, test) for judged, test in zip(route.judged, route.tests, strict=True)
    ]
    rows, first = cases(columns.size, ((truths, len(TRUTHS)) for truths in told))
    found = [decider.weighed(ask, tuple(TRUTHS[truths[row]] for truths in told)) for row in first]
    return found, rows
