"""One unmet requirement as a sentence: what would make the provision apply."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from entente.agreements.texts.sayings import Say


class Labels(Protocol):
    """The reader's words: texts, labels of codes, names of fields and values."""

    say: Say

    def label(self, list_name: str, code: str) -> str: ...
    def labels(self, list_name: str, codes: Any) -> str: ...
    def field(self, name: str) -> str: ...
    def value(self, list_name: str, value: Any) -> str: ...
    def number(self, value: int | Decimal) -> str: ...


def unmet_sentence(found: Mapping[str, Any], words: Labels) -> str:
    """`found` is the JSON of an Unmet."""
    return UNMET[found["code"]](found, words)


def _purpose(found: Mapping[str, Any], words: Labels) -> str:
    return words.say("It would be released for: {purposes}.", purposes=words.labels("purpose", found["purposes"]))


def _occasion(found: Mapping[str, Any], words: Labels) -> str:
    return words.say(
        "It would be released on another occasion: {occasion}.", occasion=words.label("occasion", found["occasion"])
    )


def _dates(found: Mapping[str, Any], words: Labels) -> str:
    return words.say("It is valid from {first} until {last}.", first=found["valid_from"], last=found["valid_until"])


def _officers(found: Mapping[str, Any], words: Labels) -> str:
    if found["needed"] == 1:
        return words.say("It needs a releasing officer.")
    if found["given"] == 0:
        return words.say("It needs two releasing officers.")
    return words.say("It needs a second releasing officer.")


def _training(found: Mapping[str, Any], words: Labels) -> str:
    return words.say(
        "Only officers count who passed the exercises of {agreement} within {days} days.",
        agreement=found["agreement"],
        days=found["days"],
    )


def _caveat(found: Mapping[str, Any], words: Labels) -> str:
    return words.say("Its caveats rule out this purpose: {caveats}.", caveats=words.labels("caveat", found["caveats"]))


def _one_agreement(_found: Mapping[str, Any], words: Labels) -> str:
    return words.say("It would permit it, but one agreement must permit all that goes in a message.")


def _condition(found: Mapping[str, Any], words: Labels) -> str:
    field = words.field(found["field"])
    if not found["is_known"]:
        return _unknown(found, field, words)
    if found["test"] in _OF_NUMBERS:
        value = words.number(Decimal(found["value"]))
    else:
        value = words.value(_LISTS.get(found["test"], found["vocabulary"]), found["value"])
    if "unit" in found:
        value = f"{value} {found['unit']}"
    if found.get("on"):
        return _FAILED_ON[found["test"], found["value"] is False](field, value, words.field(found["on"]), words.say)
    if isinstance(found["value"], bool) and found["test"] in _OF_TRUTH:
        return _OF_TRUTH[found["test"]][found["value"]](field, words.say)
    return _FAILED[found["test"]](field, value, words.say)


def _unknown(found: Mapping[str, Any], field: str, words: Labels) -> str:
    """Which of several fields could not be read is not told: explanations hold no value."""
    beside = [words.field(found[name]) for name in ("on", "unit_in") if found.get(name)]
    if not beside:
        return words.say("{field} is not known, and the provision depends on it.", field=field)
    return words.say(
        "These are not all known, or cannot be compared, and the provision depends on them: {fields}.",
        fields=", ".join([field, *beside]),
    )


UNMET: Mapping[str, Callable[[Mapping[str, Any], Labels], str]] = {
    "purpose": _purpose,
    "occasion": _occasion,
    "dates": _dates,
    "officers": _officers,
    "training": _training,
    "caveat": _caveat,
    "one-agreement": _one_agreement,
    "condition": _condition,
}
_FAILED: Mapping[str, Callable[[str, str, Say], str]] = {
    "equals": lambda field, value, say: say("{field} is not {value}.", field=field, value=value),
    "one_of": lambda field, value, say: say("{field} is none of: {value}.", field=field, value=value),
    "at_least": lambda field, value, say: say("{field} is below {value}.", field=field, value=value),
    "at_most": lambda field, value, say: say("{field} is above {value}.", field=field, value=value),
    "before": lambda field, value, say: say("{field} is not before {value}.", field=field, value=value),
    "after": lambda field, value, say: say("{field} is not after {value}.", field=field, value=value),
    "age_days_at_least": lambda field, value, say: say(
        "{field} lies fewer than {value} days back.", field=field, value=value
    ),
    "age_days_at_most": lambda field, value, say: say(
        "{field} lies more than {value} days back.", field=field, value=value
    ),
    "listed_in": lambda field, value, say: say("{field} is not on the list {value}.", field=field, value=value),
    "not_listed_in": lambda field, value, say: say("{field} is on the list {value}.", field=field, value=value),
    "controlled_in": lambda field, value, say: say(
        "{field} is not on any list of controlled substances of: {value}.", field=field, value=value
    ),
    "within": lambda field, value, say: say("{field} does not lie within: {value}.", field=field, value=value),
    "consent_given": lambda field, _value, say: say("{field}: consent was not given.", field=field),
    "includes": lambda field, value, say: say("{field} does not include {value}.", field=field, value=value),
    "only": lambda field, value, say: say("{field} includes something other than: {value}.", field=field, value=value),
    "is_present": lambda field, _value, say: say("{field} is missing.", field=field),
}
_OF_TRUTH: Mapping[str, Mapping[bool, Callable[[str, Say], str]]] = {
    "is_minor": {
        True: lambda field, say: say("{field} is that of a person of full age.", field=field),
        False: lambda field, say: say("{field} is that of a minor.", field=field),
    },
    "is_person": {
        True: lambda field, say: say("{field} is not a person.", field=field),
        False: lambda field, say: say("{field} is a person.", field=field),
    },
}
_FAILED_ON: Mapping[tuple[str, bool], Callable[[str, str, str, Say], str]] = {
    ("listed_in", False): lambda field, value, on, say: say(
        "{field} was not on the list {value} on the day “{on}”.", field=field, value=value, on=on
    ),
    ("not_listed_in", False): lambda field, value, on, say: say(
        "{field} was on the list {value} on the day “{on}”.", field=field, value=value, on=on
    ),
    ("controlled_in", False): lambda field, value, on, say: say(
        "{field} was, on the day “{on}”, on no list of controlled substances of: {value}.",
        field=field,
        value=value,
        on=on,
    ),
    ("is_minor", False): lambda field, _value, on, say: say(
        "{field} is that of a person who was of full age on the day “{on}”.", field=field, on=on
    ),
    ("is_minor", True): lambda field, _value, on, say: say(
        "{field} is that of a person who was a minor on the day “{on}”.", field=field, on=on
    ),
}
"""Of tests that are made on another day than that of the decision; with True, what was asked is that they fail."""
_OF_NUMBERS = ("at_least", "at_most", "age_days_at_least", "age_days_at_most")
_LISTS = {"controlled_in": "country"}
