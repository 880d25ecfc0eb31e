"""`entente records`: every look is logged with who and why."""

from collections.abc import Sequence
from typing import Annotated

import typer

from entente.agreements import explain_json
from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.bad_rows import fault_of
from entente.node.listing import readable
from entente.node.looking import Look, look_at_list, look_at_one
from entente.node.searching import Asked
from entente.node.searching import search as search_records
from entente.node.summaries import summary
from entente.node.work import Node
from entente.signing import parse
from entente.store import DecisionRow, ExplanationRow, RecordRow

app = verb(say("List and show records, and why they may be seen."), has_parts=True)
MAX_SHOWN = 1000


@app.command("list", help=say("List current records in order of id."))
def list_records(
    node: NodeFolder = HERE,
    kind: Annotated[str, typer.Option(help=say("Only this kind."))] = "",
    after: Annotated[str, typer.Option(help=say("Start after this id (for the next page)."))] = "",
    limit: Annotated[int, typer.Option(min=1, max=MAX_SHOWN)] = 20,
    where: Annotated[
        list[str] | None, typer.Option(help=say("Only records with this value, as FIELD=VALUE or line=NUMBER."))
    ] = None,
    search: Annotated[
        str, typer.Option(help=say("Only records with these words, in English, French or Spanish; the newest first."))
    ] = "",
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    if search:
        asked = Asked(text=search, kinds=(kind,) if kind else ())
        found = search_records(home, Look(who or me(), why), asked, limit=limit)
        _print_list(home, [one.row for one in found.rows], say("No record has these words."), as_json=as_json)
        if found.next_after and not as_json:
            out(say("{shown} of {total}. Give more words to narrow the search.", shown=limit, total=found.total))
        return
    wanted = {name: value for name, _, value in (text.partition("=") for text in where or ())}
    rows = look_at_list(home, Look(who or me(), why), kind or None, after=after, limit=limit, where=wanted)
    _print_list(home, rows, say("No record yet. `entente import FILE` brings some."), as_json=as_json)
    if len(rows) == limit and not as_json:
        out(say("More: --after {last}", last=rows[-1].id))


def _print_list(home: Node, rows: Sequence[RecordRow], empty: str, *, as_json: bool) -> None:
    if as_json:
        out_json([parse(row.body) | {"handling": _handling(row)} for row in rows])
        return
    shown = [(row.id, row.kind, row.version, row.via or home.party, _first_values(home, row)) for row in rows]
    columns = (say("record"), say("kind"), say("version"), say("said by"), say("values"))
    table(columns, shown, empty=empty)


@app.command(help=say("One record: versions, provenance, who was sent what and why, and its ledger entries."))
def show(
    record: Annotated[str, typer.Argument(help=say("Id of the record."))],
    node: NodeFolder = HERE,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    dossier = look_at_one(home, Look(who or me(), why), record)
    if as_json:
        out_json(
            {
                "versions": [parse(row.body) for row in dossier.versions],
                "handling": [_handling(row) for row in dossier.versions if row.handling],
                "decisions": [_decision_json(row, found) for row, found in dossier.decisions],
                "ledger": [{"index": entry.index, "type": entry.type, "at": entry.at} for entry in dossier.entries],
            }
        )
        return
    _print_record(home, dossier.versions[-1])
    for row, found in dossier.decisions:
        _print_decision(home, row, found)
    entries = [(entry.index, entry.type, f"{entry.at:%Y-%m-%d %H:%M:%S}") for entry in dossier.entries]
    out()
    table((say("ledger entry"), say("type"), say("at")), entries, empty="")


@app.command(help=say("Rows that wait for correction, with reason and cure."))
def quarantine(
    node: NodeFolder = HERE, limit: Annotated[int, typer.Option(min=1)] = 100, as_json: AsJson = False
) -> None:
    home = node_in(node)
    with home.store.reading() as tx:
        rows = tx.quarantined(limit=limit)
    faults = [(row.intake, fault_of(row)) for row in rows]
    shown = [
        (intake, fault.line, fault.reason(PHRASES.translate), fault.cure(PHRASES.translate)) for intake, fault in faults
    ]
    columns = (say("import"), say("line"), say("what is wrong"), say("what to do"))
    if as_json:
        out_json([dict(zip(("import", "line", "reason", "cure"), row, strict=True)) for row in shown])
    else:
        table(columns, shown, empty=say("No row waits in quarantine."))


def _handling(row: RecordRow) -> dict[str, object] | None:
    """What a record of others is held under, and until when: it goes with the record wherever that is copied to."""
    if row.handling is None:
        return None
    held: dict[str, object] = parse(row.handling)
    return held | {"retain_until": row.retain_until.isoformat() if row.retain_until else None}


def _first_values(home: Node, row: RecordRow) -> str:
    """Of a record about a person only what its summary tells."""
    kind = home.catalogue.kinds.get(row.kind)
    if kind is not None and kind.is_about_person:
        record = readable(home, row)
        shown = summary(home.catalogue, row.kind, record.values, PHRASES.language) if record else ""
    else:
        values = parse(row.body)["values"]
        shown = ", ".join(f"{name}={value}" for name, value in list(values.items())[:4])
    return f"{say('SIMULATED')}: {shown}" if row.is_simulated else shown


def _print_record(home: Node, row: RecordRow) -> None:
    body = parse(row.body)
    simulated = " " + say("SIMULATED") if row.is_simulated else ""
    out(say("{kind} {id}, version {version}", kind=row.kind, id=row.id, version=row.version) + simulated)
    label = home.catalogue.vocabulary.label
    for name, value in body["values"].items():
        out(f"  {label('field', f'{row.kind}.{name}', PHRASES.language)}: {value}")
    origin = body["provenance"]
    out(say("Source: {source}, line {line}, reader {reader}", **{k: origin[k] for k in ("source", "line", "reader")}))
    if row.handling:
        out(say("Held under: {handling}", handling=row.handling.decode()))


def _print_decision(home: Node, row: DecisionRow, found: ExplanationRow | None) -> None:
    out()
    what = {
        "release": say("goes to"),
        "wait": say("waits for release to"),
        "withhold": say("does not go to"),
        "taken-back": say("was taken back before it went to"),
        "not-taken-in": say("was not taken in, and will be offered again, by"),
    }
    purpose = home.catalogue.vocabulary.label("purpose", row.purpose, PHRASES.language)
    out(f"{what[row.outcome]} {row.partner} ({purpose})")
    if found:
        for line in explain_json(parse(found.body), home.catalogue.vocabulary, PHRASES):
            out("  " + line)


def _decision_json(row: DecisionRow, found: ExplanationRow | None) -> dict[str, object]:
    because = parse(found.body) if found else None
    return {"partner": row.partner, "purpose": row.purpose, "outcome": row.outcome, "because": because}
