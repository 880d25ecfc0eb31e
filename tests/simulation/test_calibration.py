"""Volumes at scale 1 lie near the published figures (docs/simulation.md has the table)."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from simulation.worlds import rows, world

SEEDS = (1, 2, 3)


def counts(party: str, substance: str, first: str, last: str, column: str = "reported") -> float:
    """The mean over the seeds of a column of 84 months, October 2018 to September 2025."""
    return sum(_cells(party, substance, first, last, column)) / len(SEEDS)


def _cells(party: str, substance: str, first: str, last: str, column: str) -> Iterator[int]:
    for seed in SEEDS:
        for row in rows(world(seed, 1.0, 84), f"{party}/test-counts.csv"):
            if row["substance"] == substance and first <= row["period_start"] <= last:
                yield int(row[column])


def canadian(substance: str, first: str, last: str) -> float:
    return counts("ca.cbsa", substance, first, last) + counts("ca.rcmp", substance, first, last)


def test_fentanyl_samples_of_the_drug_analysis_service() -> None:
    assert canadian("Fentanyl", "2020-02-01", "2024-12-01") == pytest.approx(71_996, rel=0.03)
    assert canadian("Fentanyl", "2020-02-01", "2020-04-01") == pytest.approx(2_640, rel=0.1)
    assert canadian("Fentanyl", "2024-10-01", "2024-12-01") == pytest.approx(3_284, rel=0.1)


def test_xylazine_at_the_drug_analysis_service_before_and_after_its_rise() -> None:
    assert canadian("Xylazine", "2019-01-01", "2019-12-01") == pytest.approx(205, rel=0.15)
    assert canadian("Xylazine", "2022-01-01", "2022-12-01") == pytest.approx(2_324, rel=0.1)


def test_cases_of_nflis_and_xylazine_among_them() -> None:
    year = ("2024-01-01", "2024-12-01")
    assert counts("us.dea", "Fentanyl", *year, column="tested") == pytest.approx(648_000, rel=0.05)
    assert counts("us.dea", "Xylazine", *year) == pytest.approx(25_047, rel=0.05)


def test_samples_of_cbp() -> None:
    year = ("2020-10-01", "2021-09-01")
    assert counts("us.cbp", "Fentanyl", *year, column="tested") == pytest.approx(99_000, rel=0.05)


@pytest.mark.parametrize(
    ("year", "pounds"), [("2019", 2_803.6), ("2023", 27_022.9), ("2024", 21_889.2), ("2025", 12_027.3)]
)
def test_pounds_of_fentanyl_seized_by_cbp(year: str, pounds: float) -> None:
    assert _pounds(year) == pytest.approx(pounds, rel=0.15)


@pytest.mark.parametrize(("year", "pounds"), [("2024", 43.0), ("2025", 77.1)])
def test_pounds_of_fentanyl_at_the_northern_border(year: str, pounds: float) -> None:
    assert _pounds(year, "Northern Border") == pytest.approx(pounds, rel=0.2)


def _pounds(year: str, region: str = "") -> float:
    total = Decimal(0)
    for seed in SEEDS:
        for row in rows(world(seed, 1.0, 84), "us.cbp/drug-seizures.csv"):
            if row["FY"] == year and region in row["Region"] and "BROKEN" not in row["Area of Responsibility"]:
                total += Decimal(row["Sum Qty (lbs)"])
    return float(total) / len(SEEDS)


@pytest.mark.parametrize(("drug", "kilograms"), [("fentanyl", 4.9), ("cocaine", 3_955)])
def test_kilograms_seized_by_cbsa_in_ten_months(drug: str, kilograms: float) -> None:
    total = sum(
        float(row["mass_kg"])
        for seed in SEEDS
        for row in rows(world(seed, 1.0, 84), "ca.cbsa/seizures.csv")
        if row["drug"] == drug and "2024-01-01" <= row["seized_on"] <= "2024-10-31"
    )
    assert total / len(SEEDS) == pytest.approx(kilograms, rel=0.3)


@pytest.mark.parametrize(("category", "pieces"), [("prohibited-weapon", 15_500), ("restricted-firearm", 850)])
def test_weapons_and_firearms_seized_by_cbsa_in_ten_months(category: str, pieces: float) -> None:
    total = sum(
        int(row["pieces"])
        for seed in SEEDS
        for row in rows(world(seed, 1.0, 84), "ca.cbsa/seized-items.csv")
        if row["category"] == category and "2024-01-01" <= row["seized_on"] <= "2024-10-31"
    )
    assert total / len(SEEDS) == pytest.approx(pieces, rel=0.1)


def test_drug_checking_is_of_the_size_of_a_known_service() -> None:
    months = {
        (row["region"], row["period_start"]): int(row["tested"]) for row in rows(world(), "ca.phac/drug-checking.csv")
    }
    assert sum(months.values()) / 24 == pytest.approx(5_989 / 21.6, rel=0.05)


def test_ten_times_the_scale_is_ten_times_the_volume_and_no_more_rows_of_counts() -> None:
    small, large = world(1, 1.0), world(1, 10.0)
    for name in ("us.dea/test-counts.csv", "ca.phac/drug-checking.csv"):
        assert len(rows(large, name)) == pytest.approx(len(rows(small, name)), rel=0.05)
        tested = [sum(int(row["tested"]) for row in rows(made, name)) for made in (small, large)]
        assert tested[1] / tested[0] == pytest.approx(10, rel=0.05)
    assert len(rows(large, "ca.cbsa/seizures.csv")) == 10 * 48 + 1
