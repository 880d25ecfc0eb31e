"""What verbs share: the language, the options every verb has, and writing to the terminal."""

import getpass
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.records.kinds import STEERING
from entente.vocabulary import LANGUAGES, Phrasebook, phrasebook


def chosen_language(environment: Mapping[str, str]) -> str:
    """ENTENTE_LANGUAGE, or the first two letters of the locale; English when it is none of ours."""
    for name in ("ENTENTE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")[:2].lower()
        if value:
            return value if value in LANGUAGES else "en"
    return "en"


PHRASES: Phrasebook = phrasebook(chosen_language(os.environ))
say = PHRASES.say

NodeFolder = Annotated[
    Path,
    typer.Option("--node", "-n", envvar="ENTENTE_NODE", help=say("Folder of the node; by default the current folder.")),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("Print JSON instead of text."))]
Why = Annotated[str, typer.Option("--why", help=say("Why you read records; it is logged with your name."))]
Who = Annotated[
    str, typer.Option("--who", envvar="ENTENTE_WHO", help=say("Who you are; by default your name on this machine."))
]
HERE = Path()
MAX_CELL = 500
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"


def me() -> str:
    """The name this machine knows the user by; `--who` overrides it until people have accounts."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def is_at_terminal() -> bool:
    """Whether somebody sits there who reads and can stop us."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def program() -> str:
    """How this program was called, for commands that people copy."""
    return sys.argv[0] if sys.argv[0].endswith("entente") else "entente"


def plain(text: str) -> str:
    """`text` as one line that steers no screen: line breaks and tabs become a space, other controls their number.

    INVARIANT: everything that people read on a terminal passes here; a text of a record is no second line and no
    command, wherever it comes from and however long ago it was kept.
    """
    return STEERING.sub(_shown, text)


def out(text: str = "") -> None:
    sys.stdout.write(plain(text) + "\n")


def err(text: str) -> None:
    sys.stderr.write(plain(text) + "\n")


def _shown(found: re.Match[str]) -> str:
    return " " if found[0] in _BREAKS else _escaped(found)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def out_json(value: Any) -> None:
    """Prints `value`, whole; times as ISO 8601, other values that JSON has not as their text, and what could steer a
    screen as JSON escapes it."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_as_json)
    for line in text.split("\n"):
        out(STEERING.sub(_escaped, line))


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def counted(number: int, one: str, several: str) -> str:
    """The text that fits `number`: languages say one thing otherwise than several."""
    return one if number == 1 else several


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Rows under `columns`, as wide as they need, long cells cut; `empty` says what an empty table means and what to do
    next."""
    if not rows:
        out(empty)
        return
    cells = [[_cell(str(cell)) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(columns), *cells]) for place in range(len(columns))]
    numeric = [
        all(row[place].replace(",", "").replace(".", "").isdigit() for row in cells) for place in range(len(columns))
    ]
    for row in [list(columns), *cells]:
        padded = (
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(row, widths, numeric, strict=True)
        )
        out("  ".join(padded).rstrip())


def _cell(text: str) -> str:
    """One long text must not push the rest of a table off the screen; `--json` has it whole."""
    shown = plain(text)
    return shown if len(shown) <= MAX_CELL else shown[: MAX_CELL - 1] + "…"
