"""What pooling wins: the same question, settings and days for every agency alone and for all of them together.

Each seed is a world with a substance that rises slowly everywhere, and the same world without it. Files are read by the
real readers and asked the real question; nothing is known here that an agency would not know.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

import pyarrow.compute as pc

from entente.analysis import (
    Engine,
    Question,
    Stratum,
    Table,
    Windows,
    growth,
    joined,
    parse_parameters,
    records_table,
    run_question,
)
from entente.records import Catalogue, Reader, Record, Stamp, read
from entente.simulation.world import PLANTED, World, plan_of, simulated_world
from entente.workstreams import ALL, build_catalogue

QUESTION = "substances.growth"
FILE = "test-counts.csv"
MONTHS, MONTHS_BEFORE_END = 36, 18
PLANNED_MONTH = 12
"""The planned day is the end of the twelfth month of the rise, fixed before any seed was run."""
POOL = "pool"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened in one world, by agency and for `pool`.

    `on_the_day`: the planted substance alarms on the planned day. `others`: anything else alarms on that day, with the
    plant; `false`: anything alarms on that day where nothing is planted. `found_on`: the end of the first month in
    which the planted substance alarms; None if it never does.
    """

    seed: int
    on_the_day: Mapping[str, bool]
    others: Mapping[str, bool]
    false: Mapping[str, bool]
    found_on: Mapping[str, date | None]

    @property
    def only_together(self) -> bool:
        """The pool alarms on the planned day and every agency alone is silent."""
        return self.on_the_day[POOL] and not any(alarm for who, alarm in self.on_the_day.items() if who != POOL)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of every world of the comparison: the rise begins, the planned day, the ends of months looked at."""

    starts_on: date
    planned: date
    looks: tuple[date, ...]


def calendar(values: Mapping[str, float]) -> Calendar:
    """The same for all seeds."""
    plan = plan_of(MONTHS, values, is_planted=True, before_end=MONTHS_BEFORE_END)
    ends = [later - timedelta(days=1) for later in plan.months[1:]] + [plan.last_day]
    looks = tuple(ends[-MONTHS_BEFORE_END:])
    return Calendar(plan.plants[0].starts_on, looks[PLANNED_MONTH - 1], looks)


def compare(
    seeds: Iterable[int], values: Mapping[str, float], processes: int, progress: Callable[[int], None]
) -> list[Outcome]:
    """One outcome for each of `seeds`, in their order; `progress` is told how many are done."""
    wanted = list(seeds)
    found: list[Outcome] = []
    for outcome in _outcomes(wanted, dict(values), processes):
        found.append(outcome)
        progress(len(found))
    return sorted(found, key=lambda outcome: wanted.index(outcome.seed))


def _outcomes(seeds: list[int], values: dict[str, float], processes: int) -> Iterator[Outcome]:
    if processes == 1:
        yield from (outcome_of(seed, values) for seed in seeds)
        return
    # Started anew rather than forked: the engine's threads would not survive a fork.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(outcome_of, seed, values) for seed in seeds]):
            yield done.result()


def outcome_of(seed: int, values: Mapping[str, float]) -> Outcome:
    """The comparison in the world of one seed."""
    days, asked = calendar(values), _Asked()
    with_plant, without = (
        asked.tables(
            simulated_world(seed, 1.0, plan_of(MONTHS, values, is_planted=plant, before_end=MONTHS_BEFORE_END))
        )
        for plant in (True, False)
    )
    alarms = {who: asked.alarms(table, days.planned) for who, table in with_plant.items()}
    return Outcome(
        seed=seed,
        on_the_day={who: PLANTED in found for who, found in alarms.items()},
        others={who: bool(found - {PLANTED}) for who, found in alarms.items()},
        false={who: bool(asked.alarms(table, days.planned)) for who, table in without.items()},
        found_on={who: asked.first_alarm(table, days.looks) for who, table in with_plant.items()},
    )


class _Asked:
    """The question, with the catalogue and the reader that an agency would use."""

    def __init__(self) -> None:
        self._catalogue: Catalogue = build_catalogue(ALL)
        self._question = next(one for one in _questions() if one.name == QUESTION)
        self._readers = {reader.name: reader for reader in _readers()}

    def tables(self, world: World) -> dict[str, Table]:
        """Each agency's own records, and all of them together under `pool`."""
        own = {
            about["party"]: self._table(about, world.files[f"{about['party']}/{FILE}"])
            for about in world.truth["files"]
            if about["name"] == FILE
        }
        return own | {POOL: joined(list(own.values()))}

    def _table(self, about: Mapping[str, str], data: bytes) -> Table:
        reader = self._readers[about["reader"]]
        stamp = Stamp(
            said_by=about["party"], recorded_at=datetime(2026, 1, 1, tzinfo=UTC), id_key=bytes(32), is_simulated=True
        )
        place = {"source": FILE, "source_digest": about["digest"]}
        found = read(io.BytesIO(data), reader=reader, catalogue=self._catalogue, stamp=stamp, **place)
        return records_table(self._catalogue.kind(reader.kind), [one for one in found if isinstance(one, Record)])

    def alarms(self, table: Table, day: date) -> set[str]:
        """The subjects that alarm on `day`, with the settings that the question has by itself."""
        arguments = parse_parameters(self._question, [f"until={day.isoformat()}"], self._catalogue.vocabulary)
        answer = run_question(self._question, {table.kind: table}, arguments, Engine(threads=1))
        return {row["subject"] for row in answer.rows.to_pylist() if row["alarm"]}

    def first_alarm(self, table: Table, looks: Iterable[date]) -> date | None:
        """The first of `looks` at which the planted substance alarms; not asked where it cannot (`may_alarm`)."""
        return next((day for day in looks if self.may_alarm(table, day) and PLANTED in self.alarms(table, day)), None)

    def may_alarm(self, table: Table, day: date) -> bool:
        """Whether the question could alarm about the planted substance on `day`; saves most of the asking.

        INVARIANT: it never alarms where this is False. Too few reports alarm not at all; the false discovery rate of a
        row is at least its p, and its p at least the exact one, which takes counts as Poisson.
        """
        strata = _strata(table, Windows.before(day, self._whole("months"), self._whole("base_months")))
        enough = sum(one.late_count for one in strata) >= self._whole("at_least")
        return enough and growth(strata).p <= float(str(self._default("alpha")))

    def _whole(self, name: str) -> int:
        return int(str(self._default(name)))

    def _default(self, name: str) -> object:
        parameter = self._question.parameter(name)
        return parameter.default if parameter else None


def _strata(table: Table, windows: Windows) -> list[Stratum]:
    """What each publication found of the planted substance, and of how many, in both windows."""
    rows = table.rows.filter(pc.field("substance_native") == PLANTED)
    found: dict[str, list[int]] = {}
    for row in rows.select(["publication", "period_start", "reported", "tested"]).to_pylist():
        if windows.base_start <= row["period_start"] <= windows.until:
            sums = found.setdefault(row["publication"], [0, 0, 0, 0])
            late = 2 * (row["period_start"] >= windows.late_start)
            sums[late] += row["reported"]
            sums[late + 1] += row["tested"]
    return [Stratum(*sums) for sums in found.values()]


def _questions() -> Iterator[Question]:
    return (question for workstream in ALL for question in workstream.questions)


def _readers() -> Iterator[Reader]:
    return (reader for workstream in ALL for reader in workstream.readers)
