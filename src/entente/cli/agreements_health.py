"""`entente agreements conflicts` and `health`: texts read side by side, and one text against what reviews found
missing."""

from pathlib import Path
from typing import Annotated

import typer

from entente.agreements import Agreement, Conflict, Health, Point, State
from entente.agreements import conflicts as conflicts_between
from entente.agreements import health as health_of
from entente.cli.agreement_texts import Text, agreement_and_cases
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, AsJson, NodeFolder, out, out_json, say
from entente.node.agreement_care import texts_side_by_side

app = typer.Typer()


@app.command(help=say("What texts say against each other, and by which roads something could reach others."))
def conflicts(
    texts: Annotated[
        list[str] | None,
        typer.Argument(help=say("Files, models, or texts of this node; by default all of this node.")),
    ] = None,
    node: NodeFolder = HERE,
    as_json: AsJson = False,
) -> None:
    chosen = _chosen(texts or [], node)
    found = conflicts_between(chosen, catalogue())
    if as_json:
        out_json({"texts": [_named(text) for text in chosen], "conflicts": [_conflict_json(one) for one in found]})
    else:
        _print_conflicts(chosen, found)
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)


@app.command(help=say("Whether a text says what reviews of real agreements found missing, point by point."))
def health(text: Text, node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    agreement, _ = agreement_and_cases(text, node)
    found = health_of(agreement, catalogue())
    if as_json:
        points = [_point_json(point) for point in found.points]
        out_json({**_named(agreement), "met": found.met, "applicable": found.applicable, "points": points})
        return
    _print_health(found)


def _chosen(texts: list[str], folder: Path) -> list[Agreement]:
    if not texts:
        return list(texts_side_by_side(node_in(folder)))
    return [agreement_and_cases(text, folder)[0] for text in texts]


def _named(text: Agreement) -> dict[str, object]:
    return {"name": text.name, "version": text.version, "digest": text.digest}


def _conflict_json(one: Conflict) -> dict[str, object]:
    return {**one.to_json(), "sentence": one.sentence(say), "remedy": one.remedy(say)}


def _point_json(point: Point) -> dict[str, object]:
    said = {"title": point.title(say), "why": point.why(say), "remedy": point.remedy(say)}
    return {**point.to_json(), **said}


def _print_conflicts(chosen: list[Agreement], found: tuple[Conflict, ...]) -> None:
    out(say("Read side by side: {texts}.", texts=", ".join(f"{text.name} v{text.version}" for text in chosen) or "-"))
    if not found:
        out(say("They say nothing against each other."))
    for one in found:
        out(f"{one.severity}: {one.sentence(say)} {one.remedy(say)}")
        if one.example is not None:
            told = one.example.to_json()
            values = {"kind": told["kind"], "day": one.example.moment.date(), "values": told["values"]}
            out("  " + say("For example a record of the kind `{kind}`, on {day}: {values}", **values))


def _print_health(found: Health) -> None:
    out(say("{met} of {number} points", met=found.met, number=found.applicable))
    for point in found.points:
        if point.state == "not-met":
            out()
            _print_lack(point)
    out()
    states: tuple[State, ...] = ("met", "not-applicable")
    for state in states:
        for point in found.points:
            if point.state == state:
                out(say("{name}: {value}", name=_state_said(state), value=point.title(say)))


def _print_lack(point: Point) -> None:
    where = f" ({', '.join(point.where)})" if point.where else ""
    out(say("{name}: {value}", name=_state_said(point.state), value=point.title(say) + where))
    out("  " + point.why(say))
    out("  " + source_said(point))
    out("  " + point.remedy(say))


def source_said(point: Point) -> str:
    """Who said so, and whether anybody has read it."""
    if point.source.is_verified:
        return say("Source: {citation}.", citation=point.source.citation)
    return say("Source, not checked by this project: {citation}.", citation=point.source.citation)


def _state_said(state: State) -> str:
    words = {"met": say("met"), "not-met": say("not met"), "not-applicable": say("does not apply")}
    return words[state]
