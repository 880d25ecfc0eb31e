"""`entente people`: from an empty node to people who can sign in."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from entente.cli.house import close_nodes, node_in
from entente.node.config import read_config, write_config
from entente.node.people import person
from entente.node.roles import PERMISSIONS, ROLES
from entente.node.signing_in import sign_in
from every.given import passkey
from story.world import Ran, entente


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> "Verb":
    monkeypatch.delenv("ENTENTE_WHO", raising=False)
    return Verb(home)


class Verb:
    """`entente people` at one node."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str) -> Ran:
        return entente("people", *arguments, "--node", self.home)

    def enters(self, name: str, password: str) -> bool:
        """Whether the password opens a session that has to choose a new one first."""
        try:
            return sign_in(node_in(self.home), name, password).person.must_change
        finally:
            close_nodes()


def one_time(done: Ran) -> str:
    found = re.findall(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", done.out)
    assert (done.code, len(found)) == (0, 1), done
    return str(found[0])


def test_the_owner_of_the_folder_makes_the_first_account(run: Verb) -> None:
    assert "entente people add NAME --role administrator" in run("list").out
    password = one_time(run("add", "Ann", "--role", "administrator", "--who", "operator-1"))
    listed = run("list", "--json")
    assert [(one["name"], one["roles"], one["must_change"]) for one in listed.json] == [
        ("ann", ["administrator"], True)
    ]
    assert password not in listed.out + run("list").out
    assert "argon2" not in listed.out
    assert run.enters("ann", password)
    entries = entente("ledger", "show", "--limit", "10", "--json", "--node", run.home)
    assert password not in entries.out
    added = next(one for one in entries.json if one["type"] == "account-added")
    assert (added["subject"], added["facts"]["by"]) == ("ann", "operator-1")


def test_an_account_goes_through_its_life(run: Verb, tmp_path: Path) -> None:
    run("add", "ann", "--role", "administrator")
    first = one_time(run("add", "lee", "--role", "officer", "--display", "Shift lead", "--language", "fr"))
    assert "Analyst" in run("roles", "lee", "--role", "analyst", "--role", "officer").out
    entente("partners", "officer", "us.cbp/liaison-1", "--key", tmp_path / "key", "--node", run.home)
    assert "us.cbp/liaison-1" in run("officer", "lee", "us.cbp/liaison-1").out
    assert run("officer", "ann", "us.cbp/liaison-1").code == 3
    assert "no officer" in run("officer", "lee").out
    second = one_time(run("password", "LEE"))
    assert first != second
    assert run.enters("lee", second)
    assert run("disable", "lee").code == 0
    assert "disabled" in run("list").out
    assert run("enable", "lee").code == 0
    found = person(node_in(run.home), "lee")
    close_nodes()
    assert (found.person, found.language, found.roles, found.officer) == (
        "Shift lead",
        "fr",
        ("officer", "analyst"),
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "b", "--role", "officer"), "2 to 64"),
        (("add", "bob", "--role", "emperor"), "entente words role"),
        (("add", "bob", "--role", "officer", "--officer", "us.cbp/nobody"), "entente partners officer"),
        (("add", "bob", "--role", "officer", "--language", "de"), "en, fr, es"),
        (("add", "ann", "--role", "officer"), "already"),
        (("disable", "ann"), "only active administrator"),
        (("roles", "ann", "--role", "officer"), "only active administrator"),
        (("password", "nobody"), "no account"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(run: Verb, arguments: tuple[str, ...], told: str) -> None:
    run("add", "ann", "--role", "administrator")
    done = run(*arguments)
    assert (done.code, done.out) == (3, "")
    assert told in done.err


def test_an_account_needs_a_role(run: Verb) -> None:
    assert run("add", "ann").code == 2


def test_lost_passkeys_are_taken_away_where_the_node_runs(run: Verb) -> None:
    run("add", "ann", "--role", "administrator")
    with node_in(run.home).writing() as work:
        work.tx.put_passkey(passkey("k1", "ann", title="telephone"))
    close_nodes()
    (listed,) = run("passkeys", "ann", "--json").json["passkeys"]
    assert (listed["name"], listed["last_used"]) == ("telephone", "")
    assert "telephone" in run("passkeys", "ANN").out
    assert run("passkeys", "ann", "--remove", "--json").json == {"account": "ann", "removed": 1, "passkeys": []}
    assert "has no passkey" in run("passkeys", "ann").out
    assert run("passkeys", "bob", "--remove").code == 3


def test_an_account_is_linked_to_whom_another_service_names(run: Verb) -> None:
    for name in ("ann", "bob"):
        run("add", name, "--role", "administrator")
    assert "node.toml" in run("link", "ann", "agent.7").err
    config = read_config(run.home)
    write_config(replace(config, oidc_issuer="https://id.example.gov", oidc_client_id="entente"))
    assert run("link", "ann", "agent.7", "--who", "chief", "--json").json["links"] == [
        {"subject": "agent.7", "issuer": "https://id.example.gov", "linked_by": "chief"}
    ]
    taken = run("link", "bob", "agent.7")
    assert (taken.code, "belongs to the account `ann` already" in " ".join(taken.err.split())) == (3, True)
    assert "agent.7" in run("link", "ann").out
    assert run("link", "ann", "agent.7", "--remove", "--json").json["links"] == []
    assert run("link", "ann", "agent.7", "--remove").code == 3


def test_the_matrix_says_who_may_do_what() -> None:
    assert entente("people", "matrix", "--json").json == {
        permission: [role for role in ROLES if role in held] for permission, held in PERMISSIONS.items()
    }
    shown = entente("people", "matrix").out
    release = next(line for line in shown.splitlines() if line.startswith("Release or refuse"))
    assert release.count("yes") == 1
    assert "Privacy officer" in shown
