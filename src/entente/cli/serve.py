"""`entente serve`: the node answers partners and people, and delivers what waits."""

import logging

from entente.api import application
from entente.cli.house import house, node_in
from entente.cli.terminal import HERE, NodeFolder, err, say
from entente.cli.verb import verb
from entente.node.serving import Door
from entente.node.serving import serve as serve_node
from entente.web import screens

FILES = ("/imports", "/records.csv", "/accesses/file")
"""Where large files come and go at the screens, as slowly as people's lines."""

app = verb(say("Answer partners and deliver what waits."))


@app.command()
def serve(node: NodeFolder = HERE) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    home = node_in(node)
    doors = [Door(application(home), home.config.url)]
    err(say("{party} answers partners at {url}. Stop with Ctrl-C.", party=home.party, url=home.config.url))
    if home.config.screens:
        doors.append(Door(screens(home, house()), home.config.screens, patient=FILES))
        err(say("People sign in at {url}", url=home.config.screens))
    serve_node(home, doors)
    home.close()
