"""Simulated monthly counts of four agencies' laboratories, at the volumes that are published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from entente.workstreams.shape import Chance, Plan, Scene, SimulatedFile, last_day, powered
from entente.workstreams.substances import scenario_lists as lists

# Health Canada, Drug Analysis Service (DAS): law-enforcement samples with fentanyl, February 2020 to December 2024, and
# in the first and last quarter of that time (Ledlie et al., Addiction 2026).
DAS_FENTANYL = 71_996
DAS_FENTANYL_FROM, DAS_FENTANYL_TO = date(2020, 2, 1), date(2024, 12, 1)
DAS_FENTANYL_QUARTERS = (2_640, 3_284)
# DAS: exhibits a year at the laboratory in Vancouver (Vancouver Sun).
DAS_VANCOUVER_A_YEAR = 34_000
# DAS: identifications of xylazine (Health Canada, spotlight on xylazine).
DAS_XYLAZINE = MappingProxyType({2019: 205, 2022: 2_324})
# DEA, NFLIS-Drug 2022: cases analysed in a year. Xylazine reports in 2024.
NFLIS_CASES_A_YEAR = 648_000
NFLIS_XYLAZINE_2024 = 25_047
# CBP: drug seizures in fiscal year 2021 (GAO-22-104725); each is taken to be one sample.
CBP_SEIZURES_A_YEAR = 99_000
# NFLIS-Drug 2020: per cent of all drug reports (Lim et al., CC BY 4.0).
NFLIS_PERCENT = MappingProxyType(
    {
        "Methamphetamine": 27.55,
        "Cocaine": 9.28,
        "Fentanyl": 7.88,
        "Heroin": 6.43,
        "Alprazolam": 1.29,
        "MDMA": 0.40,
        "Etizolam": 0.34,
        "LSD": 0.31,
        "Ketamine": 0.12,
    }
)
LATE_PANEL = "SIMULATED SUBSTANCE B"
"""Met at a steady rate by laboratories that begin to look for it late: new to the tables, not to the world."""
LATE_PANEL_SHARE = 0.0008
RARE = 0.01  # a share below which laboratories do not look every month
_CODES = MappingProxyType(  # of the list `drug`
    {name: name.lower() for name in ("Methamphetamine", "Cocaine", "Fentanyl", "Heroin", "Ketamine", "Xylazine", "LSD")}
    | {"MDMA": "ecstasy"}
)
SURGE_MONTHS = 6
HEADER = (
    "publication",
    "jurisdiction",
    "substance",
    "substance_code",
    "period_start",
    "period_end",
    "tested",
    "reported",
    "basis",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laboratory:
    """`jurisdiction` is where it stands, each in another one: questions refuse two counts of one place and month."""

    party: str
    jurisdiction: str
    basis: str
    is_border: bool = False
    surges: bool = False

    @property
    def is_canadian(self) -> bool:
        return self.party.startswith("ca.")


_LABORATORIES = (
    _Laboratory(party="ca.cbsa", jurisdiction="ca-on", basis="samples", is_border=True),
    _Laboratory(party="ca.rcmp", jurisdiction="ca-bc", basis="samples", surges=True),
    _Laboratory(party="us.cbp", jurisdiction="us-tx", basis="samples", is_border=True),
    _Laboratory(party="us.dea", jurisdiction="us-va", basis="cases"),
)


def scenario(chance: Chance, size: float, plan: Plan) -> Scene:
    """Counts per laboratory, substance and month; 0 where a laboratory looked and found nothing, no row where none
    looked."""
    counts = (
        SimulatedFile(
            party=laboratory.party,
            name="test-counts.csv",
            reader="test-count-csv",
            header=HEADER,
            rows=tuple(_rows(laboratory, chance.of(laboratory.party), size, plan)),
        )
        for laboratory in _LABORATORIES
    )
    return Scene(
        files=(*counts, *lists.files(plan)),
        seen_by=tuple(laboratory.party for laboratory in _LABORATORIES),
        places=tuple(sorted({laboratory.jurisdiction for laboratory in _LABORATORIES})),
        found_by=("substances.growth",),
        noise=tuple(_noise(plan)),
        known=tuple(lists.known(plan)),
    )


def _rows(laboratory: _Laboratory, chance: Chance, size: float, plan: Plan) -> Iterator[tuple[object, ...]]:
    publication = f"SIMULATED COUNTS OF {laboratory.party.upper()}"
    panel_from, planted = _panel_from(chance, plan), {plant.substance for plant in plan.plants}
    for month in plan.months:
        tested = chance.of("tested", month).count(_tests(laboratory, month, plan) * size, plan.assumed["volume_spread"])
        for name, mean in _means(laboratory, month, tested, plan).items():
            own = chance.of(name, month)  # a source for each cell, so that what is planted changes no other cell
            is_looked_for = name != LATE_PANEL or month >= panel_from
            if not is_looked_for or (mean < tested * RARE and own.happens(plan.assumed["not_looked"])):
                continue
            spread = plan.assumed["rare_spread" if name in planted else "spread"]
            reported, code = min(own.count(mean, spread), tested), _CODES.get(name, "")
            yield (
                publication,
                laboratory.jurisdiction,
                name,
                code,
                month,
                last_day(month),
                tested,
                reported,
                laboratory.basis,
            )


def _panel_from(chance: Chance, plan: Plan) -> date:
    """The month in which this laboratory begins to look for LATE_PANEL: in the second third of the time."""
    third = len(plan.months) // 3
    return plan.months[third + chance.of("panel").below(third)]


def _means(laboratory: _Laboratory, month: date, tested: int, plan: Plan) -> Mapping[str, float]:
    """The expected reports of every substance among so many tests."""
    means = {name: tested * percent / 100 for name, percent in NFLIS_PERCENT.items()}
    if laboratory.is_border:
        means["Cocaine"] *= plan.assumed["border_cocaine_factor"]
    if laboratory.is_canadian:
        means["Fentanyl"] = tested * das_fentanyl(month) / das_tests(month, plan)
        means["Xylazine"] = tested * das_xylazine_share(month, plan)
    else:
        means["Xylazine"] = tested * NFLIS_XYLAZINE_2024 / NFLIS_CASES_A_YEAR
    means[LATE_PANEL] = tested * LATE_PANEL_SHARE
    return means | {plant.substance: plant.mean(month) for plant in plan.plants}


def _tests(laboratory: _Laboratory, month: date, plan: Plan) -> float:
    """The expected tests of a laboratory in a month."""
    if laboratory.is_canadian:
        border = plan.assumed["border_part_of_das"]
        tests = das_tests(month, plan) * (border if laboratory.is_border else 1 - border)
    else:
        tests = (CBP_SEIZURES_A_YEAR if laboratory.is_border else NFLIS_CASES_A_YEAR) / 12
    return tests * (plan.assumed["surge"] if laboratory.surges and month in _surge(plan) else 1)


def _surge(plan: Plan) -> tuple[date, ...]:
    return plan.months[-SURGE_MONTHS:]


def das_fentanyl(month: date) -> float:
    """Fentanyl samples a month: a parabola through both published quarters, with the published total."""
    first, last = (quarter / 3 for quarter in DAS_FENTANYL_QUARTERS)
    months = months_between(DAS_FENTANYL_FROM, DAS_FENTANYL_TO) + 1
    bulge = (DAS_FENTANYL / months - (first + last) / 2) * 1.5  # the mean of x(1 - x) is 1/6, its peak 1/4
    x = min(max(months_between(DAS_FENTANYL_FROM, month) / (months - 1), 0.0), 1.0)
    return first + (last - first) * x + 4 * bulge * x * (1 - x)


def das_tests(month: date, plan: Plan) -> float:
    """All tests a month, if fentanyl was always in the same part of them: its rise and fall is one of testing."""
    mean_fentanyl = DAS_FENTANYL / (months_between(DAS_FENTANYL_FROM, DAS_FENTANYL_TO) + 1)
    return das_fentanyl(month) / mean_fentanyl * DAS_VANCOUVER_A_YEAR / 12 * plan.assumed["das_laboratories"]


def das_xylazine_share(month: date, plan: Plan) -> float:
    """The part of all tests with xylazine: as published in 2019 and 2022, between them by the same factor every year,
    and steady before and after."""
    (first_year, first), (last_year, last) = DAS_XYLAZINE.items()
    year = min(max(month.year, first_year), last_year)
    a_month = first / 12 * powered(last / first, (year - first_year) / (last_year - first_year))
    return a_month / das_tests(date(year, 7, 1), plan)


def months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def _noise(plan: Plan) -> Iterator[dict[str, str]]:
    first = _surge(plan)[0].isoformat()
    for laboratory in _LABORATORIES:
        if laboratory.surges:
            what = f"{laboratory.party} tests {plan.assumed['surge']} times as much: counts rise, shares do not"
            yield {"subject": "all", "at": laboratory.party, "from": first, "what": what}
    yield {
        "subject": LATE_PANEL,
        "at": "all laboratories",
        "from": plan.months[len(plan.months) // 3].isoformat(),
        "what": "laboratories begin to look for it one after the other: new in the tables, steady in the world",
    }
    if plan.months[0].year <= max(DAS_XYLAZINE):
        what = "the published rise of 2019 to 2022 at Canadian laboratories: real, visible to each alone, not planted"
        yield {"subject": "Xylazine", "at": "ca.cbsa, ca.rcmp", "from": plan.months[0].isoformat(), "what": what}
