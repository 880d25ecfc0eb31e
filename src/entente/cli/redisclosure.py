"""`entente redisclosure`: ask an originator whether a record may go on, answer a holder, hand it on with a grant."""

from datetime import datetime
from typing import Annotated

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.granting import grant_request, refuse_request
from entente.node.redisclosing import ASKED, ask, requests, use
from entente.signing import parse
from entente.store import RedisclosureRow

app = verb(say("Ask whether a record of a partner may go to somebody else; answer, and hand it on."), has_parts=True)
Request = Annotated[str, typer.Argument(help=say("Id of the request, or its beginning."))]
SHOWN = 12


@app.command("ask", help=say("Ask the originator of a record whether it may go to somebody else."))
def ask_originator(
    record: Annotated[str, typer.Argument(help=say("Id of the record."))],
    to: Annotated[str, typer.Option("--to", help=say("Code of the party that should get it."))],
    purpose: Annotated[str, typer.Option("--for", help=say("What the partner would use it for."))],
    why: Annotated[str, typer.Option("--why", help=say("Why; the originator reads it."))],
    node: NodeFolder = HERE,
) -> None:
    row = ask(node_in(node), record, to, purpose, why)
    out(say("{partner} will be asked. Nothing goes to {to} before it says yes.", partner=row.partner, to=row.recipient))


@app.command("list", help=say("Requests to hand records on, by us and of us."))
def list_requests(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = requests(home)
    if as_json:
        out_json([_as_json(row) for row in found])
        return
    columns = (say("request"), say("asked by"), say("asked of"), say("record"), say("to"), say("state"), say("until"))
    table(columns, [_line(row, home.party) for row in found], empty=say("Nobody asked to hand a record on."))


@app.command("answer", help=say("Grant or refuse what a holder asked; an officer answers."))
def answer_request(
    request: Request,
    is_granted: Annotated[bool, typer.Option("--grant/--refuse", help=say("Yes or no."))],
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help=say("Last day on which it may go."))
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option("--field", help=say("A field that may go; by default all that the holder has."))
    ] = None,
    why: Annotated[str, typer.Option("--why", help=say("What the holder should know; it is sent."))] = "",
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    home, officer = node_in(node), who or me()
    if is_granted:
        day = until.date() if until else None
        row = grant_request(home, request, officer, day, why, fields=field or ())
        out(say("{partner} may give it to {to} until {day}.", partner=row.partner, to=row.recipient, day=day))
    else:
        row = refuse_request(home, request, officer, why)
        out(say("{partner} is told that it may not.", partner=row.partner))


@app.command("use", help=say("Hand the record on under the grant, as far as the agreement permits it."))
def use_grant(request: Request, node: NodeFolder = HERE, who: Who = "") -> None:
    row = use(node_in(node), request, who or me())
    out(say("It leaves for {to} with the next delivery.", to=row.recipient))


def _line(row: RedisclosureRow, us: str) -> tuple[str, ...]:
    by, of = (us, row.partner) if row.direction == ASKED else (row.partner, us)
    state = catalogue().vocabulary.label("redisclosure-state", row.state, PHRASES.language)
    until = str(row.granted_until or "-")
    return (row.id.partition(":")[2][:SHOWN], by, of, row.record_id, row.recipient, state, until)


def _as_json(row: RedisclosureRow) -> dict[str, object]:
    return {
        "request": row.id,
        "direction": row.direction,
        "partner": row.partner,
        "record": row.record_id,
        "about": row.about,
        "recipient": row.recipient,
        "purpose": row.purpose,
        "why": row.why,
        "state": row.state,
        "fields": parse(row.fields),
        "until": row.granted_until,
        "answer": row.answer,
        "is_simulated": row.is_simulated,
        "created_at": row.created_at,
        "answered_at": row.answered_at,
    }
