"""What a new version changes above its provisions: its name, predecessor, parties, days, zone and languages."""

from collections.abc import Collection, Iterator

from entente.agreements.agreement import Agreement
from entente.agreements.comparing.sentence_words import SentenceWords


def head_paragraphs(old: Agreement, new: Agreement, words: SentenceWords) -> Iterator[str]:
    """One for each thing that changed."""
    yield from _identity(old, new, words)
    yield from _parties(old, new, words)
    if (old.valid_from, old.valid_until) != (new.valid_from, new.valid_until):
        yield words.say(
            "The new version is valid from {first} until {last}; the earlier one from {old_first} until {old_last}. "
            "What follows compares them as if both were valid on the days of the new one.",
            first=words.day(new.valid_from),
            last=words.day(new.valid_until),
            old_first=words.day(old.valid_from),
            old_last=words.day(old.valid_until),
        )
    if old.zone != new.zone:
        yield words.say("Days are counted in the zone {zone} instead of {before}.", zone=new.zone, before=old.zone)
    if set(old.authoritative) != set(new.authoritative):
        yield words.say(
            "Authoritative languages: {languages}; before: {before}.",
            languages=words.listed(new.authoritative),
            before=words.listed(old.authoritative),
        )
    yield from _asking(old, new, words)
    if old.directory != new.directory:
        yield words.say("Which parties stand behind a role that the text names is no longer the same.")


def _identity(old: Agreement, new: Agreement, words: SentenceWords) -> Iterator[str]:
    if old.name != new.name:
        yield words.say("These are two agreements: {name}, and before {before}.", name=new.name, before=old.name)
    elif new.predecessor != old.digest:
        yield words.say(
            "The new text does not name the earlier one as its predecessor, so it does not stand in its place."
        )
    if old.is_model != new.is_model:
        yield words.say("The new text is a model.") if new.is_model else words.say("The new text is no longer a model.")


def _asking(old: Agreement, new: Agreement, words: SentenceWords) -> Iterator[str]:
    if new.is_discreet and not old.is_discreet:
        yield words.say("Answers to queries no longer tell whether anything is held.")
    elif old.is_discreet and not new.is_discreet:
        yield words.say("Answers to queries now tell whether anything is held that may be told.")
    for purpose in sorted({*old.budgets, *new.budgets}):
        before, after = old.budgets.get(purpose), new.budgets.get(purpose)
        if before != after:
            yield words.say(
                "Queries a day for {purpose}: {queries}; before: {before}.",
                purpose=words.label("purpose", purpose),
                queries=_number(after, words),
                before=_number(before, words),
            )
    for urgency in sorted({*old.due_hours, *new.due_hours}):
        before, after = old.due_hours.get(urgency), new.due_hours.get(urgency)
        if before != after:
            yield words.say(
                "Hours in which an answer of the class {urgency} is due: {hours}; before: {before}.",
                urgency=words.label("urgency", urgency),
                hours=_number(after, words),
                before=_number(before, words),
            )


def _number(value: int | None, words: SentenceWords) -> str:
    return words.say("not said") if value is None else words.number(value)


def _parties(old: Agreement, new: Agreement, words: SentenceWords) -> Iterator[str]:
    if joined := _apart(new.parties, old.parties):
        yield words.say("New parties: {parties}.", parties=_named(joined, words))
    if left := _apart(old.parties, new.parties):
        yield words.say("No longer parties: {parties}.", parties=_named(left, words))
    if joined := _apart(new.also_signed_by, old.also_signed_by):
        yield words.say("Also signed now by: {parties}.", parties=_named(joined, words))
    if left := _apart(old.also_signed_by, new.also_signed_by):
        yield words.say("No longer also signed by: {parties}.", parties=_named(left, words))


def _apart(these: Collection[str], others: Collection[str]) -> list[str]:
    return [code for code in these if code not in others]


def _named(codes: list[str], words: SentenceWords) -> str:
    return ", ".join(words.label("party", code) for code in codes)
