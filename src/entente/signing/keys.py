"""Ed25519 (RFC 8032) keys and signatures with a context, so that a signature made for one purpose fits no other.

Every signature names its algorithm and its key. Which key belongs to whom is never read from the signed message.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from entente.errors import InputFault, Tampered

ALGORITHM = "ed25519"
SEED_BYTES = 32
_SIGN_BIT = 0x80
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
"""The points of small order (RFC 8032 section 5.1; Project Wycheproof, SmallOrderPublicKey), canonical or not, without
the sign bit. INVARIANT: none of them is a key, for under it anybody could sign whatever they like."""


class BadSignature(Tampered):
    """The signature of {key_id} over this {context} does not fit its bytes. Keep the bytes and ask the signer which
    ones they signed."""


class UnusableKey(InputFault):
    """This is not an Ed25519 key: {why}. Give the key as the 32 bytes that `entente init` wrote, in base64."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached signature: `value` is 64 bytes in base64, `key_id` is PublicKey.key_id."""

    algorithm: str
    key_id: str
    value: str

    def to_json(self) -> dict[str, str]:
        return {"algorithm": self.algorithm, "key_id": self.key_id, "value": self.value}

    @classmethod
    def from_json(cls, value: Mapping[str, str]) -> "Signature":
        """Raises UnusableKey when a member is missing or is not text."""
        try:
            parts = [value[name] for name in ("algorithm", "key_id", "value")]
        except (KeyError, TypeError) as error:
            raise UnusableKey(why=f"a signature needs {error}") from error
        if not all(isinstance(part, str) for part in parts) or len(value) != len(parts):
            raise UnusableKey(why="a signature has exactly three text members")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`raw` is the 32-byte public key of RFC 8032."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """`ed25519:` and the first 32 hex digits of SHA-256 of the key."""
        return f"{ALGORITHM}:{hashlib.sha256(self.raw).hexdigest()[:32]}"

    def to_text(self) -> str:
        return base64.b64encode(self.raw).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """The key of 44 base64 characters. Raises UnusableKey."""
        key = cls(_decode(text))
        key.handle()
        return key

    def handle(self) -> Ed25519PublicKey:
        """The `cryptography` object, for HTTP signatures. Raises UnusableKey."""
        if self.raw[:-1] + bytes([self.raw[-1] & ~_SIGN_BIT]) in _SMALL_ORDER:
            raise UnusableKey(why="anybody could sign for it")
        try:
            return Ed25519PublicKey.from_public_bytes(self.raw)
        except ValueError as error:
            raise UnusableKey(why=str(error)) from error

    def verify(self, context: str, data: bytes, signature: Signature) -> None:
        """Raises BadSignature unless `signature` is this key's over (`context`, `data`)."""
        bad = BadSignature(key_id=signature.key_id, context=context)
        if signature.algorithm != ALGORITHM or signature.key_id != self.key_id:
            raise bad
        try:
            self.handle().verify(_unbase64(signature.value), _framed(context, data))
        except (InvalidSignature, UnusableKey, binascii.Error, ValueError) as error:
            raise bad from error

    def has_signed(self, data: bytes, value: bytes) -> bool:
        """True when the 64 bytes `value` are this key's signature over `data` alone, without a context (C2SP notes)."""
        try:
            self.handle().verify(value, data)
        except (InvalidSignature, UnusableKey):
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """`seed` is the 32-byte private key of RFC 8032; its repr tells nothing."""

    seed: bytes

    @classmethod
    def from_text(cls, text: str) -> "PrivateKey":
        """The key of 44 base64 characters. Raises UnusableKey."""
        return cls(_decode(text))

    def to_text(self) -> str:
        return base64.b64encode(self.seed).decode("ascii")

    def handle(self) -> Ed25519PrivateKey:
        """The `cryptography` object, for HTTP signatures. Raises UnusableKey."""
        return _handle(self.seed)

    @property
    def public(self) -> PublicKey:
        return _public(self.seed)

    def sign(self, context: str, data: bytes) -> Signature:
        """Signs (`context`, `data`); `context` names what is signed, e.g. `envelope-v1`."""
        value = self.handle().sign(_framed(context, data))
        return Signature(ALGORITHM, self.public.key_id, base64.b64encode(value).decode("ascii"))

    def to_pem(self) -> bytes:
        """PKCS #8 PEM, for tools that want a file."""
        return self.handle().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@lru_cache(maxsize=16)
def _handle(seed: bytes) -> Ed25519PrivateKey:
    """Made once: a node signs thousands of messages with the one key that it holds anyway."""
    try:
        return Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as error:
        raise UnusableKey(why=str(error)) from error


@lru_cache(maxsize=16)
def _public(seed: bytes) -> PublicKey:
    return PublicKey(_handle(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _framed(context: str, data: bytes) -> bytes:
    return b"entente " + context.encode("ascii") + b"\n" + data


def _unbase64(text: str) -> bytes:
    """INVARIANT: one spelling only (RFC 4648, section 3.5), so that no letter of a signature can be changed unseen."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode("ascii") != text:
        raise ValueError(text)
    return raw


def _decode(text: str) -> bytes:
    try:
        raw = _unbase64(text.strip())
    except (binascii.Error, ValueError) as error:
        raise UnusableKey(why="it is not base64") from error
    if len(raw) != SEED_BYTES:
        raise UnusableKey(why=f"it has {len(raw)} bytes instead of {SEED_BYTES}")
    return raw
