"""Attack 3, the sweep: a canary in every field that is withheld, in ids, sources, order, reasons and notes. Then every
byte that the partner can obtain is searched: each message that is sent, every receipt, refusal, reconciliation and
problem, the checkpoint, the ledger's files, headers, and all that its own node keeps. And where nothing is confirmed,
found, withheld and not there look alike.
"""

import statistics
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from attacks.field import Field, field_of
from entente.exchange import Question, open_sealed, question_bytes, read_envelope
from entente.node.answering_questions import TICK_SECONDS, tick_after
from entente.node.looking_up import look_up
from entente.node.querying import Wish, ask_query, ask_request
from entente.node.questioning import BY_US, OF_US
from entente.node.work import Node
from entente.store import AskingRow
from story.asking_given import BASIS, kept, provision, sample, text_of
from story.world import CBP, CBSA

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
OFFICER = f"{CBSA}/liaison-1"
CANARY = "canary"
WITHHELD = ("seizure_number", "place", "submitter", "exhibit_notes")
STANDING = provision("9", "standing", "automatic", when='when = [{ field = "substance_suspected", equals = "heroin" }]')
TEXT = text_of("asking-discreetly", more="neither_confirm_nor_deny = true") + STANDING.encode()
ASKED = ("A-1", "A-2", "A-3")
"""Held and it may be told, held and it may not, not held."""


def canaries(record: str) -> dict[str, Any]:
    return {name: f"{CANARY}-{name}-{record}" for name in WITHHELD}


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with field_of(tmp_path / "field", (CBSA, CBP)) as field:
        field.serve()
        field.agree(TEXT, CBSA, CBP)
        with field.node(CBSA) as node:
            sample(node, "A-1", **canaries("a1"))
            sample(node, "A-2", "cocaine", **canaries("a2"))
            sample(node, f"{CANARY}-number-b1", "heroin", **canaries("b1"))  # goes to the partner, without these
            sample(node, f"{CANARY}-number-b2", "cocaine", colour=f"{CANARY}-colour-b2", **canaries("b2"))
            kept(node, "occurrence", f"{CANARY}-number-o1", person_name=f"{CANARY}-name", notes=f"{CANARY}-notes")
        field.settle()
        yield field


def wish(number: str) -> Wish:
    question = Question(kind="sample", legal_basis=BASIS, reason="x", selector=(("number", number),))
    return Wish(partner=CBSA, question=question, purpose="investigation", who="the-attacker")


def ask_all(field: Field) -> list[str]:
    """CBP asks for all three in one batch; the ids. It sends them only once all are there."""
    field.stop(CBP)
    with field.node(CBP) as node:
        questions = [
            Question(kind="sample", legal_basis=BASIS, reason="x", selector=(("number", one),)) for one in ASKED
        ]
        wishes = [Wish(partner=CBSA, question=one, purpose="investigation", who="the-attacker") for one in questions]
        found = [ask_query(node, one).about for one in wishes]
        ask_request(node, wishes[1])
        ask_request(node, wishes[2])
    field.serve(CBP)
    return found


def settled(field: Field) -> list[AskingRow]:
    """The queries as CBP keeps them, once all are answered."""
    while True:
        field.settle()
        with field.node(CBP) as node, node.store.reading() as tx:
            rows = [row for row in tx.askings(BY_US) if row.type == "query"]
        if all(row.state != "asked" for row in rows):
            return rows


def refuse_requests(field: Field) -> None:
    for row in field.must(CBSA, "ask", "list", "--asked", "of-us", "--open", "--json").json:
        if row["type"] == "request":
            note = ("--reason", "ongoing-investigation", "--note", f"{CANARY}-note-of-a-refusal")
            field.must(CBSA, "ask", "refuse", row["about"], *note, "--who", OFFICER)
    field.settle()


def corrected(field: Field) -> None:
    """A new version of what went: the partner hears of it, and of nothing that was withheld."""
    with field.node(CBSA) as node:
        sample(node, f"{CANARY}-number-b1", "heroin", seized_on=date(2026, 9, 2), **canaries("b1-again"))
    field.settle()


def obtainable(field: Field) -> bytes:
    """All that CBP can get at: what was sent to it, all that its node keeps, and whatever CBSA's node answers it."""
    parts = []
    with field.node(CBSA) as node, node.store.reading() as tx:
        parts += [row.sealed for row in tx.outbox(CBP)]
        url = node.config.url
    parts += [file.read_bytes() for file in field.home(CBP).rglob("*") if file.is_file()]
    published = [file.relative_to(field.home(CBSA)) for file in (field.home(CBSA) / "ledger").rglob("*")]
    paths = [f"/{path}" for path in published] + ["/exchange/v1/checkpoint", "/healthz", "/readyz", "/", "/nothing"]
    with httpx.Client(base_url=url, timeout=60) as client:
        answers = [client.get(path) for path in paths]
        for path in ("/exchange/v1/messages", "/exchange/v1/reconciliation"):
            answers += [client.post(path, content=body) for body in (b"", b"{}", ASKED[0].encode())]
        answers.append(client.request("TRACE", "/exchange/v1/messages"))
    for answer in answers:
        parts += [answer.content, repr(answer.headers.raw).encode()]
    return b"\n".join(parts)


