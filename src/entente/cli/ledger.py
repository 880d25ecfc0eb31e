"""`entente ledger`: is it what was signed, and what does it say?"""

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from entente.cli import ledger_again, ledger_witnesses
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.ledger import Verdict, VerifierKey, decode_vkey, encode_vkey, read_opening
from entente.node.announcing import witness_keys
from entente.node.keyring import our_log_keys, our_vkey
from entente.node.publishing import publish
from entente.node.verifying import is_node, verify_files, verify_store


class FolderExists(InputFault):
    """There is already something at {folder}, and an export overwrites nothing. Name a new folder."""


app = verb(say("Verify and show the ledger, and derive its decisions again."), has_parts=True)
app.registered_commands += ledger_again.app.registered_commands
app.registered_commands += ledger_witnesses.app.registered_commands


@app.command(help=say("Check every entry of a node, or of a published ledger; exit code 1 when something is wrong."))
def verify(
    folder: Annotated[Path, typer.Argument(help=say("A node's folder, or a folder with a published ledger."))] = HERE,
    key: Annotated[
        list[str] | None, typer.Option(help=say("Verifier key of a published ledger (name+hash+key)."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    verdicts = _verdicts(folder, [decode_vkey(text) for text in key or ()])
    if as_json:
        out_json([_as_json(name, verdict) for name, verdict in verdicts])
    else:
        for name, verdict in verdicts:
            _print(name, verdict)
    if not all(verdict.is_intact for _, verdict in verdicts):
        raise typer.Exit(1)


@app.command(help=say("Print entries with what they say."))
def show(
    node: NodeFolder = HERE,
    start: Annotated[int, typer.Option("--from", min=0, help=say("First entry."))] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    with home.store.reading() as tx:
        rows = list(tx.entries(start, start + limit))
    if as_json:
        facts = [dict(read_opening(row.opening).facts) if row.opening else None for row in rows]
        out_json(
            [
                {"index": row.index, "type": row.type, "at": row.at, "subject": row.subject, "facts": fact}
                for row, fact in zip(rows, facts, strict=True)
            ]
        )
        return
    label = catalogue().vocabulary.label
    shown = [
        (row.index, f"{row.at:%Y-%m-%d %H:%M:%S}", label("entry-type", row.type, PHRASES.language), row.subject[:40])
        for row in rows
    ]
    table((say("entry"), say("at"), say("type"), say("about")), shown, empty=say("No entry there."))


@app.command(help=say("Write the ledger as files, with a verifier that needs only Python."))
def export(
    target: Annotated[Path, typer.Argument(help=say("New folder."))],
    node: NodeFolder = HERE,
) -> None:
    home = node_in(node)
    if target.exists():
        raise FolderExists(folder=target)
    publish(home, every_file=True)
    shutil.copytree(home.config.ledger, target, ignore=shutil.ignore_patterns("*.new"))
    for name in ("verify_log.py", "check_evidence.py"):
        with as_file(files("entente.ledger").joinpath("offline", name)) as script:
            shutil.copy(script, target / name)
    with home.store.reading() as tx:
        witnesses = [encode_vkey(key.name, key.key, key.kind) for key in witness_keys(home, tx)]
    (target / "keys.txt").write_text("\n".join([our_vkey(home), *witnesses]) + "\n", "utf-8")
    out(
        say(
            "Verify anywhere with: python3 {script} {folder} '{key}'",
            script=target / "verify_log.py",
            folder=target,
            key=our_vkey(home),
        )
    )


def _verdicts(folder: Path, keys: list[VerifierKey]) -> list[tuple[str, Verdict]]:
    if not is_node(folder):
        return [(str(folder), verify_files(folder, keys))]
    home = node_in(folder)
    found = [(say("database"), verify_store(home))]
    if (home.config.ledger / "checkpoint").is_file():
        found.append((say("published files"), verify_files(home.config.ledger, keys or our_log_keys(home))))
    return found


def _print(name: str, verdict: Verdict) -> None:
    if verdict.is_intact:
        out(say("{name}: {read} entries are what was signed.", name=name, read=f"{verdict.read:,}"))
        return
    out(say("{name}: {number} problems.", name=name, number=len(verdict.problems)))
    for problem in verdict.problems:
        out(f"  {problem.said(PHRASES.translate)} {problem.cure(PHRASES.translate)}")


def _as_json(name: str, verdict: Verdict) -> dict[str, object]:
    problems = [
        {"code": problem.code, "index": problem.index, "said": problem.said(PHRASES.translate)}
        for problem in verdict.problems
    ]
    return {"what": name, "origin": verdict.origin, "size": verdict.size, "read": verdict.read, "problems": problems}
