"""What binds a record that came from others, when it is given on."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from entente.agreements import Limits
from entente.node.onward import NEVER, bound
from entente.signing import Json, canonical
from entente.store import RecordRow

TODAY = date(2026, 5, 2)
HANDLING: dict[str, Json] = {"purposes": ["statistics"], "caveats": ["no-onward"], "agreement": "sha256:0"}
ROW = RecordRow(
    id="1" * 32,
    version=1,
    kind="find",
    said_by="ca.rcmp",
    digest="sha256:0",
    content_digest="sha256:0",
    body=b"{}",
    recorded_at=datetime(2026, 5, 1, tzinfo=UTC),
    is_simulated=False,
    via="ca.rcmp",
    handling=canonical(HANDLING),
    retain_until=date(2026, 5, 12),
)


def test_what_came_keeps_its_purposes_caveats_and_days() -> None:
    limits = Limits(purposes=("statistics",), caveats=("no-onward",), retain_days=10)
    assert bound(ROW, TODAY) == (limits, ("ca.rcmp",))


def test_everybody_through_whom_it_came_is_named_the_last_giver_too() -> None:
    passed_on = replace(ROW, via="us.cbp", handling=canonical({**HANDLING, "chain": ["ca.rcmp", "ca.cbsa"]}))
    assert bound(passed_on, TODAY).chain == ("ca.rcmp", "ca.cbsa", "us.cbp")


@pytest.mark.parametrize("row", [replace(ROW, handling=None), replace(ROW, retain_until=TODAY)])
def test_what_has_no_handling_or_no_days_left_serves_nothing(row: RecordRow) -> None:
    assert bound(row, TODAY).limits == NEVER
