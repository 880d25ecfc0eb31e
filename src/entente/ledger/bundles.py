"""Entry bundles of C2SP tlog-tiles: up to 256 entries, each behind its length as a big-endian uint16."""

from collections.abc import Iterable

from entente.errors import OurFault

MAX_ENTRY_BYTES = 2**16 - 1


class EntryTooLong(OurFault):
    """A ledger entry has {length} bytes; the format ends at {limit}. Commit to the facts instead of writing them
    out."""


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The entries one after another with their lengths. Raises EntryTooLong."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise EntryTooLong(length=len(entry), limit=MAX_ENTRY_BYTES)
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_bundle(data: bytes) -> tuple[list[bytes], bytes]:
    """The entries that can be read, and the bytes after the last of them (empty when the bundle is whole)."""
    entries, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    return entries, data[at:]
