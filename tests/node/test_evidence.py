"""Evidence convinces somebody who has nothing but the file and the keys, by two checkers that share no code; with one
byte changed, or other keys, it convinces nobody."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from entente.exchange import Receipt, ReceiptItem, message_for, seal, sign_receipt
from entente.ledger import (
    Checkpoint,
    Evidence,
    Frontier,
    ProvesNothing,
    UnreadableEvidence,
    check_evidence,
    consistency_proof,
    decode_vkey,
    encode_vkey,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    read_evidence,
    sign_checkpoint,
)
from entente.signing import Json, PrivateKey, canonical

LIAR, OTHER = "us.dea", "ca.cbsa"
LOG, NODE, STRANGER = (PrivateKey(bytes([number]) * 32) for number in (1, 2, 3))
KEYS = [encode_vkey(f"entente/{LIAR}", LOG.public), encode_vkey(LIAR, NODE.public)]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HONEST = [leaf_hash(f"{number}".encode()) for number in range(30)]
EDITED = [*HONEST[:5], leaf_hash(b"another"), *HONEST[6:]]


def note(leaves: list[bytes], size: int, key: PrivateKey = LOG) -> str:
    root = Frontier().extend(leaves[:size]).root()
    return sign_checkpoint(Checkpoint(origin=f"entente/{LIAR}", size=size, root=root), key).decode()


def reader(leaves: list[bytes]):  # type: ignore[no-untyped-def]  # noqa: ANN201 - HashAt
    return hashes_of(lambda start, stop: leaves[start:stop])


def texts(hashes: tuple[bytes, ...]) -> list[Json]:
    return [base64.b64encode(one).decode() for one in hashes]


def receipt(expected: int, at: datetime, leaves: list[bytes], size: int, *, items: tuple[ReceiptItem, ...] = ()) -> str:
    made = Receipt(
        origin=OTHER,
        recipient=LIAR,
        root="0" * 64,
        expected_seq=expected,
        items=items,
        checkpoint=note(leaves, size),
        issued_at=at,
    )
    return sign_receipt(made, NODE).to_wire().decode()


def envelope(body: bytes, after: tuple[int, str]) -> str:
    message = message_for(
        body, type="key-change", origin=LIAR, recipient=OTHER, after=after, created_at=NOON, is_simulated=True
    )
    return seal(message, body, NODE).emptied().to_wire().decode()


def item(index: int) -> ReceiptItem:
    return ReceiptItem(
        seq=1, id="sha256:" + "a" * 64, state="accepted", ledger_index=index, leaf_hash=HONEST[index].hex()
    )


def all_kinds() -> dict[str, dict[str, Json]]:
    late = NOON + timedelta(hours=1)
    some_id = "sha256:" + "b" * 64
    return {
        "two-heads": {"first": note(HONEST, 20), "second": note(EDITED, 20)},
        "not-consistent": {
            "first": note(HONEST, 11),
            "second": note(EDITED, 30),
            "proof": texts(consistency_proof(11, 30, reader(EDITED))),
        },
        "leaf-missing": {
            "receipt": receipt(2, NOON, HONEST, 10, items=(item(5),)),
            "seq": 1,
            "second": note(EDITED, 30),
            "leaf": base64.b64encode(EDITED[5]).decode(),
            "path": texts(inclusion_proof(5, 30, reader(EDITED))),
        },
        "receipt-denied": {"first": receipt(9, NOON, HONEST, 9), "second": receipt(4, late, HONEST, 10)},
        "log-went-back": {"first": receipt(9, NOON, HONEST, 20), "second": receipt(9, late, HONEST, 10)},
        "stream-forked": {"first": envelope(b"one", (4, some_id)), "second": envelope(b"two", (4, some_id))},
    }


def honest_kinds() -> dict[str, dict[str, Json]]:
    """The same shapes about a party that did nothing wrong."""
    late = NOON + timedelta(hours=1)
    first = envelope(b"one", (4, "sha256:" + "b" * 64))
    return {
        "two-heads": {"first": note(HONEST, 20), "second": note(HONEST, 20)},
        "not-consistent": {
            "first": note(HONEST, 11),
            "second": note(HONEST, 30),
            "proof": texts(consistency_proof(11, 30, reader(HONEST))),
        },
        "leaf-missing": {
            "receipt": receipt(2, NOON, HONEST, 10, items=(item(5),)),
            "seq": 1,
            "second": note(HONEST, 30),
            "leaf": base64.b64encode(HONEST[5]).decode(),
            "path": texts(inclusion_proof(5, 30, reader(HONEST))),
        },
        "receipt-denied": {"first": receipt(9, late, HONEST, 9), "second": receipt(4, NOON, HONEST, 9)},
        "log-went-back": {"first": receipt(9, late, HONEST, 20), "second": receipt(9, NOON, HONEST, 10)},
        "stream-forked": {"first": first, "second": first},
    }


def alone(file: Path, *keys: str) -> subprocess.CompletedProcess[str]:
    """As a third party runs it: isolated from every installed package."""
    with as_file(files("entente.ledger.offline") / "check_evidence.py") as script:
        command = [sys.executable, "-I", "-S", str(script), str(file), *keys]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def evidence(kind: str, parts: dict[str, Json]) -> Evidence:
    return Evidence(kind=kind, party=LIAR, parts=parts)


@pytest.mark.parametrize("kind", all_kinds())
class TestEveryKind:
    def test_it_convinces_by_the_keys_alone(self, kind: str, tmp_path: Path) -> None:
        made = evidence(kind, all_kinds()[kind])
        shown = check_evidence(read_evidence(made.to_bytes()), [decode_vkey(key) for key in KEYS])
        assert LIAR in shown.said()
        file = tmp_path / "evidence.json"
        file.write_bytes(made.to_bytes())
        done = alone(file, *KEYS)
        assert (done.returncode, done.stdout[:7]) == (0, "PROVEN:"), done.stdout

    def test_nobody_is_convinced_of_what_an_honest_party_signed(self, kind: str, tmp_path: Path) -> None:
        made = evidence(kind, honest_kinds()[kind])
        with pytest.raises(ProvesNothing):
            check_evidence(made, [decode_vkey(key) for key in KEYS])
        file = tmp_path / "evidence.json"
        file.write_bytes(made.to_bytes())
        assert alone(file, *KEYS).returncode == 1

    def test_nor_by_other_keys(self, kind: str, tmp_path: Path) -> None:
        made = evidence(kind, all_kinds()[kind])
        strange = [encode_vkey(f"entente/{LIAR}", STRANGER.public), encode_vkey(LIAR, STRANGER.public)]
        with pytest.raises(ProvesNothing):
            check_evidence(made, [decode_vkey(key) for key in strange])
        file = tmp_path / "evidence.json"
        file.write_bytes(made.to_bytes())
        assert alone(file, *strange).returncode == 1

    def test_nor_when_another_party_is_accused_with_it(self, kind: str) -> None:
        made = Evidence(kind=kind, party=OTHER, parts=all_kinds()[kind])
        renamed = [encode_vkey(f"entente/{OTHER}", LOG.public), encode_vkey(OTHER, NODE.public)]
        with pytest.raises(ProvesNothing):
            check_evidence(made, [decode_vkey(key) for key in (*KEYS, *renamed)])


def cut_elsewhere(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """Two hashes of other lengths that, one after the other, are the same bytes and so give the same node."""
    return first + second[:1], second[1:]


def hashes_cut_elsewhere() -> dict[str, dict[str, Json]]:
    """Against an honest party: what is shown leads to its very tree, and is not what its tree holds."""
    seed, sibling, *rest = [Frontier().extend(HONEST[:8]).root(), *consistency_proof(8, 30, reader(HONEST))]
    longer, shorter = cut_elsewhere(seed, sibling)
    beside, *above = inclusion_proof(4, 30, reader(HONEST))
    leaf, cut = cut_elsewhere(HONEST[4], beside)
    return {
        "not-consistent": {
            "first": note(HONEST, 8),
            "second": note(HONEST, 30),
            "proof": texts((longer, shorter, *rest)),
        },
        "leaf-missing": {
            "receipt": receipt(2, NOON, HONEST, 10, items=(item(4),)),
            "seq": 1,
            "second": note(HONEST, 30),
            "leaf": base64.b64encode(leaf).decode(),
            "path": texts((cut, *above)),
        },
    }


@pytest.mark.parametrize("kind", hashes_cut_elsewhere())
def test_hashes_of_other_lengths_accuse_nobody(kind: str, tmp_path: Path) -> None:
    made = evidence(kind, hashes_cut_elsewhere()[kind])
    with pytest.raises(ProvesNothing):
        check_evidence(made, [decode_vkey(key) for key in KEYS])
    file = tmp_path / "evidence.json"
    file.write_bytes(made.to_bytes())
    done = alone(file, *KEYS)
    assert done.returncode == 1, done.stdout


def test_a_message_that_follows_one_that_was_never_sent_is_a_fork_too() -> None:
    first = envelope(b"one", (4, "sha256:" + "b" * 64))
    second = envelope(b"six", (5, "sha256:" + "c" * 64))
    shown = check_evidence(evidence("stream-forked", {"first": first, "second": second}), [decode_vkey(KEYS[1])])
    assert shown.values["seq"] == 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"kind":"two-heads","party":"us.dea","parts":{},"v":1}',
        b'{"kind":"other","party":"us.dea","parts":{},"v":1}',
        canonical({"v": 2, "kind": "two-heads", "party": LIAR, "parts": {"first": "", "second": ""}}),
        json.dumps({"v": 1}).encode(),
    ],
)
def test_what_is_no_evidence_is_not_read(data: bytes) -> None:
    with pytest.raises(UnreadableEvidence):
        read_evidence(data)


@pytest.mark.parametrize("value", [None, 7, [], {}, "", "nonsense"])
@pytest.mark.parametrize("kind", all_kinds())
def test_parts_of_any_form_prove_nothing_and_break_nothing(kind: str, value: Json) -> None:
    for name in all_kinds()[kind]:
        with pytest.raises(ProvesNothing):
            check_evidence(evidence(kind, {**all_kinds()[kind], name: value}), [decode_vkey(key) for key in KEYS])
