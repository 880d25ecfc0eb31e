"""The vectors of the conformance kit that are not of the exchange, made from fixed keys and times.

`PYTHONPATH=tests python -m kit.asks` writes them beside conformance/exchange-v1.json.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from entente.agreements import model_bytes, model_names, read_agreement, sign_agreement
from entente.cli.house import catalogue
from entente.ledger import (
    Checkpoint,
    add_cosignature,
    consistency_proof,
    cosign,
    encode_vkey,
    hashes_of,
    inclusion_proof,
    leaf_hash,
    root_of,
    sign_checkpoint,
)
from entente.ledger.notes import KeyKind
from entente.signing import PrivateKey, canonical, commit, digest
from house.sources import ROOT
from ledger.made import KEY, ORIGIN, OTHER_KEY

FOLDER = ROOT / "conformance"
ABOUT = (
    "Questions of the conformance kit, version 1. README.md beside this file says what they mean. All keys are public."
)
MOMENT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WITNESS, OFFICER = PrivateKey(b"w" * 32), PrivateKey(b"o" * 32)
SIZES = (0, 1, 2, 3, 7, 8, 255, 256, 257, 300)

Asked = dict[str, Any]


def asked(operation: str, given: Mapping[str, Any], result: Any = None, *, refused: str | None = None) -> Asked:
    """One question; `refused` is the code of the reason, "" where any will do."""
    expected = {"result": result} if refused is None else {"refused": refused}
    return {"operation": operation, "given": dict(given), **expected}


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def canonical_questions() -> Iterator[Asked]:
    values: tuple[Any, ...] = (
        None,
        {},
        [],
        {"b": [1, -1, 0], "a": {"Z": True, "a": False, "_": ""}},
        {"text": "Côte-Nord, “quoted”, \u20ac \U0001f600 \ufb33 \x7f", "escaped": '\b\t\n\f\r"\\/\x00\x1f'},
        {"largest": 2**53 - 1, "smallest": -(2**53) + 1, "mass_g": "12.50"},
    )
    for value in values:
        written = canonical(value).decode()
        yield asked("canonical.encode", {"json": json.dumps(value, indent=1)}, written)
        yield asked("canonical.read", {"base64": base64_of(written.encode())}, result=True)
    for text in ("1.5", "1e3", "NaN", "9007199254740992", '{"é":1}', '"\\ud800"'):
        yield asked("canonical.encode", {"json": text}, refused="")
    for data in (
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'"\\u00e9"',
        b"1.0",
        b"[1,]",
        b"\xff",
        b"",
        b"-0",
        b"[1]\n",
    ):
        yield asked("canonical.read", {"base64": base64_of(data)}, refused="")
    yield asked("canonical.read", {"base64": base64_of(b"[" * 40 + b"]" * 40)}, refused="")
    for data in (b"", b"entente", b"\x00" * 64):
        yield asked("digest", {"base64": base64_of(data)}, digest(data))
        salt = bytes(range(32))
        yield asked("commitment", {"salt_hex": salt.hex(), "base64": base64_of(data)}, commit(salt, data))
        for context in ("envelope-v1", "agreement-v1"):
            made = KEY.sign(context, data).value
            yield asked("sign", {"seed_hex": KEY.seed.hex(), "context": context, "base64": base64_of(data)}, made)


def ledger_questions() -> Iterator[Asked]:
    entries = [b"entry %d" % number for number in range(max(SIZES))]
    leaves = [leaf_hash(entry) for entry in entries]
    hash_at = hashes_of(lambda start, stop: leaves[start:stop])
    for entry in (b"", b"entry", bytes(range(256))):
        yield asked("ledger.leaf", {"base64": base64_of(entry)}, leaf_hash(entry).hex())
    for size in SIZES:
        root = root_of(leaves[:size])
        yield asked("ledger.root", {"entries": [base64_of(entry) for entry in entries[:size]]}, root.hex())
        for index in sorted({0, size // 2, size - 1} - {-1}) if size else ():
            proof = [node.hex() for node in inclusion_proof(index, size, hash_at)]
            given = {"leaf": leaves[index].hex(), "index": index, "size": size, "proof": proof, "root": root.hex()}
            yield from _spoiled("ledger.verify-inclusion", given)
        for old in (one for one in SIZES if one <= size):
            proof = [node.hex() for node in consistency_proof(old, size, hash_at)]
            roots = {"old_root": root_of(leaves[:old]).hex(), "root": root.hex()}
            given = {"old_size": old, "size": size, "proof": proof, **roots}
            # Every tree follows on the empty one (C2SP tlog-witness).
            yield from (
                _spoiled("ledger.verify-consistency", given)
                if old
                else (asked("ledger.verify-consistency", given, result=True),)
            )
    yield from _checkpoints(root_of(leaves))


def _spoiled(operation: str, given: Asked) -> Iterator[Asked]:
    """What is right, and the same with another root and with one node more."""
    yield asked(operation, given, result=True)
    yield asked(operation, given | {"root": leaf_hash(b"another tree").hex()}, result=False)
    yield asked(operation, given | {"proof": [*given["proof"], leaf_hash(b"one more").hex()]}, result=False)


def _checkpoints(root: bytes) -> Iterator[Asked]:
    vkeys = [encode_vkey(ORIGIN, KEY.public), encode_vkey("entente/us.cbp", WITNESS.public, KeyKind.WITNESS)]
    plain = sign_checkpoint(Checkpoint(origin=ORIGIN, size=max(SIZES), root=root), KEY)
    cosigned = add_cosignature(plain, cosign(plain, "entente/us.cbp", WITNESS, MOMENT))
    told = {"origin": ORIGIN, "size": max(SIZES), "root": root.hex()}
    for note, by in ((plain, []), (cosigned, ["entente/us.cbp"])):
        yield asked("ledger.read-checkpoint", {"note": note.decode(), "vkeys": vkeys}, told | {"cosigned_by": by})
    others = sign_checkpoint(Checkpoint(origin=ORIGIN, size=1, root=root), OTHER_KEY)
    for note in (others, plain.replace(b"\n300\n", b"\n301\n"), plain.replace(b"\n\n", b"\n"), b""):
        yield asked("ledger.read-checkpoint", {"note": note.decode(), "vkeys": vkeys}, refused="")


def agreement_questions() -> Iterator[Asked]:
    for name in model_names():
        source = model_bytes(name)
        yield asked("agreement.digest", {"source": source.decode()}, digest(source))
    text = read_agreement(model_bytes("customs-seizure-statistics"), catalogue())
    signature = sign_agreement(
        text, party="us.cbp", officer_id="us.cbp/liaison-1", key=OFFICER, signed_at=MOMENT
    ).to_json()
    given = {"signature": signature, "public_key": OFFICER.public.to_text()}
    yield asked("agreement.verify-signature", given, result=True)
    for changed in ({"agreement": digest(b"another text")}, {"officer": "us.cbp/liaison-2"}, {"party": "ca.cbsa"}):
        yield asked("agreement.verify-signature", given | {"signature": signature | changed}, result=False)
    yield asked("agreement.verify-signature", given | {"public_key": KEY.public.to_text()}, result=False)


FILES = {
    "canonical-v1.json": canonical_questions,
    "ledger-v1.json": ledger_questions,
    "agreements-v1.json": agreement_questions,
}


def to_file(name: str) -> bytes:
    """The bytes of one of FILES: one question a line."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in FILES[name]())
    return f'{{"about": {json.dumps(ABOUT)}, "questions": [\n{lines}\n]}}\n'.encode()


if __name__ == "__main__":
    for file in FILES:
        (FOLDER / file).write_bytes(to_file(file))