def spellings(word: str) -> list[bytes]:
    """As it stands, and inside base64 at each of the three places where it can begin."""
    plain = word.encode()
    inside = [b64encode(b"x" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
    return [plain, plain.upper(), *(one for one in inside if len(one) > 7)]


def test_no_withheld_word_is_in_any_byte_that_the_partner_can_obtain(field: Field) -> None:
    ask_all(field)
    settled(field)
    refuse_requests(field)
    corrected(field)
    assert field.run(CBP, "exchange", "reconcile").code == 0
    everything = obtainable(field)
    assert b"fentanyl" in everything or b"heroin" in everything, "nothing went, so nothing was shown"
    for word in (CANARY, "STAYS AT HOME", "ongoing-investigation", "withheld"):
        found = [one for one in spellings(word) if one in everything]
        context = [everything[max(everything.find(one) - 80, 0) : everything.find(one) + 80] for one in found]
        assert not found, context
    with field.node(CBP) as node, node.store.reading() as tx:
        held = list(tx.current_records("sample", own=False))
    assert [row.version for row in held] == [2], "only what stands under the standing provision came"


def test_found_withheld_and_not_there_look_alike(field: Field) -> None:
    abouts = ask_all(field)
    rows = {row.about: row for row in settled(field)}
    with field.node(CBSA) as node, node.store.reading() as tx:
        ours = [tx.asking(OF_US, CBP, about) for about in abouts]
        answers = [open_sealed(row.sealed) for row in tx.outbox(CBP) if row.type == "answer"]
    assert [row.outcome for row in ours if row] == ["hit", "withheld", "no-hit"]
    assert {(rows[about].outcome, rows[about].found) for about in abouts} == {("not-told", b"[]")}
    assert len({answer.body for answer in answers}) == 1
    assert len({len(answer.to_wire()) for answer in answers}) == 1
    made = {read_envelope(answer.envelope).created_at for answer in answers}
    assert len(made) == 1
    for row in ours:
        assert row is not None
        assert row.leaves_at == tick_after(row.created_at)
        assert row.leaves_at <= min(made)


def test_when_an_answer_leaves_is_known_before_anything_is_looked_up(field: Field) -> None:
    """The receipt comes before the looking: its time cannot tell, and the tick hides how long the looking took."""
    field.stop(CBSA)
    with field.node(CBP) as node:
        for one in ASKED:
            ask_query(node, wish(one))
    field.serve(CBSA)
    settled(field)
    with field.node(CBSA) as node, node.store.reading() as tx:
        answers = [read_envelope(open_sealed(row.sealed).envelope) for row in tx.outbox(CBP) if row.type == "answer"]
        ours = {row.about: row for row in tx.askings(OF_US)}
    assert len(answers) == 3
    for answer in answers:
        row = ours[answer.about or ""]
        assert row.leaves_at is not None
        assert row.leaves_at.timestamp() % TICK_SECONDS == 0
        assert row.leaves_at - row.created_at >= timedelta(seconds=TICK_SECONDS / 2)
        assert answer.created_at >= row.leaves_at


def distance(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sample Kolmogorov-Smirnov statistic: the largest gap between the two distribution functions."""
    points = sorted({*first, *second})
    return max(
        abs(sum(one <= at for one in first) / len(first) - sum(one <= at for one in second) / len(second))
        for at in points
    )


def test_how_long_looking_takes_is_told(field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the distributions; what the partner sees is the tick, which hides them. Nothing is asserted of times."""
    field.stop()
    numbers = {"hit": "A-1", "withheld": "A-2", "no-hit": "A-3"}
    took: dict[str, list[float]] = {name: [] for name in numbers}
    with field.node(CBSA) as node:
        for filler in range(300):
            sample(node, f"F-{filler}")
        for turn in range(20):
            for name, number in numbers.items():
                with node.writing() as work:
                    work.tx.put_asking(_asked_of_us(node, number, f"sha256:{turn:03}{name}"))
                began = time.perf_counter()
                look_up(node)
                took[name].append(time.perf_counter() - began)
        with node.store.reading() as tx:
            assert {row.outcome for row in tx.askings(OF_US)} == set(numbers)
    said = [
        f"{name:>9}: median {statistics.median(times) * 1000:.1f} ms, most {max(times) * 1000:.1f} ms"
        for name, times in took.items()
    ]
    said += [
        f"KS({name}, no-hit) = {distance(took[name], took['no-hit']):.2f} of 20 each" for name in ("hit", "withheld")
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(said) + "\n")


def _asked_of_us(node: Node, number: str, about: str) -> AskingRow:
    """The query for `number` as the node keeps it when it has just come from CBP."""
    question = Question(kind="sample", legal_basis=BASIS, reason="x", selector=(("number", number),))
    with node.store.reading() as tx:
        (agreement,) = (row.digest for row in tx.agreements())
    return AskingRow(
        direction=OF_US,
        partner=CBP,
        about=about,
        type="query",
        agreement=agreement,
        purpose="investigation",
        kind="sample",
        urgency="normal",
        due=None,
        state="asked",
        body=question_bytes(question),
        outcome="",
        reason="",
        note="",
        who="",
        found=b"[]",
        approvals=b"[]",
        is_simulated=True,
        created_at=node.clock(),
    )
