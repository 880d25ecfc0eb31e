"""Checkpoints: published ones are read and made byte for byte; forged, foreign and mangled ones are not."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from entente.ledger import (
    Checkpoint,
    Cosignature,
    ForgedSignature,
    KeyKind,
    TimeWithoutZone,
    UnknownSigner,
    UnreadableCheckpoint,
    UnusableOrigin,
    UnusableTime,
    VerifierKey,
    add_cosignature,
    cosign,
    decode_vkey,
    leaf_hash,
    parse_checkpoint,
    read_checkpoint,
    root_of,
    sign_checkpoint,
)
from entente.ledger.notes import read_note
from entente.signing import PrivateKey, PublicKey
from ledger import published
from ledger.made import KEY, KNOWN, MOMENT, ORIGIN, OTHER_KEY, checkpoint, leaves, signed

WITNESS = "entente/us.cbp"
WITNESS_KEY = VerifierKey(name=WITNESS, key=OTHER_KEY.public, kind=KeyKind.WITNESS)


@pytest.mark.parametrize("size", published.TESSERA_CHECKPOINTS)
def test_we_sign_the_published_checkpoints_byte_for_byte(size: int) -> None:
    root = root_of(leaf_hash(entry) for entry in published.TESSERA_ENTRIES[:size])
    made = Checkpoint(origin=published.TESSERA_ORIGIN, size=size, root=root)
    assert sign_checkpoint(made, PrivateKey(published.TESSERA_SEED)).decode() == published.TESSERA_CHECKPOINTS[size]


@pytest.mark.parametrize("size", published.TESSERA_CHECKPOINTS)
def test_we_read_the_published_checkpoints(size: int) -> None:
    note = published.TESSERA_CHECKPOINTS[size].encode()
    read = read_checkpoint(note, [decode_vkey(published.TESSERA_VKEY)])
    assert (read.origin, read.size, read.note) == (published.TESSERA_ORIGIN, size, note)
    assert read.root == root_of(leaf_hash(entry) for entry in published.TESSERA_ENTRIES[:size])


def test_a_real_log_and_its_real_witness() -> None:
    keys = [decode_vkey(published.ARCHE_VKEY), decode_vkey(published.REMORA_VKEY)]
    read = read_checkpoint(published.ARCHE_CHECKPOINT.encode(), keys)
    assert read.size == 1432088532
    seen = datetime(2026, 5, 23, 21, 50, 24, tzinfo=UTC)
    assert read.cosignatures == (Cosignature(name="remora.n621.de", at=seen),)


@pytest.mark.parametrize("size", published.SIGSUM_NOTES)
def test_a_log_of_another_family(size: int) -> None:
    key = VerifierKey(name=published.SIGSUM_ORIGIN, key=PublicKey(published.SIGSUM_KEY))
    assert read_checkpoint(published.SIGSUM_NOTES[size], [key]).size == size


def test_the_worked_example_of_the_specification() -> None:
    """Its keys are not published: it can be read and shown, and nothing about it is proven."""
    note = published.SOFA_CHECKPOINT.encode()
    read = parse_checkpoint(note)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert read.text == published.SOFA_CHECKPOINT.split("\n\n")[0] + "\n"
    log, witness = read_note(note).signatures
    assert (len(log.value), len(witness.value)) == (64, 72)
    assert int.from_bytes(witness.value[:8], "big") == published.SOFA_SECONDS
    with pytest.raises(UnknownSigner):
        read_checkpoint(note, KNOWN)


def test_what_we_sign_we_can_read() -> None:
    read = checkpoint(300)
    assert (read.origin, read.size, read.root) == (ORIGIN, 300, root_of(leaves(300)))
    assert read.note == signed(300, read.root)
    assert read.cosignatures == ()


def test_extension_lines_are_signed_too() -> None:
    made = Checkpoint(origin=ORIGIN, size=3, root=root_of(leaves(3)), extensions=("one", "two"))
    note = sign_checkpoint(made, KEY)
    assert read_checkpoint(note, KNOWN).extensions == ("one", "two")
    with pytest.raises(ForgedSignature):
        read_checkpoint(note.replace(b"two", b"tow"), KNOWN)


# --- lies -------------------------------------------------------------------------------------------------------------


def test_a_checkpoint_with_another_size_or_root_is_forged() -> None:
    note = signed(300, root_of(leaves(300)))
    with pytest.raises(ForgedSignature):
        read_checkpoint(note.replace(b"\n300\n", b"\n299\n"), KNOWN)
    with pytest.raises(ForgedSignature):
        read_checkpoint(_with_root_of(note, signed(300, root_of(leaves(299)))), KNOWN)


def _with_root_of(note: bytes, other: bytes) -> bytes:
    lines, others = note.split(b"\n"), other.split(b"\n")
    return b"\n".join([*lines[:2], others[2], *lines[3:]])


def test_another_key_under_the_same_name_is_not_the_log() -> None:
    with pytest.raises(UnknownSigner):
        read_checkpoint(signed(5, root_of(leaves(5)), key=OTHER_KEY), KNOWN)


def test_the_same_key_under_another_name_is_not_the_log() -> None:
    with pytest.raises(UnknownSigner):
        read_checkpoint(signed(5, root_of(leaves(5)), origin="entente/us.cbp"), KNOWN)


def test_a_known_log_cannot_sign_for_another_log() -> None:
    """The key of us.cbp is known and the signature is good, but the text names ca.cbsa."""
    theirs = VerifierKey(name="entente/us.cbp", key=OTHER_KEY.public)
    text = Checkpoint(origin=ORIGIN, size=5, root=root_of(leaves(5))).text
    own = signed(5, root_of(leaves(5)), origin="entente/us.cbp", key=OTHER_KEY)
    lines = read_note(own).signatures[0]
    value = OTHER_KEY.handle().sign(text.encode())
    forged = (text + "\n" + type(lines)(name=lines.name, key_id=lines.key_id, value=value).line).encode()
    with pytest.raises(UnknownSigner):
        read_checkpoint(forged, [*KNOWN, theirs])


def test_a_witness_alone_does_not_make_a_checkpoint() -> None:
    note = signed(5, root_of(leaves(5)))
    line = cosign(note, WITNESS, OTHER_KEY, MOMENT)
    with pytest.raises(UnknownSigner):
        read_checkpoint(note.split("—".encode())[0] + line.encode(), [WITNESS_KEY])


def test_one_bad_signature_of_a_known_key_condemns_the_note() -> None:
    note = signed(5, root_of(leaves(5)))
    foreign = signed(4, root_of(leaves(4))).split(b"\n\n")[1]
    with pytest.raises(ForgedSignature):
        read_checkpoint(note + foreign, KNOWN)


def test_signatures_of_unknown_keys_are_ignored() -> None:
    note = signed(5, root_of(leaves(5)))
    unknown = cosign(note, "entente/unknown", PrivateKey(bytes([9]) * 32), MOMENT)
    read = read_checkpoint(add_cosignature(note, unknown), [*KNOWN, WITNESS_KEY])
    assert read.cosignatures == ()


BAD_TEXTS = {
    "two lines": "{origin}\n5\n",
    "no origin": "\n5\n{root}\n",
    "no number": "{origin}\nfive\n{root}\n",
    "a negative number": "{origin}\n-5\n{root}\n",
    "a leading zero": "{origin}\n05\n{root}\n",
    "a number too large": "{origin}\n9223372036854775808\n{root}\n",
    "a root that is not base64": "{origin}\n5\nThisIsn'tBase64\n",
    "a root of seven bytes": "{origin}\n5\nYmFuYW5hcw==\n",
    "an empty line": "{origin}\n5\n{root}\n\nextension\n",
    "an empty tree with a root": "{origin}\n0\n{root}\n",
}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_what_is_almost_a_checkpoint_is_refused_even_if_signed(text: str) -> None:
    root = checkpoint(5).text.split("\n")[2]
    text = text.format(origin=ORIGIN, root=root)
    signature = read_note(signed(5, root_of(leaves(5)))).signatures[0]
    value = KEY.handle().sign(text.encode())
    line = type(signature)(name=ORIGIN, key_id=signature.key_id, value=value).line
    with pytest.raises(UnreadableCheckpoint):
        read_checkpoint(f"{text}\n{line}".encode(), KNOWN)


@pytest.mark.parametrize("origin", ["", "two words", "one+two"])
def test_a_log_has_a_name_that_a_key_can_have(origin: str) -> None:
    with pytest.raises(UnusableOrigin):
        sign_checkpoint(Checkpoint(origin=origin, size=1, root=leaves(1)[0]), KEY)


def test_nothing_is_signed_that_could_not_be_read() -> None:
    with pytest.raises(UnreadableCheckpoint):
        sign_checkpoint(Checkpoint(origin=ORIGIN, size=0, root=leaves(1)[0]), KEY)
    with pytest.raises(UnreadableCheckpoint):
        sign_checkpoint(Checkpoint(origin=ORIGIN, size=1, root=b"short"), KEY)


# --- cosignatures -----------------------------------------------------------------------------------------------------


def test_a_witness_says_when_it_saw_the_checkpoint() -> None:
    note = signed(5, root_of(leaves(5)))
    later = MOMENT.astimezone(timezone(timedelta(hours=-4))) + timedelta(microseconds=999_999)
    cosigned = add_cosignature(note, cosign(note, WITNESS, OTHER_KEY, later))
    read = read_checkpoint(cosigned, [*KNOWN, WITNESS_KEY])
    assert read.cosignatures == (Cosignature(name=WITNESS, at=MOMENT),)


def test_the_same_cosignature_is_added_once() -> None:
    note = signed(5, root_of(leaves(5)))
    line = cosign(note, WITNESS, OTHER_KEY, MOMENT)
    once = add_cosignature(note, line)
    assert add_cosignature(once, line) == once != note


def test_the_time_in_a_cosignature_cannot_be_changed() -> None:
    note = signed(5, root_of(leaves(5)))
    (signature,) = read_note(add_cosignature(note, cosign(note, WITNESS, OTHER_KEY, MOMENT))).signatures[1:]
    for seconds in (0, 1, int(MOMENT.timestamp()) + 1, 2**63, 2**64 - 1):
        moved = type(signature)(
            name=WITNESS, key_id=signature.key_id, value=seconds.to_bytes(8, "big") + signature.value[8:]
        )
        with pytest.raises(ForgedSignature):
            read_checkpoint(add_cosignature(note, moved.line), [*KNOWN, WITNESS_KEY])


def test_a_cosignature_without_a_time_is_none() -> None:
    """Signed as the specification says, but with the time 0, which stands for no statement."""
    checked = parse_checkpoint(signed(5, root_of(leaves(5))))
    value = bytes(8) + OTHER_KEY.handle().sign(f"cosignature/v1\ntime 0\n{checked.text}".encode())
    timeless = add_cosignature(checked.note, _line(WITNESS, WITNESS_KEY.key_id, value))
    with pytest.raises(ForgedSignature):
        read_checkpoint(timeless, [*KNOWN, WITNESS_KEY])


def test_a_cosignature_of_one_checkpoint_fits_no_other() -> None:
    line = cosign(signed(5, root_of(leaves(5))), WITNESS, OTHER_KEY, MOMENT)
    with pytest.raises(ForgedSignature):
        read_checkpoint(add_cosignature(signed(6, root_of(leaves(6))), line), [*KNOWN, WITNESS_KEY])


def test_a_signature_is_not_a_cosignature_and_the_other_way_round() -> None:
    """One key used as log and as witness: the kind is in the key id and in what is signed."""
    note = signed(5, root_of(leaves(5)))
    same_key = VerifierKey(name=ORIGIN, key=KEY.public, kind=KeyKind.WITNESS)
    assert read_checkpoint(note, [*KNOWN, same_key]).cosignatures == ()
    value = read_note(note).signatures[0].value
    posing = (note.split("—".encode())[0]).decode() + _line(ORIGIN, same_key.key_id, value)
    with pytest.raises(ForgedSignature):
        read_checkpoint(posing.encode(), [same_key])
    cosigned = (note.split("—".encode())[0]).decode() + cosign(note, ORIGIN, KEY, MOMENT)
    with pytest.raises(UnknownSigner):
        read_checkpoint(cosigned.encode(), [*KNOWN, same_key])


def _line(name: str, key_id: bytes, value: bytes) -> str:
    signature = read_note(signed(5, root_of(leaves(5)))).signatures[0]
    return type(signature)(name=name, key_id=key_id, value=value).line


def test_a_cosignature_needs_an_aware_time_and_a_checkpoint() -> None:
    note = signed(5, root_of(leaves(5)))
    with pytest.raises(TimeWithoutZone):
        cosign(note, WITNESS, OTHER_KEY, MOMENT.replace(tzinfo=None))
    with pytest.raises(UnusableTime):
        cosign(note, WITNESS, OTHER_KEY, datetime(1970, 1, 1, tzinfo=UTC))
    with pytest.raises(UnreadableCheckpoint):
        cosign(b"not a note", WITNESS, OTHER_KEY, MOMENT)
    with pytest.raises(UnreadableCheckpoint):
        add_cosignature(note, "not a line\n")
