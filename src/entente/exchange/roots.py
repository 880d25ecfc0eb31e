"""One hash over an ordered list: the Merkle tree hash of RFC 6962 section 2.1, folded in while the list streams by.

A tree instead of a digest over the joined list, because a tree lets one party show a third one that *its* message
was in a signed batch (an inclusion proof of log2(n) hashes) without showing the ids of the others. Memory is
log2(n) hashes.
"""

import hashlib
from collections.abc import Iterable


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The tree hash of `leaves` in order, as 64 hex digits; of no leaves, the hash of nothing."""
    stack: list[tuple[int, bytes]] = []  # complete subtrees, (height, hash), highest first
    for leaf in leaves:
        height, node = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while stack and stack[-1][0] == height:
            height, node = height + 1, _join(stack.pop()[1], node)
        stack.append((height, node))
    if not stack:
        return hashlib.sha256().hexdigest()
    root = stack.pop()[1]
    while stack:
        root = _join(stack.pop()[1], root)
    return root.hex()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
