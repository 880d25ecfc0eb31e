"""Findings at one node: found with their evidence, reviewed by a person, open again when their records change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from entente.agreements import Limits
from entente.analysis import (
    ACCEPTED,
    DISMISSED,
    EVIDENCE,
    FINDING_COLUMNS,
    Answer,
    Arguments,
    Engine,
    NotAFindingAnswer,
    Question,
    SimulatedAmongReal,
    Table,
    answer_rows,
    provenance,
    sentence,
    settings_in,
    settings_text,
)
from entente.cli.house import catalogue, question_called
from entente.node.asking import PurposeForbidden, Scope, ask
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.findings import DoesNotFind, NoSuchFinding, asked_with, finding, findings, look_for
from entente.node.keeping import keep
from entente.node.limits import limits_of
from entente.node.looking import Look
from entente.node.reviewing import (
    AnotherVersion,
    NoteMissing,
    RestsOnOldRecords,
    ReviewedAlready,
    UnfitReviewNote,
    review,
)
from entente.node.work import Node
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.vocabulary import LANGUAGES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOK = Look("analyst", "monthly look")
TEST_COUNT = catalogue().kind("test-count")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    config = Config(folder=tmp_path, party="ca.phac", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1")
    made = create_node(config, catalogue(), lambda: NOW)
    yield made
    made.close()


def everything_alarms(tables: Any, arguments: Arguments, engine: Engine) -> Answer:
    """One row that alarms above 5: the sum of all reports, resting on every record."""
    table: Table = tables["test-count"]
    rows = table.rows.to_pylist()
    row = {column.name: None for column in FINDING_COLUMNS} | {
        "subject": "EXAMPLE",
        "place": "all",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 6, 30),
        "measure": "share-growth",
        "denominator": "tested",
        "observed": sum(one["reported"] for one in rows),
        "of": sum(one["tested"] for one in rows),
        "expected": Decimal("2.50"),
        "value": Decimal("2.8"),
        "q": Decimal("0.00012"),
        "alarm": sum(one["reported"] for one in rows) > 5,
    }
    shown = answer_rows(FINDING_COLUMNS, [row])
    evidence = [f"{one['_id']}/{one['_version']}" for one in rows]
    return Answer(
        question="substances.growth",
        parameters=arguments,
        columns=FINDING_COLUMNS,
        rows=shown.append_column(EVIDENCE, pa.array([evidence], pa.list_(pa.string()))),
        denominators=(),
        cautions=(),
        provenance=provenance(tables.values()),
    )


ALARMING = Question(
    name="substances.growth", needs=("test-count",), parameters=(), answer=everything_alarms, finds=True
)


def a_count(node: Node, reported: int, *, is_simulated: bool = False, publication: str = "example") -> str:
    """Keeps one count of 100 tested; its id."""
    values: dict[str, Value] = {
        "publication": publication,
        "jurisdiction": "ca-on",
        "substance_native": "EXAMPLE",
        "period_start": date(2026, 1, 1),
        "tested": 100,
        "reported": reported,
    }
    stamp = Stamp(said_by=node.party, recorded_at=NOW, id_key=b"k" * 32, is_simulated=is_simulated)
    record = Record(
        id=record_id(stamp, TEST_COUNT, values),
        version=1,
        kind="test-count",
        kind_version=TEST_COUNT.version,
        said_by=node.party,
        recorded_at=NOW,
        sure="reported",
        provenance=Provenance(
            source="f.csv", source_digest="sha256:" + "0" * 64, line=2, reader="test-count-csv", mapping_version="1"
        ),
        values=values,
        is_simulated=is_simulated,
    )
    with node.writing() as work:
        keep(node, work, [record])
    return record.id


def look(node: Node) -> Any:
    return look_for(node, LOOK, ALARMING, {}, "early-warning")


def test_what_alarms_is_kept_open_with_its_evidence(node: Node) -> None:
    behind = a_count(node, 7)
    (row,) = look(node).findings
    held = finding(node, LOOK, row.id[:8])
    assert (held.values["review"], held.values["observed"], held.values["of"]) == ("open", 7, 100)
    assert (held.values["denominator"], held.values["records"], held.values["parties"]) == ("tested", 1, ("ca.phac",))
    with node.store.reading() as tx:
        assert [(one.record_id, one.record_version) for one in tx.evidence(row.id, 1)] == [(behind, 1)]


def test_looking_again_changes_nothing_and_keeps_the_review(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    review(node, row.id, ACCEPTED, "analyst-1", "seen in two laboratories")
    again = look(node)
    assert again.number_new == 0
    assert [one.version for one in again.findings] == [2]
    assert finding(node, LOOK, row.id).values["review"] == "accepted"


def test_a_correction_flags_the_finding_and_looking_again_opens_it(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    review(node, row.id, ACCEPTED, "analyst-1")
    assert finding(node, LOOK, row.id).stale == 0
    a_count(node, 9)
    assert finding(node, LOOK, row.id).stale == 1
    again = look(node)
    assert again.number_new == 1
    held = finding(node, LOOK, row.id)
    assert (held.row.version, held.values["observed"], held.values["review"], held.stale) == (3, 9, "open", 0)
    assert "reviewed_by" not in held.values


def test_a_finding_is_reviewed_once_and_dismissed_with_a_reason(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    with pytest.raises(NoteMissing):
        review(node, row.id, DISMISSED, "analyst-1", "  ")
    review(node, row.id, DISMISSED, "analyst-1", "a batch was counted twice")
    with pytest.raises(ReviewedAlready):
        review(node, row.id, ACCEPTED, "analyst-1")
    assert findings(node, LOOK, review="open") == []
    (held,) = findings(node, LOOK)
    assert held.values["review_note"] == "a batch was counted twice"
    with node.store.reading() as tx:
        assert [entry.type for entry in tx.entries_about(row.id)] == ["kept", "corrected", "reviewed"]


def test_what_is_not_there_or_does_not_find_is_said(node: Node) -> None:
    with pytest.raises(NoSuchFinding):
        finding(node, LOOK, "00000000")
    totals = question_called("seizures.totals")
    with pytest.raises(DoesNotFind):
        look_for(node, LOOK, totals, {}, "statistics")


def test_simulated_and_real_records_never_meet_and_a_scope_chooses(node: Node) -> None:
    a_count(node, 7)
    a_count(node, 6, is_simulated=True, publication="simulated")
    with pytest.raises(SimulatedAmongReal):
        look(node)
    (real,) = look_for(node, LOOK, ALARMING, {}, "early-warning", scope=Scope(is_simulated=False)).findings
    (simulated,) = look_for(node, LOOK, ALARMING, {}, "early-warning", scope=Scope(is_simulated=True)).findings
    held = {row.id: finding(node, LOOK, row.id) for row in (real, simulated)}
    assert [(one.row.is_simulated, one.values["observed"]) for one in held.values()] == [(False, 7), (True, 6)]


def test_a_limited_kind_refuses_every_other_purpose(node: Node) -> None:
    question = question_called("health.totals")
    for purpose in ("prosecution", "control-scheduling", "investigation", "statistics"):
        with pytest.raises(PurposeForbidden):
            ask(node, LOOK, question, {parameter.name: parameter.default for parameter in question.parameters}, purpose)


def test_an_answer_without_the_columns_is_a_defect_of_the_question(node: Node) -> None:
    def broken(tables: Any, arguments: Arguments, engine: Engine) -> Answer:
        whole = everything_alarms(tables, arguments, engine)
        return Answer(**{**_parts(whole), "rows": whole.rows.drop_columns(["q"])})

    a_count(node, 7)
    question = Question(name="substances.growth", needs=("test-count",), parameters=(), answer=broken, finds=True)
    with pytest.raises(NotAFindingAnswer):
        look_for(node, LOOK, question, {}, "early-warning")


def _parts(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Answer.__dataclass_fields__}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_one_sentence_in_every_language(node: Node, language: str) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    said = sentence(finding(node, LOOK, row.id).values, catalogue().vocabulary, language)
    assert "EXAMPLE" in said
    assert "7" in said
    point = "," if language == "fr" else "."
    assert f"2{point}50" in said  # three digits that count
    assert "?" in said  # what the answer did not tell
    assert f"< 0{point}001" in said
    assert "(all)" not in said
    assert "{" not in said


def test_growth_from_nothing_has_no_ratio_but_a_lower_end() -> None:
    told = {
        "measure": "share-growth",
        "denominator": "tested",
        "subject": "EXAMPLE",
        "place": "all",
        "observed": 7,
        "of": 160,
        "low": "2.69",
        "q": "0.00324",
    }
    said = sentence(told, catalogue().vocabulary, "en")
    assert "where none was found before" in said
    assert "at least 2.69 times" in said
    assert "0.00324" in said


def test_what_no_longer_alarms_is_opened_and_dismissing_it_withdraws_it(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    review(node, row.id, ACCEPTED, "analyst-1")
    a_count(node, 2)
    with pytest.raises(ReviewedAlready):
        review(node, row.id, DISMISSED, "analyst-1", "it was a mistake")
    assert look(node).number_new == 1
    held = finding(node, LOOK, row.id)
    assert (held.values["alarm"], held.values["observed"], held.values["review"]) == (False, 2, "open")
    withdrawn, _ = review(node, row.id, DISMISSED, "analyst-1", "it was a mistake")
    assert finding(node, LOOK, withdrawn.id).values["review"] == "withdrawn"


def test_nothing_that_never_alarmed_becomes_a_finding(node: Node) -> None:
    a_count(node, 2)
    assert look(node).findings == []


def test_what_rests_on_corrected_records_is_not_accepted_unseen(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    a_count(node, 9)
    with pytest.raises(RestsOnOldRecords):
        review(node, row.id, ACCEPTED, "analyst-1")
    look(node)
    with pytest.raises(AnotherVersion):
        review(node, row.id, ACCEPTED, "analyst-1", version=1)
    kept, _ = review(node, row.id, ACCEPTED, "analyst-1", version=2)
    assert kept.version == 3


def test_a_note_is_bounded_and_steers_no_screen(node: Node) -> None:
    a_count(node, 7)
    (row,) = look(node).findings
    for note in ("x" * 2001, "clear \x1b[2J"):
        with pytest.raises(UnfitReviewNote):
            review(node, row.id, ACCEPTED, "analyst-1", note)


def test_tighter_limits_open_a_finding_again_with_the_same_figures(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told goes under the limits of the last look, never of an earlier one."""
    a_count(node, 7)
    (row,) = look(node).findings
    review(node, row.id, ACCEPTED, "analyst-1")
    tighter = Limits(purposes=("early-warning",), caveats=("not-evidence",))
    monkeypatch.setattr("entente.node.findings.inherited", lambda answer: tighter)
    assert look(node).number_new == 1
    held = finding(node, LOOK, row.id)
    assert held.values["review"] == "open"
    assert limits_of(held.row) == tighter


def test_own_records_and_other_purposes_are_other_findings(node: Node) -> None:
    a_count(node, 7)
    (all_records,) = look(node).findings
    (own,) = look_for(node, LOOK, ALARMING, {}, "early-warning", scope=Scope(is_own=True)).findings
    (other,) = look_for(node, LOOK, ALARMING, {}, "threat-assessment").findings
    assert len({all_records.id, own.id, other.id}) == 3
    texts, purpose, scope = asked_with(finding(node, LOOK, own.id).values)
    assert (list(texts), purpose, scope.is_own) == (["until=2026-06-30"], "early-warning", True)


def test_the_last_day_of_a_look_is_no_setting_of_its_own(node: Node) -> None:
    """Looked at later with `until`, the same period gives the same finding, so that a correction can reach it."""
    assert settings_text({"until": date(2026, 6, 30), "months": 6, "subject": "A B"}) == "months=6; subject=A B"
    assert settings_in("months=6; subject=A B") == {"months": "6", "subject": "A B"}
