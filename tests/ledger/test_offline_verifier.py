"""The stand-alone verifier: no Entente, no packages, the same verdicts."""

import ast
import random
import re
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from entente.ledger import VerifierKey, encode_vkey, leaf_hash, log_files, parse_checkpoint, root_of, verify_log
from entente.ledger.notes import NoteSignature
from entente.ledger.offline import verify_log as offline
from entente.signing import PrivateKey, PublicKey
from ledger import published
from ledger.made import (
    KEY,
    KNOWN,
    ORIGIN,
    OTHER_KEY,
    Files,
    flipped,
    leaves,
    log_of,
    signed,
    with_entry,
    with_hash,
    write,
)

SCRIPT = files("entente.ledger.offline") / "verify_log.py"
VKEY = encode_vkey(ORIGIN, KEY.public)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As an auditor runs it: isolated from every installed package."""
    with as_file(SCRIPT) as script:
        command = [sys.executable, "-I", "-S", str(script), *(arguments or (str(folder), VKEY))]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
    assert imported == {"__future__", "base64", "datetime", "hashlib", "pathlib", "sys"}


def test_it_is_short_enough_to_be_read_before_it_is_trusted() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 240


@pytest.mark.parametrize("size", [0, 1, 256, 600])
def test_a_good_log_passes_on_its_own(size: int, tmp_path: Path) -> None:
    done = run(write(log_of(size), tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"GOOD: {ORIGIN}, {size} of {size} entries read\n"


def test_a_changed_entry_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    done = run(write(with_entry(log_of(600), "tile/entries/001", 44, b"forged"), tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "WRONG: entry 300 was changed",
        f"NOT GOOD: {ORIGIN}, 600 of 600 entries read",
    ]


def test_what_cannot_be_checked_has_its_own_exit_code(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 2
    assert "CANNOT CHECK" in run(tmp_path).stdout
    folder = write(log_of(5), tmp_path)
    assert run(folder, str(folder), "not a key").returncode == 2
    assert run(folder, str(folder), encode_vkey(ORIGIN, OTHER_KEY.public) + "x").returncode == 2
    helped = run(folder, str(folder))
    assert (helped.returncode, "FOLDER VERIFIER_KEY" in helped.stdout) == (2, True)


def test_the_published_log_passes(tmp_path: Path) -> None:
    log = dict(log_files(published.TESSERA_ENTRIES))
    log["checkpoint"] = published.TESSERA_CHECKPOINTS[15].encode()
    done = run(tmp_path, str(write(log, tmp_path)), published.TESSERA_VKEY)
    assert done.stdout == "GOOD: example.com/log/testdata, 15 of 15 entries read\n"


# --- Ed25519 in pure Python -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "message", "signature"), published.RFC_8032, ids=["1", "2", "3", "SHA(abc)"])
def test_the_vectors_of_rfc_8032(key: bytes, message: bytes, signature: bytes) -> None:
    assert offline.is_signed(key, message, signature)
    assert not offline.is_signed(key, message + b"\x00", signature)
    for bit in (0, 200, 255, 256, 400, 503):
        assert not offline.is_signed(key, message, flipped(signature, bit))
    assert not offline.is_signed(flipped(key, 3), message, signature)


@pytest.mark.parametrize(
    ("message", "signature"),
    [case[1:] for case in published.WYCHEPROOF_INVALID],
    ids=[f"tcId {case[0]}" for case in published.WYCHEPROOF_INVALID],
)
def test_signatures_that_only_careless_verifiers_accept(message: bytes, signature: bytes) -> None:
    assert offline.is_signed(published.WYCHEPROOF_KEY, b"Test", published.WYCHEPROOF_VALID)
    assert not offline.is_signed(published.WYCHEPROOF_KEY, message, signature)


@pytest.mark.parametrize(
    "encoded",
    [
        (1).to_bytes(32, "little")[:31] + b"\x80",  # x = 0 with its sign bit set
        (2**255 - 19).to_bytes(32, "little"),  # y = p: not reduced
        (2**255 - 1).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),  # no point has y = 2
    ],
)
def test_what_is_no_point_of_the_curve_is_no_key(encoded: bytes) -> None:
    assert offline.decompress(encoded) is None
    assert not offline.is_signed(encoded, b"", bytes(64))


def test_it_agrees_with_the_library_on_random_signatures() -> None:
    chance = random.Random(8032)
    for _ in range(12):
        key = PrivateKey(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(200))
        signature = key.handle().sign(message)
        assert offline.is_signed(key.public.raw, message, signature)
        spoiled = flipped(signature, chance.randrange(512))
        assert offline.is_signed(key.public.raw, message, spoiled) == PublicKey(key.public.raw).has_signed(
            message, spoiled
        )


# --- two verifiers, one verdict ---------------------------------------------------------------------------------------


def named(lines: list[str]) -> set[int]:
    """Indexes in sentences about single entries."""
    return {int(number) for line in lines for number in re.findall(r"entry (\d+) ", line)}


def both(log: Files, folder: Path) -> tuple[bool, set[int], bool, set[int]]:
    verdict = verify_log(log.get, KNOWN)
    ours = set(verdict.indexes("entry-changed", "hash-changed", "entry-disagrees"))
    write(log, folder)
    try:
        note = (folder / "checkpoint").read_bytes()
        _, size, root, wrong, _ = offline.read_checkpoint(note, [VKEY])
    except (offline.Unreadable, OSError):
        return verdict.is_intact, ours, False, set()
    theirs = offline.Log(folder, size)
    theirs.check(root)
    return verdict.is_intact, ours, not wrong and not theirs.wrong, named(theirs.wrong)


def misplaced() -> bytes:
    """A checkpoint of the log us.cbp, signed by the key and under the name of ca.cbsa."""
    text = parse_checkpoint(signed(600, root_of(leaves(600)), origin="entente/us.cbp")).text
    key_id = VerifierKey(name=ORIGIN, key=KEY.public).key_id
    line = NoteSignature(name=ORIGIN, key_id=key_id, value=KEY.handle().sign(text.encode())).line
    return f"{text}\n{line}".encode()


CORRUPTIONS = {
    "nothing": lambda log: log,
    "an entry": lambda log: with_entry(log, "tile/entries/001", 44, b"forged"),
    "two entries": lambda log: with_entry(
        with_entry(log, "tile/entries/000", 0, b""), "tile/entries/002.p/88", 87, b"x"
    ),
    "a leaf hash": lambda log: with_hash(log, "tile/0/001", 5, bytes(32)),
    "a leaf hash in the open tile": lambda log: with_hash(log, "tile/0/002.p/88", 5, bytes(32)),
    "an entry and its hash": lambda log: with_hash(
        with_entry(log, "tile/entries/001", 44, b"forged"), "tile/0/001", 44, leaf_hash(b"forged")
    ),
    "an entry here, a hash there": lambda log: with_hash(
        with_entry(log, "tile/entries/001", 44, b"forged"), "tile/0/000", 3, bytes(32)
    ),
    "an upper tile": lambda log: with_hash(log, "tile/1/000.p/2", 1, bytes(32)),
    "no bundle": lambda log: {path: data for path, data in log.items() if path != "tile/entries/001"},
    "no tile": lambda log: {path: data for path, data in log.items() if path != "tile/0/001"},
    "no upper tile": lambda log: {path: data for path, data in log.items() if path != "tile/1/000.p/2"},
    "no tail": lambda log: {path: data for path, data in log.items() if "002" not in path},
    "no checkpoint": lambda log: {path: data for path, data in log.items() if path != "checkpoint"},
    "another size": lambda log: {**log, "checkpoint": log["checkpoint"].replace(b"\n600\n", b"\n599\n")},
    "another key": lambda log: {**log, "checkpoint": signed(600, root_of(leaves(600)), key=OTHER_KEY)},
    "another log": lambda log: {**log, "checkpoint": signed(600, root_of(leaves(600)), origin="entente/us.cbp")},
    "a newer checkpoint": lambda log: {**log, "checkpoint": log_of(601)["checkpoint"]},
    "an older checkpoint": lambda log: {**log, "checkpoint": log_of(599)["checkpoint"]},
    "a longer bundle": lambda log: {**log, "tile/entries/000": log["tile/entries/000"] + b"\x00\x00"},
    "a byte behind a bundle": lambda log: {**log, "tile/entries/000": log["tile/entries/000"] + b"\x00"},
    "our signature under another log's name": lambda log: {**log, "checkpoint": misplaced()},
    "a shorter tile": lambda log: {**log, "tile/0/000": log["tile/0/000"][:-32]},
    "another root, unsigned": lambda log: {
        **log,
        "checkpoint": log["checkpoint"].replace(log["checkpoint"].split(b"\n")[2], b"A" * 43 + b"="),
    },
}


@pytest.mark.parametrize("corrupt", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_both_verifiers_give_one_verdict(corrupt: object, tmp_path: Path) -> None:
    assert callable(corrupt)
    ours, our_entries, theirs, their_entries = both(corrupt(log_of(600)), tmp_path)
    assert ours == theirs
    assert our_entries == their_entries
    assert ours == (corrupt is CORRUPTIONS["nothing"])


@pytest.mark.parametrize("seed", range(40))
def test_both_verifiers_see_any_flipped_bit(seed: int, tmp_path: Path) -> None:
    """One bit in one file of a log of 300 entries, wherever it is."""
    chance = random.Random(seed)
    log = log_of(300)
    path = chance.choice(sorted(log))
    log[path] = flipped(log[path], chance.randrange(8 * len(log[path])))
    ours, our_entries, theirs, their_entries = both(log, tmp_path)
    assert (ours, theirs) == (False, False), path
    if "entries" in path and our_entries:
        assert len(our_entries) == 1
    if path.startswith("tile/0"):
        assert our_entries == their_entries
        assert len(our_entries) == 1


def test_both_verifiers_check_a_log_of_three_levels(tmp_path: Path) -> None:
    log = with_entry(log_of(65_600), "tile/entries/256.p/64", 10, b"forged")
    assert both(log, tmp_path) == (False, {65_546}, False, {65_546})
