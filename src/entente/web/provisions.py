"""Provisions of agreements as people read them: the clause, and in words what it makes this program do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from entente.web.rendering import day, number
from entente.web.values import field_label, labels

if TYPE_CHECKING:
    from entente.agreements import Agreement, Condition, Provision
    from entente.web.visit import Visit

Fact = tuple[str, Sequence[str]]
"""A name, and its values one below the other."""


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


def _article(visit: Visit, agreement: Agreement, provision: Provision) -> Article:
    text, language = worded(visit, provision.text)
    facts = _permits(visit, provision) if provision.effect == "permit" else _forbids(visit, provision)
    return Article(
        id=provision.id,
        reference=provision.reference,
        is_verified=provision.is_verified,
        is_forbid=provision.effect == "forbid",
        text=text,
        language=language,
        facts=[*facts, *_days(visit, agreement, provision)],
    )


def _permits(visit: Visit, provision: Provision) -> Iterator[Fact]:
    yield visit.say("Gives"), _parties(visit, provision.giver)
    yield visit.say("Receives"), _parties(visit, provision.receiver)
    yield visit.say("Kinds of record"), _listed(visit, "kind", provision.kinds)
    yield visit.say("Fields"), _fields(visit, provision)
    yield visit.say("For"), _listed(visit, "purpose", provision.purposes)
    if provision.when:
        yield visit.say("Only where"), conditions(visit, provision)
    yield visit.say("When it goes"), [labels(visit, "occasion", (provision.occasion,))]
    yield visit.say("Who lets it go"), [*_release(visit, provision)]
    if provision.caveats:
        yield visit.say("Caveats"), _listed(visit, "caveat", provision.caveats)
    if provision.duties:
        yield visit.say("What the receiver owes"), duties(visit, provision.duties)


def _release(visit: Visit, provision: Provision) -> Iterator[str]:
    yield labels(visit, "release", (provision.release,))
    kinds = [visit.node.catalogue.kinds.get(name) for name in provision.kinds or ()]
    if provision.release == "automatic" and any(kind and kind.is_about_person for kind in kinds):
        yield visit.say("What concerns a person never goes without a releasing officer, whatever stands here.")


def _forbids(visit: Visit, provision: Provision) -> Iterator[Fact]:
    yield visit.say("Must not give"), _parties(visit, provision.giver)
    yield visit.say("To"), _to_whom(visit, provision)
    yield visit.say("Kinds of record"), _listed(visit, "kind", provision.kinds)
    yield visit.say("Fields"), _fields(visit, provision)
    yield visit.say("For"), _listed(visit, "purpose", provision.purposes)
    if provision.when:
        yield visit.say("Where this is so, or not known"), conditions(visit, provision)


def _to_whom(visit: Visit, provision: Provision) -> Sequence[str]:
    if provision.scope == "all-partners":
        return [visit.say("any partner, whether party to this agreement or not")]
    return _parties(visit, provision.receiver)


def _days(visit: Visit, agreement: Agreement, provision: Provision) -> Iterator[Fact]:
    """Only where they are not those of the whole text."""
    own = (provision.valid_from, provision.valid_until)
    if own != (agreement.valid_from, agreement.valid_until):
        first, last = (day(one, visit.language) for one in own)
        yield visit.say("Valid"), [visit.say("from {first} until {last}", first=first, last=last)]


def _parties(visit: Visit, codes: Sequence[str] | None) -> Sequence[str]:
    return [visit.say("anybody")] if codes is None else _listed(visit, "party", codes)


def _listed(visit: Visit, words: str, codes: Sequence[str] | None) -> Sequence[str]:
    """INVARIANT: no choice is any, an empty one is none; the page says which."""
    if codes is None:
        return [visit.say("any")]
    return [labels(visit, words, (code,)) for code in codes] or [visit.say("none")]


def _fields(visit: Visit, provision: Provision) -> Sequence[str]:
    if provision.fields is None:
        return [visit.say("all fields")]
    return [_selected(visit, selector) for selector in provision.fields] or [visit.say("none")]


def _selected(visit: Visit, selector: str) -> str:
    """A selector of fields in words; a field is named with its kind, as two kinds may call fields alike."""
    if selector.startswith("class:"):
        name = labels(visit, "field-class", (selector.removeprefix("class:"),))
        return visit.say("everything of the class: {name}", name=name)
    kind, _, field = selector.partition(".")
    return visit.say("{field} ({kind})", field=field_label(visit, kind, field), kind=labels(visit, "kind", (kind,)))


def duties(visit: Visit, found: Mapping[str, int]) -> Sequence[str]:
    """Each duty with its days."""
    return [
        visit.say("{duty}: {days}", duty=labels(visit, "duty", (name,)), days=number(days, visit.language))
        for name, days in found.items()
    ]


def conditions(visit: Visit, provision: Provision) -> Sequence[str]:
    """Each condition as a sentence; all of them must hold."""
    return [_condition(visit, provision, condition) for condition in provision.when]


def _condition(visit: Visit, provision: Provision, condition: Condition) -> str:
    """Named with the label that the first of the provision's kinds gives the field."""
    kind = next(iter(provision.kinds or ()), "")
    found = visit.node.catalogue.kinds.get(kind)
    field = found.field(condition.field) if found else None
    name = field_label(visit, kind, condition.field)
    words = (field.vocabulary if field else None) or ""
    value = _wanted(visit, words, condition.value)
    if condition.test in ("listed_in", "not_listed_in"):
        on = field_label(visit, kind, condition.on) if condition.on else ""
        return _on_list(visit, condition, name=name, on=on)
    return _SAID[condition.test](visit.say, name, value)


def _on_list(visit: Visit, condition: Condition, *, name: str, on: str) -> str:
    """A list in law counts as it stood on a day: one of the record's, or that of the decision."""
    found = visit.node.catalogue.vocabulary.dated.get(str(condition.value))
    values = {"field": name, "list": found.source if found else str(condition.value), "on": on}
    is_listed = condition.test == "listed_in"
    if on:
        if is_listed:
            return visit.say("{field} was on this list on the day “{on}”: {list}.", **values)
        return visit.say("{field} was not on this list on the day “{on}”: {list}.", **values)
    if is_listed:
        return visit.say("{field} is on this list on the day of the decision: {list}.", **values)
    return visit.say("{field} is not on this list on the day of the decision: {list}.", **values)


def _wanted(visit: Visit, words: str, value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_wanted(visit, words, one) for one in value)
    if isinstance(value, bool):
        return visit.say("yes") if value else visit.say("no")
    if isinstance(value, date):
        return day(value, visit.language)
    if isinstance(value, int | Decimal):
        return number(value, visit.language)
    return labels(visit, words, (str(value),))


Say = Callable[..., str]
_SAID: Mapping[str, Callable[[Say, str, str], str]] = {
    "equals": lambda say, field, value: say("{field} is {value}.", field=field, value=value),
    "one_of": lambda say, field, value: say("{field} is one of: {value}.", field=field, value=value),
    "at_least": lambda say, field, value: say("{field} is {value} or more.", field=field, value=value),
    "at_most": lambda say, field, value: say("{field} is {value} or less.", field=field, value=value),
    "before": lambda say, field, value: say("{field} is before {value}.", field=field, value=value),
    "after": lambda say, field, value: say("{field} is after {value}.", field=field, value=value),
    "includes": lambda say, field, value: say("{field} includes {value}.", field=field, value=value),
    "only": lambda say, field, value: say("{field} includes nothing but: {value}.", field=field, value=value),
    "is_present": lambda say, field, _value: say("{field} is stated.", field=field),
}
