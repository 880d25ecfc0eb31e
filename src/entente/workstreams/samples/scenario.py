"""Simulated samples of two agencies for each other's laboratories, and what their own laboratories found in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from entente.workstreams.shape import Chance, Plan, Scene, SimulatedFile

# Samples that the RCMP shared with the DEA from January 2020 to the joint statement of 8 November 2022.
RCMP_SHARED, RCMP_SHARED_MONTHS = 275, 35
CANARY = "SIMULATED-NOTE"
"""Stands in every free text and name, so that a test can see it leave."""
# The Drug Analysis Service: some samples take two weeks, others months (Vancouver Sun).
_SOONEST, _LATEST = 14, 90
_SAMPLE_HEADER = (
    "number",
    "seizure_number",
    "seized_on",
    "received_on",
    "substance_suspected",
    "form",
    "colour",
    "mass_g",
    "place",
    "submitter",
    "exhibit_notes",
)
_RESULT_HEADER = (
    "sample_number",
    "substance",
    "reported_on",
    "role",
    "purity_percent",
    "method",
    "profile",
    "analyst",
)
_FENTANYL, _XYLAZINE = "fentanyl", "xylazine"
_OTHERS = ("cocaine", "heroin", "methamphetamine", "ketamine", "ecstasy")
_FORMS = MappingProxyType({_FENTANYL: ("powder", "tablet"), "ketamine": ("powder", "liquid"), "ecstasy": ("tablet",)})
_COLOURS = ("white", "off-white", "blue", "brown")
_METHODS = ("gc-ms", "lc-ms")
_PROFILES = 5


@dataclass(frozen=True, slots=True)
class _Sample:
    """`main` is what the laboratory finds most of; `received` is None where it has not come by the end."""

    number: str
    seized: date
    received: date | None
    suspected: str
    main: str
    chance: Chance


def scenario(chance: Chance, size: float, plan: Plan) -> Scene:
    """Nothing is planted in samples; they are what waits on a release desk and is answered."""
    monthly = {"ca.rcmp": RCMP_SHARED / RCMP_SHARED_MONTHS, "us.dea": plan.assumed["dea_samples_a_month"]}
    return Scene(
        files=tuple(
            file for party, mean in monthly.items() for file in _files(party, mean * size, chance.of(party), plan)
        )
    )


def _files(party: str, mean: float, chance: Chance, plan: Plan) -> tuple[SimulatedFile, ...]:
    samples = tuple(_samples(party, mean, chance, plan))
    return (
        SimulatedFile(
            party=party,
            name="samples.csv",
            reader="sample-csv",
            header=_SAMPLE_HEADER,
            rows=tuple(_sample_row(sample) for sample in samples),
        ),
        SimulatedFile(
            party=party,
            name="lab-results.csv",
            reader="lab-result-csv",
            header=_RESULT_HEADER,
            rows=tuple(row for sample in samples for row in _result_rows(sample, plan)),
        ),
    )


def _samples(party: str, mean: float, chance: Chance, plan: Plan) -> Iterator[_Sample]:
    """Every suspected substance is on the lists of both countries on any day of a simulated world."""
    number, short = 0, party.partition(".")[2].upper()
    for month in plan.months:
        for part in range(chance.of(month).count(mean)):
            number += 1
            own = chance.of(month, part)
            suspected = _drug(own.of("suspected"), plan)
            is_right = own.of("confirmed").happens(plan.assumed["sample_confirmed"])
            seized = month.replace(day=1 + own.below(28))
            received = seized + timedelta(days=1 + own.below(14))
            yield _Sample(
                number=f"SIM-{short}-{number:04d}",
                seized=seized,
                received=received if received <= plan.last_day else None,
                suspected=suspected,
                main=suspected if is_right else _drug(own.of("main"), plan),
                chance=own,
            )


def _drug(chance: Chance, plan: Plan) -> str:
    if chance.happens(plan.assumed["sample_fentanyl_part"]):
        return _FENTANYL
    return _OTHERS[chance.below(len(_OTHERS))]


def _sample_row(sample: _Sample) -> tuple[object, ...]:
    own, forms = sample.chance.of("looks"), _FORMS.get(sample.suspected, ("powder",))
    form, colour = forms[own.below(len(forms))], _COLOURS[own.below(len(_COLOURS))]
    unit = 1 + own.below(3)
    return (
        sample.number,
        f"{sample.number}-SEIZURE",
        sample.seized,
        sample.received or "",
        sample.suspected,
        form,
        colour,
        max(0.01, round(own.around(0.5, 0.4), 2)),
        f"SIMULATED PLACE {unit}",
        f"SIMULATED UNIT {unit}",
        f"{CANARY} {sample.number}: free text that must never leave",
    )


def _result_rows(sample: _Sample, plan: Plan) -> Iterator[tuple[object, ...]]:
    """None where the laboratory has not reported by the end: its sample still waits."""
    own = sample.chance.of("result")
    if sample.received is None:
        return
    reported = sample.received + timedelta(days=_SOONEST + own.below(_LATEST - _SOONEST + 1))
    if reported > plan.last_day:
        return
    is_fentanyl = sample.main == _FENTANYL
    mean = plan.assumed["sample_fentanyl_purity" if is_fentanyl else "sample_other_purity"]
    purity = min(99.0, round(own.around(mean, 0.3), 1))
    method, profile = _METHODS[own.below(len(_METHODS))], f"SIM-{sample.main.upper()}-{1 + own.below(_PROFILES)}"
    analyst = f"{CANARY}-ANALYST-{sample.number}"
    yield (sample.number, sample.main, reported, "major", purity, method, profile, analyst)
    if is_fentanyl and own.happens(plan.assumed["sample_xylazine_part"]):
        yield (sample.number, _XYLAZINE, reported, "minor", "", method, "", analyst)
