"""`entente obligations`: all that we owe about what we hold and all that is owed to us, and proof of what is done."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.discharge import proof_of_discharge
from entente.node.obligations import KINDS, PAGE, Obligation, Wanted, obligations, within

app = verb(say("All that we owe and are owed about records, and proof of what is done."), has_parts=True)
SHOWN = 12


class ProofExists(InputFault):
    """There is already something at {file}, and a proof overwrites nothing. Name a new file with --out."""


class UnknownObligation(InputFault):
    """`{kind}` is no kind of obligation. Use one of: {known}; `entente words obligation` explains them."""


@app.command("list", help=say("What is owed by us and to us, the soonest due first."))
def list_obligations(
    node: NodeFolder = HERE,
    due_within: Annotated[int | None, typer.Option(min=0, help=say("Only what is due within so many days."))] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=say("Only what is overdue."))] = False,
    partner: Annotated[str, typer.Option(help=say("Only with this partner."))] = "",
    kind: Annotated[str, typer.Option(help=say("Only of one kind, a code of the list `obligation`."))] = "",
    after: Annotated[str, typer.Option(help=say("Go on behind this place, as the last page named it."))] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = PAGE,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    if kind and kind not in KINDS:
        raise UnknownObligation(kind=kind, known=", ".join(KINDS))
    before = None if due_within is None else within(home, due_within)
    wanted = Wanted(kind=kind, partner=partner, before=before, is_overdue=overdue)
    found = obligations(home, wanted, after=after, limit=limit)
    if as_json:
        out_json([{**one.to_json(), "place": one.place} for one in found])
        return
    columns = (say("kind"), say("owed by"), say("owed to"), say("due"), say("about"), say("limits"))
    table(columns, [_line(one, home.party) for one in found], empty=say("Nothing of this is owed."))
    if len(found) == limit:
        out(say("There may be more: add --after '{place}'.", place=found[-1].place))


@app.command(
    "proof", help=say("Write a file that proves how an obligation ended, for whoever does not trust this node.")
)
def write_proof(
    about: Annotated[str, typer.Argument(help=say("Id of the message, or of the record that was erased."))],
    node: NodeFolder = HERE,
    target: Annotated[Path | None, typer.Option("--out", help=say("File to write."))] = None,
    as_json: AsJson = False,
) -> None:
    found, proof = proof_of_discharge(node_in(node), about)
    file = target or Path(f"{about.rpartition(':')[2][:SHOWN]}.tlog-proof")
    if file.exists():
        raise ProofExists(file=file)
    file.write_bytes(proof)
    if as_json:
        out_json({**found.to_json(), "file": str(file)})
        return
    entry = catalogue().vocabulary.label("entry-type", found.type, PHRASES.language)
    out(say("{entry}: entry {index}, leaf {leaf}.", entry=entry, index=found.index, leaf=found.leaf_hash))
    out(say("The proof is in {file}; it can be checked without this node.", file=file))


def _line(one: Obligation, us: str) -> tuple[str, ...]:
    parties = (us, one.partner) if one.is_owed_by_us else (one.partner, us)
    label = catalogue().vocabulary.label
    limits = [label("purpose", code, PHRASES.language) for code in one.purposes]
    limits += [label("caveat", code, PHRASES.language) for code in one.caveats]
    return (label("obligation", one.kind, PHRASES.language), *parties, _due(one), one.about, ", ".join(limits))


def _due(one: Obligation) -> str:
    if one.due_on is None:
        return "-"
    marks = [say("OVERDUE")] if one.is_overdue else []
    marks += [say("on hold")] if one.is_held else []
    marks += [say("SIMULATED")] if one.is_simulated else []
    return f"{one.due_on} ({', '.join(marks)})" if marks else str(one.due_on)
