"""What a partner is told: a code it can act on, and nothing that was not meant for it."""

import inspect
import json

import pytest

import entente.exchange as room
from entente.errors import EntenteError, InputFault, Misconfigured, OurFault, PartnerFault, Tampered, Unavailable
from entente.exchange import PROBLEMS, UnreadableProblem, code_of, problem_of, read_problem
from entente.exchange.problems import INTERNAL, MAX_PROBLEM_BYTES


class DatabaseLocked(Unavailable):
    """The database of case 4711 is locked by officer.x. Wait."""


class SecretInside(OurFault):
    """Record {id} could not be kept. Report it."""


@pytest.mark.parametrize("row", PROBLEMS, ids=lambda row: row.code)
def test_every_row_travels_and_is_understood(row: room.Problem) -> None:
    wire = room.Problem(code=row.code, status=row.status, detail="what and what to do").to_wire()
    read = read_problem(wire, row.status)
    assert (read.code, read.status, read.detail) == (row.code, row.status, "what and what to do")
    assert json.loads(wire)["type"] == f"urn:entente:problem:{row.code}"


def test_codes_are_unique_and_statuses_are_errors() -> None:
    assert len({row.code for row in PROBLEMS}) == len(PROBLEMS) == len({row.error for row in PROBLEMS})
    assert all(400 <= row.status < 600 for row in PROBLEMS)


def test_every_fault_that_a_partner_can_cause_has_a_code() -> None:
    """Faults of *our* partner's answer are ours to handle; everything a request can do wrong must be in the table."""
    of_answers = {
        room.UnreadableReceipt, room.ReceiptForAnother, room.ReceiptForNothing, room.IncompleteReceipt,
        room.PartnerIsAhead, room.UnreadableProblem,
    }  # fmt: skip
    faults = {
        thing
        for thing in vars(room).values()
        if inspect.isclass(thing) and issubclass(thing, (PartnerFault, Tampered)) and thing not in of_answers
    }
    assert {fault.__name__ for fault in faults if code_of(fault.__new__(fault)) == INTERNAL} == set()


def test_what_is_ours_is_never_told() -> None:
    for error in (SecretInside(id="us.cbp/4711"), OurFault(), Misconfigured(), InputFault()):
        told = problem_of(error)
        assert told.code == INTERNAL
        assert told.status == 500
        assert "4711" not in told.to_wire().decode()
    busy = problem_of(DatabaseLocked())
    assert (busy.code, busy.status, busy.is_passing) == ("unavailable", 503, True)
    assert "4711" not in busy.detail


@pytest.mark.parametrize(
    ("error", "code", "passing"),
    [
        (room.Replayed(key_id="k"), "replayed", True),
        (room.TooOld(seconds=90, limit=60), "too-old", True),
        (room.UnknownKey(key_id="k"), "unknown-key", False),
        (room.ForkedStream(origin="us.cbp", seq=3, why="two"), "forked-stream", False),
        (room.BatchTooLarge(size=9, unit="bytes", limit=8), "batch-too-large", False),
    ],
)
def test_the_asker_learns_whether_to_try_again_by_itself(error: EntenteError, code: str, *, passing: bool) -> None:
    told = read_problem(problem_of(error).to_wire(), 400)
    assert (told.code, told.is_passing) == (code, passing)


def test_a_code_from_a_later_version_is_no_reason_to_hurry() -> None:
    told = read_problem(b'{"type": "urn:entente:problem:moon-phase", "extra": {"a": [1]}}', 418)
    assert (told.code, told.status, told.is_passing) == ("moon-phase", 418, False)


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"<html>502 Bad Gateway</html>",
        b"[]",
        b"{}",
        b'{"type": 5}',
        b'{"type": "about:blank"}',
        b"[" * 60_000,
        b'{"type": "urn:entente:problem:x", "detail": "' + b"x" * MAX_PROBLEM_BYTES + b'"}',
        b"\xff",
    ],
    ids=range(9),
)
def test_a_proxy_s_page_is_not_a_problem_description(wire: bytes) -> None:
    with pytest.raises(UnreadableProblem):
        read_problem(wire, 502)
