"""Keys are pinned; a party is never believed from a message."""

from datetime import timedelta

import pytest

from entente.exchange import (
    KeyNotValidThen,
    PinnedKey,
    Sealed,
    SharedKey,
    SpeaksForAnother,
    UnknownKey,
    directory_of,
    open_message,
)
from entente.signing import PrivateKey
from exchange.parts import CBP, CBSA, DEA, KEYS, NOW, everybody, pinned, sealed_after

DAY = timedelta(days=1)
KEY_ID = KEYS[CBP].public.key_id


def test_a_key_counts_inside_its_window_only() -> None:
    directory = directory_of([pinned(CBP, valid_from=NOW - DAY, valid_until=NOW + DAY)])
    assert directory.key_of(KEY_ID, NOW) == KEYS[CBP].public
    assert directory.key_of(KEY_ID, NOW - DAY) == KEYS[CBP].public
    assert directory.key_of(KEY_ID, NOW - DAY - timedelta(microseconds=1)) is None
    assert directory.key_of(KEY_ID, NOW + DAY) is None
    assert directory.key_of(KEYS[DEA].public.key_id, NOW) is None


def test_two_nodes_with_one_identity_are_refused_by_name() -> None:
    twin = PinnedKey(party=DEA, key=KEYS[CBP].public, valid_from=NOW)
    with pytest.raises(SharedKey, match=r"us\.cbp and for us\.dea"):
        directory_of([pinned(CBP), twin])


def test_a_message_is_opened_for_its_speaker() -> None:
    assert open_message(sealed_after((0, "")), everybody(), speaker=CBP, recipient=CBSA).origin == CBP


def test_one_party_cannot_send_in_the_name_of_another() -> None:
    of_cbp = sealed_after((0, ""))
    with pytest.raises(SpeaksForAnother):  # DEA hands on what CBP signed
        open_message(of_cbp, everybody(), speaker=DEA, recipient=CBSA)
    of_dea = sealed_after((0, ""), origin=DEA)
    with pytest.raises(SpeaksForAnother):  # CBP's connection, DEA's key
        open_message(of_dea, everybody(), speaker=CBP, recipient=CBSA)


def test_a_party_written_into_the_payload_does_not_make_the_key_its_own() -> None:
    """DEA signs, with DEA's key, an envelope that says origin us.cbp."""
    envelope = sealed_after((0, "")).envelope
    forged = Sealed(envelope=envelope, body=b"{}", signature=KEYS[DEA].sign("envelope-v1", envelope))
    with pytest.raises(SpeaksForAnother):
        open_message(forged, everybody(), speaker=DEA, recipient=CBSA)


def test_what_waited_in_an_outbox_survives_a_change_of_keys() -> None:
    old = pinned(CBP, valid_until=NOW + DAY)
    directory = directory_of([old, pinned(DEA)])
    assert directory.key_of(KEY_ID, NOW + 2 * DAY) is None  # no HTTP request with it any more
    assert open_message(sealed_after((0, "")), directory, speaker=CBP, recipient=CBSA)
    with pytest.raises(KeyNotValidThen):
        open_message(sealed_after((0, ""), created_at=NOW + 2 * DAY), directory, speaker=CBP, recipient=CBSA)


def test_a_key_that_nobody_pinned_opens_nothing() -> None:
    stranger = PrivateKey(b"s" * 32)
    with pytest.raises(UnknownKey):
        everybody().party_of(stranger.public.key_id)
    with pytest.raises(UnknownKey):
        open_message(sealed_after((0, "")), directory_of([pinned(CBSA)]), speaker=CBP, recipient=CBSA)


def test_an_envelope_signed_by_another_s_key_is_not_the_speaker_s() -> None:
    """CBP's connection, CBP's name inside, DEA's signature: nobody could prove later that CBP said it."""
    envelope = sealed_after((0, "")).envelope
    forged = Sealed(envelope=envelope, body=b"{}", signature=KEYS[DEA].sign("envelope-v1", envelope))
    with pytest.raises(SpeaksForAnother):
        open_message(forged, everybody(), speaker=CBP, recipient=CBSA)
    with pytest.raises(SpeaksForAnother):
        everybody().pinned_for(CBP, KEYS[DEA].public.key_id)
