"""The recall chain: what was called back is gone or flagged at everybody who got it, whoever gave it to them, however
late they come; and it does not come back."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agreements.parts import changed
from attacks.field import Field, field_of
from attacks.given import PERMIT, A, B, C, count, plant, text
from entente.analysis import ACCEPTED
from entente.exchange import open_sealed
from entente.exchange.sealing import verify
from entente.node.agreeing import add_agreement
from entente.node.erasing import erase
from entente.node.findings import look_for
from entente.node.looking import Look
from entente.node.reviewing import RestsOnRecalled, review
from entente.node.verifying import verify_store
from entente.signing import PublicKey, digest
from node.test_findings import ALARMING

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

D = "us.cbp"
CANARY = "QXZ-CANARY-8842"
LOOK = Look("analyst", "a look")
ON_REQUEST = changed(
    PERMIT,
    giver=f'["{B}"]',
    receiver=f'["{C}"]',
    on_behalf_of=f'["{A}"]',
    occasion='"on-request"',
    duties="{ retain_days = 60 }",
)
ROUND = changed(PERMIT, giver=f'["{D}"]', receiver=f'["{B}"]', on_behalf_of=f'["{A}"]')
Shown = list[dict[str, Any]]


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Field]:
    """A has given a count to B and to D; B used it in a finding, and gave it to C with A's grant."""
    with field_of(tmp_path / "field", (A, B, C, D)) as field:
        field.serve()
        field.agree(text(PERMIT), A, B)
        field.agree(text(changed(PERMIT, receiver=f'["{D}"]'), name='"there"', parties=f'["{A}", "{D}"]'), A, D)
        field.agree(text(ON_REQUEST, name='"onward"', parties=f'["{B}", "{C}"]', also_signed_by=f'["{A}"]'), B, C, A)
        with field.node(A) as node:
            plant(node, "test-count", [count(CANARY)])
        field.settle()
        with field.node(B) as node:
            (found,) = look_for(node, LOOK, ALARMING, {}, "early-warning").findings
            review(node, found.id, ACCEPTED, f"{B}/analyst-1")
        with_grant(field)
        yield field


def with_grant(field: Field) -> None:
    """B asks, A grants, B hands on."""
    purpose = ("--to", C, "--for", "early-warning", "--why", "they saw the same")
    field.must(B, "redisclosure", "ask", the_record(), *purpose)
    (asked,) = until(lambda: shown(field, A, "redisclosure", "list"))
    soon = datetime.now(UTC).date() + timedelta(days=5)
    field.must(A, "redisclosure", "answer", asked["request"], "--grant", "--until", soon, "--who", f"{A}/liaison-1")
    until(lambda: [one for one in shown(field, B, "redisclosure", "list") if one["state"] == "granted"])
    assert CANARY.encode() not in bytes_of(field, C)
    use = ("redisclosure", "use", asked["request"], "--who", f"{B}/liaison-1")
    until(lambda: [{}] if field.run(B, *use).code == 0 else [])  # once B has heard that A has written nothing more
    field.settle()
    assert CANARY.encode() in bytes_of(field, C)


def the_record() -> str:
    return f"{1:032x}"


def shown(field: Field, party: str, *words: str) -> Shown:
    found: Shown = field.must(party, *words, "--json").json
    return found


def given(field: Field, *options: str) -> Shown:
    """What A called back."""
    return [one for one in shown(field, A, "recall", "list", *options) if one["direction"] == "given"]


