"""Brings the French and Spanish catalogues up to date with the texts in the source; `--check` changes nothing.

A text for people is: the docstring of an error class, a sentence in a table of reasons and remedies (a constant
annotated `Mapping[str, tuple[str, str]]`), and the literal first argument of a call named `say`. Translations are kept;
where a text only changed a little, the old translation stays as a draft marked `fuzzy` until a translator has looked at
it. Prints what waits for a translator and exits with 1 while anything does.

    .venv/bin/python tools/catalogue.py            update src/entente/vocabulary/catalogue/{fr,es}.po
    .venv/bin/python tools/catalogue.py --check    say whether they are complete
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src"
CATALOGUES = SOURCE / "entente" / "vocabulary" / "catalogue"
LANGUAGES = ("fr", "es")
SENTENCES = "Mapping[str, tuple[str, str]]"

# Dates in the header would change with every run and say nothing that git does not say better.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


class Text(NamedTuple):
    """A text for people (a message id) and the file it stands in."""

    english: str
    file: str


def texts() -> Iterator[Text]:
    """Every text for people in the package."""
    modules = {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
    for path, error in error_classes(modules).values():
        yield Text(message_of(error), path.relative_to(SOURCE).as_posix())
    for path, module in modules.items():
        for expression in [*sentences(module), *(call.args[0] for call in said(module))]:
            if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
                yield Text(expression.value, path.relative_to(SOURCE).as_posix())


def error_classes(modules: Mapping[Path, ast.Module]) -> dict[str, tuple[Path, ast.ClassDef]]:
    """Every class that descends from EntenteError, by its name."""
    classes = {
        node.name: (path, node)
        for path, module in modules.items()
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


def said(module: ast.Module) -> Iterator[ast.Call]:
    """Calls of `say(...)` or `book.say(...)`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "say":
                yield node


def template() -> Catalog:
    """A catalogue of all ids without translations, sorted, with the files each one stands in."""
    found = Catalog(project="Entente", creation_date=NO_DATE)
    for text in sorted(set(texts())):
        found.add(text.english, locations=[(text.file, 0)])
    return found


def read(language: str) -> Catalog:
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Entente", creation_date=NO_DATE, revision_date=NO_DATE)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, wanted: Catalog) -> bytes:
    """The catalogue of `language` as it should be: all ids of `wanted`, and no others."""
    catalogue = read(language)
    catalogue.update(wanted)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.msgid_bugs_address = "Entente", "", ""
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    catalogue.last_translator = catalogue.language_team = "The Entente developers"
    catalogue.header_comment = "# Every text of Entente for people. tools/catalogue.py adds and removes entries."
    catalogue.fuzzy = False
    written = BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return written.getvalue()


def waiting(language: str) -> list[str]:
    """Ids that a translator must look at: without a translation, or with a draft."""
    return [str(message.id) for message in read(language) if message.id and (not message.string or message.fuzzy)]


def main(arguments: list[str]) -> int:
    wanted = template()
    is_complete = True
    for language in LANGUAGES:
        path, content = CATALOGUES / f"{language}.po", updated(language, wanted)
        if "--check" not in arguments:
            CATALOGUES.mkdir(exist_ok=True)
            path.write_bytes(content)
        elif not path.exists() or path.read_bytes() != content:
            print(f"{path.name} is out of date. Run: make catalogue")
            is_complete = False
        for message_id in waiting(language):
            print(f"{language} waits for: {message_id}")
            is_complete = False
    return 0 if is_complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
