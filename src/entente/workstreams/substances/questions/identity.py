"""Which substance is meant by what is written: another name, a salt, a CAS number or an InChIKey, each with a reason.

Names are never guessed from their likeness. Two sources speak of one substance where the first name of one is among
the names of the other, or where they give one CAS number or InChIKey; where CAS numbers under one name differ, the name
joins nothing and stays ambiguous.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entente.analysis import Table
from entente.workstreams.substances.identifiers import is_cas, is_inchikey, skeleton
from entente.workstreams.substances.questions.entries import Entry, names_of
from entente.workstreams.substances.questions.joining import joined_sets
from entente.workstreams.substances.questions.names import folded
from entente.workstreams.substances.records import NAMES_SEPARATOR

KIND = "substance-name"
REASONS = ("same-name", "synonym", "law", "cas", "inchikey", "salt", "salt-cas", "salt-word", "inchikey-skeleton")
"""Why something written means a substance (list `match-reason`), the strongest first."""
_OF_FORM = {"name": "synonym", "salt": "salt", "cas": "cas", "salt-cas": "salt-cas", "inchikey": "inchikey"}
_IDENTIFIES = ("cas", "inchikey")
_NAMES = ("same-name", "synonym", "law")

# Salts as laboratories write them, in our three languages. Not acetates, phosphates and the like: those may be esters.
_SALT = re.compile(
    r"(?P<en>.+?)[ ,(]+(mono|di)?(hydrochloride|hydrobromide|hcl|hbr|citrate|sul(f|ph)ate|tartrate|maleate|fumarate"
    r"|oxalate|salt undetermined)\)?"
    r"|(chlorhydrate|bromhydrate|citrate|sulfate|tartrate|maléate|fumarate|oxalate) (de |d[\u2019'])(?P<fr>.+)"
    r"|(clorhidrato|bromhidrato|citrato|sulfato|tartrato|maleato|fumarato|oxalato) de (?P<es>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One way of writing: `key` is what is compared; `reason` says why it means the substance."""

    text: str
    key: str
    reason: str
    reference: str | None
    is_verified: bool | None


@dataclass(slots=True)
class Substance:
    """One substance as all sources together know it. `entries` are numbers of control entries that name it."""

    name: str = ""
    writings: list[Written] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)

    def identifiers(self, reason: str) -> str:
        return NAMES_SEPARATOR.join(sorted({one.text for one in self.writings if one.reason == reason}))


@dataclass(frozen=True, slots=True)
class Match:
    """What was written, and one substance that it means."""

    substance: Substance
    writing: Written
    reason: str


class Identities:
    """The substances that names and control entries speak of."""

    def __init__(self, given: Table, entries: Sequence[Entry]) -> None:
        cards = [*_cards_of_names(given), *_cards_of_entries(entries)]
        self.substances = [
            _merged([cards[number] for number in group]) for group in joined_sets(_links(cards), len(cards))
        ]
        self.substances.sort(key=lambda one: (folded(one.name), one.name))
        self._by_key: dict[str, list[Match]] = {}
        for substance in self.substances:
            for one in substance.writings:
                self._by_key.setdefault(one.key, []).append(Match(substance, one, one.reason))

    def meant(self, written: str) -> list[Match]:
        """The substances that `written` may mean, each once with its strongest reason; empty where none is known."""
        key = _key(written)
        found = _once(self._by_key.get(key, ()))
        if not found and is_inchikey(key):
            same = [one for other, ones in self._by_key.items() if _is_relative(other, key) for one in ones]
            return _once(Match(one.substance, one.writing, "inchikey-skeleton") for one in same)
        salt = None if found else _SALT.fullmatch(written.strip())
        if salt:
            base = self._by_key.get(_key(salt["en"] or salt["fr"] or salt["es"]), ())
            return _once(Match(one.substance, one.writing, "salt-word") for one in base if one.reason in _NAMES)
        return found

    def writings(self) -> list[str]:
        """Every way of writing that is known, in order; those that are compared alike once."""
        texts = {one.key: one.text for substance in reversed(self.substances) for one in reversed(substance.writings)}
        return sorted(texts.values(), key=lambda text: (folded(text), text))


def _key(written: str) -> str:
    text = written.strip()
    return text if is_cas(text) or is_inchikey(text) else folded(text)


def _is_relative(other: str, key: str) -> bool:
    return is_inchikey(other) and skeleton(other) == skeleton(key)


def _once(matches: Iterable[Match]) -> list[Match]:
    """The strongest match of each substance, in the order of the substances."""
    best: dict[int, Match] = {}
    for one in matches:
        kept = best.setdefault(id(one.substance), one)
        if REASONS.index(one.reason) < REASONS.index(kept.reason):
            best[id(one.substance)] = one
    return list(best.values())


def _cards_of_names(given: Table) -> Iterator[Substance]:
    """One card for each substance of each publication."""
    cards: dict[tuple[str, str], Substance] = {}
    columns = ["publication", "substance", "form", "written", "reference", "is_verified"]
    for row in given.rows.select(columns).to_pylist():
        card = cards.setdefault((row["publication"], folded(row["substance"])), Substance(row["substance"]))
        if not card.writings:
            card.writings.append(Written(card.name, _key(card.name), "same-name", row["publication"], None))
        reference = row["reference"] or row["publication"]
        card.writings.append(_writing(row, reference))
    yield from cards.values()


def _writing(row: Mapping[str, Any], reference: str) -> Written:
    return Written(row["written"], _key(row["written"]), _OF_FORM[row["form"]], reference, row["is_verified"])


def _cards_of_entries(entries: Sequence[Entry]) -> Iterator[Substance]:
    """One card for each control entry that gives names: they are names of one substance, as the law says."""
    for number, entry in enumerate(entries):
        names = list(names_of(entry))
        if names:
            source, checked = entry["reference"] or entry["instrument"], entry["is_verified"]
            numbers = [part for part in (entry["cas"] or "").split(NAMES_SEPARATOR) if part]
            writings = [Written(name, _key(name), "law", source, checked) for name in names]
            writings += [Written(one, one, "cas", source, checked) for one in numbers]
            yield Substance(names[0], writings, [number])


def _links(cards: Sequence[Substance]) -> Iterator[Sequence[int]]:
    """Numbers of cards that are about one substance."""
    carriers: dict[str, list[int]] = {}
    for number, card in enumerate(cards):
        for one in card.writings:
            if one.reason in (*_NAMES, *_IDENTIFIES):
                carriers.setdefault(one.key, []).append(number)
    first = {_key(card.name) for card in cards}
    for key, numbers in carriers.items():
        if is_cas(key) or is_inchikey(key) or (key in first and not _contradict(cards, numbers)):
            yield numbers


def _contradict(cards: Sequence[Substance], numbers: Sequence[int]) -> bool:
    """Whether the CAS numbers of these cards fall into sets that share none: one name of two substances."""
    told = [{one.key for one in cards[number].writings if one.reason == "cas"} for number in dict.fromkeys(numbers)]
    known = [numbers for numbers in told if numbers]
    links = [[a, b] for a, one in enumerate(known) for b, other in enumerate(known) if a < b and one & other]
    return len(joined_sets(links, len(known))) > 1


def _merged(cards: Sequence[Substance]) -> Substance:
    """All cards of one substance as one; it is called as a list of names calls it, else by its shortest first name."""
    named = [card for card in cards if not card.entries] or list(cards)
    name = min((card.name for card in named), key=lambda text: (len(text), folded(text), text))
    return Substance(
        name, [one for card in cards for one in card.writings], [number for card in cards for number in card.entries]
    )
