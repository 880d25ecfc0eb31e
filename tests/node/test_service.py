"""Another service that says who somebody is: what it may say, what a visit must bring back, whose account it opens."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from entente.node.attempts import SignInRefused
from entente.node.linking import (
    IdentityTaken,
    NoAccountForYou,
    NoSuchIdentity,
    UnfitSubject,
    come_in,
    go_in,
    go_link,
    identities_of,
    link_account,
    link_own,
    unlink,
)
from entente.node.people import Person, add_person, disable, person
from entente.node.service import NoService, Service, ServiceRefuses, ServiceSilent, UnfitService, service_of
from entente.node.service_tokens import UnfitToken, UnpublishedKey
from entente.node.signing_in import Session, SignInAnew, session_of, sessions_of, sign_in
from entente.node.steps import StepOver
from entente.node.work import Node
from node.people_given import GOOD, Clock, facts, hash_fast, node_at, somebody

ISSUER, SECRET = "https://id.example.gov", "p:q w"
KEY = ECKey.generate_key("P-256", {"kid": "k1"})


@dataclass
class Provider:
    """The service as it should be; tests make it worse."""

    clock: Clock
    about: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    published: Any = field(default_factory=lambda: KEY)
    asked: list[httpx.Request] = field(default_factory=list)
    nonce: str = ""
    answers: dict[str, httpx.Response] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if path in self.answers:
            return self.answers[path]
        return httpx.Response(200, json={"/t": self.token, "/k": self.keys}.get(path, self.discovery)())

    def discovery(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "/a", "token_endpoint": "/t", "jwks_uri": "/k"}
        return {"issuer": ISSUER, **{name: ISSUER + path for name, path in ends.items()}, **self.about}

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.published.as_dict(private=False)]}

    def token(self) -> dict[str, Any]:
        now = int(self.clock().timestamp())
        usual = {"iss": ISSUER, "aud": "entente", "sub": "agent.7", "nonce": self.nonce, "iat": now, "exp": now + 60}
        header = {"alg": "ES256", "kid": self.key.kid}
        return {"id_token": jwt.encode(header, {**usual, **self.claims}, self.key, algorithms=["ES256"])}

    def visited(self, address: str) -> dict[str, str]:
        """Somebody has signed in there: what the browser brings back."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = sent["nonce"]
        return {"code": "c-1", "state": sent["state"]}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    hash_fast(monkeypatch)
    with node_at(tmp_path / "cbp", clock) as opened:
        (tmp_path / "cbp" / "secret").touch(mode=0o600)
        (tmp_path / "cbp" / "secret").write_text(f"{SECRET}\n")
        settings: dict[str, Any] = {
            "screens": "https://node.example.gov:8800",
            "oidc_issuer": ISSUER,
            "oidc_client_id": "entente",
        }
        changed = replace(opened.config, oidc_client_secret_file="secret", oidc_name="Login", **settings)
        object.__setattr__(opened, "config", changed)
        for name in ("lee", "max"):
            somebody(opened, name)
        yield opened


@pytest.fixture
def provider(clock: Clock) -> Provider:
    return Provider(clock)


@pytest.fixture
def service(node: Node, provider: Provider) -> Service:
    made = service_of(node)
    assert made is not None
    return replace(made, _transport=httpx.MockTransport(provider))


def entered(node: Node, service: Service, provider: Provider, **also: str) -> str:
    """Somebody goes there and comes back; whose session it is."""
    away = go_in(node, service, "/partners")
    signed, way = come_in(node, service, away.token, {**provider.visited(away.address), **also})
    found = session_of(node, signed.token)
    assert found is not None
    assert (found[1].way, way) == ("service", "/partners")
    return found[0].name


def test_a_visit_asks_for_a_code_with_its_own_secrets(node: Node, service: Service, provider: Provider) -> None:
    link_account(node, "lee", "agent.7", by="max")
    away = go_in(node, service, "/")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(away.address).query).items()}
    assert away.address.startswith(f"{ISSUER}/a?")
    assert (sent["response_type"], sent["scope"], sent["code_challenge_method"]) == ("code", "openid", "S256")
    assert sent["redirect_uri"] == "https://node.example.gov:8800/sign-in/service/answer"
    assert SECRET not in unquote(away.address)
    come_in(node, service, away.token, provider.visited(away.address))
    (asked,) = (one for one in provider.asked if one.url.path == "/t")
    form = {name: values[0] for name, values in parse_qs(asked.content.decode()).items()}
    challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert challenge == sent["code_challenge"]
    assert (form["code"], form["grant_type"]) == ("c-1", "authorization_code")
    held = b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
    assert held == "entente:p%3Aq%20w"  # RFC 6749, section 2.3.1
    other = go_in(node, service, "/")
    again = parse_qs(urlsplit(other.address).query)
    assert not {again[name][0] for name in ("state", "nonce", "code_challenge")} & set(sent.values())


