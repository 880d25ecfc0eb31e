"""`entente upgrade`: the database gets the schema of this program; `--check` only says what would change."""

from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say
from entente.cli.verb import verb
from entente.node.upgrading import UpgradeCheck, check_upgrade
from entente.node.upgrading import upgrade as upgrade_node

app = verb(say("Bring the database to the schema of this program, or say what that would change."))


@app.command()
def upgrade(
    node: NodeFolder = HERE,
    only_check: Annotated[
        bool, typer.Option("--check", help=say("Change nothing; exit code 1 when an upgrade is needed."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    if not only_check:
        is_changed = upgrade_node(home)
        if as_json:
            out_json({"is_changed": is_changed, "schema": home.store.schema()[1]})
        else:
            print_upgraded(is_changed=is_changed)
        return
    found = check_upgrade(home)
    if as_json:
        out_json(found.to_json())
    else:
        _print(found)
    if found.is_needed:
        raise typer.Exit(1)


def print_upgraded(*, is_changed: bool) -> None:
    if is_changed:
        out(say("The database has the schema of this program now, and its ledger is what was signed."))
    else:
        out(say("The database has the schema of this program already; nothing was changed."))


def _print(found: UpgradeCheck) -> None:
    if found.is_needed:
        out(say("Schema {found} becomes {known}.", found=found.schema_found, known=found.schema_known))
        out(say("Stop the node and copy its database before you run `entente upgrade`: there is no way back."))
    else:
        out(say("The database has schema {known}; no upgrade is needed.", known=found.schema_known))
    size = f"{found.database_bytes / 1e6:,.1f}"
    if found.free_bytes is None:
        out(say("Database: {size} MB, on a server; look at its disk yourself.", size=size))
    else:
        out(say("Database: {size} MB; free on its disk: {free} MB.", size=size, free=f"{found.free_bytes / 1e6:,.0f}"))
    if not found.has_room:
        out(say("That may be too little for the upgrade: make room first."))
    out(say("This program speaks version {version} of the protocol.", version=found.protocol))
    for party, version in found.partners.items():
        out("  " + say("{party} last spoke version {version}.", party=party, version=version))
