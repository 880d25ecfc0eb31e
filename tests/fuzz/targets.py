"""What reads bytes that others made, each with bytes that it reads without an error.

A target takes any bytes and reads them, or raises an error of a family in `entente.errors`; anything else, a hang or
memory without bound is a defect.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from entente.agreements import (
    OfficerSignature,
    Suspension,
    accept,
    model_bytes,
    read_agreement,
    read_cases,
    sign_agreement,
    suspend_agreement,
)
from entente.errors import EntenteError
from entente.exchange import (
    StreamItem,
    ask_about,
    open_sealed,
    read_batch,
    read_envelope,
    read_receipt,
    verify_request,
)
from entente.exchange.feedback import read_feedback
from entente.exchange.http import HttpRequest
from entente.exchange.key_changes import read_key_change
from entente.exchange.problems import read_problem
from entente.exchange.queries import (
    Answer,
    Question,
    Refusal,
    answer_bytes,
    question_bytes,
    read_answer_to,
    read_question,
    read_refusal,
    refusal_bytes,
)
from entente.exchange.recalls import erasure_receipt_bytes, read_erasure_receipt, read_recall, recall_bytes
from entente.exchange.reconcile_wire import read_view
from entente.exchange.redisclosures import (
    read_redisclosure_grant,
    read_redisclosure_request,
    redisclosure_grant_bytes,
    redisclosure_request_bytes,
)
from entente.exchange.witness_wire import AddCheckpoint, Witnessed, read_add_checkpoint, read_witnessed
from entente.ledger import check_evidence, decode_vkey, encode_vkey, read_evidence
from entente.ledger.anchors import read_anchor
from entente.ledger.checkpoints import parse_checkpoint, read_checkpoint
from entente.ledger.entries import read_opening
from entente.ledger.notes import read_note
from entente.ledger.tiles import parse_path
from entente.node.identity import Card, log_origin, read_card, write_card
from entente.records import Reader, Stamp, read
from entente.signing import Json, canonical, parse
from entente.workstreams import ALL, build_catalogue
from exchange.parts import CBP, CBSA, KEYS
from exchange.test_key_changes import BODY as KEY_CHANGE
from exchange.test_recalls import GRANT, RECALL
from exchange.test_recalls import RECEIPT as ERASED
from exchange.test_recalls import REQUEST as REDISCLOSURE
from exchange.vectors import BATCH, DONE, FIRST, RECEIPT, REQUEST, SEEN
from ledger.made import KNOWN, leaf, log_of
from node.test_evidence import KEYS as KEYS_OF_LIAR
from node.test_evidence import all_kinds, evidence

CATALOGUE = build_catalogue(ALL)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MAX_BYTES = 16_384
MODEL = "customs-seizure-statistics"


@dataclass(frozen=True, slots=True)
class Target:
    """`read` takes any bytes; `seeds` are good ones; `runs` is how many inputs the test tries."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    runs: int = 30_000

    def try_out(self, data: bytes) -> None:
        """Raises whatever is not an error of ours."""
        try:
            self.read(data)
        except EntenteError:
            return


def _table(reader: Reader, data: bytes) -> None:
    stamp = Stamp(said_by="us.cbp", recorded_at=NOW, id_key=b"k" * 32, is_simulated=False)
    stream = io.BytesIO(data)
    for _ in read(
        stream, reader=reader, catalogue=CATALOGUE, stamp=stamp, source="f.csv", source_digest="sha256:" + "0" * 64
    ):
        pass


def _tables() -> dict[str, Target]:
    found = {}
    for workstream in ALL:
        for reader in workstream.readers:
            examples = workstream.folder.joinpath("examples").iterdir()
            seeds = [file.read_bytes() for file in examples if file.name.split(".")[0] == reader.name]
            found[f"table-{reader.name}"] = Target(partial(_table, reader), [seed[:MAX_BYTES] for seed in seeds])
    return found


def _request(data: bytes) -> None:
    """The whole request of a partner, as lines of a header, an empty line, and the body."""
    head, _, body = data.partition(b"\n\n")
    lines = [line.partition(b": ") for line in head.split(b"\n")]
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, _, value in lines)
    request = HttpRequest(method="POST", url=REQUEST.url, headers=headers, body=body)
    verify_request(request, key_of=lambda _: KEYS[CBP].public, now=NOW, is_new_nonce=lambda *_: True)


def _disclosure(data: bytes) -> None:
    accept(
        data,
        sender="us.cbp",
        receiver="ca.cbsa",
        receiver_roles=frozenset({"border"}),
        agreements=[TEXT],
        catalogue=CATALOGUE,
        moment=NOW,
        is_simulated=False,
    )


def _body() -> bytes:
    values: dict[str, Json] = {
        "publication": "cbp-drug-seizures",
        "component": "ofo",
        "period_start": "2025-09-01",
        "drug": "fentanyl",
    }
    record: dict[str, Json] = {
        "id": "f" * 32,
        "version": 1,
        "kind": "seizure-total",
        "kind_version": 1,
        "said_by": "us.cbp",
    }
    handling: dict[str, Json] = {
        "agreement": "sha256:" + "0" * 64,
        "provisions": ["1.1"],
        "purposes": ["statistics"],
        "caveats": [],
    }
    return canonical(
        {
            "form": 1,
            "record": record | {"sure": "reported", "is_simulated": False, "values": values},
            "handling": handling | {"duties": {"retain_days": 30}},
        }
    )


