"""When two ways of writing are one name: `para-Fluorofentanyl` and `p-fluorofentanyl`."""

import re
import unicodedata

# Greek letters as laws and laboratories write them; the Act writes the German sharp s (U+00DF) for beta.
_GREEK = str.maketrans(
    {
        "\u03b1": "alpha",
        "\u03b2": "beta",
        "\u00df": "beta",
        "\u03b3": "gamma",
        "\u03b4": "delta",
        "\u0394": "delta",
        "\u03c9": "omega",
    }
)
_POSITIONS = (
    (re.compile(r"\bpara(?=[-\u2013 ])", re.IGNORECASE), "p"),
    (re.compile(r"\bmeta(?=[-\u2013 ])", re.IGNORECASE), "m"),
    (re.compile(r"\bortho(?=[-\u2013 ])", re.IGNORECASE), "o"),
)


def folded(name: str) -> str:
    """`name` without capitals, accents, blanks and marks, Greek letters and positions in one way.

    It never guesses: names that differ in a letter or a digit are two names.
    """
    text = name.translate(_GREEK)
    for pattern, short in _POSITIONS:
        text = pattern.sub(short, text)
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())
