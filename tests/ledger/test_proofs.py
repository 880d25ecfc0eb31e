"""C2SP tlog-proof: text that convinces offline, and does not convince once anything in it is changed."""

from base64 import b64encode
from hashlib import sha256

import pytest

from entente.ledger import (
    ForgedSignature,
    KeyKind,
    LedgerProof,
    NotInLedger,
    TooFewWitnesses,
    UnknownSigner,
    UnreadableCheckpoint,
    UnreadableProof,
    VerifierKey,
    add_cosignature,
    cosign,
    hashes_of,
    prove,
    verify_proof,
)
from ledger.made import KNOWN, MOMENT, OTHER_KEY, checkpoint, entry, leaves, signed

HASHES = hashes_of(lambda start, stop: leaves(300)[start:stop])

# transparency-dev/formats, proof/tlog_proof_test.go: TestMarshal
H1, H2 = (sha256(text).digest() for text in (b"hash1", b"hash2"))
FORMATS = {
    "without extra data": (
        LedgerProof(index=5, path=(H1, H2), note=b"test checkpoint\n"),
        b"c2sp.org/tlog-proof@v1\nindex 5\n%s\n%s\n\ntest checkpoint\n",
    ),
    "with extra data": (
        LedgerProof(index=10, path=(H1,), note=b"checkpoint data\n", extra=b"extra information"),
        b"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n%s\n\ncheckpoint data\n",
    ),
    "without hashes": (
        LedgerProof(index=0, path=(), note=b"checkpoint\n"),
        b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n",
    ),
}


@pytest.mark.parametrize(("proof", "text"), FORMATS.values(), ids=FORMATS)
def test_the_published_texts(proof: LedgerProof, text: bytes) -> None:
    filled = text % tuple(b64encode(node) for node in proof.path)
    assert proof.to_bytes() == filled
    assert LedgerProof.from_bytes(filled) == proof


HEADER = b"c2sp.org/tlog-proof@v1\n"
BAD_PROOFS = {
    "another header": b"wrong-header\nindex 0\n\ncheckpoint\n",
    "extra data that is not base64": HEADER + b"extra !!notbase64!!\nindex 0\n\ncheckpoint\n",
    "no index": HEADER + b"\n\ncheckpoint\n",
    "an index that is no number": HEADER + b"index notanumber\n\ncheckpoint\n",
    "a negative index": HEADER + b"index -5\n\ncheckpoint\n",
    "a leading zero": HEADER + b"index 05\n\ncheckpoint\n",
    "a hash that is not base64": HEADER + b"index 0\n!!notbase64!!\n\ncheckpoint\n",
    "a hash of 64 bytes": HEADER + b"index 0\n" + b"A" * 86 + b"==\n\ncheckpoint\n",
    "no empty line": HEADER + b"index 0\ncheckpoint\n",
    "extra data and no index": HEADER + b"extra AAAA\n\ncheckpoint\n",
    "the header alone": HEADER,
    "nothing": b"",
    "not UTF-8": b"\xff" + HEADER + b"index 0\n\ncheckpoint\n",
    "more hashes than any tree is high": HEADER + b"index 0\n" + (b"A" * 43 + b"=\n") * 64 + b"\ncheckpoint\n",
}


@pytest.mark.parametrize("data", BAD_PROOFS.values(), ids=BAD_PROOFS)
def test_what_is_almost_a_proof_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableProof):
        LedgerProof.from_bytes(data)


@pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
def test_a_proof_convinces_offline(index: int) -> None:
    data = prove(index, checkpoint(300), HASHES, extra=b"hint").to_bytes()
    proof = LedgerProof.from_bytes(data)
    assert proof.extra == b"hint"
    assert verify_proof(proof, entry(index), KNOWN) == checkpoint(300)


def test_a_proof_is_about_one_entry_at_one_place() -> None:
    proof = prove(7, checkpoint(300), HASHES)
    with pytest.raises(NotInLedger):
        verify_proof(proof, entry(8), KNOWN)
    with pytest.raises(NotInLedger):
        verify_proof(LedgerProof(index=8, path=proof.path, note=proof.note), entry(7), KNOWN)
    with pytest.raises(NotInLedger):
        verify_proof(LedgerProof(index=7, path=proof.path[1:], note=proof.note), entry(7), KNOWN)


def test_a_proof_hangs_on_a_signed_checkpoint_of_the_right_log() -> None:
    proof = prove(7, checkpoint(300), HASHES)
    with pytest.raises(ForgedSignature):
        verify_proof(_with(proof, proof.note.replace(b"\n300\n", b"\n301\n")), entry(7), KNOWN)
    with pytest.raises(UnknownSigner):
        verify_proof(_with(proof, signed(300, checkpoint(300).root, key=OTHER_KEY)), entry(7), KNOWN)
    with pytest.raises(UnreadableCheckpoint):
        verify_proof(_with(proof, b""), entry(7), KNOWN)
    with pytest.raises(NotInLedger):
        verify_proof(_with(proof, checkpoint(299).note), entry(7), KNOWN)


def _with(proof: LedgerProof, note: bytes) -> LedgerProof:
    return LedgerProof(index=proof.index, path=proof.path, note=note)


def test_witnesses_can_be_demanded() -> None:
    witness = VerifierKey(name="entente/us.cbp", key=OTHER_KEY.public, kind=KeyKind.WITNESS)
    proof = prove(7, checkpoint(300), HASHES)
    with pytest.raises(TooFewWitnesses):
        verify_proof(proof, entry(7), [*KNOWN, witness], needs_witnesses=1)
    cosigned = _with(proof, add_cosignature(proof.note, cosign(proof.note, witness.name, OTHER_KEY, MOMENT)))
    assert verify_proof(cosigned, entry(7), [*KNOWN, witness], needs_witnesses=1).cosignatures
    with pytest.raises(TooFewWitnesses):
        verify_proof(cosigned, entry(7), KNOWN, needs_witnesses=1)


def test_one_witness_that_cosigned_twice_counts_once() -> None:
    witness = VerifierKey(name="entente/us.cbp", key=OTHER_KEY.public, kind=KeyKind.WITNESS)
    note = checkpoint(300).note
    for seconds in (1, 2):
        note = add_cosignature(note, cosign(note, witness.name, OTHER_KEY, MOMENT.replace(second=seconds)))
    proof = _with(prove(7, checkpoint(300), HASHES), note)
    with pytest.raises(TooFewWitnesses):
        verify_proof(proof, entry(7), [*KNOWN, witness], needs_witnesses=2)
