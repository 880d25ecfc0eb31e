"""One's own account: the password, and for what and why records are read in this session."""

from starlette.responses import Response

from entente.errors import EntenteError, InputFault
from entente.node.linking import identities_of
from entente.node.passkeys import are_possible, passkeys_of
from entente.node.people import change_password
from entente.node.roles import permissions_of
from entente.node.signing_in import end_others, sessions_of, state_reason
from entente.web.guard import PASSWORD_PATH, REASON_PATH, own_path
from entente.web.routes import get, post
from entente.web.visit import Visit


def show_account(visit: Visit) -> Response:
    return account_page(visit)


def account_page(visit: Visit, error: EntenteError | None = None) -> Response:
    """Roles, ways to sign in and sessions; `error` says why the last change did not work."""
    roles = visit.person.roles if visit.person else ()
    return visit.page(
        "account.html",
        status=422 if error else 200,
        message=error.said(visit.book.translate) if error else "",
        roles=roles,
        permissions=sorted(permissions_of(roles)),
        passkeys=passkeys_of(visit.node, visit.who),
        may_make=are_possible(visit.node.config.screens),
        identities=identities_of(visit.node, visit.who),
        sessions=sessions_of(visit.node, visit.who),
    )


def end_other_sessions(visit: Visit) -> Response:
    if visit.session is not None:
        end_others(visit.node, visit.session)
    return visit.go("/account", told=visit.say("Your other sessions have ended; this one goes on."))


def show_password(visit: Visit) -> Response:
    return visit.page("password.html", message="")


def choose_password(visit: Visit) -> Response:
    """With the right old one; every session of the account ends, this one too."""
    new, again = (str(visit.form.get(name, "")) for name in ("new", "again"))
    if new != again:
        told = visit.say("The new password was typed in two ways. Type it twice alike.")
        return visit.page("password.html", status=422, message=told)
    try:
        change_password(visit.node, visit.who, str(visit.form.get("old", "")), new)
    except InputFault as error:
        return visit.page("password.html", status=422, message=error.said(visit.book.translate))
    return visit.page("password_changed.html")


def show_reason(visit: Visit) -> Response:
    session = visit.session
    return _reason(
        visit,
        visit.query.get("back", "/"),
        purpose=session.purpose if session else "",
        why=session.why if session else "",
    )


def give_reason(visit: Visit) -> Response:
    way, purpose, why = visit.text("back") or "/", visit.text("purpose"), visit.text("why")
    if visit.session is None:
        return visit.go("/sign-in")
    try:
        state_reason(visit.node, visit.session, purpose, why)
    except InputFault as error:
        message = error.said(visit.book.translate)
        return _reason(visit, way, purpose=purpose, why=why, message=message)
    return visit.go(own_path(way))


def _reason(visit: Visit, way: str, *, purpose: str, why: str, message: str = "") -> Response:
    purposes = tuple(visit.node.catalogue.vocabulary.list("purpose").terms)
    return visit.page(
        "reason.html",
        status=422 if message else 200,
        message=message,
        purposes=purposes,
        purpose=purpose,
        why=why,
        back=own_path(way),
    )


ROUTES = (
    get("/account", show_account),
    post("/account/sessions/end", end_other_sessions),
    get(PASSWORD_PATH, show_password),
    post(PASSWORD_PATH, choose_password),
    get(REASON_PATH, show_reason),
    post(REASON_PATH, give_reason),
)
