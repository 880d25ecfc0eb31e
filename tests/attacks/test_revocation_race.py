"""The revocation race: version 3 let B give A's data to C, version 4 does not, and B is away when A signs it.

Version 4 stands in one text for all that version 3 did. What A told B before must not reach C through B after A has
signed, but for the declared grace (entente.node.heard.GRACE), however much already waits at B.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agreements.parts import changed, source
from attacks.field import Field, field_of
from attacks.given import HEAD, PERMIT, count, plant
from entente.cli.staging import CREDENTIALS
from entente.node.agreeing import add_agreement, suspend
from entente.node.courier import UNANSWERED
from entente.node.heard import GRACE
from entente.signing import PrivateKey, digest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
A, B, C = "ca.rcmp", "us.dea", "ca.cbsa"
A_TO_B = changed(PERMIT, giver=f'["{A}"]', receiver=f'["{B}"]', caveats='["not-evidence"]')
B_TO_C = changed(
    PERMIT,
    id='"2.1"',
    giver=f'["{B}"]',
    receiver=f'["{C}"]',
    on_behalf_of=f'["{A}"]',
    caveats='["not-evidence"]',
)
ALL = changed(HEAD, version="3", predecessor=f'"sha256:{"0" * 64}"', parties=f'["{A}", "{B}", "{C}"]')
V3 = source(ALL, A_TO_B, B_TO_C)
V4 = source(changed(ALL, version="4", predecessor=f'"{digest(V3)}"'), A_TO_B)
DAY = 1.0
"""Longer than the grace."""


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """All three share under version 3."""
    with field_of(tmp_path / "field", (A, B, C)) as field:
        field.serve()
        field.agree(V3, A, B, C)
        yield field


def told(field: Field, *substances: str) -> None:
    """What A keeps; those it has kept before change nothing."""
    with field.node(A) as node:
        plant(node, "test-count", [count(substance) for substance in substances])


def substances(field: Field, party: str) -> set[str]:
    shown = field.must(party, "records", "list", "--why", "look", "--json").json
    return {one["values"]["substance_native"] for one in shown if "substance_native" in one["values"]}


def queued_for_c(field: Field) -> int:
    """Records of A's that wait at B for C."""
    with field.node(B) as node, node.store.reading() as tx:
        return sum(1 for row in tx.outbox(C) if row.record_id and row.state in UNANSWERED)


def eventually(is_so: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def waits_at_b(field: Field) -> None:
    """C has had ALPHA; BETA waits for it at B, which goes away for longer than the grace."""
    told(field, "ALPHA")
    eventually(lambda: substances(field, C) == {"ALPHA"})
    field.stop(C)
    told(field, "ALPHA", "BETA")
    eventually(lambda: queued_for_c(field) == 1)
    field.stop(B)
    field.at(DAY)


def revoke(field: Field) -> None:
    """A signs version 4 and ends version 3 for itself."""
    keys: dict[str, str] = json.loads((field.stage.folder / CREDENTIALS).read_text("utf-8"))
    with field.node(A) as node:
        add_agreement(node, V4)
    field.sign(A, digest(V4))
    with field.node(A) as node:
        suspend(node, digest(V3), f"{A}/liaison-1", PrivateKey.from_text(keys[f"{A}/liaison-1"]), "version 4")


def bodies_for_c(field: Field) -> int:
    """Messages with somebody else's record that C was given, body and all."""
    with field.node(C) as node, node.store.reading() as tx:
        return sum(1 for row in tx.inbox(B) if row.type == "disclosure" and row.state != "expired")


def test_nothing_of_a_reaches_c_once_a_has_signed_though_b_hears_of_it_last(field: Field) -> None:
    waits_at_b(field)
    revoke(field)
    field.stop(A)  # B comes back and cannot ask
    field.serve(C, B)
    eventually(lambda: queued_for_c(field) == 0)
    assert (substances(field, C), bodies_for_c(field)) == ({"ALPHA"}, 1)
    field.serve(A)
    field.settle()
    assert (substances(field, C), bodies_for_c(field)) == ({"ALPHA"}, 1)
    shown = field.must(B, "ledger", "show", "--limit", 1000, "--json").json
    types = [entry["type"] for entry in shown]
    assert "disclosed" not in types[types.index("agreement-suspended") :]
    assert substances(field, B) == {"ALPHA", "BETA"}  # what it may keep itself


def test_b_applies_version_4_first_where_it_can_ask(field: Field) -> None:
    waits_at_b(field)
    revoke(field)
    field.serve(C, B)
    field.settle()
    assert (substances(field, C), bodies_for_c(field)) == ({"ALPHA"}, 1)


def test_where_nothing_was_signed_it_goes_on_as_soon_as_b_has_heard(field: Field) -> None:
    """The other side of it: who was away does not lose what was meant to go."""
    waits_at_b(field)
    field.stop(A)
    field.serve(C, B)
    eventually(lambda: queued_for_c(field) == 0)
    assert substances(field, C) == {"ALPHA"}
    field.serve(A)
    eventually(lambda: substances(field, C) == {"ALPHA", "BETA"})
    assert GRACE.total_seconds() < DAY * 86_400
