"""`entente ledger again`: recorded decisions derived again, bit for bit."""

from collections.abc import Sequence
from typing import Annotated

import typer

from entente.agreements import SAME, Again
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.node.judging_again import Judged, JudgedEntry, judge_entry, judge_record

app = typer.Typer()


@app.command(help=say("Derive recorded decisions again, bit for bit; exit code 1 when one differs."))
def again(
    entry: Annotated[int | None, typer.Argument(min=0, help=say("Number of an entry that is a decision."))] = None,
    record: Annotated[str, typer.Option(help=say("Instead: every decision that is kept about this record."))] = "",
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    if (entry is None) == (not record):
        raise typer.BadParameter(say("Give either the number of an entry or --record, not both and not neither."))
    home = node_in(node)
    whole = None if entry is None else judge_entry(home, entry)
    decisions = judge_record(home, record) if whole is None else whole.decisions
    if as_json:
        own = [] if whole is None or whole.entry == SAME else [{"entry": whole.index, **_said(whole.entry)}]
        out_json([*own, *(_as_json(one) for one in decisions)])
    else:
        _print(decisions, whole)
    found = [one.again for one in decisions] if whole is None else whole.outcomes
    if any(one.outcome == "differs" for one in found):
        raise typer.Exit(1)


def _print(decisions: Sequence[Judged], whole: JudgedEntry | None) -> None:
    if whole is not None and whole.entry != SAME:
        for sentence in whole.entry.said(say):
            out(sentence)
    label = catalogue().vocabulary.label
    said = {"same": say("the same"), "differs": say("differs"), "cannot": say("not derivable")}
    rows = [
        (
            one.record_id,
            one.version,
            one.partner,
            label("purpose", one.purpose, PHRASES.language),
            f"{one.decided_at:%Y-%m-%d %H:%M:%S}",
            said[one.again.outcome],
        )
        for one in decisions
    ]
    columns = (say("record"), say("version"), say("partner"), say("purpose"), say("decided"), say("derived again"))
    table(columns, rows, empty=say("No decision is kept that could be derived again."))
    if whole is not None and whole.count > len(decisions):
        number, count = len(decisions), whole.count
        out(
            say(
                "Of {count} records in this entry, {number} are still kept with it; later decisions took the place "
                "of the others.",
                count=count,
                number=number,
            )
        )
    for reasons in dict.fromkeys(tuple(one.again.said(say)) for one in decisions):
        for sentence in reasons:
            out(sentence)


def _said(found: Again) -> dict[str, object]:
    why = [{"code": one.code, **one.values, "sentence": one.sentence(say)} for one in found.why]
    return {"again": found.outcome, "why": why}


def _as_json(one: Judged) -> dict[str, object]:
    kept = {name: getattr(one, name) for name in ("record_id", "version", "partner", "purpose", "outcome")}
    return {**kept, "decided_at": one.decided_at, "mask": one.mask, **_said(one.again)}
