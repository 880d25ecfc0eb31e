"""What `entente bench aberration` prints: machine, data and peer; speeds and what is found, beside what is wanted."""

from statistics import median

from entente.analysis.aberration.detector import ALPHA
from entente.cli.bench_aberration import MANY, RUNS, SERIES, WANTED, WANTED_SECONDS, Run, Speed
from entente.cli.bench_outbreaks import Quality
from entente.cli.bench_report import machine
from entente.cli.terminal import out, out_json, say
from entente.signing import Json


def report(run: Run, *, as_json: bool) -> None:
    if as_json:
        out_json(_json(run))
        return
    out(say("Simulated weekly counts of 42 scenarios, seed {seed}, {machine}", seed=run.seed, machine=machine()))
    if run.version:
        _print_speeds(run)
    many = {"many": f"{MANY:,}", "wanted": WANTED_SECONDS}
    out(say("One new week of {many} series, seconds of the processor; wanted: at most {wanted}", **many))
    for name, seconds in run.many.items():
        out(f"  {seconds:>10.2f}  {name}")
    if run.found:
        _print_found(run)


def _print_speeds(run: Run) -> None:
    out(say("Seconds of the processor for 1,000 series-weeks, here and in {peer}, in turn", peer=run.version))
    for name, speed in run.speeds.items():
        ours, peer = 1000 * median(speed.ours), 1000 * median(speed.peer)
        wanted = say("wanted: {wanted} x", wanted=WANTED[name])
        out(f"  {ours:>10.5f}  {peer:>8.3f}  {speed.ratio:>8,.0f} x  {name} ({wanted})")
    out(say("Median of {runs} runs; {series} series here", runs=RUNS, series=SERIES))


def _print_found(run: Run) -> None:
    out(
        say(
            "{number} simulated series of each scenario, without and with an outbreak, in percent:",
            number=run.replicates,
        )
    )
    for name, found in run.found.items():
        out(f"  {name}: {_said(found)}")
    out(say("Wanted: at most 0.60 (0.1 to 1.2); at least 47; 34; 0.08 to 0.12; at most 10"))
    out(
        say(
            "The oracle is told the true mean and dispersion: the ceiling of entente's statistic at p {alpha}",
            alpha=ALPHA,
        )
    )


def _said(found: Quality) -> str:
    shares = {
        "false_alarms": found.false_alarm,
        "least": min(found.false_alarms),
        "most": max(found.false_alarms),
        "found": found.found,
        "at_once": found.found_at_once,
        "rare": found.rare,
        "lists": found.false_discoveries,
    }
    percents = {name: f"{100 * share:.3f}" for name, share in shares.items()}
    return say(
        "false alarms {false_alarms} ({least} to {most}), found {found}, in the first week {at_once}, "
        "p of 0.001 or less {rare}, false in lists at 0.10 {lists}",
        **percents,
    )


def _json(run: Run) -> dict[str, Json]:
    return {
        "seed": run.seed,
        "replicates": run.replicates,
        "machine": machine(),
        "peer": run.version,
        "speed": {name: _speed(speed) for name, speed in run.speeds.items()},
        "seconds_for_one_week_of_many": {name: f"{seconds:.3f}" for name, seconds in run.many.items()},
        "series_of_many": MANY,
        "found": {name: _found(found) for name, found in run.found.items()},
    }


def _speed(speed: Speed) -> dict[str, Json]:
    return {
        "seconds": [f"{one:.3g}" for one in speed.ours],
        "seconds_of_peer": [f"{one:.3g}" for one in speed.peer],
        "ratio": f"{speed.ratio:.1f}",
    }


def _found(found: Quality) -> dict[str, Json]:
    return {
        "false_alarm": f"{found.false_alarm:.5f}",
        "false_alarm_by_scenario": [f"{one:.5f}" for one in found.false_alarms],
        "found": f"{found.found:.4f}",
        "found_at_once": f"{found.found_at_once:.4f}",
        "found_by_size": [f"{one:.4f}" for one in found.found_by_size],
        "rare": f"{found.rare:.5f}",
        "false_discoveries": f"{found.false_discoveries:.4f}",
    }
