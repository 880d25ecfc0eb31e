"""Whatever a partner with a valid key sends, in whatever order: no endpoint breaks, and each answers in its own form.

schemathesis makes the requests from the OpenAPI document and follows its links; each is signed as a partner would.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine

from entente.errors import EntenteError
from entente.exchange import sign_request
from entente.node.verifying import verify_store
from entente.node.work import Node
from entente.signing import canonical
from story.world import CBP, CBSA, World, world_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

RUNS, STEPS = 60, 6


class SignedAsCbp(requests.auth.AuthBase):
    """The HTTP signature of the partner's node over what is about to be sent; JSON goes in canonical form, so that more
    than its form is judged."""

    def __init__(self, node: Node, url: str) -> None:
        self._node, self._url = node, url

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        sent = prepared.body or b""
        assert isinstance(sent, str | bytes)
        body = sent.encode() if isinstance(sent, str) else sent
        with suppress(ValueError, EntenteError):
            body = canonical(json.loads(body))
            prepared.prepare_body(body, None)
        signed = sign_request(
            method=prepared.method or "GET",
            url=str(prepared.url),
            body=body,
            key=self._node.identity.node_key,
            created=self._node.clock(),
            nonce=os.urandom(16).hex(),
        )
        for name, value in signed.headers:
            prepared.headers[name] = value
        return prepared


@pytest.fixture
def asked(signed: Path, tmp_path: Path) -> Iterator[World]:
    with world_of(signed, tmp_path / "world") as world:
        yield world


def machine(world: World, *, is_signed: bool) -> type[OpenAPIStateMachine]:
    url = world.nodes[CBSA].config.url
    schema = schemathesis.openapi.from_url(url + "/openapi.json")
    auth = SignedAsCbp(world.nodes[CBP], url) if is_signed else None

    class Partner(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"auth": auth, "allow_redirects": False, "timeout": 30}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            assert response.status_code < 500, (
                f"{case.method} {case.path}: {response.status_code} {response.text[:500]}"
            )
            path = urlsplit(response.request.url).path
            if path.startswith("/exchange/") and case.method == "POST":
                kind = response.headers["content-type"][0]
                assert kind.startswith(
                    "application/json" if response.status_code == 200 else "application/problem+json"
                )
            if not is_signed and path.startswith("/exchange/") and case.method == "POST":
                assert response.status_code != 200

    return Partner


@pytest.mark.parametrize("is_signed", [True, False])
def test_no_request_of_a_partner_or_a_stranger_breaks_the_node(asked: World, *, is_signed: bool) -> None:
    machine(asked, is_signed=is_signed).run(
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )
    assert httpx.get(asked.nodes[CBSA].config.url + "/readyz").json() == {"status": "ready"}
    assert verify_store(asked.nodes[CBSA]).is_intact
