"""Questions between partners: ask one, see what is open on both sides, and grant or refuse what is asked of us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.errors import InputFault
from entente.exchange import URGENCIES, Question
from entente.node.agreeing import agreement_names
from entente.node.desk import NoOfficerOfYours
from entente.node.partnering import partners
from entente.node.probing import suspicions
from entente.node.querying import Wish, ask_query, ask_request
from entente.node.question_view import askings, grant_as, refuse_as, sheet
from entente.node.questioning import BY_US, OF_US, QUERY_TYPE, REQUEST_TYPE
from entente.node.requesting import NoQuestionHere, SeveralQuestions
from entente.web.paging import asked
from entente.web.routes import get, post
from entente.web.values import field_label

if TYPE_CHECKING:
    from entente.web.visit import Visit

TYPES = (QUERY_TYPE, REQUEST_TYPE)
VALUES = 2
"""Places for a field with its value in the form; a person needs two, a thing one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent; `values` are pairs of a field (`kind.field`) and what it should hold."""

    type: str = QUERY_TYPE
    partner: str = ""
    purpose: str = ""
    legal_basis: str = ""
    urgency: str = "normal"
    reason: str = ""
    values: Sequence[tuple[str, str]] = (("", ""),) * VALUES


def list_asked(visit: Visit) -> Response:
    shows_all = visit.query.get("show") == "all"
    is_open = None if shows_all else True
    with visit.node.store.reading() as tx:
        noticed = suspicions(tx)
    return visit.page(
        "asked.html",
        of_us=askings(visit.node, OF_US, is_open=is_open),
        by_us=askings(visit.node, BY_US, is_open=is_open),
        noticed=noticed,
        shows_all=shows_all,
    )


def show_form(visit: Visit) -> Response:
    return _form(visit, Typed(type=asked(visit, "type") or QUERY_TYPE, partner=asked(visit, "partner")))


def send_form(visit: Visit) -> Response:
    typed = _typed(visit)
    try:
        wish = _wish(visit, typed)
        row = ask_request(visit.node, wish) if typed.type == REQUEST_TYPE else ask_query(visit.node, wish)
    except InputFault as error:
        return _form(visit, typed, error.said(visit.book.translate))
    partner = visit.node.catalogue.vocabulary.label("party", row.partner, visit.language)
    return visit.go("/asked", told=visit.say("{partner} is asked. Its answer will stand here.", partner=partner))


def _typed(visit: Visit) -> Typed:
    return Typed(
        type=visit.text("type") if visit.text("type") in TYPES else QUERY_TYPE,
        partner=visit.text("partner"),
        purpose=visit.text("purpose"),
        legal_basis=visit.text("legal_basis"),
        urgency=visit.text("urgency") or "normal",
        reason=visit.text("reason"),
        values=[(visit.text(f"field{place}"), visit.text(f"value{place}")) for place in range(VALUES)],
    )


def _wish(visit: Visit, typed: Typed) -> Wish:
    """The kind is that of the first field; values of another kind identify nothing."""
    given = [(*name.partition("."), value) for name, value in typed.values if name]
    kind = given[0][0] if given else ""
    question = Question(
        kind=kind,
        legal_basis=typed.legal_basis,
        reason=typed.reason,
        selector=tuple((field if of == kind else f"{of}.{field}", value) for of, _, field, value in given),
    )
    return Wish(
        partner=typed.partner,
        question=question,
        purpose=typed.purpose,
        urgency=typed.urgency,
        who=visit.who,
    )


def _form(visit: Visit, typed: Typed, message: str = "") -> Response:
    words = visit.node.catalogue.vocabulary
    fields = [
        (
            f"{kind.name}.{name}",
            f"{words.label('kind', kind.name, visit.language)}: {field_label(visit, kind.name, name)}",
        )
        for kind in visit.node.catalogue.kinds.values()
        for name in (*kind.selectors, *kind.weak_selectors)
    ]
    return visit.page(
        "ask.html",
        status=422 if message else 200,
        message=message,
        typed=typed,
        types=[(code, words.label("message-type", code, visit.language)) for code in TYPES],
        partners=[(one.party, words.label("party", one.party, visit.language)) for one in partners(visit.node)],
        purposes=[(code, term.label(visit.language)) for code, term in words.list("purpose").terms.items()],
        bases=[(code, term.label(visit.language)) for code, term in words.list("legal-basis").terms.items()],
        urgencies=[(code, words.label("urgency", code, visit.language)) for code in URGENCIES],
        fields=fields,
    )


def show_asked(visit: Visit) -> Response:
    return _page(visit)


def grant_asked(visit: Visit) -> Response:
    """For exactly what was shown; if that has changed since, it is shown again and nothing goes."""
    if visit.person is None:
        raise NoOfficerOfYours
    try:
        done = grant_as(visit.node, visit.person, visit.path["question"], visit.text("seen"))
    except (NoQuestionHere, SeveralQuestions):
        raise
    except InputFault as error:
        return _page(visit, error.said(visit.book.translate))
    if done.more:
        return visit.go("/asked", told=visit.say("Approved. One more officer is needed before it leaves."))
    return visit.go("/asked", told=visit.say("Granted: it leaves with the next delivery."))


def refuse_asked(visit: Visit) -> Response:
    if visit.person is None:
        raise NoOfficerOfYours
    question, reason = visit.path["question"], visit.text("reason")
    if not reason:
        return _page(visit, visit.say("Choose why it is refused, then refuse it."))
    try:
        refuse_as(visit.node, visit.person, question, reason, visit.text("note"))
    except (NoQuestionHere, SeveralQuestions):
        raise
    except InputFault as error:
        return _page(visit, error.said(visit.book.translate))
    return visit.go("/asked", told=visit.say("Refused."))


def _page(visit: Visit, message: str = "") -> Response:
    found = sheet(visit.node, visit.look, visit.path["question"])
    question = found.question
    reasons = visit.node.catalogue.vocabulary.list("refusal-reason").terms
    return visit.page(
        "asked_one.html",
        status=422 if message else 200,
        message=message,
        found=found,
        agreement=agreement_names(visit.node).get(found.asked.row.agreement, found.asked.row.agreement[:19]),
        values=[(field_label(visit, question.kind, name), value) for name, value in question.selector]
        if question
        else [],
        wanted=[field_label(visit, question.kind, name) for name in question.fields] if question else [],
        going=[
            (one, [field_label(visit, found.asked.row.kind, name) for name in one.fields]) for one in found.candidates
        ],
        reasons=[(code, term.label(visit.language)) for code, term in reasons.items()],
        reason=visit.text("reason"),
        note=visit.text("note"),
    )


ROUTES = (
    get("/ask", show_form, needs="ask-partners"),
    post("/ask", send_form, needs="ask-partners"),
    get("/asked", list_asked, needs="read-askings"),
    get("/asked/{question}", show_asked, needs="read-askings", reads=True),
    post("/asked/{question}/grant", grant_asked, needs="answer-requests", reads=True),
    post("/asked/{question}/refuse", refuse_asked, needs="answer-requests", reads=True),
)
