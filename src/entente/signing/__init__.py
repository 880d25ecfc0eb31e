"""Bytes that two nodes agree on: canonical form, digests, salted commitments, Ed25519 signatures, envelopes.

Knows bytes and keys. Refuses to know records, agreements, clocks, files or randomness: salts and seeds are arguments.
"""

from entente.signing.canonical import Json, NotCanonical, canonical, parse
from entente.signing.commitments import SALT_BYTES, commit, is_opening
from entente.signing.digests import digest, is_digest
from entente.signing.envelopes import KEY_BYTES, NONCE_BYTES, NotOpened, decrypt, encrypt, unwrap_key, wrap_key
from entente.signing.keys import (
    BadSignature,
    PrivateKey,
    PublicKey,
    Signature,
    UnusableKey,
)

__all__ = [
    "KEY_BYTES",
    "NONCE_BYTES",
    "SALT_BYTES",
    "BadSignature",
    "Json",
    "NotCanonical",
    "NotOpened",
    "PrivateKey",
    "PublicKey",
    "Signature",
    "UnusableKey",
    "canonical",
    "commit",
    "decrypt",
    "digest",
    "encrypt",
    "is_digest",
    "is_opening",
    "parse",
    "unwrap_key",
    "wrap_key",
]
