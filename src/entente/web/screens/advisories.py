"""Advisories to those without a node: what was made, what was handed over, and what came back."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.errors import EntenteError, InputFault, Misconfigured, Unavailable
from entente.node.advising import (
    WAYS,
    NoSuchAdvisory,
    acknowledge,
    acting_as,
    advisories,
    advisory,
    answer,
    hand_over,
    history,
)
from entente.node.advisory_files import files_of, send_mail
from entente.node.desk import NoOfficerOfYours
from entente.web.routes import get, post

if TYPE_CHECKING:
    from entente.web.visit import Visit


def list_advisories(visit: Visit) -> Response:
    """What stands here are numbers, parties and states, never what an advisory says."""
    return visit.page("advisories.html", found=advisories(visit.node))


def show_advisory(visit: Visit) -> Response:
    return _page(visit)


def write_files(visit: Visit) -> Response:
    """The files as one archive; from then on somebody may have it."""
    number = visit.path["advisory"]
    try:
        found = files_of(visit.node, number, _officer(visit))
    except NoSuchAdvisory:
        raise
    except InputFault as error:
        return _page(visit, error)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in found.items():
            file.writestr(name, data)
    return visit.file(f"{number}.zip", "application/zip", packed.getvalue())


def record_word(visit: Visit) -> Response:
    """What an officer records: handed over, sent by e-mail, acknowledged or answered."""
    number, what = visit.path["advisory"], visit.text("what")
    try:
        _record(visit, number, what)
    except NoSuchAdvisory:
        raise
    except (InputFault, Misconfigured, Unavailable) as error:
        return _page(visit, error)
    return visit.go(f"/advisories/{number}", told=visit.say("It is recorded."))


def _record(visit: Visit, number: str, what: str) -> None:
    who, by, how = _officer(visit), visit.text("by"), visit.text("how")
    if what == "handed-over":
        hand_over(visit.node, number, how=how, to=by, who=who)
    elif what == "acknowledged":
        acknowledge(visit.node, number, by=by, how=how, who=who)
    elif what == "mail":
        send_mail(visit.node, number, who)
    else:
        answer(visit.node, number, outcome=visit.text("outcome"), note=visit.text("note"), who=who)


def _officer(visit: Visit) -> str:
    if visit.person is None:
        raise NoOfficerOfYours
    return acting_as(visit.node, visit.person)


def _page(visit: Visit, error: EntenteError | None = None) -> Response:
    one = advisory(visit.node, visit.path["advisory"])
    words = visit.node.catalogue.vocabulary
    label = words.label
    return visit.page(
        "advisory.html",
        status=422 if error else 200,
        message=error.said(visit.book.translate) if error else "",
        one=one,
        told=history(visit.node, one),
        has_mail=bool(visit.node.config.smtp_host and visit.node.config.smtp_from and one.party.email),
        ways=[(code, label("advisory-way", code, visit.language)) for code in WAYS],
        outcomes=[(code, term.label(visit.language)) for code, term in words.list("outcome").terms.items()],
        typed={name: visit.text(name) if error else "" for name in ("by", "how", "outcome", "note")},
    )


ROUTES = (
    get("/advisories", list_advisories, needs="read-advisories"),
    get("/advisories/{advisory}", show_advisory, needs="read-advisories"),
    post("/advisories/{advisory}/files", write_files, needs="give-advisory"),
    post("/advisories/{advisory}/record", record_word, needs="give-advisory"),
)
