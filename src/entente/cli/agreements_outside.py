"""`entente agreements sign-file`, `take-signature`: signatures of officers whose party has no node travel as files."""

from pathlib import Path
from typing import Annotated

import typer

from entente.agreements import read_agreement, sign_agreement
from entente.cli.agreement_texts import Text, text_and_cases
from entente.cli.agreements_standing import print_signed
from entente.cli.house import catalogue, node_in
from entente.cli.keys import read_file
from entente.cli.terminal import HERE, NodeFolder, out, say
from entente.cli.verb import verb
from entente.node.agreeing import find, standing
from entente.node.identity import read_secret
from entente.node.outside import take_signature
from entente.node.work import utc_now
from entente.signing import canonical

app = verb("", has_parts=True)


@app.command("sign-file", help=say("Sign a text as an officer whose party has no node; the file is handed over."))
def sign_file(
    text: Text,
    party: Annotated[str, typer.Option(help=say("Code of the party, for example ca.industry."))],
    officer: Annotated[str, typer.Option(help=say("Role id of the officer, for example ca.industry/officer-1."))],
    key: Annotated[Path, typer.Option(help=say("The officer's key file."))],
    target: Annotated[Path, typer.Option("--out", help=say("New file for the signature."))],
) -> None:
    agreement = read_agreement(text_and_cases(text)[0], catalogue())
    found = sign_agreement(
        agreement, party=party, officer_id=officer, key=read_secret(key), signed_at=utc_now().replace(microsecond=0)
    )
    target.write_bytes(canonical(found.to_json()))
    out(say("{file} holds the signature over {digest}. Hand it over.", file=target, digest=agreement.digest))


@app.command("take-signature", help=say("Take the signature of an officer whose party has no node, from its file."))
def take_signature_file(file: Path, node: NodeFolder = HERE) -> None:
    home = node_in(node)
    taken = take_signature(home, str(file), read_file(file))
    out(say("Signed by {officer}.", officer=taken.officer))
    with home.store.reading() as tx:
        agreement = find(home, tx, taken.agreement)
    print_signed(agreement, standing(home, agreement.digest), home.party)
