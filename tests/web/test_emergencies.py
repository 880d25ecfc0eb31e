"""Emergencies on the screen: the fewest fields, at once, in one person's name, reviewed by another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from entente.cli.staging import build
from entente.node.emergency import emergencies
from entente.node.people import change_password, change_roles, reset_password, set_language, set_officer
from entente.node.roles import ROLES
from entente.node.signing_in import session_of, sign_in, state_reason
from entente.node.work import utc_now
from story.emergency_given import CBP, DEA, RCMP, RECORD, WHY, missing, put_in_force
from story.notices_given import Hands
from story.world import World, world_of
from web.browser import check, chromium, read, visitor
from web.given import Held
from web.keyboard import Keys
from web.reading import main, words
from web.served import PASSWORD, Served, make_people, served

GIVE = f"/records/{RECORD}/emergency"
OFFICERS = {"officer": f"{RCMP}/liaison-1", "releasing-officer": f"{RCMP}/liaison-2"}
GIVEN = {"partner": CBP, "field": "last_seen_where", "why": WHY}
HOMES = ("rcmp", "cbp", "dea")


@dataclass(frozen=True)
class Scene:
    """The screens of the RCMP, whose partners answer, and the hands of its clock."""

    world: World
    here: Served
    clock: Hands

    def sent(self) -> int:
        with self.here.node.store.reading() as tx:
            return tx.position(CBP).sent_seq

    def given(self) -> str:
        """The path of the only thing that was given."""
        (one,) = emergencies(self.here.node)
        return f"/emergencies/{one.number}"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rescue")
    build(folder / "stage", (RCMP, CBP, DEA), ())
    with world_of(folder / "stage", folder / "world", HOMES) as world:
        put_in_force(world, (RCMP, CBP, DEA))
        missing(world)
        world.settle()
        make_people(world.nodes[RCMP], OFFICERS)
    return folder / "world"


@pytest.fixture
def scene(signed: Path, tmp_path: Path) -> Iterator[Scene]:
    with opened(signed, tmp_path / "world") as found:
        yield found


@pytest.fixture(scope="module")
def still(signed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """For all that gives nothing."""
    with opened(signed, tmp_path_factory.mktemp("still") / "world") as found:
        yield found


@contextmanager
def opened(template: Path, folder: Path) -> Iterator[Scene]:
    clock = Hands()
    people = {role: f"the-{role}" for role in ROLES}
    with world_of(template, folder, HOMES, clock) as world, served(world.home(RCMP), clock, people) as here:
        yield Scene(world, here, clock)


def gives(scene: Scene, role: str = "officer", **form: str) -> httpx.Response:
    with scene.here.browser(role) as browser:
        browser.get(GIVE, partner=CBP)
        return browser.post(GIVE, None, **{**GIVEN, **form})


def reviews(scene: Scene, role: str = "releasing-officer", **form: str) -> httpx.Response:
    with scene.here.browser(role) as browser:
        browser.get(scene.given())
        return browser.post(f"{scene.given()}/review", None, **{"judgement": "right", "note": "found alive", **form})


def said(answer: httpx.Response) -> str:
    return words(main(answer))


def test_the_page_says_what_happens_and_chooses_nothing(still: Scene) -> None:
    with still.here.browser("officer") as browser:
        assert f'href="{GIVE}"' in browser.get(f"/records/{RECORD}").text
        whom = browser.get(GIVE)
        assert "Canada Border" not in said(whom)
        assert f"{GIVE}?partner={CBP}" in whom.text
        assert f"{GIVE}?partner={DEA}" in whom.text
        shown = browser.get(GIVE, partner=CBP)
    told = said(shown)
    assert "leaves at once" in told
    assert "to rescue and for nothing else" in told
    assert f"written in the ledger: {OFFICERS['officer']}." in told
    assert "reviews it within 24 hours" in told
    assert "north of the river" in told
    assert 'value="medical_need"' in shown.text
    assert 'value="suicide_attempt_flag"' not in shown.text
    assert "SIMULATED PERSON" not in shown.text
    assert "checked" not in main(shown)


def test_without_a_choice_or_a_reason_nothing_leaves_and_what_was_typed_stays(still: Scene) -> None:
    before = still.sent()
    unchosen = gives(still, field="")
    assert (unchosen.status_code, WHY in unchosen.text) == (422, True)
    assert "Choose at least one field; nothing has left yet." in said(unchosen)
    unreasoned = gives(still, why=" ")
    assert unreasoned.status_code == 422
    assert "the reason is missing" in said(unreasoned)
    assert 'value="last_seen_where" checked' in unreasoned.text
    for wrong in ({"partner": "us.nobody"}, {"partner": "us.dhs"}, {"field": "person_name"}, {"why": "x" * 9999}):
        assert gives(still, **wrong).status_code == 422
    assert (still.sent(), list(emergencies(still.here.node))) == (before, [])


def test_it_arrives_before_the_page_is_there(scene: Scene) -> None:
    """No courier runs in this test: the screen delivers by itself."""
    answer = gives(scene)
    assert answer.url.path == scene.given()
    assert "The node of U.S. Customs and Border Protection holds it" in said(answer)
    assert "north of the river" in said(answer)
    assert "a red coat" not in answer.text
    (held,) = scene.world.run(CBP, "records", "list", "--why", "look", "--json").json
    assert held["values"] == {"last_seen_where": "north of the river"}
    (entry,) = scene.world.entries(RCMP, "emergency-given")
    assert (entry["officer"], entry["by"], entry["why"]) == (OFFICERS["officer"], "the-officer", WHY)
    assert gives(scene).url == answer.url, "a button that is pressed twice gives once"
    gives(scene, field="medical_need")
    assert len(emergencies(scene.here.node)) == 2


def test_an_account_without_an_officer_reads_and_gives_nothing(still: Scene) -> None:
    with still.here.browser("analyst") as browser:
        shown = browser.get(GIVE, partner=CBP)
    assert "names no officer" in said(shown)
    assert "Give it to" not in said(shown)
    before = still.sent()
    assert gives(still, "analyst").status_code == 422
    for role in ("privacy-officer", "administrator"):
        assert gives(still, role).status_code == 403
    assert still.sent() == before


def test_where_no_life_is_at_risk_the_page_says_why_nothing_goes(scene: Scene) -> None:
    with scene.here.browser("officer") as browser:
        browser.get(GIVE, partner=CBP)
        missing(scene.world, risk_to_life="none-known")
        for answer in (browser.post(GIVE, None, **GIVEN), browser.get(GIVE)):
            assert "Nothing of this record may go in an emergency" in said(answer)
            assert "risk to life" in said(answer).casefold()


def test_a_partner_that_does_not_answer_is_to_be_called(scene: Scene) -> None:
    node = scene.here.node
    with node.store.writing() as tx:
        (row,) = (row for row in tx.partners() if row.party == CBP)
        tx.put_partner(replace(row, url="http://127.0.0.1:9"))
    answer = gives(scene)
    told = said(answer)
    assert "Do not wait: call U.S. Customs and Border Protection" in told
    assert f"{CBP}/liaison-1" in told
    with scene.here.browser("officer") as browser:
        browser.get(answer.url.path)
        part = browser.client.get(f"{scene.given()}/delivery", headers={"hx-request": "true"})
        assert part.text.lstrip().startswith('<section class="panel" id="delivery"')
        assert 'hx-get="' in part.text
        assert "north of the river" not in part.text
        last = browser.client.get(f"{scene.given()}/delivery?looks=999", headers={"hx-request": "true"})
        assert "hx-get" not in last.text


def test_nobody_reviews_their_own_whoever_they_have_become(scene: Scene) -> None:
    gives(scene)
    node = scene.here.node
    change_roles(node, "the-officer", ["officer", "releasing-officer"], by="test")
    with scene.here.browser("officer") as browser:
        assert "You gave it, so somebody else reviews it." in said(browser.get(scene.given()))
    assert reviews(scene, "officer").status_code == 422
    set_officer(node, "the-releasing-officer", "", by="test")
    set_officer(node, "the-officer", f"{RCMP}/liaison-2", by="test")
    assert reviews(scene, "officer").status_code == 422
    set_officer(node, "the-officer", "", by="test")
    set_officer(node, "the-releasing-officer", f"{RCMP}/liaison-1", by="test")
    assert reviews(scene).status_code == 422
    assert len(emergencies(node, is_open=True)) == 1


def test_an_account_that_the_giver_has_just_opened_does_not_review(scene: Scene) -> None:
    node = scene.here.node
    once = reset_password(node, "the-releasing-officer", by="the-officer")
    change_password(node, "the-releasing-officer", once, PASSWORD)
    gives(scene)
    told = reviews(scene)
    assert (told.status_code, "may be one person" in said(told)) == (422, True)
    assert len(emergencies(node, is_open=True)) == 1


def test_what_was_wrong_stands_on_the_desk(scene: Scene) -> None:
    gives(scene)
    assert "Choose whether it was right." in said(reviews(scene, judgement=""))
    unsaid = reviews(scene, judgement="wrong", note=" ")
    assert "Write what you found." in said(unsaid)
    assert 'value="wrong" checked' in unsaid.text
    told = reviews(scene, judgement="wrong", note="was at home")
    assert "reviewed: wrong" in said(told)
    assert "ask it to destroy what it was told" in said(told)
    assert reviews(scene).status_code == 422
    (one,) = emergencies(scene.here.node, is_open=False)
    with scene.here.browser("releasing-officer") as browser:
        desk = browser.get(f"/desk/{one.recall}")
        assert desk.status_code == 200
        assert "ask it to destroy" in said(desk)
        assert "partner holds what it should not" in said(browser.get("/desk"))
        rows = browser.get("/emergencies.csv").text
    assert "was at home" in rows
    assert "north of the river" not in rows
    (entry,) = scene.world.entries(RCMP, "emergency-reviewed")
    assert (entry["judgement"], entry["by"]) == ("wrong", "the-releasing-officer")


def test_a_review_that_is_late_stands_on_the_first_page(scene: Scene) -> None:
    scene.clock.now = utc_now()
    gives(scene)
    for hours, note in ((23, "0 overdue"), (2, "1 overdue")):
        scene.clock.now += timedelta(hours=hours)
        with scene.here.browser("releasing-officer") as browser:
            assert f"1 emergencies to review {note}" in said(browser.get("/"))
            assert ("One review is overdue." in said(browser.get("/emergencies"))) == (hours == 2)
    with scene.here.browser("analyst") as browser:
        assert "emergencies to review" not in said(browser.get("/"))
        assert said(browser.get("/emergencies")).count("overdue") > 0
    assert "reviewed: right" in said(reviews(scene))
    with scene.here.browser("releasing-officer") as browser:
        assert "emergencies to review" not in said(browser.get("/"))
        assert "Nothing waits for review." in said(browser.get("/emergencies"))


@pytest.fixture(scope="module")
def window() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_everybody_gives_and_reviews_with_the_keyboard_alone(window: Chromium, scene: Scene, language: str) -> None:
    """In each language, at both widths, on paper; the other tests have no JavaScript."""
    for person in OFFICERS:
        set_language(scene.here.node, f"the-{person}", language, by="test")
    with visitor(window, scene.here, held(scene, "officer"), language=language) as seen:
        for path in (GIVE, f"{GIVE}?partner={CBP}"):
            seen.open(path)
            check(seen)
        keys = Keys(seen.page)
        seen.page.locator("#field-medical_need").focus()
        keys.press("Space")
        keys.tab_to(seen.page.locator("#why"))
        keys.type(WHY)
        keys.tab_to(seen.page.locator("main form button"))
        keys.go()
        assert seen.page.locator("#delivery .tag-good").count() == 1
        check(seen)
    with visitor(window, scene.here, held(scene, "releasing-officer"), language=language) as seen:
        for path in ("/", "/emergencies", scene.given()):
            seen.open(path)
            check(seen)
        keys = Keys(seen.page)
        seen.page.locator("#judgement-right").focus()
        keys.press("Space")
        keys.tab_to(seen.page.locator("#note"))
        keys.type("found alive")
        keys.tab_to(seen.page.locator("main form button"))
        keys.go()
        assert "found alive" in read(seen.page.locator("main"))
        check(seen)


def held(scene: Scene, role: str) -> Held:
    node = scene.here.node
    token = sign_in(node, f"the-{role}", PASSWORD).token
    found = session_of(node, token)
    assert found
    state_reason(node, found[1], "rescue", "the night shift")
    return Held(token, found[1].form_token)
