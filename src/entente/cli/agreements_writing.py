"""`entente agreements schema`, `format` and `new`: what helps people who write agreements in an editor."""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer

from entente.agreements.texts.formatting import formatted
from entente.agreements.texts.schema import agreement_schema, cases_schema
from entente.agreements.texts.skeleton import Plan, skeleton
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, NodeFolder, err, is_at_terminal, out, out_json, say
from entente.errors import InputFault
from entente.node.agreeing import all_standings
from entente.node.config import NoNodeHere
from entente.node.intake import NoSuchFile
from entente.signing import digest
from entente.vocabulary import LANGUAGES, phrasebook

app = typer.Typer()


class HeldHere(InputFault):
    """This node holds {file} as an agreement; another layout would be another agreement, which nobody has signed. Copy
    the file, name it as the next version, and format the copy."""


class NotEmpty(InputFault):
    """{file} exists already and is not written over. Choose another folder."""


class NotOneOf(InputFault):
    """`{value}` cannot stand for {option}. Use: {known}."""


@app.command(help=say("Print the JSON Schema of agreement.toml, with which editors complete and check."))
def schema(
    cases: Annotated[bool, typer.Option("--cases", help=say("That of decisions.toml instead."))] = False,
    file: Annotated[Path | None, typer.Option("--out", help=say("Write it to this file."))] = None,
) -> None:
    found = _schema(is_of_cases=cases)
    if file is None:
        out_json(json.loads(found))
    else:
        _write(file, found, may_replace=True)


@app.command(
    "format",
    help=say(
        "Lay a text out: keys in the order of the guide, long lists wrapped; comments and meaning stay. Never lay out a"
        " signed text: its bytes change, and the signatures no longer fit. A text that the node here holds is refused."
    ),
)
def format_text(
    files: Annotated[list[Path], typer.Argument(help=say("agreement.toml or decisions.toml; one or more."))],
    check: Annotated[bool, typer.Option("--check", help=say("Change nothing; exit with 1 where it would."))] = False,
    node: NodeFolder = HERE,
) -> None:
    odd = [file for file in files if _lay_out(file, node, is_dry=check)]
    if odd and check:
        raise typer.Exit(1)
    if not odd:
        out(say("Everything is laid out already."))


