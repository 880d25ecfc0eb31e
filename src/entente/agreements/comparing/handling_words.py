"""Who must let it go, and how it may be held: in sentences about one version, or about what another changes of it."""

from collections.abc import Collection, Iterator

from entente.agreements.comparing.differences import Side
from entente.agreements.comparing.effects import Handling
from entente.agreements.comparing.sentence_words import SentenceWords


def handled(side: Side, words: SentenceWords) -> Iterator[str]:
    """How what begins to be given is handled."""
    yield _released({way.officers for way in side.ways}, words)
    yield from (_trained(days, words) for days in sorted({way.training_days for way in side.ways} - {0}))
    found = {way.handling for way in side.ways}
    if len(found) > 1:
        yield words.say("How it may be held depends on the case; the provisions say it.")
        return
    for handling in found:
        yield from (_duty(name, dict(handling.duties)[name], words) for name in _order(dict(handling.duties), words))
        if handling.caveats:
            yield words.say("Caveats: {caveats}.", caveats=_labels("caveat", handling.caveats, words))
        if handling.legal_bases:
            yield words.say("Legal bases: {bases}.", bases=_labels("legal-basis", handling.legal_bases, words))


def handled_otherwise(before: Side, after: Side, words: SentenceWords) -> Iterator[str]:
    """What changes in how it is handled, each once; several ways of one side are told side by side."""
    old, new = {way.officers for way in before.ways}, {way.officers for way in after.ways}
    if old != new:
        yield _released_otherwise(old, new, words)
    trainings = [{way.training_days for way in side.ways} for side in (before, after)]
    if trainings[0] != trainings[1]:
        yield from _trained_otherwise(trainings[0] - {0}, trainings[1] - {0}, words)
    handlings = [{way.handling for way in side.ways} for side in (before, after)]
    if len(handlings[0]) == len(handlings[1]) == 1:
        yield from _held_otherwise(handlings[0].pop(), handlings[1].pop(), words)
    elif handlings[0] != handlings[1] or (old == new and trainings[0] == trainings[1]):
        yield words.say("How it may be held changes from case to case; the provisions say it.")


def _released(officers: set[int], words: SentenceWords) -> str:
    if len(officers) > 1:
        return words.say("How many officers must release it depends on the case.")
    return _release(next(iter(officers), 0), words)


def _release(officers: int, words: SentenceWords) -> str:
    if officers == 0:
        return words.say("It goes at once, without an officer.")
    if officers == 1:
        return words.say("It goes once an officer has released it.")
    return words.say("It goes once two officers have released it.")


def _released_otherwise(old: set[int], new: set[int], words: SentenceWords) -> str:
    if len(old) > 1 or len(new) > 1:
        return words.say("How many officers must release it changes from case to case.")
    return f"{_release(min(new), words)} {_release_before(min(old), words)}"


def _release_before(officers: int, words: SentenceWords) -> str:
    if officers == 0:
        return words.say("Before, no officer was needed.")
    if officers == 1:
        return words.say("Before, one officer had to release it.")
    return words.say("Before, two officers had to release it.")


def _trained(days: int, words: SentenceWords) -> str:
    return words.say(
        "Only officers count who passed the exercises of this agreement within so many days: {days}.",
        days=words.number(days),
    )


def _trained_otherwise(old: set[int], new: set[int], words: SentenceWords) -> Iterator[str]:
    if not new:
        yield words.say("Officers no longer need to have passed the exercises of this agreement.")
    yield from (_trained(days, words) for days in sorted(new - old))


def _order(duties: Collection[str], words: SentenceWords) -> list[str]:
    """In the order of their list."""
    known = [name for name in words.catalogue.vocabulary.list("duty").terms if name in duties]
    return [*known, *sorted(set(duties) - set(known))]


def _duty(name: str, days: int, words: SentenceWords) -> str:
    shown, is_one = words.number(days), days == 1
    if name == "retain_days":
        if is_one:
            return words.say("The receiver may keep it for one day.")
        return words.say("The receiver may keep it for {days} days.", days=shown)
    if name == "feedback_days":
        if is_one:
            return words.say("The receiver says within one day what it was good for.")
        return words.say("The receiver says within {days} days what it was good for.", days=shown)
    return words.say("{duty}: {days}.", duty=words.label("duty", name), days=shown)


def _held_otherwise(old: Handling, new: Handling, words: SentenceWords) -> Iterator[str]:
    before, after = dict(old.duties), dict(new.duties)
    for name in _order({*before, *after}, words):
        if before.get(name) != after.get(name):
            yield _duty_otherwise(name, before.get(name), after.get(name), words)
    for name, say_more, say_less in (
        ("caveat", _more_caveats, _fewer_caveats),
        ("purpose", _more_uses, _fewer_uses),
        ("legal-basis", _more_bases, _fewer_bases),
    ):
        one, other = _part(old, name), _part(new, name)
        if more := [code for code in other if code not in one]:
            yield say_more(more, words)
        if fewer := [code for code in one if code not in other]:
            yield say_less(fewer, words)


def _part(handling: Handling, name: str) -> tuple[str, ...]:
    return {"caveat": handling.caveats, "purpose": handling.purposes, "legal-basis": handling.legal_bases}[name]


def _duty_otherwise(name: str, old: int | None, new: int | None, words: SentenceWords) -> str:
    if new is None:
        return _duty_gone(name, words)
    if old is None:
        return _duty(name, new, words)
    return f"{_duty(name, new, words)} {words.say('Before: {days} days.', days=words.number(old))}"


def _duty_gone(name: str, words: SentenceWords) -> str:
    if name == "retain_days":
        return words.say("How long the receiver may keep it is no longer limited.")
    if name == "feedback_days":
        return words.say("The receiver no longer has to say what it was good for.")
    return words.say("No longer owed: {duty}.", duty=words.label("duty", name))


def _more_caveats(codes: list[str], words: SentenceWords) -> str:
    return words.say("Caveats that are new: {caveats}.", caveats=_labels("caveat", codes, words))


def _fewer_caveats(codes: list[str], words: SentenceWords) -> str:
    return words.say("Caveats that no longer hold: {caveats}.", caveats=_labels("caveat", codes, words))


def _more_uses(codes: list[str], words: SentenceWords) -> str:
    return words.say("The receiver may now also use it {purposes}.", purposes=words.purposes(codes))


def _fewer_uses(codes: list[str], words: SentenceWords) -> str:
    return words.say("The receiver may no longer use it {purposes}.", purposes=words.purposes(codes))


def _more_bases(codes: list[str], words: SentenceWords) -> str:
    return words.say("Legal bases that are new: {bases}.", bases=_labels("legal-basis", codes, words))


def _fewer_bases(codes: list[str], words: SentenceWords) -> str:
    return words.say("Legal bases that are no longer named: {bases}.", bases=_labels("legal-basis", codes, words))


def _labels(list_name: str, codes: tuple[str, ...] | list[str], words: SentenceWords) -> str:
    """Within a sentence; what the law is called keeps its capitals."""
    said = words.label if list_name == "legal-basis" else words.inline
    return "; ".join(said(list_name, code) for code in codes)
