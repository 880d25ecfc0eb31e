"""`entente support`: what somebody who helps may see."""

import json
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.support import bundle as bundle_of

app = verb(
    say("Write what somebody who helps may see: versions, settings, counts; no record and no secret."), has_parts=True
)


class BundleExists(InputFault):
    """There is already a file {file}, and a bundle overwrites nothing. Name a new file."""


@app.command(help=say("Write one ZIP file with versions, settings without secrets, counts, states and times."))
def bundle(
    target: Annotated[Path, typer.Option("--out", "-o", help=say("New ZIP file."))],
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    found = bundle_of(node_in(node))
    if target.exists():
        raise BundleExists(file=target)
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as file:
        for name, body in found.items():
            file.writestr(f"{name}.json", json.dumps(body, indent=1, sort_keys=True, default=str) + "\n")
    if as_json:
        out_json({"file": str(target), "holds": sorted(found)})
        return
    out(say("{file} holds codes, numbers and times. Look at it before you send it: it is plain JSON.", file=target))
