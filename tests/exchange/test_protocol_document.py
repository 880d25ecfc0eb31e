"""docs/protocol.md says what the code does: its tables are the code's tables, its examples are the code's bytes."""

import re

from entente.exchange import PROBLEMS, RECEIPT_STATES, DifferenceKind
from entente.exchange.batches import BATCH_CONTEXT, MANIFEST_SHAPE
from entente.exchange.feedback import FEEDBACK_SHAPE, STAGES
from entente.exchange.http_profile import REQUEST_COMPONENTS, REQUEST_PARAMETERS, RESPONSE_COMPONENTS, TAG
from entente.exchange.messages import ENVELOPE_SHAPE, URGENCIES
from entente.exchange.receipts import RECEIPT_CONTEXT, RECEIPT_SHAPE
from entente.exchange.reconcile_wire import RANGE_SHAPE
from entente.exchange.sealing import ENVELOPE_CONTEXT
from exchange.document import BLOCK, BLOCKS, FILE, drawn

TEXT = FILE.read_text("utf-8")


def section(title: str) -> str:
    """The text from heading `title` to the next heading of the same level."""
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_column(text: str) -> set[str]:
    """The code names in the first column of all tables."""
    cells = re.findall(r"^\| ([^|]*) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_the_drawn_blocks_are_those_of_the_code() -> None:
    assert drawn(TEXT) == TEXT, "run: PYTHONPATH=tests python -m exchange.document"
    assert {found[2] for found in BLOCK.finditer(TEXT)} == set(BLOCKS)


def test_every_member_of_every_object_is_described() -> None:
    envelope = section("The envelope").split("<!--", 1)[0]
    assert first_column(envelope) == set(ENVELOPE_SHAPE)
    assert first_column(section("Batches")) == set(MANIFEST_SHAPE)
    assert first_column(section("Receipts")) == set(RECEIPT_SHAPE)
    assert set(FEEDBACK_SHAPE) <= first_column(section("Feedback"))
    for name in RANGE_SHAPE:
        assert f"`{name}`" in section("Reconciliation")


def test_every_code_that_a_reader_meets_is_described() -> None:
    for state in RECEIPT_STATES:
        assert f"`{state}`" in section("Receipts")
    for urgency in URGENCIES:
        assert f"`{urgency}`" in section("The envelope")
    for stage in STAGES:
        assert f"`{stage}`" in section("Feedback")
    for kind in DifferenceKind:
        assert f"`{kind}`" in section("Reconciliation")
    assert {row.code for row in PROBLEMS} < first_column(section("Problems"))


def test_contexts_components_and_parameters_are_described() -> None:
    for context in (ENVELOPE_CONTEXT, BATCH_CONTEXT, RECEIPT_CONTEXT):
        assert f"`{context}`" in section("Canonical JSON")
    http = section("HTTP")
    for component in (*REQUEST_COMPONENTS, *RESPONSE_COMPONENTS):
        assert f"`{component}`" in http
    for parameter in REQUEST_PARAMETERS:
        assert f"`{parameter}`" in http
    assert f'`"{TAG}"`' in http
