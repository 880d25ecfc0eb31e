"""`entente people passkeys` and `link`: ways to sign in besides a password, looked at, given and taken."""

from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.node import linking
from entente.node import passkeys as ways
from entente.node.people import person

app = typer.Typer()
Name = Annotated[str, typer.Argument(help=say("Name of the account."))]


@app.command(help=say("Passkeys of an account; take them away where they are lost."))
def passkeys(
    name: Name,
    remove: Annotated[bool, typer.Option("--remove", help=say("Take all of them; the sessions end."))] = False,
    node: NodeFolder = HERE,
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    account = person(home, name).name
    gone = ways.remove_all(home, account, by=who or me()) if remove else 0
    rows = [
        (row.title, row.added_at.isoformat(), row.used_at.isoformat() if row.used_at else "")
        for row in ways.passkeys_of(home, account)
    ]
    if as_json:
        names = ("name", "made", "last_used")
        out_json(
            {"account": account, "removed": gone, "passkeys": [dict(zip(names, row, strict=True)) for row in rows]}
        )
    elif remove:
        out(say("{name} has no passkey any more; {number} removed.", name=account, number=gone))
    else:
        table((say("name"), say("made"), say("last used")), rows, empty=say("{name} has no passkey.", name=account))


@app.command(help=say("Link an account to what another service calls this person, or list what it is linked to."))
def link(
    name: Name,
    subject: Annotated[str, typer.Argument(help=say("What the service calls the person (`sub`)."))] = "",
    remove: Annotated[bool, typer.Option("--remove", help=say("Take the link away; the sessions end."))] = False,
    node: NodeFolder = HERE,
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    account = person(home, name).name
    if subject and remove:
        linking.unlink(home, account, home.config.oidc_issuer, subject, by=who or me())
    elif subject:
        linking.link_account(home, account, subject, by=who or me())
    rows = [(row.subject, row.issuer, row.linked_by) for row in linking.identities_of(home, account)]
    if as_json:
        names = ("subject", "issuer", "linked_by")
        out_json({"account": account, "links": [dict(zip(names, row, strict=True)) for row in rows]})
    else:
        empty = say("{name} signs in by no other service.", name=account)
        table((say("subject"), say("service"), say("linked by")), rows, empty=empty)
