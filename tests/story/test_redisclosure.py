"""A record goes on to somebody else only where its originator granted exactly that, and an agreement permits it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agreements.parts import changed, source
from entente.cli.staging import build
from entente.exchange.redisclosures import RedisclosureRequest, redisclosure_request_bytes
from entente.node.granting import AnsweredBefore, GrantDayMissing, UnknownGrantField, grant_request, refuse_request
from entente.node.keeping import keep
from entente.node.offering import RECALL_NEEDED
from entente.node.outgoing import Outgoing
from entente.node.recalling import CallBack, give
from entente.node.redisclosing import (
    ASKED_OF_US,
    GrantOver,
    NotFromOthers,
    NotGranted,
    NotPermittedOnward,
    UnfitWhy,
    ask,
    requests,
    use,
)
from entente.signing import parse
from story.notices_given import Hands
from story.test_on_behalf import ABROAD, BUREAU, GIVES, HOME, ONWARD, PARTIES, PASSES_ON, PROVINCE, plain_sample
from story.world import World, world_of

HOMES = [party.split(".")[1] for party in PARTIES]
LIAISON = {party: f"{party}/liaison-1" for party in PARTIES}
ASKED_FOR = changed(PASSES_ON, occasion='"on-request"')
FOR = "threat-assessment"
SOON = datetime.now(UTC).date() + timedelta(days=3)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province's sample is at the bureau; a text with the country abroad would let it go on request."""
    folder = tmp_path_factory.mktemp("onward")
    build(folder / "stage", PARTIES, ())
    with world_of(folder / "stage", folder / "staged", HOMES) as made:
        made.agree(source(HOME, GIVES), PROVINCE, BUREAU)
        made.agree(source(ONWARD, ASKED_FOR), PROVINCE, BUREAU, ABROAD)
        with made.nodes[PROVINCE].writing() as work:
            keep(made.nodes[PROVINCE], work, [plain_sample(made, PROVINCE)])
        made.settle()
    return folder / "staged"


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(staged: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(staged, tmp_path / "world", HOMES, clock) as found:
        yield found


def asked(world: World, purpose: str = FOR) -> str:
    """The bureau asks; the id of its request."""
    row = ask(world.nodes[BUREAU], plain_sample(world, PROVINCE).id, ABROAD, purpose, "They saw the same mark")
    world.settle()
    return row.id


def abroad(world: World) -> list[dict[str, Any]]:
    with world.nodes[ABROAD].store.reading() as tx:
        return [parse(row.body)["values"] for row in tx.current_records(own=False)]


def test_what_was_granted_goes_and_no_field_more(world: World) -> None:
    request = asked(world)
    assert abroad(world) == []
    (row,) = requests(world.nodes[PROVINCE])
    assert (row.id, row.why, row.recipient) == (request, "They saw the same mark", ABROAD)
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON, fields=["number"])
    world.settle()
    use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    world.settle()
    assert abroad(world) == [{"number": "E-17"}]
    assert [one["granted"] for one in world.entries(PROVINCE, "redisclosure-decided")] == [True]
    assert [one["grant"] for one in world.entries(BUREAU, "redisclosed")] == [request]


def test_nothing_goes_without_a_yes_or_after_a_no(world: World) -> None:
    request = asked(world)
    with pytest.raises(NotGranted):
        use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    refuse_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], "It is under investigation")
    world.settle()
    (row,) = requests(world.nodes[BUREAU])
    assert (row.state, row.answer) == ("refused", "It is under investigation")
    with pytest.raises(NotGranted):
        use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    with pytest.raises(AnsweredBefore):
        grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    assert abroad(world) == []


def test_a_grant_ends_with_its_day(world: World, clock: Hands) -> None:
    request = asked(world)
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    world.settle()
    clock.now = datetime.now(UTC) + timedelta(days=4)
    with pytest.raises(GrantOver):
        use(world.nodes[BUREAU], request, LIAISON[BUREAU])


def test_a_grant_replaces_no_agreement(world: World) -> None:
    """The originator says yes for a purpose that the text with the receiver does not name."""
    request = asked(world, "statistics")
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    world.settle()
    with pytest.raises(NotPermittedOnward):
        use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    assert abroad(world) == []


def test_a_recall_takes_it_back_from_whoever_got_it_by_the_grant(world: World) -> None:
    request = asked(world)
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    world.settle()
    use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    world.settle()
    assert abroad(world)
    give(world.nodes[PROVINCE], plain_sample(world, PROVINCE).id, CallBack(reason="wrong", who="releasing"))
    world.settle()
    assert abroad(world) == []
    with pytest.raises(NotFromOthers):
        use(world.nodes[BUREAU], request, LIAISON[BUREAU])


def test_a_newer_version_is_proposed_for_recall_where_a_grant_took_the_old_one(world: World) -> None:
    request = asked(world)
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    world.settle()
    use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    with world.nodes[PROVINCE].writing() as work:
        keep(world.nodes[PROVINCE], work, [plain_sample(world, PROVINCE, number="E-18")])
    world.settle()
    assert abroad(world) == [{"number": "E-17", "substance_suspected": "fentanyl"}]
    with world.nodes[BUREAU].store.reading() as tx:
        assert [row.partner for row in tx.releases(RECALL_NEEDED)] == [ABROAD]
    use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    world.settle()
    assert abroad(world) == [{"number": "E-18", "substance_suspected": "fentanyl"}]


def test_what_cannot_be_asked_or_granted_is_said(world: World) -> None:
    with pytest.raises(NotFromOthers):
        ask(world.nodes[PROVINCE], plain_sample(world, PROVINCE).id, ABROAD, FOR, "because")
    with pytest.raises(UnfitWhy):
        ask(world.nodes[BUREAU], plain_sample(world, PROVINCE).id, ABROAD, FOR, " ")
    request = asked(world)
    with pytest.raises(GrantDayMissing):
        grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], None)
    with pytest.raises(UnknownGrantField, match="number, substance_suspected"):
        grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON, fields=["colour"])


def test_nobody_is_asked_to_grant_what_somebody_else_said(world: World) -> None:
    """A changed node abroad asks the bureau about the sample that the bureau only handed on."""
    request = asked(world)
    grant_request(world.nodes[PROVINCE], request, LIAISON[PROVINCE], SOON)
    world.settle()
    use(world.nodes[BUREAU], request, LIAISON[BUREAU])
    world.settle()
    node = world.nodes[ABROAD]
    with node.writing() as work:
        (row,) = work.tx.current_records(own=False)
        (brought,) = work.tx.received_of(row.id)
        body = redisclosure_request_bytes(RedisclosureRequest(recipient=PROVINCE, why="to see"))
        agreement = str(parse(row.handling or b"")["agreement"])
        outgoing = Outgoing(node, work, BUREAU)
        outgoing.send(
            "redisclosure-request", body, about=brought.id, agreement=agreement, purpose=FOR, is_simulated=True
        )
        outgoing.close()
    world.settle()
    with world.nodes[BUREAU].store.reading() as tx:
        assert [(one.state, one.reason) for one in tx.inbox(ABROAD)][-1] == ("refused", "nothing-given")
        assert tx.redisclosures(ASKED_OF_US) == []
