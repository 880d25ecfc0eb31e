"""`entente retention`: what is past its last day is erased; look first, then let the node do it."""

from datetime import datetime
from typing import Annotated

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, counted, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node import retention
from entente.node.agreeing import agreement_names
from entente.node.forgetting import forget, past_questions
from entente.node.retention import OFF, ON, Preview
from entente.node.work import Node

app = verb(say("Erase what is past its last day: look first; hold single records back."), has_parts=True)
Record = Annotated[str, typer.Argument(help=say("Id of the record."))]
Why = Annotated[str, typer.Option("--why", help=say("The reason, in a few words; it is kept in the ledger."))]
Yes = Annotated[bool, typer.Option("--yes", help=say("Yes, erase: it cannot be undone."))]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=say("As it will be at the end of this day, UTC."))
]


class NotConfirmed(InputFault):
    """Nothing was erased or changed: what is erased cannot be brought back. Look at it with
    `entente retention preview`, then say --yes."""


@app.command("preview", help=say("What would be erased, by kind and partner; nothing is erased."))
def show_preview(node: NodeFolder = HERE, on: Day = None, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = retention.preview(home, None if on is None else on.date())
    questions = past_questions(home)
    if as_json:
        out_json({**found.to_json(), "questions": questions})
        return
    _print(home, found)
    if questions:
        out(say("Questions between partners that are past their days: {number}.", number=f"{questions:,}"))


@app.command("run", help=say("Erase now what is past its last day and has no hold."))
def run_now(node: NodeFolder = HERE, yes: Yes = False, who: Who = "", as_json: AsJson = False) -> None:
    home = node_in(node)
    if not yes and (retention.preview(home).number or past_questions(home)):
        raise NotConfirmed
    number, questions = retention.run(home, who or me()), forget(home, who or me())
    if as_json:
        out_json({"erased": number, "questions": questions})
        return
    out(counted(number, say("1 record was erased."), say("{number} records were erased.", number=f"{number:,}")))
    if questions:
        out(say("Questions between partners that were erased: {number}.", number=f"{questions:,}"))


@app.command("on", help=say("From now on the served node erases by itself what is past its last day."))
def switch_on(node: NodeFolder = HERE, yes: Yes = False, who: Who = "") -> None:
    home = node_in(node)
    if not yes and (retention.preview(home).number or past_questions(home)):
        raise NotConfirmed
    retention.switch(home, ON, who or me())
    out(say("The served node erases by itself from now on what is past its last day."))


@app.command("off", help=say("The served node erases nothing by itself."))
def switch_off(node: NodeFolder = HERE, who: Who = "") -> None:
    retention.switch(node_in(node), OFF, who or me())
    out(say("The served node erases nothing by itself. What is past its last day shows as overdue."))


@app.command("hold", help=say("Keep one record beyond its last day, for a reason such as the order of a court."))
def hold(record: Record, why: Why = "", node: NodeFolder = HERE, who: Who = "") -> None:
    retention.put_hold(node_in(node), record, who=who or me(), why=why)
    out(say("The record {record} is not erased until its hold ends.", record=record))


@app.command("release", help=say("End the hold on one record."))
def release(record: Record, why: Why = "", node: NodeFolder = HERE, who: Who = "") -> None:
    retention.end_hold(node_in(node), record, who=who or me(), why=why)
    out(say("The record {record} goes at its last day again.", record=record))


@app.command("holds", help=say("Records that are kept beyond their last day, and why."))
def list_holds(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    rows = retention.holds(node_in(node))
    if as_json:
        out_json([{"record": row.record_id, "who": row.who, "why": row.why, "since": row.since} for row in rows])
        return
    columns = (say("record"), say("who"), say("since"), say("why"))
    lines = [(row.record_id, row.who, f"{row.since:%Y-%m-%d}", row.why) for row in rows]
    table(columns, lines, empty=say("No record has a hold."))


def _print(home: Node, found: Preview) -> None:
    names = agreement_names(home)
    rows = [
        (
            catalogue().vocabulary.label("kind", group.kind, PHRASES.language),
            group.partner or home.party,
            names.get(group.agreement, group.agreement[7:19]) if group.agreement else say("rule of the agency"),
            say("SIMULATED") if group.is_simulated else "",
            f"{group.number:,}",
            f"{group.held:,}",
        )
        for group in found.groups
    ]
    columns = (say("kind"), say("from"), say("agreement"), "", say("past its day"), say("on hold"))
    table(columns, rows, empty=say("Nothing is past its last day."))
    for record in found.sample:
        out(f"  {record}")
    if found.number > len(found.sample):
        out(say("  … and {number} more", number=f"{found.number - len(found.sample):,}"))
    if found.is_on:
        out(say("The served node erases this by itself."))
        if not found.is_confirmed:
            out(
                say(
                    "Our own records wait: the rule of the agency is new or has changed, and nobody has confirmed it."
                    " `entente retention on --yes` does."
                )
            )
    else:
        out(say("The served node erases nothing by itself: `entente retention on` changes that."))
