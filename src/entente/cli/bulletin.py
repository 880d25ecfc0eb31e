"""`entente bulletin`: an accepted finding told to the public in three languages, once a person has approved it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from entente.cli.house import node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.bulletin_drafting import Wish
from entente.node.bulletin_files import FILES, files_of, text_of
from entente.node.bulletins import Bulletin, approve, bulletin, bulletins, draft, withdraw
from entente.node.duties import duties
from entente.node.looking import Look
from entente.node.work import Node
from entente.vocabulary import Vocabulary

app = verb(say("Tell an accepted finding to the public, in three languages: draft, approve, export."), has_parts=True)
Name = Annotated[str, typer.Argument(help=say("Id of the bulletin, or its beginning."))]
_REASON = "="


class BadReason(InputFault):
    """`{given}` does not say which word is kept and why. Write --keep "WORD=REASON"."""


class BulletinFileExists(InputFault):
    """There is already a file {file}, and a bulletin overwrites nothing. Name another folder."""


@app.command("draft", help=say("Draft a bulletin from an accepted finding; nobody is told anything yet."))
def draft_bulletin(
    finding: Annotated[str, typer.Argument(help=say("Id of the finding, or its beginning."))],
    advice: Annotated[
        list[str] | None, typer.Option("--advice", help=say("Code of the list `bulletin-advice`; by default all."))
    ] = None,
    add_en: Annotated[str, typer.Option("--add-en", help=say("What you add in English."))] = "",
    add_fr: Annotated[str, typer.Option("--add-fr", help=say("What you add in French."))] = "",
    add_es: Annotated[str, typer.Option("--add-es", help=say("What you add in Spanish."))] = "",
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help=say("WORD=REASON: keep a word that hurts; may be repeated."))
    ] = None,
    node: NodeFolder = HERE,
    why: Why = "",
    who: Who = "",
) -> None:
    wish = Wish(
        advice=tuple(advice or ()),
        added={"en": add_en, "fr": add_fr, "es": add_es},
        kept=dict(_reason(given) for given in keep or ()),
    )
    home = node_in(node)
    one = draft(home, Look(who or me(), why), finding, wish)
    _print_text(one)
    out()
    out(say("A draft. Another officer reads it and approves it: `entente bulletin approve {id}`.", id=one.row.id[:12]))


@app.command("list", help=say("Bulletins held here: drafts, approved ones, and those of partners."))
def list_bulletins(node: NodeFolder = HERE, why: Why = "", who: Who = "", as_json: AsJson = False) -> None:
    home = node_in(node)
    found = bulletins(home, Look(who or me(), why))
    if as_json:
        out_json([_json(home, one) for one in found])
        return
    words = home.catalogue.vocabulary
    columns = (say("id"), say("state"), say("title"), say("of"))
    rows = [(one.row.id[:12], _state(one, words), _title(one), _said_by(one, words)) for one in found]
    table(columns, rows, empty=say("No bulletin. `entente bulletin draft FINDING --why ...` makes one."))


@app.command(help=say("One bulletin: its words in every language, where it stands, who was told."))
def show(name: Name, node: NodeFolder = HERE, why: Why = "", who: Who = "", as_json: AsJson = False) -> None:
    home = node_in(node)
    one = bulletin(home, Look(who or me(), why), name)
    if as_json:
        out_json(_json(home, one))
        return
    words = home.catalogue.vocabulary
    out(f"{one.row.id}  {_state(one, words)}  {_said_by(one, words)}")
    _print_text(one)
    if kept := one.values.get("words_kept"):
        out(say("Words that hurt and stay, and why:"))
        for line in str(kept).splitlines():
            out(f"  {line}")
    for duty in duties(home, record_id=one.row.id):
        partner = words.label("party", duty.row.partner, PHRASES.language)
        state = words.label("duty-state", duty.row.state, PHRASES.language)
        out(say("Told: {partner}. Answer: {state}", partner=partner, state=state))


@app.command("approve", help=say("Approve a draft, word for word: what agreements permit is told to partners."))
def approve_bulletin(
    name: Name,
    version: Annotated[int | None, typer.Option("--version", help=say("Only if it is still this version."))] = None,
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    one = approve(node_in(node), name, who or me(), version=version)
    out(say("Approved: {title}.", title=_title(one)))
    out(say("`entente bulletin export {id} --out FOLDER` writes it for anybody.", id=one.row.id[:12]))


@app.command("withdraw", help=say("It holds no longer: partners who were told are told that too."))
def withdraw_bulletin(name: Name, node: NodeFolder = HERE, who: Who = "") -> None:
    one = withdraw(node_in(node), name, who or me())
    out(say("Withdrawn: {title}. Take down what was published of it.", title=_title(one)))


@app.command("export", help=say("Write an approved bulletin as text in three languages and as a page, for anybody."))
def export_bulletin(
    name: Name,
    folder: Annotated[Path, typer.Option("--out", "-o", help=say("Folder for the files."))],
    node: NodeFolder = HERE,
    who: Who = "",
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        if (folder / file).exists():
            raise BulletinFileExists(file=folder / file)
    for file, data in files_of(node_in(node), name, who or me()).items():
        (folder / file).write_bytes(data)
        out(str(folder / file))


def _reason(given: str) -> tuple[str, str]:
    word, sign, why = given.partition(_REASON)
    if not (sign and word.strip() and why.strip()):
        raise BadReason(given=given)
    return word.strip(), why.strip()


def _print_text(one: Bulletin) -> None:
    for language in ("en", "fr", "es"):
        out()
        for line in text_of(one, language).splitlines():
            out(line)


def _title(one: Bulletin) -> str:
    return str(one.values.get(f"title_{PHRASES.language}") or one.values.get("title_en") or "?")


def _state(one: Bulletin, words: Vocabulary) -> str:
    said = words.label("bulletin-state", one.state, PHRASES.language)
    return f"{said} ({say('the finding has changed')})" if one.is_current is False else said


def _said_by(one: Bulletin, words: Vocabulary) -> str:
    mark = f"{say('SIMULATED')} " if one.row.is_simulated else ""
    return mark + words.label("party", one.row.said_by, PHRASES.language)


def _json(home: Node, one: Bulletin) -> dict[str, Any]:
    return {
        "id": one.row.id,
        "version": one.row.version,
        "said_by": one.row.said_by,
        "is_simulated": one.row.is_simulated,
        "is_current": one.is_current,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in one.values.items()},
        "told": [{"partner": duty.row.partner, "state": duty.row.state} for duty in duties(home, record_id=one.row.id)],
    }
