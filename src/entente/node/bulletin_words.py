"""Words that hurt, found in what a person adds to a bulletin, and what to say instead: dated words with their source.

A word that is found is a question to whoever writes, not a refusal: it is changed, or kept with a reason that whoever
approves reads.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from entente.errors import InputFault
from entente.vocabulary import Vocabulary

WORDS = "word-that-hurts"


class WordsToAnswer(InputFault):
    """What you add to the bulletin holds words that hurt those it is for: {words}. Say it otherwise, or keep a word and
    give the reason: --keep "WORD=REASON"."""


@dataclass(frozen=True, slots=True)
class Hurting:
    """A word as it was written, the language of the text it stands in, and what to say instead."""

    written: str
    language: str
    instead: str


def words_that_hurt(texts: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Hurting]:
    """In the texts by language, each word once, in capitals or not."""
    terms = vocabulary.list(WORDS).terms.values()
    for language, text in texts.items():
        folded, seen = _folded(text), set[str]()
        for term in terms:
            for form in term.attributes["forms"][language]:
                found = re.search(rf"(?<!\w){re.escape(_folded(form))}(?!\w)", folded)
                if found and form not in seen:
                    seen.add(form)
                    yield Hurting(form, language, str(term.attributes["instead"][language]))


def check_words(texts: Mapping[str, str], kept: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """What was kept and why, one word a line. Raises WordsToAnswer for a word that nobody answers for."""
    reasons = {_folded(word): why.strip() for word, why in kept.items()}
    found = list(words_that_hurt(texts, vocabulary))
    open_ones = [one for one in found if not reasons.get(_folded(one.written))]
    if open_ones:
        raise WordsToAnswer(words="; ".join(f"“{one.written}” → {one.instead}" for one in open_ones))
    return "\n".join(f"{one.written}: {reasons[_folded(one.written)]}" for one in found)


def _folded(text: str) -> str:
    """Without capitals and typographic apostrophes, white space one space. Accents stay: in French they tell drugs
    from those who use them."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(plain.split())
