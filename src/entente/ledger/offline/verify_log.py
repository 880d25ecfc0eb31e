"""Checks a transparency log in a folder, offline. Needs Python 3.9 or later and nothing else: read it, then trust it.

    python3 verify_log.py FOLDER VERIFIER_KEY [WITNESS_KEY ...]

FOLDER has the C2SP layout: `checkpoint`, `tile/<level>/...`, `tile/entries/...`. VERIFIER_KEY is the log's, as its
operator told you: name+8 hex digits+base64; a WITNESS_KEY is that of somebody who cosigned, as they told you. Exit
code 0: every entry is the one that was signed for; 1: something was changed, is missing or is forged; 2: the check
could not be made.

Formats: c2sp.org/tlog-tiles, tlog-checkpoint, tlog-cosignature, signed-note; hashing RFC 6962; signatures RFC 8032.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

P = 2**255 - 19  # RFC 8032 section 5.1: the field, the order of the base point, the curve
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
DASH = "\N{EM DASH} "


class Unreadable(Exception):
    """The check cannot be made."""


# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z: RFC 8032 section 5.1.4.
def decompress(data: bytes) -> tuple[int, int, int, int] | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    total = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """RFC 8032 section 5.1.7, without the cofactor: R recomputed must be the very bytes in the signature."""
    base, signer = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")), decompress(key)
    s = int.from_bytes(signature[32:], "little")
    if base is None or signer is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    x, y, z, _ = add(times(s, base), times(L - k, signer))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    if base64.b64encode(data).decode() != text:
        raise Unreadable(f"not base64: {text[:50]!r}")
    return data


def read_key(vkey: str) -> tuple[str, str, int, bytes]:
    """Name, key id, kind (1: signs; 4: cosigns with the time) and the 32 bytes of the key."""
    name, key_id, encoded = [*vkey.split("+", 2), "", ""][:3]
    key = unbase64(encoded)
    if len(key) != 33 or hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != key_id or key[0] not in (1, 4):
        raise Unreadable(f"this is not a verifier key: {vkey!r}")
    return name, key_id, key[0], key[1:]


def read_checkpoint(note: bytes, vkeys: list[str]) -> tuple[str, int, bytes, list[str], list[str]]:
    """Origin, size and root, what is wrong with the signatures, and who cosigned when."""
    text, _, tail = note.decode("utf-8", "replace").rpartition("\n\n")
    lines, signatures = text.split("\n"), [line.removeprefix(DASH).split(" ") for line in tail.split("\n")[:-1]]
    size = lines[1] if len(lines) > 2 else ""
    if not (size.isascii() and size.isdigit() and len(size) < 19 and str(int(size)) == size):
        raise Unreadable("the checkpoint has not the three lines of one")
    if not tail.startswith(DASH) or any(len(line) != 2 for line in signatures):
        raise Unreadable("the checkpoint has lines that are not signatures after its last empty line")
    values = [(line[0], unbase64(line[1])) for line in signatures]
    wrong, cosigned, is_signed_by_log = [], [], False
    for name, key_id, kind, key in map(read_key, vkeys):
        found = [value[4:] for signer, value in values if signer == name and value[:4].hex() == key_id]
        if kind == 4:
            for value in found:
                seconds = int.from_bytes(value[:8], "big")
                if is_signed(key, f"cosignature/v1\ntime {seconds}\n{text}\n".encode(), value[8:]):
                    at = datetime.fromtimestamp(seconds, timezone(timedelta()))
                    cosigned.append(f"{name} at {at:%Y-%m-%d %H:%M:%S} UTC")
                else:
                    wrong.append(f"the cosignature of {name} is forged")
        elif name == lines[0] and found:
            is_signed_by_log = True
            if not all(is_signed(key, (text + "\n").encode(), value) for value in found):
                wrong.append("the signature on the checkpoint is forged")
    if not is_signed_by_log:
        wrong.append(f"the checkpoint of {lines[0]} is not signed with this key")
    return lines[0], int(size), unbase64(lines[2]), wrong, cosigned


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, which is the same as pairing from the left and carrying an odd last one up."""
    while len(hashes) > 1:
        even = len(hashes) & ~1
        pairs = [b"\x01" + hashes[at] + hashes[at + 1] for at in range(0, even, 2)]
        hashes = [hashlib.sha256(pair).digest() for pair in pairs] + hashes[even:]
    return hashes[0] if hashes else hashlib.sha256(b"").digest()


