"""`entente ledger witnesses`, `evidence`, `check-evidence`: who cosigned, who contradicted itself, and how others see
it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.errors import InputFault
from entente.ledger import EVIDENCE, check_evidence, decode_vkey, read_evidence
from entente.node.accusing import Accusation, accusation, accusations, published_keys
from entente.node.announcing import WitnessView, witness_views
from entente.node.doubts import Doubt, own_doubts
from entente.node.witnesses import ask_all
from entente.node.work import Node

app = typer.Typer()


class EvidenceExists(InputFault):
    """There is already a file {file}, and evidence is never overwritten. Name another file."""


@app.command(help=say("Which partner cosigned which size of this ledger, and when; exit code 1 when one is overdue."))
def witnesses(
    node: NodeFolder = HERE,
    is_asking: Annotated[bool, typer.Option("--ask", help=say("Ask every partner to cosign now."))] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    faults = {asked.party: asked.fault for asked in ask_all(home) if asked.fault} if is_asking else {}
    views, wrong = witness_views(home), own_doubts(home)
    if as_json:
        out_json(
            {
                "witnesses": [_view_json(view) for view in views],
                "faults": {party: fault.said(PHRASES.translate) for party, fault in faults.items()},
                "doubts": [doubt.to_json() for doubt in wrong],
            }
        )
    else:
        _print(views, wrong)
        for fault in faults.values():
            out(fault.said(PHRASES.translate))
    if wrong or faults or any(view.is_overdue for view in views):
        raise typer.Exit(1)


@app.command(help=say("Evidence against partners: list it, or write it to a file that convinces others."))
def evidence(
    number: Annotated[str, typer.Argument(metavar="ID", help=say("Beginning of an id from the list."))] = "",
    file: Annotated[Path | None, typer.Option("--out", help=say("Write it to this new file."))] = None,
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    found = [accusation(home, number)] if number else accusations(home)
    if file is not None:
        for one in found[-1:]:
            _write(home, one, file)
    elif as_json:
        out_json([_json(one) for one in found])
    else:
        rows = [(one.id[7:19], one.party, f"{one.found_at:%Y-%m-%d %H:%M}", _said(one)) for one in found]
        columns = (say("id"), say("partner"), say("found"), say("what it shows"))
        table(columns, rows, empty=say("No partner has contradicted what it signed."))


@app.command("check-evidence", help=say("Check a file of evidence with nothing but keys; exit code 0 when it proves."))
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("A file of evidence."))],
    key: Annotated[list[str], typer.Option(help=say("Verifier key of the accused party's log or node, got from it."))],
    as_json: AsJson = False,
) -> None:
    shown = check_evidence(read_evidence(file.read_bytes()), [decode_vkey(text) for text in key])
    if as_json:
        out_json({"kind": shown.kind, **shown.values})
        return
    out(shown.said(PHRASES.translate))
    out(shown.cure(PHRASES.translate))


def _print(views: Sequence[WitnessView], wrong: Sequence[Doubt]) -> None:
    states = {True: say("OVERDUE"), False: say("in time")}
    rows = [
        (view.party, f"{view.size:,}", f"{view.at:%Y-%m-%d %H:%M}" if view.at else "", states[view.is_overdue])
        for view in views
    ]
    columns = (say("witness"), say("entries cosigned"), say("at"), say("state"))
    table(columns, rows, empty=say("No partner, so nobody witnesses this ledger."))
    for doubt in wrong:
        out(say("ALARM: {text}", text=f"{doubt.said(PHRASES.translate)} {doubt.cure(PHRASES.translate)}"))


def _write(home: Node, one: Accusation, file: Path) -> None:
    if file.exists():
        raise EvidenceExists(file=file)
    file.write_bytes(one.body)
    keys = " ".join(f"--key '{key}'" for key in published_keys(home, one.party))
    out(_said(one))
    out(say("Check it anywhere with: {command}", command=f"entente ledger check-evidence {file} {keys}"))
    out(say("Whoever checks it compares these keys with those that {party} published.", party=one.party))


def _said(one: Accusation) -> str:
    return one.shown.said(PHRASES.translate) if one.shown else PHRASES.translate(EVIDENCE[one.kind][0])


def _json(one: Accusation) -> dict[str, object]:
    values = dict(one.shown.values) if one.shown else {}
    return {"id": one.id, "party": one.party, "kind": one.kind, "found_at": one.found_at, "values": values}


def _view_json(view: WitnessView) -> dict[str, object]:
    return {
        "party": view.party,
        "size": view.size,
        "at": view.at,
        "is_overdue": view.is_overdue,
        "cosignatures": view.number,
    }
