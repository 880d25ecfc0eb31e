"""Two parties with fixed keys, a stranger, and messages between them: what the tests of the exchange send about."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from entente.exchange import (
    Batch,
    Directory,
    PinnedKey,
    Receipt,
    ReceiptItem,
    Sealed,
    directory_of,
    make_batch,
    message_for,
    seal,
)
from entente.signing import PrivateKey, canonical, digest

CBP, CBSA, DEA = "us.cbp", "ca.cbsa", "us.dea"
KEYS = {CBP: PrivateKey(bytes(range(32))), CBSA: PrivateKey(bytes(range(32, 64))), DEA: PrivateKey(b"d" * 32)}
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
AGREEMENT = digest(b"the exact bytes of an agreement")
LEAF = "ab" * 32


def pinned(party: str, **window: Any) -> PinnedKey:
    return PinnedKey(party=party, key=KEYS[party].public, **({"valid_from": NOW - timedelta(days=30)} | window))


def everybody() -> Directory:
    return directory_of(pinned(party) for party in KEYS)


def sealed_after(after: tuple[int, str], body: bytes = b"{}", **changes: Any) -> Sealed:
    """The disclosure from CBP to CBSA that follows `after`; `changes` go to its envelope."""
    members: dict[str, Any] = {
        "type": "disclosure",
        "origin": CBP,
        "recipient": CBSA,
        "created_at": NOW,
        "is_simulated": True,
        "agreement": AGREEMENT,
        "provisions": ("1.1",),
        "purpose": "statistics",
        "caveats": ("no-onward",),
    }
    message = message_for(body, after=after, **(members | changes))
    return seal(message, body, KEYS[message.origin])


def stream(count: int, after: tuple[int, str] = (0, "")) -> Iterator[Sealed]:
    """`count` disclosures from CBP to CBSA, each with its own body."""
    for _ in range(count):
        sealed = sealed_after(after, canonical({"record": {"number": after[0] + 1, "drug": "fentanyl"}}))
        yield sealed
        after = (after[0] + 1, sealed.id)


def batch_of(messages: list[Sealed], first_seq: int = 1, **changes: Any) -> Batch:
    members: dict[str, Any] = {"origin": CBP, "recipient": CBSA, "first_seq": first_seq, "key": KEYS[CBP]}
    return make_batch(messages, **(members | changes))


def receipt_for(batch: Batch, **changes: Any) -> Receipt:
    """CBSA's receipt that accepts all of `batch`."""
    items = tuple(
        ReceiptItem(seq=seq, id=sealed.id, state="accepted", ledger_index=100 + seq, leaf_hash=LEAF)
        for seq, sealed in batch.numbered()
    )
    members: dict[str, Any] = {
        "origin": CBP,
        "recipient": CBSA,
        "root": batch.manifest.root,
        "expected_seq": batch.manifest.last_seq + 1,
        "items": items,
        "checkpoint": "ca.cbsa/ledger\n3\nroot\n",
        "issued_at": NOW,
    }
    return Receipt(**(members | changes))
