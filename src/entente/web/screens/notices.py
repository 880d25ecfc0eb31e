"""Notices: what partners told us and want answered, and what they owe us."""

from starlette.responses import Response

from entente.errors import InputFault
from entente.node.agreeing import agreement_names
from entente.node.answer_figures import answer_figures
from entente.node.duties import Duty, acknowledge, answer, duties, duty_of, subjects
from entente.node.owing import BY_US, TO_US
from entente.web.routes import get, post
from entente.web.visit import Visit

MOST_SHOWN = 200


def list_notices(visit: Visit) -> Response:
    shows_all = visit.query.get("show") == "all"
    is_open = None if shows_all else True
    by_us, to_us = (duties(visit.node, way, is_open=is_open)[:MOST_SHOWN] for way in (BY_US, TO_US))
    return visit.page(
        "notices.html",
        by_us=by_us,
        to_us=to_us,
        subjects=subjects(visit.node, [*by_us, *to_us]),
        agreements=agreement_names(visit.node),
        shows_all=shows_all,
        most=MOST_SHOWN,
        figures=answer_figures(visit.node),
    )


def show_notice(visit: Visit) -> Response:
    return _page(visit, _duty(visit))


def seen(visit: Visit) -> Response:
    duty = _duty(visit)
    try:
        acknowledge(visit.node, duty.about, visit.who, visit.text("note"))
    except InputFault as error:
        return _page(visit, _duty(visit), error.said(visit.book.translate))
    partner = _partner(visit, duty)
    return visit.go(
        f"/notices/{duty.about}", told=visit.say("{partner} is told that you have seen it.", partner=partner)
    )


def tell_outcome(visit: Visit) -> Response:
    duty = _duty(visit)
    if not visit.text("outcome"):
        return _page(visit, duty, visit.say("Choose what the notice led to, then send the answer."))
    try:
        answer(visit.node, duty.about, visit.text("outcome"), visit.text("note"), visit.who)
    except InputFault as error:
        return _page(visit, _duty(visit), error.said(visit.book.translate))
    partner = _partner(visit, duty)
    return visit.go(f"/notices/{duty.about}", told=visit.say("{partner} is told what it led to.", partner=partner))


def _duty(visit: Visit) -> Duty:
    """Raises NoSuchDuty."""
    return duty_of(visit.node, visit.path["about"])


def _partner(visit: Visit, duty: Duty) -> str:
    return visit.node.catalogue.vocabulary.label("party", duty.row.partner, visit.language)


def _page(visit: Visit, duty: Duty, message: str = "") -> Response:
    outcomes = visit.node.catalogue.vocabulary.list("outcome").terms
    is_ours = duty.row.direction == BY_US
    return visit.page(
        "notice.html",
        status=422 if message else 200,
        message=message,
        duty=duty,
        subject=subjects(visit.node, [duty]).get(duty.row.record_id),
        agreement=agreement_names(visit.node).get(duty.row.agreement, duty.row.agreement[:19]),
        is_ours=is_ours,
        names_record=visit.may("read-received") or not is_ours,
        outcomes=[(code, term.label(visit.language)) for code, term in outcomes.items()],
        outcome=visit.text("outcome"),
        note=visit.text("note"),
        can_acknowledge=is_ours and visit.may("answer-notices") and duty.row.state == "owed",
        can_answer=is_ours and visit.may("answer-notices") and duty.row.state in ("owed", "acknowledged"),
    )


ROUTES = (
    get("/notices", list_notices, needs="read-notices"),
    get("/notices/{about}", show_notice, needs="read-notices"),
    post("/notices/{about}/acknowledge", seen, needs="answer-notices"),
    post("/notices/{about}/answer", tell_outcome, needs="answer-notices"),
)
