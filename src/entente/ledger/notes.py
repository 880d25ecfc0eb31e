"""C2SP signed-note: text with signature lines, and verifier keys as text. Strict: one byte sequence for one note.

Knows names, keys and text. What the text means (a checkpoint) and which key may sign what is decided in `checkpoints`.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from entente.errors import InputFault
from entente.signing import PublicKey

MAX_NOTE_BYTES = 1 << 20
MAX_SIGNATURES = 100  # as in Go's sumdb/note; the specification asks for at least 16
KEY_ID_BYTES = 4
_DASH = "\N{EM DASH} "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


class UnreadableNote(InputFault):
    """This is not a signed note: {why}. Ask for the file again, byte for byte as it was signed."""


class UnusableVerifierKey(InputFault):
    """`{text}` is not a verifier key: {why}. Ask the log's operator for it; it reads name+8 hex digits+base64."""


class KeyKind(IntEnum):
    """Signature types of signed-note: a log signs notes, a witness cosigns with the time."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A known key with the name it signs under."""

    name: str
    key: PublicKey
    kind: KeyKind = KeyKind.LOG

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || kind || key)[:4]; short on purpose, it identifies and proves nothing."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key.raw).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line: `value` is what follows the key id."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """True when the line says so; it need not be true."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`text` ends in a newline and is what was signed."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_bytes(self) -> bytes:
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()


def read_note(data: bytes) -> Note:
    """The note in `data`; nothing is verified. Raises UnreadableNote."""
    if len(data) > MAX_NOTE_BYTES:
        raise UnreadableNote(why=f"it has more than {MAX_NOTE_BYTES} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableNote(why="it is not UTF-8") from error
    if _CONTROL.search(whole):
        raise UnreadableNote(why="it contains control characters")
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not text or not tail.endswith("\n"):
        raise UnreadableNote(why="no signature lines follow an empty line")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise UnreadableNote(why=f"it has more than {MAX_SIGNATURES} signatures")
    return Note(text=text + "\n", signatures=tuple(read_signature(line) for line in lines))


def read_signature(line: str) -> NoteSignature:
    """One signature line, with or without its newline. Raises UnreadableNote."""
    name, space, encoded = line.removesuffix("\n").removeprefix(_DASH).partition(" ")
    raw = decode_base64(encoded)
    if not line.startswith(_DASH) or not space or not is_key_name(name) or raw is None or len(raw) <= KEY_ID_BYTES:
        raise UnreadableNote(why="a line after the last empty line is not a signature")
    return NoteSignature(name=name, key_id=raw[:KEY_ID_BYTES], value=raw[KEY_ID_BYTES:])


def encode_vkey(name: str, key: PublicKey, kind: KeyKind = KeyKind.LOG) -> str:
    """`name+key id+base64(kind || key)`. Raises UnusableVerifierKey."""
    if not is_key_name(name):
        raise UnusableVerifierKey(text=name, why="a name is not empty and has no spaces and no plus signs")
    verifier = VerifierKey(name=name, key=key, kind=kind)
    return f"{name}+{verifier.key_id.hex()}+{base64.b64encode(bytes([kind]) + key.raw).decode()}"


def decode_vkey(text: str) -> VerifierKey:
    """Raises UnusableVerifierKey."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = decode_base64(encoded)
    if not is_key_name(name) or not _KEY_ID.fullmatch(key_id) or not raw:
        raise UnusableVerifierKey(text=text, why="it has not the three parts of one")
    if raw[0] not in frozenset(KeyKind) or len(raw) != 33:
        raise UnusableVerifierKey(text=text, why="only Ed25519 keys of logs and witnesses are used here")
    verifier = VerifierKey(name=name, key=PublicKey(raw[1:]), kind=KeyKind(raw[0]))
    if verifier.key_id.hex() != key_id:
        raise UnusableVerifierKey(text=text, why="its key id does not fit its name and key")
    return verifier


def is_key_name(name: str) -> bool:
    """No spaces (of any script), no plus, not empty."""
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def decode_base64(text: str) -> bytes | None:
    """The bytes of standard base64 (RFC 4648 section 4); None unless `text` is the one encoding of them.

    INVARIANT: no two texts give the same bytes, so a flipped bit in a note is never invisible.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def decode_decimal(text: str) -> int | None:
    """A number without sign and leading zeros, below 10**19; None otherwise."""
    return int(text) if _DECIMAL.fullmatch(text) else None
