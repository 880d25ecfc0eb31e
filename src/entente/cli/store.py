"""`entente store`: another database, a copy, a newer schema."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, NodeFolder, out, say
from entente.cli.upgrade import print_upgraded
from entente.cli.verb import verb
from entente.node.config import write_config
from entente.node.moving import move_store
from entente.node.upgrading import upgrade as upgrade_node

app = verb(say("Move a node to another database, back it up or upgrade it."), has_parts=True)


@app.command(help=say("Copy everything to another database, compare counts and digests, and use that one from now on."))
def move(
    target: Annotated[str, typer.Argument(help=say("sqlite:FILE or postgresql://..."))],
    node: NodeFolder = HERE,
) -> None:
    home = node_in(node)
    config, where, counts = move_store(home, target, lambda table, rows: out(f"  {table}: {rows:,}"))
    write_config(config)
    out(
        say(
            "{rows} rows moved and compared; the node now uses {store}.",
            rows=f"{sum(counts.values()):,}",
            store=where,
        )
    )


@app.command(help=say("Write a consistent copy of the database while the node is in use."))
def backup(target: Path, node: NodeFolder = HERE) -> None:
    home = node_in(node)
    home.store.backup(str(target))
    out(say("The copy is in {file}. Keep the folder `keys` with it, apart.", file=target))


@app.command(help=say("Bring the database to the schema of this program; make a backup first."))
def upgrade(node: NodeFolder = HERE) -> None:
    print_upgraded(is_changed=upgrade_node(node_in(node)))
