"""Passkeys: made and removed by their owner, and asked for at the door."""

from starlette.responses import Response

from entente.errors import InputFault, Misconfigured
from entente.node import passkeys
from entente.node.entering import Halfway, with_passkey, with_passkey_alone
from entente.node.pace import TooManyFailures
from entente.node.signing_in import SessionOver
from entente.web.guard import own_path, step_cookie
from entente.web.routes import post
from entente.web.screens.account import account_page
from entente.web.visit import Visit

STEP_SECONDS = 600


def ask_to_make(visit: Visit) -> Response:
    """The page that asks the browser for a new passkey."""
    if visit.person is None or visit.session is None:
        raise SessionOver
    try:
        asked = passkeys.begin_register(visit.node, visit.person, visit.session, visit.text("title"))
    except (InputFault, Misconfigured) as error:
        return account_page(visit, error)
    return visit.page("passkey_new.html", asked=asked)


def keep(visit: Visit) -> Response:
    if visit.person is None or visit.session is None:
        raise SessionOver
    try:
        made = passkeys.register(visit.node, visit.person, visit.session, visit.text("answer"))
    except InputFault as error:
        return account_page(visit, error)
    return visit.go("/account", told=visit.say("The passkey {name} is yours now.", name=made.title))


def take_away(visit: Visit) -> Response:
    if visit.person is None or visit.session is None:
        raise SessionOver
    try:
        gone = passkeys.remove(visit.node, visit.person, visit.session, visit.text("passkey"))
    except InputFault as error:
        return account_page(visit, error)
    return visit.go("/account", told=visit.say("The passkey {name} opens nothing here any more.", name=gone.title))


def knock(visit: Visit) -> Response:
    """Asks for a passkey alone."""
    try:
        visit.paces.knock(visit.address, visit.node.clock())
        halfway = with_passkey_alone(visit.node)
    except (InputFault, Misconfigured, TooManyFailures) as error:
        return visit.door(error, own_path(visit.text("back") or "/"))
    return ask_at_the_door(visit, halfway, own_path(visit.text("back") or "/"))


def ask_at_the_door(visit: Visit, halfway: Halfway, way: str) -> Response:
    """The page that asks the browser for a passkey; the secret of this step goes into a cookie."""
    answer = visit.page("passkey_asked.html", asked=halfway.options, back=way)
    visit.set_secret(answer, step_cookie(visit.node.party, visit.node.config.screens), halfway.token, STEP_SECONDS)
    return answer


def enter(visit: Visit) -> Response:
    way = own_path(visit.text("back") or "/")
    try:
        visit.paces.try_door(visit.address, visit.node.clock())
        signed = with_passkey(visit.node, visit.step, visit.text("answer"))
    except (InputFault, TooManyFailures) as error:
        return visit.door(error, way)
    visit.paces.opened(visit.address)
    return visit.let_in(signed.token, way)


ROUTES = (
    post("/account/passkeys/begin", ask_to_make),
    post("/account/passkeys", keep),
    post("/account/passkeys/remove", take_away),
    post("/sign-in/passkey/begin", knock, is_public=True),
    post("/sign-in/passkey", enter, is_public=True),
)
