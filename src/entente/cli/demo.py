"""`entente demo`: five agencies, each a process of its own; what none of them sees alone, and what comes back."""

import json
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.analysis import parse_parameters
from entente.cli import demo_steps as steps
from entente.cli.demo_people import add_people, print_people
from entente.cli.demo_screen import print_outcome
from entente.cli.demo_steps import (
    ANALYSING,
    CORRECTING,
    HEALTH,
    LABORATORIES,
    PARTIES,
    POOLING,
    SAMPLE,
    SAMPLING,
    Closest,
)
from entente.cli.house import catalogue, question_called
from entente.cli.staging import RECEIVER, Stage, build, served, wait_until_settled
from entente.cli.terminal import is_at_terminal, out, out_json, say
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.node.asking import Scope, ask
from entente.node.reconciling import Comparison
from entente.node.serving import is_served
from entente.simulation.world import DEFAULT_MONTHS, World, assumed, plan_of, simulated_world

app = verb(say("Five agencies, their files, agreements: see what crosses and what comes back."))
MARK = ".entente-demo"
SIZE = 0.1
SETTLE_SECONDS = 900
NORTHERN = ("region=northern-border", "drug=fentanyl", "by=fiscal_year_us,region")
PUBLIC_FILES: Mapping[str, tuple[str, ...]] = {
    "us.cbp": ("seizures/cbp_*",),
    "us.dea": ("lab-samples/nflis_*_by_state_halfyear_*",),
    "ca.phac": ("lab-samples/wedinos_daily_*",),
}


class NotADemoFolder(InputFault):
    """{folder} exists and was not made by the demo, so it is not overwritten. Name another folder with --dir."""


class StillAnswering(InputFault):
    """The demo in {folder} still answers, and a new one would take its folder away. Stop it first with Ctrl-C, or name
    another folder with --dir."""


class NoPublicFiles(InputFault):
    """{folder} holds none of the public files that the demo knows: {patterns}. docs/public-data.md says where to
    download them."""


@dataclass
class Outcome:
    """What the demo saw, gathered step by step."""

    stage: Stage
    truth: Mapping[str, Any]
    files: dict[str, list[Path]]
    real: Mapping[str, Sequence[Path]]
    alone: dict[str, Closest | None] = field(default_factory=dict)
    pooled: Closest | None = None
    told: dict[str, list[str]] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    sample: Mapping[str, Any] = field(default_factory=dict)
    stale: int = 0
    corrected: bool = False
    is_settled: bool = True
    comparisons: Mapping[str, Sequence[Comparison]] = field(default_factory=dict)
    problems: int = 0
    northern_border: Sequence[Mapping[str, Any]] = ()


@app.command()
def demo(
    data: Annotated[
        Path | None, typer.Option(help=say("Folder with the real public files, beside the simulated ones."))
    ] = None,
    folder: Annotated[Path, typer.Option("--dir", help=say("Folder for the nodes; made anew by every run."))] = Path(
        "demo-run"
    ),
    is_check: Annotated[bool, typer.Option("--check", help=say("Without a screen: print one JSON summary."))] = False,
    seed: Annotated[int, typer.Option(help=say("Seed of the simulated world."))] = 1,
    may_stay: Annotated[
        bool | None,
        typer.Option(
            "--stay/--no-stay",
            help=say("Go on answering in browsers until Ctrl-C; by default where somebody sits at the terminal."),
        ),
    ] = None,
) -> None:
    began = time.monotonic()
    real = _real_files(data) if data else {}
    _clear(folder)
    tell = (lambda _text: None) if is_check else out
    tell(say("Creating five nodes; two officers of each sign four model agreements ..."))
    stage = build(folder.resolve(), PARTIES, steps.MODELS)
    world = simulated_world(seed, SIZE, plan_of(DEFAULT_MONTHS, assumed(()), is_planted=True))
    outcome = Outcome(stage, world.truth, _write(world, folder), real)
    with served(stage):
        _share(outcome, tell)
        _see(outcome, tell)
        _answer(outcome, tell)
        _correct(outcome, tell)
        tell(say("Comparing every pair of nodes, number by number ..."))
        outcome.comparisons = steps.reconcile(stage)
    outcome.problems = steps.verify(stage)
    outcome.northern_border = _ask_receiver(stage, is_real=bool(real))
    summary = _summary(outcome, time.monotonic() - began)
    if is_check:
        out_json(summary)
    else:
        print_outcome(summary, stage)
        _invite(stage, is_staying=is_at_terminal() if may_stay is None else may_stay)
    if not outcome.is_settled or outcome.problems or summary["reconciliation_differences"]:
        raise typer.Exit(1)


