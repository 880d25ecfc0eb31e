"""`entente partners`: cards, partners, officers who sign."""

import os
from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.identity import SECRET_BYTES, read_card, write_card, write_secret
from entente.node.intake import NoSuchFile
from entente.node.partnering import add_officer, add_partner, card_of, partners
from entente.signing import PrivateKey, PublicKey

app = verb(say("Exchange cards with partners; create officers who sign."), has_parts=True)


@app.command(help=say("Write this node's card: address, keys and officers, for partners to pin."))
def card(node: NodeFolder = HERE, out_file: Annotated[Path | None, typer.Option("--out")] = None) -> None:
    opened = node_in(node)
    data = write_card(card_of(opened), opened.identity.node_key)
    if out_file is None:
        out(data.decode())
    else:
        out_file.write_bytes(data)
        key_id = opened.identity.node_key.public.key_id
        out(say("The card is in {file}. Tell your partner its key by telephone: {key}", file=out_file, key=key_id))


@app.command(help=say("Pin a partner from its card; check its key by telephone first."))
def add(card_file: Path, node: NodeFolder = HERE) -> None:
    try:
        data = card_file.read_bytes()
    except OSError as error:
        raise NoSuchFile(file=card_file, why=error.strerror) from error
    found = read_card(str(card_file), data)
    add_partner(node_in(node), found)
    key_id = PublicKey.from_text(found.public_key).key_id
    out(say("{party} is pinned with the key {key}.", party=found.party, key=key_id))


@app.command("list", help=say("List partners."))
def list_partners(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    opened = node_in(node)
    rows = [(row.party, row.url, PublicKey.from_text(row.public_key).key_id) for row in partners(opened)]
    if as_json:
        out_json([{"party": party, "url": url, "key": key} for party, url, key in rows])
    else:
        columns = (say("party"), say("address"), say("key"))
        table(columns, rows, empty=say("No partner yet. `entente partners add CARD` pins one."))


@app.command(help=say("Create an officer who signs agreements for this agency; the key file goes to the officer."))
def officer(
    name: Annotated[str, typer.Argument(help=say("Role id, for example us.cbp/liaison-1."))],
    key_file: Annotated[Path, typer.Option("--key", help=say("New file for the officer's key."))],
    title: Annotated[str, typer.Option(help=say("Title of the office."))] = "",
    node: NodeFolder = HERE,
) -> None:
    opened = node_in(node)
    key = PrivateKey(os.urandom(SECRET_BYTES))
    write_secret(key_file, key)
    add_officer(opened, name, title, key)
    out(
        say(
            "{officer} may sign; the key is in {file}. Hand it over and delete the file here.",
            officer=name,
            file=key_file,
        )
    )
