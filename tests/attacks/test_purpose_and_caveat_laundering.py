"""Purpose and caveat laundering: what came under caveats, for one purpose and thirty days keeps all three, whichever
way it is passed on, summed up or copied out.

That no way out is forgotten: tests/house/test_egress.py compares the register with the source; that none drops what
drug-checking counts are bound by: tests/story/test_drug_checking.py walks them all.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from attacks.field import Field, field_of
from attacks.given import PERMIT, A, B, C, count, plant, text
from entente.analysis import ACCEPTED
from entente.node.findings import look_for
from entente.node.looking import Look
from entente.node.reviewing import review
from entente.node.searching import Asked, export
from house.egress import points
from node.test_findings import ALARMING

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CANARY = "QXZ-CANARY-7731"
CAVEATS = {"no-onward", "intelligence-only"}
LOOK = Look("analyst", "a look")
EVERYTHING = """
    [[provision]]
    id = "1.1"
    reference = "art. 1"
    text.en = "Everything goes, for whatever it is asked for."
    effect = "permit"
    giver = ["ca.rcmp"]
    receiver = ["ca.cbsa"]
    kinds = ["sample", "test-count", "finding"]
    fields = [
        "class:substance", "class:quantity", "class:statistical", "class:time", "class:location", "class:operational",
    ]
    purposes = ["threat-assessment", "early-warning", "investigation", "statistics"]
    occasion = "standing"
    release = "automatic"
    duties = { retain_days = 3650 }
"""
COPIES = {"cli/records.py:list_records", "cli/records.py:show", "web/screens/records.py:/records.csv"}
"""Ways out that copy records as they are; each is tried below."""


@pytest.fixture
def laundering(tmp_path: Path) -> Iterator[Field]:
    """A has given B a count under caveats; B may give C everything, for everything, with none."""
    with field_of(tmp_path / "field", (A, B, C)) as field:
        field.serve()
        field.agree(text(PERMIT), A, B)
        field.agree(text(EVERYTHING, name='"onward"', parties=f'["{B}", "{C}"]'), B, C)
        with field.node(A) as node:
            plant(node, "test-count", [count(CANARY)])
        field.settle()
        yield field


def bytes_of(field: Field, party: str) -> bytes:
    """All bytes of the database of `party`."""
    return b"".join(file.read_bytes() for file in sorted(field.home(party).glob("node.sqlite*")))


def test_neither_a_record_nor_what_rests_on_it_goes_on(laundering: Field) -> None:
    field = laundering
    assert CANARY.encode() in bytes_of(field, B)
    with field.node(B) as node:
        (row,) = look_for(node, LOOK, ALARMING, {}, "early-warning").findings
        review(node, row.id, ACCEPTED, f"{B}/analyst-1")
    field.settle()
    field.stop(C)
    assert CANARY.encode() not in bytes_of(field, C)
    assert b"EXAMPLE" not in bytes_of(field, C)
    decisions = field.must(B, "records", "show", row.id, "--why", "look", "--json").json["decisions"]
    assert {one["outcome"] for one in decisions if one["partner"] == C} == {"withhold"}
    field.serve(C)


def test_a_finding_serves_no_purpose_that_its_records_do_not(laundering: Field) -> None:
    """Investigation is none of those for which A gave; a question asked for it sees nothing of A's."""
    looked = ("findings", "look", "substances.growth", "--why", "a case", "--purpose")
    assert f"received from {A}" not in laundering.must(B, *looked, "investigation").out
    assert f"received from {A}" in laundering.must(B, *looked, "early-warning").out


def test_every_copy_says_what_it_is_held_under(laundering: Field) -> None:
    field = laundering
    last_day = date.today() + timedelta(days=31)  # noqa: DTZ011 - a day of grace for the zone of the agreement
    (listed,) = field.must(B, "records", "list", "--why", "look", "--json").json
    shown = field.must(B, "records", "show", listed["id"], "--why", "look", "--json").json
    for handling in (listed["handling"], *shown["handling"]):
        assert set(handling["caveats"]) >= CAVEATS
        assert set(handling["purposes"]) == {"threat-assessment", "early-warning"}
        assert date.fromisoformat(handling["retain_until"]) <= last_day
    with field.node(B) as node:
        written = io.StringIO()
        csv.writer(written).writerows(export(node, LOOK, Asked(), own=False))
    (line,) = csv.DictReader(io.StringIO(written.getvalue()))
    assert line["substance_native"] == CANARY
    assert set(line["caveats"].split()) >= CAVEATS
    assert set(line["may_be_used_for"].split()) == {"threat-assessment", "early-warning"}
    assert date.fromisoformat(line["retain_until"]) <= last_day
    known = {point.place for point in points()}
    assert known >= COPIES
