"""What a provision makes this program do, in the reader's words: names with their values, alike on screens and
terminals."""

from collections.abc import Iterator, Mapping, Sequence

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.comparing.sentence_words import SentenceWords
from entente.agreements.telling.condition_said import conditions_said
from entente.records import Catalogue
from entente.vocabulary import Phrasebook

Fact = tuple[str, Sequence[str]]
"""A name, and its values one below the other."""


def provision_said(agreement: Agreement, provision: Provision, catalogue: Catalogue, book: Phrasebook) -> list[Fact]:
    """What the program does by `provision` of `agreement`, first to last, in the language of `book`."""
    words = SentenceWords(catalogue, book)
    facts = _permits(provision, words) if provision.effect == "permit" else _forbids(provision, words)
    return [*facts, *_days(agreement, provision, words)]


def head_said(agreement: Agreement, catalogue: Catalogue, book: Phrasebook) -> list[Fact]:
    """Between whom the text is, who signs beside them, and on which days, by whose clock."""
    words = SentenceWords(catalogue, book)
    facts: list[Fact] = [(words.say("Parties"), _listed("party", agreement.parties, words))]
    if agreement.also_signed_by:
        facts.append((words.say("Also signed by"), _listed("party", agreement.also_signed_by, words)))
    first, last = words.day(agreement.valid_from), words.day(agreement.valid_until)
    return [
        *facts,
        (words.say("Valid"), [words.say("from {first} until {last}", first=first, last=last)]),
        (words.say("Time zone"), [agreement.zone]),
        *_asking(agreement, words),
    ]


def _asking(agreement: Agreement, words: SentenceWords) -> Iterator[Fact]:
    """What the text says about queries and requests."""
    if agreement.is_discreet:
        yield words.say("Answers to queries"), [words.say("never tell whether anything is held")]
    if agreement.budgets:
        yield (
            words.say("Queries a day"),
            [
                words.say("{name}: {value}", name=words.label("purpose", purpose), value=words.number(number))
                for purpose, number in agreement.budgets.items()
            ],
        )
    if agreement.due_hours:
        yield (
            words.say("Hours until an answer is due"),
            [
                words.say("{name}: {value}", name=words.label("urgency", urgency), value=words.number(hours))
                for urgency, hours in agreement.due_hours.items()
            ],
        )


def duties_said(duties: Mapping[str, int], words: SentenceWords) -> list[str]:
    """Each duty with its days."""
    return [
        words.say("{duty}: {days}", duty=words.label("duty", name), days=words.number(days))
        for name, days in duties.items()
    ]


def _permits(provision: Provision, words: SentenceWords) -> Iterator[Fact]:
    yield words.say("Gives"), _parties(provision.giver, words)
    if provision.on_behalf_of is not None:
        yield words.say("On behalf of"), _parties(provision.on_behalf_of, words)
    yield words.say("Receives"), _parties(provision.receiver, words)
    yield from _what(provision, words)
    if provision.when:
        yield words.say("Only where"), conditions_said(provision, words.catalogue, words.book)
    yield words.say("When it goes"), [words.label("occasion", provision.occasion)]
    yield words.say("Who lets it go"), [*_release(provision, words)]
    if provision.legal_bases:
        yield words.say("Legal basis"), _listed("legal-basis", provision.legal_bases, words)
    if provision.caveats:
        yield words.say("Caveats"), _listed("caveat", provision.caveats, words)
    if provision.duties:
        yield words.say("What the receiver owes"), duties_said(provision.duties, words)


def _forbids(provision: Provision, words: SentenceWords) -> Iterator[Fact]:
    yield words.say("Must not give"), _parties(provision.giver, words)
    yield words.say("To"), _to_whom(provision, words)
    yield from _what(provision, words)
    if provision.when:
        conditions = conditions_said(provision, words.catalogue, words.book)
        yield words.say("Where this is so, or not known"), conditions
    if provision.purposes is None:
        yield words.say("In an emergency"), [words.say("It does not delay saving a life.")]


def _what(provision: Provision, words: SentenceWords) -> Iterator[Fact]:
    if provision.roles:
        yield words.say("Chosen by role"), [_role(selector, provision, words) for selector in provision.roles]
    yield words.say("Kinds of record"), _listed("kind", provision.kinds, words)
    yield words.say("Fields"), _fields(provision, words)
    yield words.say("For"), _listed("purpose", provision.purposes, words)


def _role(selector: str, provision: Provision, words: SentenceWords) -> str:
    """A role with the parties that it stands for."""
    role, known = selector.removeprefix("role:"), words.catalogue.vocabulary.list("party").terms
    named = dict.fromkeys((*provision.giver, *(provision.receiver or ())))
    parties = [code for code in named if code in known and role in known[code].attributes.get("roles", ())]
    labels = ", ".join(words.label("party", code) for code in parties) or words.say("none")
    return words.say("{name}: {value}", name=words.label("party-role", role), value=labels)


def _release(provision: Provision, words: SentenceWords) -> Iterator[str]:
    yield words.label("release", provision.release)
    kinds = [words.catalogue.kinds.get(name) for name in provision.kinds or ()]
    if provision.release == "automatic" and any(kind and kind.is_about_person for kind in kinds):
        yield words.say("What concerns a person never goes without a releasing officer, whatever stands here.")
    if provision.training_days is not None:
        days = words.number(provision.training_days)
        yield words.say("Only officers count who passed its exercises within {days} days.", days=days)


def _to_whom(provision: Provision, words: SentenceWords) -> Sequence[str]:
    if provision.scope == "all-partners":
        return [words.say("any partner, whether party to this agreement or not")]
    return _parties(provision.receiver, words)


def _days(agreement: Agreement, provision: Provision, words: SentenceWords) -> Iterator[Fact]:
    """Only where they are not those of the whole text."""
    own = (provision.valid_from, provision.valid_until)
    if own != (agreement.valid_from, agreement.valid_until):
        first, last = map(words.day, own)
        yield words.say("Valid"), [words.say("from {first} until {last}", first=first, last=last)]


def _parties(codes: Sequence[str] | None, words: SentenceWords) -> Sequence[str]:
    return [words.say("anybody")] if codes is None else _listed("party", codes, words)


def _listed(list_name: str, codes: Sequence[str] | None, words: SentenceWords) -> Sequence[str]:
    """INVARIANT: no choice is any, an empty one is none; the reader is told which."""
    if codes is None:
        return [words.say("any")]
    return [words.label(list_name, code) for code in codes] or [words.say("none")]


def _fields(provision: Provision, words: SentenceWords) -> Sequence[str]:
    if provision.fields is None:
        return [words.say("all fields")]
    return [_selected(selector, words) for selector in provision.fields] or [words.say("none")]


def _selected(selector: str, words: SentenceWords) -> str:
    """A selector of fields in words; a field is named with its kind, as two kinds may call fields alike."""
    if selector.startswith("class:"):
        name = words.label("field-class", selector.removeprefix("class:"))
        return words.say("everything of the class: {name}", name=name)
    kind, _, field = selector.partition(".")
    label = words.label("field", selector)
    return words.say("{field} ({kind})", field=field if label == selector else label, kind=words.label("kind", kind))
