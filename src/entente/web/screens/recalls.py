"""Recalls: what was called back, by us and from us, who has done it by when, and what may not come back."""

from datetime import date

from starlette.responses import Response

from entente.errors import InputFault
from entente.node.desk import NoOfficerOfYours
from entente.node.looking import look_at_one
from entente.node.recall_taking import FINAL, GIVEN, TAKEN
from entente.node.recalling import CallBack, barred, give_as, holders, proposals, recalls
from entente.node.redisclosing import requests
from entente.web.routes import get, post
from entente.web.visit import Visit


def list_recalls(visit: Visit) -> Response:
    """What stands here are states and reasons, never what a record says."""
    return visit.page(
        "recalls.html",
        given=recalls(visit.node, GIVEN),
        taken=recalls(visit.node, TAKEN),
        proposals=proposals(visit.node),
        barred=barred(visit.node),
        requests=requests(visit.node),
        final=FINAL,
        names_received=visit.may("read-received"),
    )


def show_form(visit: Visit) -> Response:
    return _form(visit, "")


def call_back(visit: Visit) -> Response:
    """Nothing is sent before somebody has said that it is meant."""
    if visit.person is None:
        raise NoOfficerOfYours
    if not visit.text("reason"):
        return _form(visit, visit.say("Choose why it is called back."))
    if visit.text("sure") != "yes":
        return _form(visit, visit.say("Say that you mean it: what is erased at a partner does not come back."))
    wish = CallBack(
        reason=visit.text("reason"),
        who="",
        partner=visit.text("partner"),
        note=visit.text("note"),
        wanted="mark" if visit.text("wanted") == "mark" else "erase",
        until=_day(visit.text("until")),
    )
    record_id = visit.path["record_id"]
    look_at_one(visit.node, visit.look, record_id, own=visit.own)
    try:
        give_as(visit.node, visit.person, record_id, wish)
    except InputFault as error:
        return _form(visit, error.said(visit.book.translate))
    return visit.go("/recalls", told=visit.say("The partners are told; what each has done will stand here."))


def _form(visit: Visit, message: str) -> Response:
    dossier = look_at_one(visit.node, visit.look, visit.path["record_id"], own=visit.own)
    row = dossier.versions[-1]
    label, words = visit.node.catalogue.vocabulary.label, visit.node.catalogue.vocabulary.list("recall-reason")
    return visit.page(
        "recall_form.html",
        status=422 if message else 200,
        message=message,
        row=row,
        holders=[(party, label("party", party, visit.language)) for party in holders(visit.node, row.id)],
        reasons=[(code, term.label(visit.language)) for code, term in words.terms.items()],
        wanted=[(code, label("recall-wanted", code, visit.language)) for code in ("erase", "mark")],
        typed={name: visit.text(name) for name in ("reason", "partner", "note", "until", "wanted")},
    )


def _day(text: str) -> date | None:
    """An unreadable day is none: the default holds."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = (
    get("/recalls", list_recalls, needs="read-recalls"),
    get("/records/{record_id}/recall", show_form, needs="recall"),
    post("/records/{record_id}/recall", call_back, needs="recall"),
)
