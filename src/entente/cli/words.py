"""`entente words`: a code list with its source."""

from typing import Annotated

import typer

from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, AsJson, out, out_json, say, table
from entente.cli.verb import verb

app = verb(say("Print a code list."))


@app.command()
def words(
    name: Annotated[str, typer.Argument(help=say("Name of the list; without it, the lists there are."))] = "",
    as_json: AsJson = False,
) -> None:
    vocabulary = catalogue().vocabulary
    if not name:
        rows = [(code, str(len(codes.terms)), codes.source) for code, codes in sorted(vocabulary.lists.items())]
        columns = (say("list"), say("terms"), say("source"))
    else:
        codes = vocabulary.list(name)
        rows = [(code, term.label(PHRASES.language), "") for code, term in codes.terms.items()]
        columns = (say("code"), say("label"), "")
    if as_json:
        out_json([row[0] for row in rows])
        return
    table(columns, rows, empty="")
    if name:
        checked = say("checked against its source") if codes.is_verified else say("not yet checked against its source")
        out(f"{codes.source} ({checked})")
