"""The demo's last screen: what crossed, what was withheld and why, and how to look further."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from entente.cli.house import catalogue
from entente.cli.staging import MODEL, RECEIVER, Stage
from entente.cli.terminal import PHRASES, out, say, table
from entente.node.status import NO_PROVISION

COLUMNS = ("fiscal_year_us", "mass_lb", "mass_kg", "events", "counting", "status")


def print_outcome(summary: Mapping[str, Any], stage: Stage) -> None:
    """`summary` is what `entente demo --check` prints as JSON."""
    if summary["is_simulated"]:
        out(say("SIMULATED: none of this is real."))
    for party, found in summary["nodes"].items():
        _print_node(party, found)
    _print_answer(summary["northern_border_at_receiver"])
    _print_ways_on(stage)
    out(say("Done in {seconds} seconds.", seconds=summary["seconds"]))


def _print_node(party: str, found: Mapping[str, Any]) -> None:
    out()
    out(f"{party} ({catalogue().vocabulary.label('party', party, PHRASES.language)})")
    if not found["files"]:
        out("  " + say("It imported nothing: there is no file for it. It holds what it received."))
    kept = found["records_kept"]
    counts = {"own": _n(kept["own"]), "received": _n(kept["received"]), "size": _n(found["ledger_size"])}
    out("  " + say("{own} own records, {received} received; ledger of {size} entries.", **counts))
    _print_quarantine(found["quarantined"])
    counts = {"sent": _n(found["disclosures_sent"]), "received": _n(found["disclosures_received"])}
    out("  " + say("{sent} disclosures sent, {received} received.", **counts))
    if found["waiting_for_people"]:
        out("  " + say("{number} wait for a releasing officer.", number=_n(found["waiting_for_people"])))
    out("  " + say("{number} differences after reconciliation.", number=found["reconciliation_differences"]))
    _print_withheld(found["withheld"])


def _print_quarantine(quarantined: Mapping[str, int]) -> None:
    reasons = ", ".join(f"{code} ({number})" for code, number in quarantined.items())
    if reasons:
        out("  " + say("Rows in quarantine: {reasons}.", reasons=reasons))


def _print_withheld(rows: Sequence[Mapping[str, Any]]) -> None:
    """One line for all fields that the same thing withheld from as many records."""
    groups: dict[tuple[str, str, int], list[str]] = {}
    for row in rows:
        groups.setdefault((row["partner"], row["because"], row["number"]), []).append(row["field"])
    for (partner, because, number), fields in groups.items():
        values = {"fields": ", ".join(fields), "partner": partner, "because": because, "number": _n(number)}
        if because == NO_PROVISION:
            out("  " + say("Withheld from {partner} in {number} records: {fields}; no provision permits it.", **values))
        else:
            out(
                "  "
                + say(
                    "Withheld from {partner} in {number} records: {fields}; provision {because} forbids it.", **values
                )
            )


def _print_answer(rows: Sequence[Mapping[str, Any]]) -> None:
    out()
    out(say("Fentanyl at the northern border, asked at {party} of what it received:", party=RECEIVER))
    shown = [[_cell(row.get(column)) for column in COLUMNS] for row in rows]
    table(COLUMNS, shown, empty=say("No record fits."))


def _print_ways_on(stage: Stage) -> None:
    node = stage.nodes[RECEIVER]
    out()
    out(say("Look further:"))
    program = sys.argv[0] if sys.argv[0].endswith("entente") else "entente"
    out(f"  {program} status --node {node}")
    out(f"  {program} records list --node {node} --why demo")
    out(f"  {program} agreements explain {MODEL} --node {node}")
    out(f"  {program} ledger verify {node}")


def _cell(value: object) -> str:
    return f"{float(value):,.1f}" if hasattr(value, "quantize") else str(value)  # type: ignore[arg-type]  # a Decimal


def _n(number: int) -> str:
    return f"{number:,}"