@app.command(
    help=say("Draft an agreement in a new folder, with golden decisions that hold; asks for what is not given.")
)
def new(
    folder: Annotated[
        Path, typer.Argument(help=say("Folder of the agreement; its name becomes that of the agreement."))
    ],
    title: Annotated[str, typer.Option(help=say("Title."))] = "",
    parties: Annotated[str, typer.Option(help=say("Codes of the parties, with commas between."))] = "",
    kinds: Annotated[str, typer.Option(help=say("Kinds of record, with commas between."))] = "",
    purposes: Annotated[str, typer.Option(help=say("Codes of the purposes, with commas between."))] = "",
    zone: Annotated[str, typer.Option(help=say("Time zone, for example America/Toronto."))] = "",
    first: Annotated[str, typer.Option("--from", help=say("First day, as YYYY-MM-DD."))] = "",
    last: Annotated[str, typer.Option("--until", help=say("Last day, as YYYY-MM-DD."))] = "",
    lang: Annotated[str, typer.Option(help=say("Language of the draft: en, fr or es."))] = PHRASES.language,
) -> None:
    given = {"title": title, "parties": parties, "kinds": kinds, "purposes": purposes}
    given |= {"zone": zone, "from": first, "until": last}
    missing = [f"--{name}" for name, value in given.items() if not value]
    if missing and not is_at_terminal():
        err(say("Still missing: {options}. At a terminal they are asked for.", options=", ".join(missing)))
        raise typer.Exit(2)
    language = _one_of("--lang", lang, LANGUAGES)
    plan = _plan(folder, {name: value or _asked(name) for name, value in given.items()})
    files = skeleton(plan, catalogue(), phrasebook(language))
    schemas = {"agreement.schema.json": _schema(), "decisions.schema.json": _schema(is_of_cases=True)}
    texts = {**files, **{name: text.encode() for name, text in schemas.items()}}
    for name in texts:
        if (folder / name).exists():
            raise NotEmpty(file=folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        _write(folder / name, text.decode(), may_replace=False)
    out(say("Try it: `entente agreements test {folder}`", folder=folder))


def _schema(*, is_of_cases: bool = False) -> str:
    zones = available_timezones()
    found = cases_schema(catalogue(), PHRASES) if is_of_cases else agreement_schema(catalogue(), PHRASES, zones)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _write(file: Path, text: str, *, may_replace: bool) -> None:
    with file.open("w" if may_replace else "x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    out(say("Written: {file}", file=file))


def _lay_out(file: Path, node: Path, *, is_dry: bool) -> bool:
    """True when `file` was, or `is_dry` would be, laid out anew."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise NoSuchFile(file=file, why=error.strerror) from error
    text = formatted(data)
    if text == data:
        return False
    if is_dry:
        out(say("{file} would be laid out anew.", file=file))
        return True
    if _is_held(data, node):
        raise HeldHere(file=file)
    _write(file, text.decode(), may_replace=True)
    return True


def _is_held(data: bytes, folder: Path) -> bool:
    """Whether a node is here and holds exactly this text."""
    try:
        home = node_in(folder)
    except NoNodeHere:
        return False
    return digest(data) in {text.digest for text, _ in all_standings(home)}


def _plan(folder: Path, given: dict[str, str]) -> Plan:
    words = catalogue().vocabulary
    several = {name: tuple(re.split(r"[,\s]+", given[name].strip(", "))) for name in ("parties", "kinds", "purposes")}
    for name, known in (
        ("parties", words.list("party").terms),
        ("kinds", catalogue().kinds),
        ("purposes", words.list("purpose").terms),
    ):
        for value in several[name]:
            _one_of(f"--{name}", value, [*known])
    return Plan(
        name=re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "agreement",
        title=given["title"],
        **several,
        zone=given["zone"],
        valid_from=_day("--from", given["from"]),
        valid_until=_day("--until", given["until"]),
    )


def _one_of(option: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise NotOneOf(value=value, option=option, known=", ".join(known))
    return value


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotOneOf(value=text, option=option, known="YYYY-MM-DD") from None


def _asked(name: str) -> str:
    """The answer of whoever sits at the terminal, with a default in brackets where one is likely."""
    words, language = catalogue().vocabulary, PHRASES.language
    if name in ("parties", "purposes"):
        list_name = {"parties": "party", "purposes": "purpose"}[name]
        terms = words.list(list_name).terms
        return _chosen(name, [(code, words.label(list_name, code, language)) for code in terms])
    if name == "kinds":
        return _chosen(name, [(kind, "") for kind in sorted(catalogue().kinds)])
    questions = {
        "title": (say("Title"), None),
        "zone": (say("Time zone of its days"), "America/Toronto"),
        "from": (say("First day (YYYY-MM-DD)"), None),
        "until": (say("Last day (YYYY-MM-DD)"), None),
    }
    question, default = questions[name]
    return str(typer.prompt(question, default=default))


def _chosen(name: str, choices: Sequence[tuple[str, str]]) -> str:
    """Codes, with commas between, of what is answered by numbers or codes."""
    for number, (code, label) in enumerate(choices, start=1):
        out(f"{number:4}  {code}  {label}".rstrip())
    questions = {
        "parties": (say("Parties, by number or code, with commas between"), None),
        "kinds": (say("Kinds of record, by number or code, with commas between"), None),
        "purposes": (say("Purposes, by number or code, with commas between"), "statistics"),
    }
    question, default = questions[name]
    answer = re.split(r"[,\s]+", str(typer.prompt(question, default=default)).strip(", "))
    return ",".join(
        choices[int(one) - 1][0] if one.isdigit() and 0 < int(one) <= len(choices) else one for one in answer
    )
