"""`entente agreements`: texts that officers, lawyers and machines read alike."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from entente.agreements import (
    Agreement,
    CaseResult,
    Preview,
    Remark,
    Standing,
    explain_json,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
    run_cases,
)
from entente.agreements import (
    check as check_text,
)
from entente.cli.house import catalogue, node_in
from entente.cli.terminal import HERE, PHRASES, AsJson, NodeFolder, Who, Why, err, me, out, out_json, say, table
from entente.cli.verb import verb
from entente.node.agreeing import add_agreement, all_standings, changed_agreements, find
from entente.node.agreeing import sign as sign_text
from entente.node.config import NoNodeHere
from entente.node.identity import read_secret
from entente.node.intake import NoSuchFile
from entente.node.looking import Look
from entente.node.previewing import preview_for

app = verb(say("Check, explain, preview, add and sign agreements."), has_parts=True)
Text = Annotated[str, typer.Argument(help=say("File of the agreement, or name of a shipped model."))]


@app.command("models", help=say("Shipped model agreements; they are not affiliated with the agencies they name."))
def list_models() -> None:
    for name in model_names():
        out(f"{name}: {_title(read_agreement(model_bytes(name), catalogue()))}")


@app.command("list", help=say("Agreements of this node, and whether they are in force."))
def list_agreements(node: NodeFolder = HERE, as_json: AsJson = False) -> None:
    home = node_in(node)
    found, changed = all_standings(home), changed_agreements(home)
    if as_json:
        texts = [_standing_json(text, standing, home.party) for text, standing in found]
        out_json([*texts, *({**error.values, "is_in_force": False, "is_changed": True} for error in changed)])
        return
    for error in changed:
        err(error.said(PHRASES.translate))
    rows = [(text.name, text.version, ", ".join(text.parties), _state(text, how, home.party)) for text, how in found]
    columns = (say("agreement"), say("version"), say("parties"), say("state"))
    table(columns, rows, empty=say("No agreement yet. `entente agreements add` adds one."))
    for text, how in found:
        _print_reasons(how, home.party, f"{text.name}: ")


@app.command(help=say("Check a text: form, words, what its authors may not have meant, and its golden decisions."))
def check(text: Text, as_json: AsJson = False) -> None:
    data, cases = _read(text)
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


@app.command(help=say("What an agreement gives, provision by provision, and its golden decisions as examples."))
def explain(text: Text, node: NodeFolder = HERE) -> None:
    agreement, cases = _agreement_and_cases(text, node)
    out(f"{agreement.name}, {say('version {version}', version=agreement.version)}: {_title(agreement)}")
    _print_standing(agreement, node)
    for provision in agreement.provisions:
        out()
        out(f"{provision.id}  {provision.reference}")
        out("  " + (provision.text.get(PHRASES.language) or next(iter(provision.text.values()))))
    for result in run_cases(agreement, read_cases(cases, catalogue()), catalogue()) if cases else ():
        out()
        out("* " + (result.case.says.get(PHRASES.language) or result.case.says["en"]))
        for sentence in explain_json(result.decision.to_json(), catalogue().vocabulary, PHRASES):
            out("    " + sentence)


@app.command(help=say("What a partner would see of this node's real records, today or on another day, under a draft."))
def preview(
    partner: Annotated[str, typer.Argument(help=say("Code of the partner, for example ca.cbsa."))],
    purpose: Annotated[str, typer.Option(help=say("Purpose of the partner."))],
    draft: Annotated[str, typer.Option(help=say("File or model; by default the agreements in force."))] = "",
    on: Annotated[str, typer.Option(help=say("Day, as YYYY-MM-DD; by default now."))] = "",
    officers: Annotated[int, typer.Option(min=0, max=2, help=say("Officers taken to have approved."))] = 0,
    node: NodeFolder = HERE,
    why: Why = "",
    who: Who = "",
    as_json: AsJson = False,
) -> None:
    home = node_in(node)
    text = read_agreement(_read(draft)[0], catalogue()) if draft else None
    zone = ZoneInfo(text.zone) if text else ZoneInfo("UTC")
    moment = datetime.combine(_day(on), time(12), zone) if on else None
    found = preview_for(home, Look(who or me(), why), partner, purpose, draft=text, moment=moment, officers=officers)
    if as_json:
        out_json(found.to_json())
    else:
        _print_preview(found)


@app.command(help=say("Add a text to this node and propose it to its other parties."))
def add(text: Text, node: NodeFolder = HERE) -> None:
    agreement = add_agreement(node_in(node), _read(text)[0])
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
    partners = standing.partners_of(home.party)
    out(say("Signed by {officer}.", officer=officer))
    if not partners:
        out(say("The agreement is not yet in force:"))
    elif standing.reasons:
        out(say("The agreement is in force with {parties}.", parties=", ".join(partners)))
    else:
        out(say("The agreement is in force."))
    _print_reasons(standing, home.party)


def _standing_json(text: Agreement, standing: Standing, party: str) -> dict[str, object]:
    """As it stands for `party`: an agreement between others is not in force here."""
    partners = standing.partners_of(party)
    here = {"is_in_force": bool(partners), "in_force_with": list(partners)}
    return {"name": text.name, "version": text.version, **standing.to_json(), **here}


def _print_standing(text: Agreement, folder: Path) -> None:
    """Between whom it is in force, where a node is here and holds the text."""
    try:
        home = node_in(folder)
    except NoNodeHere:
        return
    for held, how in all_standings(home):
        if held.digest == text.digest:
            out(f"({_state(text, how, home.party)})")
            _print_reasons(how, home.party)


def _state(text: Agreement, standing: Standing, party: str) -> str:
    partners = standing.partners_of(party)
    if partners and {party, *partners} != set(text.parties):
        return say("in force with {parties}", parties=", ".join(partners))
    return say("in force") if partners else say("not in force")


def _print_reasons(standing: Standing, party: str, start: str = "") -> None:
    """Why not, each with what to do; where it is in force with some, the others that have not signed are named in one
    line."""
    is_in_force = bool(standing.partners_of(party))
    unsigned = [found.values["party"] for found in standing.reasons if found.code == "signatures-missing"]
    for reason in standing.reasons:
        if not is_in_force or reason.code != "signatures-missing":
            out(f"  {start}{reason.sentence(say)} {reason.remedy(say)}")
    if is_in_force and unsigned:
        parties = ", ".join(unsigned)
        out(f"  {start}" + say("Not with {parties}: two officers of each have yet to sign.", parties=parties))


def _read(text: str) -> tuple[bytes, bytes | None]:
    """The bytes of the text and, where they stand beside it, of its golden decisions."""
    if text in model_names():
        return model_bytes(text), model_bytes(text, "decisions.toml")
    file = Path(text)
    try:
        cases = file.with_name("decisions.toml")
        return file.read_bytes(), cases.read_bytes() if cases.is_file() and cases != file else None
    except OSError as error:
        raise NoSuchFile(file=text, why=error.strerror) from error


def _agreement_and_cases(text: str, folder: Path) -> tuple[Agreement, bytes | None]:
    if text in model_names() or Path(text).is_file():
        data, cases = _read(text)
        return read_agreement(data, catalogue()), cases
    home = node_in(folder)
    with home.store.reading() as tx:
        return find(home, tx, text), None


def _cases(data: bytes, cases: bytes | None) -> list[CaseResult]:
    if cases is None:
        return []
    agreement = read_agreement(data, catalogue())
    return list(run_cases(agreement, read_cases(cases, catalogue()), catalogue()))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(say("`{text}` is not a day; write YYYY-MM-DD.", text=text)) from None


def _title(agreement: Agreement) -> str:
    return agreement.title.get(PHRASES.language) or next(iter(agreement.title.values()))


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


def _print_preview(found: Preview) -> None:
    counts = {"go": found.outcomes["release"], "wait": found.outcomes["wait"], "stay": found.outcomes["withhold"]}
    out(say("{go} records would go, {wait} would wait for people, {stay} would stay.", **counts))
    rows = [(field, number) for field, number in found.given.items()]
    table((say("field"), say("values given")), rows, empty=say("No value would leave."))
    out()
    kept = [(field, by, number) for field, reasons in found.withheld.items() for by, number in reasons.items()]
    table((say("field"), say("withheld by"), say("values")), kept, empty=say("No value would be withheld."))
    for sample in found.samples:
        out()
        out(f"{sample.kind} {sample.record} ({sample.outcome}): {dict(sample.values)}")


def _remark_json(remark: Remark) -> dict[str, object]:
    said = {"sentence": remark.sentence(say), "remedy": remark.remedy(say)}
    return {"severity": remark.severity, "code": remark.code, "where": remark.where(say), **said}


def _case_json(result: CaseResult) -> dict[str, object]:
    differences = [f"{found.what}: {found.expected} / {found.found}" for found in result.differences]
    return {"case": result.case.id, "is_met": result.is_met, "differences": differences}
