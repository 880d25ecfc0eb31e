"""`entente agreements explain`: a text provision by provision, each with what it makes this program do."""

from collections.abc import Iterable, Mapping

import typer

from entente.agreements import Agreement, explain_json, read_cases, run_cases
from entente.agreements.telling.provision_said import Fact, head_said, provision_said
from entente.cli.agreement_texts import Text, agreement_and_cases, title_of
from entente.cli.agreements_standing import print_standing
from entente.cli.house import catalogue
from entente.cli.terminal import HERE, PHRASES, NodeFolder, out, say

app = typer.Typer()


@app.command(help=say("What an agreement gives, provision by provision, and its golden decisions as examples."))
def explain(text: Text, node: NodeFolder = HERE) -> None:
    agreement, cases = agreement_and_cases(text, node)
    out(f"{agreement.name}, {say('version {version}', version=agreement.version)}: {title_of(agreement)}")
    print_standing(agreement, node)
    _print_facts(head_said(agreement, catalogue(), PHRASES))
    for provision in agreement.provisions:
        out()
        out(f"{provision.id}  {provision.reference}")
        out("  " + _in_my_language(provision.text))
        _print_facts(provision_said(agreement, provision, catalogue(), PHRASES))
    if cases:
        _print_cases(agreement, cases)


def _print_facts(facts: Iterable[Fact]) -> None:
    """A single value beside its name, several one below the other."""
    for name, values in facts:
        if len(values) == 1:
            out("  " + say("{name}: {value}", name=name, value=values[0]))
            continue
        out("  " + say("{name}: {value}", name=name, value="").rstrip())
        for value in values:
            out(f"    - {value}")


def _print_cases(agreement: Agreement, cases: bytes) -> None:
    for result in run_cases(agreement, read_cases(cases, catalogue()), catalogue()):
        out()
        out("* " + _in_my_language(result.case.says))
        for sentence in explain_json(result.decision.to_json(), catalogue().vocabulary, PHRASES):
            out("    " + sentence)


def _in_my_language(texts: Mapping[str, str]) -> str:
    return (texts.get(PHRASES.language) or next(iter(texts.values()))).strip()
