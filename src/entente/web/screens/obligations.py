"""Obligations: all that we owe and are owed about records, page by page; and what became of the end of retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.errors import EntenteError, InputFault
from entente.node import retention
from entente.node.agreeing import agreement_names
from entente.node.alarms import alarms
from entente.node.forgetting import forget, past_questions
from entente.node.obligations import ANSWER, KINDS, RECALL, REVIEW, Wanted, obligations, within
from entente.node.retention import OFF, ON
from entente.web.paging import asked, whole_number
from entente.web.routes import get, post

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from entente.node.obligations import Obligation
    from entente.node.retention import Preview
    from entente.web.visit import Visit

PAGE = 50
MOST_DAYS = 36_500


def list_obligations(visit: Visit) -> Response:
    kind, partner, after = asked(visit, "kind"), asked(visit, "partner"), asked(visit, "after")
    days = whole_number(asked(visit, "days"))
    is_overdue = asked(visit, "overdue") == "yes"
    before = None if days is None or is_overdue else within(visit.node, min(days, MOST_DAYS))
    wanted = Wanted(kind=kind if kind in KINDS else "", partner=partner, before=before, is_overdue=is_overdue)
    found = obligations(visit.node, wanted, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    return visit.page(
        "obligations.html",
        found=[(one, _address(visit, one)) for one in shown],
        alarms=alarms(visit.node),
        agreements=agreement_names(visit.node),
        partners=_partners(visit),
        kinds=KINDS,
        wanted=wanted,
        days="" if days is None else str(days),
        next_after=shown[-1].place if len(found) > PAGE else "",
        is_later=bool(after),
    )


def show_retention(visit: Visit) -> Response:
    return _retention(visit)


def run_retention(visit: Visit) -> Response:
    if visit.text("sure") != "yes":
        return _retention(visit, visit.say("Nothing was erased: say first that you are sure. It cannot be undone."))
    number = retention.run(visit.node, visit.who)
    forget(visit.node, visit.who)
    told = visit.say("Records erased: {number}.", number=f"{number:,}")
    return visit.go("/retention", told=told)


def switch_retention(visit: Visit) -> Response:
    to = ON if visit.text("to") == ON else OFF
    if to == ON and visit.text("sure") != "yes" and retention.preview(visit.node).number:
        return _retention(visit, visit.say("Nothing was changed: say first that you are sure. It cannot be undone."))
    retention.switch(visit.node, to, visit.who)
    return visit.go("/retention")


def hold_record(visit: Visit) -> Response:
    return _change(visit, retention.put_hold)


def end_hold(visit: Visit) -> Response:
    return _change(visit, retention.end_hold)


def _change(visit: Visit, act: Callable[..., object]) -> Response:
    try:
        act(visit.node, visit.text("record").strip(), who=visit.who, why=visit.text("why"))
    except InputFault as error:
        return _retention(visit, error.said(visit.book.translate))
    return visit.go("/retention")


def _retention(visit: Visit, message: str = "") -> Response:
    found: Preview | None = None
    try:
        found = retention.preview(visit.node)
    except EntenteError as error:  # a rule of the agency that is not understood
        message = message or error.said(visit.book.translate)
    return visit.page(
        "retention.html",
        status=422 if message else 200,
        message=message,
        found=found,
        questions=past_questions(visit.node),
        holds=retention.holds(visit.node) if visit.may("manage-retention") else (),
        agreements=agreement_names(visit.node),
        names_records=visit.may("read-received") and visit.may("read-own"),
        record=visit.text("record"),
        why=visit.text("why"),
        can_change=visit.may("manage-retention"),
    )


def _partners(visit: Visit) -> Sequence[str]:
    with visit.node.store.reading() as tx:
        return [row.party for row in tx.partners()]


def _address(visit: Visit, one: Obligation) -> str:
    """Where this person can do something about it; empty where nowhere."""
    if one.kind == ANSWER:
        return f"/notices/{one.about}" if visit.may("read-notices") else ""
    if one.kind == REVIEW:
        return f"/emergencies/{one.about}" if visit.may("read-own") else ""
    if one.kind == RECALL:
        return ""
    return f"/records/{one.record_id}" if visit.may("read-received") else ""


ROUTES = (
    get("/obligations", list_obligations, needs="read-obligations"),
    get("/retention", show_retention, needs="read-obligations"),
    post("/retention/run", run_retention, needs="manage-retention"),
    post("/retention/switch", switch_retention, needs="manage-retention"),
    post("/retention/hold", hold_record, needs="manage-retention"),
    post("/retention/release", end_hold, needs="manage-retention"),
)
