"""A card proves that its maker holds the key on it, and gives a fingerprint short enough for the telephone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from entente.exchange import Identity, UnreadableIdentity, read_identity, sign_identity
from entente.signing import BadSignature, canonical
from exchange.parts import CBP, DEA, KEYS, NOW

CARD = Identity(
    party=CBP,
    url="https://exchange.example/",
    key=KEYS[CBP].public,
    log_origin="us.cbp/ledger",
    issued_at=NOW,
    is_simulated=True,
)


def test_a_card_reads_as_it_was_written() -> None:
    assert read_identity(sign_identity(CARD, KEYS[CBP])) == CARD


def test_a_card_with_another_s_key_on_it_is_not_believed() -> None:
    with pytest.raises(BadSignature):
        read_identity(sign_identity(replace(CARD, key=KEYS[DEA].public), KEYS[CBP]))


def test_a_changed_card_is_not_believed() -> None:
    wire = json.loads(sign_identity(CARD, KEYS[CBP]))
    wire["identity"] = wire["identity"].replace("us.cbp/ledger", "us.dea/ledger")
    with pytest.raises(BadSignature):
        read_identity(canonical(wire))


@pytest.mark.parametrize(
    "change",
    [
        {"party": "CBP"},
        {"url": "ftp://exchange.example/"},
        {"key": "AAAA"},
        {"key": "*" * 44},
        {"issued_at": "today"},
        {"is_simulated": "no"},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_card_is_unreadable(change: dict[str, Any]) -> None:
    data = canonical(CARD.to_json() | change)
    signature = KEYS[CBP].sign("identity-v1", data)
    with pytest.raises(UnreadableIdentity):
        read_identity(canonical({"identity": data.decode(), "signature": signature.to_json()}))


@pytest.mark.parametrize("wire", [b"", b"{}", b'{"identity":"{}"}', b"[1]"], ids=repr)
def test_rubbish_is_unreadable(wire: bytes) -> None:
    with pytest.raises(UnreadableIdentity):
        read_identity(wire)


def test_the_fingerprint_depends_on_party_and_key() -> None:
    prints = {
        CARD.fingerprint,
        replace(CARD, party=DEA).fingerprint,
        replace(CARD, key=KEYS[DEA].public).fingerprint,
        replace(CARD, url="https://elsewhere.example/").fingerprint,
    }
    assert len(prints) == 3
    assert all(len(group) == 4 for group in CARD.fingerprint.split(" "))
    assert len(CARD.fingerprint.split(" ")) == 8
