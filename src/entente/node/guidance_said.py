"""Advice in sentences: whom to ask, what keeps agreements from being in force, and what the answer rests on."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from entente.node.guidance import Advice, Contact, Wish
from entente.vocabulary import Phrasebook, Vocabulary

Say = Callable[..., str]

URGENCIES_SAID: Mapping[str, Callable[[Say], str]] = MappingProxyType(
    {
        "routine": lambda say: say("Routine: nobody has asked for it"),
        "asked": lambda say: say("They have asked for it"),
        "hit": lambda say: say("A hit: theirs and ours are the same thing or person"),
        "life": lambda say: say("A life is at risk"),
    }
)
_WISHES: Mapping[Wish, Callable[[Say, str], str]] = MappingProxyType(
    {
        "release": lambda say, party: say("To agree to the release, at {party}", party=party),
        "originator": lambda say, party: say("To share it or to permit it, as it is theirs: {party}", party=party),
        "sign": lambda say, party: say("To sign, or to say why not, at {party}", party=party),
        "propose": lambda say, party: say("To propose an agreement or a new version, at {party}", party=party),
    }
)


def contact_said(contact: Contact, vocabulary: Vocabulary, book: Phrasebook) -> tuple[str, str]:
    """What to ask of them, and who they are."""
    wish = _WISHES[contact.wish](book.say, vocabulary.label("party", contact.party, book.language))
    if contact.people:
        return wish, ", ".join(contact.people)
    if contact.wish == "release":
        return wish, book.say("Nobody here may release. An administrator gives the role of a releasing officer.")
    return wish, book.say("No name is known here; the liaison office knows whom to ask.")


def passed_on_said(advice: Advice, vocabulary: Vocabulary, book: Phrasebook) -> str:
    """Of what others said and is not at hand: that how it came here may bind it more; else empty."""
    if advice.record is not None or not advice.guidance.ask.through:
        return ""
    party = vocabulary.label("party", advice.guidance.ask.record.said_by, book.language)
    return book.say(
        "As said by {party}. What it was given to us for, and with which caveats, binds it too.", party=party
    )


def rests_on(advice: Advice) -> list[tuple[str, str]]:
    """The agreements in force that bear on it: name with version, and digest."""
    return [(f"{text.name} v{text.version}", text.digest) for text in advice.guidance.agreements]


def advice_json(advice: Advice) -> dict[str, Any]:
    """For programs; no sentence, and no value of a record."""
    found, wanted = advice.guidance, advice.wanted
    return {
        "answer": found.answer,
        "at": advice.at,
        "kind": found.ask.kind.name,
        "record": None if advice.record is None else advice.record.id,
        "with": wanted.partner,
        "for": wanted.purpose,
        "urgency": wanted.urgency,
        "said_by": found.ask.record.said_by,
        "occasion": found.ask.occasion,
        "refusal": None if found.refusal is None else found.refusal.to_json(),
        "officers": found.needs,
        "parts": [
            {
                "verdict": part.verdict,
                "fields": list(part.fields),
                "officers": part.officers,
                "because": [
                    {
                        **ground.ref.to_json(),
                        "reference": ground.provision.reference,
                        "effect": ground.provision.effect,
                        "hangs_on": [one.to_json() for one in ground.hangs_on],
                        "unmet": [one.to_json() for one in ground.unmet],
                    }
                    for ground in part.grounds
                ],
            }
            for part in found.parts
        ],
        "unknown": list(found.unknown),
        "is_exact": found.is_exact,
        "alternatives": [
            {"change": one.change, "to": one.code, "answer": one.guidance.answer} for one in advice.alternatives
        ],
        "ask": [{"to": one.wish, "party": one.party, "people": list(one.people)} for one in advice.contacts],
        "agreements": [
            {"name": text.name, "version": text.version, "digest": text.digest} for text in found.agreements
        ],
    }
