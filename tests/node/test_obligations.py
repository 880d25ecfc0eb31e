"""Figures of answers, and proof of what is done."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from entente.cli import house
from entente.cli.house import catalogue
from entente.ledger import LedgerProof, decode_vkey, verify_proof
from entente.node.alarms import alarms
from entente.node.answer_figures import answer_figures
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.discharge import NotDischarged, discharges, proof_of_discharge
from entente.node.ledger_view import entry_row
from entente.node.obligations import Obligation, Wanted, obligations, within
from entente.node.work import Node, open_node
from entente.store import DutyRow, RecordRow
from story.world import CBP, CBSA, entente

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
BY_US, TO_US = "owed-by-us", "owed-to-us"


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    config = Config(
        folder=tmp_path / "cbp", party=CBP, domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1"
    )
    made = create_node(config, catalogue(), clock=lambda: NOW)
    monkeypatch.setattr(house, "open_node", partial(open_node, clock=lambda: NOW))
    yield made
    made.close()


def owe(node: Node, number: int, hours: float | None = None, **parts: Any) -> DutyRow:
    """A duty about a message of ten days ago, answered after so many hours, or open; due after five days."""
    created = NOW - timedelta(days=10)
    usual: Mapping[str, Any] = {
        "direction": TO_US,
        "partner": CBSA,
        "about": f"sha256:{number:064x}",
        "record_id": "r",
        "record_version": 1,
        "agreement": "sha256:0",
        "due": created + timedelta(days=5),
        "state": "owed" if hours is None else "answered",
        "outcome": "" if hours is None else "used",
        "note": "",
        "is_simulated": False,
        "created_at": created,
        "answered_at": None if hours is None else created + timedelta(hours=hours),
    }
    row = DutyRow(**{**usual, **parts})
    with node.store.writing() as tx:
        tx.put_duty(row)
    return row


class TestFigures:
    def test_median_and_nine_in_ten_rest_on_the_answered_and_say_how_many(self, node: Node) -> None:
        for number, hours in enumerate((6, 12, 24, 24, 36, 48, 72, 96, 120, 240)):
            owe(node, number, hours)
        owe(node, 10)
        owe(node, 11, due=NOW + timedelta(days=1))
        owe(node, 12, state="void")
        (found,) = answer_figures(node)
        assert (found.asked, found.answered, found.in_time, found.open, found.overdue) == (12, 10, 9, 2, 1)
        assert (found.median_days, found.ninth_days, found.share_in_time) == (1.5, 5.0, 0.9)
        assert not found.is_owed_by_us

    def test_nothing_answered_has_no_median(self, node: Node) -> None:
        owe(node, 1)
        (found,) = answer_figures(node)
        assert (found.median_days, found.ninth_days, found.share_in_time) == (None, None, None)

    def test_real_and_simulated_and_directions_are_never_mixed(self, node: Node) -> None:
        owe(node, 1, 24)
        owe(node, 2, 48, is_simulated=True)
        owe(node, 3, 96, direction=BY_US)
        owe(node, 4, 12, agreement="sha256:1")
        assert sorted((one.median_days, one.asked) for one in answer_figures(node)) == [
            (0.5, 1),
            (1, 1),
            (2, 1),
            (4, 1),
        ]

    def test_only_messages_of_the_days_that_are_asked_about_count(self, node: Node) -> None:
        owe(node, 1, 24)
        owe(node, 2, 48, created_at=NOW - timedelta(days=3))
        day = NOW - timedelta(days=4)
        assert [one.asked for one in answer_figures(node, since=day)] == [1]
        assert [one.asked for one in answer_figures(node, until=day)] == [1]
        assert answer_figures(node, NOW, NOW) == []
        shown = entente("duties", "figures", "--since", "2027-02-26", "--json", "--node", node.config.folder)
        assert [one["asked"] for one in shown.json] == [1]


class TestTheList:
    def received(self, node: Node, number: int, **parts: Any) -> None:
        usual: Mapping[str, Any] = {
            "version": 1,
            "kind": "test-count",
            "said_by": CBSA,
            "digest": "sha256:d",
            "content_digest": "sha256:c",
            "body": b"{}",
            "recorded_at": NOW,
            "is_simulated": False,
            "via": CBSA,
            "handling": b'{"agreement":"sha256:0","caveats":["no-onward"],"purposes":["statistics"]}',
            "retain_until": (NOW + timedelta(days=number)).date(),
        }
        with node.store.writing() as tx:
            tx.add_records([RecordRow(**{"id": f"r{number}", **usual, **parts})])

    def test_answers_and_last_days_come_in_one_order_and_every_page_goes_on(self, node: Node) -> None:
        for number in range(-2, 5):
            self.received(node, number)
            due = (NOW + timedelta(days=number)).replace(hour=23, minute=59, second=59, microsecond=999999)
            owe(node, number + 2, due=due)
            owe(node, number + 50, due=due - timedelta(hours=1))
        whole = obligations(node, Wanted())
        assert len(whole) == 21
        assert [one.place for one in whole] == sorted(one.place for one in whole)
        paged: list[Obligation] = []
        after = ""
        while page := obligations(node, Wanted(), after=after, limit=2):
            paged += page
            after = page[-1].place
        assert paged == list(whole)
        assert {one.is_overdue for one in obligations(node, Wanted(is_overdue=True))} == {True}
        assert len(obligations(node, Wanted(is_overdue=True))) == 6
        assert len(obligations(node, Wanted(kind="retention", before=within(node, 1)))) == 3
        assert obligations(node, Wanted(partner="us.dea")) == []
        assert obligations(node, Wanted(), after="no place at all|x") == whole

    def test_limits_of_what_has_no_last_day_have_a_list_of_their_own(self, node: Node) -> None:
        self.received(node, 1)
        self.received(node, 2, retain_until=None)
        (one,) = obligations(node, Wanted(kind="limits"))
        assert (one.about, one.purposes, one.caveats, one.due) == ("r2", ("statistics",), ("no-onward",), None)
        assert [one.about for one in obligations(node, Wanted())] == ["r1"]

    def test_alarms_count_what_is_overdue_and_what_is_due_soon(self, node: Node) -> None:
        self.received(node, -1)
        self.received(node, 1)
        owe(node, 1)
        owe(node, 2, direction=BY_US)
        owe(node, 3, due=NOW + timedelta(days=3, hours=11))
        owe(node, 4, due=NOW + timedelta(days=4, hours=1))
        found = alarms(node)
        assert (found.answers_to_us, found.answers_by_us, found.records, found.due_soon) == (1, 1, 1, 1)
        assert found.number == 3
        shown = entente("status", "--node", node.config.folder, "--json").json["overdue"]
        assert (shown["answers_by_us"], shown["answers_to_us"], shown["records_past_their_day"]) == (1, 1, 1)


class TestProof:
    def test_the_entry_that_ended_it_is_proven_to_whoever_has_the_key(self, node: Node, tmp_path: Path) -> None:
        row = owe(node, 1)
        with pytest.raises(NotDischarged):
            proof_of_discharge(node, row.about)
        with node.writing() as work:
            work.write("answer-heard", row.about, {"partner": CBSA, "stage": "acknowledged", "outcome": None})
            index, leaf_hash = work.write("answer-heard", row.about, {"partner": CBSA, "stage": "answered"})
            work.write("answer-reminder", row.about, {"stage": "overdue"})
        found, proof = proof_of_discharge(node, row.about)
        assert (found.index, found.leaf_hash, found.type) == (index, leaf_hash, "answer-heard")
        data = entry_row(node, index).data
        known = [decode_vkey(node.identity.log_vkey)]
        assert verify_proof(LedgerProof.from_bytes(proof), data, known).size > index
        file = tmp_path / "one.tlog-proof"
        verb = ("obligations", "proof", row.about, "--out", file, "--node", node.config.folder)
        assert entente(*verb).code == 0
        assert LedgerProof.from_bytes(file.read_bytes()).index == index
        assert entente(*verb).code == 3  # nothing is overwritten

    def test_what_only_was_reminded_of_has_not_ended(self, node: Node) -> None:
        row = replace(owe(node, 1), note="x")
        with node.writing() as work:
            work.write("answer-reminder", row.about, {"stage": "overdue"})
        assert discharges(node, [row.about, "r"]) == {}
