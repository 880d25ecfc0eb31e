"""The health of a text, point by point, and what the texts held here say against each other."""

import re

from starlette.responses import Response

from entente.agreements import Conflict, conflicts, health
from entente.node.agreement_care import texts_side_by_side
from entente.node.agreement_view import held_text
from entente.web.provisions import worded
from entente.web.rendering import short_party
from entente.web.routes import get
from entente.web.values import labels
from entente.web.visit import Visit

IN_BACKTICKS = re.compile(r"`([^`]+)`")
QUOTED = {"en": r"“\1”", "fr": "«\u00a0\\1\u00a0»", "es": r"«\1»"}


def show_health(visit: Visit) -> Response:
    """One text against what reviews found missing. Raises NoSuchAgreement, AmbiguousName, AgreementChanged."""
    text = held_text(visit.node, visit.path["digest"]).agreement
    found = health(text, visit.node.catalogue)
    return visit.page(
        "agreement_health.html",
        text=text,
        title=worded(visit, text.title)[0],
        found=found,
        lacking=[point for point in found.points if point.state == "not-met"],
        met=[point for point in found.points if point.state == "met"],
        apart=[point for point in found.points if point.state == "not-applicable"],
        provisions={provision.id for provision in text.provisions},
    )


def show_conflicts(visit: Visit) -> Response:
    """The texts that are in force here or may come into force, side by side."""
    texts = texts_side_by_side(visit.node)
    found = conflicts(texts, visit.node.catalogue)
    return visit.page(
        "agreement_conflicts.html",
        texts=[(text, worded(visit, text.title)[0]) for text in texts],
        found=[(one, *_said(visit, one)) for one in found],
    )


def _said(visit: Visit, conflict: Conflict) -> tuple[str, str]:
    """What does not fit and what to do, in the reader's words; parties by their short names."""

    def label(codes: str, code: str) -> str:
        return short_party(visit, code) if codes == "party" else labels(visit, codes, (code,))

    quoted = QUOTED[visit.language]
    sentence, remedy = conflict.sentence(visit.book.say, label), conflict.remedy(visit.book.say, label)
    return IN_BACKTICKS.sub(quoted, sentence), IN_BACKTICKS.sub(quoted, remedy)


ROUTES = (
    get("/agreements/conflicts", show_conflicts, needs="read-agreements"),
    get("/agreements/{digest}/health", show_health, needs="read-agreements"),
)
