"""A simulated world: the same for the same seed, read by the real readers, honest about what nobody looked for."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from entente.analysis import Table, parse_parameters, records_table, run_question
from entente.records import Fault, Record
from entente.signing import digest
from entente.simulation.world import PLANTED, NoSuchAssumption, assumed, plan_of, simulated_world
from entente.workstreams import ALL, build_catalogue
from simulation.worlds import outcomes, rows, world

CATALOGUE = build_catalogue(ALL)

AGENCIES = ("ca.cbsa", "ca.rcmp", "us.cbp", "us.dea")
# What this file looks at; a workstream that is added brings files of its own and changes none of these.
FILES = {f"{party}/test-counts.csv" for party in AGENCIES} | {
    "us.cbp/drug-seizures.csv",
    "ca.cbsa/seizures.csv",
    "ca.phac/drug-checking.csv",
}

GOLDEN = {
    "ca.cbsa/seizures.csv": "4bc8e03ea24785cd",
    "ca.cbsa/test-counts.csv": "1449daaaf52c8c6f",
    "ca.phac/drug-checking.csv": "34abf51a6e783035",
    "ca.rcmp/test-counts.csv": "73c0baf5d80667be",
    "us.cbp/drug-seizures.csv": "98d51924f75bdba3",
    "us.cbp/test-counts.csv": "d869ceb990648e10",
    "us.dea/test-counts.csv": "26eefefca1465578",
}


def test_the_same_seed_and_scale_give_the_same_bytes_on_every_machine() -> None:
    """Written down once: a change here changes every figure that anybody published about a seed."""
    assert GOLDEN.keys() == FILES
    assert {name: digest(world().files[name])[7:23] for name in GOLDEN} == GOLDEN


def test_another_seed_scale_or_length_gives_another_world() -> None:
    for other in (world(2), world(1, 2.0), world(1, 1.0, 36)):
        assert other.files.keys() == world().files.keys() >= FILES
        assert all(other.files[name] != world().files[name] for name in FILES)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_row_of_every_file_says_that_it_is_simulated(seed: int) -> None:
    for name, data in world(seed).files.items():
        header, *lines = data.decode("utf-8").splitlines()
        assert header.endswith(",simulated")
        assert all(line.endswith(",yes") and "SIM" in line for line in lines), name


@pytest.mark.parametrize("about", world().truth["files"], ids=lambda about: f"{about['party']}/{about['name']}")
def test_the_real_readers_read_every_file_and_find_the_rows_that_were_broken_on_purpose(about: dict[str, str]) -> None:
    found = list(outcomes(world(), about["party"], about["name"]))
    broken = {"us.cbp/drug-seizures.csv": 4, "ca.cbsa/seizures.csv": 1}.get(f"{about['party']}/{about['name']}", 0)
    assert len([item for item in found if isinstance(item, Fault)]) == broken
    records = [item for item in found if isinstance(item, Record)]
    assert len(records) == int(about["rows"]) - broken
    assert all(record.is_simulated for record in records)


def test_the_default_world_is_small() -> None:
    for party in AGENCIES:
        assert 250 <= len(rows(world(), f"{party}/test-counts.csv")) <= 400
    assert len(rows(world(), "ca.cbsa/seizures.csv")) < 100
    assert len(rows(world(), "us.cbp/drug-seizures.csv")) < 100


def test_zero_is_written_where_a_laboratory_looked_and_no_row_where_nobody_did() -> None:
    for party in AGENCIES:
        table = rows(world(), f"{party}/test-counts.csv")
        planted = [row for row in table if row["substance"] == PLANTED]
        assert any(row["reported"] == "0" and int(row["tested"]) > 0 for row in planted)
        assert all(int(row["reported"]) <= int(row["tested"]) for row in table)
        late = [row["period_start"] for row in table if row["substance"] == "SIMULATED SUBSTANCE B"]
        assert min(late) >= "2024-06-01"
        assert len({row["period_start"] for row in table}) == 24
    cells = Counter(row["substance"] for party in AGENCIES for row in rows(world(), f"{party}/test-counts.csv"))
    assert cells["Fentanyl"] == 24 * 4
    assert cells["Ketamine"] < 24 * 4


def test_what_is_tested_is_one_figure_for_all_substances_of_a_month() -> None:
    for party in AGENCIES:
        tested = defaultdict(set)
        for row in rows(world(), f"{party}/test-counts.csv"):
            tested[row["period_start"]].add(row["tested"])
        assert all(len(figures) == 1 for figures in tested.values())


def test_a_rise_in_testing_is_not_a_rise_in_any_share() -> None:
    counts: dict[bool, list[int]] = {False: [0, 0], True: [0, 0]}
    for row in rows(world(), "ca.rcmp/test-counts.csv"):
        if row["substance"] == "Heroin":
            sums = counts[row["period_start"] >= "2025-04-01"]
            sums[0] += int(row["tested"])
            sums[1] += int(row["reported"])
    (before, before_reported), (surge, surge_reported) = counts[False], counts[True]
    assert surge / 6 > 1.4 * before / 18
    assert surge_reported / 6 > 1.3 * before_reported / 18
    assert surge_reported / surge == pytest.approx(before_reported / before, rel=0.1)


def test_planting_changes_no_other_cell() -> None:
    for name in FILES:
        without = rows(world(is_planted=False), name)
        assert [row for row in rows(world(), name) if PLANTED not in row.values()] == without
    assert world(is_planted=False).truth["planted"] == []


def test_the_truth_says_what_is_hidden_where_from_when_who_sees_it_and_what_is_noise() -> None:
    (planted,) = world().truth["planted"]
    assert (planted["subject"], planted["starts_on"]) == (PLANTED, "2024-10-01")
    assert set(planted["seen_by"]) >= {*AGENCIES, "ca.phac"}
    assert set(planted["found_by"]) >= {"substances.growth", "health.growth"}
    assert {one["subject"] for one in world().truth["noise"]} >= {"all", "SIMULATED SUBSTANCE B"}
    longer = world(1, 1.0, 84).truth["noise"]
    assert "Xylazine" in [one["subject"] for one in longer]
    assert world().truth["assumed"]["spread"] == 0.05


def test_no_file_of_a_party_says_what_is_hidden() -> None:
    for data in world().files.values():
        text = data.decode("utf-8")
        assert "planted" not in text
        assert "noise" not in text


def test_what_is_planted_grows_everywhere() -> None:
    for name in (*(f"{party}/test-counts.csv" for party in AGENCIES), "ca.phac/drug-checking.csv"):
        before = after = 0
        for seed in range(1, 9):
            for row in rows(world(seed), name):
                if row["substance"] == PLANTED:
                    count = int(row.get("reported") or row.get("positive") or 0)
                    before, after = (
                        (before + count, after) if row["period_start"] < "2024-10-01" else (before, after + count)
                    )
        assert after > 2 * before, name


def test_an_assumption_can_be_replaced_and_a_wrong_one_is_told() -> None:
    steady = simulated_world(1, 1.0, plan_of(24, assumed(["surge=1"]), is_planted=True))
    assert steady.truth["assumed"]["surge"] == 1.0
    assert steady.files["us.dea/test-counts.csv"] == world().files["us.dea/test-counts.csv"]
    assert steady.files["ca.rcmp/test-counts.csv"] != world().files["ca.rcmp/test-counts.csv"]
    for wrong in ("surge", "surge=", "surge=-1", "surge=many", "tea=1", "surge=nan"):
        with pytest.raises(NoSuchAssumption, match="border_part_of_das"):
            assumed([wrong])


# Figures that an answer must have


def _table(parts: list[str]) -> Table:
    found = [item for name in parts for item in outcomes(world(), *name.split("/")) if isinstance(item, Record)]
    return records_table(CATALOGUE.kind(found[0].kind), found)


@pytest.mark.parametrize("known", world().truth["known"], ids=lambda one: f"{one['question']} {one['column']}")
def test_an_answer_over_the_files_has_the_figure_that_the_truth_names(known: dict[str, str]) -> None:
    question = next(one for workstream in ALL for one in workstream.questions if one.name == known["question"])
    by_kind: dict[str, list[str]] = {}
    for name in known["files"].split(", "):
        reader = next(one["reader"] for one in world().truth["files"] if f"{one['party']}/{one['name']}" == name)
        kind = next(one.kind for workstream in ALL for one in workstream.readers if one.name == reader)
        by_kind.setdefault(kind, []).append(name)
    tables = {kind: _table(names) for kind, names in by_kind.items()}
    rows_told = run_question(question, tables, parse_parameters(question, [], CATALOGUE.vocabulary)).rows.to_pylist()
    where = {name: value for name, value in known.items() if name not in ("question", "files", "column", "value")}
    (row,) = [row for row in rows_told if all(row[name] == value for name, value in where.items())]
    told = row[known["column"]]
    assert told == (known["value"] if isinstance(told, str) else Decimal(known["value"]))


def test_a_joint_seizure_is_told_by_both_services_and_would_count_twice_if_added() -> None:
    ours, theirs = (rows(world(), f"{party}/seized-items.csv") for party in ("ca.cbsa", "us.cbp"))
    numbers = {row["joint_number"] for row in ours} - {""}
    assert numbers == {row["joint_number"] for row in theirs}
    assert len(numbers) == 24
    masses = [
        {row["mass_kg"] for row in part if row["joint_number"] == "SIM-JOINT-001"} - {""} for part in (ours, theirs)
    ]
    assert masses[0] != masses[1]
