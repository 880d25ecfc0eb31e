"""`entente openapi`: both HTTP surfaces of a node as OpenAPI documents."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.api import application
from entente.cli.house import node_in
from entente.cli.terminal import HERE, NodeFolder, out, out_json, say
from entente.cli.verb import verb
from entente.web.openapi import document


class Surface(StrEnum):
    """Who asks there."""

    PARTNERS = "partners"
    SCREENS = "screens"


app = verb(say("What partners' nodes and people's browsers can ask of this node, as an OpenAPI document."))


@app.command()
def openapi(
    surface: Annotated[Surface, typer.Argument(help=say("partners or screens"))],
    node: NodeFolder = HERE,
    file: Annotated[Path | None, typer.Option("--out", help=say("Write it to this file."))] = None,
) -> None:
    found: dict[str, Any] = document() if surface is Surface.SCREENS else application(node_in(node)).openapi()
    if file is None:
        out_json(found)
        return
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    out(say("Written to {file}.", file=file))
