"""`entente agreements preview`: what a partner would see of this node's real records. Nothing leaves."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from entente.agreements import Preview, Sample, explain_json, read_agreement
from entente.agreements.guiding.preview_said import keeper_said
from entente.cli.agreement_texts import text_and_cases
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, counted, me, out, out_json, say, table
from entente.node.looking import Look
from entente.node.previewing import preview_for
from entente.node.summaries import told
from entente.records import values_from_json

app = typer.Typer()


class AnOccasion(StrEnum):
    """The codes of the list `occasion`."""

    standing = "standing"
    on_request = "on-request"
    on_hit = "on-hit"
    emergency = "emergency"


@app.command(help=say("What a partner would see of this node's real records, today or on another day, under a draft."))
def preview(
    partner: Annotated[str, typer.Argument(help=say("Code of the partner, for example ca.cbsa."))],
    purpose: Annotated[str, typer.Option(help=say("Purpose of the partner."))],
    draft: Annotated[str, typer.Option(help=say("File or model; by default the agreements in force."))] = "",
    on: Annotated[str, typer.Option(help=say("Day, as YYYY-MM-DD; by default now."))] = "",
    occasion: Annotated[
        AnOccasion, typer.Option(help=say("What makes it go: `entente words occasion` prints the codes."))
    ] = AnOccasion.standing,
    officers: Annotated[int, typer.Option(min=0, max=2, help=say("Officers taken to have approved."))] = 0,
    trained: Annotated[
        bool, typer.Option(help=say("Whether these officers are taken to have passed the exercises."))
    ] = True,
    node: NodeFolder = HERE,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    text = read_agreement(text_and_cases(draft)[0], catalogue()) if draft else None
    zone = ZoneInfo(text.zone) if text else ZoneInfo("UTC")
    found = preview_for(
        node_in(node),
        Look(who or me(), why),
        partner,
        purpose,
        draft=text,
        moment=datetime.combine(_day(on), time(12), zone) if on else None,
        officers=officers,
        occasion=occasion.value,
        are_trained=trained,
    )
    if as_json:
        out_json(found.to_json())
    else:
        _print(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("`{text}` is not a day; write YYYY-MM-DD.", text=text)) from None


def _print(found: Preview) -> None:
    counts = {"go": found.outcomes["release"], "wait": found.outcomes["wait"], "stay": found.outcomes["withhold"]}
    one = say("1 record would go, {wait} would wait for people, {stay} would stay.", **counts)
    out(
        counted(
            counts["go"], one, say("{go} records would go, {wait} would wait for people, {stay} would stay.", **counts)
        )
    )
    rows = [(*_field(name), number) for name, number in found.given.items()]
    table((say("kind"), say("field"), say("values given")), rows, empty=say("No value would leave."))
    out()
    kept = [
        (*_field(name), keeper_said(by, say), number)
        for name, reasons in found.withheld.items()
        for by, number in reasons.items()
    ]
    columns = (say("kind"), say("field"), say("withheld by"), say("values"))
    table(columns, kept, empty=say("No value would be withheld."))
    _print_samples(found)


def _field(selector: str) -> tuple[str, str]:
    """The labels of the kind and of the field."""
    kind, _, name = selector.partition(".")
    label = catalogue().vocabulary.label("field", selector, PHRASES.language)
    return catalogue().vocabulary.label("kind", kind, PHRASES.language), name if label == selector else label


def _print_samples(found: Preview) -> None:
    """Each with its values; why, once for all that share the explanation."""
    explained = set()
    for sample in found.samples:
        out()
        _print_sample(sample)
        if sample.explanation not in explained:
            explained.add(sample.explanation)
            body = found.explanations[sample.explanation]
            for sentence in explain_json(body, catalogue().vocabulary, PHRASES):
                out(f"  {sentence}")


def _print_sample(sample: Sample) -> None:
    label, kind = catalogue().vocabulary.label, catalogue().kind(sample.kind)
    outcome = label("decision-outcome", sample.outcome, PHRASES.language)
    out(f"{label('kind', sample.kind, PHRASES.language)} {sample.record} ({outcome})")
    values = values_from_json(kind, sample.values)
    for field in kind.fields:
        if field.name in values:
            value = told(catalogue(), field, values[field.name], PHRASES.language)
            out("  " + say("{name}: {value}", name=_field(f"{kind.name}.{field.name}")[1], value=value))
