"""Off loopback nothing is spoken but TLS 1.3, in and out; where it is wanted, both sides show certificates."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn

from entente.api import application
from entente.cli.house import catalogue
from entente.exchange import UnknownKey, sign_request
from entente.node.calling import Caller, PartnerSilent, TlsUnusable
from entente.node.config import Config
from entente.node.creating import PlainAddress, create_node
from entente.node.serving import CertificateUnusable, ClientsWithoutTls, Door, serve, server_config
from entente.node.work import Node, utc_now
from entente.signing import PrivateKey
from entente.store import PartnerRow
from node.certificates import Authority, authority

PATH = "/exchange/v1/messages"
PARTNER = PartnerRow(party="us.cbp", url="", public_key=PrivateKey(b"1" * 32).public.to_text(), added_at=utc_now())


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Node]:
    config = Config(
        folder=tmp_path / "node", party="ca.cbsa", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1"
    )
    with closing(create_node(config, catalogue())) as node:
        yield node


@pytest.fixture
def roots(tmp_path: Path) -> Authority:
    return authority(tmp_path, "roots")


def with_settings(node: Node, **settings: object) -> Node:
    texts = {name: str(value) for name, value in settings.items()}
    return replace(node, config=replace(node.config, **texts))  # type: ignore[arg-type]  # all of them are text


@contextmanager
def answering(config: uvicorn.Config) -> Iterator[int]:
    """The port at which this configuration answers."""
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)


@contextmanager
def served(node: Node, roots: Authority, client_ca: str = "") -> Iterator[str]:
    """The node behind a certificate of `roots`; its address."""
    shown = roots.issue("server")
    node = with_settings(node, tls_certificate=shown.file, tls_key=shown.key_file)
    door = Door(application(node), "https://127.0.0.1:1", client_ca=client_ca)
    with answering(server_config(node, door)) as port:
        yield f"https://127.0.0.1:{port}"


def call(node: Node, url: str, **settings: object) -> None:
    """A call to a partner at `url`; whoever answers there is not it, which is seen only once TLS stands."""
    with closing(Caller(with_settings(node, **settings))) as caller:
        caller.call(replace(PARTNER, url=url), PATH, b"{}")


def test_nobody_is_called_in_plain_http_off_loopback(ours: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "create_connection", connected)
    for url in ("http://192.0.2.7:8700", "http://node.example.gov"):
        with pytest.raises(PlainAddress):
            call(ours, url)


@pytest.mark.parametrize("settings", [{"url": "http://192.0.2.7:8700"}, {"listen": "http://0.0.0.0:8700"}])
def test_nobody_is_answered_in_plain_http_off_loopback(ours: Node, settings: dict[str, str]) -> None:
    """Also where node.toml was changed by hand after the node was made."""
    node = with_settings(ours, **settings)
    with pytest.raises(PlainAddress):
        serve(node, [Door(object(), node.config.listen or node.config.url)])


def test_only_tls_1_3_is_answered_and_spoken(ours: Node, roots: Authority) -> None:
    older = ssl.create_default_context(cafile=str(roots.file))
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with served(ours, roots) as url:
        assert httpx.get(url, verify=ssl.create_default_context(cafile=str(roots.file))).status_code == 404
        with pytest.raises(httpx.ConnectError, match=r"version|alert|protocol"):
            httpx.get(url, verify=older)
        with pytest.raises(UnknownKey):
            call(ours, url, tls_partner_ca=roots.file)

    shown = roots.issue("older")
    config = uvicorn.Config(application(ours), log_config=None, ssl_certfile=shown.file, ssl_keyfile=shown.key_file)
    config.load()
    assert config.ssl is not None
    config.ssl.maximum_version = ssl.TLSVersion.TLSv1_2
    with answering(config) as port, pytest.raises(PartnerSilent, match=r"version|alert|protocol"):
        call(ours, f"https://127.0.0.1:{port}", tls_partner_ca=roots.file)


def test_a_certificate_of_another_authority_is_no_partner_s(ours: Node, roots: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, "others")
    with served(ours, roots) as url:
        for settings in ({}, {"tls_partner_ca": other.file}):
            with pytest.raises(PartnerSilent, match="certificate verify failed"):
                call(ours, url, **settings)


def test_where_it_is_wanted_who_calls_shows_a_certificate(ours: Node, roots: Authority, tmp_path: Path) -> None:
    known, stranger = roots.issue("partner"), authority(tmp_path, "others").issue("stranger")
    with served(ours, roots, client_ca=str(roots.file)) as url:
        with pytest.raises(UnknownKey):  # TLS stands; who it is says the signature
            call(
                ours,
                url,
                tls_partner_ca=roots.file,
                tls_client_certificate=known.file,
                tls_client_key=known.key_file,
            )
        with pytest.raises(PartnerSilent):
            call(ours, url, tls_partner_ca=roots.file)
        with pytest.raises(PartnerSilent):
            call(
                ours,
                url,
                tls_partner_ca=roots.file,
                tls_client_certificate=stranger.file,
                tls_client_key=stranger.key_file,
            )


def test_behind_a_proxy_the_node_listens_on_loopback_and_is_called_by_its_public_address(ours: Node) -> None:
    node = with_settings(ours, url="https://node.example.gov", listen="http://127.0.0.1:1")
    key = PrivateKey(b"1" * 32)
    with node.store.writing() as tx:
        tx.put_partner(PARTNER)
    with answering(server_config(node, Door(application(node), node.config.listen))) as port:
        statuses = []
        for public in ("https://node.example.gov", f"http://127.0.0.1:{port}"):
            asked = sign_request(
                method="POST",
                url=public + PATH,
                body=b"{}",
                key=key,
                created=utc_now(),
                nonce=f"{len(public):030}",
            )
            answer = httpx.post(f"http://127.0.0.1:{port}{PATH}", content=b"{}", headers=dict(asked.headers))
            statuses.append((answer.status_code, answer.json()["type"].rpartition(":")[2]))
    assert statuses == [(400, "unreadable-batch"), (401, "signature-mismatch")]


def test_settings_that_cannot_work_are_named(ours: Node, roots: Authority) -> None:
    with pytest.raises(ClientsWithoutTls):
        server_config(ours, Door(object(), "http://127.0.0.1:1", client_ca=str(roots.file)))
    broken = with_settings(ours, tls_certificate=roots.file, tls_key=roots.file)
    with pytest.raises(CertificateUnusable):
        server_config(broken, Door(object(), "https://127.0.0.1:1"))
    with pytest.raises(TlsUnusable):
        call(ours, "https://127.0.0.1:1", tls_partner_ca="/nowhere.pem")
    with pytest.raises(TlsUnusable, match="no certificate"):
        call(ours, "https://127.0.0.1:1", tls_partner_ca=roots.file, tls_client_key=roots.file)
