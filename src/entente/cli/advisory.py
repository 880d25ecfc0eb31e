"""`entente advisory`: what goes to those without a node, and what they say."""

from pathlib import Path
from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.advising import Advisory, acknowledge, advisories, answer, hand_over, make
from entente.node.advisory_files import FILES, files_of, send_mail
from entente.vocabulary import Vocabulary

app = verb(say("Advisories to those without a node: make, write, hand over, record what they say."), has_parts=True)
Number = Annotated[str, typer.Argument(help=say("Number of the advisory, from `entente advisory list`."))]
How = Annotated[str, typer.Option("--how", help=say("telephone, e-mail, letter or in-person."))]


class FileExists(InputFault):
    """There is already a file {file}, and an advisory overwrites nothing. Name another folder."""


@app.command("make", help=say("Give a party without a node what agreements let go of a record, or only some fields."))
def make_advisory(
    record: Annotated[str, typer.Argument(help=say("Id of the record or finding."))],
    party: Annotated[str, typer.Option("--to", help=say("Code of the party, for example ca.industry."))],
    purpose: Annotated[str, typer.Option(help=say("Code of the list `purpose`."))],
    fields: Annotated[
        list[str] | None, typer.Option("--field", help=say("Only this field; again for each. By default all."))
    ] = None,
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    home = node_in(node)
    row = make(home, record, party, purpose, officer=who or me(), fields=fields or None)
    if row.state == "released":
        made = next(one for one in advisories(home) if (one.row.record_id, one.row.partner) == (record, party))
        out(say("Made: {number}. Write it with `entente advisory write {number}`.", number=made.number))
    else:
        out(say("Approved. Another officer must approve as well: `entente release approve {number}`.", number=row.id))


@app.command("list", help=say("Advisories and what was said to them, the newest first."))
def list_advisories(
    node: NodeFolder = HERE,
    overdue: Annotated[bool, typer.Option("--overdue", help=say("Only what is overdue."))] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    found = advisories(home, is_overdue=overdue)
    if as_json:
        out_json([one.to_json() for one in found])
        return
    columns = (say("number"), say("for"), say("state"), say("answer"), say("due"), say("record"))
    rows = [_line(one, home.catalogue.vocabulary) for one in found]
    table(columns, rows, empty=say("No advisory. `entente advisory make` makes one."))


@app.command("write", help=say("Write an advisory as text, page, e-mail and proof, to hand it over."))
def write_files(
    number: Number,
    folder: Annotated[Path, typer.Option("--out", "-o", help=say("Folder for the files."))],
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FILES:
        if (folder / name).exists():
            raise FileExists(file=folder / name)
    for name, data in files_of(node_in(node), number, who or me()).items():
        (folder / name).write_bytes(data)
        out(str(folder / name))
    out(say("Hand it over, then record that: `entente advisory hand-over {number}`.", number=number))


@app.command("mail", help=say("Send an advisory to the party's e-mail address, where this node has a mail server."))
def mail_advisory(number: Number, node: NodeFolder = HERE, who: Who = "") -> None:
    one = send_mail(node_in(node), number, who or me())
    out(say("{number} was given to the mail server for {address}.", number=number, address=one.party.email))


@app.command("hand-over", help=say("Record that an advisory was handed over, and to whom."))
def hand_over_advisory(
    number: Number,
    to: Annotated[str, typer.Option(help=say("Who has it now."))],
    how: How,
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    hand_over(node_in(node), number, how=how, to=to, who=who or me())
    out(say("Recorded: {number} was handed over to {to}.", number=number, to=to))


@app.command("acknowledge", help=say("Record that the receiver says it has arrived."))
def acknowledge_advisory(
    number: Number,
    by: Annotated[str, typer.Option(help=say("Who says so."))],
    how: How,
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    acknowledge(node_in(node), number, by=by, how=how, who=who or me())
    out(say("Recorded: {by} has {number}. What it leads to is still to come.", by=by, number=number))


@app.command("answer", help=say("Record what the receiver says the advisory led to; this settles it."))
def answer_advisory(
    number: Number,
    outcome: Annotated[str, typer.Option("--outcome", help=say("Code of the list `outcome`."))],
    note: Annotated[str, typer.Option("--note", help=say("What the receiver said."))] = "",
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    home = node_in(node)
    answer(home, number, outcome=outcome, note=note, who=who or me())
    label = home.catalogue.vocabulary.label("outcome", outcome, PHRASES.language)
    out(say("Recorded: {number} led to {outcome}.", number=number, outcome=label))


def _line(one: Advisory, words: Vocabulary) -> tuple[str, ...]:
    label, language = words.label, PHRASES.language
    due = one.due.date().isoformat() if one.due else "-"
    return (
        one.number,
        one.party.name,
        label("advisory-state", one.row.state, language),
        label("duty-state", one.said, language) if one.said else "-",
        say("OVERDUE since {due}", due=due) if one.is_overdue else due,
        one.row.record_id or say("recall of {number}", number=one.replaces),
    )
