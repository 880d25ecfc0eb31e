"""What `entente bench decide` prints: machine, data and peer beside the rates; what is wanted beside what was found."""

import os
import platform
from importlib.metadata import version

from entente.cli.bench_decide import BATCH, Run, peak_bytes
from entente.cli.bench_seizures import KIND, text
from entente.cli.terminal import out, out_json, say
from entente.signing import Json

WANTED_AS_SETS, WANTED_ONE_BY_ONE = 50, 2
WANTED_BYTES = 1_500_000_000


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU, Python {platform.python_version()}"


def report(run: Run, *, as_json: bool) -> None:
    if as_json:
        out_json(_json(run))
        return
    _print_head(run)
    for clock, what in (
        (run.set_wise, say("entente, as sets of {batch} records: decided, explained, masked", batch=f"{BATCH:,}")),
        (run.row_wise, say("entente, one by one, each with its explanation, routes and masks kept (sample)")),
        (run.afresh, say("entente, one by one, nothing kept from one to the next (sample, one partner each)")),
        (run.peer, say("{peer}, one batch for each case: a request for each field it holds (sample)", peer=_peer())),
    ):
        out(f"  {clock.rate:>12,.0f}/s  {clock.rate / run.peer.rate:8.2f} x  {what}")
    _print_foot(run)


def _print_head(run: Run) -> None:
    rows, partners = f"{run.rows:,}", len(run.partners)
    out(say("{rows} simulated records of kind {kind}, {partners} partners", rows=rows, kind=KIND, partners=partners))
    out(say("A text of {number} provisions, {machine}", number=len(text().provisions), machine=machine()))
    cases = f"{run.row_wise.cases:,}"
    out(say("Sample: {rows} records, {cases} cases, all alike in every field", rows=f"{run.sampled:,}", cases=cases))
    out(say("Records times partners per second; making records, and the peer's policies and requests, is in no rate"))


def _print_foot(run: Run) -> None:
    found = {"all": f"{run.set_wise.cases:,}", "some": f"{run.released:,}", "number": f"{len(run.explanations):,}"}
    out(say("Of {all} cases something goes in {some}; they share {number} explanations", **found))
    used = {"seconds": f"{run.set_wise.seconds:.1f}", "megabytes": f"{peak_bytes() / 1e6:,.0f}"}
    out(say("As sets in {seconds} s; most memory of the whole run {megabytes} MB", **used))
    wanted = {"sets": WANTED_AS_SETS, "alone": WANTED_ONE_BY_ONE, "megabytes": f"{WANTED_BYTES / 1e6:,.0f}"}
    out(say("Wanted: as sets {sets} x, one by one {alone} x, at most {megabytes} MB", **wanted))


def _json(run: Run) -> dict[str, Json]:
    clocks = {"as_sets": run.set_wise, "one_by_one": run.row_wise, "afresh": run.afresh, "peer": run.peer}
    return {
        "records": run.rows,
        "partners": list(run.partners),
        "provisions": len(text().provisions),
        "machine": machine(),
        "peer": _peer(),
        "sample": {"records": run.sampled, "cases": run.row_wise.cases},
        "cases_per_second": {name: round(clock.rate) for name, clock in clocks.items()},
        "ratio": {name: str(round(clock.rate / run.peer.rate, 2)) for name, clock in clocks.items() if name != "peer"},
        "seconds_as_sets": str(round(run.set_wise.seconds, 2)),
        "released": run.released,
        "explanations": len(run.explanations),
        "peak_bytes": peak_bytes(),
    }


def _peer() -> str:
    return f"cedarpy {version('cedarpy')}"
