"""`entente exchange`: what waits, what failed, what both sides hold."""

from collections.abc import Mapping
from typing import Annotated

import typer

from entente.cli import exchange_gaps
from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.courier import Courier, make_due
from entente.node.partner_logs import conflicts
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.status import Status, not_taken_in, waiting_reasons
from entente.node.status import status as status_of
from entente.node.sweeping import sweep
from entente.node.work import Node

app = verb(say("Look at the exchange with partners; send, retry, reconcile."), has_parts=True)
app.registered_commands += exchange_gaps.app.registered_commands


@app.command(help=say("Messages by partner, type and state, and why some wait."))
def status(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = status_of(home)
    contradicted = conflicts(home)
    if as_json:
        body = found.to_json()
        out_json({"sent": body["sent"], "received": body["received"], "log_conflicts": dict(contradicted)})
    else:
        _print_status(home, found, contradicted)
    if contradicted:
        raise typer.Exit(1)


def _print_status(home: Node, found: Status, contradicted: Mapping[str, int]) -> None:
    columns = (say("partner"), say("message"), say("state"), say("number"))
    out(say("Sent:"))
    table(columns, [(*key, number) for key, number in sorted(found.sent.items())], empty=say("Nothing sent yet."))
    out(say("Received:"))
    rows = [(*key, number) for key, number in sorted(found.received.items())]
    table(columns, rows, empty=say("Nothing received yet."))
    for (party, reason), number in waiting_reasons(home).items():
        out(say("{number} messages to {party} wait: {reason}", number=number, party=party, reason=reason))
    known = home.catalogue.vocabulary.list("message-reason").terms
    for (sender, recipient, reason), number in not_taken_in(home).items():
        why = known[reason].label(PHRASES.language) if reason in known else reason
        values = {"sender": sender, "recipient": recipient, "number": number, "reason": why}
        out(say("{sender} to {recipient}, not taken in: {number} ({reason})", **values))
    for party, number in contradicted.items():
        out(
            say(
                "ALARM: the ledger of {party} contradicts itself; {number} of its signed checkpoints are kept as"
                " evidence. Do not rely on it, and call your security officer.",
                party=party,
                number=number,
            )
        )


@app.command(help=say("Deliver now what is due, without a running server."))
def send(node: NodeFolder = HERE) -> None:
    home = node_in(node)
    sweep(home)
    _deliver(Courier(home))


@app.command(help=say("Make everything due that was put off, and deliver it now."))
def retry(node: NodeFolder = HERE) -> None:
    home = node_in(node)
    sweep(home, may_wait=False)
    make_due(home)
    _deliver(Courier(home))


@app.command(
    help=say("Compare with partners, message by message, what was sent and what is held; heal what is missing.")
)
def reconcile(
    node: NodeFolder = HERE,
    may_heal: Annotated[bool, typer.Option("--heal/--look", help=say("Send again what never arrived there."))] = True,
    may_resend_confirmed: Annotated[
        bool,
        typer.Option(
            "--resend-confirmed",
            help=say(
                "Send again also what the partner confirmed with its signature and now says it does not hold. Only"
                " after its operator has told you that its node was restored from a backup."
            ),
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    results = reconcile_all(node_in(node), may_heal=may_heal, may_resend_confirmed=may_resend_confirmed)
    if as_json:
        out_json([result.to_json() for result in results])
    else:
        for result in results:
            _print(result)
    if any(result.differences for result in results):
        raise typer.Exit(1)


def _deliver(courier: Courier) -> None:
    has_more = True
    while has_more:
        has_more = False
        for done in courier.deliver_all():
            has_more |= done.has_more
            out(say("{party}: {number} messages settled.", party=done.party, number=done.settled))
            if done.fault is not None:
                out("  " + done.fault.said(PHRASES.translate))
    courier.close()


def _print(result: Comparison) -> None:
    out(
        say(
            "{party}: {sent} sent and {received} received compared, {differences} differences.",
            party=result.party,
            sent=result.sent,
            received=result.received,
            differences=len(result.differences),
        )
    )
    if result.taken_over:
        out(
            say(
                "{party} holds {number} messages that this node had forgotten; new ones follow on their numbers.",
                party=result.party,
                number=result.taken_over,
            )
        )
    for difference in result.differences:
        out("  " + say("message {seq}: {kind}", seq=difference.seq, kind=difference.kind))
    if result.denied and not result.sent_again:
        out(
            say(
                "{party} confirmed {number} messages that it now says it does not hold. Ask its operator; if its node"
                " was restored from a backup, `--resend-confirmed` sends them again.",
                party=result.party,
                number=result.denied,
            )
        )
    for seq in result.erased:
        out(
            say(
                "Message {seq} cannot be sent again, nor what follows it: its record was erased here. Agree with the"
                " operator of {party} how its node gets back its own data.",
                seq=seq,
                party=result.party,
            )
        )
