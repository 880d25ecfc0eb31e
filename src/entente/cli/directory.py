"""`entente directory`: a secretariat's signed list of nodes, keys and roles."""

import os
from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.keys import read_file
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.identity import SECRET_BYTES, read_secret, write_secret
from entente.node.listed_nodes import NotListed, accept_listed, suggestions, write_directory
from entente.signing import PrivateKey, PublicKey

app = verb(say("A secretariat's signed list of nodes, keys and roles; it suggests, people pin."), has_parts=True)


@app.command("key", help=say("Make the key that a secretariat signs directories with."))
def make_key(
    key_file: Annotated[Path, typer.Argument(help=say("New file for the key."))], as_json: AsJson = False
) -> None:
    key = PrivateKey(os.urandom(SECRET_BYTES))
    write_secret(key_file, key)
    if as_json:
        out_json({"file": str(key_file), "key": key.public.to_text()})
    else:
        out(say("The key is in {file}. Tell readers by telephone: {key}", file=key_file, key=key.public.to_text()))


@app.command("write", help=say("List this node and its partners, signed, in the next version."))
def write(
    key_file: Annotated[Path, typer.Option("--key", help=say("The secretariat's key."))],
    out_file: Annotated[Path, typer.Option("--out", help=say("File to write."))],
    node: NodeFolder = HERE,
    days: Annotated[int, typer.Option(min=1, max=400, help=say("Days after which it counts no more."))] = 30,
    as_json: AsJson = False,
) -> None:
    out_file.write_bytes(write_directory(node_in(node), read_secret(key_file), days))
    if as_json:
        out_json({"file": str(out_file)})
    else:
        out(say("The directory is in {file}; it ends in {days} days.", file=out_file, days=days))


@app.command("read", help=say("Compare a directory with what is pinned; nothing changes without --accept."))
def read(
    file: Path,
    node: NodeFolder = HERE,
    key: Annotated[str, typer.Option(help=say("The secretariat's key, as it was told by telephone."))] = "",
    replace_key: Annotated[
        bool, typer.Option("--replace-key", help=say("Pin --key in place of the one that is pinned."))
    ] = False,
    accept: Annotated[list[str] | None, typer.Option(help=say("Party whose entry is pinned as listed."))] = None,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    given = PublicKey.from_text(key) if key else None
    found = suggestions(home, str(file), read_file(file), given, may_replace=replace_key)
    for party in accept or ():
        chosen = next((one for one in found if one.party == party), None)
        if chosen is None:
            raise NotListed(party=party)
        accept_listed(home, chosen)
    if accept:
        found = suggestions(home, str(file), read_file(file), None)
    if as_json:
        out_json([one.to_json() for one in found])
        return
    label = catalogue().vocabulary.label
    rows = [
        (
            one.party,
            label("listed-state", one.state, PHRASES.language),
            ", ".join(label("listed-part", part, PHRASES.language) for part in one.what) or "-",
            ", ".join(one.node.roles) or "-",
        )
        for one in found
    ]
    table((say("party"), say("state"), say("differs in"), say("roles")), rows, empty=say("It lists nobody."))
