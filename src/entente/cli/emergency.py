"""`entente emergency`: life is at risk. What may be told is told at once; somebody else reviews it within a day."""

from typing import Annotated

import typer

from entente.agreements import explain
from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.courier import Courier
from entente.node.emergency import (
    Given,
    Judgement,
    emergencies,
    give_in_emergency,
    offer_in_emergency,
    review_emergency,
)
from entente.node.looking import Look

app = verb(
    say("Life is at risk: give a partner at once the fewest fields needed; review what was given."), has_parts=True
)
Record = Annotated[str, typer.Argument(help=say("Id of the record."))]
Partner = Annotated[str, typer.Option("--to", help=say("Code of the partner, for example ca.cbsa."))]
Number = Annotated[str, typer.Argument(help=say("Number of the release, from `entente emergency list`."))]


@app.command(help=say("What of a record could be given, and what not. Nothing leaves."))
def show(record: Record, partner: Partner, node: NodeFolder = HERE, who: Who = "", why: Why = "") -> None:
    home = node_in(node)
    found = offer_in_emergency(home, Look(who or me(), why), record, partner)
    if found.record.is_simulated:
        out(say("SIMULATED: none of this is real."))
    for sentence in explain(found.decision, home.catalogue.vocabulary, PHRASES):
        out(f"  {sentence}")
    label = home.catalogue.vocabulary.label
    rows = [
        (name, label("field", f"{found.record.kind}.{name}", PHRASES.language), found.record.values[name])
        for name in found.fields
    ]
    out()
    table(("--field", say("field"), say("what would leave")), rows, empty=say("No value would leave."))


@app.command(help=say("Give the chosen fields now. They leave at once; somebody else reviews it within 24 hours."))
def give(
    record: Record,
    partner: Partner,
    fields: Annotated[list[str], typer.Option("--field", help=say("A field that the rescuer needs; again for each."))],
    node: NodeFolder = HERE,
    who: Who = "",
    why: Annotated[str, typer.Option(help=say("Why a life is at risk."))] = "",
) -> None:
    home = node_in(node)
    given = give_in_emergency(home, record, partner, officer=who or me(), why=why, fields=fields)
    out(say("Given to {partner}: {fields}.", partner=partner, fields=", ".join(given.fields)))
    out(
        say(
            "Somebody else reviews it by {due}: `entente emergency review {number}`.",
            due=given.review_due.isoformat(timespec="minutes"),
            number=given.number,
        )
    )
    _deliver(Courier(home), partner)


@app.command("list", help=say("What was given in emergencies, and whether somebody else has looked at it."))
def list_given(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    now, found = home.clock(), emergencies(home)
    if as_json:
        out_json([_json(one) | {"is_overdue": one.is_overdue(now)} for one in found])
        return
    rows = [
        (one.number, one.partner, one.record_id, ", ".join(one.fields), one.officer, _state(one, one.is_overdue(now)))
        for one in found
    ]
    columns = (say("release"), say("partner"), say("record"), say("fields"), say("given by"), say("review"))
    table(columns, rows, empty=say("Nothing was given in an emergency."))


@app.command(help=say("Say whether it was right to give it. What was wrong goes to the release desk."))
def review(
    number: Number,
    is_right: Annotated[bool, typer.Option("--right/--wrong", help=say("Whether it was right."))],
    note: Annotated[str, typer.Option(help=say("What you found."))],
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    judgement: Judgement = "right" if is_right else "wrong"
    given = review_emergency(node_in(node), number, officer=who or me(), judgement=judgement, note=note)
    out(say("Reviewed by {officer}.", officer=given.reviewer or ""))
    if not is_right:
        out(say("{partner} holds it: see `entente release list`, and call the partner.", partner=given.partner))


def _deliver(courier: Courier, partner: str) -> None:
    """Tries at once; what cannot be delivered is tried again by the running server."""
    try:
        for done in courier.deliver_all():
            if done.party == partner:
                out(say("{party}: {number} messages settled.", party=done.party, number=done.settled))
            if done.party == partner and done.fault is not None:
                out("  " + done.fault.said(PHRASES.translate))
                out(say("It has not arrived yet. Call {partner}; it is tried again by itself.", partner=partner))
    finally:
        courier.close()


def _state(given: Given, is_overdue: bool) -> str:
    if given.judgement is not None:
        return say("right") if given.judgement == "right" else say("wrong")
    due = given.review_due.isoformat(timespec="minutes")
    return say("OVERDUE since {due}", due=due) if is_overdue else say("due by {due}", due=due)


def _json(given: Given) -> dict[str, object]:
    return {
        "release": given.number,
        "record": given.record_id,
        "version": given.version,
        "partner": given.partner,
        "officer": given.officer,
        "fields": list(given.fields),
        "why": given.why,
        "at": given.at.isoformat(),
        "review_due": given.review_due.isoformat(),
        "reviewer": given.reviewer,
        "judgement": given.judgement,
        "note": given.note,
    }
