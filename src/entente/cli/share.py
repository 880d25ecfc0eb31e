"""`entente may-i-share`: what may go to whom, and whom to ask. It releases nothing."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from entente.agreements import RESCUE, Telling
from entente.cli.house import node_in
from entente.cli.terminal import (
    HERE,
    PHRASES,
    AsJson,
    NodeFolder,
    Who,
    Why,
    err,
    is_at_terminal,
    me,
    out,
    out_json,
    say,
)
from entente.cli.verb import verb
from entente.node.facts import Facts, facts_in
from entente.node.guidance import Advice, Wanted, advise, advise_on
from entente.node.guidance_said import advice_json, contact_said, passed_on_said, rests_on
from entente.node.looking import Look
from entente.node.work import Node

app = verb(say("May I share this? What may go to whom, and whom to ask; it releases nothing."))


@app.command()
def may_i_share(
    kind: Annotated[str, typer.Argument(help=say("Kind of record, for example sample; not with --record."))] = "",
    partner: Annotated[str, typer.Option("--with", help=say("Code of the partner, for example ca.cbsa."))] = "",
    purpose: Annotated[str, typer.Option("--for", help=say("What the partner would use it for."))] = "",
    urgency: Annotated[
        str, typer.Option(help=say("routine, asked (they asked for it), hit, or life (a life is at risk)."))
    ] = "routine",
    fact: Annotated[
        list[str] | None,
        typer.Option(help=say("What you know, as FIELD=VALUE; FIELD=- if the record does not state it.")),
    ] = None,
    record: Annotated[str, typer.Option(help=say("Id of a record that is at hand."))] = "",
    said_by: Annotated[
        str,
        typer.Option(
            "--said-by", help=say("Code of the party who said it, where it is not your own; not with --record.")
        ),
    ] = "",
    node: NodeFolder = HERE,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    if record and said_by:
        raise typer.BadParameter(say("The record says by whom it was said."), param_hint="--said-by")
    home = node_in(node)
    may_ask = is_at_terminal() and not as_json
    if not (record or kind):
        kind = _answered(may_ask, say("Kind of record"), "KIND")
    wanted = Wanted(
        partner=partner or _answered(may_ask, say("Partner"), "--with"),
        purpose=purpose or (RESCUE if urgency == "life" else _answered(may_ask, say("Purpose"), "--for")),
        urgency=urgency,
        said_by=said_by,
    )
    if record:
        _show(home, advise_on(home, Look(who or me(), why), wanted, record), as_json=as_json)
        return
    told = dict(_told(text) for text in fact or ())
    found = advise(home, wanted, kind, _facts(home, kind, told))
    if may_ask and found.guidance.unknown:
        told |= dict(_asked(home, found))
        found = advise(home, wanted, kind, _facts(home, kind, told))
    _show(home, found, as_json=as_json)


def _answered(may_ask: bool, question: str, option: str) -> str:
    """What somebody at the terminal types; elsewhere it is a misuse to leave it out."""
    if not may_ask:
        raise typer.BadParameter(say("Name it; nobody is at a terminal to be asked."), param_hint=option)
    return str(typer.prompt(question))


def _told(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise typer.BadParameter(say("`{text}` is not FIELD=VALUE.", text=text), param_hint="--fact")
    return name, value


def _facts(home: Node, kind: str, told: Mapping[str, str]) -> Facts:
    facts, faults = facts_in(home, kind, told)
    for fault in faults:
        err(f"{fault.reason(PHRASES.translate)} {fault.cure(PHRASES.translate)}")
    if faults:
        raise typer.Exit(2)
    return facts


def _asked(home: Node, found: Advice) -> Iterator[tuple[str, str]]:
    """What the answer hangs on, from whoever sits there; Enter leaves it open."""
    telling = Telling(found.guidance, home.catalogue.vocabulary, PHRASES)
    out(say("The answer hangs on these facts. Press Enter where you do not know."))
    for name in found.guidance.unknown:
        while True:
            value = str(typer.prompt(f"{telling.fields([name])} ({name})", default="", show_default=False))
            _, faults = facts_in(home, found.guidance.ask.kind.name, {name: value})
            if not faults:
                break
            out(f"{faults[0].reason(PHRASES.translate)} {faults[0].cure(PHRASES.translate)}")
        if value.strip():
            yield name, value


def _show(home: Node, found: Advice, *, as_json: bool) -> None:
    if as_json:
        out_json(advice_json(found))
        return
    telling = Telling(found.guidance, home.catalogue.vocabulary, PHRASES)
    if found.record is not None and found.record.is_simulated:
        out(say("SIMULATED: none of this is real."))
    out(telling.answer())
    if passed_on := passed_on_said(found, home.catalogue.vocabulary, PHRASES):
        out(passed_on)
    if not found.guidance.is_exact:
        out(say("So many facts are open that not every way could be tried. State some of them."))
    _show_parts(found, telling)
    _show_what_next(home, found, telling)
    out()
    out(
        say(
            "This is guidance and no release: nothing has left. It holds for {party}, at {moment} UTC, under:",
            party=home.party,
            moment=f"{found.at:%Y-%m-%d %H:%M}",
        )
    )
    for name, digest in rests_on(found) or [(say("no agreement in force"), "")]:
        out(f"  {name}  {digest}".rstrip())


def _show_parts(found: Advice, telling: Telling) -> None:
    for part in found.guidance.parts:
        if found.guidance.refusal is not None:
            continue
        out()
        out(f"{telling.part(part)}: {telling.fields(part.fields)}")
        for ground in part.grounds:
            out(f"  - {telling.ground(ground)}")
            clause = ground.provision.text.get(PHRASES.language) or next(iter(ground.provision.text.values()), "")
            out(f"    {ground.provision.reference}: {clause.strip()}")
        if not part.grounds:
            out("  - " + say("No provision gives it."))
    for sentence in telling.handling():
        out(f"  {sentence}")


def _show_what_next(home: Node, found: Advice, telling: Telling) -> None:
    vocabulary = home.catalogue.vocabulary
    blocks = {
        say("Whom to ask"): [": ".join(contact_said(one, vocabulary, PHRASES)) for one in found.contacts],
        say("Agreements that are not in force"): [
            f"{text.name} v{text.version}: " + " ".join(f"{one.sentence(say)} {one.remedy(say)}" for one in reasons)
            for text, reasons in found.not_in_force
        ],
        say("What would make it possible"): [telling.alternative(one) for one in found.alternatives],
        say("It hangs on these facts"): [
            f"--fact {name}=…  {telling.fields([name])}. {telling.question(name)}".rstrip()
            for name in found.guidance.unknown
            if found.guidance.fields("depends", "asks", "goes")
        ],
    }
    for title, lines in blocks.items():
        if lines:
            out()
            out(f"{title}:")
            for line in lines:
                out(f"  {line}")
