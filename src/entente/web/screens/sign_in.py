"""Signing in and out, and the language before anybody is known."""

from starlette.responses import RedirectResponse, Response

from entente.errors import EntenteError
from entente.node.attempts import SignInLocked, SignInRefused
from entente.node.people import set_language
from entente.node.signing_in import sign_in, sign_out
from entente.vocabulary import LANGUAGES
from entente.web.guard import LANGUAGE_COOKIE, cookie_name, own_path
from entente.web.routes import get, post
from entente.web.visit import SEE_OTHER, Visit

YEAR_SECONDS = 31_536_000


def show_sign_in(visit: Visit) -> Response:
    if visit.person is not None:
        return visit.go(own_path(visit.query.get("back", "/")))
    return _page(visit, visit.query.get("back", "/"))


def enter(visit: Visit) -> Response:
    """A new session, whatever the browser held before."""
    way = visit.text("back") or "/"
    try:
        signed = sign_in(visit.node, visit.text("name"), str(visit.form.get("password", "")))
    except (SignInRefused, SignInLocked) as error:
        return _page(visit, way, error)
    answer = RedirectResponse(own_path(way), SEE_OTHER)
    url = visit.node.config.screens
    answer.set_cookie(
        cookie_name(visit.node.party, url),
        signed.token,
        secure=url.startswith("https:"),
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


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


def _page(visit: Visit, way: str, error: EntenteError | None = None) -> Response:
    return visit.page(
        "sign_in.html",
        status=422 if error else 200,
        message=error.said(visit.book.translate) if error else "",
        name=visit.text("name"),
        back=own_path(way),
    )


ROUTES = (
    get("/sign-in", show_sign_in, is_public=True),
    post("/sign-in", enter, is_public=True),
    post("/sign-out", leave),
    post("/language", choose_language, is_public=True),
)
