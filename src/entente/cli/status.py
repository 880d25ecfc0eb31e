"""`entente status`: one screen about this node, in the reader's words; `--json` keeps the codes."""

from collections.abc import Iterator, Mapping

from entente.cli.house import node_in
from entente.cli.surroundings import print_surroundings
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, counted, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.owing import BY_US
from entente.node.questioning import BY_US as ASKED_BY_US
from entente.node.questioning import OF_US
from entente.node.status import Status
from entente.node.status import status as status_of
from entente.node.surroundings import surroundings
from entente.node.work import Node

app = verb(say("What the node holds, what waits, what is overdue."))


@app.command()
def status(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found = status_of(home)
    around = surroundings(home)
    if as_json:
        out_json({**found.to_json(), "surroundings": around.to_json()})
        return
    out(
        counted(
            found.ledger_size,
            say("{party} ({domain}); ledger of 1 entry.", party=found.party, domain=found.domain),
            say(
                "{party} ({domain}); ledger of {size} entries.",
                party=found.party,
                domain=found.domain,
                size=found.ledger_size,
            ),
        )
    )
    _print_records(home, found)
    _print_streams(home, found)
    _print_agreements(found)
    _print_duties(found)
    _attention(found)
    print_surroundings(around)
    for doubt in found.doubts:
        out(say("ALARM: {text}", text=f"{doubt.said(PHRASES.translate)} {doubt.cure(PHRASES.translate)}"))


def _print_records(home: Node, found: Status) -> None:
    rows = [
        (_label(home, "kind", kind), party, f"{number:,}") for (kind, party), number in sorted(found.records.items())
    ]
    out()
    columns = (say("kind"), say("said by"), say("records"))
    table(columns, rows, empty=say("No record yet. `entente import FILE` brings some."))


def _print_streams(home: Node, found: Status) -> None:
    rows = [("→", *row) for row in _streams(home, found.sent)]
    rows += [("←", *row) for row in _streams(home, found.received)]
    out()
    columns = ("", say("partner"), say("message"), say("state"), say("number"))
    table(columns, rows, empty=say("Nothing sent or received yet."))


def _streams(home: Node, counts: Mapping[tuple[str, str, str], int]) -> list[tuple[str, str, str, str]]:
    return [
        (partner, _label(home, "message-type", type_), _label(home, "message-state", state), f"{number:,}")
        for (partner, type_, state), number in sorted(counts.items())
    ]


def _print_agreements(found: Status) -> None:
    states = {
        "in force": say("in force"),
        "not in force": say("not in force"),
        "changed after signing": say("changed after signing"),
    }
    rows = [(name, states[state]) for name, state in found.agreements.items()]
    out()
    columns = (say("agreement"), say("state"))
    table(columns, rows, empty=say("No agreement yet. `entente agreements add` adds one."))


def _print_duties(found: Status) -> None:
    """Only where something is owed: most nodes have no notices."""
    if not found.duties:
        return
    rows = []
    for (direction, partner), (number, overdue) in sorted(found.duties.items()):
        parties = (found.party, partner) if direction == BY_US else (partner, found.party)
        rows.append((*parties, f"{number:,}", f"{overdue:,}"))
    out()
    table((say("owes answers"), say("to"), say("open"), say("overdue")), rows, empty="")


def _attention(found: Status) -> None:
    ours = sum(number for (direction, _), (number, _) in found.duties.items() if direction == BY_US)
    late = sum(overdue for _, overdue in found.duties.values())
    waiting, aside, unsettled = found.waiting_for_people, found.set_aside, found.unsettled
    quarantined = sum(found.quarantined.values())
    said = (
        (waiting, _waiting(waiting)),
        (aside, _aside(aside)),
        (quarantined, _quarantined(quarantined)),
        (unsettled, _unsettled(unsettled)),
        (found.emergencies[0], _emergencies(*found.emergencies)),
        (ours, _owed(ours)),
        *_questions(found),
        (late, _overdue(late)),
        (found.alarms.due_soon, _due_soon(found.alarms.due_soon)),
        (found.alarms.records, _past(found.alarms.records, erases=found.erases_by_itself)),
    )
    lines = [line for number, line in said if number]
    out()
    for line in lines or [say("Nothing waits.")]:
        out(line)


def _waiting(number: int) -> str:
    return counted(
        number,
        say("1 disclosure waits for people: `entente release list`."),
        say("{number} disclosures wait for people: `entente release list`.", number=number),
    )


def _aside(number: int) -> str:
    return counted(
        number,
        say("1 correction or large record needs a person: `entente release list`."),
        say("{number} corrections or large records need a person: `entente release list`.", number=number),
    )


def _emergencies(number: int, overdue: int) -> str:
    values = {"number": number, "overdue": overdue}
    if overdue:
        return say("Emergency releases to review: {number}, {overdue} OVERDUE: `entente emergency list`.", **values)
    return say("Emergency releases to review: {number}: `entente emergency list`.", **values)


def _quarantined(number: int) -> str:
    return counted(
        number,
        say("1 row waits in quarantine: `entente records quarantine`."),
        say("{number} rows wait in quarantine: `entente records quarantine`.", number=number),
    )


def _unsettled(number: int) -> str:
    return counted(
        number,
        say("1 message waits for the partner's answer: `entente exchange status`."),
        say("{number} messages wait for the partner's answer: `entente exchange status`.", number=number),
    )


def _owed(number: int) -> str:
    return counted(
        number,
        say("1 notice from a partner wants an answer: `entente duties list`."),
        say("{number} notices from partners want an answer: `entente duties list`.", number=number),
    )


def _questions(found: Status) -> Iterator[tuple[int, str]]:
    for direction in (OF_US, ASKED_BY_US):
        counts = [numbers for (way, _, _), numbers in found.questions.items() if way == direction]
        number, overdue = sum(number for number, _ in counts), sum(late for _, late in counts)
        said = _of_partners(number) if direction == OF_US else _to_partners(number)
        late = " " + say("{overdue} OVERDUE.", overdue=overdue) if overdue else ""
        yield number, said + late
    number = len(found.probing)
    yield (
        number,
        counted(
            number,
            say("1 sign that a partner tries out values: `entente ask list`."),
            say("{number} signs that partners try out values: `entente ask list`.", number=number),
        ),
    )


def _of_partners(number: int) -> str:
    return counted(
        number,
        say("1 question of a partner is open: `entente ask list`."),
        say("{number} questions of partners are open: `entente ask list`.", number=number),
    )


def _to_partners(number: int) -> str:
    return counted(
        number,
        say("1 question to a partner is open: `entente ask list`."),
        say("{number} questions to partners are open: `entente ask list`.", number=number),
    )


def _due_soon(number: int) -> str:
    return counted(
        number,
        say("1 answer is due within days: `entente obligations list --due-within 3`."),
        say("{number} answers are due within days: `entente obligations list --due-within 3`.", number=number),
    )


def _past(number: int, *, erases: bool) -> str:
    if erases:
        return counted(
            number,
            say("1 record is past its last day; the served node erases it by itself."),
            say("{number} records are past their last day; the served node erases them by itself.", number=number),
        )
    return counted(
        number,
        say("1 record is past its last day: `entente retention preview`, then `entente retention on`."),
        say(
            "{number} records are past their last day: `entente retention preview`, then `entente retention on`.",
            number=number,
        ),
    )


def _overdue(number: int) -> str:
    return counted(
        number,
        say("1 answer is OVERDUE: `entente duties list --overdue`."),
        say("{number} answers are OVERDUE: `entente duties list --overdue`.", number=number),
    )


def _label(home: Node, words: str, code: str) -> str:
    """The label, or the code itself: a message nobody could read has a type that is no word."""
    known = home.catalogue.vocabulary.list(words).terms
    return known[code].label(PHRASES.language) if code in known else code
