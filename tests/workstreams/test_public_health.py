"""The public WEDINOS file of 2024: every row is read, and sums equal those counted without Entente.

Harm-reduction data, used here for what its publisher gives it for: early warning in public health.
"""

import csv
import io
from collections import Counter
from decimal import Decimal
from functools import cache

import pytest

from entente.analysis import Table
from workstreams.health_given import ask, counts, kept, public_file, rows

pytestmark = pytest.mark.public_data

TESTED = 5989
FIRST_SEEN = {
    "metonitazene": "2023-12-21",
    "isotonitazene": "2023-12-21",
    "protonitazepyne": "2024-01-04",
    "xylazine": "2024-01-11",
    "protonitazene": "2024-01-11",
    "n-pyrrolidino protonitazene": "2024-02-19",
    "n-desethylisotonitazene": "2024-03-25",
    "n-desethylprotonitazene": "2024-07-09",
    "n-desethyl etonitazene": "2024-07-23",
    "isotonitazepyne": "2024-08-07",
}
"""The nitazenes and xylazine of the file, by its first day with each."""


@cache
def table() -> Table:
    return counts(public_file(), reader="wedinos-daily")


@cache
def plain() -> tuple[dict[str, str], ...]:
    """The rows as the standard library sees them."""
    return tuple(csv.DictReader(io.StringIO(public_file().decode("utf-8"))))


def days() -> dict[str, int]:
    return {row["date_received"]: int(row["samples_received_that_day"]) for row in plain()}


def test_every_row_is_kept_as_it_was_published() -> None:
    records = kept(public_file(), "wedinos-daily")
    for record, line in zip(records, plain(), strict=True):
        values = record.values
        assert str(values["period_start"]) == str(values["period_end"]) == line["date_received"]
        assert (values["substance"], values["role"]) == (line["substance"], line["role"])
        assert (str(values["positive"]), str(values["tested"])) == (
            line["n_samples"],
            line["samples_received_that_day"],
        )


def test_every_sum_is_what_adding_up_by_hand_gives() -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for row in plain():
        expected[row["substance"].lower(), row["role"]] += int(row["n_samples"])
    found = {
        (row["substance"], row["role"]): row["positive"]
        for row in rows("health.totals", table(), "by=role")
        if row["positive"]
    }
    assert found == dict(expected)


def test_the_samples_of_a_day_are_counted_once() -> None:
    assert sum(days().values()) == TESTED
    found = rows("health.totals", table(), "by=region")
    assert {row["tested"] for row in found} == {TESTED}


def test_every_month_has_its_own_denominator_and_zero_is_a_count() -> None:
    tested: Counter[str] = Counter()
    for day, samples in days().items():
        tested[day[:7]] += samples
    positive: Counter[str] = Counter()
    for row in plain():
        if row["substance"] == "xylazine":
            positive[row["date_received"][:7]] += int(row["n_samples"])
    found = rows("health.totals", table(), "substance=xylazine", "by=month")
    assert {row["month"]: (row["positive"], row["tested"]) for row in found} == {
        month: (positive[month], samples) for month, samples in tested.items()
    }
    assert (positive["2023-12"], tested["2023-12"]) == (0, 17)
    assert sum(positive.values()) == 45


def test_nitazenes_and_xylazine_are_first_seen_on_their_first_day() -> None:
    found = {row["subject"]: row for row in rows("health.first-seen", table(), "months=24")}
    for subject, first_day in FIRST_SEEN.items():
        row = found[subject]
        assert row["first_day"].isoformat() == first_day
        assert row["tested_before"] == sum(samples for day, samples in days().items() if day < first_day)
        assert row["alarm"] is (row["tested_before"] >= 100)


def test_what_was_there_when_the_looking_began_is_not_new() -> None:
    """Metonitazene stands on the third day with samples: nobody can say that it came then."""
    found = {row["subject"]: row for row in rows("health.first-seen", table(), "months=24", "until=2023-12-31")}
    assert (found["metonitazene"]["tested_before"], found["metonitazene"]["alarm"]) == (2, False)


def test_a_nitazene_not_seen_before_alarms_when_it_comes() -> None:
    found = {row["subject"]: row for row in rows("health.first-seen", table(), "until=2024-08-31")}
    row = found["isotonitazepyne"]
    assert row["alarm"]
    assert (row["period_start"].isoformat(), row["observed"], row["of"]) == ("2024-08-01", 5, 515)
    assert row["p"] < Decimal("0.001")


def test_nothing_that_names_no_substance_and_no_broken_name_is_a_finding() -> None:
    found = {row["subject"] for row in rows("health.first-seen", table(), "months=24")}
    assert not found & {"2", "3", "4", "unable to identify", "no active component identified"}


def test_growth_counts_each_window_out_of_its_samples() -> None:
    answer = ask("health.growth", table(), "until=2024-11-30", "months=6", "base_months=5")
    late = sum(samples for day, samples in days().items() if "2024-06-01" <= day <= "2024-11-30")
    early = sum(samples for day, samples in days().items() if "2024-01-01" <= day <= "2024-05-31")
    found = answer.rows.to_pylist()
    assert {(row["of"], row["base_of"]) for row in found} == {(late, early)}
    metonitazene = next(row for row in found if row["subject"] == "metonitazene")
    assert (metonitazene["observed"], metonitazene["base_observed"]) == (36, 75)
    assert not metonitazene["alarm"]
    assert answer.provenance.purposes == ("early-warning",)