class Log:
    """The files of a log of `size` entries, and everything that is wrong with them."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size, self.read = folder, size, 0
        self.wrong: list[str] = []

    def file(self, level: str, index: int, width: int) -> tuple[str, int, bytes | None]:
        """A tile's path, how many items it holds, its bytes; a full tile serves where the partial one is gone."""
        digits = f"{index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        full = "/".join(["tile", level, *(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = full if width == 256 else f"{full}.p/{width}"
        for path, held in ((part, width), (full, 256)):
            if (self.folder / path).is_file():
                return path, held, (self.folder / path).read_bytes()
        return part, width, None

    def hashes(self, level: int, index: int, width: int) -> list[bytes]:
        path, held, data = self.file(str(level), index, width)
        if data is None or len(data) != 32 * held:
            self.wrong.append(f"{path} is {'missing' if data is None else 'damaged'}")
            return []
        return [data[at : at + 32] for at in range(0, 32 * width, 32)]

    def entries(self, index: int, width: int) -> list[bytes]:
        """The hashes of the entries: SHA-256(0x00 || entry), each entry behind its length in two bytes."""
        path, held, data = self.file("entries", index, width)
        found, at = [], 0
        while data is not None and at + 2 <= len(data):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            found.append(hashlib.sha256(b"\x00" + data[at + 2 : end]).digest())
            at = end
        if data is None or at != len(data) or len(found) != held:
            self.wrong.append(f"{path} is {'missing' if data is None else 'damaged'}")
            return []
        self.read += width
        return found[:width]

    def check(self, signed: bytes) -> None:
        """Entries against tiles; where they differ, the signed root tells which were changed; then the tiles above."""
        blocks: tuple[list[bytes], list[bytes]] = ([], [])  # roots of full blocks of 256: by entries, by tiles
        tails: list[list[bytes]] = [[], []]
        different: list[int] = []
        for first in range(0, self.size, 256):
            width = min(256, self.size - first)
            by_tile, by_entry = self.hashes(0, first // 256, width), self.entries(first // 256, width)
            if not by_tile and not by_entry:
                self.wrong.append(f"the entries from {first} on are missing")
                return
            by_tile, by_entry = by_tile or by_entry, by_entry or by_tile
            different += [first + place for place in range(width) if by_tile[place] != by_entry[place]]
            if width < 256:
                tails = [by_entry, by_tile]
            else:
                blocks[0].append(root(by_entry))
                blocks[1].append(root(by_tile))
        roots = [root([*blocks[side], root(tails[side])] if tails[side] else blocks[side]) for side in (0, 1)]
        what = "entry {} was changed" if signed == roots[1] else "the hash of entry {} was changed"
        if signed not in roots:
            what = "entry {} does not fit its hash"
            self.wrong.append("the entries do not give the tree that was signed")
        self.wrong += [what.format(index) for index in different]
        if signed in roots:
            self.check_above(blocks[roots.index(signed)])

    def check_above(self, hashes: list[bytes]) -> None:
        level = 1
        while hashes:
            parts = [hashes[at : at + 256] for at in range(0, len(hashes), 256)]
            for index, part in enumerate(parts):
                stored = self.hashes(level, index, len(part))
                if stored and stored != part:
                    path = self.file(str(level), index, len(part))[0]
                    self.wrong.append(f"{path} does not fit the entries")
            hashes, level = [root(part) for part in parts if len(part) == 256], level + 1


def main(arguments: list[str]) -> int:
    say = sys.stdout.write
    if len(arguments) < 2:
        say(str(__doc__))
        return 2
    try:
        note = (Path(arguments[0]) / "checkpoint").read_bytes()
        origin, size, signed, wrong, cosigned = read_checkpoint(note, arguments[1:])
        log = Log(Path(arguments[0]), size)
        log.check(signed)
    except (Unreadable, OSError) as error:
        say(f"CANNOT CHECK: {error}\n")
        return 2
    wrong += log.wrong
    say("".join(f"WRONG: {line}\n" for line in wrong) + "".join(f"COSIGNED: {line}\n" for line in cosigned))
    say(f"{'NOT GOOD' if wrong else 'GOOD'}: {origin}, {log.read} of {size} entries read\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
