"""Failing forbid: whatever is the matter with the value that a forbid reads, nothing goes that it would have kept.

The same over every test of the language and every shipped model: tests/laws/test_failing_forbid.py; beside Cedar, which
lets fields go where a condition fails: tests/agreements/test_cedar_oracle.py.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from attacks.field import field_of
from attacks.given import PERMIT, A, B, plant, text
from entente.records import Value

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FORBIDS = "\n".join(
    f"""
    [[provision]]
    id = "9.{number}"
    reference = "art. 9"
    text.en = "Not then."
    effect = "forbid"
    giver = ["{A}"]
    receiver = ["{B}"]
    kinds = ["sample"]
    when = [{condition}]
"""
    for number, condition in enumerate(
        (
            '{ field = "form", one_of = ["tablet"] }',
            '{ field = "mass_g", at_least = 1, unit = "kg" }',
            '{ field = "substance_suspected", one_of = ["heroin"] }',
            '{ field = "seized_on", before = 2020-01-01 }',
        ),
        start=1,
    )
)
WHOLE: dict[str, Value] = {
    "number": "WHOLE",
    "form": "powder",
    "mass_g": Decimal("1.5"),
    "substance_suspected": "fentanyl",
    "seized_on": date(2026, 3, 1),
}


def spoiled() -> list[dict[str, Value]]:
    """The whole sample without each value that a forbid reads, and samples that a forbid keeps outright."""
    without = [
        {name: value for name, value in WHOLE.items() if name != left_out} | {"number": f"WITHOUT {left_out}"}
        for left_out in ("form", "mass_g", "substance_suspected", "seized_on")
    ]
    forbidden: list[dict[str, Value]] = [
        {"form": "tablet"},
        {"mass_g": Decimal(1000)},
        {"mass_g": Decimal("1E+400")},
        {"substance_suspected": "heroin"},
        {"seized_on": date(2019, 12, 31)},
    ]
    return without + [WHOLE | one | {"number": f"KEPT {place}"} for place, one in enumerate(forbidden)]


def test_what_a_forbid_cannot_judge_does_not_leave(tmp_path: Path) -> None:
    with field_of(tmp_path / "field", (A, B)) as field:
        field.serve()
        field.agree(text(PERMIT.replace('"test-count"', '"lab-result"'), FORBIDS), A, B)
        with field.node(A) as node:
            _, *kept = plant(node, "sample", [WHOLE, *spoiled()])
        field.settle()
        held = field.must(B, "records", "list", "--why", "look", "--json").json
        assert [one["values"]["number"] for one in held] == ["WHOLE"]
        for record in kept:
            (decision,) = (
                one
                for one in field.must(A, "records", "show", record, "--why", "look", "--json").json["decisions"]
                if one["purpose"] == "threat-assessment"
            )
            assert decision["outcome"] == "withhold"
            assert "9." in str(decision["because"])
