"""What a new version changes, in plain paragraphs: first what the head of the text says, then one for each change, then
what is worded otherwise and does the same."""

from collections.abc import Iterator, Sequence

from entente.agreements.agreement import EMERGENCY, Agreement, Provision
from entente.agreements.comparing.change_leads import lead
from entente.agreements.comparing.changes import Changed, Comparison
from entente.agreements.comparing.condition_changes import conditions_changed
from entente.agreements.comparing.differences import BARS, GAINS
from entente.agreements.comparing.handling_words import handled, handled_otherwise
from entente.agreements.comparing.head_words import head_paragraphs
from entente.agreements.comparing.places import OCCASIONS
from entente.agreements.comparing.sentence_words import SentenceWords
from entente.agreements.telling.condition_said import condition_said
from entente.agreements.telling.explain import Words
from entente.records import Catalogue
from entente.vocabulary import Phrasebook


def paragraphs(found: Comparison, catalogue: Catalogue, book: Phrasebook) -> list[str]:
    """Everything that changes, a paragraph each."""
    words = SentenceWords(catalogue, book)
    if found.is_same:
        return [words.say("Both are the same text.")]
    return [
        *head_paragraphs(found.old, found.new, words),
        *change_paragraphs(found, catalogue, book),
        *_without_effect(found, words),
    ]


def change_paragraphs(found: Comparison, catalogue: Catalogue, book: Phrasebook) -> list[str]:
    """One for each of `found.changes`, in their order; else one that says that there is none."""
    words = SentenceWords(catalogue, book)
    if not found.changes:
        return [words.say("Who gives what to whom, for what and on which terms stays as it is.")]
    return [" ".join(_sentences(one, found, words)) for one in found.changes]


def _sentences(one: Changed, found: Comparison, words: SentenceWords) -> Iterator[str]:
    yield lead(one, found.new, words)
    yield from _days(one, found.new, words)
    yield from _occasions(one.occasions, words)
    if one.said_by:
        yield words.say("This is about what was said by others: {parties}.", parties=words.giving(one.said_by))
    yield from _conditions(one, found, words)
    what = one.what
    if what.change == "begins":
        yield from handled(what.after, words)
    elif what.is_handled_otherwise:
        yield from handled_otherwise(what.before, what.after, words)
    if what.change in GAINS and what.after.limits:
        yield words.say("A part of it stays forbidden by provision {ids}.", ids=words.listed(what.after.limits))
    yield _provisions(one, words)


def _days(one: Changed, new: Agreement, words: SentenceWords) -> Iterator[str]:
    """Only where it is not so for as long as the new version is valid."""
    starts, stops = one.first > new.valid_from, one.last < new.valid_until
    if starts and stops:
        yield words.say("This is so from {first} until {last}.", first=words.day(one.first), last=words.day(one.last))
    elif starts:
        yield words.say("This is so from {first} on.", first=words.day(one.first))
    elif stops:
        yield words.say("This is so until {last}.", last=words.day(one.last))


def _occasions(found: Sequence[str], words: SentenceWords) -> Iterator[str]:
    """In the order of their list; nothing where the occasion does not matter."""
    usual = {*OCCASIONS} - {EMERGENCY}
    if found and not set(found).issuperset(usual):
        named = [name for name in OCCASIONS if name in found]
        yield words.say("This is about what goes {occasions}.", occasions=words.occasions(named))


def _conditions(one: Changed, found: Comparison, words: SentenceWords) -> Iterator[str]:
    """What must be so now, and, where that is what changed, what had to be so before."""
    change, before, after = one.what.change, one.what.before.provisions, one.what.after.provisions
    if change in ("begins", "barred"):
        yield from _now(found.new, [id_ for id_ in after if change == "begins" or id_ not in before], words)
    elif change in ("ends", "unbarred"):
        yield from _now(found.old, [id_ for id_ in before if change == "ends" or id_ not in after], words)
    elif change != "handled":
        yield from _then_and_now(one, found, words)


def _now(text: Agreement, ids: Sequence[str], words: SentenceWords) -> Iterator[str]:
    provisions = [provision for id_ in ids if (provision := text.provision(id_))]
    if any(not provision.when for provision in provisions):
        return  # what one of them does without a condition needs none
    for provision in provisions:
        said = " ".join(_of_one(provision, words))
        if provision.effect == "forbid":
            yield words.say("Where this is so, or not known: {conditions}", conditions=said)
        else:
            yield words.say("Only where this is so: {conditions}", conditions=said)


def _then_and_now(one: Changed, found: Comparison, words: SentenceWords) -> Iterator[str]:
    sides = ((found.old, one.what.before.provisions), (found.new, one.what.after.provisions))
    before, after = ([provision for id_ in ids if (provision := text.provision(id_))] for text, ids in sides)
    if len(before) == len(after) == 1:
        yield from conditions_changed(before[0], after[0], words)
        return
    old, new = (_all_conditions(text, ids, words) for text, ids in sides)
    if old != new:
        yield words.say("Before: {conditions}", conditions=old or words.say("without a condition."))
        yield words.say("Now: {conditions}", conditions=new or words.say("without a condition."))


def _of_one(provision: Provision | None, words: SentenceWords) -> list[str]:
    """Each condition as a sentence, named with the label that the first of the provision's kinds gives the field."""
    kind = next(iter((provision and provision.kinds) or ()), "")
    if provision is None or kind not in words.catalogue.kinds:
        return []
    vocabulary, labels = words.catalogue.vocabulary, Words(words.catalogue.vocabulary, words.book, {"kind": kind})
    return [condition_said(one, words.catalogue.kinds[kind], vocabulary, labels) for one in provision.when]


def _all_conditions(text: Agreement, ids: Sequence[str], words: SentenceWords) -> str:
    """Of several provisions any is enough; one without conditions makes those of the others moot."""
    provisions: list[Provision] = [provision for id_ in ids if (provision := text.provision(id_))]
    if any(not provision.when for provision in provisions):
        return ""
    said = dict.fromkeys(" ".join(_of_one(provision, words)) for provision in provisions)
    return f" {words.say('Or:')} ".join(said)


def _provisions(one: Changed, words: SentenceWords) -> str:
    before, after = one.what.before.provisions, one.what.after.provisions
    if one.what.change in BARS or one.what.change in ("begins", "ends"):
        before, after = ((), after) if one.what.change in ("begins", "barred") else (before, after)
    if before == after or not before:
        return words.say("Provision {ids}.", ids=words.listed(after))
    if not after:
        return words.say("Provision {ids} of the earlier version.", ids=words.listed(before))
    return words.say(
        "Provision {ids}; in the earlier version {before}.", ids=words.listed(after), before=words.listed(before)
    )


def _without_effect(found: Comparison, words: SentenceWords) -> Iterator[str]:
    silent = found.without_effect
    if silent.reworded:
        yield words.say("Written otherwise, with the same effect: provision {ids}.", ids=words.listed(silent.reworded))
    if silent.added:
        yield words.say("New, and without effect of its own: provision {ids}.", ids=words.listed(silent.added))
    if silent.removed:
        yield words.say("Gone, without any effect: provision {ids}.", ids=words.listed(silent.removed))
