"""The demo's last screen: what crossed, what none saw alone, what came back, and how to look further."""

from collections.abc import Mapping, Sequence
from typing import Any

from entente.cli.demo_steps import HEALTH, POOLING
from entente.cli.house import catalogue
from entente.cli.staging import RECEIVER, Stage
from entente.cli.terminal import PHRASES, out, program, say, table

COLUMNS = ("fiscal_year_us", "mass_lb", "mass_kg", "events", "counting", "status")


def print_outcome(summary: Mapping[str, Any], stage: Stage) -> None:
    """`summary` is what `entente demo --check` prints as JSON."""
    out()
    out(say("SIMULATED: none of this is real, but for what a real file says."))
    _print_nodes(summary["nodes"])
    _print_growth(summary)
    _print_answers(summary)
    _print_sample(summary["sample"])
    _print_northern_border(summary["northern_border_at_receiver"])
    out(
        say(
            "{pairs} streams compared, {differences} differences; {problems} problems in all ledgers and databases.",
            pairs=summary["pairs_compared"],
            differences=summary["reconciliation_differences"],
            problems=summary["ledger_problems"],
        )
    )
    _print_ways_on(stage)
    out(say("Done in {seconds} seconds.", seconds=summary["seconds"]))


def _print_nodes(nodes: Mapping[str, Mapping[str, Any]]) -> None:
    rows = []
    for party, found in nodes.items():
        kept = found["records_kept"]
        rows.append(
            (
                _label("party", party),
                _n(sum(number for name, number in kept.items() if name.startswith("own "))),
                _n(sum(number for name, number in kept.items() if name.startswith("received "))),
                _n(sum(found["quarantined"].values())),
                _n(sum(found["sent"].values())),
                _n(found["waiting_for_people"]),
                _n(found["ledger_size"]),
            )
        )
    columns = (say("agency"), say("own"), say("received"), say("bad rows"), say("sent"), say("on the desk"))
    out()
    table((*columns, say("ledger")), rows, empty="")
    held = nodes[HEALTH]["records_kept"].get("own drug-checking-count", 0)
    elsewhere = sum(node["records_kept"].get("received drug-checking-count", 0) for node in nodes.values())
    out(
        say(
            "Drug-checking counts: {held} at {party}, {elsewhere} anywhere else.",
            held=_n(held),
            party=_short(HEALTH),
            elsewhere=_n(elsewhere),
        )
    )


def _print_growth(summary: Mapping[str, Any]) -> None:
    out()
    out(say("Does the share of a substance grow? The same question, settings and days for everybody:"))
    asked = [(_short(party), found) for party, found in summary["alone"].items()]
    pool = say("{party}, own and received", party=_short(summary["pooled_at"]))
    rows = []
    for who, found in (*asked, (pool, summary["pooled"])):
        if found is None:
            rows.append((who, "", "", "", ""))
        else:
            verdict = say("ALARM") if found["is_alarm"] else say("silent")
            counted = say("{observed} of {of}", observed=_n(found["observed"]), of=_n(found["of"]))
            rows.append((who, verdict, found["subject"], counted, f"{found['q']:.2g}"))
    columns = (say("who asks"), say("answer"), say("closest"), say("tested"), "q")
    table(columns, rows, empty="")


def _print_answers(summary: Mapping[str, Any]) -> None:
    out()
    for party, partners in summary["told"].items():
        names = ", ".join(_short(partner) for partner in partners)
        if partners:
            out(say("A person at {party} accepted the finding; told: {partners}.", party=_short(party), partners=names))
        else:
            out(say("{party} found nothing to tell.", party=_short(party)))
    for told in summary["answers"]:
        outcome = _label("outcome", told["outcome"]) if told["outcome"] else ""
        state = _label("duty-state", told["state"])
        out(f"  {_short(told['partner'])}: {outcome or state}")
    if summary["findings_flagged_by_correction"]:
        at = _short(POOLING)
        if summary["is_correction_told"]:
            out(say("A figure was corrected: the finding at {party} was flagged, reviewed and told again.", party=at))
        else:
            out(say("A figure was corrected: the finding at {party} is flagged.", party=at))


def _print_sample(sample: Mapping[str, Any]) -> None:
    """One line: what waits for officers, and what became of the sample that they let go."""
    at, partner = _short(sample["at"]), _short(sample["partner"])
    waiting = _n(sample["waiting"])
    if not sample["answers"]:
        out(say("{number} samples and results wait for officers of {party}.", number=waiting, party=at))
    for told in sample["answers"]:
        became = _label("outcome", told["outcome"]) if told["outcome"] else _label("duty-state", told["state"])
        out(
            say(
                "Two officers of {party} let a sample go; {partner}: {outcome}. {number} more items wait for them.",
                party=at,
                partner=partner,
                outcome=became,
                number=waiting,
            )
        )


def _print_northern_border(rows: Sequence[Mapping[str, Any]]) -> None:
    out()
    out(say("Fentanyl at the northern border, asked at {party} of what it received:", party=_short(RECEIVER)))
    shown = [[_cell(row.get(column)) for column in COLUMNS] for row in rows]
    table([_label("column", column) for column in COLUMNS], shown, empty=say("No record fits."))


def _print_ways_on(stage: Stage) -> None:
    pooling, receiver = stage.nodes[POOLING], stage.nodes[RECEIVER]
    out()
    out(say("Look further:"))
    out(f"  {program()} status --node {receiver}")
    out(f"  {program()} findings list --node {pooling} --why demo")
    out(f"  {program()} duties list --node {stage.nodes[HEALTH]}")
    out(f"  {program()} agreements explain drug-trends --node {pooling}")
    out(f"  {program()} ledger verify {pooling}")


def _label(vocabulary: str, code: str) -> str:
    return catalogue().vocabulary.label(vocabulary, code, PHRASES.language)


def _short(party: str) -> str:
    names = catalogue().vocabulary.list("party").term(party).attributes
    return str(names.get(f"short_{PHRASES.language}") or names.get("short", party))


def _cell(value: object) -> str:
    return f"{float(value):,.1f}" if hasattr(value, "quantize") else str(value)  # type: ignore[arg-type]  # a Decimal


def _n(number: int) -> str:
    return f"{number:,}"
