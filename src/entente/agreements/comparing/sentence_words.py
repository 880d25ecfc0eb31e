"""The parts of a sentence in the reader's language: parties with their articles, purposes with their prepositions,
days, numbers, and lists of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from entente.agreements.texts.sayings import Say
from entente.records import Catalogue
from entente.vocabulary import Phrasebook

_LOCALES = {"en": "en_CA", "fr": "fr_CA", "es": "es_MX"}


class SentenceWords:
    """What sentences about agreements are made of, in the language of `book`."""

    def __init__(self, catalogue: Catalogue, book: Phrasebook) -> None:
        self.catalogue = catalogue
        self.say: Say = book.say
        self.book, self._language = book, book.language

    def label(self, list_name: str, code: str) -> str:
        return self.catalogue.vocabulary.label(list_name, code, self._language)

    def giving(self, codes: Iterable[str]) -> str:
        """Parties as the subject: `the RCMP and the DEA`."""
        return self.listed(self._phrase("party-giving", "party", code) for code in codes)

    def receiving(self, codes: Iterable[str]) -> str:
        """Parties to whom something is given or forbidden: « à la GRC et à la DEA »."""
        return self.listed(self._phrase("party-receiving", "party", code) for code in codes)

    def purposes(self, codes: Sequence[str]) -> str:
        if set(codes) >= self.catalogue.vocabulary.list("purpose").terms.keys():
            return self.say("for any purpose")
        return self.listed(self._phrase("purpose-served", "purpose", code) for code in codes)

    def occasions(self, codes: Sequence[str]) -> str:
        return self.listed(self._phrase("occasion-met", "occasion", code) for code in codes)

    def listed(self, items: Iterable[str]) -> str:
        """`a, b and c`."""
        return format_list(list(items), locale=_LOCALES[self._language])

    def inline(self, list_name: str, code: str) -> str:
        """A label within a sentence: with a small letter, unless it is an abbreviation."""
        label = self.label(list_name, code)
        return label if label[1:2].isupper() or label[:2] == "U." else label[:1].lower() + label[1:]

    def day(self, value: date) -> str:
        said = str(format_date(value, "long", locale=_LOCALES[self._language]))
        is_first = self._language == "fr" and said.startswith("1 ")
        return f"1er{said[1:]}" if is_first else said

    def number(self, value: int | Decimal) -> str:
        return number_said(value, self._language)

    def _phrase(self, list_name: str, labels: str, code: str) -> str:
        """Who has no word for use within a sentence is called by the label."""
        found = self.label(list_name, code)
        return self.label(labels, code) if found == code else found


def number_said(value: int | Decimal, language: str) -> str:
    """Every digit of `value`, as the readers of `language` write numbers."""
    return str(format_decimal(value, locale=_LOCALES[language], decimal_quantization=False))


def sentence(text: str) -> str:
    """`text` with a capital."""
    return text[:1].upper() + text[1:]
