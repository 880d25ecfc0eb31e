"""A decision in sentences, for people at home. Every sentence is derived from the stored explanation, none is kept.

INVARIANT: nothing here travels to a partner; partners get provision ids.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from entente.agreements.comparing.sentence_words import number_said
from entente.agreements.deciding.conditions import RECORD_FIELDS
from entente.agreements.deciding.decision import Decision, Limits
from entente.agreements.telling.unmet import unmet_sentence
from entente.agreements.texts.sayings import Say
from entente.vocabulary import Phrasebook, Vocabulary


def explain(decision: Decision, vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
    """What goes, under which provision, and for every field that does not go, who forbids it or what comes nearest."""
    sentences = explain_json(decision.to_json(), vocabulary, book)
    if decision.unknown_fields:
        unknown = ", ".join(decision.unknown_fields)
        sentences.append(
            book.say("The record holds fields that its kind does not know, which never go: {fields}.", fields=unknown)
        )
    return sentences


def explain_json(body: Mapping[str, Any], vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
    """As `explain`, from a stored explanation: the value of Decision.to_json()."""
    words = Words(vocabulary, book, body["asked"])
    reasons = [sentence for reason in body["reasons"] if (sentence := _reason(reason, words))]
    fields = [_field(found, body, words) for found in _grouped(body["withheld"])]
    return [
        _outcome(body, words),
        *_passed_on(body, words),
        *reasons,
        *_succession(body, words),
        *_handling(body, words),
        *fields,
    ]


def explain_withheld(
    found: Mapping[str, Any], body: Mapping[str, Any], vocabulary: Vocabulary, book: Phrasebook
) -> str:
    """The sentence about one member of the list `withheld` of the explanation `body`."""
    return _field(([found["field"]], found), body, Words(vocabulary, book, body["asked"]))


def explain_unmet(
    unmet: Sequence[Mapping[str, Any]], body: Mapping[str, Any], vocabulary: Vocabulary, book: Phrasebook
) -> list[str]:
    """One sentence for each member of a list `unmet` or `unknown` of the explanation `body`, none twice."""
    words = Words(vocabulary, book, body["asked"])
    return list(dict.fromkeys(unmet_sentence(found, words) for found in unmet))


def explain_limits(limits: Limits, vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
    """What a record of ours is bound by because of what it rests on; nothing where it rests on nothing of others."""
    asked = {"kind": "", "giver": "", "receiver": ""}
    words = Words(vocabulary, book, asked)
    said = []
    if limits.purposes is not None:
        said.append(_refusal("inherited-purpose", limits.purposes, words))
    if len(limits.agreements) == 1:
        said.append(_refusal("inherited-agreement", limits.agreements, words))
    elif limits.agreements:
        said.append(
            words.say(
                "It rests on what others gave under {number} agreements; it goes under a text that stands for all of "
                "them only.",
                number=len(limits.agreements),
            )
        )
    if limits.caveats:
        said.append(words.say("Caveats: {caveats}.", caveats=words.labels("caveat", limits.caveats)))
    return said


class Words:
    """The reader's language: texts, labels of codes, and names of the parties and fields of one ask."""

    def __init__(self, vocabulary: Vocabulary, book: Phrasebook, asked: Mapping[str, Any]) -> None:
        self._vocabulary, self._book, self.asked = vocabulary, book, asked
        self.say: Say = book.say

    def label(self, list_name: str, code: str) -> str:
        return self._vocabulary.label(list_name, code, self._book.language)

    def labels(self, list_name: str, codes: Sequence[str]) -> str:
        return ", ".join(self.label(list_name, code) for code in codes)

    def field(self, name: str) -> str:
        """The label of a field of the kind, or its name where there is none."""
        found = name if name in RECORD_FIELDS else f"{self.asked['kind']}.{name}"
        label = self.label("field", found)
        return name if label == found else label

    def number(self, value: int | Decimal) -> str:
        return number_said(value, self._book.language)

    def fields(self, names: Sequence[str]) -> str:
        return ", ".join(self.field(name) for name in names)

    def parties(self) -> dict[str, str]:
        return {name: self.label("party", self.asked[name]) for name in ("giver", "receiver")}

    def value(self, list_name: str, value: Any) -> str:
        """A value that a condition names; a code by its label in `list_name`."""
        if isinstance(value, list):
            return ", ".join(self.value(list_name, item) for item in value)
        return self.label(list_name, str(value))


