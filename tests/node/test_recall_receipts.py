"""What a receipt says of those further down, where somebody further down lies."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from entente.exchange.recalls import MAX_HOLDERS, ErasureReceipt, Holder, erasure_receipt_bytes
from entente.node.recall_taking import holders_below
from exchange.parts import NOW

DONE = ErasureReceipt(
    stage="done",
    deed="erased",
    versions=1,
    messages=1,
    openings=1,
    findings=0,
    onward=(),
    remains=(),
    done_at=NOW,
)


def test_nobody_hides_behind_the_many_that_a_partner_names() -> None:
    many = tuple(Holder(party=f"zz.made-up-{number}", state="done", due=None) for number in range(MAX_HOLDERS))
    liar = SimpleNamespace(
        partner="us.cbp", state="done", due=None, receipt=erasure_receipt_bytes(replace(DONE, onward=many))
    )
    slow = SimpleNamespace(partner="us.dea", state="asked", due=None, receipt=None)
    work: Any = SimpleNamespace(tx=SimpleNamespace(passed_on=lambda _cause: [liar, slow]))
    found = holders_below(work, "sha256:0")
    assert (len(found), found[0]) == (MAX_HOLDERS, Holder(party="us.dea", state="asked", due=None))
