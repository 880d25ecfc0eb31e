"""`entente serve`: the node answers partners and people, and delivers what waits."""

import logging
from typing import Annotated
from urllib.parse import urlsplit

import typer

from entente.api import application, watching
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
def serve(
    node: NodeFolder = HERE,
    at: Annotated[
        str,
        typer.Option(help=say("Listen for partners here: a further process of a node in PostgreSQL, behind a proxy.")),
    ] = "",
    screens_at: Annotated[
        str, typer.Option(help=say("Where such a further process serves the screens; without it, it serves none."))
    ] = "",
    metrics_at: Annotated[
        str, typer.Option(help=say("Serve /metrics for Prometheus here, for example http://127.0.0.1:9464."))
    ] = "",
) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    home = node_in(node)
    config = home.config
    url = at or config.listen or config.url
    doors = [Door(application(home), url, client_ca=config.tls_client_ca)]
    err(say("{party} answers partners at {url}. Stop with Ctrl-C.", party=home.party, url=at or config.url))
    if people_at := screens_at if at else config.screens:
        place = str(urlsplit(people_at).port) if at else ""
        doors.append(Door(screens(home, house(), place=place), people_at, patient=FILES))
        err(say("People sign in at {url}", url=people_at))
    if metrics_at:
        doors.append(Door(watching(home, metrics_at), metrics_at))
    serve_node(home, doors)
    home.close()
