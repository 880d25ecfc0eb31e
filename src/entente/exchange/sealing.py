"""A sealed message: envelope, body and one durable signature over the envelope that survives transport and storage.

The envelope holds the body's digest, so the signature binds both. On the wire envelope and body travel as *text*
inside one JSON object: a reader checks the signature over the very bytes it got and never has to write JSON again
to do so. A message that was taken back before it left keeps its envelope, with no body: the stream has no hole and
tells nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from entente.errors import InputFault, PartnerFault, Tampered
from entente.exchange.members import Check, faults, is_signature, is_text, optional
from entente.exchange.messages import Message, UnsendableMessage, envelope_bytes, read_envelope
from entente.signing import Json, NotCanonical, PrivateKey, PublicKey, Signature, canonical, digest, parse

ENVELOPE_CONTEXT = "envelope-v1"

MAX_MESSAGE_BYTES = 1024 * 1024
"""The most bytes that one sealed message may have on the wire; larger things travel in parts."""


class MessageTooLarge(InputFault):
    """A message to {recipient} has {size} bytes; the limit is {limit}. Split what it carries into smaller records."""


class UnreadableMessage(PartnerFault):
    """A sealed message cannot be read: {why}. Ask the sender's operator to send it again."""


class BodyChanged(Tampered):
    """The body of message {id} is not the one its envelope was signed for. Keep the bytes and ask the sender to
    send it again; if it happens twice, call your security officer."""


class WrongRecipient(PartnerFault):
    """Message {id} is addressed to {recipient}, not to {us}. Do not open its body; tell the sender's operator."""


class OtherSigner(PartnerFault):
    """Message {id} is signed with key {key_id}, which is not the key expected of {origin}. Compare the keys pinned
    for this partner with its operator by telephone."""


# No slots: `id` and `body_digest` are cached on the instance.
@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What travels and is kept. `body` is opaque bytes (UTF-8), empty where a type has none, None once taken back."""

    envelope: bytes
    body: bytes | None
    signature: Signature

    @cached_property
    def id(self) -> str:
        """The digest of the envelope's bytes."""
        return digest(self.envelope)

    @cached_property
    def body_digest(self) -> str | None:
        """The digest of the body as it is here, which `verify` compares with the one that was signed."""
        return None if self.body is None else digest(self.body)

    def leaf(self) -> bytes:
        """What stands for this message in a batch's root: its wire object with the texts replaced by their digests."""
        return canonical({"envelope": self.id, "body": self.body_digest, "signature": self.signature.to_json()})

    def to_json(self) -> dict[str, Json]:
        body = None if self.body is None else self.body.decode("utf-8")
        return {"envelope": self.envelope.decode("utf-8"), "body": body, "signature": self.signature.to_json()}

    def to_wire(self) -> bytes:
        """Canonical JSON {body, envelope, signature}, envelope and body as text."""
        return canonical(self.to_json())

    def emptied(self) -> "Sealed":
        """The same message without its body: it was taken back before it left."""
        return replace(self, body=None)


_SHAPE: Mapping[str, Check] = MappingProxyType(
    {"envelope": is_text, "body": optional(is_text), "signature": is_signature}
)


def message_for(
    body: bytes,
    *,
    type: str,  # noqa: A002 - the member is called type on the wire too
    origin: str,
    recipient: str,
    after: tuple[int, str],
    created_at: datetime,
    is_simulated: bool,
    agreement: str | None = None,
    provisions: Sequence[str] = (),
    purpose: str | None = None,
    caveats: Sequence[str] = (),
    about: str | None = None,
    urgency: str = "routine",
    due: datetime | None = None,
) -> Message:
    """The envelope for `body` that follows `after`, the (seq, id) of the stream's last message ((0, ""): none yet).

    Raises nothing; `seal` judges what was made.
    """
    seq, last_id = after
    return Message(
        type=type,
        origin=origin,
        recipient=recipient,
        seq=seq + 1,
        previous=last_id or None,
        created_at=created_at,
        body_digest=digest(body),
        is_simulated=is_simulated,
        agreement=agreement,
        provisions=tuple(provisions),
        purpose=purpose,
        caveats=tuple(caveats),
        about=about,
        urgency=urgency,
        due=due,
    )


def seal(message: Message, body: bytes, key: PrivateKey) -> Sealed:
    """Signs `message` over `body`. Raises UnsendableMessage, MessageTooLarge."""
    if digest(body) != message.body_digest:
        raise UnsendableMessage(why="its body digest is not the digest of its body")
    if not _is_text(body):
        raise UnsendableMessage(why="its body is not UTF-8 text")
    envelope = envelope_bytes(message)
    sealed = Sealed(envelope=envelope, body=body, signature=key.sign(ENVELOPE_CONTEXT, envelope))
    size = len(sealed.to_wire())
    if size > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(recipient=message.recipient, size=size, limit=MAX_MESSAGE_BYTES)
    return sealed


def open_sealed(wire: bytes) -> Sealed:
    """The parts of `wire`; nothing about them is proven yet. Raises UnreadableMessage."""
    if len(wire) > MAX_MESSAGE_BYTES:
        raise UnreadableMessage(why=f"it has {len(wire)} bytes, the limit is {MAX_MESSAGE_BYTES}")
    try:
        return sealed_from_json(parse(wire))
    except NotCanonical as error:
        raise UnreadableMessage(why=str(error)) from error


def sealed_from_json(value: object) -> Sealed:
    """The message in the parsed object. Raises UnreadableMessage."""
    why = faults(value, _SHAPE)
    if why or not isinstance(value, dict):
        raise UnreadableMessage(why=why)
    body = value["body"]
    return Sealed(
        envelope=value["envelope"].encode("utf-8"),
        body=None if body is None else body.encode("utf-8"),
        signature=Signature.from_json(value["signature"]),
    )


def verify(sealed: Sealed, key: PublicKey, recipient: str) -> Message:
    """The message, once it is proven to be `key`'s, for `recipient`, with the body it was signed for (or taken
    back).

    Raises OtherSigner, BadSignature, BodyChanged, WrongRecipient and what read_envelope raises. The signature is
    checked before the envelope is read, so nobody but a pinned partner reaches the reader.
    """
    if sealed.signature.key_id != key.key_id:
        raise OtherSigner(id=sealed.id, key_id=sealed.signature.key_id, origin=_origin(sealed))
    key.verify(ENVELOPE_CONTEXT, sealed.envelope, sealed.signature)
    message = read_envelope(sealed.envelope)
    if message.recipient != recipient:
        raise WrongRecipient(id=sealed.id, recipient=message.recipient, us=recipient)
    if sealed.body_digest not in {None, message.body_digest}:
        raise BodyChanged(id=sealed.id)
    return message


def _origin(sealed: Sealed) -> str:
    try:
        return read_envelope(sealed.envelope).origin
    except PartnerFault:
        return "its sender"


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
