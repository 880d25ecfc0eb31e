"""Every reason this node gives for not taking a message in is a word in three languages."""

import ast
import re
from pathlib import Path

import entente.node
from entente.vocabulary import house_vocabulary

FOLDER = Path(entente.node.__file__).parent
PACKAGE = FOLDER.parent
EVENTS = ("refused", "quarantined", "expired")


def reasons(file: str) -> set[str]:
    """The literals that follow an event of the table INBOUND, in a call of Taken or in a pair."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / file).read_text("utf-8"))):
        parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        values = [part.value for part in parts if isinstance(part, ast.Constant)]
        if len(values) == 2 and values[0] in EVENTS and values[1] not in EVENTS:
            found.add(str(values[1]))
    return found


def said() -> set[str]:
    """Every text of the package, and the name of every error as a code, by which an unreadable body is refused."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.ClassDef):
                found.add(re.sub(r"(?<!^)(?=[A-Z])", "-", node.name).lower())
    return found


def test_every_reason_is_labelled() -> None:
    given = {reason for file in FOLDER.glob("*.py") for reason in reasons(file.name)}
    words = house_vocabulary().list("message-reason").terms
    assert {"nothing-owed", "not-a-notice", "already-answered", "not-a-party"} <= given
    assert given - words.keys() == set()
    assert words.keys() - said() == set(), "words nobody says"
