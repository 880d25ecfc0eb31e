"""`entente exchange gaps`: what the last comparison with each partner found, and why it stays."""

from collections.abc import Mapping, Sequence

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say, table
from entente.node.comparing import Compared, compared

app = typer.Typer()
MOST_SHOWN = 50


@app.command(help=say("What the last daily comparison found; exit code 1 when something does not mend itself."))
def gaps(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    found = compared(node_in(node))
    if as_json:
        out_json([_json(one) for one in found])
    else:
        _print(found)
    if any(one.for_people for one in found):
        raise typer.Exit(1)


def whys() -> Mapping[str, str]:
    """Why a difference stays, by code."""
    return {
        "heals": say("It was sent again."),
        "partner-heals": say("The partner sends it again."),
        "denied": say("The partner signed for it and now says that it does not hold it: ask its operator."),
        "lost-here": say("This node signed for it and does not hold it: was an older copy restored here?"),
        "erased": say("Its record was erased here, so it cannot be sent again: agree with its operator."),
        "contradicts": say("Both sides say different things of it: only people can settle it."),
    }


def _print(found: Sequence[Compared]) -> None:
    rows = []
    details = []
    why = whys()
    for one in found:
        state = one.fault or (say("{number} differences", number=len(one.gaps)) if one.gaps else say("no difference"))
        at = f"{one.at:%Y-%m-%d %H:%M}" if one.at else say("not yet")
        rows.append((one.party, at, f"{one.sent:,}", f"{one.received:,}", state))
        details += [
            say("{party}, message {seq}: {why}", party=one.party, seq=gap.seq, why=why[gap.why])
            for gap in one.gaps[:MOST_SHOWN]
        ]
    columns = (say("partner"), say("compared"), say("sent"), say("received"), say("result"))
    table(columns, rows, empty=say("No partner yet."))
    for line in details:
        out(line)


def _json(one: Compared) -> dict[str, object]:
    return {
        "party": one.party,
        "at": one.at,
        "fault": one.fault,
        "sent": one.sent,
        "received": one.received,
        "sent_again": one.sent_again,
        "for_people": one.for_people,
        "gaps": [{"seq": gap.seq, "way": gap.way, "kind": gap.kind, "why": gap.why} for gap in one.gaps],
    }
