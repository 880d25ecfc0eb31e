"""`entente people`: who may sign in at the screens, and what they may do. The owner of the folder makes the first
account."""

from dataclasses import asdict
from typing import Annotated

import typer

from entente.cli import people_ways
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node import people as accounts
from entente.node.roles import PERMISSIONS, ROLES

app = verb(say("Accounts and roles of people who use the screens."), has_parts=True)
Name = Annotated[str, typer.Argument(help=say("Name of the account."))]
Roles = Annotated[list[str], typer.Option("--role", help=say("A role; repeat it for several. `matrix` explains them."))]


@app.command(help=say("Create an account; its one-time password is shown once."))
def add(
    name: Name,
    role: Roles,
    display: Annotated[str, typer.Option("--display", help=say("Name or title to show."))] = "",
    officer: Annotated[
        str, typer.Option("--officer", help=say("Role id in agreements, for example us.cbp/liaison-1."))
    ] = "",
    language: Annotated[str, typer.Option("--language", help=say("Language of the screens: en, fr or es."))] = "",
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    home = node_in(node)
    person, password = accounts.add_person(
        home,
        name,
        role,
        display=display,
        officer=officer,
        language=language or PHRASES.language,
        by=who or me(),
    )
    _show_password(person.name, password, home.config.one_time_password_days)


@app.command("list", help=say("List accounts."))
def list_people(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    found = accounts.people(node_in(node))
    if as_json:
        out_json([asdict(person) for person in found])
        return
    rows = [
        (person.name, person.person, ", ".join(map(_role, person.roles)), person.officer, _state(person))
        for person in found
    ]
    columns = (say("name"), say("person"), say("roles"), say("officer"), say("state"))
    table(columns, rows, empty=say("No account yet. `entente people add NAME --role administrator` makes the first."))


@app.command(help=say("Replace the roles of an account; its sessions end."))
def roles(name: Name, role: Roles, node: NodeFolder = HERE, who: Who = "") -> None:
    person = accounts.change_roles(node_in(node), name, role, by=who or me())
    out(say("{name} has these roles: {roles}.", name=person.name, roles=", ".join(map(_role, person.roles))))


@app.command(help=say("Say as which officer an account acts; without OFFICER, as none."))
def officer(
    name: Name,
    officer_id: Annotated[
        str, typer.Argument(metavar="OFFICER", help=say("Role id, for example us.cbp/liaison-1."))
    ] = "",
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    person = accounts.set_officer(node_in(node), name, officer_id, by=who or me())
    if person.officer:
        out(say("{name} acts as {officer}.", name=person.name, officer=person.officer))
    else:
        out(say("{name} acts as no officer.", name=person.name))


@app.command(help=say("Give an account a new one-time password; its sessions and its lock end."))
def password(name: Name, node: NodeFolder = HERE, who: Who = "") -> None:
    home = node_in(node)
    given = accounts.reset_password(home, name, by=who or me())
    _show_password(accounts.person(home, name).name, given, home.config.one_time_password_days)


app.registered_commands += people_ways.app.registered_commands


@app.command(help=say("Close an account; its sessions end."))
def disable(name: Name, node: NodeFolder = HERE, who: Who = "") -> None:
    person = accounts.disable(node_in(node), name, by=who or me())
    out(say("{name} cannot sign in any more.", name=person.name))


@app.command(help=say("Open a closed account again."))
def enable(name: Name, node: NodeFolder = HERE, who: Who = "") -> None:
    person = accounts.enable(node_in(node), name, by=who or me())
    out(say("{name} can sign in again, with the password of before.", name=person.name))


@app.command(help=say("Who may do what: roles and permissions."))
def matrix(*, as_json: AsJson = False) -> None:
    if as_json:
        out_json({permission: [role for role in ROLES if role in held] for permission, held in PERMISSIONS.items()})
        return
    label = catalogue().vocabulary.label
    for role in ROLES:
        out(f"{role}: {_role(role)}. {label('role-work', role, PHRASES.language)}")
    out()
    rows = [
        (label("permission", permission, PHRASES.language), *(say("yes") if role in held else "" for role in ROLES))
        for permission, held in PERMISSIONS.items()
    ]
    table((say("permission"), *ROLES), rows, empty="")


def _show_password(name: str, given: str, days: int) -> None:
    out(say("One-time password of {name}: {password}", name=name, password=given))
    out(say("It is shown only now. Hand it over in person; whoever signs in with it must choose a new one."))
    out(say("It ends after {days} days.", days=days))


def _role(role: str) -> str:
    return catalogue().vocabulary.label("role", role, PHRASES.language)


def _state(person: accounts.Person) -> str:
    if not person.is_active:
        return say("disabled")
    return say("waits for a first password") if person.must_change else say("active")
