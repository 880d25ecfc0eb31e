"""A batch is whole or it is nothing: what was left out, added, changed or swapped is noticed, and size is bounded."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from entente.errors import EntenteError
from entente.exchange import (
    MAX_BATCH_BYTES,
    MAX_BATCH_MESSAGES,
    BatchChanged,
    BatchForAnother,
    BatchTooLarge,
    UnknownVersion,
    UnreadableBatch,
    UnsendableBatch,
    fill,
    merkle_root,
    read_batch,
    verify_batch,
)
from entente.signing import BadSignature, canonical
from exchange.parts import CBP, CBSA, DEA, KEYS, batch_of, sealed_after, stream

MESSAGES = list(stream(5))
GOOD = batch_of(MESSAGES)


def test_what_was_packed_is_unpacked() -> None:
    batch = read_batch(GOOD.to_wire())
    manifest = verify_batch(batch, KEYS[CBP].public, CBSA)
    assert (manifest.origin, manifest.first_seq, manifest.last_seq, manifest.count) == (CBP, 1, 5, 5)
    assert [sealed.to_wire() for sealed in batch.messages] == [sealed.to_wire() for sealed in MESSAGES]
    assert batch.ids() == {seq: sealed.id for seq, sealed in enumerate(MESSAGES, 1)}


def rewritten(**changes: Any) -> bytes:
    """The good batch with members of its wire form changed."""
    return canonical(json.loads(GOOD.to_wire()) | changes)


def with_manifest(**changes: Any) -> bytes:
    return rewritten(manifest=canonical(GOOD.manifest.to_json() | changes).decode())


WIRES = [json.loads(sealed.to_wire()) for sealed in MESSAGES]


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        (rewritten(messages=WIRES[:4]), BatchChanged),
        (rewritten(messages=WIRES[1:]), BatchChanged),
        (rewritten(messages=[*WIRES, WIRES[4]]), BatchChanged),
        (rewritten(messages=[*WIRES[:3], WIRES[4], WIRES[3]]), BatchChanged),
        (rewritten(messages=[]), BatchChanged),
        (rewritten(messages=WIRES[0]), UnreadableBatch),
        (rewritten(messages=[*WIRES[:4], {}]), UnreadableBatch),
        (rewritten(more=1), UnreadableBatch),
        (with_manifest(count=4), UnreadableBatch),
        (with_manifest(last_seq=4, count=4), BatchChanged),
        (with_manifest(first_seq=0, count=6), UnreadableBatch),
        (with_manifest(first_seq=9, count=-3), UnreadableBatch),
        (with_manifest(root="00" * 32), BatchChanged),
        (with_manifest(v=2), UnknownVersion),
        (with_manifest(v=True), UnreadableBatch),
        (with_manifest(note="x"), UnreadableBatch),
        (rewritten(manifest="[]"), UnreadableBatch),
        (rewritten(manifest=""), UnreadableBatch),
        (GOOD.to_wire()[:-40], UnreadableBatch),
        (b"", UnreadableBatch),
        (b"\x00" * 10, UnreadableBatch),
        (b"[" * 50_000, UnreadableBatch),
        (b" " * (MAX_BATCH_BYTES + 1), BatchTooLarge),
        (rewritten(messages=WIRES * 201), BatchTooLarge),
    ],
    ids=range(24),
)
def test_a_batch_that_is_not_whole_is_refused(wire: bytes, error: type[EntenteError]) -> None:
    with pytest.raises(error) as caught:
        read_batch(wire)
    assert type(caught.value) is error


def test_the_manifest_is_signed_by_its_origin_for_its_recipient() -> None:
    forged = read_batch(with_manifest(origin=DEA))
    with pytest.raises(BadSignature):
        verify_batch(forged, KEYS[CBP].public, CBSA)
    with pytest.raises(BadSignature):
        verify_batch(GOOD, KEYS[DEA].public, CBSA)
    with pytest.raises(BatchForAnother):
        verify_batch(GOOD, KEYS[CBP].public, DEA)
    other_purpose = replace(GOOD, signature=KEYS[CBP].sign("envelope-v1", GOOD.manifest_bytes))
    with pytest.raises(BadSignature):
        verify_batch(other_purpose, KEYS[CBP].public, CBSA)


def test_one_unreadable_envelope_does_not_make_the_batch_unreadable() -> None:
    poison = replace(MESSAGES[2], envelope=b"not json at all")
    batch = read_batch(batch_of([*MESSAGES[:2], poison, *MESSAGES[3:]]).to_wire())
    assert batch.messages[2].envelope == b"not json at all"


def test_filling_keeps_order_loses_nothing_and_respects_both_limits() -> None:
    messages = list(stream(40))
    largest = max(len(sealed.to_wire()) for sealed in messages)
    for max_messages, max_bytes in [(7, MAX_BATCH_BYTES), (1000, 2048 + 3 * (largest + 1)), (1, 3000)]:
        runs = list(fill(iter(messages), max_messages, max_bytes))
        assert [sealed.id for run in runs for sealed in run] == [sealed.id for sealed in messages]
        assert all(len(run) <= max_messages for run in runs)
        for run in runs:
            assert len(batch_of(list(run)).to_wire()) <= max_bytes
    assert list(fill([])) == []


def test_the_largest_message_fits_a_batch_of_its_own() -> None:
    big = sealed_after((0, ""), b'"' + b"\\\\" * 250_000 + b'"')
    (run,) = fill([big])
    assert read_batch(batch_of(list(run)).to_wire()).messages[0].id == big.id


def test_a_run_of_largest_messages_is_cut_below_the_limit() -> None:
    big = [sealed_after((0, ""), b'"' + b"x" * 1_000_000 + b'"')] * 9
    sizes = [len(batch_of(list(run)).to_wire()) for run in fill(big)]
    assert max(sizes) <= MAX_BATCH_BYTES
    assert len(sizes) == 3


def test_filling_a_long_stream_holds_one_run_at_a_time() -> None:
    taken = 0

    def counted() -> Any:
        nonlocal taken
        for sealed in MESSAGES * 100:
            taken += 1
            yield sealed

    next(iter(fill(counted(), max_messages=10)))
    assert taken == 11


def test_an_empty_or_overfull_batch_is_never_made() -> None:
    for messages in ([], MESSAGES * (MAX_BATCH_MESSAGES // 5) + MESSAGES):
        with pytest.raises(UnsendableBatch):
            batch_of(messages)


def by_the_book(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962 section 2.1, slow and obvious."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:half]) + by_the_book(leaves[half:])).digest()


def test_the_root_is_the_tree_hash_of_rfc_6962() -> None:
    for count in range(70):
        leaves = [str(number).encode() for number in range(count)]
        assert merkle_root(leaves) == by_the_book(leaves).hex()


def test_the_root_of_the_published_example() -> None:
    """The eight leaves of the certificate-transparency reference tests and their root."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    root = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle_root(bytes.fromhex(leaf) for leaf in leaves) == root


def test_damage_on_the_way_is_told_from_damage_before() -> None:
    """Changed in transit: the batch is refused and sent again. Sent broken: that message alone goes aside."""
    wire = json.loads(GOOD.to_wire())
    wire["messages"][2]["body"] = '{"record":{}}'
    with pytest.raises(BatchChanged):
        read_batch(canonical(wire))
    signature = WIRES[2]["signature"] | {"key_id": KEYS[DEA].public.key_id}
    with pytest.raises(BatchChanged):
        read_batch(rewritten(messages=[*WIRES[:2], WIRES[2] | {"signature": signature}, *WIRES[3:]]))
    broken_at_home = batch_of([*MESSAGES[:2], replace(MESSAGES[2], body=b"{}"), *MESSAGES[3:]])
    assert len(read_batch(broken_at_home.to_wire()).messages) == 5
