"""Checks evidence against a party, or the proof of one entry, offline. Needs Python 3.9 or later and verify_log.py
beside it: read both, then trust them.

    python3 check_evidence.py FILE VERIFIER_KEY ...

FILE is what `entente ledger evidence` wrote, or a `.tlog-proof`. The keys are those that the party published, as you
got them by a second way: of its log (named entente/PARTY), of its node (named PARTY), and of witnesses. Exit code 0:
the file proves what is said of it; 1: it proves nothing; 2: the check could not be made.

Formats: docs/ledger.md and docs/protocol.md of Entente; c2sp.org/tlog-proof; RFC 9162 sections 2.1.3 and 2.1.4.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

_SPEC: Any = importlib.util.spec_from_file_location("verify_log", Path(__file__).with_name("verify_log.py"))
log: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(log)


class Unproven(Exception):
    """The file does not prove what it says."""


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def hashes(texts: list[str]) -> list[bytes]:
    """INVARIANT: 32 bytes each. Longer and shorter ones could be cut elsewhere, and lead to an honest tree all the
    same."""
    found = [log.unbase64(text) for text in texts]
    must(all(len(one) == 32 for one in found), "a hash is not one")
    return found


def climb(place: int, last: int, leaf: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The roots that the hashes lead to: of what ends with `place`, and of everything up to `last`."""
    old = new = leaf
    for sibling in path:
        if last == 0:
            raise Unproven("there are too many hashes")
        if place & 1 or place == last:
            old, new = node(sibling, old), node(sibling, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise Unproven("there are too few hashes")
    return old, new


def checkpoint(note: str, party: str, keys: list[str]) -> tuple[int, bytes]:
    origin, size, root, wrong, _ = log.read_checkpoint(note.encode(), keys)
    must(origin == f"entente/{party}" and not wrong, "; ".join(wrong) or "a checkpoint is another log's")
    return int(size), bytes(root)


def signed(wire: str, member: str, context: str, party: str, keys: list[str]) -> dict[str, Any]:
    """What the party's node signed: the members of a receipt or an envelope."""
    outer = json.loads(wire)
    data, value = outer[member].encode(), log.unbase64(outer["signature"]["value"])
    text = b"entente " + context.encode() + b"\n" + data
    known = [key for name, _, kind, key in map(log.read_key, keys) if name == party and kind == 1]
    must(any(log.is_signed(key, text, value) for key in known), "what it shows is signed with none of the keys given")
    members: dict[str, Any] = json.loads(data)
    return members | {"id": "sha256:" + hashlib.sha256(data).hexdigest()}


def must(is_so: bool, why: str) -> None:  # noqa: FBT001 - a condition and what fails without it
    if not is_so:
        raise Unproven(why)


def check_proof(data: bytes, keys: list[str]) -> list[str]:
    """A `.tlog-proof` with the leaf in its extra data."""
    head, _, note = data.partition(b"\n\n")
    lines = head.decode().split("\n")
    must(lines[:1] == ["c2sp.org/tlog-proof@v1"] and lines[1].startswith("extra "), "it has no leaf in its extra data")
    leaf = log.unbase64(json.loads(log.unbase64(lines[1].removeprefix("extra ")))["leaf"])
    number, path = lines[2].removeprefix("index "), hashes(lines[3:])
    must(number.isascii() and number.isdigit(), "it has no index")
    index = int(number)
    origin, size, root, wrong, cosigned = log.read_checkpoint(note, keys)
    must(not wrong, "; ".join(wrong))
    must(
        index < size and climb(index, size - 1, hashlib.sha256(b"\0" + leaf).digest(), path)[1] == root, "another tree"
    )
    return [f"entry {index} stands in {origin} of {size} entries", *(f"cosigned by {one}" for one in cosigned)]


def heads(party: str, parts: dict[str, Any], keys: list[str]) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    return checkpoint(parts["first"], party, keys), checkpoint(parts["second"], party, keys)


def two_heads(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    (size, root), (same, other) = heads(party, parts, keys)
    must(size == same and root != other, "both trees may be the same")
    return f"the log of {party} signed two different trees of {size} entries"


def not_consistent(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    """Hashes that lead to the newer root are those of its tree; they must not lead to the older one."""
    (old, old_root), (size, root) = heads(party, parts, keys)
    must(0 < old < size, "the second tree is not the larger one")
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    seed, *path = hashes(parts["proof"])
    was, is_now = climb(place, last, seed, path)
    must(is_now == root, "its hashes are not those of the newer tree")
    must(was != old_root, "the newer tree continues the older one")
    return f"the log of {party} signed {size} entries that do not begin with the {old} it signed before"


def stream_forked(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    first, second = (signed(parts[name], "envelope", "envelope-v1", party, keys) for name in ("first", "second"))
    is_one = (first["origin"], first["recipient"]) == (second["origin"], second["recipient"])
    must(is_one and first["origin"] == party, "the messages are of two streams")
    is_two = first["seq"] == second["seq"] and first["id"] != second["id"]
    follows_another = second["seq"] == first["seq"] + 1 and second["previous"] != first["id"]
    must(is_two or follows_another, "one stream may hold both")
    return f"{party} signed two different messages with number {first['seq']} to {first['recipient']}"


def leaf_missing(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    receipt = signed(parts["receipt"], "receipt", "receipt-v1", party, keys)
    size, root = checkpoint(parts["second"], party, keys)
    (item,) = [one for one in receipt["items"] if one["seq"] == parts["seq"]]
    index, (leaf, *path) = item["ledger_index"], hashes([parts["leaf"], *parts["path"]])
    must(receipt["recipient"] == party and index < size, "the receipt is another party's, or later")
    is_there = climb(index, size - 1, leaf, path)[1] == root
    must(is_there and leaf.hex() != item["leaf_hash"], "the tree may hold the entry of the receipt")
    return f"{party} signed that message {item['seq']} is entry {index}; its tree of {size} has another there"


def receipts(party: str, parts: dict[str, Any], keys: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = (signed(parts[name], "receipt", "receipt-v1", party, keys) for name in ("first", "second"))
    must(first["recipient"] == second["recipient"] == party, "a receipt is another party's")
    must(first["issued_at"] < second["issued_at"], "the second receipt is not the later one")
    return first, second


def receipt_denied(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    first, second = receipts(party, parts, keys)
    was, is_now = first["expected_seq"], second["expected_seq"]
    must(first["origin"] == second["origin"] and is_now < was, "the later receipt denies nothing")
    return f"{party} confirmed all messages before number {was}, and later that it expects number {is_now}"


def log_went_back(party: str, parts: dict[str, Any], keys: list[str]) -> str:
    (old, _), (size, _) = (checkpoint(one["checkpoint"], party, keys) for one in receipts(party, parts, keys))
    must(size < old, "the later ledger is not smaller")
    return f"{party} signed a ledger of {old} entries, and later one of {size}"


KINDS = {
    "two-heads": two_heads,
    "not-consistent": not_consistent,
    "stream-forked": stream_forked,
    "leaf-missing": leaf_missing,
    "receipt-denied": receipt_denied,
    "log-went-back": log_went_back,
}


def check_evidence(data: bytes, keys: list[str]) -> list[str]:
    whole = json.loads(data)
    return [KINDS[whole["kind"]](whole["party"], whole["parts"], keys)]


def main(arguments: list[str]) -> int:
    say = sys.stdout.write
    if len(arguments) < 2:
        say(str(__doc__))
        return 2
    try:
        data = Path(arguments[0]).read_bytes()
        check = check_proof if data.startswith(b"c2sp.org/") else check_evidence
        found = check(data, arguments[1:])
    except Unproven as error:
        say(f"PROVES NOTHING: {error}\n")
        return 1
    except (log.Unreadable, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        say(f"CANNOT CHECK: {error}\n")
        return 2
    say("".join(f"PROVEN: {line}\n" for line in found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
