"""What `entente bench exchange` prints: machine, store and peer beside the rates; what is wanted beside what was found.

Nothing is demanded: on a machine that does other things too only seconds of the processor are comparable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entente.cli.bench_exchange import KIND, Singles, Transfer
from entente.cli.bench_peer import PeerRun, named
from entente.cli.bench_report import machine
from entente.cli.terminal import out, out_json, say
from entente.signing import Json

WANTED_RATE, WANTED_P99_SECONDS = 100, 0.5
WANTED_RECORDS, WANTED_SECONDS, WANTED_BYTES = 100_000, 180, 400_000_000
WANTED_GROWTH = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that one run found; `transfers` one after the other into the same nodes."""

    store: str
    singles: Singles
    transfers: Sequence[Transfer]
    peer: PeerRun

    @property
    def last(self) -> Transfer:
        return self.transfers[-1]

    @property
    def growth(self) -> float:
        """The dearest record beside those of the first transfer, in seconds of the processor."""
        return max(one.cpu_per_record for one in self.transfers) / self.transfers[0].cpu_per_record


def report(found: Measured, *, as_json: bool) -> None:
    if as_json:
        out_json(_json(found))
        return
    out(say("Simulated records of kind {kind}, one disclosure each; two served nodes and a feeder", kind=KIND))
    out(say("Store: {store}; {machine}", store=found.store, machine=machine()))
    _print_singles(found.singles)
    for one in found.transfers:
        _print_transfer(one)
    _print_peer(found)
    if len(found.transfers) > 1:
        growth = f"{found.growth:.2f}"
        out(say("Growth: the dearest record takes {growth} x the time of the processor of the first", growth=growth))
    wanted = {
        "rate": WANTED_RATE,
        "p99": f"{1000 * WANTED_P99_SECONDS:.0f}",
        "records": f"{WANTED_RECORDS:,}",
        "seconds": WANTED_SECONDS,
        "megabytes": f"{WANTED_BYTES / 1e6:.0f}",
        "growth": WANTED_GROWTH,
    }
    out(
        say(
            "Wanted: {rate}/s with p99 below {p99} ms; {records} in {seconds} s with at most {megabytes} MB each; "
            "growth {growth} x",
            **wanted,
        )
    )


def _print_singles(found: Singles) -> None:
    told = {
        "number": f"{len(found.latencies):,}",
        "rate": f"{found.rate:,.1f}",
        "asked": f"{found.asked:g}",
        "median": f"{1000 * found.quantile(0.5):,.0f}",
        "p99": f"{1000 * found.quantile(0.99):,.0f}",
        "most": f"{1000 * found.quantile(1):,.0f}",
    }
    out(
        say(
            "One by one: {number} records, {rate}/s (asked for: {asked}/s), from keeping to the receipt p50 {median} "
            "ms, p99 {p99} ms, longest {most} ms",
            **told,
        )
    )
    out(_cpu(found.cpu_seconds))


def _print_transfer(one: Transfer) -> None:
    told = {
        "number": f"{one.records:,}",
        "before": f"{one.before:,}",
        "seconds": f"{one.seconds:,.1f}",
        "rate": f"{one.rate:,.0f}",
        "micros": f"{1e6 * one.cpu_per_record:,.0f}",
    }
    out(
        say(
            "At once: {number} records after {before}, {seconds} s from the first decision to the last receipt, "
            "{rate}/s, {micros} µs of the processor each",
            **told,
        )
    )
    out(_cpu(one.cpu_seconds))
    peaks = ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in one.peak_bytes.items())
    out(f"  {say('most memory: {peaks}', peaks=peaks)}")


def _print_peer(found: Measured) -> None:
    peer, last = found.peer, found.last
    told = {
        "number": f"{peer.records:,}",
        "peer": named(),
        "rate": f"{peer.rate:,.0f}",
        "micros": f"{1e6 * peer.cpu_per_record:,.0f}",
        "faster": f"{last.rate / peer.rate:.2f}",
        "dearer": f"{last.cpu_per_record / peer.cpu_per_record:.2f}",
    }
    out(
        say(
            "Peer, one signed request for each of {number} records ({peer}; no decision, ledger or receipt): {rate}/s, "
            "{micros} µs of the processor each",
            **told,
        )
    )
    out(_cpu(peer.cpu_seconds))
    beside = say("beside it, Entente has {faster} x the rate and {dearer} x the time of the processor", **told)
    out(f"  {beside}")


def _cpu(spent: Mapping[str, float]) -> str:
    parts = ", ".join(f"{name} {seconds:,.1f} s" for name, seconds in spent.items())
    return f"  {say('processor: {parts}', parts=parts)}"


def _json(found: Measured) -> dict[str, Json]:
    one, peer = found.singles, found.peer
    return {
        "is_simulated": True,
        "kind": KIND,
        "store": found.store,
        "machine": machine(),
        "singles": {
            "records": len(one.latencies),
            "per_second": _number(one.rate),
            "asked_per_second": _number(one.asked),
            "latency_ms": {
                name: _number(1000 * one.quantile(share)) for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1))
            },
            "cpu_seconds": _numbers(one.cpu_seconds),
        },
        "transfers": [_transfer_json(one) for one in found.transfers],
        "growth": _number(found.growth),
        "peer": {
            "packages": named(),
            "records": peer.records,
            "per_second": _number(peer.rate),
            "cpu_seconds": _numbers(peer.cpu_seconds),
        },
        "ratio": {
            "rate": _number(found.last.rate / peer.rate),
            "cpu": _number(found.last.cpu_per_record / peer.cpu_per_record),
        },
    }


def _transfer_json(one: Transfer) -> dict[str, Json]:
    return {
        "before": one.before,
        "records": one.records,
        "seconds": _number(one.seconds),
        "per_second": _number(one.rate),
        "cpu_seconds": _numbers(one.cpu_seconds),
        "cpu_microseconds_per_record": _number(1e6 * one.cpu_per_record),
        "peak_bytes": dict(one.peak_bytes),
    }


def _numbers(values: Mapping[str, float]) -> dict[str, Json]:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float) -> str:
    return str(round(value, 2))
