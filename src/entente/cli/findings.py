"""`entente findings`: look for what stands out, review it, and what the agreements permit is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from entente.analysis import ACCEPTED, DISMISSED, OPEN, parse_parameters, sentence
from entente.cli.answer_screen import print_answer
from entente.cli.house import catalogue, node_in, question_called
from entente.cli.scope import Own, Records, scope_of
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say
from entente.cli.verb import verb
from entente.node.duties import Duty, duties
from entente.node.findings import Held, Looked, asked_with, finding, findings, look_for
from entente.node.looking import Look
from entente.node.reviewing import Telling, review
from entente.node.work import Node
from entente.records import Field
from entente.signing import parse
from entente.store import RecordRow

app = verb(say("Look for what stands out; accept or dismiss what was found."), has_parts=True)
Name = Annotated[str, typer.Argument(help=say("Id of the finding, or its beginning."))]
Note = Annotated[str, typer.Option("--note", help=say("What you looked at and why you decide so; it stays here."))]
Version = Annotated[int | None, typer.Option("--version", help=say("Only if it is still this version."))]
PURPOSE = typer.Option(help=say("Purpose for which received records are used."))


@app.command(help=say("Ask a question that finds; what it finds waits for review."))
def look(
    name: Annotated[str, typer.Argument(help=say("Name of the question; `entente question list` shows them."))],
    param: Annotated[list[str] | None, typer.Option("--param", help=say("NAME=VALUE; may be repeated."))] = None,
    node: NodeFolder = HERE,
    purpose: Annotated[str, PURPOSE] = "",
    records: Records = "",
    own: Own = False,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home, question = node_in(node), question_called(name)
    arguments = parse_parameters(question, param or [], catalogue().vocabulary)
    looker = Look(who or me(), why)
    _print_looked(look_for(home, looker, question, arguments, purpose, scope=scope_of(records, own)), as_json=as_json)


@app.command(help=say("Look for the same finding again, with its own settings and days, after its records changed."))
def again(name: Name, node: NodeFolder = HERE, why: Why = "", who: Who = "", as_json: AsJson = False) -> None:
    home, looker = node_in(node), Look(who or me(), why)
    held = finding(home, looker, name)
    question = question_called(str(held.values["question"]))
    texts, purpose, scope = asked_with(held.values)
    arguments = parse_parameters(question, texts, catalogue().vocabulary)
    scope = replace(scope, is_simulated=held.row.is_simulated)
    _print_looked(look_for(home, looker, question, arguments, purpose, scope=scope), as_json=as_json)


@app.command("list", help=say("Findings held here, with their review and what came back."))
def list_findings(
    node: NodeFolder = HERE,
    waiting: Annotated[bool, typer.Option("--open", help=say("Only those that wait for review."))] = False,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    held = findings(home, Look(who or me(), why), review=OPEN if waiting else None)
    if as_json:
        out_json([_held_json(home, one) for one in held])
        return
    if not held:
        out(say("No finding. `entente findings look substances.growth --purpose early-warning --why ...` looks."))
    for one in held:
        _print_head(home, one)


@app.command(help=say("One finding: figures, denominator, method, what it rests on, who was told, what came back."))
def show(name: Name, node: NodeFolder = HERE, why: Why = "", who: Who = "", as_json: AsJson = False) -> None:
    home = node_in(node)
    one = finding(home, Look(who or me(), why), name)
    if as_json:
        out_json(_held_json(home, one))
        return
    _print_head(home, one)
    words, language = catalogue().vocabulary, PHRASES.language
    body = parse(one.row.body)["values"]
    for field in home.catalogue.kind(one.row.kind).fields:
        if field.name in body and field.type != "boolean":  # the head says whether it still alarms
            label = words.label("field", f"{one.row.kind}.{field.name}", language)
            out(f"  {label}: {_coded(_words_of(field), body[field.name])}")
    question = words.list("question").terms.get(str(body.get("question")))
    if question is not None:
        out("  " + say("Method: {method}", method=question.attributes["method"][language]))
    for caveat in _caveats(one.row):
        out("! " + words.label("caveat", caveat, language))


@app.command(help=say("It holds: what the agreements permit is told to partners, who then owe an answer."))
def accept(name: Name, node: NodeFolder = HERE, note: Note = "", version: Version = None, who: Who = "") -> None:
    row, told = review(node_in(node), name, ACCEPTED, who or me(), note, version=version)
    _print_sentence(row)
    if not told:
        out(say("No provision in force takes it to a partner; `entente records show` says why."))
    _print_tellings(told)


@app.command(help=say("It does not hold: it stays here with the reason; partners who were told it are told that too."))
def dismiss(name: Name, node: NodeFolder = HERE, note: Note = "", version: Version = None, who: Who = "") -> None:
    row, told = review(node_in(node), name, DISMISSED, who or me(), note, version=version)
    _print_sentence(row)
    if not told:
        out(say("Nobody had been told, and nobody is told now."))
    _print_tellings(told)


def _print_looked(looked: Looked, *, as_json: bool) -> None:
    if as_json:
        out_json({"findings": [_row_json(row) for row in looked.findings], "new": looked.number_new})
        return
    if not looked.findings:
        print_answer(looked.answer)
        out(say("Nothing stands out. The figures above say how close each subject came."))
    for row in looked.findings:
        _print_sentence(row)
    if looked.number_new:
        out(say("{number} to review: `entente findings show ID`, then accept or dismiss.", number=looked.number_new))


def _print_tellings(told: Sequence[Telling]) -> None:
    for one in told:
        out(_TELLINGS[one.what](one.partner))


_TELLINGS: Mapping[str, Callable[[str], str]] = {
    "told": lambda partner: say("{partner} is told, and owes an answer: `entente duties list`.", partner=partner),
    "corrected": lambda partner: say("{partner}, who was told before, is sent the correction.", partner=partner),
    "waits": lambda partner: say(
        "To {partner} it waits for a releasing officer: `entente release list`.", partner=partner
    ),
    "recall-needed": lambda partner: say(
        "{partner} was told before, and this may not go to it: tell it yourself; `entente release list`.",
        partner=partner,
    ),
}


def _print_head(home: Node, one: Held) -> None:
    _print_sentence(one.row)
    if one.recalled:
        out("  ! " + say("{number} records behind it were erased or called back: look again.", number=one.recalled))
    if one.stale:
        out("  ! " + say("{number} records behind it have been corrected since: look again.", number=one.stale))
    for told in duties(home, record_id=one.row.id):
        out("  " + _said(told))


def _print_sentence(row: RecordRow) -> None:
    values = parse(row.body)["values"]
    words, language = catalogue().vocabulary, PHRASES.language
    marks = [words.label("review-state", values.get("review", OPEN), language), row.said_by]
    marks.append(say("version {version}", version=row.version))
    if values.get("alarm") is False:
        marks.append(say("no longer an alarm"))
    if row.is_simulated:
        marks.append(say("SIMULATED"))
    out(f"{row.id[:12]}  [{', '.join(marks)}]  {_sentence(values)}")


def _sentence(values: Mapping[str, Any]) -> str:
    """A received finding may lack fields that were withheld; then only what came is said."""
    if not {"measure", "denominator"} <= values.keys():
        return ", ".join(f"{name}: {value}" for name, value in values.items())
    return sentence(values, catalogue().vocabulary, PHRASES.language)


def _said(one: Duty) -> str:
    words, language, row = catalogue().vocabulary, PHRASES.language, one.row
    state = words.label("duty-state", row.state, language)
    outcome = words.label("outcome", row.outcome, language) if row.outcome else ""
    detail = " ".join(part for part in (outcome, row.note and f"({row.note})") if part)
    if one.is_overdue:
        return say("{partner}: {state}; OVERDUE since {due}", partner=row.partner, state=state, due=one.due_on)
    if detail:
        return say("{partner}: {state}: {detail}", partner=row.partner, state=state, detail=detail)
    return say("{partner}: {state}; due {due}", partner=row.partner, state=state, due=one.due_on or "-")


def _words_of(field: Field) -> str | None:
    return "finding-place" if field.name == "place" else field.vocabulary


def _coded(vocabulary: str | None, value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    if vocabulary is None:
        return ", ".join(str(code) for code in codes)
    known = catalogue().vocabulary.list(vocabulary)
    return ", ".join(known.term(code).label(PHRASES.language) if code in known.terms else str(code) for code in codes)


def _caveats(row: RecordRow) -> list[str]:
    return list(parse(row.handling)["caveats"]) if row.handling else []


def _row_json(row: RecordRow) -> dict[str, Any]:
    values = parse(row.body)["values"]
    return {"id": row.id, "version": row.version, "said_by": row.said_by, "is_simulated": row.is_simulated, **values}


def _held_json(home: Node, one: Held) -> dict[str, Any]:
    return {
        **_row_json(one.row),
        "stale": one.stale,
        "recalled": one.recalled,
        "caveats": _caveats(one.row),
        "told": [told.to_json() for told in duties(home, record_id=one.row.id)],
    }