def _card() -> bytes:
    card = Card(
        party=CBP,
        domain="production",
        url="https://node.example",
        public_key=KEYS[CBP].public.to_text(),
        log_vkey=encode_vkey(log_origin(CBP), KEYS[CBP].public),
        officers=(),
    )
    return write_card(card, KEYS[CBP])


def _signature() -> bytes:
    made = sign_agreement(TEXT, party="us.cbp", officer_id="us.cbp/liaison-1", key=KEYS[CBP], signed_at=NOW)
    return canonical(made.to_json())


def _suspension() -> bytes:
    officer = "us.cbp/liaison-1"
    made = suspend_agreement(TEXT, party="us.cbp", officer_id=officer, key=KEYS[CBP], suspended_at=NOW, why="a reason")
    return canonical(made.to_json())


TEXT = read_agreement(model_bytes(MODEL), CATALOGUE)
HEADERS = "\n".join(f"{name}: {value}" for name, value in REQUEST.headers).encode("latin-1")
CHECKPOINT = log_of(5)["checkpoint"]
VIEW = ask_about([StreamItem(1, FIRST.id, "accepted")], origin=CBP, recipient=CBSA, first_seq=1, last_seq=1)
ASKED = Question(kind="sample", legal_basis="ca.privacy-act-8-2-f", reason="A case.", selector=(("number", "X-1"),))
TARGETS: Mapping[str, Target] = {
    "canonical": Target(parse, [canonical({"a": [1, "é", None, True, "1.5"]})]),
    "sealed": Target(open_sealed, [FIRST.to_wire()]),
    "envelope": Target(read_envelope, [FIRST.envelope]),
    "batch": Target(read_batch, [BATCH.to_wire()]),
    "receipt": Target(read_receipt, [RECEIPT.to_wire()]),
    "feedback": Target(read_feedback, [SEEN, DONE]),
    "query": Target(lambda data: read_question(data, is_query=True), [question_bytes(ASKED)]),
    "asked-record": Target(lambda data: read_question(data, is_query=False), [question_bytes(ASKED)]),
    "answer": Target(read_answer_to, [answer_bytes(Answer(outcome="hit", records=1))]),
    "refusal": Target(read_refusal, [refusal_bytes(Refusal(reason="over-budget"))]),
    "recall": Target(read_recall, [recall_bytes(RECALL)]),
    "erasure-receipt": Target(read_erasure_receipt, [erasure_receipt_bytes(ERASED)]),
    "redisclosure-request": Target(read_redisclosure_request, [redisclosure_request_bytes(REDISCLOSURE)]),
    "redisclosure-grant": Target(read_redisclosure_grant, [redisclosure_grant_bytes(GRANT)]),
    "key-change": Target(read_key_change, [KEY_CHANGE]),
    "witness": Target(read_add_checkpoint, [AddCheckpoint(checkpoint=CHECKPOINT.decode()).to_wire()]),
    "witnessed": Target(read_witnessed, [Witnessed(outcome="refused", held=(CHECKPOINT.decode(),)).to_wire()]),
    "evidence": Target(
        lambda data: check_evidence(read_evidence(data), [decode_vkey(key) for key in KEYS_OF_LIAR]),
        [evidence(kind, parts).to_bytes() for kind, parts in all_kinds().items()],
    ),
    "reconciliation": Target(read_view, [VIEW.to_wire()]),
    "problem": Target(lambda data: read_problem(data, 400), [b'{"type":"urn:entente:problem:replayed","status":401}']),
    "request": Target(_request, [HEADERS + b"\n\n" + BATCH.to_wire()]),
    "disclosure": Target(_disclosure, [_body()]),
    "card": Target(lambda data: read_card("card", data), [_card()]),
    "agreement": Target(lambda data: read_agreement(data, CATALOGUE), [model_bytes("drug-trends")], runs=8_000),
    "cases": Target(
        lambda data: read_cases(data, CATALOGUE),
        [model_bytes(MODEL, "decisions.toml")],
        runs=4_000,
    ),
    "officer-signature": Target(lambda data: OfficerSignature.from_json(parse(data)), [_signature()]),
    "suspension": Target(lambda data: Suspension.from_json(parse(data)), [_suspension()]),
    "note": Target(read_note, [CHECKPOINT]),
    "checkpoint": Target(parse_checkpoint, [CHECKPOINT]),
    "signed-checkpoint": Target(lambda data: read_checkpoint(data, KNOWN), [CHECKPOINT]),
    "anchor": Target(lambda data: read_anchor(data, KNOWN), [CHECKPOINT]),
    "opening": Target(read_opening, [leaf(1).opening]),
    "tile-path": Target(lambda data: parse_path(data.decode("latin-1")), [b"tile/0/x001/234.p/8"]),
    **_tables(),
}
