"""Salted commitments: a value is fixed without being told, and cannot be guessed once its salt is destroyed.

A plain hash of a name or a plate number is found by trying all of them; HMAC-SHA256 under a random 32-byte salt is not.
"""

import hashlib
import hmac

from entente.errors import OurFault

SALT_BYTES = 32
_DOMAIN = b"entente-commitment-v1\n"


class ShortSalt(OurFault):
    """A commitment was asked for with a salt of {length} bytes. Give {needed} random bytes."""


def commit(salt: bytes, data: bytes) -> str:
    """HMAC-SHA256(salt, domain || data) as `sha256:<hex>`; `salt` is SALT_BYTES random bytes. Raises ShortSalt."""
    if len(salt) != SALT_BYTES:
        raise ShortSalt(length=len(salt), needed=SALT_BYTES)
    return "sha256:" + hmac.digest(salt, _DOMAIN + data, hashlib.sha256).hex()


def is_opening(commitment: str, salt: bytes, data: bytes) -> bool:
    """True when (`salt`, `data`) is what `commitment` was made from."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(commitment.encode(), commit(salt, data).encode())
