"""People on the screen: accounts are given and taken by administrators alone, and a password is shown exactly once."""

import re

import httpx
import pytest

from entente.node.ledger_view import Wanted, ledger_page
from entente.node.people import person
from entente.node.roles import PERMISSIONS, ROLES
from story.world import CBP
from web.conftest import Pair
from web.served import PASSWORD, Browser

NEW = "a wholly other long sentence"
ROUTES = ("/people", "/new-person", "/roles", "/people/the-analyst")


def shown_password(page: httpx.Response) -> str:
    found = re.search(r'id="one-time-password">([^<]+)<', page.text)
    assert found is not None, page.text
    return found[1]


def add(browser: Browser, name: str, role: str = "analyst") -> httpx.Response:
    browser.get("/new-person")
    return browser.post("/new-person", name=name, person="", roles=role, language="en")


def test_a_new_person_signs_in_with_the_password_shown_once_and_must_choose_another(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        page = add(admin, "m.tremblay")
        password = shown_password(page)
        assert str(page.url).endswith("/new-person")
        for path in ("/people", "/people/m.tremblay", "/ledger"):
            assert password not in admin.get(path).text
    with pair.here.browser() as browser:
        browser.sign_in("m.tremblay", password)
        assert browser.page is not None
        assert browser.page.url.path == "/account/password"
        browser.post("/account/password", old=password, new=NEW, again=NEW)
        browser.sign_in("m.tremblay", password)
        assert "sign-in" in str(browser.page.url)
        browser.sign_in("m.tremblay", NEW)
        assert browser.get("/").status_code == 200
    (entry,) = ledger_page(pair.here.node, Wanted(type="account-added", subject="m.tremblay"))
    assert entry.facts is not None
    assert entry.facts["by"] == "the-administrator"
    assert password not in str(entry.facts)


def test_nobody_but_an_administrator_reaches_any_of_it(pair: Pair) -> None:
    for role in set(ROLES) - {"administrator"}:
        with pair.here.browser(role) as browser:
            assert [browser.get(path).status_code for path in ROUTES] == [403] * len(ROUTES)
            for path in ("roles", "officer", "password", "disable", "enable"):
                assert browser.post(f"/people/the-officer/{path}", roles="administrator").status_code == 403
            assert browser.post("/new-person", name="x.y", roles="administrator").status_code == 403
    assert person(pair.here.node, "the-officer").roles == ("officer",)


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("the-analyst", "analyst", "There is an account"),
        ("Ünfit name", "analyst", "cannot be the name of an account"),
        ("new.person", "", "Choose at least one of"),
        ("new.person", "king", "is not in the list"),
    ],
)
def test_what_cannot_be_added_is_said_with_what_was_typed_kept(pair: Pair, name: str, role: str, said: str) -> None:
    with pair.here.browser("administrator") as browser:
        answer = add(browser, name, role)
    assert answer.status_code == 422
    assert said in " ".join(answer.text.split())
    assert f'value="{name}"' in answer.text


def test_roles_change_at_once_and_end_the_sessions_of_before(pair: Pair) -> None:
    with pair.here.browser("officer") as officer, pair.here.browser("administrator") as admin:
        admin.get("/people/the-officer")
        page = admin.post("/people/the-officer/roles", roles="privacy-officer")
        assert "has new roles and has to sign in again" in page.text
        assert officer.get("/partners").url.path == "/sign-in"
        officer.sign_in("the-officer")
        assert officer.get("/accesses").status_code == 200


def test_the_last_administrator_cannot_take_the_own_role_or_account(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        admin.get("/people/the-administrator")
        answer = admin.post("/people/the-administrator/roles", roles="officer")
        assert answer.status_code == 422
        assert "is the only active administrator" in answer.text
        assert admin.post("/people/the-administrator/disable").status_code == 422
        assert admin.get("/people").status_code == 200


def test_an_administrator_who_gives_up_the_role_is_signed_out_and_not_stranded(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        admin.get("/people/the-officer")
        admin.post("/people/the-officer/roles", roles="administrator")
        answer = admin.post("/people/the-administrator/roles", roles="analyst")
        assert answer.status_code == 200
        assert answer.url.path == "/sign-in"


def test_a_disabled_person_is_out_at_once_and_comes_back_with_the_same_password(pair: Pair) -> None:
    with pair.here.browser("analyst") as analyst, pair.here.browser("administrator") as admin:
        admin.get("/people/the-analyst")
        assert "cannot sign in any more" in admin.post("/people/the-analyst/disable").text
        assert analyst.get("/partners").url.path == "/sign-in"
        assert analyst.sign_in("the-analyst").status_code == 422
        assert "can sign in again" in admin.post("/people/the-analyst/enable").text
        assert analyst.sign_in("the-analyst", PASSWORD).status_code == 200


def test_a_reset_password_is_shown_once_and_replaces_the_old(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin, pair.here.browser() as other:
        admin.get("/people/the-analyst")
        password = shown_password(admin.post("/people/the-analyst/password"))
        assert password not in admin.get("/people/the-analyst").text
        assert other.sign_in("the-analyst").status_code == 422
        assert other.sign_in("the-analyst", password).url.path == "/account/password"


def test_one_officer_is_given_to_one_person(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        admin.get("/people/the-analyst")
        taken = admin.post("/people/the-analyst/officer", officer=f"{CBP}/liaison-1")
        assert taken.status_code == 422
        assert "one officer is one person" in " ".join(taken.text.split())
        given = admin.post("/people/the-analyst/officer", officer=f"{CBP}/liaison-2")
        assert f"releases records as {CBP}/liaison-2" in given.text
        assert "is no officer any more" in admin.post("/people/the-analyst/officer", officer="").text


def test_the_table_of_roles_is_the_one_the_node_asks(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        page = admin.get("/roles").text
    rows = re.findall(r'<tr><th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', page)
    assert len(rows) == len(PERMISSIONS)
    for (_, cells), allowed in zip(rows, PERMISSIONS.values(), strict=True):
        assert ["yes" in cell for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells)] == [
            role in allowed for role in ROLES
        ]


def test_a_person_who_is_not_there_is_not_found(pair: Pair) -> None:
    with pair.here.browser("administrator") as admin:
        assert admin.get("/people/nobody").status_code == 404
        admin.get("/people")
        assert admin.post("/people/nobody/password").status_code == 404
