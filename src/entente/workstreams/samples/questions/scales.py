"""Words for a likelihood ratio, by dated scales that stand beside this file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

DEFAULT = "enfsi-2015"
Scale = tuple[tuple[float, str], ...]
"""(ratio from which the word is used, code of the list `link-strength`), rising."""


@cache
def scales() -> Mapping[str, Scale]:
    """All scales by code, the oldest first."""
    read = tomllib.loads(files(__package__).joinpath("scales.toml").read_text("utf-8"))["scale"]
    return {
        one["code"]: tuple((float(least), str(word)) for least, word in one["from"])
        for one in sorted(read, key=lambda one: one["since"])
    }


def word(scale: str, ratio: float) -> str:
    """The word of the scale for a ratio of 0 or more."""
    return [code for least, code in scales()[scale] if least <= ratio][-1]
