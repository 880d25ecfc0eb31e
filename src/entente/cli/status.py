"""`entente status`: one screen about this node."""

from entente.cli.house import node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.status import status as status_of

app = verb(say("What the node holds, what waits, what is overdue."))


@app.command()
def status(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = status_of(home)
    if as_json:
        out_json(found.to_json())
        return
    out(
        say(
            "{party} ({domain}); ledger of {size} entries.",
            party=found.party,
            domain=found.domain,
            size=found.ledger_size,
        )
    )
    rows = [(kind, party, f"{number:,}") for (kind, party), number in sorted(found.records.items())]
    out()
    table(
        (say("kind"), say("said by"), say("records")),
        rows,
        empty=say("No record yet. `entente import FILE` brings some."),
    )
    out()
    streams = [("→", *key, number) for key, number in sorted(found.sent.items())]
    streams += [("←", *key, number) for key, number in sorted(found.received.items())]
    columns = ("", say("partner"), say("message"), say("state"), say("number"))
    table(columns, streams, empty=say("Nothing sent or received yet."))
    out()
    states = {
        "in force": say("in force"),
        "not in force": say("not in force"),
        "changed after signing": say("changed after signing"),
    }
    agreements = [(name, states[state]) for name, state in found.agreements.items()]
    table(
        (say("agreement"), say("state")), agreements, empty=say("No agreement yet. `entente agreements add` adds one.")
    )
    _attention(found.waiting_for_people, found.set_aside, sum(found.quarantined.values()), found.unsettled)


def _attention(waiting: int, aside: int, quarantined: int, unsettled: int) -> None:
    out()
    if waiting:
        out(say("{number} disclosures wait for people: `entente release list`.", number=waiting))
    if aside:
        out(say("{number} corrections or large records need a person: `entente release list`.", number=aside))
    if quarantined:
        out(say("{number} rows wait in quarantine: `entente records quarantine`.", number=quarantined))
    if unsettled:
        out(say("{number} messages wait for the partner's answer: `entente exchange status`.", number=unsettled))
    if not (waiting or aside or quarantined or unsettled):
        out(say("Nothing waits."))
