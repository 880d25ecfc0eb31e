"""The first sentence of a change: who now gives what to whom for what, who no longer does, and what is forbidden."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.comparing.changes import Changed
from entente.agreements.comparing.differences import BARS
from entente.agreements.comparing.sentence_words import SentenceWords, sentence
from entente.agreements.texts.sayings import Say

Form = Literal["one", "several", "mutual"]


def lead(changed: Changed, new: Agreement, words: SentenceWords) -> str:
    """The sentence, or two where what is now forbidden was given before."""
    givers = list(dict.fromkeys(giver for giver, _ in changed.pairs))
    receivers = sorted({receiver for _, receiver in changed.pairs})
    change = changed.what.change
    form = _form(givers, receivers)
    if change in BARS and form == "several":
        form = "one"  # what is forbidden to one is said of several in the same words
    said = _LEADS[change, form](
        words.say,
        {
            "givers": words.giving(givers),
            "to_givers": words.receiving(givers),
            "receivers": _receivers(receivers, givers, words),
            "purposes": words.purposes(_purposes(changed, new, words)),
            "what": what(changed.fields, words),
        },
    )
    if changed.is_ending:
        return f"{sentence(said)} {words.say('What the earlier version gave of it ends.')}"
    return sentence(said)


def _purposes(changed: Changed, new: Agreement, words: SentenceWords) -> list[str]:
    """Of what is now forbidden also those purposes that it was forbidden for before and still is."""
    every = words.catalogue.vocabulary.list("purpose").terms
    if changed.what.change != "barred":
        return [code for code in every if code in changed.purposes] or list(changed.purposes)
    always = [found for found in new.provisions if found.effect == "forbid" and not found.when]
    return [code for code in every if code in changed.purposes or _is_forbidden(changed, code, always, words)]


def _is_forbidden(changed: Changed, purpose: str, forbids: Sequence[Provision], words: SentenceWords) -> bool:
    """True when `forbids` together leave nothing of what `changed` is about for `purpose`."""
    kinds = words.catalogue.kinds
    return all(
        any(
            found.is_between(*pair)
            and found.is_for(purpose)
            and field in found.fields_of(kinds[kind])
            and found.valid_from <= changed.first
            and changed.last <= found.valid_until
            for found in forbids
        )
        for pair in changed.pairs
        for kind, field in changed.fields
    )


def _form(givers: list[str], receivers: list[str]) -> Form:
    if len(givers) == 1:
        return "one"
    return "mutual" if set(givers) == set(receivers) else "several"


def _receivers(receivers: list[str], givers: list[str], words: SentenceWords) -> str:
    everybody = words.catalogue.vocabulary.list("party").terms.keys()
    if {*receivers, *givers} >= everybody:
        return words.say("any partner at all")
    return words.receiving(receivers)


def what(fields: tuple[tuple[str, str], ...], words: SentenceWords) -> str:
    """The fields by kind, each kind's in its own order; whole kinds and whole classes by their names."""
    kinds = sorted({kind for kind, _ in fields})
    everything = {(kind.name, field.name) for kind in words.catalogue.kinds.values() for field in kind.fields}
    if set(fields) >= everything:
        return words.say("any record at all")
    return "; ".join(_of_kind(kind, {name for other, name in fields if other == kind}, words) for kind in kinds)


def _of_kind(name: str, fields: set[str], words: SentenceWords) -> str:
    kind, label = words.catalogue.kinds[name], words.label("kind", name)
    if fields >= {field.name for field in kind.fields}:
        return words.say("everything in each “{kind}” record", kind=label)
    named = [words.inline("field", f"{name}.{field.name}") for field in kind.fields if field.name in fields]
    if len(named) == 1:
        return words.say("one field of each “{kind}” record: {field}", kind=label, field=named[0])
    return words.say("these fields of each “{kind}” record: {fields}", kind=label, fields=", ".join(named))


_LEADS: Mapping[tuple[str, str], Callable[[Say, Mapping[str, Any]], str]] = {
    ("begins", "one"): lambda say, v: say("{givers} now gives {receivers}, {purposes}, {what}.", **v),
    ("begins", "several"): lambda say, v: say("{givers} now give {receivers}, {purposes}, {what}.", **v),
    ("begins", "mutual"): lambda say, v: say("{givers} now give each other, {purposes}, {what}.", **v),
    ("ends", "one"): lambda say, v: say("{givers} no longer gives {receivers}, {purposes}, {what}.", **v),
    ("ends", "several"): lambda say, v: say("{givers} no longer give {receivers}, {purposes}, {what}.", **v),
    ("ends", "mutual"): lambda say, v: say("{givers} no longer give each other, {purposes}, {what}.", **v),
    ("widens", "one"): lambda say, v: say(
        "In more cases than before, {givers} gives {receivers}, {purposes}, {what}.", **v
    ),
    ("widens", "several"): lambda say, v: say(
        "In more cases than before, {givers} give {receivers}, {purposes}, {what}.", **v
    ),
    ("widens", "mutual"): lambda say, v: say(
        "In more cases than before, {givers} give each other, {purposes}, {what}.", **v
    ),
    ("narrows", "one"): lambda say, v: say(
        "In fewer cases than before, {givers} gives {receivers}, {purposes}, {what}.", **v
    ),
    ("narrows", "several"): lambda say, v: say(
        "In fewer cases than before, {givers} give {receivers}, {purposes}, {what}.", **v
    ),
    ("narrows", "mutual"): lambda say, v: say(
        "In fewer cases than before, {givers} give each other, {purposes}, {what}.", **v
    ),
    ("shifts", "one"): lambda say, v: say(
        "In other cases than before, {givers} gives {receivers}, {purposes}, {what}.", **v
    ),
    ("shifts", "several"): lambda say, v: say(
        "In other cases than before, {givers} give {receivers}, {purposes}, {what}.", **v
    ),
    ("shifts", "mutual"): lambda say, v: say(
        "In other cases than before, {givers} give each other, {purposes}, {what}.", **v
    ),
    ("handled", "one"): lambda say, v: say(
        "On other terms than before, {givers} gives {receivers}, {purposes}, {what}.", **v
    ),
    ("handled", "several"): lambda say, v: say(
        "On other terms than before, {givers} give {receivers}, {purposes}, {what}.", **v
    ),
    ("handled", "mutual"): lambda say, v: say(
        "On other terms than before, {givers} give each other, {purposes}, {what}.", **v
    ),
    ("barred", "one"): lambda say, v: say(
        "From now on, whatever the agreement, {to_givers} must not give {receivers}, {purposes}, {what}.", **v
    ),
    ("barred", "mutual"): lambda say, v: say(
        "From now on, whatever the agreement, {to_givers} must not give each other, {purposes}, {what}.", **v
    ),
    ("unbarred", "one"): lambda say, v: say(
        "It is no longer forbidden for {to_givers} to give {receivers}, {purposes}, {what}.", **v
    ),
    ("unbarred", "mutual"): lambda say, v: say(
        "It is no longer forbidden for {to_givers} to give each other, {purposes}, {what}.", **v
    ),
    ("rebarred", "one"): lambda say, v: say(
        "In other cases than before, whatever the agreement, {to_givers} must not give {receivers}, {purposes}, "
        "{what}.",
        **v,
    ),
    ("rebarred", "mutual"): lambda say, v: say(
        "In other cases than before, whatever the agreement, {to_givers} must not give each other, {purposes}, {what}.",
        **v,
    ),
}
