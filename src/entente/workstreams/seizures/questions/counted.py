"""Which seized items count, each event once, and what every answer about them must say."""

from typing import Any

import pyarrow as pa

from entente.analysis import Arguments, Denominator, Engine, Parameter, Table
from entente.workstreams.seizures.questions.cells import FROM, UNTIL, sql

KIND = "seized-item"
JOINT_RULE = Parameter(name="joint_rule", type="code", vocabulary="joint-rule", default="once-by-lead")
AGENCY = Parameter(name="agency", type="code", vocabulary="party")
PERIOD = (FROM, UNTIL)
YEARS = ("fiscal_year_us", "fiscal_year_ca", "calendar_year", "month")
MODES = ("region", "direction", "transport_mode", "concealment", "detection")
GOODS = ("category", "drug", "weight_basis", "currency")
CREDITED = "credited_to"
LISTS = {
    "region": "region",
    "direction": "direction",
    "transport_mode": "transport-mode",
    "concealment": "concealment",
    "detection": "detection",
    "category": "seized-category",
    "drug": "drug",
    "weight_basis": "weight-basis",
    CREDITED: "party",
}


def reports(table: Table, arguments: Arguments, engine: Engine) -> Table:
    """All items of the events that fit the arguments from, until and agency, with their event, the agencies credited
    and `is_counted`: whether the item is of the report that counts."""
    limits = {name: arguments.get(name) for name in ("from", "until", "agency", "joint_rule")}
    return Table(KIND, engine.ask(sql("counted"), {"items": table.rows}, limits))


def counted(rows: pa.Table, engine: Engine) -> pa.Table:
    """The items among `rows` that count."""
    return engine.ask("SELECT * FROM reports WHERE is_counted", {"reports": rows})


def doubts(rows: pa.Table, engine: Engine) -> dict[str, Any]:
    """How many events there are, are joint, have no lead, differ between reports, and may be one though not joined."""
    found: dict[str, Any] = engine.ask(sql("doubtful"), {"counted": rows}).to_pylist()[0]
    return found


def denominators(given: Table, used: pa.Table, doubt: dict[str, Any]) -> tuple[Denominator, ...]:
    return (
        Denominator("items-counted", used.num_rows, given.rows.num_rows),
        Denominator("events-joint", doubt["joint"], doubt["events"]),
        Denominator("events-differing", doubt["differing"], doubt["joint"]),
        Denominator("events-alike", doubt["alike"], doubt["events"]),
    )


def cautions(used: pa.Table, doubt: dict[str, Any]) -> tuple[str, ...]:
    """What a reader of figures from these items must be told."""
    told = used.select(["category", "drug", "mass_g", "pieces", "money"]).to_pylist()
    found = {
        "joint-counted-once": doubt["joint"] > 0,
        "joint-without-lead": doubt["without_lead"] > 0,
        "joint-reports-differ": doubt["differing"] > 0,
        "possible-doubles": doubt["alike"] > 0,
        "provisional-figures": "provisional" in used["status"].to_pylist(),
        "catch-all-drug": any(row["drug"] == "other" for row in told),
        "mass-not-told": any(row["category"] == "drug" and row["mass_g"] is None for row in told),
        "amount-not-told": any(row["mass_g"] is row["pieces"] is row["money"] is None for row in told),
    }
    return ("not-a-flow", *(code for code, is_so in found.items() if is_so))
