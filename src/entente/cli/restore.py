"""`entente restore`: a node from an archive that `entente backup` wrote."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import catalogue
from entente.cli.progress import rows_bar
from entente.cli.terminal import AsJson, out, out_json, say
from entente.cli.verb import verb
from entente.node.restoring import Restored
from entente.node.restoring import restore as restore_node

app = verb(say("Make a node from an archive and its keys, in a new folder."))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help=say("The archive, as `entente backup` wrote it."))],
    node: Annotated[Path, typer.Option("--node", "-n", help=say("New folder for the node."))],
    keys: Annotated[
        Path | None, typer.Option(help=say("Newest backup of the folder `keys`; not needed if it is in place already."))
    ] = None,
    store: Annotated[str, typer.Option(help=say("sqlite:FILE or postgresql://..."))] = "sqlite:node.sqlite",
    as_json: AsJson = False,
) -> None:
    with rows_bar() as progress:
        done = restore_node(file, node, catalogue(), keys=keys, store=store, progress=progress)
    if as_json:
        out_json(done.to_json())
    else:
        _print(done, node)


def _print(done: Restored, folder: Path) -> None:
    out(
        say(
            "The node of {party} is in {folder} as it was at {at}: {rows} rows, and a ledger of {size} entries that is"
            " what was signed.",
            party=done.party,
            folder=folder,
            at=f"{done.made_at:%Y-%m-%d %H:%M:%S %Z}",
            rows=f"{sum(done.rows.values()):,}",
            size=f"{done.ledger_size:,}",
        )
    )
    if done.erased:
        out(
            say(
                "{number} rows stay empty: what they held was erased after the archive was written.",
                number=f"{sum(done.erased.values()):,}",
            )
        )
    if done.partners:
        out(
            say(
                "What happened since then is not here. Run `entente exchange reconcile --node {folder}` before the node"
                " is served: nothing is sent to {partners} before that.",
                folder=folder,
                partners=", ".join(done.partners),
            )
        )
