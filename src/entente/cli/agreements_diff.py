"""`entente agreements diff`: what a new version changes, a paragraph for each change."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from entente.agreements import Agreement
from entente.agreements.comparing.affected import Affected
from entente.agreements.comparing.changes import Comparison, compare
from entente.agreements.comparing.comparison_words import change_paragraphs, paragraphs
from entente.cli.agreement_texts import agreement_and_cases
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say
from entente.cli.verb import verb
from entente.node.differing import newest_called, predecessor_of, records_affected
from entente.node.looking import Look

app = verb("")

Old = Annotated[
    str,
    typer.Argument(help=say("File, model, name or digest of the earlier version; alone: of the one to compare.")),
]
New = Annotated[
    str,
    typer.Argument(help=say("The new version; left out, OLD is compared with the one before it, held here.")),
]


@app.command(help=say("What a new version changes: who now gives what to whom for what, and who no longer does."))
def diff(
    old: Old,
    new: New = "",
    node: NodeFolder = HERE,
    records: Annotated[
        bool, typer.Option("--records", help=say("Also count this node's own records that each change touches."))
    ] = False,
    on: Annotated[
        str,
        typer.Option(help=say("Count as of this day, as YYYY-MM-DD; by default today, or when a change begins.")),
    ] = "",
    exit_code: Annotated[bool, typer.Option("--exit-code", help=say("Exit with 1 where something changes."))] = False,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    found = compare(*_texts(old, new, node), catalogue())
    day = _day(on) if on else None
    touched = records_affected(node_in(node), Look(who or me(), why), found, day) if records else None
    if as_json:
        out_json(_json(found, touched))
    else:
        _print(found, touched)
    if exit_code and found.changes:
        raise typer.Exit(1)


def _texts(old: str, new: str, node: Path) -> tuple[Agreement, Agreement]:
    """Raises NoPredecessor and what reading raises."""
    if new:
        return agreement_and_cases(old, node)[0], agreement_and_cases(new, node)[0]
    home = node_in(node)
    last = agreement_and_cases(old, node)[0] if Path(old).is_file() else newest_called(home, old)
    return predecessor_of(home, last), last


def _print(found: Comparison, touched: Sequence[Affected] | None) -> None:
    of_changes = change_paragraphs(found, catalogue(), PHRASES)
    counts = dict(zip(of_changes, touched, strict=False)) if touched else {}
    for number, paragraph in enumerate(paragraphs(found, catalogue(), PHRASES)):
        if number:
            out()
        out(paragraph)
        if paragraph in counts:
            out("  " + _touched(counts[paragraph]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("`{text}` is not a day; write YYYY-MM-DD.", text=text)) from None


def _touched(one: Affected) -> str:
    if not one.count:
        return say("Counted as of {day}: none of our own records is touched.", day=one.day)
    records = ", ".join(one.samples)
    return say(
        "Counted as of {day}: own records touched: {count}, for example {records}.",
        day=one.day,
        count=one.count,
        records=records,
    )


def _json(found: Comparison, touched: Sequence[Affected] | None) -> dict[str, object]:
    said = change_paragraphs(found, catalogue(), PHRASES) if found.changes else []
    changes = [{**one.to_json(), "says": text} for one, text in zip(found.changes, said, strict=True)]
    for row, one in zip(changes, touched or (), strict=False):
        row.update(records=one.count, samples=list(one.samples), counted_on=one.day.isoformat())
    silent = found.without_effect
    return {
        "old": found.old.digest,
        "new": found.new.digest,
        "is_same": found.is_same,
        "changes": changes,
        "without_effect": {
            "added": list(silent.added),
            "removed": list(silent.removed),
            "reworded": list(silent.reworded),
        },
        "says": paragraphs(found, catalogue(), PHRASES),
    }
