"""`entente agreements suspend` and `sent`: an officer stops an agreement, and what has gone under it is listed."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.node.agreeing import find
from entente.node.agreeing import suspend as suspend_text
from entente.node.identity import read_secret
from entente.node.sent_under import Sent, partners_told, sent_under
from entente.node.work import Node

app = typer.Typer()
Name = Annotated[str, typer.Argument(help=say("Name or digest of the agreement."))]


@app.command(help=say("Suspend an agreement as an officer, with the officer's own key; nothing more leaves under it."))
def suspend(
    name: Name,
    officer: Annotated[str, typer.Option(help=say("Role id of the officer, for example us.cbp/liaison-1."))],
    key: Annotated[Path, typer.Option(help=say("The officer's key file."))],
    why: Annotated[str, typer.Option(help=say("Why, in one line; the other parties are told."))] = "",
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    standing = suspend_text(home, name, officer, read_secret(key), why)
    gone = _gone(home, standing.agreement, "")
    if as_json:
        out_json({**standing.to_json(), "sent": [_as_json(one) for one in gone]})
        return
    out(say("Suspended by {officer}, from now on; the other parties are told.", officer=officer))
    out(say("What waits under it no longer leaves. What comes back is a new version, signed by those it is to bind."))
    if not gone:
        out(say("Nothing has gone under it."))
        return
    out(say("It stops what is to come, not what has gone:"))
    counts = {partner: [one for one in gone if one.partner == partner] for partner in partners_told(home)}
    rows = [(partner, len({one.record_id for one in sent}), len(sent)) for partner, sent in counts.items() if sent]
    table((say("partner"), say("records"), say("record versions")), rows, empty="")
    out(say("One by one: `entente agreements sent {name}`", name=name))


@app.command(
    help=say("What has already gone under an agreement: to whom, which records, when, under which provisions.")
)
def sent(
    name: Name,
    partner: Annotated[str, typer.Option(help=say("Only what went to this partner."))] = "",
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    with home.store.reading() as tx:
        agreement = find(home, tx, name).digest
    gone = _gone(home, agreement, partner)
    if as_json:
        out_json([_as_json(one) for one in gone])
        return
    label = catalogue().vocabulary.label
    rows = [
        (
            one.partner,
            one.record_id,
            one.version,
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            ", ".join(one.provisions),
            label("purpose", one.purpose, PHRASES.language),
            label("message-state", one.state, PHRASES.language),
        )
        for one in gone
    ]
    columns = (say("partner"), say("record"), say("version"), say("at"), say("provisions"), say("purpose"))
    table((*columns, say("state")), rows, empty=say("Nothing has gone under it."))


def _gone(home: Node, agreement: str, partner: str) -> list[Sent]:
    partners = [partner] if partner else partners_told(home)
    return [one for party in partners for one in sent_under(home, agreement, party, limit=None)]


def _as_json(one: Sent) -> dict[str, object]:
    return {name: getattr(one, name) for name in Sent.__dataclass_fields__}