def _invite(stage: Stage, *, is_staying: bool) -> None:
    """Says how to sign in, and answers until somebody stops it."""
    password = add_people(stage)
    if not is_staying:
        print_people(stage, password, is_served=False)
        return
    with served(stage):
        print_people(stage, password, is_served=True)
        out(say("All five nodes go on answering. Stop with Ctrl-C."))
        with suppress(KeyboardInterrupt):
            signal.pause()
    print_people(stage, password, is_served=False)


def _share(outcome: Outcome, tell: Any) -> None:
    for party in PARTIES:
        files = [*outcome.files[party], *outcome.real.get(party, ())]
        tell(say("{party} imports {number} files ...", party=party, number=len(files)))
        steps.import_files(outcome.stage, party, files)
    tell(say("Delivering what the agreements permit ..."))
    _settle(outcome)


def _see(outcome: Outcome, tell: Any) -> None:
    until = outcome.truth["period_end"]
    tell(say("Every laboratory asks alone, then {party} asks of all that it may use ...", party=POOLING))
    for party in LABORATORIES:
        outcome.alone[party] = steps.ask_growth(outcome.stage, party, until, steps.OWN)
    outcome.pooled = steps.ask_growth(outcome.stage, POOLING, until, steps.SIMULATED)
    tell(say("People at {pooling} and {health} accept what was found ...", pooling=POOLING, health=HEALTH))
    for party, question in ((POOLING, steps.GROWTH), (HEALTH, steps.HEALTH_GROWTH)):
        found = steps.find(outcome.stage, party, question, until)
        outcome.told[party] = steps.accept_all(outcome.stage, party, found)
    tell(say("Two officers of {party} let one sample go to {partner} ...", party=SAMPLING, partner=ANALYSING))
    released_by = steps.release_sample(outcome.stage)
    outcome.sample = {"at": SAMPLING, "partner": ANALYSING, "released_by": released_by}
    _settle(outcome)


def _answer(outcome: Outcome, tell: Any) -> None:
    answering = {"health": HEALTH, "laboratory": ANALYSING}
    tell(say("{health} answers the finding, {laboratory} the sample; the others acknowledge ...", **answering))
    steps.answer_notices(outcome.stage)
    _settle(outcome)
    outcome.answers = steps.came_back(outcome.stage, POOLING)
    answers = steps.came_back(outcome.stage, SAMPLING, SAMPLE)
    waiting = len(steps.on_the_desk(outcome.stage, SAMPLING))
    outcome.sample = {**outcome.sample, "answers": answers, "waiting": waiting}


def _correct(outcome: Outcome, tell: Any) -> None:
    """A laboratory looks a second time; what rests on its figure is flagged, looked at again and told again."""
    if not outcome.told[POOLING]:
        return
    tell(say("{party} corrects one figure ...", party=CORRECTING))
    source = next(path for path in outcome.files[CORRECTING] if "test-count" in path.name)
    target = source.with_name("correction.csv")
    steps.corrected_file(source, outcome.truth["planted"][0]["subject"], target)
    steps.import_files(outcome.stage, CORRECTING, [target])
    _settle(outcome)
    outcome.stale = steps.stale(outcome.stage, POOLING)
    again = steps.find(outcome.stage, POOLING, steps.GROWTH, outcome.truth["period_end"])
    steps.accept_all(outcome.stage, POOLING, again)
    _settle(outcome)
    outcome.corrected = steps.stale(outcome.stage, POOLING) == 0