def until(look: Callable[[], Shown], seconds: float = 150) -> Shown:
    """What `look` sees, once it sees something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


def bytes_of(field: Field, party: str) -> bytes:
    """All bytes of the database of `party`. INVARIANT of recalls: what its archives hold is another test's matter
    (tests/attacks/test_archives.py): the keys of what was erased are destroyed."""
    return b"".join(file.read_bytes() for file in sorted(field.home(party).glob("node.sqlite*")))


def call_back(field: Field) -> None:
    """From B, while C is away; B has done it and waits for C."""
    field.stop(C)
    field.must(A, "recall", "give", the_record(), "--why", "wrong", "--partner", B)
    until(lambda: [one for one in given(field) if one["state"] == "partly"])


def test_all_copies_are_gone_or_flagged_and_none_comes_back(chain: Field) -> None:
    """One long day in the field, because it takes long to set up: each part below is a claim of its own."""
    with chain.node(A) as node, node.store.reading() as tx:
        before = tx.ledger_head().size
    call_back(chain)
    gone_or_flagged_at_the_holder(chain)
    refused_when_it_comes_from_somebody_else(chain)
    late_until_the_last_has_done_it(chain)
    proven_and_never_opened_again(chain, before)


def gone_or_flagged_at_the_holder(field: Field) -> None:
    assert CANARY.encode() not in bytes_of(field, B)
    with field.node(B) as node, node.store.reading() as tx:
        assert tx.current_records("test-count") == []
        assert [row for row in tx.received_of(the_record()) if row.sealed] == []
    (finding,) = shown(field, B, "findings", "list", "--why", "look")
    assert (finding["recalled"], finding["review"]) == (1, "open")
    with field.node(B) as node, pytest.raises(RestsOnRecalled):
        review(node, str(finding["id"]), ACCEPTED, f"{B}/analyst-1")


def refused_when_it_comes_from_somebody_else(field: Field) -> None:
    agree_without_c(field, text(ROUND, name='"round"', parties=f'["{D}", "{B}"]', also_signed_by=f'["{A}"]'))
    (refused,) = until(lambda: refusals(field))
    assert refused["reason"] == "recalled"
    assert CANARY.encode() not in bytes_of(field, B)


def agree_without_c(field: Field, agreement: bytes) -> None:
    """D proposes it to B, and A signs it too; nobody waits for what cannot reach C."""
    with field.node(D) as node:
        add_agreement(node, agreement)
    for party in (D, B, A):
        until(lambda party=party: holding(field, party, digest(agreement)))  # type: ignore[misc]
        field.sign(party, digest(agreement))


def holding(field: Field, party: str, name: str) -> Shown:
    with field.node(party) as node, node.store.reading() as tx:
        return [{"text": row.digest} for row in tx.agreements() if row.digest == name]


def refusals(field: Field) -> Shown:
    with field.node(B) as node, node.store.reading() as tx:
        return [{"reason": row.reason} for row in tx.inbox(D) if row.state == "refused"]


def late_until_the_last_has_done_it(field: Field) -> None:
    assert given(field, "--overdue") == []
    field.at(10)
    (late,) = given(field, "--overdue")
    assert (late["partner"], late["overdue_holders"]) == (B, [C])
    assert CANARY.encode() in bytes_of(field, C)
    field.serve(C)
    (done,) = until(lambda: [one for one in given(field) if one["state"] == "done"])
    assert [(one["party"], one["state"]) for one in done["receipt"]["onward"]] == [(C, "done")]
    assert CANARY.encode() not in bytes_of(field, C)
    assert receipts(field) >= 2


def receipts(field: Field) -> int:
    """How many erasure receipts A holds; each verifies with B's key."""
    with field.node(A) as node, node.store.reading() as tx:
        (partner,) = (row for row in tx.partners() if row.party == B)
        found = [open_sealed(row.sealed) for row in tx.inbox(B) if row.type == "erasure-receipt"]
    return len([verify(one, PublicKey.from_text(partner.public_key), A) for one in found])


def proven_and_never_opened_again(field: Field, before: int) -> None:
    """A erases its own record as well; what its ledger said of it up to entry `before` has nothing that opens it."""
    with field.node(A) as node:
        with node.writing() as work:
            erase(node, work, the_record(), why="wrong")
        with node.store.reading() as tx:
            about = [one for one in tx.entries_about(the_record()) if one.index < before]
            assert about
            assert {(one.opening, one.salt) for one in about} == {(None, None)}
            carried = [one for row in tx.sent_of(the_record()) for one in tx.entries_about(row.id)]
            assert {one.opening for one in carried if one.type == "disclosed"} == {None}
    assert CANARY.encode() not in bytes_of(field, A)
    for party in (A, B, C):
        with field.node(party) as node:
            assert verify_store(node).is_intact
