"""Who knocks, from where, and what they may do: asked of every request before its screen is.

INVARIANT: nothing of a request's body is read before its sender is known, comes from our own pages and may do what the
route does.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from entente.errors import InputFault
from entente.node.roles import Forbidden
from entente.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import Message, Receive

    from entente.node.people import Person
    from entente.node.signing_in import Session
    from entente.web.routes import Route

PASSWORD_PATH, REASON_PATH, SIGN_IN_PATH = "/account/password", "/reason", "/sign-in"
LANGUAGE_COOKIE = "entente-language"
MAX_FIELDS, MAX_FIELD_BYTES = 50, 256 * 1024
ALWAYS = frozenset({PASSWORD_PATH, "/sign-out", "/language"})
"""What a person may do who has yet to choose a password."""
ACCOUNT_PATH = "/account"
UNTIL_PASSKEY = ALWAYS | {ACCOUNT_PATH, "/account/passkeys/begin", "/account/passkeys", "/account/sessions/end"}
"""What a person may do who has yet to make a passkey."""


class OtherPlace(InputFault):
    """This came from another page than one of this node's. Open the screen anew from the node's own address and try
    again."""


class FormExpired(InputFault):
    """This form belongs to a session that has ended, so nothing was done. Go back, reload the page and send it
    again."""


class BodyTooLarge(InputFault):
    """What was sent is larger than {limit} bytes. Send less at once; a large file can be cut in two, each with the
    header row."""


class BodyTooSlow(Exception):
    """A form took longer to come than any person's line needs."""


class NotSignedIn(InputFault):
    """You are not signed in, or the session has ended; nothing was done. Sign in and try again."""


class GoTo(Exception):
    """The visitor has to go to `path` first."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


def cookie_name(party: str, url: str) -> str:
    """Cookies do not tell ports apart, so that every node on one machine has a name of its own."""
    name = f"entente-{party}"
    return f"__Host-{name}" if url.startswith("https:") else name


def step_cookie(party: str, url: str) -> str:
    """The name of the cookie for what was begun at this browser."""
    return f"{cookie_name(party, url)}-step"


def check_place(request: Request, url: str) -> None:
    """The request is for this address, and what changes something comes from one of its pages. Raises OtherPlace."""
    expected = urlsplit(url)
    if request.headers.get("host", "") != expected.netloc:
        raise OtherPlace
    if request.method in ("GET", "HEAD"):
        return
    origin = request.headers.get("origin")
    if origin is None and request.headers.get("sec-fetch-site") == "same-origin":
        return
    if origin != f"{expected.scheme}://{expected.netloc}":
        raise OtherPlace


def check_person(route: Route, request: Request, person: Person | None, session: Session | None) -> None:
    """Raises NotSignedIn, Forbidden, and GoTo where something has to come first."""
    if route.is_public:
        return
    if person is None or session is None:
        if request.method == "GET":
            raise GoTo(f"{SIGN_IN_PATH}?back={quote(_here(request), safe='')}")
        raise NotSignedIn
    if person.must_change and route.path not in ALWAYS:
        raise GoTo(PASSWORD_PATH)
    if person.lacks_passkey and route.path not in UNTIL_PASSKEY:
        raise GoTo(ACCOUNT_PATH)
    if route.needs is not None and not person.may(route.needs):
        raise Forbidden(needs=route.needs, language=person.language)
    if route.reads and not session.why:
        if request.method == "GET":
            raise GoTo(f"{REASON_PATH}?back={quote(_here(request), safe='')}")
        raise GoTo(REASON_PATH)


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def limited(request: Request, limit: int, seconds: float | None = None) -> Request:
    """The request, whose body raises BodyTooLarge beyond `limit` bytes, and BodyTooSlow after `seconds`."""
    if int(request.headers.get("content-length", "0") or 0) > limit:
        raise BodyTooLarge(limit=limit)
    return Request(request.scope, _counting(request.receive, limit, seconds))


def _counting(receive: Receive, limit: int, seconds: float | None) -> Receive:
    seen, end = 0, asyncio.get_running_loop().time() + seconds if seconds else None

    async def counted() -> Message:
        nonlocal seen
        try:
            async with asyncio.timeout_at(end):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge(limit=limit)
        return message

    return counted


def check_form(token: object, session: Session | None) -> None:
    """Raises FormExpired unless the form carries the token of this session."""
    if session is None:
        return
    if not isinstance(token, str) or not hmac.compare_digest(token.encode(), session.form_token.encode()):
        raise FormExpired


def language_of(request: Request, person: Person | None, default: str) -> str:
    """The person's own; else what this browser chose here; else what it prefers; else the node's."""
    if person is not None:
        return person.language
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wanted = (part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((language for language in wanted if language in LANGUAGES), default)


def own_path(path: str) -> str:
    """`path` if it is one of this node's pages, else the home page: nobody is sent elsewhere by a link."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if is_ours and path.isprintable() else "/"


def headers_for(url: str) -> Mapping[str, str]:
    """Sent with every answer. INVARIANT: a page loads nothing from elsewhere and runs no script but our own files."""
    told = {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
            " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-store",
    }
    if url.startswith("https:"):
        told["strict-transport-security"] = "max-age=31536000"
    return told
