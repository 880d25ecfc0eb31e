"""`entente ask`: ask a partner whether it holds something, or to be given it; grant or refuse what partners ask."""

from collections.abc import Sequence
from typing import Annotated, Literal

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, counted, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.exchange import Question
from entente.node.looking import Look
from entente.node.probing import suspicions
from entente.node.querying import Wish, ask_query, ask_request
from entente.node.question_view import Asked, Sheet, askings, sheet
from entente.node.questioning import BY_US, OF_US
from entente.node.requesting import grant, refuse_request
from entente.node.work import Node
from entente.store import AskingRow

app = verb(say("Ask partners, and grant or refuse what they ask."), has_parts=True)
SHOWN = 12
Asks = Literal["by-us", "of-us", "all"]
About = Annotated[str, typer.Argument(help=say("Id of the question, or its beginning."))]
Partner = Annotated[str, typer.Argument(help=say("Code of the partner, for example us.cbp."))]
Kind = Annotated[str, typer.Argument(help=say("Kind of record."))]
Where = Annotated[
    list[str], typer.Option("--where", help=say("FIELD=VALUE that identifies one thing; several are joined by and."))
]
Purpose = Annotated[str, typer.Option("--purpose", help=say("Code of the list `purpose`."))]
Basis = Annotated[str, typer.Option("--legal-basis", help=say("Code of the list `legal-basis`."))]
Why = Annotated[str, typer.Option("--why", help=say("Why you ask; the partner reads it. Write no name."))]
Urgency = Annotated[str, typer.Option("--urgency", help=say("Code of the list `urgency`."))]


class NotAPair(InputFault):
    """`{given}` is not FIELD=VALUE. Write for example --where number=S-1044."""


