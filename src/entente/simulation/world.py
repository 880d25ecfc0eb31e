"""A simulated world: the scenarios of all workstreams put together, and the truth about it, which no import reads."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault
from entente.records import SIMULATED
from entente.signing import digest
from entente.simulation.chance import Numbers
from entente.workstreams import ALL
from entente.workstreams.shape import Plan, Plant, Scene, SimulatedFile
from entente.workstreams.substances.scenario import DAS_XYLAZINE

LAST_MONTH = date(2025, 9, 1)  # the end of U.S. fiscal year 2025, the last with all published figures
MIN_MONTHS, MAX_MONTHS = 18, 84  # the windows of a growth question; the years for which CBP's figures were at hand
DEFAULT_MONTHS = 24
MIN_SIZE, MAX_SIZE = 0.01, 100.0
PLANTED = "SIMULATED SUBSTANCE A"
MONTHS_BEFORE_END = 12
FORMAT = "entente-truth/1"
# The factor of a rise that happened: xylazine at the Drug Analysis Service from 2019 to 2022, 2,324 / 205.
RISE = DAS_XYLAZINE[2022] / DAS_XYLAZINE[2019]


class NoSuchAssumption(InputFault):
    """`{given}` is not an assumption with a number. Write NAME=NUMBER with one of these names: {known}."""


@dataclass(frozen=True, slots=True)
class World:
    """`files` by `party/name`, as bytes, and the truth as JSON values."""

    files: Mapping[str, bytes]
    truth: Mapping[str, Any]


@cache
def assumptions() -> Mapping[str, float]:
    """What has to be assumed, by name, with the values of assumptions.toml; none of them is verified."""
    told = tomllib.loads(files("entente.simulation").joinpath("assumptions.toml").read_text("utf-8"))
    return MappingProxyType({name: float(content["value"]) for name, content in told.items()})


def assumed(given: Iterable[str]) -> Mapping[str, float]:
    """The assumptions, with those in `given` (each NAME=NUMBER, zero or more) instead. Raises NoSuchAssumption."""
    values = dict(assumptions())
    for text in given:
        name, _, number = text.partition("=")
        if name not in values or not number.replace(".", "", 1).isdecimal():
            raise NoSuchAssumption(given=text, known=", ".join(values))
        values[name] = float(number)
    return values


def months_to(last: date, number: int) -> tuple[date, ...]:
    """The first days of `number` months, the last of which is `last`."""
    end = last.year * 12 + last.month - 1
    return tuple(date(month // 12, month % 12 + 1, 1) for month in range(end - number + 1, end + 1))


def plan_of(months: int, values: Mapping[str, float], *, is_planted: bool, before_end: int = MONTHS_BEFORE_END) -> Plan:
    """The plan of a world that ends with LAST_MONTH; what is planted begins to rise `before_end` months before its
    end."""
    days = months_to(LAST_MONTH, months)
    plant = Plant(
        substance=PLANTED,
        starts_on=days[-before_end],
        reports_a_month=values["plant_reports_a_month"],
        factor=RISE,
        rise_months=int(values["plant_rise_months"]),
    )
    return Plan(months=days, plants=(plant,) if is_planted else (), assumed=values)


def simulated_world(seed: int, size: float, plan: Plan) -> World:
    """The files of all parties and the truth; the same for the same `seed`, `size` and `plan` on every machine."""
    chance = Numbers(f"entente simulation 1/{seed}")
    scenes = [one.scenario(chance.of(one.name), size, plan) for one in ALL if one.scenario is not None]
    made = [file for scene in scenes for file in scene.files]
    contents = {f"{file.party}/{file.name}": _csv(file) for file in made}
    facts = {
        "format": FORMAT,
        "seed": seed,
        "scale": size,
        "period_start": plan.months[0].isoformat(),
        "period_end": plan.last_day.isoformat(),
        "questions": sorted({question for scene in scenes for question in scene.found_by}),
        "planted": [_planted(plant, scenes) for plant in plan.plants],
        "noise": [dict(one) for scene in scenes for one in scene.noise],
        "known": [dict(one) for scene in scenes for one in scene.known],
        "assumed": dict(plan.assumed),
        "files": [_about(file, contents[f"{file.party}/{file.name}"]) for file in made],
    }
    return World(MappingProxyType(contents), facts)


def _planted(plant: Plant, scenes: list[Scene]) -> dict[str, Any]:
    return {
        "subject": plant.substance,
        "places": ["all", *_with_countries(place for scene in scenes for place in scene.places)],
        "starts_on": plant.starts_on.isoformat(),
        "what": "rises slowly at every laboratory at once, from nothing",
        "reports_a_month_at_first": plant.reports_a_month,
        "factor": round(plant.factor, 4),
        "rise_months": plant.rise_months,
        "seen_by": [party for scene in scenes for party in scene.seen_by],
        "found_by": [question for scene in scenes for question in scene.found_by],
    }


def _with_countries(places: Iterable[str]) -> list[str]:
    """Places such as ca-bc, and the countries that they lie in."""
    return sorted({part for place in places for part in (place, place.partition("-")[0])})


def _about(file: SimulatedFile, data: bytes) -> dict[str, Any]:
    return {
        "party": file.party,
        "name": file.name,
        "reader": file.reader,
        "rows": len(file.rows),
        "digest": digest(data),
    }


def _csv(file: SimulatedFile) -> bytes:
    """INVARIANT: every row of every simulated file says that it is simulated."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*file.header, SIMULATED))
    writer.writerows((*row, "yes") for row in file.rows)
    return stream.getvalue().encode("utf-8")
