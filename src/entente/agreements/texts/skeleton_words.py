"""The sentences of a first draft: comments that teach, clauses to be replaced, and what its golden decisions show."""

from collections.abc import Callable, Mapping
from textwrap import wrap
from types import MappingProxyType
from typing import Any

from entente.vocabulary import LANGUAGES, Phrasebook, phrasebook

_WIDTH = 116

_TEXTS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "top": lambda say, **_: say(
            "A first draft. `entente agreements test` tries its golden decisions, `entente agreements check` says what"
            " may not be meant. Delete these comments before anybody signs: their bytes are part of the text."
        ),
        "parties": lambda say, **_: say("It comes into force between any two parties whose two officers have signed."),
        "days": lambda say, **_: say("First and last day, both included, as the calendar stands in this time zone."),
        "reference": lambda say, **_: say(
            "The article of the paper text, and the public law it stands on. Write verified = true once somebody has"
            " checked it."
        ),
        "fields": lambda say, **_: say(
            "Field by field, so that what is added to the kind later is not given. Take out what the purpose does not"
            " need."
        ),
        "left-out": lambda say, fields: say(
            "Left out, because they name people or are free text: {fields}.", fields=fields
        ),
        "when": lambda say, **_: say(
            'Conditions narrow it, for example when = [{{ field = "FIELD", equals = "CODE" }}]; all must hold.'
        ),
        "release": lambda say, **_: say("One officer looks at each before it goes; automatic lets it go without."),
        "about-persons": lambda say, **_: say(
            "Records about persons: two different officers look at each before it goes."
        ),
        "caveats": lambda say, **_: say(
            "How the receiver handles it, how long it may be kept, and until when it owes an answer, in days."
        ),
        "forbid": lambda say, **_: say(
            "What is forbidden no provision permits. What is left out here means any: any party, any kind, any field."
        ),
        "decisions": lambda say, **_: say(
            "Golden decisions: examples of what the agreement means, and its tests. Add one for every provision and"
            " every condition, and for what must not go."
        ),
        "purpose-of-it": lambda say, **_: say("Draft. Say here in a few sentences what the agreement is for."),
        "clause": lambda say, giver, receivers, kind: say(
            "Draft. {giver} gives {receivers} records of the kind {kind} for the purposes named here.",
            giver=giver,
            receivers=receivers,
            kind=kind,
        ),
        "prohibition": lambda say, purpose: say(
            "Draft. Nothing is given for this purpose: {purpose}.", purpose=purpose
        ),
        "waits-for-officers": lambda say, **_: say(
            "A record for an agreed purpose waits for officers; what is left out stays."
        ),
        "not-for-another-purpose": lambda say, **_: say("For a purpose that is not agreed on, nothing goes."),
        "before-the-first-day": lambda say, **_: say(
            "On the day before the first day nothing is in force, so nothing goes."
        ),
    }
)


def comment(name: str, book: Phrasebook, **values: str) -> list[str]:
    """Lines of a TOML comment."""
    return [f"# {line}" for line in wrap(_TEXTS[name](book.say, **values), _WIDTH)]


def in_all_languages(
    name: str, values: Callable[[str], Mapping[str, Any]] = lambda _language: MappingProxyType({})
) -> Mapping[str, str]:
    """By language; `values` are those of a language."""
    return {language: _TEXTS[name](phrasebook(language).say, **values(language)) for language in LANGUAGES}


def says(name: str) -> Mapping[str, str]:
    return in_all_languages(name)


def page(title: str, book: Phrasebook) -> str:
    """README.md of the draft."""
    say = book.say
    steps = (
        say("Open this folder in an editor that knows TOML schemas; it completes and checks while you write."),
        say("`entente agreements test .` tries the golden decisions and says what none of them tries."),
        say("`entente agreements check agreement.toml` says what its authors may not have meant."),
        say("`entente agreements format agreement.toml` lays the text out, as long as nobody has signed it."),
        say("Delete the comments, then add and sign it: `entente agreements add`, `entente agreements sign`."),
    )
    what = say("A draft agreement. `agreement.toml` is the text, `decisions.toml` its golden decisions.")
    return "\n".join(
        [f"# {title}", "", what, "", *(f"{number}. {step}" for number, step in enumerate(steps, start=1)), ""]
    )
