"""`entente init`: a new node."""

from typing import Annotated

import typer

from entente.cli.house import catalogue
from entente.cli.terminal import HERE, NodeFolder, out, say
from entente.cli.verb import verb
from entente.node.config import Config
from entente.node.creating import create_node

app = verb(say("Create a node: folder, keys, database."))


@app.command()
def init(
    party: Annotated[
        str, typer.Option(help=say("Code of the agency, for example us.cbp; `entente words party` lists them."))
    ],
    node: NodeFolder = HERE,
    url: Annotated[str, typer.Option(help=say("Address at which partners reach this node."))] = "http://127.0.0.1:8801",
    screens: Annotated[
        str, typer.Option(help=say("Address at which people sign in, apart from the one for partners; empty for none."))
    ] = "http://127.0.0.1:8800",
    store: Annotated[str, typer.Option(help=say("sqlite:FILE or postgresql://..."))] = "sqlite:node.sqlite",
    domain: Annotated[str, typer.Option(help=say("production or demo; they never meet."))] = "production",
) -> None:
    config = Config(folder=node, party=party, domain=domain, store=store, url=url, screens=screens)
    created = create_node(config, catalogue())
    created.close()
    out(say("The node of {party} is ready in {folder}.", party=party, folder=node))
    out(
        say(
            "Next: `entente people add NAME --role administrator --node {folder}` makes the first account, and"
            " `entente serve --node {folder}` answers.",
            folder=node,
        )
    )
    out(
        say(
            "`entente partners card --out CARD --node {folder}` writes the card for your partners; back up the folder"
            " `keys`.",
            folder=node,
        )
    )
