"""`entente partners`: cards, partners, officers who sign."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from entente.cli import partners_outside
from entente.cli.house import node_in
from entente.cli.keys import read_file, read_moment
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.exchange import read_revocation
from entente.node.compromise import Suspect, suspects
from entente.node.compromise import revoke as revoke_key
from entente.node.identity import SECRET_BYTES, Card, read_card, write_secret
from entente.node.officers import end_officer
from entente.node.partnering import add_officer, add_partner, partners, signed_card
from entente.signing import PrivateKey, PublicKey

app = verb(say("Exchange cards with partners; create officers who sign."), has_parts=True)
app.add_typer(partners_outside.app, name="outside")


@app.command(help=say("Write this node's card: address, keys and officers, for partners to pin."))
def card(node: NodeFolder = HERE, out_file: Annotated[Path | None, typer.Option("--out")] = None) -> None:
    opened = node_in(node)
    written, data = signed_card(opened)
    if out_file is None:
        out(data.decode())
    else:
        out_file.write_bytes(data)
        key_id = PublicKey.from_text(written.public_key).key_id
        out(say("The card is in {file}. Tell your partner its key by telephone: {key}", file=out_file, key=key_id))


@app.command(help=say("Pin a partner from its card; check its key by telephone first."))
def add(card_file: Path, node: NodeFolder = HERE) -> None:
    found = read_card(str(card_file), read_file(card_file))
    add_partner(node_in(node), found)
    _say_pinned(found)


@app.command(help=say("Pin a partner's new card; compare its key by telephone first."))
def renew(
    card_file: Path,
    node: NodeFolder = HERE,
    compromised_since: Annotated[
        str, typer.Option(help=say("Moment since which somebody else may have had the old key, as 2026-11-21T12:00Z."))
    ] = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    found = read_card(str(card_file), read_file(card_file))
    since = read_moment(compromised_since) if compromised_since else None
    add_partner(home, found, compromised_since=since)
    if not as_json:
        _say_pinned(found)
    if since is not None or as_json:
        _show_suspects(suspects(home, found.party), as_json=as_json)


@app.command(help=say("Refuse a partner's key from now on: two of its officers have signed FILE."))
def revoke(file: Path, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    revocation = read_revocation(str(file), read_file(file))
    found = revoke_key(node_in(node), revocation)
    if not as_json:
        out(say("The key {key} of {party} is refused from now on.", key=revocation.key_id, party=revocation.party))
    _show_suspects(found, as_json=as_json)


@app.command("suspects", help=say("What came under a partner's revoked key since somebody else may have had it."))
def list_suspects(party: str, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    _show_suspects(suspects(node_in(node), party), as_json=as_json)


def _say_pinned(card: Card) -> None:
    key_id = PublicKey.from_text(card.public_key).key_id
    out(say("{party} is pinned with the key {key}.", party=card.party, key=key_id))


def _show_suspects(found: Sequence[Suspect], *, as_json: bool) -> None:
    if as_json:
        out_json([asdict(one) for one in found])
        return
    rows = [
        (one.seq, one.type, f"{one.received_at:%Y-%m-%d %H:%M:%S}", one.state, one.record or one.id) for one in found
    ]
    columns = (say("number"), say("type"), say("received"), say("state"), say("record or message"))
    table(columns, rows, empty=say("Nothing came under a revoked key since then."))
    if found:
        out(say("Compare each with the partner before you rely on it."))


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


@app.command("officer-leaves", help=say("End an officer of this agency; partners learn it from the next card."))
def officer_leaves(
    name: Annotated[str, typer.Argument(help=say("Role id, for example us.cbp/liaison-1."))],
    node: NodeFolder = HERE,
) -> None:
    end_officer(node_in(node), name)
    out(say("{officer} signs no more; what was signed stays signed. Give partners a new card.", officer=name))
