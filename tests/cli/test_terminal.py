"""What people read on a terminal: one text is one line, and nothing in it steers the screen."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import entente.cli
from entente.cli.terminal import MAX_CELL, err, out, out_json, table
from entente.exchange.feedback import is_note
from entente.records.kinds import STEERING

FOLDER = Path(entente.cli.__file__).parent
NASTY = "".join(
    map(chr, [*range(32), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)])
)


@pytest.mark.parametrize("write", [out, err, lambda text: table(("a",), [(text,)], empty="")])
def test_no_text_gives_a_second_line_or_a_command(write: Callable[[str], None]) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        write(f"before{NASTY}after")
    last = printed.getvalue().removesuffix("\n").split("\n")[-1]
    assert last.startswith("before")
    assert last.endswith("after")
    assert STEERING.search(last) is None
    assert "\\u001b" in last


def test_json_says_the_same_in_escapes() -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        out_json({"text": NASTY, "plain": "dépôt 🙂"})
    assert STEERING.search(printed.getvalue().replace("\n", "")) is None
    assert json.loads(printed.getvalue()) == {"text": NASTY, "plain": "dépôt 🙂"}
    assert "dépôt 🙂" in printed.getvalue()


def test_one_long_cell_does_not_make_every_line_long() -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        table(("a", "b"), [("x" * 500_000, "1"), ("short", "2")], empty="")
    assert max(map(len, printed.getvalue().splitlines())) <= MAX_CELL + 3
    assert "…" in printed.getvalue()


def test_nothing_is_printed_past_that_place() -> None:
    ways = ("sys.stdout.", "sys.stderr.write", "print(", "typer.echo", "typer.secho")
    found = {
        (file.name, way)
        for file in FOLDER.rglob("*.py")
        for way in ways
        if file.name != "terminal.py" and way in file.read_text("utf-8").replace("_print(", "")
    }
    assert found == set()


def test_notes_of_feedback_and_texts_of_records_are_judged_alike() -> None:
    """A note may break lines, and nothing else that a text may not."""
    differ = [chr(code) for code in range(0x10000) if bool(STEERING.search(chr(code))) is is_note(chr(code))]
    assert differ == ["\n"]
