"""`entente release`: what waits for people leaves, or not."""

from typing import Annotated

import typer

from entente.agreements import explain
from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.looking import Look
from entente.node.offering import TOO_LARGE
from entente.node.releases import approve, refuse, set_aside, view, waiting
from entente.store import ReleaseRow

app = verb(say("Release or refuse what waits for people."), has_parts=True)
Number = Annotated[str, typer.Argument(help=say("Number of the release, from `entente release list`."))]


@app.command("list", help=say("What waits for people."))
def list_releases(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    rows, aside = waiting(home), set_aside(home)
    if as_json:
        out_json(
            [
                {"release": row.id, "record": row.record_id, "partner": row.partner, "needs": row.needs}
                | {"state": row.state}
                for row in (*rows, *aside)
            ]
        )
        return
    shown = [(row.id, row.partner, row.purpose, row.record_id, row.record_version, row.needs) for row in rows]
    columns = (say("release"), say("partner"), say("purpose"), say("record"), say("version"), say("officers needed"))
    table(columns, shown, empty=say("Nothing waits for release."))
    for row in aside:
        out(_said_of(row))


def _said_of(row: ReleaseRow) -> str:
    values = {"partner": row.partner, "record": row.record_id, "version": row.record_version}
    if row.state == TOO_LARGE:
        return say("Version {version} of {record} is too large to be sent to {partner}: shorten its texts.", **values)
    return say(
        "{partner} holds an earlier {record}, and version {version} may not go: tell it, then refuse this one.",
        **values,
    )


@app.command(help=say("What would leave, under which provision, and what would not."))
def show(number: Number, node: NodeFolder = HERE, who: Who = "", why: Why = "") -> None:
    home = node_in(node)
    row, record, decision = view(home, Look(who or me(), why), number)
    if record.is_simulated:
        out(say("SIMULATED: none of this is real."))
    out(say("{record} to {partner} for {purpose}:", record=record.id, partner=row.partner, purpose=row.purpose))
    for sentence in explain(decision, home.catalogue.vocabulary, PHRASES):
        out(f"  {sentence}")
    label = home.catalogue.vocabulary.label
    rows = [
        (label("field", f"{record.kind}.{name}", PHRASES.language), record.values[name])
        for name in (*decision.fields, *decision.waiting)
        if name in record.values
    ]
    out()
    table((say("field"), say("what would leave")), rows, empty=say("No value would leave."))


@app.command("approve", help=say("Agree to the release; the last officer needed lets it go."))
def approve_release(number: Number, node: NodeFolder = HERE, who: Who = "") -> None:
    row = approve(node_in(node), number, who or me())
    if row.state == "released":
        out(say("Released to {partner}; it leaves with the next delivery.", partner=row.partner))
    else:
        out(say("Approved. Another officer must approve as well."))


@app.command("refuse", help=say("Refuse the release, with a reason."))
def refuse_release(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help=say("Why it may not leave."))],
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    row = refuse(node_in(node), number, who or me(), reason)
    out(say("Refused; {partner} is told nothing.", partner=row.partner))
