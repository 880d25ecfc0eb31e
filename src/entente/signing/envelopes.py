"""Bytes that only a key opens: AES-256-GCM (NIST SP 800-38D), and keys wrapped by another key (RFC 3394).

Nonces and keys are arguments. One key never meets the same nonce twice: callers give random ones and seal few things
with each key.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from entente.errors import Tampered

KEY_BYTES = 32
NONCE_BYTES = 12


class NotOpened(Tampered):
    """What was encrypted as {about} does not open with its key: the bytes, their place or the key are others. Use the
    keys that belong to it, and keep the bytes for your security officer."""


def encrypt(key: bytes, nonce: bytes, data: bytes, about: str) -> bytes:
    """Nonce and ciphertext of `data`; `about` says what it is and must be said again to open it."""
    return nonce + AESGCM(key).encrypt(nonce, data, about.encode())


def decrypt(key: bytes, sealed: bytes, about: str) -> bytes:
    """What `encrypt` was given. Raises NotOpened."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise NotOpened(about=about) from error


def wrap_key(by: bytes, key: bytes) -> bytes:
    """`key` (32 bytes) as 40 bytes that only `by` opens."""
    return aes_key_wrap(by, key)


def unwrap_key(by: bytes, wrapped: bytes) -> bytes:
    """Raises NotOpened."""
    try:
        return aes_key_unwrap(by, wrapped)
    except (InvalidUnwrap, ValueError) as error:
        raise NotOpened(about="a key") from error
