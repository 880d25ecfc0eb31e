"""Signing in and out, and the language before anybody is known."""

from starlette.responses import RedirectResponse, Response

from entente.node.attempts import PasswordExpired, SignInLocked, SignInRefused
from entente.node.entering import Halfway, with_password
from entente.node.pace import TooManyFailures
from entente.node.people import set_language
from entente.node.signing_in import sign_out
from entente.vocabulary import LANGUAGES
from entente.web.guard import LANGUAGE_COOKIE, cookie_name, own_path
from entente.web.routes import get, post
from entente.web.screens.passkeys import ask_at_the_door
from entente.web.visit import SEE_OTHER, Visit

YEAR_SECONDS = 31_536_000


def show_sign_in(visit: Visit) -> Response:
    way = own_path(visit.query.get("back", "/"))
    return visit.go(way) if visit.person is not None else visit.door(None, way)


def enter(visit: Visit) -> Response:
    """A new session, or the question for a passkey."""
    way = own_path(visit.text("back") or "/")
    try:
        visit.paces.try_door(visit.address, visit.node.clock())
        entered = with_password(visit.node, visit.text("name"), str(visit.form.get("password", "")))
    except (SignInRefused, SignInLocked, PasswordExpired, TooManyFailures) as error:
        return visit.door(error, way)
    visit.paces.opened(visit.address)
    if isinstance(entered, Halfway):
        return ask_at_the_door(visit, entered, way)
    return visit.let_in(entered.token, way)


def leave(visit: Visit) -> Response:
    if visit.session is not None:
        sign_out(visit.node, visit.session)
    answer = RedirectResponse("/sign-in", SEE_OTHER)
    url = visit.node.config.screens
    answer.delete_cookie(
        cookie_name(visit.node.party, url), secure=url.startswith("https:"), httponly=True, samesite="lax", path="/"
    )
    return answer


def choose_language(visit: Visit) -> Response:
    """For this browser, and for the account of whoever is signed in."""
    wanted = visit.text("language")
    answer = visit.go(own_path(visit.text("back")))
    if wanted in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, wanted, max_age=YEAR_SECONDS, httponly=True, samesite="lax", path="/")
        if visit.person is not None:
            set_language(visit.node, visit.person.name, wanted, by=visit.who)
    return answer


ROUTES = (
    get("/sign-in", show_sign_in, is_public=True),
    post("/sign-in", enter, is_public=True),
    post("/sign-out", leave),
    post("/language", choose_language, is_public=True),
)
