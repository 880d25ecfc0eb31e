"""Findings: what stands out, with its evidence and what it was counted from; a person accepts it or dismisses it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from entente.analysis import (
    ACCEPTED,
    DISMISSED,
    OPEN,
    Answer,
    Column,
    parse_parameters,
    sentence,
    settings_in,
    shown_value,
)
from entente.errors import InputFault
from entente.node.asking import Scope
from entente.node.choosing import question_called
from entente.node.duties import Duty, duties
from entente.node.evidence import Evidence, Point, evidence_of
from entente.node.findings import PURPOSE, Held, asked_with, finding, findings, look_for
from entente.node.limits import held_under
from entente.node.reviewing import Telling, review
from entente.records import Field
from entente.web.chart import ChartPoint, bar_chart, line_chart
from entente.web.paging import whole_number
from entente.web.rendering import month, number
from entente.web.routes import get, post
from entente.web.visit import Visit

REVIEWS = (OPEN, ACCEPTED, DISMISSED, "withdrawn")
KEPT_ON = ("until", "records", "whose")
WHOLE = 12
TELLING = ("subject", "place", "observed", "of", "expected", "value", "q")


def list_findings(visit: Visit) -> Response:
    return _list(visit)


def look(visit: Visit) -> Response:
    """Asks a question that finds, for the purpose of the session; what it finds waits for review."""
    try:
        question = question_called(visit.house.questions, visit.text("question"))
        until = visit.text("until")
        arguments = parse_parameters(question, [f"until={until}"] if until else [], visit.node.catalogue.vocabulary)
        scope = Scope(is_own=visit.text("whose") == "own", is_simulated=_simulated(visit.text("records")))
        found = look_for(visit.node, visit.look, question, arguments, visit.look.purpose, scope=scope)
    except InputFault as error:
        return _list(visit, message=error.said(visit.book.translate))
    if not found.findings:
        return _list(visit, closest=(question.name, found.answer))
    if found.number_new:
        told = visit.say("To review, new or with new figures: {number}.", number=found.number_new)
    else:
        told = visit.say("Everything that stands out was found before, with the same figures.")
    return visit.go("/findings?review=open", told=told)


def show_finding(visit: Visit) -> Response:
    return _show(visit, finding(visit.node, visit.look, visit.path["finding_id"], own=visit.own))


def accept(visit: Visit) -> Response:
    return _reviewed(visit, ACCEPTED)


def dismiss(visit: Visit) -> Response:
    return _reviewed(visit, DISMISSED)


def look_again(visit: Visit) -> Response:
    """The same question, settings and days, over what the records say now."""
    held = finding(visit.node, visit.look, visit.path["finding_id"], own=visit.own)
    question = question_called(visit.house.questions, str(held.values["question"]))
    texts, purpose, scope = asked_with(held.values)
    arguments = parse_parameters(question, texts, visit.node.catalogue.vocabulary)
    scope = replace(scope, is_simulated=held.row.is_simulated)
    found = look_for(visit.node, visit.look, question, arguments, purpose, scope=scope)
    told = (
        visit.say("Looked again: the figures changed, and the finding is open for review.")
        if found.number_new
        else visit.say("Looked again: nothing has changed.")
    )
    return visit.go(f"/findings/{held.row.id}", told=told)


def series_file(visit: Visit) -> Response:
    """What the chart shows, as a file."""
    held = finding(visit.node, visit.look, visit.path["finding_id"], own=visit.own)
    evidence = _evidence(visit, held)
    titles = ("period_start", "period_end", "observed", "of", "share")
    return visit.csv(f"finding-{held.row.id[:12]}.csv", [titles, *map(_point_cells, evidence.points)])


def _list(
    visit: Visit,
    message: str = "",
    closest: tuple[str, Answer] | None = None,
) -> Response:
    wanted = visit.query.get("review", "")
    held = findings(visit.node, visit.look, own=visit.own, review=wanted if wanted in REVIEWS else None)
    return visit.page(
        "findings.html",
        status=422 if message else 200,
        message=message,
        closest=closest and (closest[0], _telling(closest[1]), _closest(visit, closest[1])),
        held=[(one, _sentence(visit, one), _told(visit, one), _asked_for(one)) for one in held],
        review=wanted,
        reviews=REVIEWS,
        questions=[
            (one.name, visit.node.catalogue.vocabulary.label("question", one.name, visit.language))
            for one in visit.house.questions
            if one.finds
        ],
        typed={name: visit.text(name) for name in ("question", *KEPT_ON)},
    )


def _show(visit: Visit, held: Held, message: str = "") -> Response:
    evidence = _evidence(visit, held)
    limits = held_under(held.row)
    return visit.page(
        "finding.html",
        status=422 if message else 200,
        message=message,
        held=held,
        sentence=_sentence(visit, held),
        facts=list(_facts(visit, held)),
        method=_method(visit, held),
        evidence=evidence,
        chart=_chart(visit, held, evidence.points),
        is_share=_is_share(evidence.points),
        caveats=limits.caveats,
        purposes=limits.purposes,
        told=_told(visit, held),
        note=visit.text("note"),
        can_look_again=held.row.via is None and visit.may("review-findings"),
        can_review=held.row.via is None and held.values.get("review") == OPEN and visit.may("review-findings"),
    )


def _reviewed(visit: Visit, verdict: str) -> Response:
    """At the version that was shown; who accepts is the account's name."""
    name = visit.path["finding_id"]
    held = finding(visit.node, visit.look, name, own=visit.own)
    try:
        row, tellings = review(
            visit.node,
            held.row.id,
            verdict,
            visit.who,
            visit.text("note"),
            version=whole_number(visit.text("version")) or 0,
        )
    except InputFault as error:
        return _show(visit, finding(visit.node, visit.look, name, own=visit.own), error.said(visit.book.translate))
    return visit.go(f"/findings/{row.id}", told=" ".join(_tellings(visit, verdict, tellings)))


