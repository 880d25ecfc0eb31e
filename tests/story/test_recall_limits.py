"""A recall reaches as far as what its sender gave, and no further; and nobody says that all is erased before it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agreements.parts import changed, source
from entente.cli.staging import build
from entente.node.keeping import keep
from entente.node.recall_taking import GIVEN, finish_recalls
from entente.node.recalling import CallBack, give, recalls
from entente.node.retention import end_hold, put_hold
from story.test_on_behalf import ABROAD, BUREAU, GIVES, HOME, ONWARD, PARTIES, PASSES_ON, PROVINCE, plain_sample
from story.world import World, world_of

HOMES = [party.split(".")[1] for party in PARTIES]
DIRECT = changed(HOME, name='"direct"', parties='["ca.provincial-police", "us.dea"]')
GIVES_ABROAD = changed(GIVES, receiver='["us.dea"]')
LAST_DAY = datetime.now(UTC).date() + timedelta(days=5)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province's sample came abroad twice: by way of the bureau, and from the province itself."""
    folder = tmp_path_factory.mktemp("recall-limits")
    build(folder / "stage", PARTIES, ())
    with world_of(folder / "stage", folder / "staged", HOMES) as made:
        made.agree(source(HOME, GIVES), PROVINCE, BUREAU)
        made.agree(source(ONWARD, PASSES_ON), PROVINCE, BUREAU, ABROAD)
        keeps(made, "E-17")
        made.agree(source(DIRECT, GIVES_ABROAD), PROVINCE, ABROAD)
        made.settle()
        assert sorted(copies(made)) == sorted([PROVINCE, BUREAU])
    return folder / "staged"


@pytest.fixture
def world(staged: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", HOMES) as found:
        yield found


def keeps(world: World, number: str) -> None:
    """The province keeps its sample, or the next version of it."""
    with world.nodes[PROVINCE].writing() as work:
        keep(world.nodes[PROVINCE], work, [plain_sample(world, PROVINCE, number=number)])
    world.settle()


def copies(world: World) -> dict[str, str]:
    """Ids under which the sample is held abroad, by who brought it; those that were erased are none."""
    with world.nodes[ABROAD].store.reading() as tx:
        return {row.via or "": row.id for row in tx.current_records(own=False) if row.body}


def test_what_the_originator_gave_itself_is_still_corrected_when_somebody_else_calls_back_its_copy(
    world: World,
) -> None:
    give(world.nodes[BUREAU], plain_sample(world, PROVINCE).id, CallBack(reason="wrong", who="releasing"))
    world.settle()
    assert list(copies(world)) == [PROVINCE]
    keeps(world, "E-18")
    assert b'"E-18"' in world.database(ABROAD)


def test_no_receipt_says_erased_while_a_hold_keeps_a_copy_that_came_another_way(world: World) -> None:
    abroad, name = world.nodes[ABROAD], copies(world)[BUREAU]
    put_hold(abroad, name, who="court", why="order of a court")
    give(world.nodes[PROVINCE], plain_sample(world, PROVINCE).id, CallBack(reason="wrong", who="x", partner=ABROAD))
    world.settle()
    for _ in range(2):
        assert finish_recalls(abroad) == 0
        world.settle()
        (told,) = recalls(world.nodes[PROVINCE], GIVEN)
        assert told.row.state == "partly"
        assert told.receipt is not None
        assert "legal-hold" in told.receipt.remains
    end_hold(abroad, name, who="court", why="it is over")
    assert finish_recalls(abroad) == 1
    world.settle()
    (told,) = recalls(world.nodes[PROVINCE], GIVEN)
    assert told.receipt is not None
    assert (told.row.state, told.receipt.deed, told.receipt.versions) == ("done", "erased", 2)
    assert copies(world) == {}
