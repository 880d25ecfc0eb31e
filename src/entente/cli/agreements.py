"""`entente agreements`: texts that officers, lawyers and machines read alike."""

from pathlib import Path
from typing import Annotated

import typer

from entente.agreements import (
    CaseResult,
    Remark,
    Suspension,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
    run_cases,
)
from entente.agreements import (
    check as check_text,
)
from entente.cli import (
    agreements_diff,
    agreements_explain,
    agreements_health,
    agreements_outside,
    agreements_preview,
    agreements_suspend,
    agreements_testing,
    agreements_writing,
)
from entente.cli.agreement_texts import Text, text_and_cases, title_of
from entente.cli.agreements_standing import print_reasons, print_signed, standing_json, state_of
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, err, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.agreeing import add_agreement, all_standings, changed_agreements, find, suspensions_of
from entente.node.agreeing import sign as sign_text
from entente.node.identity import read_secret

app = verb(say("Check, explain, preview, add, sign and suspend agreements."), has_parts=True)
app.registered_commands += agreements_diff.app.registered_commands
app.registered_commands += agreements_explain.app.registered_commands
app.registered_commands += agreements_health.app.registered_commands
app.registered_commands += agreements_outside.app.registered_commands
app.registered_commands += agreements_preview.app.registered_commands
app.registered_commands += agreements_suspend.app.registered_commands
app.registered_commands += agreements_testing.app.registered_commands
app.registered_commands += agreements_writing.app.registered_commands


@app.command("models", help=say("Shipped model agreements; they are not affiliated with the agencies they name."))
def list_models() -> None:
    for name in model_names():
        out(f"{name}: {title_of(read_agreement(model_bytes(name), catalogue()))}")


@app.command("list", help=say("Agreements of this node, and whether they are in force."))
def list_agreements(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found, changed = all_standings(home), changed_agreements(home)
    if as_json:
        texts = [
            {
                **standing_json(text, how, home.party),
                "suspensions": [_why_json(one) for one in suspensions_of(home, text, how)],
            }
            for text, how in found
        ]
        out_json([*texts, *({**error.values, "is_in_force": False, "is_changed": True} for error in changed)])
        return
    for error in changed:
        err(error.said(PHRASES.translate))
    rows = [(text.name, text.version, ", ".join(text.parties), state_of(text, how, home.party)) for text, how in found]
    columns = (say("agreement"), say("version"), say("parties"), say("state"))
    table(columns, rows, empty=say("No agreement yet. `entente agreements add` adds one."))
    for text, how in found:
        print_reasons(how, home.party, f"{text.name}: ")
        for one in suspensions_of(home, text, how):
            if one.why:
                out(f"  {text.name}: " + say("{officer} gave this reason: {why}", officer=one.officer, why=one.why))


@app.command(help=say("Check a text: form, words, what its authors may not have meant, and its golden decisions."))
def check(text: Text, as_json: AsJson = False) -> None:
    data, cases = text_and_cases(text)
    remarks = check_text(data, catalogue())
    is_readable = not any(remark.severity == "error" for remark in remarks)
    results = _cases(data, cases) if is_readable else []
    if as_json:
        out_json(
            {"remarks": [_remark_json(remark) for remark in remarks], "cases": [_case_json(one) for one in results]}
        )
    else:
        _print_check(remarks, results)
    if not is_readable or not all(result.is_met for result in results):
        raise typer.Exit(1)


@app.command(help=say("Add a text to this node and propose it to its other parties."))
def add(text: Text, node: NodeFolder = HERE) -> None:
    agreement = add_agreement(node_in(node), text_and_cases(text)[0])
    out(say("{name} is held as {digest}.", name=agreement.name, digest=agreement.digest))
    out(say("It comes into force between any two parties when both have signed: `entente agreements sign`."))


@app.command(help=say("Sign an agreement as an officer, with the officer's own key."))
def sign(
    name: Annotated[str, typer.Argument(help=say("Name or digest of the agreement."))],
    officer: Annotated[str, typer.Option(help=say("Role id of the officer, for example us.cbp/liaison-1."))],
    key: Annotated[Path, typer.Option(help=say("The officer's key file."))],
    node: NodeFolder = HERE,
) -> None:
    home = node_in(node)
    standing = sign_text(home, name, officer, read_secret(key))
    out(say("Signed by {officer}.", officer=officer))
    with home.store.reading() as tx:
        print_signed(find(home, tx, standing.agreement), standing, home.party)


def _why_json(one: Suspension) -> dict[str, object]:
    return {"party": one.party, "officer": one.officer, "at": one.suspended_at, "why": one.why}


def _cases(data: bytes, cases: bytes | None) -> list[CaseResult]:
    if cases is None:
        return []
    agreement = read_agreement(data, catalogue())
    return list(run_cases(agreement, read_cases(cases, catalogue()), catalogue()))


def _print_check(remarks: tuple[Remark, ...], results: list[CaseResult]) -> None:
    for remark in remarks:
        places = [place for place in (remark.severity, remark.where(say)) if place]
        out(f"{': '.join(places)}: {remark.sentence(say)} {remark.remedy(say)}")
    if not remarks:
        out(say("Nothing to remark."))
    met = sum(result.is_met for result in results)
    if results:
        out(say("{met} of {number} golden decisions are met.", met=met, number=len(results)))
    for result in results:
        for difference in result.differences:
            values = {"what": difference.what, "expected": difference.expected, "found": difference.found}
            out(f"  {result.case.id}: " + say("{what} should be {expected}, but is {found}.", **values))


def _remark_json(remark: Remark) -> dict[str, object]:
    said = {"sentence": remark.sentence(say), "remedy": remark.remedy(say)}
    where = {"where": remark.where(say), "line": remark.line, "column": remark.column}
    return {"severity": remark.severity, "code": remark.code, **where, **said}


def _case_json(result: CaseResult) -> dict[str, object]:
    differences = [f"{found.what}: {found.expected} / {found.found}" for found in result.differences]
    return {"case": result.case.id, "is_met": result.is_met, "differences": differences}
