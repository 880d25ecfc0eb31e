"""Whatever somebody who is signed in sends, in whatever order: no screen breaks, and nobody is shown what none of
their roles may see.

schemathesis makes the requests from the OpenAPI document of the screens and follows its links: forms lead to pages.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.stateful import OpenAPIStateMachine

from entente.node.roles import ROLES, permissions_of
from entente.node.verifying import verify_store
from entente.web.guard import cookie_name
from entente.web.openapi import document
from entente.web.screens import ROUTES
from web.filled import FORMS, SORTS
from web.given import Given, Held, alone
from web.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EACH, RUNS, STEPS = 2, 10, 8
ENOUGH = 20
"""At least so many answers are pages, so that not only refusals are looked at."""
SECRETS = (b"SIMULATED notes", b"SIMULATED unit")
"""Values of records of the RCMP's own, which only those may be shown who may read its records."""
NEVER = frozenset({"/sign-out", "/account/sessions/end", "/people/{name}/disable", "/people/{name}/roles"})
"""Would end the session that asks."""


@pytest.fixture
def found(given: Given, tmp_path: Path) -> Iterator[Served]:
    with alone(given, tmp_path / "rcmp") as served:
        yield served


def test_the_document_names_every_route() -> None:
    paths = document()["paths"]
    assert {(method.upper(), path) for path, methods in paths.items() for method in methods} == {
        (route.method, route.path.replace(":path}", "}")) for route in ROUTES
    }


def test_what_a_role_may_not_do_is_in_the_document() -> None:
    assert document()["paths"]["/desk"]["get"]["x-permission"] == "read-desk"
    assert document()["paths"]["/sign-in"]["get"]["security"] == []


@dataclass
class Likely:
    """Somebody with a session. Names in paths are mostly of things that are there; forms mostly are those of their
    pages. `seen` are the statuses of the answers."""

    given: Given
    found: Served
    role: str
    seen: list[int] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def held(self) -> Held:
        return self.given.sessions[self.role]

    @property
    def sent(self) -> dict[str, Any]:
        cookies = {cookie_name(self.found.node.party, self.found.url): self.held.cookie}
        return {"cookies": cookies, "headers": {"origin": self.found.url}, "allow_redirects": False, "timeout": 60}

    def fill(self, case: Any) -> None:
        made = case.path_parameters.items()
        case.path_parameters = {name: self._name(name) or value for name, value in made}
        if case.method == "POST":
            case.body = self._form(case)

    def check(self, response: Any, case: Any) -> None:
        """No answer is a defect, and none shows what no role of this person may see."""
        self.seen.append(response.status_code)
        asked = f"{case.method} {case.path} {case.path_parameters}"
        assert response.status_code != 500, f"{asked}: {response.text[:2000]}"
        if "read-own" not in permissions_of([self.role]):
            assert not [secret for secret in SECRETS if secret in response.content], asked

    def _name(self, parameter: str) -> str | None:
        own, received, other = self.given.own, self.given.received, self.given.other
        sides: list[Mapping[str, str]] = [own, own, received, other, {}]
        return self.dice.choice(sides).get(SORTS.get(parameter, parameter))

    def _form(self, case: Any) -> dict[str, str]:
        made = case.body if isinstance(case.body, dict) else {}
        typed = {str(name): str(value) for name, value in made.items()}
        known = dict(FORMS.get(case.path, {}))
        form = {**typed, **known} if self.dice.random() < 0.7 else {**known, **typed}
        return {**form, "form_token": self.held.form_token if self.dice.random() < 0.95 else "another"}


def schema_of(found: Served) -> Any:
    schema = schemathesis.openapi.from_dict(document([route for route in ROUTES if route.path not in NEVER]))
    schema.config.update(base_url=found.url)
    return schema


def machine(likely: Likely) -> type[OpenAPIStateMachine]:
    schema = schema_of(likely.found)

    class Person(schema.as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: Any) -> None:
            likely.fill(case)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return likely.sent

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            likely.check(response, case)

    return Person


HOW = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_or_page_breaks_and_no_role_sees_more(given: Given, found: Served, role: str) -> None:
    likely = Likely(given, found, role)
    for operation in schema_of(found).get_all_operations():
        ask_each(likely, operation.ok())
    assert likely.seen.count(200) > ENOUGH
    machine(likely).run(settings=HOW)
    assert verify_store(found.node).is_intact
    assert httpx.get(found.url + "/sign-in").status_code == 200


def ask_each(likely: Likely, operation: Any) -> None:
    """Some requests of one operation, each alone."""

    @hypothesis.given(case=operation.as_strategy())
    @settings(HOW, max_examples=EACH)
    def ask(case: Any) -> None:
        likely.fill(case)
        likely.check(case.call(**likely.sent), case)

    ask()
