"""Provisions of agreements as people read them: the clause, and in words what it makes this program do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entente.agreements.comparing.sentence_words import SentenceWords
from entente.agreements.telling.provision_said import Fact, duties_said, provision_said

if TYPE_CHECKING:
    from entente.agreements import Agreement, Provision
    from entente.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One provision. `language` is that of `text`; `facts` what the program does by it, first to last."""

    id: str
    reference: str
    is_verified: bool
    is_forbid: bool
    text: str
    language: str
    facts: Sequence[Fact]


def articles(visit: Visit, agreement: Agreement) -> Sequence[Article]:
    """All provisions of the text, in its order."""
    return [_article(visit, agreement, provision) for provision in agreement.provisions]


def worded(visit: Visit, texts: Mapping[str, str]) -> tuple[str, str]:
    """The text in the reader's language, else in the first it has; and which language that is."""
    language = visit.language if texts.get(visit.language) else next(iter(texts), visit.language)
    return texts.get(language, "").strip(), language


def language_name(visit: Visit, language: str) -> str:
    names = {"en": visit.say("English"), "fr": visit.say("French"), "es": visit.say("Spanish")}
    return names.get(language, language)


def duties(visit: Visit, found: Mapping[str, int]) -> Sequence[str]:
    """Each duty with its days."""
    return duties_said(found, SentenceWords(visit.node.catalogue, visit.book))


def _article(visit: Visit, agreement: Agreement, provision: Provision) -> Article:
    text, language = worded(visit, provision.text)
    return Article(
        id=provision.id,
        reference=provision.reference,
        is_verified=provision.is_verified,
        is_forbid=provision.effect == "forbid",
        text=text,
        language=language,
        facts=provision_said(agreement, provision, visit.node.catalogue, visit.book),
    )
