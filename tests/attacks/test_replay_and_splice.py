"""Replay and splice: what was captured, cut up, put together anew or signed by somebody else is refused, and each is
logged once."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from attacks.captured import MESSAGES, RECONCILIATION, Wire, header, signed_over_little, with_header
from attacks.field import Field, field_of
from entente.exchange import HttpRequest, message_for, seal
from entente.exchange.batches import make_batch
from entente.node.work import utc_now
from story.world import tell_address

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
A, B, D = "us.cbp", "ca.cbsa", "us.dea"
MODEL = "customs-seizure-statistics"


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """A has messages for B; only B's node runs."""
    with field_of(tmp_path / "field", (B, A, D), (MODEL,)) as field:
        field.serve(B)
        yield field


@pytest.fixture
def wire(field: Field) -> Wire:
    return Wire(field, A, B)


def refused(wire: Wire, request: HttpRequest, to: str = "") -> tuple[int, str]:
    """Status and code of the refusal; it left one line in the log, and nothing was taken in."""
    logged, taken = wire.refusals(), wire.taken_in()
    answer = wire.send(request, to)
    assert (wire.refusals(), wire.taken_in()) == (logged + 1, taken)
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def delivered(wire: Wire) -> HttpRequest:
    """A's first message, on its way as it should be."""
    request = wire.signed(wire.batch().to_wire(), utc_now())
    assert wire.send(request).status_code == httpx.codes.OK
    assert wire.taken_in() == 1
    return request


def test_a_captured_request_works_once_also_after_a_restart(field: Field, wire: Wire) -> None:
    request = delivered(wire)
    assert refused(wire, request) == (401, "replayed")
    field.kill(B)
    field.serve(B)
    assert refused(wire, request) == (401, "replayed")
    nonce = header(request, "Signature-Input").partition('nonce="')[2].partition('"')[0]
    assert refused(wire, wire.signed(wire.batch(2).to_wire(), utc_now(), nonce=nonce)) == (401, "replayed")
    assert sorted(wire.evidence()) == ["Replayed", "Replayed"]  # two bodies, however often they came


def test_a_request_that_was_cut_up_is_refused(wire: Wire) -> None:
    first, second = (wire.batch(number).to_wire() for number in (1, 2))
    now = utc_now()
    request, other = wire.signed(first, now), wire.signed(second, now)

    swapped = HttpRequest(method="POST", url=request.url, headers=request.headers, body=second)
    assert refused(wire, swapped) == (400, "content-changed")
    fitting = with_header(swapped, "Content-Digest", header(other, "Content-Digest"))
    assert refused(wire, fitting) == (401, "signature-mismatch")
    assert refused(wire, signed_over_little(request, wire.key(), now, wire.nonce())) == (401, "component-missing")
    assert refused(wire, request, to=wire.url + RECONCILIATION) == (401, "signature-mismatch")
    assert refused(wire, request, to=wire.url + MESSAGES + "?x=1") == (401, "signature-mismatch")
    twice = with_header(request, "Signature-Input", header(request, "Signature-Input"), is_added=True)
    assert refused(wire, twice)[1] in {"repeated-field", "several-signatures"}
    both = with_header(
        with_header(
            request,
            "Signature-Input",
            header(request, "Signature-Input") + "," + header(other, "Signature-Input").replace("entente=", "more=", 1),
        ),
        "Signature",
        header(request, "Signature") + "," + header(other, "Signature").replace("entente=", "more=", 1),
    )
    assert refused(wire, both) == (401, "several-signatures")
    assert wire.send(request).status_code == httpx.codes.OK  # nothing of this used up the real one


def test_a_request_of_another_day_is_refused(wire: Wire) -> None:
    body = wire.batch().to_wire()
    day = timedelta(days=1)
    assert refused(wire, wire.signed(body, utc_now() - day)) == (401, "too-old")
    assert refused(wire, wire.signed(body, utc_now() + day)) == (401, "from-the-future")
    assert wire.evidence() == []  # nothing was proven, so nothing is said of A


def test_nobody_speaks_for_another(field: Field, wire: Wire) -> None:
    key, now = wire.key(D), utc_now()
    signed_by_a = wire.batch()
    assert refused(wire, wire.signed(signed_by_a.to_wire(), now, key)) == (403, "speaks-for-another")
    assert refused(wire, wire.signed(wire.batch(key=key).to_wire(), now, key)) == (403, "speaks-for-another")
    mixed = wire.batch(key=key)
    assert refused(wire, wire.signed(mixed.to_wire(), now)) == (403, "speaks-for-another")

    forged = message_for(
        b"{}", type="checkpoint", origin=A, recipient=B, after=(0, ""), created_at=now, is_simulated=True
    )
    batch = make_batch([seal(forged, b"{}", key)], origin=D, recipient=B, first_seq=1, key=key)
    answer = wire.send(wire.signed(batch.to_wire(), now, key))
    assert answer.status_code == httpx.codes.OK
    with field.node(B) as node, node.store.reading() as tx:
        (row,) = tx.inbox(D)
        assert (row.state, row.reason) == ("refused", "speaks-for-another")
    assert wire.taken_in() == 0
    assert wire.send(wire.signed(signed_by_a.to_wire(), utc_now())).status_code == httpx.codes.OK


def test_a_key_that_was_replaced_delivers_nothing(tmp_path: Path) -> None:
    with field_of(tmp_path / "field", (B, A), (MODEL,)) as field:
        wire = Wire(field, A, B)
        old = wire.key()
        field.must(A, "keys", "rotate", "--overlap-days", 1)
        field.serve()
        field.settle()
        field.must(A, "keys", "finish")
        body = wire.batch(1, 1, old).to_wire()
        assert wire.send(wire.signed(body, utc_now(), old)).status_code == httpx.codes.OK  # both count until then
        field.at(days=2)
        with field.node(B) as node:
            now = node.clock()
        assert refused(wire, wire.signed(body, now, old)) == (401, "unknown-key")
        assert refused(wire, wire.signed(body, now, wire.key())) == (401, "unknown-key")  # the batch is the old key's
        assert wire.send(wire.signed(wire.batch(1).to_wire(), now)).status_code == httpx.codes.OK


@contextmanager
def always(answer: httpx.Response) -> Iterator[str]:
    """Something at an address that gives the same answer to everything."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response_only(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in {"date", "server", "content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_an_answer_to_another_request_settles_nothing(field: Field, wire: Wire) -> None:
    with field.node(A) as node, node.store.reading() as tx:
        number = sum(1 for _ in tx.outbox(B))
    answer = wire.send(wire.signed(wire.batch(1, number).to_wire(), utc_now()))
    assert answer.status_code == httpx.codes.OK
    with always(answer) as url:
        with field.node(A) as node:
            tell_address(node, B, url)
        sent = field.run(A, "exchange", "send")
    with field.node(A) as node, node.store.reading() as tx:
        assert {row.state for row in tx.outbox(B)} == {"queued"}
        assert {row.reason for row in tx.outbox(B)} == {"SignatureMismatch"}
    assert "answers another request" in sent.out + sent.err
