"""Bulletins: an accepted finding as the public is told it; one person drafts it, another approves it, word for word."""

import io
import zipfile

from starlette.responses import Response

from entente.analysis import ACCEPTED, OPEN
from entente.errors import InputFault
from entente.node.bulletin_drafting import Wish
from entente.node.bulletin_files import files_of
from entente.node.bulletins import Bulletin, approve_as, bulletin, bulletins, draft, withdraw_as
from entente.node.desk import NoOfficerOfYours
from entente.node.duties import duties
from entente.node.findings import finding
from entente.vocabulary import LANGUAGES
from entente.web.paging import whole_number
from entente.web.routes import get, post
from entente.web.visit import Visit

_TYPED = (*(f"add_{language}" for language in LANGUAGES), "keep")


def list_bulletins(visit: Visit) -> Response:
    found = bulletins(visit.node, visit.look, own=visit.own)
    return visit.page("bulletins.html", found=[(one, _title(visit, one)) for one in found])


def show_bulletin(visit: Visit) -> Response:
    return _show(visit, _one(visit))


def new_bulletin(visit: Visit) -> Response:
    return _new(visit)


def draft_bulletin(visit: Visit) -> Response:
    held = finding(visit.node, visit.look, visit.path["finding_id"], own=visit.own)
    added = {language: visit.text(f"add_{language}") for language in LANGUAGES}
    kept = dict(_reason(line) for line in visit.text("keep").splitlines())
    try:
        one = draft(visit.node, visit.look, held.row.id, Wish(added=added, kept=kept))
    except InputFault as error:
        return _new(visit, error.said(visit.book.translate))
    told = visit.say("A draft: nobody is told it before an officer approves it.")
    return visit.go(f"/bulletins/{one.row.id}", told=told)


def approve(visit: Visit) -> Response:
    """At the version that was shown."""
    one = _one(visit)
    if visit.person is None:
        raise NoOfficerOfYours
    try:
        approve_as(visit.node, visit.person, one.row.id, version=whole_number(visit.text("version")) or 0)
    except InputFault as error:
        return _show(visit, _one(visit), error.said(visit.book.translate))
    told = visit.say("Approved. Partners are told it as far as the agreements in force permit.")
    return visit.go(f"/bulletins/{one.row.id}", told=told)


def withdraw(visit: Visit) -> Response:
    one = _one(visit)
    if visit.person is None:
        raise NoOfficerOfYours
    try:
        withdraw_as(visit.node, visit.person, one.row.id)
    except InputFault as error:
        return _show(visit, one, error.said(visit.book.translate))
    told = visit.say("Withdrawn. Take down what was published of it.")
    return visit.go(f"/bulletins/{one.row.id}", told=told)


def write_files(visit: Visit) -> Response:
    """The files as one archive; from then on anybody may have them."""
    one = _one(visit)
    try:
        found = files_of(visit.node, one.row.id, visit.who)
    except InputFault as error:
        return _show(visit, one, error.said(visit.book.translate))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in found.items():
            file.writestr(name, data)
    return visit.file(f"bulletin-{one.row.id[:12]}.zip", "application/zip", packed.getvalue())


def _one(visit: Visit) -> Bulletin:
    return bulletin(visit.node, visit.look, visit.path["bulletin"], own=visit.own)


def _title(visit: Visit, one: Bulletin) -> str:
    return str(one.values.get(f"title_{visit.language}") or one.values.get("title_en") or one.row.id[:12])


def _reason(line: str) -> tuple[str, str]:
    word, _, why = line.partition("=")
    return word.strip(), why.strip()


def _new(visit: Visit, message: str = "") -> Response:
    held = finding(visit.node, visit.look, visit.path["finding_id"], own=visit.own)
    return visit.page(
        "bulletin_new.html",
        status=422 if message else 200,
        message=message,
        held=held,
        typed={name: visit.text(name) for name in _TYPED},
    )


def _show(visit: Visit, one: Bulletin, message: str = "") -> Response:
    is_ours = one.row.via is None
    texts = [
        (language, str(one.values[f"title_{language}"]), str(one.values[f"text_{language}"]))
        for language in LANGUAGES
        if f"title_{language}" in one.values and f"text_{language}" in one.values
    ]
    return visit.page(
        "bulletin.html",
        status=422 if message else 200,
        message=message,
        one=one,
        title=_title(visit, one),
        texts=texts,
        kept=str(one.values.get("words_kept", "")).splitlines(),
        told=duties(visit.node, record_id=one.row.id),
        can_approve=is_ours and one.state == OPEN and visit.may("approve-bulletin"),
        can_withdraw=is_ours and one.state == ACCEPTED and visit.may("approve-bulletin"),
        can_write=is_ours and one.state == ACCEPTED and visit.may("export"),
    )


ROUTES = (
    get("/bulletins", list_bulletins, needs="read-findings", reads=True),
    get("/bulletins/{bulletin}", show_bulletin, needs="read-findings", reads=True),
    post("/bulletins/{bulletin}/approve", approve, needs="approve-bulletin", reads=True),
    post("/bulletins/{bulletin}/withdraw", withdraw, needs="approve-bulletin", reads=True),
    post("/bulletins/{bulletin}/files", write_files, needs="export", reads=True),
    get("/findings/{finding_id}/bulletin", new_bulletin, needs="draft-bulletin", reads=True),
    post("/findings/{finding_id}/bulletin", draft_bulletin, needs="draft-bulletin", reads=True),
)
