"""English, French and Spanish from one catalogue: gettext .po files beside this module, English text as id."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The texts of one language; what is missing is said in English."""

    language: str
    texts: Mapping[str, str]

    def translate(self, message_id: str) -> str:
        """The template for `message_id`, its `{placeholders}` still open."""
        return self.texts.get(message_id, message_id)

    def say(self, message_id: str, **values: object) -> str:
        """The text for `message_id`, with `values` in its `{placeholders}`."""
        return self.translate(message_id).format(**values)


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrasebook of `language`; a language without a catalogue speaks English."""
    if language not in LANGUAGES[1:]:
        return Phrasebook("en", MappingProxyType({}))
    from babel.messages.pofile import read_po  # here, because English must not pay for it

    with files("entente.vocabulary").joinpath("catalogue", f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    texts = {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    return Phrasebook(language, MappingProxyType(texts))
