"""`entente exchange`: what waits, what failed, what both sides hold."""

from typing import Annotated

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.courier import Courier, make_due
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.status import status as status_of
from entente.node.status import waiting_reasons
from entente.node.sweeping import sweep

app = verb(say("Look at the exchange with partners; send, retry, reconcile."), has_parts=True)


@app.command(help=say("Messages by partner, type and state, and why some wait."))
def status(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = status_of(home)
    if as_json:
        body = found.to_json()
        out_json({"sent": body["sent"], "received": body["received"]})
        return
    columns = (say("partner"), say("message"), say("state"), say("number"))
    out(say("Sent:"))
    table(columns, [(*key, number) for key, number in sorted(found.sent.items())], empty=say("Nothing sent yet."))
    out(say("Received:"))
    rows = [(*key, number) for key, number in sorted(found.received.items())]
    table(columns, rows, empty=say("Nothing received yet."))
    for (party, reason), number in waiting_reasons(home).items():
        out(say("{number} messages to {party} wait: {reason}", number=number, party=party, reason=reason))


@app.command(help=say("Deliver now what is due, without a running server."))
def send(node: NodeFolder = HERE) -> None:
    home = node_in(node)
    sweep(home)
    _deliver(Courier(home))


@app.command(help=say("Make everything due that was put off, and deliver it now."))
def retry(node: NodeFolder = HERE) -> None:
    home = node_in(node)
    make_due(home)
    _deliver(Courier(home))


@app.command(
    help=say("Compare with partners, message by message, what was sent and what is held; heal what is missing.")
)
def reconcile(
    node: NodeFolder = HERE,
    may_heal: Annotated[bool, typer.Option("--heal/--look", help=say("Send again what the partner misses."))] = True,
    as_json: AsJson = False,
) -> None:
    results = reconcile_all(node_in(node), may_heal=may_heal)
    if as_json:
        out_json([result.to_json() for result in results])
    else:
        for result in results:
            _print(result)
    if any(result.differences for result in results):
        raise typer.Exit(1)


def _deliver(courier: Courier) -> None:
    for done in courier.deliver_all():
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
    for difference in result.differences:
        out("  " + say("message {seq}: {kind}", seq=difference.seq, kind=difference.kind))
