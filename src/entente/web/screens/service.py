"""Signing in by another service, and linking what it says to one's own account."""

from starlette.responses import RedirectResponse, Response

from entente.errors import EntenteError, InputFault, Misconfigured, PartnerFault, Unavailable
from entente.node import linking
from entente.node.service import ANSWER_PATH
from entente.node.signing_in import SessionOver, check_recent
from entente.web.guard import SIGN_IN_PATH, own_path, step_cookie
from entente.web.routes import get, post
from entente.web.screens.account import account_page
from entente.web.screens.passkeys import STEP_SECONDS
from entente.web.visit import SEE_OTHER, Visit

_MISHAPS = (InputFault, Misconfigured, PartnerFault, Unavailable)


def go_there(visit: Visit) -> Response:
    """To the service; a link and not a form, for what a form sends must stay at this node (form-action)."""
    if visit.service is None:
        return visit.go(SIGN_IN_PATH)
    try:
        visit.paces.try_door(visit.address, visit.node.clock())
        away = linking.go_in(visit.node, visit.service, own_path(visit.query.get("back", "/")))
    except _MISHAPS as error:
        return _told(visit, error)
    answer = RedirectResponse(away.address, SEE_OTHER)
    visit.set_secret(answer, step_cookie(visit.node.party, visit.node.config.screens), away.token, STEP_SECONDS)
    return answer


def come_back(visit: Visit) -> Response:
    """The service sends the browser here, to sign in or to link."""
    if visit.service is None:
        return visit.go(SIGN_IN_PATH)
    answer = dict(visit.query)
    try:
        if visit.person and visit.session and linking.is_for_linking(answer):
            named = linking.link_own(visit.node, visit.service, visit.person, visit.session, answer)
            told = visit.say(
                "{service} can sign you in from now on, as {subject}.", service=visit.service.name, subject=named
            )
            return visit.go("/account", told=told)
        signed, way = linking.come_in(visit.node, visit.service, visit.step, answer)
    except _MISHAPS as error:
        return _told(visit, error)
    visit.paces.opened(visit.address)
    return visit.let_in(signed.token, own_path(way))


def ask_to_link(visit: Visit) -> Response:
    if visit.person is None or visit.session is None:
        raise SessionOver
    try:
        address = linking.go_link(visit.node, visit.service, visit.person, visit.session)
    except _MISHAPS as error:
        return account_page(visit, error)
    return visit.page("service_link.html", address=address)


def take_away(visit: Visit) -> Response:
    """The own sessions end with it, this one too."""
    if visit.session is None:
        raise SessionOver
    try:
        check_recent(visit.node, visit.session)
        linking.unlink(visit.node, visit.who, visit.text("issuer"), visit.text("subject"), by=visit.who)
    except InputFault as error:
        return account_page(visit, error)
    return visit.go(SIGN_IN_PATH)


def _told(visit: Visit, error: EntenteError) -> Response:
    return visit.page("service_failed.html", status=422, message=error.said(visit.book.translate))


ROUTES = (
    get("/sign-in/service", go_there, is_public=True),
    get(ANSWER_PATH, come_back, is_public=True),
    post("/account/service", ask_to_link),
    post("/account/service/remove", take_away),
)