@app.command("query", help=say("Ask a partner whether it holds something."))
def query_partner(
    partner: Partner,
    kind: Kind,
    where: Where,
    purpose: Purpose,
    legal_basis: Basis,
    why: Why,
    node: NodeFolder = HERE,
    urgency: Urgency = "normal",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    question = Question(kind=kind, legal_basis=legal_basis, reason=why, selector=_pairs(where))
    wish = Wish(partner=partner, question=question, purpose=purpose, urgency=urgency, who=who or me())
    _asked(ask_query(node_in(node), wish), as_json=as_json)


@app.command("request", help=say("Ask a partner to be given a record, records with these values, or more fields."))
def request_of_partner(
    partner: Partner,
    kind: Kind,
    purpose: Purpose,
    legal_basis: Basis,
    why: Why,
    where: Where = [],  # noqa: B006 - typer copies it
    record: Annotated[str, typer.Option("--record", help=say("Id of one record, as the partner gave it."))] = "",
    field: Annotated[list[str], typer.Option("--field", help=say("A field that is wanted; several may be."))] = [],  # noqa: B006
    node: NodeFolder = HERE,
    urgency: Urgency = "normal",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    question = Question(
        kind=kind,
        legal_basis=legal_basis,
        reason=why,
        selector=_pairs(where),
        record=record or None,
        fields=tuple(field),
    )
    wish = Wish(partner=partner, question=question, purpose=purpose, urgency=urgency, who=who or me())
    _asked(ask_request(node_in(node), wish), as_json=as_json)


@app.command("list", help=say("What partners and we ask each other, the soonest due first."))
def list_questions(
    node: NodeFolder = HERE,
    asked: Annotated[Asks, typer.Option(help=say("Who was asked."))] = "all",
    open_only: Annotated[bool, typer.Option("--open", help=say("Only what is not settled."))] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    direction = {"by-us": BY_US, "of-us": OF_US}.get(asked)
    found = askings(home, direction, is_open=True if open_only else None)
    if as_json:
        out_json([one.to_json() for one in found])
        return
    columns = (say("question"), say("asked by"), say("asked of"), say("type"), say("kind"), say("state"), say("due"))
    table(columns, [_line(one, home.party) for one in found], empty=say("No question yet."))
    _print_suspicions(home)


@app.command("show", help=say("One question with its values, and what would go; the look is logged."))
def show_question(
    about: About,
    why: Annotated[str, typer.Option("--why", help=say("Why you look."))] = "",
    node: NodeFolder = HERE,
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    found = sheet(home, Look(who or me(), why), about)
    if as_json:
        out_json(_sheet_json(found))
        return
    _print_sheet(home, found)


@app.command("grant", help=say("Give a partner what it asks for, as far as the provisions go."))
def grant_question(about: About, node: NodeFolder = HERE, who: Who = "", as_json: AsJson = False) -> None:
    done = grant(node_in(node), about, who or me())
    if as_json:
        out_json({"about": done.row.about, "records": done.records, "officers_still_needed": done.more})
    elif done.more:
        out(
            counted(
                done.more,
                say("One more officer has to agree: `entente ask grant`."),
                say("{number} more officers have to agree: `entente ask grant`.", number=done.more),
            )
        )
    else:
        out(
            counted(
                done.records,
                say("1 record goes to {partner}.", partner=done.row.partner),
                say("{number} records go to {partner}.", number=done.records, partner=done.row.partner),
            )
        )


@app.command("refuse", help=say("Refuse what a partner asks for, with a reason."))
def refuse_question(
    about: About,
    reason: Annotated[str, typer.Option("--reason", help=say("Code of the list `refusal-reason`."))],
    node: NodeFolder = HERE,
    note: Annotated[str, typer.Option("--note", help=say("What your partner should know; it is sent."))] = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    row = refuse_request(node_in(node), about, who or me(), reason, note)
    if as_json:
        out_json({"about": row.about, "state": row.state, "reason": row.reason})
        return
    out(say("Refused: {reason}.", reason=_label("refusal-reason", row.reason)))


def _pairs(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    for one in given:
        if "=" not in one:
            raise NotAPair(given=one)
    return tuple((name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in given))


def _asked(row: AskingRow, *, as_json: bool) -> None:
    if as_json:
        out_json({"about": row.about, "partner": row.partner, "type": row.type, "due": row.due})
        return
    out(say("{partner} is asked. Question {question}.", partner=row.partner, question=short(row)))


def short(row: AskingRow) -> str:
    """The beginning of the id, as people type it."""
    return row.about.partition(":")[2][:SHOWN]


def _line(one: Asked, us: str) -> tuple[str, ...]:
    row = one.row
    asked_by, asked_of = (row.partner, us) if one.is_of_us else (us, row.partner)
    type_, kind = _label("message-type", row.type), _label("kind", row.kind)
    return (short(row), asked_by, asked_of, type_, kind, _state(row), _due(one))


def _state(row: AskingRow) -> str:
    told = [_label("asking-state", row.state)]
    if row.outcome:
        told.append(f"({_label('query-outcome', row.outcome)})")
    if row.reason:
        known = (
            "refusal-reason" if row.reason in catalogue().vocabulary.list("refusal-reason").terms else "message-reason"
        )
        told.append(f"({_label(known, row.reason)})")
    return " ".join(told)


def _due(one: Asked) -> str:
    if one.row.due is None:
        return "-"
    moment = one.row.due.strftime("%Y-%m-%d %H:%M UTC")
    return f"{moment} ({say('OVERDUE')})" if one.is_overdue else moment


def _print_suspicions(home: Node) -> None:
    with home.store.reading() as tx:
        found = suspicions(tx)
    for one in found[:5]:
        out(
            say(
                "On {day}, {partner} seemed to try out values under {agreement} for {purpose}: {sign}.",
                day=one.day,
                partner=one.partner,
                agreement=one.name,
                purpose=_label("purpose", one.purpose),
                sign=_label("probing-sign", one.sign),
            )
        )


def _sheet_json(found: Sheet) -> dict[str, object]:
    going = [
        {
            "record": one.record.id,
            "version": one.record.version,
            "fields": list(one.fields),
            "outcome": one.decision.outcome,
        }
        for one in found.candidates
    ]
    return {
        **found.asked.to_json(),
        "question": found.question.to_json() if found.question else None,
        "would_go": going,
        "approved": found.approved,
    }


def _print_sheet(home: Node, found: Sheet) -> None:
    question, row = found.question, found.asked.row
    columns = (say("question"), say("asked by"), say("asked of"), say("type"), say("kind"), say("state"), say("due"))
    table(columns, [_line(found.asked, home.party)], empty="")
    out()
    if question is None:
        out(say("What was asked has been erased: its days are over."))
        return
    out(
        say(
            "Purpose: {purpose}. Legal basis: {basis}.",
            purpose=_label("purpose", row.purpose),
            basis=_label("legal-basis", question.legal_basis),
        )
    )
    out(say("Why: {why}", why=question.reason))
    for name, value in question.selector:
        out(f"  {_label('field', f'{row.kind}.{name}')}: {value}")
    if question.record:
        out("  " + say("record {record}", record=question.record))
    if question.fields:
        out("  " + say("wanted: {fields}", fields=", ".join(question.fields)))
    for id_, version in found.asked.records:
        out("  " + say("record {record}, version {version}", record=id_, version=version))
    for one in found.candidates:
        label = _label("decision-outcome", one.decision.outcome)
        out(
            "  "
            + say(
                "{record}: {outcome}: {fields}",
                record=one.record.id,
                outcome=label,
                fields=", ".join(one.fields) or "-",
            )
        )
    if found.asked.is_waiting and not found.candidates:
        out(say("Nothing of it is held here. Refuse it with the reason `not-available`."))


def _label(words: str, code: str) -> str:
    return catalogue().vocabulary.label(words, code, PHRASES.language)
