"""`entente demo`: two nodes as two processes, a file, an agreement, and only what it permits crosses."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.analysis import parse_parameters
from entente.cli.demo_screen import print_outcome
from entente.cli.house import catalogue, node_in, question_called
from entente.cli.staging import GIVER, RECEIVER, Stage, build, run_verb, served, wait_until_settled
from entente.cli.terminal import out, out_json, say
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.asking import ask
from entente.node.looking import Look
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.verifying import verify_files, verify_store
from entente.simulation.border import simulated_files

app = verb(say("Two nodes, a file, an agreement: see what crosses."))
MARK = ".entente-demo"
NORTHERN = ("region=northern-border", "drug=fentanyl", "by=fiscal_year_us,region")


class NotADemoFolder(InputFault):
    """{folder} exists and was not made by the demo, so it is not overwritten. Name another folder with --dir."""


class NoPublicFiles(InputFault):
    """There is no folder `seizures` with files named cbp_*.csv or cbp_*.csv.gz in {folder}. docs/public-data.md says
    where to download them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo saw: statuses by party, comparisons by party, verdicts, the answer at the receiver."""

    stage: Stage
    files: Mapping[str, Sequence[Path]]
    comparisons: Mapping[str, Sequence[Comparison]]
    is_settled: bool
    problems: int
    answer: Sequence[Mapping[str, Any]]
    seconds: float
    is_simulated: bool


@app.command()
def demo(
    data: Annotated[
        Path | None, typer.Option(help=say("Folder with the real public files; by default simulated ones."))
    ] = None,
    folder: Annotated[
        Path, typer.Option("--dir", help=say("Folder for the two nodes; made anew by every run."))
    ] = Path("demo-run"),
    is_check: Annotated[bool, typer.Option("--check", help=say("Without a screen: print one JSON summary."))] = False,
    seed: Annotated[int, typer.Option(help=say("Seed of the simulated files."))] = 1,
) -> None:
    began = time.monotonic()
    files = _real_files(data) if data else {}
    _clear(folder)
    say_step = (lambda _text: None) if is_check else out
    say_step(say("Creating two nodes, CBSA and CBP; two officers of each sign a model agreement ..."))
    stage = build(folder.resolve())
    if not files:
        files = _write_simulated(folder, seed)
    with served(stage):
        for party, paths in files.items():
            say_step(say("{party} imports {number} files ...", party=party, number=len(paths)))
            flags = [] if data else ["--simulated"]
            for path in paths:
                run_verb("import", str(path), "--node", str(stage.nodes[party]), "--who", "demo", *flags, "--json")
        say_step(say("Delivering what the agreement permits ..."))
        is_settled = wait_until_settled(stage)
        comparisons = {party: _reconcile(stage, party) for party in stage.nodes}
    outcome = Outcome(
        stage=stage,
        files=files,
        comparisons=comparisons,
        is_settled=is_settled,
        problems=_verify(stage),
        answer=_ask_receiver(stage),
        seconds=time.monotonic() - began,
        is_simulated=data is None,
    )
    summary = _summary(outcome)
    if is_check:
        out_json(summary)
    else:
        print_outcome(summary, stage)
    if not is_settled or outcome.problems or any(found.differences for both in comparisons.values() for found in both):
        raise typer.Exit(1)


def _real_files(data: Path) -> dict[str, Sequence[Path]]:
    found = sorted(path for path in (data / "seizures").glob("cbp_*") if path.name.endswith((".csv", ".csv.gz")))
    if not found:
        raise NoPublicFiles(folder=data)
    return {GIVER: found}


def _write_simulated(folder: Path, seed: int) -> dict[str, Sequence[Path]]:
    files = {GIVER: "cbp-totals.csv", RECEIVER: "cbsa-seizures.csv"}
    contents = simulated_files(seed)
    for name in files.values():
        (folder / name).write_bytes(contents[name])
    return {party: [folder / name] for party, name in files.items()}


def _clear(folder: Path) -> None:
    """A folder of an earlier run goes; any other is left alone. Raises NotADemoFolder."""
    if folder.exists():
        if not folder.is_dir() or (not (folder / MARK).is_file() and any(folder.iterdir())):
            raise NotADemoFolder(folder=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("", "utf-8")


def _reconcile(stage: Stage, party: str) -> Sequence[Comparison]:
    node = node_in(stage.nodes[party])
    try:
        return reconcile_all(node)
    finally:
        node.close()


def _verify(stage: Stage) -> int:
    """The number of problems in both databases and both published ledgers."""
    problems = 0
    for folder in stage.nodes.values():
        node = node_in(folder)
        problems += len(verify_store(node).problems)
        problems += len(verify_files(node.config.ledger, node.identity.log_vkey).problems)
        node.close()
    return problems


def _ask_receiver(stage: Stage) -> Sequence[Mapping[str, Any]]:
    """The northern-border totals at the node that imported none of them."""
    node = node_in(stage.nodes[RECEIVER])
    question = question_called("seizures.totals")
    arguments = parse_parameters(question, NORTHERN, catalogue().vocabulary)
    answer = ask(node, Look("demo", "demonstration"), question, arguments, "statistics")
    node.close()
    return answer.rows.to_pylist()


def _summary(outcome: Outcome) -> dict[str, Any]:
    return {
        "is_simulated": outcome.is_simulated,
        "seconds": round(outcome.seconds, 1),
        "is_settled": outcome.is_settled,
        "ledger_problems": outcome.problems,
        "nodes": {party: _node_summary(outcome, party) for party in outcome.stage.nodes},
        "northern_border_at_receiver": outcome.answer,
    }


def _node_summary(outcome: Outcome, party: str) -> dict[str, Any]:
    status = outcome.stage.status(party).to_json()
    kept = {"own": 0, "received": 0}
    for row in status["records"]:
        kept["own" if row["from"] == party else "received"] += row["number"]
    records = ("disclosure", "correction")
    return {
        "files": [path.name for path in outcome.files.get(party, ())],
        "records_kept": kept,
        "quarantined": status["quarantined"],
        "disclosures_sent": sum(row["number"] for row in status["sent"] if row["type"] in records),
        "disclosures_received": sum(row["number"] for row in status["received"] if row["type"] in records),
        "decisions": status["decisions"],
        "withheld": status["withheld"],
        "waiting_for_people": status["waiting_for_people"],
        "ledger_size": status["ledger_size"],
        "reconciliation_differences": sum(len(found.differences) for found in outcome.comparisons[party]),
    }
