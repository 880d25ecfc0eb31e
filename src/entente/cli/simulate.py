"""`entente simulate`: a simulated world with its truth, findings scored against it, and what pooling wins."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from entente.cli.terminal import AsJson, err, out, out_json, say, table
from entente.cli.verb import verb
from entente.errors import InputFault
from entente.simulation.pooled import calendar, compare
from entente.simulation.score import Score, score
from entente.simulation.summary import summary
from entente.simulation.truth import read_findings, read_truth
from entente.simulation.world import (
    DEFAULT_MONTHS,
    MAX_MONTHS,
    MAX_SIZE,
    MIN_MONTHS,
    MIN_SIZE,
    World,
    assumed,
    plan_of,
    simulated_world,
)

app = verb(say("Make a simulated world with its truth, and score findings against it."))
TRUTH = "truth.json"
Assume = Annotated[
    list[str] | None,
    typer.Option("--assume", help=say("NAME=NUMBER for something that has to be assumed; may be repeated.")),
]


class NoFolder(InputFault):
    """No folder is named for the simulated files. Name one with --out."""


class NotOverwritten(InputFault):
    """{file} exists, and simulated files never overwrite anything. Name another folder with --out."""


@app.callback(invoke_without_command=True)
def simulate(
    context: typer.Context,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help=say("Folder for the files, one folder per party."))
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help=say("The same seed and scale give the same bytes everywhere."))] = 1,
    scale: Annotated[
        float, typer.Option(min=MIN_SIZE, max=MAX_SIZE, help=say("1 is near the published volumes."))
    ] = 1.0,
    months: Annotated[int, typer.Option(min=MIN_MONTHS, max=MAX_MONTHS, help=say("How many months."))] = DEFAULT_MONTHS,
    plant: Annotated[
        bool, typer.Option("--plant/--no-plant", help=say("Hide a substance that slowly rises, or nothing."))
    ] = True,
    truth: Annotated[
        Path | None, typer.Option("--truth", help=say("File for what is hidden; by default in the folder."))
    ] = None,
    assume: Assume = None,
) -> None:
    if context.invoked_subcommand is not None:
        return
    if out_folder is None:
        raise NoFolder
    world = simulated_world(seed, scale, plan_of(months, assumed(assume or []), is_planted=plant))
    truth_file = truth or out_folder / TRUTH
    _write(world, out_folder, truth_file)
    rows = [(one["party"], one["name"], one["reader"], f"{one['rows']:,}") for one in world.truth["files"]]
    table((say("party"), say("file"), say("reader"), say("rows")), rows, empty="")
    out(say("SIMULATED: none of this is real."))
    out(say("What is hidden in them stands in {file}, which no import reads.", file=truth_file))


def _write(world: World, folder: Path, truth_file: Path) -> None:
    """Raises NotOverwritten before anything is written."""
    contents = {folder / name: data for name, data in world.files.items()}
    contents[truth_file] = (json.dumps(world.truth, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    for path in contents:
        if path.exists():
            raise NotOverwritten(file=path)
    for path, data in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@app.command("score", help=say("Findings beside the truth: found and how late, missed, false alarms."))
def score_findings(
    truth: Annotated[Path, typer.Option("--truth", help=say("The truth that `entente simulate` wrote."))],
    findings: Annotated[
        list[Path],
        typer.Option("--findings", help=say("JSON of a question that finds, or of findings; may be repeated.")),
    ],
    as_json: AsJson = False,
) -> None:
    told = read_truth(str(truth), truth.read_bytes())
    done = score(told, [read_findings(str(file), file.read_bytes()) for file in findings])
    if as_json:
        out_json(done.to_json())
    else:
        _print(done)


def _print(done: Score) -> None:
    for hit in done.found:
        values = {"question": hit.question, "subject": hit.subject, "day": hit.found_on}
        delay = {"days": hit.delay_days, "months": hit.delay_months}
        out(
            say(
                "Found: {subject} by {question} on {day}, {days} days ({months} months) after its rise began.",
                **values,
                **delay,
            )
        )
    for question, planted in done.missed:
        values = {"question": question, "subject": planted.subject, "start": planted.starts_on}
        out(say("Missed: {subject}, whose rise began on {start}, by {question}.", **values))
    for alarm in done.false_alarms:
        values = {"question": alarm.question, "subject": alarm.subject, "day": alarm.period_end}
        out(
            say("False alarm: {subject} by {question} on {day}.", **values)
            + (f" ({alarm.noise})" if alarm.noise else "")
        )
    counts = {"found": len(done.found), "missed": len(done.missed), "false": len(done.false_alarms)}
    out(
        say(
            "{found} found, {missed} missed, {false} false alarms; {dismissed} dismissed by a person.",
            dismissed=done.dismissed,
            **counts,
        )
    )


@app.command(
    help=say("What pooling wins: the same question to every agency alone and to all together, over many seeds.")
)
def pooled(
    seeds: Annotated[int, typer.Option(min=1, max=10_000, help=say("How many worlds."))] = 50,
    first_seed: Annotated[int, typer.Option(min=0, help=say("The first of their seeds."))] = 1,
    processes: Annotated[int, typer.Option(min=0, help=say("How many run at once; 0 is one for each processor."))] = 0,
    out_file: Annotated[Path | None, typer.Option("--out", help=say("File for the figures, as JSON."))] = None,
    assume: Assume = None,
    as_json: AsJson = False,
) -> None:
    values = assumed(assume or [])
    wanted = range(first_seed, first_seed + seeds)

    def progress(done: int) -> None:
        err(say("{done} of {seeds} worlds", done=done, seeds=seeds))

    outcomes = compare(wanted, values, processes or os.cpu_count() or 1, progress)
    figures = summary(outcomes, calendar(values), values)
    if out_file is not None:
        out_file.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if as_json:
        out_json(figures)
    else:
        _print_pooled(figures)


def _print_pooled(figures: Mapping[str, Any]) -> None:
    day = figures["planned_day"]
    out(say("The rise begins on {start}; the planned day is {day}.", start=figures["starts_on"], day=day))
    out(
        say("All together alarm and every agency alone is silent: {rate} worlds.", rate=_rate(figures["only_together"]))
    )
    rows = [
        (who, *(_rate(figures[name][who]) for name in _COLUMNS), *_delay(figures["delay"].get(_DELAYS[who])))
        for who in ("pool", "any_alone")
    ]
    rows += [
        (who, *(_rate(figures[name]["alone"][who]) for name in _COLUMNS), "", "")
        for who in figures["on_the_planned_day"]["alone"]
    ]
    titles = (say("who asks"), say("alarms on the day"), say("false, nothing planted"), say("false, beside the plant"))
    table((*titles, say("ever found"), say("months until found: median (least to most)")), rows, empty="")
    out(say("SIMULATED: none of this is real."))


_COLUMNS = ("on_the_planned_day", "false_alarm_where_nothing_is_planted", "false_alarm_beside_the_plant")
_DELAYS = {"pool": "pool", "any_alone": "best_alone"}


def _rate(rate: Mapping[str, Any]) -> str:
    return f"{rate['number']}/{rate['of']} ({rate['low']:.0%}-{rate['high']:.0%})"


def _delay(delay: Mapping[str, Any]) -> tuple[str, str]:
    months = delay["months"]
    spread = "" if months["median"] is None else f"{months['median']} ({months['min']} - {months['max']})"
    return f"{delay['found']['number']}/{delay['found']['of']}", spread