def _provision(found: Mapping[str, Any], words: Words) -> str:
    return words.say(
        "{name} v{version}, provision {provision}", **{k: found[k] for k in ("name", "version", "provision")}
    )


def _outcome(body: Mapping[str, Any], words: Words) -> str:
    values = {**words.parties(), "purpose": words.label("purpose", body["asked"]["purpose"])}
    if body["outcome"] == "release":
        fields = words.fields(body["fields"])
        return words.say("{giver} may give to {receiver} for {purpose}: {fields}.", fields=fields, **values)
    if body["outcome"] == "wait":
        fields = words.fields(body["waiting"])
        return words.say("Waits for release by {giver} to {receiver} for {purpose}: {fields}.", fields=fields, **values)
    return words.say("{giver} gives nothing of this to {receiver} for {purpose}.", **values)


def _reason(reason: Mapping[str, Any], words: Words) -> str:
    code, say = reason["code"], words.say
    if code in _PROVISIONS:
        return _PROVISIONS[code](say, _provision(reason, words))
    return _refusal(code, reason["details"], words)


def _refusal(code: str, details: Sequence[str], words: Words) -> str:
    said = WHOLE_REASONS.get(code)
    return said(words.say, {**words.parties(), "details": details}, words) if said else ""


_PROVISIONS: Mapping[str, Callable[[Say, str], str]] = {
    "permits": lambda say, named: say("It goes under {provision}.", provision=named),
    "waits": lambda say, named: say("It would go under {provision}.", provision=named),
    "forbids": lambda say, named: say("A part is forbidden by {provision}.", provision=named),
    "set-aside": lambda say, named: say("Life is at risk, so this does not delay it: {provision}.", provision=named),
}

WHOLE_REASONS: Mapping[str, Callable[[Say, Mapping[str, Any], Words], str]] = {
    "nothing-in-force": lambda say, v, _words: say(
        "No agreement between {giver} and {receiver} is in force, so nothing leaves.",
        giver=v["giver"],
        receiver=v["receiver"],
    ),
    "no-provision": lambda say, v, _words: say(
        "No provision between {giver} and {receiver} permits any of it.", giver=v["giver"], receiver=v["receiver"]
    ),
    "holder-role": lambda say, v, words: say(
        "Only parties with this role may hold it: {role}.", role=words.labels("party-role", v["details"])
    ),
    "kind-purpose": lambda say, v, words: (
        say("This kind of record serves nothing but: {purposes}.", purposes=words.labels("purpose", v["details"]))
        if v["details"]
        else say("This kind of record serves no purpose of any agreement.")
    ),
    "inherited-purpose": lambda say, v, words: (
        say(
            "By the limits of what it rests on, it serves nothing but: {purposes}.",
            purposes=words.labels("purpose", v["details"]),
        )
        if v["details"]
        else say("What it rests on was given for purposes that have nothing in common, so it serves none.")
    ),
    "inherited-caveat": lambda say, v, words: say(
        "It is held under caveats that rule out this purpose: {caveats}.", caveats=words.labels("caveat", v["details"])
    ),
    "not-a-rescue": lambda say, _v, _words: say("An emergency is a risk to life, and serves nothing but rescue."),
    "inherited-agreement": lambda say, v, _words: (
        say("It rests on what others gave under one agreement; it goes under that one or its successor only.")
        if len(v["details"]) == 1
        else say("It rests on what others gave under several agreements, and none here stands for all of them.")
    ),
    "third-party": lambda say, v, words: say(
        "It was said by {originator}, and what others said is not ours to pass on.",
        originator=words.labels("party", v["details"]),
    ),
    "same-party": lambda say, _v, _words: say("Giver and receiver are the same."),
    "nothing-to-give": lambda say, _v, _words: say(
        "The record holds nothing of what is permitted, so nothing is sent."
    ),
}


