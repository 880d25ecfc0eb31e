"""One request of one person, and what may be answered to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.datastructures import FormData, QueryParams
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from entente.node.looking import Look
from entente.node.signing_in import take_told, tell
from entente.vocabulary import phrasebook
from entente.web.guard import cookie_name, step_cookie
from entente.web.rendering import rendered

if TYPE_CHECKING:
    from entente.errors import EntenteError
    from entente.node.choosing import House
    from entente.node.pace import Paces
    from entente.node.people import Person
    from entente.node.service import Service
    from entente.node.signing_in import Session
    from entente.node.uploads import Uploads
    from entente.node.work import Node

SEE_OTHER = 303


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`person` and `session` are None for whoever is not signed in; `is_part`: htmx asks for a part of the page.

    `address` is where it comes from, `step` the secret of what was begun at this browser; `service` is None where
    nobody signs in by another one.
    """

    node: Node
    house: House
    uploads: Uploads
    language: str
    here: str
    person: Person | None = None
    session: Session | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: QueryParams = field(default_factory=QueryParams)
    form: FormData = field(default_factory=FormData)
    is_part: bool = False
    address: str = ""
    step: str = field(default="", repr=False)
    paces: Paces
    service: Service | None = None

    @cached_property
    def book(self) -> Any:
        return phrasebook(self.language)

    def say(self, message_id: str, **values: object) -> str:
        """The text in the visitor's language."""
        return str(self.book.say(message_id, **values))

    @property
    def who(self) -> str:
        """The name that actions of this person are logged with."""
        return self.person.name if self.person else ""

    @property
    def look(self) -> Look:
        """Who looks, for what and why, as stated for this session."""
        purpose, why = (self.session.purpose, self.session.why) if self.session else ("", "")
        return Look(self.who, why, purpose)

    @property
    def own(self) -> bool | None:
        """Whose records this person may read: None all that are held, True our own only."""
        return None if self.may("read-received") else True

    def may(self, permission: str) -> bool:
        return self.person is not None and self.person.may(permission)

    def text(self, name: str) -> str:
        """A field of the form as text without blanks around it, lines ended as everywhere here (browsers send two
        characters); empty where it is not there."""
        value = self.form.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    @cached_property
    def told(self) -> str:
        """What the last action left to be said, once."""
        return take_told(self.node, self.session) if self.session and self.session.told else ""

    def page(self, template: str, *, part: str | None = None, status: int = 200, **values: Any) -> Response:
        """The page; when htmx asks and the page has this `part`, that part alone."""
        shown = rendered(self, template, part if self.is_part else None, values)
        return HTMLResponse(shown, status)

    def go(self, path: str, *, told: str = "") -> Response:
        """To `path`, where `told` is shown once."""
        if told and self.session:
            tell(self.node, self.session, told)
        return RedirectResponse(path, SEE_OTHER)

    def door(self, error: EntenteError | None, way: str) -> Response:
        """The page for signing in, from which one goes to `way`."""
        return self.page(
            "sign_in.html",
            status=422 if error else 200,
            message=error.said(self.book.translate) if error else "",
            name=self.text("name"),
            back=way,
            may_knock=self.node.config.sign_in == "passkey",
        )

    def let_in(self, token: str, way: str) -> Response:
        """To `way` with a new session, whatever the browser held before."""
        answer = RedirectResponse(way, SEE_OTHER)
        url = self.node.config.screens
        self.set_secret(answer, cookie_name(self.node.party, url), token)
        if self.step:
            answer.delete_cookie(step_cookie(self.node.party, url), secure=url.startswith("https:"), httponly=True)
        return answer

    def set_secret(self, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
        """A cookie that no script reads and no other site sends along with a form."""
        is_https = self.node.config.screens.startswith("https:")
        answer.set_cookie(name, value, max_age=seconds, secure=is_https, httponly=True, samesite="lax", path="/")

    def csv(self, name: str, rows: Iterable[Sequence[object]]) -> Response:
        """The rows as a file to keep; the first are the titles. Streamed, with the mark by which spreadsheets know
        UTF-8."""
        return self.stream(name, "text/csv; charset=utf-8", _csv_lines(rows))

    def stream(self, name: str, media_type: str, parts: Iterable[bytes]) -> Response:
        """A file to keep that is never whole in memory."""
        return StreamingResponse(parts, media_type=media_type, headers=_kept_as(name))

    def file(self, name: str, media_type: str, data: bytes) -> Response:
        return Response(data, media_type=media_type, headers=_kept_as(name))


def _csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue().encode("utf-8", "backslashreplace")


def _kept_as(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
