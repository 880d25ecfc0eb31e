"""A condition as a sentence: what must be so. What is not so says `unmet`."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from entente.agreements.agreement import Provision
from entente.agreements.deciding.conditions import Condition, field_of
from entente.agreements.telling.explain import Words
from entente.agreements.texts.sayings import Say
from entente.records import Catalogue, Kind
from entente.vocabulary import Phrasebook, Vocabulary


def condition_said(condition: Condition, kind: Kind, vocabulary: Vocabulary, words: Words) -> str:
    """What `condition` asks of a record of `kind`, as a sentence."""
    name = words.field(condition.field)
    if condition.test in ("listed_in", "not_listed_in"):
        listed = vocabulary.dated.get(str(condition.value))
        source = listed.source if listed else str(condition.value)
        return _on_list(words, name, source, condition)
    if condition.on is not None and (condition.test, condition.value is False) in _ON_A_DAY:
        value = words.value("country", str(condition.value))
        return _ON_A_DAY[condition.test, condition.value is False](words.say, name, value, words.field(condition.on))
    if condition.test in _OF_TRUTH:
        return _OF_TRUTH[condition.test][bool(condition.value)](words.say, name)
    return _SAID[condition.test](words.say, name, wanted_said(condition, kind, words))


def wanted_said(condition: Condition, kind: Kind, words: Words) -> str:
    """What the field is compared with, with its unit: `0.1 kg`, `Canada`."""
    field = field_of(kind, condition.field)
    lists = {"controlled_in": "country"}.get(condition.test, (field.vocabulary if field else None) or "")
    value = _wanted(condition.value, lists, words)
    return f"{value} {condition.unit}" if condition.unit else value


def conditions_said(provision: Provision, catalogue: Catalogue, book: Phrasebook) -> list[str]:
    """Each condition of `provision` as a sentence, all of which must hold; fields by the labels of its first kind."""
    kind = catalogue.kinds.get(next(iter(provision.kinds or ()), ""))
    if kind is None:
        return []
    words = Words(catalogue.vocabulary, book, {"kind": kind.name})
    return [condition_said(condition, kind, catalogue.vocabulary, words) for condition in provision.when]


def _on_list(words: Words, name: str, source: str, condition: Condition) -> str:
    values = {"field": name, "list": source, "on": words.field(condition.on) if condition.on else ""}
    is_listed = condition.test == "listed_in"
    if condition.on:
        if is_listed:
            return words.say("{field} was on this list on the day “{on}”: {list}.", **values)
        return words.say("{field} was not on this list on the day “{on}”: {list}.", **values)
    if is_listed:
        return words.say("{field} is on this list on the day of the decision: {list}.", **values)
    return words.say("{field} is not on this list on the day of the decision: {list}.", **values)


def _wanted(value: object, list_name: str, words: Words) -> str:
    if isinstance(value, tuple):
        return ", ".join(_wanted(one, list_name, words) for one in value)
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    if isinstance(value, int | Decimal):
        return words.number(value)
    return value.isoformat() if isinstance(value, date) else words.value(list_name, str(value))


_SAID: Mapping[str, Callable[[Say, str, str], str]] = MappingProxyType(
    {
        "equals": lambda say, field, value: say("{field} is {value}.", field=field, value=value),
        "one_of": lambda say, field, value: say("{field} is one of: {value}.", field=field, value=value),
        "at_least": lambda say, field, value: say("{field} is {value} or more.", field=field, value=value),
        "at_most": lambda say, field, value: say("{field} is {value} or less.", field=field, value=value),
        "before": lambda say, field, value: say("{field} is before {value}.", field=field, value=value),
        "after": lambda say, field, value: say("{field} is after {value}.", field=field, value=value),
        "age_days_at_least": lambda say, field, value: say(
            "{field} lies {value} days back or more.", field=field, value=value
        ),
        "age_days_at_most": lambda say, field, value: say(
            "{field} lies {value} days back or less.", field=field, value=value
        ),
        "controlled_in": lambda say, field, value: say(
            "{field} is, on the day of the decision, on a list of controlled substances of: {value}.",
            field=field,
            value=value,
        ),
        "within": lambda say, field, value: say("{field} lies within: {value}.", field=field, value=value),
        "consent_given": lambda say, field, _value: say("{field}: consent was given.", field=field),
        "includes": lambda say, field, value: say("{field} includes {value}.", field=field, value=value),
        "only": lambda say, field, value: say("{field} includes nothing but: {value}.", field=field, value=value),
        "is_present": lambda say, field, _value: say("{field} is stated.", field=field),
    }
)
_OF_TRUTH: Mapping[str, Mapping[bool, Callable[[Say, str], str]]] = MappingProxyType(
    {
        "is_minor": {
            True: lambda say, field: say("{field} is that of a minor on the day of the decision.", field=field),
            False: lambda say, field: say(
                "{field} is that of a person of full age on the day of the decision.", field=field
            ),
        },
        "is_person": {
            True: lambda say, field: say("{field} is a person.", field=field),
            False: lambda say, field: say("{field} is not a person.", field=field),
        },
    }
)
_ON_A_DAY: Mapping[tuple[str, bool], Callable[[Say, str, str, str], str]] = MappingProxyType(
    {
        ("controlled_in", False): lambda say, field, value, on: say(
            "{field} was, on the day “{on}”, on a list of controlled substances of: {value}.",
            field=field,
            value=value,
            on=on,
        ),
        ("is_minor", False): lambda say, field, _value, on: say(
            "{field} is that of a person who was a minor on the day “{on}”.", field=field, on=on
        ),
        ("is_minor", True): lambda say, field, _value, on: say(
            "{field} is that of a person who was of full age on the day “{on}”.", field=field, on=on
        ),
    }
)
"""Tests that are made on another day than that of the decision; with True, what is asked is that they fail."""
