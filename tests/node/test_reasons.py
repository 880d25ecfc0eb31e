"""Every reason this node gives for not taking a message in is a word in three languages."""

import ast
from pathlib import Path

import entente.node
from entente.vocabulary import house_vocabulary

FOLDER = Path(entente.node.__file__).parent
EVENTS = ("refused", "quarantined", "expired")


def reasons(file: str) -> set[str]:
    """The literals that follow an event of the table INBOUND, in a call of Taken or in a pair."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / file).read_text("utf-8"))):
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        values = [part.value for part in parts if isinstance(part, ast.Constant)]
        if len(values) == 2 and values[0] in EVENTS:
            found.add(str(values[1]))
    return found


def test_every_reason_is_labelled() -> None:
    given = {*reasons("taking.py"), *reasons("owing.py")}
    words = house_vocabulary().list("message-reason").terms
    assert {"nothing-owed", "not-a-notice", "already-answered", "not-a-party"} <= given
    assert given - words.keys() == set()
    elsewhere = {"no-agreement", "no-such-provision", "not-covered", "unreadable-feedback"}
    assert given | elsewhere >= words.keys(), "a word nobody says"
