"""`entente bench emerging`: the tables are read, each period is judged with what was known by then, and it says so."""

from pathlib import Path

import numpy as np

from entente.cli.bench_emerging import place_rate, plain_rule, run
from entente.cli.bench_emerging_data import panels
from story.world import entente

STATES = ("PA", "OH", "TX", "CA", "ME", "PR")


def tables(folder: Path) -> Path:
    """A made-up table by state in two files, and a national one: Made-upine rises from 2004 on."""
    rng = np.random.default_rng(1)
    rows = [
        (substance, state, year, half, count)
        for year in range(2000, 2007)
        for half in (1, 2)
        for state in STATES
        for substance, count in (
            ("Common", 500 + int(rng.integers(60))),
            ("Other", 300 + int(rng.integers(40))),
            ("Rare", int(rng.integers(3))),
            ("Made-upine", 2 ** (2 * (year - 2004) + half) if year >= 2004 else 0),
        )
        if count
    ]
    header = "YYYY,PERIOD,DRUG_REPORTS,BASE_DESCRIPTION,STATE\n"
    for name, years in (("1", range(2000, 2004)), ("2", range(2004, 2007))):
        text = "".join(f"{y},SA{h} (X),{c},{s},{place}\n" for s, place, y, h, c in rows if y in years)
        (folder / f"nflis_madeup_by_state_halfyear_{name}.csv").write_text(header + text)
    listed = "".join(f"{y},{s},{c}\n" for s, place, y, h, c in rows if place == "PA" and h == 1)
    (folder / "nflis_substance_frequency_annual_2000.csv").write_text("YYYY,SubstanceDetected,Freq\n" + listed)
    return folder


def test_parts_of_a_table_are_put_together(tmp_path: Path) -> None:
    by_state, national = panels(tables(tmp_path))
    panel = by_state[0]
    assert (len(by_state), len(national), panel.yearly) == (1, 1, 2)
    assert panel.positive.shape == (4, 6, 14)
    assert (panel.told(0), panel.told(13)) == ("2000-H1", "2006-H2")
    assert panel.regions.tolist() == [3, 0, 1, 0, 4, 2]
    assert (panel.tested[0] == panel.positive.sum(axis=0)).all()


def test_a_rise_is_found_before_the_plain_rule_finds_it(tmp_path: Path) -> None:
    panel = panels(tables(tmp_path))[0][0]
    told = run(panel)
    onset = told.onsets["Made-upine"]
    assert set(told.onsets) == {"Made-upine"}
    assert panel.told(onset.plain) == "2005-H2"
    assert onset.period < onset.plain
    assert place_rate(panel, told.place_alerts, "made-upine").begun == 0
    assert place_rate(panel, told.place_alerts, "Common").begun == 6


def test_the_plain_rule_by_hand() -> None:
    positive = np.zeros((2, 4, 5), dtype=np.int64)
    positive[0, :3, [1, 3]] = 5
    positive[1, :2, :] = 9
    assert plain_rule(positive).tolist() == [3, -1]


def test_the_verb_tells_tables_rule_and_controls(tmp_path: Path) -> None:
    done = entente("bench", "emerging", "--data", tables(tmp_path), "--case", "Made-upine", "--panels", 0)
    assert done.code == 0, done.err
    assert "Made-upine: first alert 200" in done.out
    assert "months gained" in done.out
    assert "per 1,000" in done.out
    found = entente("bench", "emerging", "--data", tmp_path, "--case", "Made-upine", "--panels", 0, "--json").json
    assert [one["substance"] for one in found["by_state"][0]["first_alerts"]] == ["Made-upine"]


def test_a_folder_without_tables_says_what_to_name(tmp_path: Path) -> None:
    done = entente("bench", "emerging", "--data", tmp_path)
    assert done.code == 3
    assert "nflis_" in done.err
