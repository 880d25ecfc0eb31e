"""`entente keys`: see, change, give up and revoke keys of nodes and ledgers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.exchange import OFFICERS_WHO_REVOKE, Revocation, read_revocation
from entente.node.compromise import give_up_key
from entente.node.identity import read_secret
from entente.node.intake import NoSuchFile
from entente.node.key_view import all_keys
from entente.node.succeeding import OVERLAP, finish, rotate

app = verb(say("Change the node's keys without a pause; give up a key that somebody else may have."), has_parts=True)
Kind = Annotated[Literal["node", "ledger"], typer.Option(help=say("The key that signs messages, or the ledger."))]
Since = Annotated[str, typer.Option(help=say("Since when somebody else may have had it, as 2026-11-21T12:00Z."))]


class NotAMoment(InputFault):
    """`{text}` is not a moment. Write day, time and zone, such as 2026-11-21T12:00Z."""


class OtherRevocation(InputFault):
    """The file {file} revokes another key, or since another moment. Name a new file, or say the same as it does."""


@app.command("list", help=say("Keys of this node and its partners, with the days they count for."))
def list_keys(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    found = all_keys(node_in(node))
    if as_json:
        out_json([key.to_json() for key in found])
        return
    label = catalogue().vocabulary.label
    rows = [
        (
            key.party,
            label("key-kind", key.kind, PHRASES.language),
            key.key_id,
            label("key-state", key.state, PHRASES.language),
            f"{key.valid_until:%Y-%m-%d %H:%M}" if key.valid_until else "-",
            ", ".join(key.unaware) or "-",
        )
        for key in found
    ]
    columns = (say("party"), say("of"), say("key"), say("state"), say("until"), say("not known to"))
    table(columns, rows, empty="")


@app.command("rotate", help=say("Make a new key; the old one tells all partners, and counts on for a while."))
def rotate_key(
    node: NodeFolder = HERE,
    kind: Kind = "node",
    overlap_days: Annotated[
        int, typer.Option(min=1, max=400, help=say("Days for which the old key counts beside the new one."))
    ] = OVERLAP.days,
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    row = rotate(home, kind, timedelta(days=overlap_days))
    (present,) = (key for key in all_keys(home) if key.is_own and key.public_key == row.public_key)
    if as_json:
        out_json(present.to_json())
        return
    out(say("The new key is {key}. Partners are told; nothing has to stop.", key=present.key_id))
    out(say("Back up keys/ now. When `entente keys list` shows that all know it, run `entente keys finish`."))


@app.command("finish", help=say("Put the old key away, once all partners know the new one."))
def finish_key(
    node: NodeFolder = HERE,
    kind: Kind = "node",
    anyway: Annotated[
        bool, typer.Option("--anyway", help=say("Also while partners do not know the new one; they need a card."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    done = finish(node_in(node), kind, may_cut_off=anyway)
    if as_json:
        out_json({"key": done.key_id, "need_card": list(done.need_card)})
        return
    out(say("Only {key} signs from now on; the file of the old key is gone.", key=done.key_id))
    for party in done.need_card:
        out(say("{party} needs the new card by hand.", party=party))


@app.command("compromised", help=say("Somebody else may have a key: give it up at once, with a new one in its place."))
def give_up(node: NodeFolder = HERE, kind: Kind = "node", since: Since = "", as_json: AsJson = False) -> None:
    home = node_in(node)
    row = give_up_key(home, kind, read_moment(since) if since else None)
    (present,) = (key for key in all_keys(home) if key.is_own and key.public_key == row.public_key)
    if as_json:
        out_json(present.to_json())
        return
    out(say("The old key counts no more; the new one is {key}.", key=present.key_id))
    out(say("Call every partner now. Each renews your card: entente partners card --out FILE."))


@app.command("revocation", help=say("An officer signs that a key of their node is not its word; two must sign."))
def sign_revocation(
    file: Annotated[Path, typer.Argument(help=say("New file, or the one that the first officer signed."))],
    party: Annotated[str, typer.Option(help=say("Whose node it is."))],
    revoke: Annotated[str, typer.Option(help=say("Id of the key, as `entente keys list` shows it."))],
    officer: Annotated[str, typer.Option(help=say("Role id, for example us.cbp/liaison-1."))],
    key_file: Annotated[Path, typer.Option("--key", help=say("The officer's own key."))],
    since: Since,
    as_json: AsJson = False,
) -> None:
    asked = Revocation(party=party, key_id=revoke, since=read_moment(since))
    found = _revocation(file) if file.exists() else asked
    if found.said() != asked.said():
        raise OtherRevocation(file=file)
    signed = found.signed_by(officer, read_secret(key_file))
    file.write_bytes(signed.to_bytes())
    missing = max(OFFICERS_WHO_REVOKE - len(signed.signatures), 0)
    if as_json:
        out_json({"file": str(file), "missing": missing})
    elif missing:
        out(say("Signed. A second officer signs the same file."))
    else:
        out(say("Signed by two. Partners read it with: entente partners revoke {file}", file=file))


def _revocation(file: Path) -> Revocation:
    return read_revocation(str(file), read_file(file))


def read_file(file: Path) -> bytes:
    """Raises NoSuchFile."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise NoSuchFile(file=file, why=error.strerror) from error


def read_moment(text: str) -> datetime:
    """Raises NotAMoment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotAMoment(text=text) from None
    if found.tzinfo is None:
        raise NotAMoment(text=text)
    return found.astimezone(UTC)