def _tellings(visit: Visit, verdict: str, tellings: Sequence[Telling]) -> Iterator[str]:
    yield visit.say("Accepted.") if verdict == ACCEPTED else visit.say("Dismissed.")
    if not tellings:
        yield (
            visit.say("No provision in force takes it to a partner.")
            if verdict == ACCEPTED
            else visit.say("Nobody had been told, and nobody is told now.")
        )
    label = visit.node.catalogue.vocabulary.label
    for one in tellings:
        partner = label("party", one.partner, visit.language)
        if one.what == "told":
            yield visit.say("{partner} is told, and owes an answer.", partner=partner)
        elif one.what == "corrected":
            yield visit.say("{partner}, who was told before, is sent the correction.", partner=partner)
        elif one.what == "waits":
            yield visit.say("To {partner} it waits for a releasing officer.", partner=partner)
        else:
            yield visit.say(
                "{partner} was told before, and this may not go to it: it stands on the release desk.", partner=partner
            )


def _simulated(text: str) -> bool | None:
    return {"simulated": True, "real": False}.get(text)


def _evidence(visit: Visit, held: Held) -> Evidence:
    name = held.values.get("question")
    series = [one for question in visit.house.questions if question.name == name for one in question.series]
    return evidence_of(visit.node, visit.look, held, series, own=visit.own)


def _sentence(visit: Visit, held: Held) -> str:
    """A received finding may lack fields that were withheld; then only what came is said."""
    if {"measure", "denominator"} <= held.values.keys():
        return sentence(held.values, visit.node.catalogue.vocabulary, visit.language)
    return visit.say("Only a part of this finding was given: {subject}", subject=held.values.get("subject", "?"))


def _asked_for(held: Held) -> str:
    """The purpose for which the question was asked; empty where it was not given."""
    return settings_in(str(held.values.get("settings", ""))).get(PURPOSE, "")


