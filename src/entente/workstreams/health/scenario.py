"""Simulated drug checking: two regions, tested by month, for the health agency alone."""

from collections.abc import Iterator, Mapping
from datetime import date

from entente.workstreams.shape import Chance, Plan, Scene, SimulatedFile, last_day

# WEDINOS (Public Health Wales): samples on its public results pages from 15 February 2023 to 4 December 2024.
WEDINOS_SAMPLES, WEDINOS_MONTHS = 5_989, 21.6
PARTY = "ca.phac"
_REGIONS = ("ca-bc", "ca-on")
_ROLES = {"xylazine": "minor", "etizolam": "minor"}
_COMMON = ("cocaine", "MDMA", "ketamine", "fentanyl", "xylazine", "etizolam")
HEADER = ("publication", "region", "substance", "role", "period_start", "period_end", "tested", "positive")


def scenario(chance: Chance, size: float, plan: Plan) -> Scene:
    """Counts per region, substance and month; 0 where the service looked and found nothing."""
    file = SimulatedFile(
        party=PARTY,
        name="drug-checking.csv",
        reader="drug-checking-csv",
        header=HEADER,
        rows=tuple(row for region in _REGIONS for row in _rows(region, chance.of(region), size, plan)),
    )
    return Scene(files=(file,), seen_by=(PARTY,), places=_REGIONS, found_by=("health.growth",))


def _rows(region: str, chance: Chance, size: float, plan: Plan) -> Iterator[tuple[object, ...]]:
    a_month = WEDINOS_SAMPLES / WEDINOS_MONTHS * plan.assumed["checking_services"] / len(_REGIONS)
    for month in plan.months:
        tested = chance.of("tested", month).count(a_month * size, plan.assumed["volume_spread"])
        for name, mean in _means(month, tested, plan).items():
            spread = plan.assumed["rare_spread" if "SIMULATED" in name else "spread"]
            positive = min(chance.of(name, month).count(mean, spread), tested)
            role = _ROLES.get(name, "minor" if "SIMULATED" in name else "major")
            yield ("SIMULATED DRUG CHECKING", region, name, role, month, last_day(month), tested, positive)


def _means(month: date, tested: int, plan: Plan) -> Mapping[str, float]:
    means = {name: tested * plan.assumed[f"checking_share_{name.lower()}"] for name in _COMMON}
    planted = plan.assumed["checking_plant_factor"] / len(_REGIONS)
    return means | {plant.substance: plant.mean(month) * planted for plant in plan.plants}
