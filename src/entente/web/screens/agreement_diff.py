"""What a version changes: beside the one before it, or beside any other text held here; and which of our records it
touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements import Agreement
from entente.agreements.comparing.affected import Affected
from entente.agreements.comparing.changes import Comparison
from entente.agreements.comparing.comparison_words import change_paragraphs, paragraphs
from entente.errors import InputFault
from entente.node.agreeing import agreement_names
from entente.node.agreement_view import held_text
from entente.node.differing import NoPredecessor, compare_texts, predecessor_of, records_affected
from entente.web.paging import asked
from entente.web.routes import get
from entente.web.screens.preview import NoDay

if TYPE_CHECKING:
    from entente.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Told:
    """One paragraph; `touched` are our records, where they were counted."""

    text: str
    touched: Affected | None


def show_diff(visit: Visit) -> Response:
    """Raises NoSuchAgreement, AmbiguousName, AgreementChanged."""
    return _page(visit, is_counted=False)


def show_records(visit: Visit) -> Response:
    """The same with our records. Raises also NoReason, PreviewRunning."""
    return _page(visit, is_counted=True)


def _page(visit: Visit, *, is_counted: bool) -> Response:
    text = held_text(visit.node, visit.path["digest"]).agreement
    message = ""
    found = None
    touched: Sequence[Affected] = ()
    try:
        old = _earlier(visit, text)
        found = compare_texts(visit.node, old, text) if old else None
        touched = records_affected(visit.node, visit.look, found, _on(visit)) if found and is_counted else ()
    except InputFault as error:
        message = error.said(visit.book.translate)
    others = {digest: name for digest, name in agreement_names(visit.node).items() if digest != text.digest}
    return visit.page(
        "agreement_diff.html",
        status=422 if message else 200,
        text=text,
        found=found,
        told=_told(visit, found, touched) if found else (),
        others=list(others.items()),
        is_counted=is_counted,
        on=asked(visit, "on"),
        message=message,
    )


def _earlier(visit: Visit, text: Agreement) -> Agreement | None:
    """The text that was chosen, else the version before; None where that is not held."""
    if chosen := asked(visit, "with"):
        return held_text(visit.node, chosen).agreement
    try:
        return predecessor_of(visit.node, text)
    except NoPredecessor:
        return None


def _on(visit: Visit) -> date | None:
    """The day to count on; None where none was chosen. Raises NoDay."""
    text = asked(visit, "on")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoDay(text=text) from None


def _told(visit: Visit, found: Comparison, touched: Sequence[Affected]) -> Sequence[Told]:
    catalogue = visit.node.catalogue
    of_changes = change_paragraphs(found, catalogue, visit.book)
    counts = dict(zip(of_changes, touched, strict=False)) if found.changes else {}
    return [Told(said, counts.get(said)) for said in paragraphs(found, catalogue, visit.book)]


ROUTES = (
    get("/agreements/{digest}/diff", show_diff, needs="read-agreements"),
    get("/agreements/{digest}/diff/records", show_records, needs="preview", reads=True),
)
