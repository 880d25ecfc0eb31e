"""`entente duties`: answer what partners sent, and see who owes an answer to whom, and how long answers take."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, counted, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.agreeing import agreement_names
from entente.node.answer_figures import AnswerFigure, answer_figures
from entente.node.duties import Duty, acknowledge, answer, duties
from entente.node.owing import BY_US, OPEN, TO_US
from entente.store import DutyRow

app = verb(say("Answer notices from partners; see who owes an answer to whom."), has_parts=True)
SHOWN = 12
Owed = Literal["by-us", "to-us", "all"]
About = Annotated[str, typer.Argument(help=say("Id of the notice, or its beginning."))]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("Messages from this day on, UTC."))]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("Messages before this day, UTC."))]
Note = Annotated[str, typer.Option("--note", help=say("What your partner should know; it is sent."))]


@app.command("list", help=say("Answers that are owed, the soonest due first."))
def list_duties(
    node: NodeFolder = HERE,
    owed: Annotated[Owed, typer.Option(help=say("Who owes the answer."))] = "all",
    overdue: Annotated[bool, typer.Option("--overdue", help=say("Only what is overdue."))] = False,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    direction = {"by-us": BY_US, "to-us": TO_US}.get(owed)
    found = duties(home, direction, is_overdue=overdue)
    if as_json:
        out_json([duty.to_json() for duty in found])
        return
    columns = (say("notice"), say("owed by"), say("owed to"), say("state"), say("due"), say("record"))
    table(columns, [_line(duty, home.party) for duty in found], empty=_empty(overdue=overdue))
    if any(duty.row.direction == BY_US and duty.row.answered_at is None for duty in found):
        out(say("Answer with: entente duties answer NOTICE --outcome CODE. `entente words outcome` lists the codes."))


@app.command("acknowledge", help=say("Tell the sender that its notice was seen; the outcome follows later."))
def acknowledge_notice(about: About, node: NodeFolder = HERE, note: Note = "", who: Who = "") -> None:
    row = acknowledge(node_in(node), about, who or me(), note)
    out(say("{partner} will be told that its notice was seen. The outcome is still owed.", partner=row.partner))


@app.command("answer", help=say("Tell the sender what its notice led to; this settles it."))
def answer_notice(
    about: About,
    outcome: Annotated[str, typer.Option("--outcome", help=say("Code of the list `outcome`."))],
    node: NodeFolder = HERE,
    note: Note = "",
    who: Who = "",
) -> None:
    row = answer(node_in(node), about, outcome, note, who or me())
    out(say("{partner} will be told: {outcome}.", partner=row.partner, outcome=_label("outcome", row.outcome)))


@app.command("figures", help=say("How long answers take, per partner, agreement and kind, and out of how many."))
def show_figures(node: NodeFolder = HERE, since: Day = None, until: Until = None, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = answer_figures(home, since and since.replace(tzinfo=UTC), until and until.replace(tzinfo=UTC))
    if as_json:
        out_json([figure.to_json() for figure in found])
        return
    names = agreement_names(home)
    columns = (
        *(say("owed by"), say("owed to"), say("agreement"), say("kind")),
        *(say("asked"), say("answered"), say("in time"), say("open"), say("overdue")),
        *(say("median days"), say("nine in ten within, days")),
    )
    table(columns, [_figure_line(one, home.party, names) for one in found], empty=say("Nobody was asked."))
    if found:
        out(say("In time is out of those answered; days are from the message to its answer, of those answered."))


def _figure_line(one: AnswerFigure, us: str, names: Mapping[str, str]) -> tuple[str, ...]:
    parties = (us, one.partner) if one.is_owed_by_us else (one.partner, us)
    kind = _label("kind", one.kind) if one.kind else say("not held")
    marked = f"{kind} {say('SIMULATED')}" if one.is_simulated else kind
    share = "-" if one.share_in_time is None else f"{one.in_time:,} ({one.share_in_time:.0%})"
    days = ("-" if value is None else f"{value:.1f}" for value in (one.median_days, one.ninth_days))
    numbers = (f"{one.asked:,}", f"{one.answered:,}", share, f"{one.open:,}", f"{one.overdue:,}", *days)
    return (*parties, names.get(one.agreement, one.agreement[7:19]), marked, *numbers)


def _empty(*, overdue: bool) -> str:
    if overdue:
        return say("Nothing is overdue.")
    return say(
        "No answer is owed. A finding, sample or result asks for one, and so does whatever else an agreement sets days "
        "for."
    )


def _line(duty: Duty, us: str) -> tuple[str, ...]:
    row = duty.row
    owed_by, owed_to = (us, row.partner) if row.direction == BY_US else (row.partner, us)
    return (short_id(row), owed_by, owed_to, _state(row), _due(duty), row.record_id)


def short_id(row: DutyRow) -> str:
    """The beginning of the id of the notice, as people type it."""
    return row.about.partition(":")[2][:SHOWN]


def _state(row: DutyRow) -> str:
    told = [_label("outcome", row.outcome)] if row.outcome else [_label("duty-state", row.state)]
    if row.note:
        told.append(f"({row.note})")
    if row.is_simulated:
        told.append(say("SIMULATED"))
    return " ".join(told)


def _due(duty: Duty) -> str:
    """Days are those of the agreement's zone; nothing is due about what is settled, or was put aside."""
    if duty.days_left is None or duty.due_on is None:
        return "-"
    if duty.is_overdue:
        days = max(-duty.days_left, 1)
        late = counted(days, say("OVERDUE by 1 day"), say("OVERDUE by {days} days", days=days))
        return f"{duty.due_on} ({late})"
    if duty.row.state not in OPEN:
        return str(duty.due_on)
    if duty.days_left == 0:
        return f"{duty.due_on} ({say('today')})"
    left = counted(duty.days_left, say("in 1 day"), say("in {days} days", days=duty.days_left))
    return f"{duty.due_on} ({left})"


def _label(words: str, code: str) -> str:
    return catalogue().vocabulary.label(words, code, PHRASES.language)