def _settle(outcome: Outcome) -> None:
    outcome.is_settled = wait_until_settled(outcome.stage, SETTLE_SECONDS) and outcome.is_settled


def _real_files(data: Path) -> dict[str, Sequence[Path]]:
    """By party; a set of public files that is not there is left out, but not all of them. Raises NoPublicFiles."""
    found = {
        party: sorted(p for pattern in patterns for p in data.glob(pattern) if p.name.endswith((".csv", ".csv.gz")))
        for party, patterns in PUBLIC_FILES.items()
    }
    if not any(found.values()):
        patterns = ", ".join(pattern for patterns in PUBLIC_FILES.values() for pattern in patterns)
        raise NoPublicFiles(folder=data, patterns=patterns)
    return {party: paths for party, paths in found.items() if paths}


def _write(world: World, folder: Path) -> dict[str, list[Path]]:
    """The simulated files, by party, in a folder beside the nodes; the truth beside them."""
    home = folder / "files"
    files: dict[str, list[Path]] = {party: [] for party in PARTIES}
    for name, content in sorted(world.files.items()):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files[name.partition("/")[0]].append(path)
    (home / "truth.json").write_text(json.dumps(dict(world.truth), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return files


def _clear(folder: Path) -> None:
    """A folder of an earlier run goes; any other is left alone. Raises NotADemoFolder, StillAnswering."""
    if folder.exists():
        if not folder.is_dir() or (not (folder / MARK).is_file() and any(folder.iterdir())):
            raise NotADemoFolder(folder=folder)
        if any(is_served(lock) for lock in folder.glob("*/serve.lock")):
            raise StillAnswering(folder=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("", "utf-8")


def _ask_receiver(stage: Stage, *, is_real: bool) -> Sequence[Mapping[str, Any]]:
    """The northern-border totals at the node that imported none of them."""
    question = question_called("seizures.totals")
    arguments = parse_parameters(question, NORTHERN, catalogue().vocabulary)
    with steps.opened_at(stage, RECEIVER) as node:
        scope = Scope(is_simulated=not is_real)
        return ask(node, steps.LOOK, question, arguments, "statistics", scope=scope).rows.to_pylist()


def _summary(outcome: Outcome, seconds: float) -> dict[str, Any]:
    every = [found for compared in outcome.comparisons.values() for found in compared]
    return {
        "is_simulated": True,
        "has_real_files": bool(outcome.real),
        "seconds": round(seconds, 1),
        "is_settled": outcome.is_settled,
        "ledger_problems": outcome.problems,
        "pairs_compared": len(every),
        "reconciliation_differences": sum(len(found.differences) for found in every),
        "nodes": {party: _node_summary(outcome, party) for party in PARTIES},
        "planted": [plant["subject"] for plant in outcome.truth["planted"]],
        "alone": {party: one and one.to_json() for party, one in outcome.alone.items()},
        "pooled_at": POOLING,
        "pooled": outcome.pooled and outcome.pooled.to_json(),
        "told": outcome.told,
        "answers": outcome.answers,
        "sample": outcome.sample,
        "findings_flagged_by_correction": outcome.stale,
        "is_correction_told": outcome.corrected,
        "northern_border_at_receiver": outcome.northern_border,
    }


def _node_summary(outcome: Outcome, party: str) -> dict[str, Any]:
    status = outcome.stage.status(party).to_json()
    kept: dict[str, int] = {}
    for row in status["records"]:
        whose = "own" if row["from"] == party else "received"
        kept[f"{whose} {row['kind']}"] = kept.get(f"{whose} {row['kind']}", 0) + row["number"]
    return {
        "files": [path.name for path in (*outcome.files[party], *outcome.real.get(party, ()))],
        "records_kept": kept,
        "quarantined": status["quarantined"],
        "sent": _by_type(status["sent"]),
        "received": _by_type(status["received"]),
        "withheld": status["withheld"],
        "waiting_for_people": status["waiting_for_people"],
        "ledger_size": status["ledger_size"],
    }


def _by_type(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row["type"]] = found.get(row["type"], 0) + row["number"]
    return found