def _passed_on(body: Mapping[str, Any], words: Words) -> list[str]:
    """Through whom it came, where it is given on behalf of others."""
    chain = body["asked"].get("chain")
    if not chain or body["outcome"] == "withhold":
        return []
    given = " → ".join(words.label("party", party) for party in [*chain, body["asked"]["giver"]])
    return [
        words.say(
            "It is given on behalf of {originator}: {chain}.", originator=words.label("party", chain[0]), chain=given
        )
    ]


def _succession(body: Mapping[str, Any], words: Words) -> list[str]:
    is_later = any(new == body["agreement"] for new, _ in body["asked"].get("succeeds", ()))
    if not is_later:
        return []
    return [words.say("What it rests on was given under an earlier version, in whose place this one stands.")]


def _handling(body: Mapping[str, Any], words: Words) -> list[str]:
    found = []
    if body["purposes"]:
        found.append(words.say("It may be used for: {purposes}.", purposes=words.labels("purpose", body["purposes"])))
    if body["caveats"]:
        found.append(words.say("Caveats: {caveats}.", caveats=words.labels("caveat", body["caveats"])))
    if body.get("legal_bases"):
        bases = words.labels("legal-basis", body["legal_bases"])
        found.append(words.say("Legal basis named by the provisions: {bases}.", bases=bases))
    for duty, days in body["duties"].items():
        found.append(words.say("{duty}: {days}.", duty=words.label("duty", duty), days=days))
    if body["needs"] == 1:
        found.append(words.say("One more releasing officer is needed for the rest."))
    elif body["needs"] > 1:
        found.append(words.say("{needs} more releasing officers are needed for the rest.", needs=body["needs"]))
    return found


def _grouped(withheld: Sequence[Mapping[str, Any]]) -> list[tuple[list[str], Mapping[str, Any]]]:
    """Fields that are withheld for the same reasons are said in one sentence."""
    groups: list[tuple[list[str], Mapping[str, Any]]] = []
    for found in withheld:
        for names, other in groups:
            if (other["by"], other["near_misses"]) == (found["by"], found["near_misses"]):
                names.append(found["field"])
                break
        else:
            groups.append(([found["field"]], found))
    return groups


def _field(group: tuple[list[str], Mapping[str, Any]], body: Mapping[str, Any], words: Words) -> str:
    names, found = group
    fields = words.fields(names)
    if found["by"]:
        return _forbidden(fields, found["by"], words)
    if found["near_misses"]:
        near = " ".join(_near_miss(miss, words) for miss in found["near_misses"])
        return words.say("Withheld: {fields}. {near}", fields=fields, near=near)
    if any(reason["code"] in _WHOLE for reason in body["reasons"]):
        return words.say("Withheld: {fields}.", fields=fields)
    return words.say(
        "Withheld: {fields}. Not permitted by any provision between {giver} and {receiver}.",
        fields=fields,
        **words.parties(),
    )


_WHOLE = tuple(code for code in WHOLE_REASONS if code not in ("no-provision", "nothing-to-give"))


def _forbidden(fields: str, forbids: Sequence[Mapping[str, Any]], words: Words) -> str:
    named = "; ".join(_provision(found, words) for found in forbids)
    unknown = [unmet_sentence(item, words) for found in forbids for item in found["unknown"]]
    if unknown:
        why = " ".join(dict.fromkeys(unknown))
        return words.say("Withheld: {fields}. Forbidden by {provision}. {why}", fields=fields, provision=named, why=why)
    return words.say("Withheld: {fields}. Forbidden by {provision}.", fields=fields, provision=named)


def _near_miss(miss: Mapping[str, Any], words: Words) -> str:
    why = " ".join(unmet_sentence(item, words) for item in miss["unmet"])
    return words.say("Nearest is {provision}: {why}", provision=_provision(miss, words), why=why)
