"""The run behind `entente bench decide`: all records as sets; a sample also one by one, and by Cedar.

Making records, asks and requests is in nobody's time. On the sample all three must agree about every field, and the two
ways of Entente about every explanation; else there is no rate.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np

from entente.agreements import Ask, Columns, Decider, Decision, SetDecision, decide, decide_set, shown
from entente.cli import bench_seizures as seizures
from entente.cli.bench_cedar import Cedar, PeerDisagrees, fields_of
from entente.cli.house import catalogue
from entente.errors import OurFault
from entente.records import Record
from entente.signing import Json

SEED = 5
SHARE = 100
"""One of so many records is in the sample."""
BATCH = 50_000
"""Records that are decided together: what is held at a time, not how many there are."""

T = TypeVar("T")
Seen = tuple[str, frozenset[str]]
"""The digest of an explanation, and the fields that go."""


class WaysDisagree(OurFault):
    """Record {record} is decided differently as one of a set and alone, for {partner}. Report the defect; no rate is
    shown."""


class Clock:
    """Seconds spent in `timed` work, and on how many cases."""

    def __init__(self) -> None:
        self.seconds, self.cases = 0.0, 0

    def timed(self, cases: int, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = work()
        self.seconds += time.perf_counter() - began
        self.cases += cases
        return result

    @property
    def rate(self) -> float:
        """Cases per second."""
        return self.cases / self.seconds


@dataclass(slots=True)
class Run:
    """What was measured. A case is one record for one partner; `released` counts those in which anything goes;
    `explanations` are digests."""

    rows: int
    partners: tuple[str, ...]
    sampled: int
    set_wise: Clock = field(default_factory=Clock)
    row_wise: Clock = field(default_factory=Clock)
    afresh: Clock = field(default_factory=Clock)
    peer: Clock = field(default_factory=Clock)
    explanations: set[str] = field(default_factory=set)
    released: int = 0


def measure(rows: int, partners: int) -> Run:
    """Decides about `rows` simulated records for so many partners. Raises PeerMissing, WaysDisagree, PeerDisagrees."""
    chosen = sorted(np.random.default_rng(SEED).choice(rows, max(1, rows // SHARE), replace=False).tolist())
    run = Run(rows, tuple(seizures.PURPOSES)[:partners], len(chosen))
    text = seizures.text()
    peer = Cedar(text, catalogue().kind(seizures.KIND), catalogue(), text.local_day(seizures.MOMENT))
    alone = Decider([text], catalogue().vocabulary)
    for about, seen in _set_wise(run, chosen):  # in turn, so that what else the machine does is in every rate
        asks = [seizures.ask(about, partner) for partner in run.partners]
        _check_alone(run, asks, seen, alone)
        _check_peer(run, asks, seen, peer)
    return run


def peak_bytes() -> int:
    """The most memory that this process has had."""
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _set_wise(run: Run, chosen: Sequence[int]) -> Iterator[tuple[Record, list[Seen]]]:
    """Decides all. Of the chosen records, gives the record and what each partner sees of it."""
    decider = Decider([seizures.text()], catalogue().vocabulary)
    start = 0
    for values in seizures.batches(run.rows, BATCH, SEED):
        columns = run.set_wise.timed(0, partial(Columns, values))
        mine = [row - start for row in chosen if start <= row < start + columns.size]
        seen = [_for_partner(run, columns, decider, partner, mine) for partner in run.partners]
        for place, row in enumerate(mine):
            yield seizures.record(columns.row(row), start + row), [found[place] for found in seen]
        start += columns.size


def _for_partner(run: Run, columns: Columns, decider: Decider, partner: str, mine: Sequence[int]) -> list[Seen]:
    ask = seizures.ask(seizures.record({}), partner)
    found, masked = run.set_wise.timed(columns.size, lambda: _masked(columns, ask, decider))
    run.explanations.update(mask.digest for mask in found.masks)
    counted = zip(found.masks, found.counts(), strict=True)
    run.released += sum(count for mask, count in counted if mask.outcome == "release")
    return [
        (found.mask(row).digest, frozenset(name for name, column in masked.items() if column[row] is not None))
        for row in mine
    ]


def _masked(columns: Columns, ask: Ask, decider: Decider) -> tuple[SetDecision, dict[str, Any]]:
    """The decision with every explanation's digest, and every column as the partner would see it."""
    found = decide_set(columns, ask, decider)
    for mask in found.masks:
        mask.digest  # noqa: B018  # is made here, once
    return found, {field.name: found.shown(field.name) for field in ask.kind.fields}


def _check_alone(run: Run, asks: Sequence[Ask], seen: Sequence[Seen], alone: Decider) -> None:
    explained = run.row_wise.timed(len(asks), lambda: [_explained(alone.decide(ask)) for ask in asks])
    run.afresh.timed(1, lambda: decide(asks[run.afresh.cases % len(asks)], [seizures.text()], catalogue().vocabulary))
    for ask, (decision, _), expected in zip(asks, explained, seen, strict=True):
        if (decision.mask, frozenset(shown(ask.record, decision))) != expected:
            raise WaysDisagree(record=ask.record.id, partner=ask.receiver)


def _explained(decision: Decision) -> tuple[Decision, dict[str, Json]]:
    decision.mask  # noqa: B018  # the digest of the explanation is part of it
    return decision, decision.to_json()


def _check_peer(run: Run, asks: Sequence[Ask], seen: Sequence[Seen], peer: Cedar) -> None:
    context = peer.context(asks[0].record)
    for ask, (_, expected) in zip(asks, seen, strict=True):
        requests = peer.requests(ask, context)
        found = fields_of(requests, run.peer.timed(1, partial(peer.answers, requests)))
        if found != expected:
            raise PeerDisagrees(record=ask.record.id, fields=", ".join(sorted(found ^ expected)))
