"""A sweep goes through many records in pages; stopped or killed, it goes on where it was and leaves nothing out."""

from collections.abc import Sequence
from typing import Any

import pytest

from entente.errors import InputFault
from entente.node import sweeping
from entente.node.sweeping import sweep
from story.tables import northern, totals
from story.world import CBP, CBSA, World

ROWS = 30


@pytest.fixture
def kept(unheard: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Records kept before any agreement was in force, which a sweep finds in pages of four."""
    unheard.import_file(CBP, "totals.csv", totals(0, ROWS))
    for party in (CBP, CBSA):
        unheard.deliver(party)
    monkeypatch.setattr(sweeping, "PAGE", 4)
    return unheard


def sent(world: World) -> int:
    with world.nodes[CBP].store.reading() as tx:
        return sum(number for _, type_, _, number in tx.outbox_counts() if type_ == "disclosure")


def test_one_that_may_not_last_goes_on_where_it_stopped(kept: World) -> None:
    looked = [sweep(kept.nodes[CBP], seconds=0) for _ in range(12)]
    assert looked[:9] == [4, 4, 4, 4, 4, 4, 4, 2, 0]
    assert sent(kept) == northern(ROWS)


def test_one_that_is_cut_off_goes_on_where_it_was(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[int] = []

    def failing(node: Any, work: Any, partner: str, records: Sequence[Any]) -> None:
        pages.append(len(records))
        if len(pages) == 3:
            raise InputFault
        offer(node, work, partner, records)

    offer = sweeping.__dict__["offer"]
    monkeypatch.setattr(sweeping, "offer", failing)
    with pytest.raises(InputFault):
        sweep(kept.nodes[CBP])
    assert sweep(kept.nodes[CBP]) == ROWS - 8
    assert sent(kept) == northern(ROWS)
    assert sweep(kept.nodes[CBP]) == 0


def test_it_begins_again_when_what_was_offered_must_be_offered_again(kept: World) -> None:
    sweep(kept.nodes[CBP], seconds=0)
    with kept.nodes[CBP].writing() as work:
        work.tx.put_setting(f"offered:{CBSA}", "")
    assert sweep(kept.nodes[CBP]) == ROWS
    assert sent(kept) == northern(ROWS)
