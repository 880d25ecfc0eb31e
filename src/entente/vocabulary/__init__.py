"""Words: code lists, mappings from native names, dated lists, units, fiscal years, and the three languages.

Knows TOML files of terms (its own and those a workstream hands in). Refuses to know kinds, records and agreements.
Nouns: `Term`, `CodeList`, `Mapping`, `DatedList`, `Vocabulary`.
"""

from entente.vocabulary.fiscal import fiscal_year_ca, fiscal_year_us
from entente.vocabulary.languages import LANGUAGES, Phrasebook, phrasebook
from entente.vocabulary.terms import (
    CodeList,
    DatedEntry,
    DatedList,
    NativeMapping,
    Term,
    UnknownWord,
    UnreadableVocabulary,
    Vocabulary,
    house_vocabulary,
    read_vocabulary,
)
from entente.vocabulary.units import UNITS, Unit, UnknownUnit, convert, to_base

__all__ = [
    "LANGUAGES",
    "UNITS",
    "CodeList",
    "DatedEntry",
    "DatedList",
    "NativeMapping",
    "Phrasebook",
    "Term",
    "Unit",
    "UnknownUnit",
    "UnknownWord",
    "UnreadableVocabulary",
    "Vocabulary",
    "convert",
    "fiscal_year_ca",
    "fiscal_year_us",
    "house_vocabulary",
    "phrasebook",
    "read_vocabulary",
    "to_base",
]
