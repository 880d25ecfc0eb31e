"""`entente recall`: call back what was given, and see who has done it."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, counted, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.recall_taking import FINAL, GIVEN
from entente.node.recalling import CallBack, Recalled, barred, give, proposals, recalls

app = verb(
    say("Call back what was given to partners; see who has done it, and what may not come back."), has_parts=True
)
Record = Annotated[str, typer.Argument(help=say("Id of the record."))]


@app.command("give", help=say("Call a record back from everybody it went to, or from one partner."))
def give_recall(
    record: Record,
    why: Annotated[str, typer.Option("--why", help=say("Code of the list `recall-reason`."))],
    partner: Annotated[str, typer.Option("--partner", help=say("Only from this partner."))] = "",
    note: Annotated[str, typer.Option("--note", help=say("What your partner should know; it is sent."))] = "",
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help=say("Last day; by default in 7 days."))
    ] = None,
    wanted: Annotated[
        Literal["erase", "mark"], typer.Option("--wanted", help=say("Erase it, or keep it and use it for nothing."))
    ] = "erase",
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    wish = CallBack(
        reason=why,
        who=who or me(),
        partner=partner,
        note=note,
        wanted=wanted,
        until=until.date() if until else None,
    )
    sent = give(node_in(node), record, wish)
    for row in sent:
        out(
            say(
                "{partner} is told, and has until {day}.",
                partner=row.partner,
                day=row.due.date() if row.due else "-",
            )
        )
    if not sent:
        out(say("Nothing had left yet; it was taken back."))


@app.command("list", help=say("Recalls given and received, open ones first."))
def list_recalls(
    node: NodeFolder = HERE,
    overdue: Annotated[bool, typer.Option("--overdue", help=say("Only what is overdue."))] = False,
    proposed: Annotated[
        bool, typer.Option("--proposed", help=say("Records whose newer version may not go to a partner who holds one."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    if proposed:
        _list_proposed(node, as_json=as_json)
        return
    found = recalls(home, is_overdue=overdue)
    if as_json:
        out_json([one.to_json() for one in found])
        return
    columns = (say("called back by"), say("from"), say("record"), say("why"), say("state"), say("due"))
    table(columns, [_line(one, home.party) for one in found], empty=say("Nothing was called back."))
    for one in found:
        for line in _onward(one):
            out(line)


@app.command("barred", help=say("What was called back from this node and may not come back."))
def list_barred(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    found = barred(node_in(node))
    if as_json:
        out_json(
            [
                {"record": row.record_id, "said_by": row.said_by, "held_as": row.held_id, "called_back_by": row.via}
                | {"wanted": row.wanted, "reason": row.reason, "at": row.at}
                for row in found
            ]
        )
        return
    rows = [(row.record_id, row.said_by, row.via, _label("recall-reason", row.reason), row.at.date()) for row in found]
    columns = (say("record"), say("said by"), say("called back by"), say("why"), say("since"))
    table(columns, rows, empty=say("Nothing was called back from this node."))


def _list_proposed(node: NodeFolder, *, as_json: bool) -> None:
    found = proposals(node_in(node))
    if as_json:
        out_json(
            [
                {"record": row.record_id, "version": row.record_version, "partner": row.partner, "purpose": row.purpose}
                for row in found
            ]
        )
        return
    columns = (say("record"), say("version"), say("partner"), say("purpose"))
    rows = [(row.record_id, row.record_version, row.partner, row.purpose) for row in found]
    table(columns, rows, empty=say("No recall is proposed."))
    if found:
        out(say("Call back with: entente recall give RECORD --why corrected-beyond-agreement --partner PARTNER"))


def _line(one: Recalled, us: str) -> tuple[str, ...]:
    row = one.row
    by, of = (us, row.partner) if row.direction == GIVEN else (row.partner, us)
    told = [_label("recall-state", row.state), *([say("SIMULATED")] if row.is_simulated else [])]
    return (by, of, row.record_id, _label("recall-reason", row.reason), " ".join(told), _due(one))


def _due(one: Recalled) -> str:
    if one.row.due is None or one.days_left is None:
        return "-"
    day = one.row.due.date()
    if one.is_overdue:
        days = max(-one.days_left, 1)
        late = counted(days, say("OVERDUE by 1 day"), say("OVERDUE by {days} days", days=days))
        return f"{day} ({late})"
    return str(day)


def _onward(one: Recalled) -> list[str]:
    """Whom the partner told, and what each has done."""
    holders = one.receipt.onward if one.receipt else ()
    return [
        "  "
        + say(
            "{partner} handed {record} on to {holder}: {state}",
            partner=one.row.partner,
            record=one.row.record_id,
            holder=holder.party,
            state=_label("recall-state", holder.state),
        )
        + (f" ({say('OVERDUE')})" if holder.party in one.overdue_holders and holder.state not in FINAL else "")
        for holder in holders
    ]


def _label(words: str, code: str) -> str:
    known = catalogue().vocabulary.list(words).terms
    return catalogue().vocabulary.label(words, code, PHRASES.language) if code in known else code
