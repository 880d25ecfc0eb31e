"""An agreement's text that is not as it should be: every problem at once, with where and what to do."""

from pathlib import Path

import pytest

from entente.agreements import model_bytes, model_names
from entente.cli.staging import MODEL
from story.world import entente

SOURCE = model_bytes(MODEL)
SECOND = f"line {SOURCE[: SOURCE.index(b'effect = ')].count(bytes([10])) + 2}"
"""Where a second `effect` would stand."""

BAD = {
    "unknown field": (SOURCE.replace(b'"seizure-total.land_filter"', b'"seizure-total.boss"'), "seizure-total.boss"),
    "unknown class": (SOURCE.replace(b'"class:substance"', b'"class:secrets"'), "`secrets`"),
    "unknown party": (SOURCE.replace(b'giver = ["ca.cbsa", "us.cbp"]', b'giver = ["xx.none"]'), "xx.none"),
    "duplicate key": (SOURCE.replace(b'effect = "permit"', b'effect = "permit"\neffect = "permit"', 1), SECOND),
    "unknown key": (SOURCE.replace(b'effect = "permit"', b'effect = "permit"\nefect = "permit"', 1), "efect"),
    "not TOML": (b"this is no agreement", ""),
    "not text": (b"\xff\xfe", ""),
    "empty": (b"", ""),
}  # fmt: skip


@pytest.mark.parametrize(("source", "named"), BAD.values(), ids=BAD)
def test_a_bad_text_is_neither_checked_well_nor_added(home: Path, tmp_path: Path, source: bytes, named: str) -> None:
    text = tmp_path / "agreement.toml"
    text.write_bytes(source)
    checked = entente("agreements", "check", text)
    assert checked.code == 1
    assert "error" in checked.out
    assert named in checked.out
    assert any(
        remark["severity"] == "error" for remark in entente("agreements", "check", text, "--json").json["remarks"]
    )

    added = entente("agreements", "add", text, "--node", home)
    assert added.code == 3
    assert named in added.err
    assert added.err.count("\n") < 20
    assert entente("agreements", "list", "--node", home, "--json").json == []


@pytest.mark.parametrize("name", model_names())
def test_shipped_models_pass_their_own_check_and_explain_themselves(name: str) -> None:
    checked = entente("agreements", "check", name, "--json")
    assert checked.code == 0
    assert checked.json["cases"]
    assert all(case["is_met"] for case in checked.json["cases"])
    assert "1.1" in entente("agreements", "explain", name).out
    assert name in entente("agreements", "models").out


def test_only_a_party_adds_an_agreement(home: Path) -> None:
    refused = entente("agreements", "add", "seized-drug-samples", "--node", home)
    assert refused.code == 3
    assert "us.cbp is not among those who sign" in refused.err


def test_a_preview_of_a_draft_says_what_would_go_and_what_would_stay(home: Path, tmp_path: Path) -> None:
    from story.tables import totals

    file = tmp_path / "totals.csv"
    file.write_bytes(totals(0, 9))
    entente("import", file, "--simulated", "--node", home)
    preview = ("agreements", "preview", "ca.cbsa", "--purpose", "statistics", "--node", home, "--why", "draft")
    assert "0 records would go" in entente(*preview).out
    drafted = entente(*preview, "--draft", MODEL)
    assert "3 records would go, 0 would wait for people, 6 would stay." in drafted.out
    assert f"forbidden: {MODEL} v1, provision 2.1" in drafted.out
    assert "  Seizure events: 1\n" in drafted.out
    assert "{" not in drafted.out
    for_all = entente(*preview, "--draft", MODEL, "--purpose", "early-warning", "--occasion", "on-request")
    assert f"nearest: {MODEL} v1, provision 1.1; unmet: the purpose" in for_all.out
    before = entente(*preview, "--draft", MODEL, "--on", "2025-12-31")
    assert "0 records would go" in before.out
    for wrong, named in (
        (("--on", "tomorrow"), "YYYY-MM-DD"),
        (("--draft", "none.toml"), "none.toml"),
        (("--occasion", "now"), "on-hit"),
    ):
        refused = entente(*preview, *wrong)
        assert refused.code in {2, 3}
        assert named in refused.err