def _told(visit: Visit, held: Held) -> Sequence[Duty]:
    return duties(visit.node, record_id=held.row.id)


def _closest(visit: Visit, answer: Answer) -> Sequence[Sequence[str]]:
    """The first rows of an answer in which nothing stood out, as they are shown."""
    return [
        [_cell(visit, column, row[column.name]) for column in _telling(answer)]
        for row in answer.rows.slice(0, WHOLE).to_pylist()
    ]


def _telling(answer: Answer) -> Sequence[Column]:
    """Those of an answer that say how close a subject came; the command `entente question run` has all."""
    return [column for column in answer.columns if column.name in TELLING]


def _cell(visit: Visit, column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.vocabulary and isinstance(value, str):
        return visit.node.catalogue.vocabulary.label(column.vocabulary, value, visit.language)
    if column.type in ("integer", "decimal"):
        return number(round(value, 3), visit.language)
    if column.type == "boolean":
        return visit.say("yes") if value else visit.say("no")
    return str(value)


def _facts(visit: Visit, held: Held) -> Iterator[tuple[str, Any, Field]]:
    """(label, value, field) of what the finding says, in the order of its kind; codes by their labels."""
    kind = visit.node.catalogue.kind(held.row.kind)
    label = visit.node.catalogue.vocabulary.label
    for field in kind.fields:
        if field.name in held.values and field.name not in ("alarm", "review"):
            name = label("field", f"{held.row.kind}.{field.name}", visit.language)
            yield name, _coded(visit, field, held.values[field.name]), field


def _coded(visit: Visit, field: Field, value: Any) -> Any:
    words = "finding-place" if field.name == "place" else field.vocabulary
    if words is None:
        return shown_value(field, value, visit.language) if field.type == "decimal" else value
    codes = value if isinstance(value, tuple) else (value,)
    return ", ".join(visit.node.catalogue.vocabulary.label(words, str(code), visit.language) for code in codes)


def _method(visit: Visit, held: Held) -> str:
    """The method note of the question; empty for a question that this node does not know."""
    term = visit.node.catalogue.vocabulary.list("question").terms.get(str(held.values.get("question")))
    return str(term.attributes["method"][visit.language]).replace("`", "") if term else ""


def _is_share(points: Sequence[Point]) -> bool:
    return bool(points) and all(point.share is not None for point in points)


def _chart(visit: Visit, held: Held, points: Sequence[Point]) -> Markup:
    """Shares where every period tells out of how many, else counts: never one beside the other. The period of the
    finding is marked."""
    is_share, first = _is_share(points), held.values.get("period_start")
    drawn = [
        ChartPoint(
            period=month(point.start, visit.language),
            value=100 * (point.share or 0.0) if is_share else point.observed,
            is_alarm=isinstance(first, date) and point.start >= first and held.values.get("alarm") is True,
        )
        for point in points
    ]
    draw = line_chart if is_share else bar_chart
    return draw(
        drawn,
        title=visit.say("Share of what was looked at, in percent") if is_share else visit.say("Number found"),
        about=visit.say("By period; the marked ones are those of the finding. The table below says the same."),
        number=lambda value: number(round(value, 3), visit.language),
    )


def _point_cells(point: Point) -> tuple[object, ...]:
    share = "" if point.share is None else f"{point.share:.6f}"
    return (point.start, point.end or "", point.observed, "" if point.of is None else point.of, share)


ROUTES = (
    get("/findings", list_findings, needs="read-findings", reads=True),
    post("/findings/look", look, needs="review-findings", reads=True),
    get("/findings/{finding_id}", show_finding, needs="read-findings", reads=True),
    get("/findings/{finding_id}/series.csv", series_file, needs="export", reads=True),
    post("/findings/{finding_id}/accept", accept, needs="review-findings", reads=True),
    post("/findings/{finding_id}/dismiss", dismiss, needs="review-findings", reads=True),
    post("/findings/{finding_id}/again", look_again, needs="review-findings", reads=True),
)
