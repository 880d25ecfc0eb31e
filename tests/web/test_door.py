"""What happens at the door without a browser of pictures: limits, sessions, links, and what is not set up."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from entente.errors import Misconfigured
from entente.node import pace
from entente.node.linking import identities_of
from entente.node.pace import FAILURES
from entente.node.passkeys import NoPasskeysHere
from entente.node.service import UnfitService
from entente.node.signing_in import sessions_of
from every.given import passkey
from web.reading import words
from web.served import PASSWORD, Served, served
from web.small import small_node

PLAIN: Mapping[str, Any] = {
    "sign_in": "password",
    "searches_per_hour": 600,
    "oidc_issuer": "",
    "oidc_client_id": "",
    "oidc_client_secret_file": "",
}


@contextmanager
def at(folder: Path, *, host: str = "127.0.0.1", **settings: Any) -> Iterator[Served]:
    with served(folder, people={}, host=host, **{**PLAIN, **settings}) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_node(tmp_path_factory.mktemp("door") / "cbp", "lee", "max", "admin")


@pytest.fixture
def here(folder: Path) -> Iterator[Served]:
    with at(folder) as found:
        yield found


def test_failures_from_one_address_stop_it_whatever_the_names(here: Served) -> None:
    with here.browser() as browser:
        told = [browser.sign_in(f"nobody-{number}", "wrong").status_code for number in range(FAILURES)]
        assert set(told) == {422}
        stopped = browser.sign_in("lee", PASSWORD)
        assert "have failed from your address" in words(stopped.text)
        assert browser.get("/partners").url.path == "/sign-in"


def test_who_comes_in_does_not_count(here: Served) -> None:
    for _ in range(FAILURES + 1):
        with here.browser() as browser:
            browser.sign_in("lee")
            assert browser.get("/account").status_code == 200


def test_one_person_searches_so_often_in_an_hour(folder: Path) -> None:
    with at(folder, searches_per_hour=3) as here, here.browser() as lee, here.browser() as other:
        for browser, name in ((lee, "lee"), (other, "max")):
            browser.sign_in(name)
            browser.state_reason()
        assert [lee.get("/records", q="a").status_code for _ in range(3)] == [200] * 3
        stopped = lee.get("/records", q="a")
        assert stopped.status_code == 422
        assert "You have searched 3 times within an hour" in words(stopped.text)
        assert other.get("/records", q="a").status_code == 200


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(here: Served) -> None:
    with here.browser() as one, here.browser() as another, here.browser() as max_s:
        for browser, name in ((one, "lee"), (another, "lee"), (max_s, "max")):
            browser.sign_in(name)
        page = one.get("/account")
        assert page.text.count("last seen") >= 2
        assert "with a password" in page.text
        assert "this one goes on" in one.post("/account/sessions/end").text
        assert len(sessions_of(here.node, "lee")) == 1
        assert another.get("/account").url.path == "/sign-in"
        assert max_s.get("/account").url.path == "/account"


def test_an_administrator_takes_lost_passkeys_and_links_a_service(folder: Path) -> None:
    with served(
        folder, people={}, **{**PLAIN, "oidc_issuer": "https://id.example.gov", "oidc_client_id": "entente"}
    ) as here:
        with here.node.writing() as work:
            work.tx.put_passkey(passkey("k1", "lee", title="telephone"))
        with here.browser() as admin:
            admin.sign_in("admin")
            assert "telephone" in admin.get("/people/lee").text
            assert "has no passkey any more" in admin.post("/people/lee/passkeys").text
            assert "agent.7 can sign in as lee." in admin.post("/people/lee/service", subject=" agent.7 ").text
            assert [one.linked_by for one in identities_of(here.node, "lee")] == ["admin"]
            taken = admin.post("/people/max/service", subject="agent.7")
            assert (taken.status_code, "belongs to the account" in taken.text) == (422, True)
            gone = admin.post("/people/lee/service/remove", issuer="https://id.example.gov", subject="agent.7")
            assert "cannot sign in as lee any more" in gone.text
            assert identities_of(here.node, "lee") == []


def test_without_another_service_its_pages_lead_to_the_door(here: Served) -> None:
    with httpx.Client(base_url=here.url) as client:
        for path in ("/sign-in/service", "/sign-in/service/answer?code=x&state=y"):
            assert client.get(path).headers["location"] == "/sign-in"
    with here.browser() as browser:
        assert "Sign in with" not in browser.get("/sign-in").text


def test_a_passkey_alone_is_not_asked_for_unless_the_node_says_so(here: Served) -> None:
    with here.browser() as browser:
        browser.get("/sign-in")
        told = browser.post("/sign-in/passkey/begin")
        assert (told.status_code, "nobody signs in with a passkey alone" in words(told.text)) == (422, True)
        assert browser.post("/sign-in/passkey", answer="{}").status_code == 422


def test_an_answer_from_another_page_is_not_taken(here: Served) -> None:
    with httpx.Client(base_url=here.url, headers={"origin": "http://evil.example"}) as client:
        for path in ("/sign-in/passkey/begin", "/sign-in/passkey", "/account/passkeys", "/account/service"):
            assert client.post(path, data={"answer": "{}"}).status_code == 403


def test_the_secrets_of_a_visit_are_kept_from_scripts(folder: Path) -> None:
    with (
        at(folder, host="localhost", sign_in="passkey") as here,
        here.browser() as browser,
    ):
        browser.get("/sign-in")
        answer = browser.post("/sign-in/passkey/begin")
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("entente-us.cbp-step=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_nobody_fills_the_room_for_those_who_are_signing_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "KNOCKS", 3)
    with at(folder, host="localhost", sign_in="passkey") as here, here.browser() as browser:
        browser.get("/sign-in")
        told = [browser.post("/sign-in/passkey/begin").status_code for _ in range(4)]
        assert told == [200, 200, 200, 422]


def test_who_needs_a_passkey_reaches_nothing_else_first(folder: Path) -> None:
    with at(folder, host="localhost", sign_in="password-and-passkey") as here, here.browser() as browser:
        browser.sign_in("lee")
        assert [browser.get(path).url.path for path in ("/", "/partners", "/imports")] == ["/account"] * 3
        assert "Make yours to go on." in browser.get("/account").text
        assert browser.post("/may-i-share", kind="sample").url.path == "/account"


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"sign_in": "passkey"}, NoPasskeysHere),
        ({"oidc_issuer": "http://id.example.gov", "oidc_client_id": "x"}, UnfitService),
        ({"oidc_issuer": "https://id.example.gov"}, UnfitService),
        (
            {"oidc_issuer": "https://id.example.gov", "oidc_client_id": "x", "oidc_client_secret_file": "missing"},
            UnfitService,
        ),
    ],
)
def test_settings_that_cannot_work_are_told_before_the_screens_answer(
    folder: Path, settings: dict[str, str], fault: type[Misconfigured]
) -> None:
    with pytest.raises(fault), at(folder, **settings):
        pass
