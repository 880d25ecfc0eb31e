"""A provision asks that whoever releases was trained: two real nodes, from the refusal with its remedy to what leaves,
and to the day on which a pass has become too old."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from entente.agreements import Approval, model_bytes
from entente.agreements.guiding.exercises import Given
from entente.cli.staging import build
from entente.node.desk import Sheet, approve_as, desk, sheet
from entente.node.looking import Look
from entente.node.people import Person, add_person, change_password, person
from entente.node.releases import approve, waiting
from entente.node.training import add_cases, answer, begin
from entente.node.training_results import TrainingMissing, check_trained
from entente.node.work import Node
from node.test_releases_shown import DEA, MODEL, RCMP, SAMPLES, other_text
from story.notices_given import Hands
from story.world import World, entente, world_of
from web.reading import words
from web.served import served
from web.test_desk import seen_on

ONE, TWO = f"{RCMP}/liaison-1", f"{RCMP}/liaison-2"
PEOPLE = {"one": ONE, "two": TWO}
WITHIN = 30
LOOK = Look("the-officer", "the desk", "threat-assessment")


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both parties have signed a version that asks for training, and the exercises are at hand."""
    staged, folder = tmp_path_factory.mktemp("duty") / "stage", tmp_path_factory.mktemp("duty") / "world"
    build(staged, (RCMP, DEA), (MODEL,))
    with world_of(staged, folder, ("rcmp", "dea")) as world:
        world.settle()
        asked = f'release = "two-officers"\ntraining_days = {WITHIN}'
        other_text(world, b'release = "two-officers"', asked.encode())
        node = world.nodes[RCMP]
        assert add_cases(node, MODEL, of_the_trained(model_bytes(MODEL, "decisions.toml")), by="chief")
        world.import_file(RCMP, "samples.csv", SAMPLES.encode())
        for name, officer in PEOPLE.items():
            _, once = add_person(node, name, ["releasing-officer"], officer=officer, by="test")
            change_password(node, name, once, "a long walk at the river")
    return folder


def of_the_trained(cases: bytes) -> bytes:
    """The model's golden decisions, whose officers were trained."""
    trained = cases.replace(b"ask.officers", b"ask.trained = true\nask.officers")
    return trained.replace(b"condition+officers", b"condition+officers+training")


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def world(signed: Path, tmp_path: Path, clock: Hands) -> Iterator[World]:
    with world_of(signed, tmp_path / "world", ("rcmp", "dea"), clock) as found:
        yield found


@pytest.fixture
def node(world: World) -> Node:
    return world.nodes[RCMP]


def train(node: Node, who: str, *, wrong: int = 0) -> None:
    attempt = begin(node, who, MODEL)
    for place, one in enumerate(attempt.exercises):
        right = Given(one.case.answer, frozenset(one.case.fields))
        given = right if place >= wrong else Given("wait" if one.case.answer != "wait" else "release")
        answer(node, who, MODEL, one.id, given, door="test")


def shown(node: Node) -> Sheet:
    return sheet(node, LOOK, waiting(node)[-1].id)


def approved(node: Node, name: str) -> bool:
    """`name` approves what is shown now; whether it leaves."""
    found = shown(node)
    return approve_as(node, somebody(node, name), found.pending.number, found.seen)


def somebody(node: Node, name: str) -> Person:
    return person(node, name)


def officers(node: Node) -> list[str]:
    return [officer for row in desk(node).waiting for officer in row.officers]


def test_nothing_leaves_until_both_officers_have_passed(world: World, node: Node) -> None:
    assert shown(node).is_open
    with pytest.raises(TrainingMissing, match=f"`entente training start {MODEL} --who one`"):
        approved(node, "one")
    train(node, "one", wrong=2)
    with pytest.raises(TrainingMissing):
        approved(node, "one")
    train(node, "one")
    assert not approved(node, "one")
    with pytest.raises(TrainingMissing):
        approved(node, "two")
    assert (officers(node), world.entries(RCMP, "disclosed")) == ([ONE], [])
    train(node, "two")
    assert approved(node, "two")
    assert len(world.entries(RCMP, "disclosed")) == 1
    world.settle()
    with world.nodes[DEA].store.reading() as tx:
        assert [row.via for row in tx.current_records("sample")] == [RCMP]


def test_a_pass_that_is_too_old_counts_no_more(node: Node, clock: Hands) -> None:
    train(node, "one")
    clock.now = node.clock() + timedelta(days=WITHIN)
    assert not approved(node, "one"), "the last day counts"
    train(node, "two")
    clock.now += timedelta(days=WITHIN + 1)
    with pytest.raises(TrainingMissing):
        approved(node, "two")


def test_an_approval_that_was_given_in_time_stays_one_when_its_officer_trains_again(node: Node, clock: Hands) -> None:
    train(node, "one")
    assert not approved(node, "one")
    seen = shown(node).seen
    clock.now = node.clock() + timedelta(days=2)
    train(node, "one")
    train(node, "two")
    assert (shown(node).seen, shown(node).more) == (seen, 1)
    assert approved(node, "two")


def test_on_the_screen_the_refusal_says_where_to_pass(world: World, node: Node, clock: Hands) -> None:
    number = shown(node).pending.number
    with served(world.home(RCMP), clock, {name: name for name in PEOPLE}) as here, here.browser("one") as browser:
        browser.state_reason("threat-assessment", "the desk")
        for is_trained in (False, True):
            page = browser.get(f"/desk/{number}")
            refused = browser.post(f"/desk/{number}/approve", seen=seen_on(page))
            assert refused.status_code == (200 if is_trained else 422)
            assert ("Pass them on the screen Training" in words(refused.text)) is not is_trained
            assert f"passed within {WITHIN} days" in words(browser.get("/training").text)
            train(node, "one")
    assert officers(node) == [ONE]


def test_no_emergency_waits_for_training(node: Node) -> None:
    found = shown(node)
    untrained = Approval(officer=ONE, at=node.clock())
    texts = list(found.texts.values())
    with pytest.raises(TrainingMissing):
        check_trained(found.decision, texts, untrained, ONE)
    ask = replace(found.decision.ask, occasion="emergency", purpose="rescue")
    check_trained(replace(found.decision, ask=ask), texts, untrained, ONE)


def test_in_a_terminal_the_officers_own_pass_counts_and_nobody_elses(world: World, node: Node) -> None:
    number = shown(node).pending.number
    train(node, "one")
    with pytest.raises(TrainingMissing, match=f"--who {ONE}`"):
        approve(node, number, ONE)
    train(node, ONE)
    approve(node, number, ONE)
    refused = entente("release", "approve", number, "--who", TWO, "--node", world.home(RCMP))
    assert refused.code == 3
    assert "training start" in refused.err
    train(node, TWO)
    assert entente("release", "approve", number, "--who", TWO, "--node", world.home(RCMP)).code == 0
    assert len(world.entries(RCMP, "disclosed")) == 1