def test_whom_nobody_has_linked_is_told_whom_to_ask(node: Node, service: Service, provider: Provider) -> None:
    with pytest.raises(NoAccountForYou, match=r"Login knows you as `agent.7`.*Ask an administrator"):
        entered(node, service, provider)
    link_account(node, "lee", "agent.7", by="max")
    assert entered(node, service, provider) == "lee"
    disable(node, "lee", by="max")
    with pytest.raises(NoAccountForYou):
        entered(node, service, provider)


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": ""}],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_does_not_fit_opens_nothing(
    node: Node, service: Service, provider: Provider, claims: dict[str, Any]
) -> None:
    link_account(node, "lee", "agent.7", by="max")
    provider.claims = claims
    with pytest.raises(UnfitToken):
        entered(node, service, provider)
    assert sessions_of(node, "lee") == []


def test_an_answer_counts_once_with_its_own_state_at_its_own_browser(
    node: Node, service: Service, provider: Provider, clock: Clock
) -> None:
    link_account(node, "lee", "agent.7", by="max")
    first, second = go_in(node, service, "/"), go_in(node, service, "/")
    answer = provider.visited(first.address)
    for token, brought in (
        (second.token, answer),
        ("unknown", answer),
        ("", answer),
        (go_in(node, service, "/").token, {"code": "c-1"}),
    ):
        with pytest.raises(StepOver):
            come_in(node, service, token, brought)
    come_in(node, service, first.token, answer)
    with pytest.raises(StepOver):
        come_in(node, service, first.token, answer)
    late = go_in(node, service, "/")
    clock.goes_on(minutes=10)
    with pytest.raises(StepOver):
        come_in(node, service, late.token, provider.visited(late.address))
    assert not [one for one in provider.asked if one.url.path == "/t"][1:], "no code went out but the right one"


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"issuer": f"{ISSUER}/"},
        {"authorization_endpoint": "http://id.example.gov/a"},
        {"token_endpoint": "http://127.0.0.1/t"},
        {"jwks_uri": "ftp://id.example.gov/k"},
        {"token_endpoint": None},
    ],
)
def test_a_service_that_names_itself_or_its_places_otherwise_is_not_asked(
    node: Node, service: Service, provider: Provider, about: dict[str, Any]
) -> None:
    provider.about = about
    with pytest.raises((ServiceRefuses, UnfitService)):
        go_in(node, service, "/")


def test_the_answer_of_another_service_is_not_taken(node: Node, service: Service, provider: Provider) -> None:
    """Mix-up (RFC 9207)."""
    link_account(node, "lee", "agent.7", by="max")
    with pytest.raises(ServiceRefuses, match="another service"):
        entered(node, service, provider, iss="https://evil.example")
    assert entered(node, service, provider, iss=ISSUER) == "lee"
    object.__setattr__(service, "_about_until", 0.0)
    provider.about = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(ServiceRefuses, match="another service"):
        entered(node, service, provider)


def test_what_the_service_refuses_or_breaks_is_said_plainly(node: Node, service: Service, provider: Provider) -> None:
    link_account(node, "lee", "agent.7", by="max")
    with pytest.raises(ServiceRefuses, match="access_denied"):
        entered(node, service, provider, error="access_denied\x1b[2J")
    for answer in (
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"access_token": "x"}),
        httpx.Response(302, headers={"location": "https://evil.example/"}, json={}),
        httpx.Response(200, json={"id_token": 7}),
        httpx.Response(200, text=json.dumps({"id_token": "x" * 2_000_000})),
    ):
        provider.answers["/t"] = answer
        with pytest.raises(ServiceRefuses):
            entered(node, service, provider)
    assert not [one for one in provider.asked if one.url.host == "evil.example"]


def test_a_service_that_is_silent_is_told_so(node: Node, service: Service, provider: Provider) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    with pytest.raises(ServiceSilent, match="nobody there"):
        go_in(node, replace(service, _transport=httpx.MockTransport(silent)), "/")


