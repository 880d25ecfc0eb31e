"""Reasons of a row: codes with facts where they are found, sentences in the reader's language where they are read.

A column of reasons holds, for each row, a JSON list of pairs (code, facts); the vocabulary's list `because` has a
sentence for each code, with the facts in its `{placeholders}`.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal

from entente.vocabulary import Vocabulary

Fact = str | int | float
Reason = tuple[str, Mapping[str, Fact]]
BECAUSE = "because"
"""The list of the sentences."""
_CHANCES = ("p", "q", "fdr")
_SMALLEST = 0.001


def reasons_text(reasons: Iterable[Reason]) -> str:
    """What a column of reasons holds."""
    return json.dumps([[code, dict(facts)] for code, facts in reasons], ensure_ascii=False, separators=(",", ":"))


def reasons_said(text: str, vocabulary: Vocabulary, language: str) -> str:
    """The reasons in `text` as sentences. Numbers have three digits that count."""
    said = []
    for code, facts in json.loads(text):
        shown = {name: _shown(name, fact, language) for name, fact in facts.items()}
        said.append(vocabulary.label(BECAUSE, code, language).format_map(shown))
    return " ".join(said)


def _shown(name: str, fact: Fact, language: str) -> str:
    if not isinstance(fact, float):
        return str(fact)
    if name in _CHANCES and fact < _SMALLEST:
        return f"< {_written(Decimal(str(_SMALLEST)), language)}"
    return _written(Decimal(f"{fact:.3g}"), language)


def _written(number: Decimal, language: str) -> str:
    text = f"{number.normalize():f}"
    return text.replace(".", ",") if language == "fr" else text
