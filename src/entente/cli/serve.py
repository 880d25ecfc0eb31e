"""`entente serve`: the node answers partners and delivers what waits."""

import logging

from entente.api import application
from entente.cli.house import node_in
from entente.cli.terminal import HERE, NodeFolder, err, say
from entente.cli.verb import verb
from entente.node.serving import serve as serve_node

app = verb(say("Answer partners and deliver what waits."))


@app.command()
def serve(node: NodeFolder = HERE) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    home = node_in(node)
    err(say("{party} answers at {url}. Stop with Ctrl-C.", party=home.party, url=home.config.url))
    serve_node(home, application(home))
    home.close()
