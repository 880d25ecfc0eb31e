"""People at two of the demo's nodes, one for every role, so that each screen can be seen by whom it is for."""

from collections.abc import Mapping

from entente.cli.demo_steps import ANALYSING, POOLING, opened_at
from entente.cli.house import catalogue
from entente.cli.staging import OFFICERS, Stage, write_private
from entente.cli.terminal import PHRASES, out, program, say, table
from entente.node.passwords import one_time_password
from entente.node.people import add_person

PLACES = (POOLING, ANALYSING)
FILE = "people.txt"
PEOPLE: Mapping[str, str] = {
    "officer": "officer",
    "analyst": "analyst",
    "releasing-1": "releasing-officer",
    "releasing-2": "releasing-officer",
    "privacy": "privacy-officer",
    "liaison": "liaison",
    "secretariat": "secretariat",
    "administrator": "administrator",
}
"""Role by name."""


def add_people(stage: Stage) -> str:
    """One account for every name at both PLACES; the password of them all, made anew by every run."""
    password = one_time_password()
    for party in PLACES:
        officers = iter(f"{party}/{name}" for name in OFFICERS)
        with opened_at(stage, party) as node:
            for name, role in PEOPLE.items():
                officer = next(officers) if role == "releasing-officer" else ""
                add_person(node, name, [role], officer=officer, by="demo", lasting=password)
    write_private(stage.folder / FILE, f"{password}\n")
    return password


def print_people(stage: Stage, password: str, *, is_served: bool) -> None:
    """Where to sign in, as whom, and with which password."""
    label = catalogue().vocabulary.label
    out()
    out(say("The screens, in a browser on this machine:"))
    for party in PLACES:
        with opened_at(stage, party) as node:
            name = label("party", party, PHRASES.language)
            out(f"  {node.config.screens}  {name}")
            if not is_served:
                out(
                    "    "
                    + say("first start the node: {command}", command=f"{program()} serve --node {node.config.folder}")
                )
    out(say("The password of everybody there, made for this run: {password}", password=password))
    rows = [(name, label("role", role, PHRASES.language), _work(role)) for name, role in PEOPLE.items()]
    table((say("name"), say("role"), say("what for")), rows, empty="")


def _work(role: str) -> str:
    return catalogue().vocabulary.label("role-work", role, PHRASES.language)
