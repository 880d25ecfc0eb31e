"""One unmet requirement as a sentence: what would make the provision apply."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from entente.agreements.sayings import Say


class Labels(Protocol):
    """The reader's words: texts, labels of codes, names of fields and values."""

    say: Say

    def label(self, list_name: str, code: str) -> str: ...
    def labels(self, list_name: str, codes: Any) -> str: ...
    def field(self, name: str) -> str: ...
    def value(self, list_name: str, value: Any) -> str: ...


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


def _one_agreement(_found: Mapping[str, Any], words: Labels) -> str:
    return words.say("It would permit it, but one agreement must permit all that goes in a message.")


def _condition(found: Mapping[str, Any], words: Labels) -> str:
    field = words.field(found["field"])
    if not found["is_known"]:
        return words.say("{field} is not known, and the provision depends on it.", field=field)
    return _FAILED[found["test"]](field, words.value(found["vocabulary"], found["value"]), words.say)


UNMET: Mapping[str, Callable[[Mapping[str, Any], Labels], str]] = {
    "purpose": _purpose,
    "occasion": _occasion,
    "dates": _dates,
    "officers": _officers,
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
    "listed_in": lambda field, value, say: say("{field} is not on the list {value}.", field=field, value=value),
    "not_listed_in": lambda field, value, say: say("{field} is on the list {value}.", field=field, value=value),
    "includes": lambda field, value, say: say("{field} does not include {value}.", field=field, value=value),
    "only": lambda field, value, say: say("{field} includes something other than: {value}.", field=field, value=value),
    "is_present": lambda field, _value, say: say("{field} is missing.", field=field),
}
