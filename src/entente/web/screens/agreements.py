"""Agreements: the texts that are held, how they stand, and what a partner would get under them or under a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements import Agreement, Standing
from entente.node.agreeing import all_standings, changed_agreements, suspensions_of
from entente.node.agreement_view import held_text
from entente.web.provisions import articles, language_name, worded
from entente.web.routes import get
from entente.web.screens.agreement_diff import ROUTES as DIFF
from entente.web.screens.agreement_health import ROUTES as CARE
from entente.web.screens.agreements_sent import ROUTES as SENT
from entente.web.screens.preview import ROUTES as PREVIEW

if TYPE_CHECKING:
    from entente.web.visit import Visit

MISSING = "signatures-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a text stands for us: `partners` between whom and us it is in force, and why not (a sentence and what to do);
    `unsigned` are parties with how many of their officers have signed and how many must; `is_ours` is false for a text
    between others."""

    partners: Sequence[str]
    is_whole: bool
    is_ours: bool
    reasons: Sequence[tuple[str, str]]
    unsigned: Sequence[tuple[str, str, str]]


def list_agreements(visit: Visit) -> Response:
    found = [
        (text, worded(visit, text.title)[0], _state(visit, text, standing))
        for text, standing in all_standings(visit.node)
    ]
    return visit.page("agreements.html", found=found, alarms=_alarms(visit))


def show_agreement(visit: Visit) -> Response:
    """The text as its parties read it. Raises NoSuchAgreement, AmbiguousName, AgreementChanged."""
    held = held_text(visit.node, visit.path["digest"])
    text = held.agreement
    title, title_language = worded(visit, text.title)
    preamble, preamble_language = worded(visit, text.text)
    return visit.page(
        "agreement.html",
        held=held,
        text=text,
        title=title,
        title_language=title_language,
        preamble=preamble,
        preamble_language=preamble_language,
        authoritative=[language_name(visit, code) for code in text.authoritative],
        is_authoritative=visit.language in text.authoritative,
        articles=articles(visit, text),
        names={code: language_name(visit, code) for code in ("en", "fr", "es")},
        state=_state(visit, text, held.standing),
        suspensions=suspensions_of(visit.node, text, held.standing),
    )


def agreement_file(visit: Visit) -> Response:
    """The exact bytes that officers sign."""
    text = held_text(visit.node, visit.path["digest"]).agreement
    return visit.file(f"{text.name}-v{text.version}.toml", "application/toml", text.source)


def _alarms(visit: Visit) -> Sequence[str]:
    return [error.said(visit.book.translate) for error in changed_agreements(visit.node)]


def _state(visit: Visit, text: Agreement, standing: Standing) -> State:
    partners = standing.partners_of(visit.node.party)
    missing = [one for one in standing.reasons if one.code == MISSING]
    rest = [one for one in standing.reasons if one.code != MISSING]
    return State(
        partners=partners,
        is_whole={visit.node.party, *partners} == set(text.parties),
        is_ours=visit.node.party in text.parties,
        reasons=[(one.sentence(visit.book.say), one.remedy(visit.book.say)) for one in rest],
        unsigned=[(one.values["party"], one.values["given"], one.values["needed"]) for one in missing],
    )


ROUTES = (
    *PREVIEW,
    *DIFF,
    *CARE,
    *SENT,
    get("/agreements", list_agreements, needs="read-agreements"),
    get("/agreements/{digest}", show_agreement, needs="read-agreements"),
    get("/agreements/{digest}/text.toml", agreement_file, needs="read-agreements"),
)
