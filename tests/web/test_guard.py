"""What an attacker tries at the door: sessions of others, pages from elsewhere, bodies without end, ways astray."""

import re
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from entente.cli.house import catalogue, house
from entente.node.attempts import FREE_FAILURES
from entente.node.config import read_config, write_config
from entente.node.signing_in import IDLE
from entente.node.work import open_node
from entente.vocabulary import phrasebook
from entente.web import screens
from entente.web.guard import MAX_FIELDS
from entente.web.routes import FORM_BYTES, Route, get
from entente.web.screens import ROUTES
from entente.web.visit import Visit
from story.notices_given import Hands
from story.world import answering
from web.filled import in_short
from web.given import NEWCOMER, Given, alone, client_of
from web.served import PASSWORD, Served

OFFICER = "the-officer"
COOKIE = "entente-ca.rcmp"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ASTRAY = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "/a\\..\\evil",
)
SECURE = "https://node.example"


@pytest.fixture(scope="module")
def shown(given: Given, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One copy for all that changes nothing that matters to another test."""
    with alone(given, tmp_path_factory.mktemp("door") / "rcmp") as found:
        yield found


@pytest.fixture
def own(given: Given, tmp_path: Path) -> Iterator[Served]:
    with alone(given, tmp_path / "rcmp") as found:
        yield found


def enter(client: httpx.Client, name: str = OFFICER, password: str = PASSWORD, back: str = "/") -> httpx.Response:
    return client.post("/sign-in", data={"name": name, "password": password, "back": back})


@contextmanager
def behind_tls(given: Given, folder: Path, routes: Sequence[Route] = ROUTES) -> Iterator[httpx.Client]:
    """The same screens at an https address, as a proxy in front of them asks; cookies are left to the caller."""
    shutil.copytree(given.folder / "rcmp", folder)
    write_config(replace(read_config(folder), screens=SECURE))
    with (
        closing(open_node(folder, catalogue(), Hands(given.now))) as node,
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        answering(screens(node, house(), routes=routes), listener),
        httpx.Client(
            base_url=f"http://127.0.0.1:{listener.getsockname()[1]}",
            headers={"host": SECURE.removeprefix("https://"), "origin": SECURE},
        ) as client,
    ):
        yield client


def parts_of(cookie: str) -> tuple[str, str, set[str]]:
    """Name, value and attributes, in small letters."""
    pair, *rest = (part.strip() for part in cookie.split(";"))
    name, _, value = pair.partition("=")
    return name, value, {part.lower() for part in rest}


def token_of(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found, in_short(page)
    return found[1]


def test_the_session_is_in_a_cookie_that_scripts_and_other_sites_never_get(own: Served) -> None:
    with client_of(own, None) as client:
        (cookie,) = enter(client).headers.get_list("set-cookie")
    name, value, attributes = parts_of(cookie)
    assert name == COOKIE
    assert len(value) >= 43
    assert attributes == {"httponly", "path=/", "samesite=lax"}


def test_over_https_the_cookie_never_travels_in_the_open(given: Given, tmp_path: Path) -> None:
    with behind_tls(given, tmp_path / "rcmp") as client:
        answer = enter(client)
        name, value, attributes = parts_of(answer.headers["set-cookie"])
        assert name == f"__Host-{COOKIE}"
        assert attributes == {"httponly", "path=/", "samesite=lax", "secure"}
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        cookie = {"cookie": f"{name}={value}"}
        page = client.get("/help", headers=cookie)
        gone = client.post("/sign-out", headers=cookie, data={"form_token": token_of(page)})
        assert (page.status_code, gone.status_code) == (200, 303)
        assert {"max-age=0", "path=/", "secure"} <= parts_of(gone.headers["set-cookie"])[2]


def test_signing_in_makes_a_session_that_nobody_knew_before(own: Served) -> None:
    with client_of(own, None) as client:
        client.cookies.set(COOKIE, "known-to-the-attacker", domain="127.0.0.1")
        first = parts_of(enter(client).headers["set-cookie"])[1]
    with client_of(own, None) as client:
        second = parts_of(enter(client).headers["set-cookie"])[1]
        assert len({first, second, "known-to-the-attacker"}) == 3
    with client_of(own, None) as client:
        client.cookies.set(COOKIE, "known-to-the-attacker", domain="127.0.0.1")
        assert client.get("/help").headers["location"].startswith("/sign-in")


def test_a_session_that_was_left_is_over_at_the_node(given: Given, own: Served) -> None:
    held = given.sessions["officer"]
    with client_of(own, held) as client:
        gone = client.post("/sign-out", data={"form_token": held.form_token})
    assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in")
    name, value, attributes = parts_of(gone.headers["set-cookie"])
    assert (name, value.strip('"')) == (COOKIE, "")
    assert "max-age=0" in attributes
    with client_of(own, held) as client:
        assert client.get("/help").headers["location"] == "/sign-in?back=%2Fhelp"


def test_a_session_ends_by_itself(given: Given, tmp_path: Path) -> None:
    later = replace(given, now=given.now + IDLE)
    with alone(later, tmp_path / "rcmp") as found, client_of(found, given.sessions["officer"]) as client:
        assert client.get("/help").headers["location"] == "/sign-in?back=%2Fhelp"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1"},
        {"host": "elsewhere.example"},
        {"host": "127.0.0.1"},
    ],
)
def test_nobody_is_signed_in_from_another_page(shown: Served, headers: dict[str, str]) -> None:
    with client_of(shown, None, **headers) as client:
        answer = enter(client)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_browser_that_tells_no_origin_is_believed_when_it_says_same_origin(own: Served) -> None:
    with httpx.Client(base_url=own.url, headers={"sec-fetch-site": "same-origin"}) as client:
        assert enter(client).status_code == 303
    with httpx.Client(base_url=own.url, headers={"sec-fetch-site": "cross-site"}) as client:
        assert enter(client).status_code == 403
    with httpx.Client(base_url=own.url) as client:
        assert enter(client).status_code == 403


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost:1", "127.0.0.1", "169.254.169.254"])
def test_a_name_that_was_turned_to_this_machine_shows_nothing(given: Given, shown: Served, host: str) -> None:
    """A page elsewhere whose name suddenly means 127.0.0.1 would be of the same origin as itself."""
    with client_of(shown, given.sessions["officer"], host=host) as client:
        for path, status in (("/", 403), ("/records", 403), ("/sign-in", 403), ("/help", 403), ("/nowhere", 404)):
            answer = client.get(path)
            assert answer.status_code == status, path
            assert given.sessions["officer"].form_token not in answer.text
            assert OFFICER not in answer.text


@pytest.mark.parametrize("back", ASTRAY)
def test_nobody_is_led_elsewhere(given: Given, own: Served, back: str) -> None:
    held = given.sessions["officer"]
    token = {"form_token": held.form_token}
    with client_of(own, held) as client:
        answers = [
            client.get("/sign-in", params={"back": back}),
            client.post("/language", data={**token, "language": "en", "back": back}),
            client.post("/reason", data={**token, "purpose": "statistics", "why": "a test", "back": back}),
        ]
        shown = client.get("/reason", params={"back": back}).text
    with client_of(own, None) as client:
        answers.append(enter(client, back=back))
        shown += client.get("/sign-in", params={"back": back}).text
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, "/")] * 4
    places = re.findall(r'(?:href|action|src|name="back" value)="([^"]*)"', shown)
    assert [place for place in places if not re.match(r"/(?![/\\])|#", place)] == []


def test_who_has_to_sign_in_first_comes_back_to_the_page(own: Served) -> None:
    with client_of(own, None) as client:
        way = client.get("/records?words=blue&kind=sample").headers["location"]
        assert way == "/sign-in?back=%2Frecords%3Fwords%3Dblue%26kind%3Dsample"
        answer = enter(client, back="/records?words=blue&kind=sample")
        assert answer.headers["location"] == "/records?words=blue&kind=sample"


def _chunks(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 65_536):
        yield b"x" * 65_536


@pytest.mark.parametrize("way", ["told", "chunked"])
def test_a_body_that_is_too_long_is_refused(given: Given, shown: Served, way: str) -> None:
    held = given.sessions["officer"]
    data = b"why=" + b"x" * (FORM_BYTES + 1)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with client_of(shown, held) as client:
        content = data if way == "told" else _chunks(len(data) + 65_536)
        answer = client.post("/reason", content=content, headers=headers)
    assert (answer.status_code, "262144" in answer.text) == (413, True), in_short(answer)


def test_nothing_is_read_from_whom_the_node_does_not_know(shown: Served) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with client_of(shown, None) as client:
        answer = client.post("/imports", content=_chunks(FORM_BYTES), headers=headers)
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"&".join(b"a%d=1" % number for number in range(MAX_FIELDS + 200)), "application/x-www-form-urlencoded"),
        (b"--x\r\nno header\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (
            b"".join(b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(MAX_FIELDS + 1))
            + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (
            b"".join(b'--x\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n' for _ in range(2))
            + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b'{"why": "x"}', "application/json"),
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded"),
        (b"form_token=%ED%A0%80", "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_is_none_is_refused_and_no_defect(given: Given, shown: Served, content: bytes, kind: str) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        answer = client.post("/reason", content=content, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500, in_short(answer)
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/help", 200, "no-store"),
        ("/records.csv", 200, "no-store"),
        ("/people", 403, "no-store"),
        ("/records/" + "0" * 32, 404, "no-store"),
        ("/nowhere", 404, "no-store"),
        ("/sign-in?back=/help", 303, "no-store"),
        ("/static/entente.css", 200, "no-cache"),
        ("/static/entente.css?v=1", 200, "public, max-age=31536000"),
        ("/static/nothing.css", 404, "no-store"),
        ("/static/../guard.py", 404, "no-store"),
        ("/static/%2e%2e/guard.py", 404, "no-store"),
        ("/static/..%2fguard.py", 404, "no-store"),
    ],
)
def test_every_answer_tells_the_browser_to_trust_our_own_files_alone(
    given: Given, shown: Served, path: str, status: int, kept: str
) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        answer = client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert answer.headers["cache-control"] == kept
    assert "access-control-allow-origin" not in answer.headers
    assert "strict-transport-security" not in answer.headers


def test_a_form_that_is_refused_has_the_same_headers(shown: Served) -> None:
    with client_of(shown, None, origin="https://elsewhere.example") as client:
        answer = client.post("/reason")
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect", "/.env", "/healthz"])
def test_nothing_describes_the_node_to_strangers(shown: Served, path: str) -> None:
    with client_of(shown, None) as client:
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_only_reading_and_sending_are_known(given: Given, shown: Served, method: str) -> None:
    with client_of(shown, given.sessions["officer"]) as client:
        assert client.request(method, "/reason").status_code == 405


def test_a_defect_tells_nothing_but_that_it_is_one(given: Given, tmp_path: Path) -> None:
    def broken(_: Visit) -> Response:
        raise RuntimeError("the value of a record")

    with behind_tls(given, tmp_path / "rcmp", [get("/broken", broken, is_public=True)]) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "a defect of its own" in answer.text
    assert "the value of a record" not in answer.text
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("name", [OFFICER, "who-is-nobody"])
def test_too_many_attempts_lock_the_name_and_say_so_in_the_language_of_the_browser(
    own: Served, language: str, name: str
) -> None:
    """In the same words, whether there is such an account or not."""
    say = phrasebook(language)
    with client_of(own, None, **{"accept-language": language}) as client:
        told = [_alert(enter(client, name, "wrong every time")) for _ in range(FREE_FAILURES + 1)]
        right = enter(client, name)
    refused = say.translate(
        "The name or the password is not right. Type both again; an administrator of this node can give you a new"
        " password."
    )
    locked = say.translate("There were too many failed attempts with this name. Try again after {until}.")
    assert told[:-1] == [refused] * FREE_FAILURES
    for last in (told[-1], _alert(right)):
        assert re.fullmatch(re.escape(locked).replace(r"\{until\}", r"[\d: -]+ UTC"), last)
    assert (right.status_code, "set-cookie" in right.headers) == (422, False)


def _alert(answer: httpx.Response) -> str:
    found = re.search(r'role="alert".*?usa-alert__text">(.*?)</p>', answer.text, re.DOTALL)
    assert found, in_short(answer)
    return found[1].replace("&#39;", "'")


def language_of(answer: httpx.Response) -> str:
    found = re.search(r'<html lang="(\w+)"', answer.text)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("accepts", "shows"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("es-MX", "es"),
        ("de,es;q=0.5", "es"),
        ("de", "en"),
        ("", "en"),
        (",;q", "en"),
    ],
)
def test_a_browser_is_answered_in_its_language(shown: Served, accepts: str, shows: str) -> None:
    with client_of(shown, None, **{"accept-language": accepts}) as client:
        assert language_of(client.get("/sign-in")) == shows


def test_a_language_that_was_chosen_stays_with_the_browser_and_then_with_the_person(own: Served) -> None:
    with client_of(own, None, **{"accept-language": "en"}) as client:
        answer = client.post("/language", data={"language": "fr", "back": "/sign-in"})
        name, value, attributes = parts_of(answer.headers["set-cookie"])
        assert (name, value) == ("entente-language", "fr")
        assert {"httponly", "samesite=lax"} <= attributes
        assert language_of(client.get("/sign-in")) == "fr"
        enter(client)
        assert language_of(client.get("/help")) == "en"  # the person's own
        token = token_of(client.get("/help"))
        client.post("/language", data={"language": "es", "back": "/help", "form_token": token})
        assert language_of(client.get("/help")) == "es"
    with client_of(own, None, **{"accept-language": "en"}) as client:
        enter(client)
        assert language_of(client.get("/help")) == "es"


def test_a_language_that_there_is_not_changes_nothing(shown: Served) -> None:
    with client_of(shown, None, **{"accept-language": "fr"}) as client:
        answer = client.post("/language", data={"language": "tlh", "back": "/sign-in"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)
        assert language_of(client.get("/sign-in")) == "fr"


def test_a_newcomer_chooses_a_password_before_anything_else(given: Given, shown: Served) -> None:
    with client_of(shown, given.sessions[NEWCOMER]) as client:
        answer = client.get("/records")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account/password")
        page = client.get("/account/password")
    assert page.status_code == 200
    assert 'href="/records"' not in page.text
