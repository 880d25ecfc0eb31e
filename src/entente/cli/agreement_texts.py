"""Texts of agreements as a command names them: a file, a shipped model, or one that the node holds."""

from pathlib import Path
from typing import Annotated

import typer

from entente.agreements import Agreement, model_bytes, model_names, read_agreement
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import PHRASES, say
from entente.node.agreeing import find
from entente.node.intake import NoSuchFile

Text = Annotated[str, typer.Argument(help=say("File of the agreement, or name of a shipped model."))]


def text_and_cases(text: str) -> tuple[bytes, bytes | None]:
    """The bytes of the text and, where they stand beside it, of its golden decisions."""
    if text in model_names():
        return model_bytes(text), model_bytes(text, "decisions.toml")
    file = Path(text)
    try:
        cases = file.with_name("decisions.toml")
        return file.read_bytes(), cases.read_bytes() if cases.is_file() and cases != file else None
    except OSError as error:
        raise NoSuchFile(file=text, why=error.strerror) from error


def agreement_and_cases(text: str, folder: Path) -> tuple[Agreement, bytes | None]:
    if text in model_names() or Path(text).is_file():
        data, cases = text_and_cases(text)
        return read_agreement(data, catalogue()), cases
    home = node_in(folder)
    with home.store.reading() as tx:
        return find(home, tx, text), None


def title_of(agreement: Agreement) -> str:
    return agreement.title.get(PHRASES.language) or next(iter(agreement.title.values()))
