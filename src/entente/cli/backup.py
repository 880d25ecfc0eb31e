"""`entente backup`: everything a node holds in one signed and encrypted file."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.progress import rows_bar
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say
from entente.cli.verb import verb
from entente.node.archiving import archive

app = verb(say("Write everything the node holds to one file that only its keys open."))


@app.command()
def backup(
    target: Annotated[Path, typer.Option("--out", "-o", help=say("New file, or a folder in which it gets a name."))],
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    with rows_bar() as progress:
        done = archive(home, target, progress)
    if as_json:
        out_json(done.to_json())
        return
    out(
        say(
            "{rows} rows, and the ledger up to {size} entries, are in {file} ({megabytes} MB).",
            rows=f"{sum(done.rows.values()):,}",
            size=f"{done.ledger_size:,}",
            file=done.file,
            megabytes=f"{done.size_bytes / 1e6:,.1f}",
        )
    )
    out(
        say(
            "It opens only with the keys in {keys}. Copy that folder elsewhere now, and keep only its newest copy: an"
            " older one brings back what was erased since.",
            keys=home.config.keys,
        )
    )
