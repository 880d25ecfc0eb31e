"""`entente words`: a code list with its source, the fields of a kind of record, or a dated list in law."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, AsJson, out, out_json, say, table
from entente.cli.verb import verb
from entente.records import Field, Kind
from entente.vocabulary import CodeList, DatedList, Term

app = verb(say("Print a code list, a dated list, or the fields of a kind."))


@app.command()
def words(
    name: Annotated[str, typer.Argument(help=say("Name of the list; without it, the lists there are."))] = "",
    code: Annotated[
        str, typer.Argument(help=say("One code of the list; of the list `kind` it prints the fields."))
    ] = "",
    as_json: AsJson = False,
) -> None:
    vocabulary = catalogue().vocabulary
    if not name:
        _lists(as_json)
    elif name in vocabulary.dated:
        _dated(vocabulary.dated[name], as_json)
    elif name == "kind" and code:
        _fields(catalogue().kind(code), as_json)
    else:
        found = vocabulary.list(name)
        _terms(found, [found.term(code)] if code else [*found.terms.values()], as_json)


def _lists(as_json: bool) -> None:
    vocabulary = catalogue().vocabulary
    lists, dated = sorted(vocabulary.lists.items()), sorted(vocabulary.dated.items())
    if as_json:
        out_json([code for code, _ in (*lists, *dated)])
        return
    rows = [(code, str(len(found.terms)), found.source) for code, found in lists]
    table((say("list"), say("terms"), say("source")), rows, empty="")
    out()
    of_law = [(code, str(len(found.entries)), found.source) for code, found in dated]
    table((say("dated list"), say("entries"), say("source")), of_law, empty="")


def _terms(found: CodeList, terms: Sequence[Term], as_json: bool) -> None:
    if as_json:
        out_json([term.code for term in terms])
        return
    if found.name == "party":
        columns = (say("code"), say("label"), say("country"), say("kind"), say("roles"))
        table(columns, [(term.code, term.label(PHRASES.language), *_of_party(term)) for term in terms], empty="")
    else:
        rows = [(term.code, term.label(PHRASES.language)) for term in terms]
        table((say("code"), say("label")), rows, empty="")
    _print_source(found)
    if found.name == "kind":
        out(say("`entente words kind CODE` prints the fields of a kind."))


def _of_party(term: Term) -> tuple[str, str, str]:
    """Country, kind and roles, by the codes that agreements write."""
    told = term.attributes
    return str(told.get("country", "")), str(told.get("kind", "")), ", ".join(told.get("roles", ()))


def _fields(kind: Kind, as_json: bool) -> None:
    if as_json:
        out_json([{**_field_json(field), "label": _label(kind, field)} for field in kind.fields])
        return
    rows = [
        (
            field.name,
            _label(kind, field),
            field.type,
            field.field_class,
            field.unit or "",
            field.vocabulary or "",
            say("yes") if field.is_required else "",
        )
        for field in kind.fields
    ]
    out(f"{kind.name}: {catalogue().vocabulary.label('kind', kind.name, PHRASES.language)}")
    columns = (say("field"), say("label"), say("type"), say("class"), say("unit"), say("list"), say("required"))
    table(columns, rows, empty="")


def _field_json(field: Field) -> dict[str, object]:
    return {
        "name": field.name,
        "type": field.type,
        "class": field.field_class,
        "unit": field.unit,
        "list": field.vocabulary,
        "is_required": field.is_required,
    }


def _label(kind: Kind, field: Field) -> str:
    selector = f"{kind.name}.{field.name}"
    label = catalogue().vocabulary.label("field", selector, PHRASES.language)
    return field.name if label == selector else label


def _dated(found: DatedList, as_json: bool) -> None:
    if as_json:
        out_json([asdict(entry) for entry in found.entries])
        return
    rows = [(entry.code, entry.since or "", entry.until or "", entry.reference) for entry in found.entries]
    table((say("code"), say("since"), say("until"), say("reference")), rows, empty="")
    _print_source(found)


def _print_source(found: CodeList | DatedList) -> None:
    checked = say("checked against its source") if found.is_verified else say("not yet checked against its source")
    out(f"{found.source} ({checked})")
