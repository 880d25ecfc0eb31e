"""`entente partners outside`: parties without a node, and the files with which their officers sign."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.keys import read_file
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.identity import SECRET_BYTES, write_secret
from entente.node.outside import add_outside, officer_file, outside_parties, read_officer_file
from entente.node.partnering import OFFICER_DAYS
from entente.node.work import utc_now
from entente.signing import PrivateKey, PublicKey
from entente.store import OutsideRow

app = verb(say("Parties without a node: companies, couriers, hospitals. They are told by advisories."), has_parts=True)
Party = Annotated[str, typer.Argument(help=say("Code of the party, for example ca.industry."))]


@app.command(help=say("Add a party without a node, or change what is known of it; pin officers from their files."))
def add(
    party: Party,
    name: Annotated[str, typer.Option(help=say("What the organisation is called."))],
    email: Annotated[str, typer.Option(help=say("Its e-mail address, if advisories may go there."))] = "",
    language: Annotated[str, typer.Option(help=say("The language it reads: en, fr or es."))] = PHRASES.language,
    officers: Annotated[
        list[Path] | None, typer.Option("--officer", help=say("File of an officer who signs for it; again for each."))
    ] = None,
    node: NodeFolder = HERE,
) -> None:
    home = node_in(node)
    rows = [read_officer_file(str(file), read_file(file)) for file in officers or ()]
    row = OutsideRow(party=party, name=name, email=email, language=language, added_at=home.clock())
    add_outside(home, row, rows)
    out(say("{party} is known as a party without a node.", party=party))
    for officer in rows:
        key_id = PublicKey.from_text(officer.public_key).key_id
        out(say("{officer} signs with the key {key}. Compare it by telephone.", officer=officer.officer, key=key_id))


@app.command("list", help=say("Parties without a node."))
def list_outside(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    rows = outside_parties(node_in(node))
    if as_json:
        told = ({"party": row.party, "name": row.name, "email": row.email, "language": row.language} for row in rows)
        out_json(list(told))
        return
    columns = (say("party"), say("name"), say("e-mail"), say("language"))
    shown = [(row.party, row.name, row.email or "-", row.language) for row in rows]
    table(columns, shown, empty=say("No party without a node. `entente partners outside add` adds one."))


@app.command(help=say("For an officer of such a party: create a key, and the file to hand over. Needs no node."))
def officer(
    name: Annotated[str, typer.Argument(help=say("Role id, for example ca.industry/officer-1."))],
    party: Annotated[str, typer.Option(help=say("Code of the party, for example ca.industry."))],
    key_file: Annotated[Path, typer.Option("--key", help=say("New file for the officer's key."))],
    target: Annotated[Path, typer.Option("--out", help=say("New file to hand over."))],
    title: Annotated[str, typer.Option(help=say("Title of the office."))] = "",
) -> None:
    key = PrivateKey(os.urandom(SECRET_BYTES))
    today: date = utc_now().date() - timedelta(days=1)  # an officer furthest west begins today, too
    until = today + timedelta(days=OFFICER_DAYS)
    data = officer_file(party, name, title=title, key=key, since=today, until=until)
    write_secret(key_file, key)
    target.write_bytes(data)
    out(say("Keep {file} to yourself, and hand over {card}.", file=key_file, card=target))
    out(say("When you are called, say this key: {key}", key=key.public.key_id))
