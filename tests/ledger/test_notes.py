"""Signed notes and verifier keys: the published ones of Go's sumdb/note, and everything that is almost one."""

import base64

import pytest

from entente.ledger import KeyKind, UnreadableNote, UnusableVerifierKey, decode_vkey, encode_vkey
from entente.ledger.notes import NoteSignature, VerifierKey, decode_base64, decode_decimal, read_note
from entente.signing import PrivateKey
from ledger.published import (
    ARCHE_VKEY,
    BAD_VKEYS,
    ENOCH_LINE,
    ENOCH_VKEY,
    GO_TEXT,
    PETER_LINE,
    PETER_SEED,
    PETER_VKEY,
    REMORA_VKEY,
    TESSERA_SEED,
    TESSERA_VKEY,
)

NOTE = (GO_TEXT + "\n" + PETER_LINE).encode()


@pytest.mark.parametrize("text", [PETER_VKEY, ENOCH_VKEY, TESSERA_VKEY, ARCHE_VKEY, REMORA_VKEY])
def test_published_verifier_keys_are_read_and_written(text: str) -> None:
    key = decode_vkey(text)
    assert encode_vkey(key.name, key.key, key.kind) == text


def test_a_witness_key_is_of_another_kind() -> None:
    assert decode_vkey(PETER_VKEY).kind is KeyKind.LOG
    assert decode_vkey(REMORA_VKEY).kind is KeyKind.WITNESS


def test_the_published_private_keys_have_the_published_verifier_keys() -> None:
    assert encode_vkey("PeterNeumann", PrivateKey(PETER_SEED).public) == PETER_VKEY
    assert encode_vkey("example.com/log/testdata", PrivateKey(TESSERA_SEED).public) == TESSERA_VKEY


def test_no_part_of_a_verifier_key_is_one() -> None:
    for start in range(len(PETER_VKEY)):
        for stop in range(start + 1, len(PETER_VKEY) + 1):
            if (start, stop) != (0, len(PETER_VKEY)):
                with pytest.raises(UnusableVerifierKey):
                    decode_vkey(PETER_VKEY[start:stop])


def test_no_verifier_key_with_one_letter_changed_is_one() -> None:
    for at, letter in enumerate(PETER_VKEY):
        with pytest.raises(UnusableVerifierKey):
            decode_vkey(PETER_VKEY[:at] + chr(ord(letter) + 1) + PETER_VKEY[at + 1 :])


@pytest.mark.parametrize(
    "text", [*BAD_VKEYS, "", "a", "a+b+c", PETER_VKEY.upper(), PETER_VKEY + "\n", " " + PETER_VKEY]
)
def test_what_is_almost_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(UnusableVerifierKey):
        decode_vkey(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\tb"])
def test_a_name_has_no_spaces_and_no_plus(name: str) -> None:
    with pytest.raises(UnusableVerifierKey):
        encode_vkey(name, PrivateKey(PETER_SEED).public)


def test_the_published_note_is_read_and_its_signature_is_its_signers() -> None:
    note = read_note(NOTE)
    peter, enoch = decode_vkey(PETER_VKEY), decode_vkey(ENOCH_VKEY)
    (signature,) = note.signatures
    assert note.text == GO_TEXT
    assert signature.is_by(peter)
    assert not signature.is_by(enoch)
    assert peter.key.has_signed(GO_TEXT.encode(), signature.value)
    assert note.to_bytes() == NOTE


def test_we_sign_as_the_published_note_was_signed() -> None:
    key = PrivateKey(PETER_SEED)
    signer = VerifierKey(name="PeterNeumann", key=key.public)
    made = NoteSignature(name=signer.name, key_id=signer.key_id, value=key.handle().sign(GO_TEXT.encode()))
    assert made.line == PETER_LINE


def test_a_note_may_have_several_signatures_and_empty_lines_in_its_text() -> None:
    note = read_note(f"one\n\ntwo\n\n{PETER_LINE}{ENOCH_LINE}".encode())
    assert note.text == "one\n\ntwo\n"
    assert [signature.name for signature in note.signatures] == ["PeterNeumann", "EnochRoot"]


BAD_NOTES = {
    "no signatures": GO_TEXT.encode(),
    "an empty line and nothing after it": (GO_TEXT + "\n").encode(),
    "no last newline": NOTE[:-1],
    "a control character": b"\x01" + NOTE,
    "a carriage return": NOTE.replace(b"\n", b"\r\n"),
    "not UTF-8": b"\xff" + NOTE,
    "a space in the name": (GO_TEXT + "\n— Bad Name x08go/ZJkuBS9UG/\n").encode(),
    "a line that is no signature": NOTE + b"Unexpected line.\n",
    "a hyphen for a dash": NOTE.replace("—".encode(), b"-"),
    "nothing signed": ("\n" + PETER_LINE).encode(),
    "too many signatures": (GO_TEXT + "\n" + PETER_LINE * 101).encode(),
    "too long": (GO_TEXT * 20_000 + "\n" + PETER_LINE).encode(),
    "a key id and no signature": (GO_TEXT + "\n— PeterNeumann x08gow==\n").encode(),
    "not base64": (GO_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG?\n").encode(),
}


@pytest.mark.parametrize("data", BAD_NOTES.values(), ids=BAD_NOTES)
def test_what_is_almost_a_note_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableNote):
        read_note(data)


def test_base64_has_one_text_for_one_value() -> None:
    """`AB==` and `AA==` decode to the same byte; only one of them is its encoding."""
    assert base64.b64decode("AB==") == base64.b64decode("AA==")
    assert decode_base64("AA==") == b"\x00"
    assert [decode_base64(text) for text in ("AB==", "AA=", "AA", "A A=", "AA==\n", "é")] == [None] * 6


def test_numbers_have_no_signs_and_no_leading_zeros() -> None:
    assert [decode_decimal(text) for text in ("0", "7", "20852163")] == [0, 7, 20852163]
    assert [decode_decimal(text) for text in ("", "-1", "+1", "01", "1 ", "1e3", "٣", "9" * 20)] == [None] * 8
