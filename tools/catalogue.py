"""Brings the French and Spanish catalogues up to date with the texts in the source: `make catalogue`.

A text for people is: the docstring of an error class, a sentence in a table of reasons and remedies (a constant
annotated `Mapping[str, tuple[str, str]]`), what a `State` of the exchange means, and the literal first argument of a
call named `say`, in Python and in templates. Translations are kept; where a text only changed a little, the old
translation stays as a draft marked `fuzzy` until a translator has looked at it. Prints what waits for a translator and
exits with 1 while anything does.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

SOURCE = Path(__file__).resolve().parents[1] / "src"
CATALOGUES = SOURCE / "entente" / "vocabulary" / "catalogue"
LANGUAGES = ("fr", "es")
TEMPLATES = SOURCE / "entente" / "web" / "templates"
STAND_ALONE = SOURCE / "entente" / "ledger" / "offline"
SENTENCES = "Mapping[str, tuple[str, str]]"

# Dates in the header would change with every run and say nothing that git does not say better.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


class NotALiteral(Exception):
    """A text of a template is put together when it is shown, so that no catalogue can hold it."""


class Text(NamedTuple):
    """A text for people (a message id) and the file it stands in."""

    english: str
    file: str


def texts() -> Iterator[Text]:
    """Every text for people in the package."""
    found = modules()
    for path, error in error_classes(found).values():
        yield Text(message_of(error), path.relative_to(SOURCE).as_posix())
    for path, module in found.items():
        for expression in [*sentences(module), *meanings(module), *(call.args[0] for call in said(module))]:
            if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
                yield Text(expression.value, path.relative_to(SOURCE).as_posix())
    for path, template in templates().items():
        for template_call in said_in(template):
            yield Text(literal(path, template_call), path.relative_to(SOURCE).as_posix())


def templates() -> dict[Path, nodes.Template]:
    """The syntax trees of the pages."""
    read_as = Environment(autoescape=True)
    return {path: read_as.parse(path.read_text("utf-8")) for path in sorted(TEMPLATES.rglob("*.html"))}


def said_in(template: nodes.Template) -> Iterator[nodes.Call]:
    """Calls of `say(...)`, also those of `visit.say(...)` and `book.say(...)`."""
    for call in template.find_all(nodes.Call):
        called = call.node.attr if isinstance(call.node, nodes.Getattr) else getattr(call.node, "name", "")
        if called == "say":
            yield call


def literal(path: Path, call: nodes.Call) -> str:
    """The text of a `say` in a template. Raises NotALiteral."""
    text = call.args[0] if call.args else None
    if not isinstance(text, nodes.Const) or not isinstance(text.value, str):
        raise NotALiteral(f"{path.name}:{call.lineno}: say() wants one literal text; values follow by name")
    return text.value


def modules() -> dict[Path, ast.Module]:
    """The syntax trees of the package, without the scripts that run where no catalogue is."""
    return {
        path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py")) if path.parent != STAND_ALONE
    }


def error_classes(trees: Mapping[Path, ast.Module]) -> dict[str, tuple[Path, ast.ClassDef]]:
    """Every class that descends from EntenteError, by its name."""
    classes = {
        node.name: (path, node)
        for path, module in trees.items()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }

    def is_error(name: str) -> bool:
        bases = classes[name][1].bases if name in classes else []
        return name == "EntenteError" or any(isinstance(base, ast.Name) and is_error(base.id) for base in bases)

    return {name: found for name, found in classes.items() if is_error(name)}


def message_of(error: ast.ClassDef) -> str:
    """The docstring on one line, as `EntenteError.message_id` has it."""
    return " ".join((ast.get_docstring(error) or "").split())


def sentences(module: ast.Module) -> Iterator[ast.expr]:
    """The reasons and remedies in tables of a module."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == SENTENCES and node.value:
            for table in ast.walk(node.value):
                if isinstance(table, ast.Dict):
                    yield from (text for row in table.values if isinstance(row, ast.Tuple) for text in row.elts)


def meanings(module: ast.Module) -> Iterator[ast.expr]:
    """What each `State(...)` of a module means."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "State":
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "meaning")


def said(module: ast.Module) -> Iterator[ast.Call]:
    """Calls of `say(...)` or `book.say(...)`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "say":
                yield node


def wanted() -> dict[str, list[str]]:
    """Every message id and the files it stands in."""
    found: dict[str, list[str]] = {}
    for english, file in sorted(set(texts())):
        found.setdefault(english, []).append(file)
    return found


def read(language: str) -> Catalog:
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def empty(language: str) -> Catalog:
    developers = "The Entente developers"
    return Catalog(
        locale=language,
        project="Entente",
        version="1",
        msgid_bugs_address="",
        last_translator=developers,
        language_team=developers,
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        header_comment="# Every text of Entente for people. tools/catalogue.py adds and removes entries.",
        fuzzy=False,
    )


def updated(language: str, ids: Mapping[str, Sequence[str]]) -> bytes:
    """The catalogue of `language` as it should be: all `ids`, and no others."""
    known = {str(message.id): message for message in read(language) if message.id and message.string}
    gone = [message_id for message_id in known if message_id not in ids]
    catalogue = empty(language)
    for message_id, files in ids.items():
        close = [] if message_id in known else get_close_matches(message_id, gone, n=1, cutoff=0.8)
        old = known.get(message_id) or (known[close[0]] if close else None)
        flags = ["fuzzy"] if close or (old and old.fuzzy) else []
        catalogue.add(message_id, old.string if old else "", locations=[(file, 0) for file in files], flags=flags)
    written = BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, include_lineno=False)
    return written.getvalue()


def waiting(language: str) -> list[str]:
    """Ids that a translator must look at: without a translation, or with a draft."""
    return [str(message.id) for message in read(language) if message.id and (not message.string or message.fuzzy)]


def main() -> int:
    """Updates both catalogues; 1 while a text waits for a translator."""
    ids = wanted()
    CATALOGUES.mkdir(exist_ok=True)
    for language in LANGUAGES:
        content = updated(language, ids)
        (CATALOGUES / f"{language}.po").write_bytes(content)
    all_waiting = [(language, message_id) for language in LANGUAGES for message_id in waiting(language)]
    for language, message_id in all_waiting:
        print(f"{language} waits for: {message_id}")
    return 1 if all_waiting else 0


if __name__ == "__main__":
    sys.exit(main())
