"""The sentence and the remedy of every remark, by code. The texts are message ids: the catalogues hold their
translations."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from entente.agreements.care.sayings_of_check import MEANING
from entente.agreements.texts.sayings_of_text import TEXT


class Say(Protocol):
    """Looks a text up in the reader's language and fills in `values`: entente.vocabulary.Phrasebook.say."""

    def __call__(self, message_id: str, **values: object) -> str: ...


Saying = Callable[[Say, Mapping[str, str]], tuple[str, str]]

SAYINGS: Mapping[str, Saying] = MappingProxyType({**TEXT, **MEANING})
"""Remark code -> its sentence and remedy. Every code that a remark can have stands here."""