def test_many_who_come_while_the_service_is_silent_do_not_wait_for_each_other(node: Node, service: Service) -> None:
    asked: list[httpx.Request] = []

    def silent(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectTimeout("no answer")

    alone = replace(service, _transport=httpx.MockTransport(silent))
    for _ in range(3):
        with pytest.raises(ServiceSilent, match="no answer"):
            go_in(node, alone, "/")
    assert len(asked) == 1
    alone._silent_until = 0.0  # the time has passed
    with pytest.raises(ServiceSilent):
        go_in(node, alone, "/")
    assert len(asked) == 2


def test_a_new_key_of_the_service_is_asked_for_but_not_at_every_wrong_token(
    node: Node, service: Service, provider: Provider
) -> None:
    link_account(node, "lee", "agent.7", by="max")
    assert entered(node, service, provider) == "lee"
    provider.key = provider.published = ECKey.generate_key("P-256", {"kid": "k2"})
    object.__setattr__(service, "_keys_at", -100.0)
    assert entered(node, service, provider) == "lee"
    provider.key = ECKey.generate_key("P-256", {"kid": "k3"})
    for _ in range(5):
        with pytest.raises(UnpublishedKey):
            entered(node, service, provider)
    assert len([one for one in provider.asked if one.url.path == "/k"]) == 2


def test_the_owner_links_at_a_fresh_session_and_one_identity_opens_one_account(
    node: Node, service: Service, provider: Provider, clock: Clock
) -> None:
    def at_session(name: str) -> tuple[Person, Session]:
        found = session_of(node, sign_in(node, name, GOOD).token)
        assert found is not None
        return found

    lee, session = at_session("lee")
    answer = provider.visited(go_link(node, service, lee, session))
    with pytest.raises(StepOver):
        link_own(node, service, *at_session("max"), answer)
    assert link_own(node, service, lee, session, answer) == "agent.7"
    other = at_session("max")
    with pytest.raises(IdentityTaken):
        link_own(node, service, *other, provider.visited(go_link(node, service, *other)))
    with pytest.raises(IdentityTaken):
        link_account(node, "max", "agent.7", by="lee")
    clock.goes_on(minutes=15)
    with pytest.raises(SignInAnew):
        go_link(node, service, lee, session)


def test_links_are_in_the_ledger_and_taking_one_ends_the_sessions(
    node: Node, service: Service, provider: Provider
) -> None:
    link_account(node, "LEE", " agent.7 ", by="max")
    link_account(node, "lee", "agent.7", by="max")
    entered(node, service, provider)
    with pytest.raises(NoSuchIdentity):
        unlink(node, "max", ISSUER, "agent.7", by="max")
    unlink(node, "lee", ISSUER, "agent.7", by="max")
    assert (identities_of(node, "lee"), sessions_of(node, "lee")) == ([], [])
    changes = [(one["what"], one["by"], one["subject"]) for one in facts(node, "account-changed")][-2:]
    assert [change[:2] for change in changes] == [("service-linked", "max"), ("service-unlinked", "max")]
    with pytest.raises(NoAccountForYou):
        entered(node, service, provider)
    for subject in ("", " ", "x" * 256, "a\x1b[2J"):
        with pytest.raises(UnfitSubject):
            link_account(node, "lee", subject, by="max")


def test_a_one_time_password_is_dropped_when_its_owner_comes_by_the_service(
    node: Node, service: Service, provider: Provider
) -> None:
    _, password = add_person(node, "new", ["officer"], by="max")
    link_account(node, "new", "agent.7", by="max")
    assert entered(node, service, provider) == "new"
    assert person(node, "new").may("import")
    with pytest.raises(SignInRefused):
        sign_in(node, "new", password)


def test_a_secret_that_others_may_read_is_not_used(node: Node) -> None:
    (node.config.folder / "secret").chmod(0o640)
    with pytest.raises(UnfitService, match="other users of this machine may read secret"):
        service_of(node)


def test_without_settings_there_is_no_service(node: Node) -> None:
    object.__setattr__(node, "config", replace(node.config, oidc_issuer=""))
    assert service_of(node) is None
    for act in (lambda: go_in(node, None, "/"), lambda: link_account(node, "lee", "agent.7", by="max")):
        with pytest.raises(NoService):
            act()
