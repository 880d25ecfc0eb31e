"""Attack 8, probing: a partner counts plausible numbers through, query by query, and asks for whole kinds at once. Its
budget stops it, the alert names agreement and purpose, and what it did not pay for it does not learn.

Totals that differ by one record cannot be asked for at all: no message between nodes asks for a total.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attacks.field import Field, field_of
from entente.exchange import MESSAGE_TYPES, Question, question_bytes
from entente.node.in_force import agreements_between
from entente.node.outgoing import Outgoing
from entente.node.querying import Wish, ask_query
from entente.node.questioning import BY_US, OF_US
from entente.node.taking import _HANDLERS
from entente.signing import parse
from entente.store import AskingRow
from story.asking_given import BASIS, sample, text_of
from story.world import CBP, CBSA

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
BUDGET, TRIED = 25, 60
HELD = ("T-0011", "T-0040", "T-0055")
"""What CBSA holds of the numbers T-0000 to T-0059; the first lies within the budget."""


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with field_of(tmp_path / "field", (CBSA, CBP)) as field:
        field.serve()
        field.agree(text_of(budget=BUDGET), CBSA, CBP)
        with field.node(CBSA) as node:
            for number in HELD:
                sample(node, number)
        yield field


def enumerate_numbers(field: Field) -> None:
    """CBP asks for one number after the other."""
    with field.node(CBP) as node:
        for number in range(TRIED):
            selector = (("number", f"T-{number:04}"),)
            question = Question(kind="sample", legal_basis=BASIS, reason="file 12", selector=selector)
            ask_query(node, Wish(partner=CBSA, question=question, purpose="investigation", who="the-attacker"))
    field.settle()


def answered(field: Field) -> list[AskingRow]:
    """The questions as CBP keeps them, once nothing waits for an answer any more."""
    while True:
        field.settle()
        with field.node(CBP) as node, node.store.reading() as tx:
            rows = list(tx.askings(BY_US))
        if all(row.state != "asked" for row in rows):
            return rows


def learned(rows: list[AskingRow]) -> set[str]:
    return {parse(row.body)["selector"][0]["value"] for row in rows if row.outcome == "hit"}


def test_numbers_are_counted_through(field: Field) -> None:
    enumerate_numbers(field)
    rows = answered(field)
    assert learned(rows) == {"T-0011"}
    assert sorted(row.reason for row in rows) == [""] * BUDGET + ["over-budget"] * (TRIED - BUDGET)
    with field.node(CBP) as node, node.store.reading() as tx:
        assert len(list(tx.current_records("sample", own=False))) == 1
    with field.node(CBSA) as node, node.store.reading() as tx:
        assert len(list(tx.askings(OF_US))) == BUDGET  # the others were not even written down, let alone looked up

    status = field.must(CBSA, "status", "--json").json
    assert {(one["partner"], one["name"], one["purpose"]) for one in status["probing"]} == {
        (CBP, "asking", "investigation")
    }
    # Whether misses in a row are seen as well depends on how many answers came before the budget was used up.
    assert {one["sign"] for one in status["probing"]} >= {"values-in-a-row", "over-budget"}
    entries = field.must(CBSA, "ledger", "show", "--limit", "1000", "--json").json
    alerts = [entry["facts"] for entry in entries if entry["type"] == "probing-suspected"]
    assert {(alert["partner"], alert["purpose"]) for alert in alerts} == {(CBP, "investigation")}
    assert len({alert["agreement"] for alert in alerts}) == 1
    assert "seemed to try out values" in field.must(CBSA, "ask", "list").out
    assert "probing" not in field.log(CBP)


def test_a_whole_kind_is_asked_for_at_once(field: Field) -> None:
    """By a node that was changed: what half the records have in common is no identifier, and no total is told."""
    with field.node(CBP) as node, node.writing() as work:
        (agreement,) = agreements_between(node, work.tx, CBSA, work.now)
        outgoing = Outgoing(node, work, CBSA)
        for name, value in (("substance_suspected", "fentanyl"), ("colour", "white"), ("seized_on", "2026-09-01")):
            body = question_bytes(Question(kind="sample", legal_basis=BASIS, reason="x", selector=((name, value),)))
            outgoing.send("query", body, agreement=agreement.digest, purpose="investigation", is_simulated=True)
        outgoing.close()
    field.settle()
    with field.node(CBP) as node, node.store.reading() as tx:
        sent = [row for row in tx.outbox(CBSA) if row.type == "query"]
    assert [(row.state, row.reason) for row in sent] == [("refused", "unfit-selector")] * 3
    assert not {"aggregate", "count", "total"} & (MESSAGE_TYPES.keys() | _HANDLERS.keys())
