"""Why an HTTP message is not believed: one class per reason, each with what to do.

None of these settles a message. A request that was refused here is made and signed anew; only a receipt says what
became of what it carried.
"""

from entente.errors import InputFault, PartnerFault, Tampered


class NoSignature(PartnerFault):
    """The HTTP message has no signature labelled `{label}`. Sign it as docs/protocol.md says; nothing unsigned is
    believed."""


class SeveralSignatures(PartnerFault):
    """The HTTP message has {count} signatures; exactly one is allowed. Remove whatever adds a second one on the
    way."""


class MalformedSignature(PartnerFault):
    """The signature fields of the HTTP message cannot be read: {why}. Write them as RFC 9421 section 4 says."""


class RepeatedField(PartnerFault):
    """The HTTP field {field} occurs {count} times; it must occur once. Remove whatever adds another one on the way."""


class WrongTag(PartnerFault):
    """The HTTP signature has the tag {tag}, not `{expected}`: it was made for something else. Sign for this
    protocol."""


class WrongAlgorithm(PartnerFault):
    """The HTTP signature names the algorithm {algorithm}; only `{expected}` is allowed. Sign with an Ed25519 key."""


class ParameterMissing(PartnerFault):
    """The HTTP signature lacks the parameters {names} or gives them in the wrong form. Sign as docs/protocol.md
    says."""


class ComponentMissing(PartnerFault):
    """The HTTP signature does not cover {names}, so they could be changed on the way. Cover exactly what
    docs/protocol.md lists."""


class UnexpectedComponent(PartnerFault):
    """The HTTP signature covers {names}, which this protocol does not use. Cover exactly what docs/protocol.md
    lists."""


class FromTheFuture(PartnerFault):
    """The HTTP signature was made {seconds} seconds from now. Set the clocks of both nodes by a time server."""


class TooOld(PartnerFault):
    """The HTTP signature was made {seconds} seconds ago; the limit is {limit}. Sign the request anew, and set the
    clocks of both nodes by a time server if it happens again."""


class Expired(PartnerFault):
    """The HTTP signature expired {seconds} seconds ago. Sign the request anew, and set the clocks of both nodes by a
    time server if it happens again."""


class ValidTooLong(PartnerFault):
    """The HTTP signature says it holds for {seconds} seconds; 1 to {limit} are allowed. Sign with a nearer
    `expires`."""


class SignatureMismatch(Tampered):
    """The HTTP signature of {key_id} does not fit what arrived: {what}. If this node stands behind a proxy, compare
    the address it is configured with and the one the partner calls; otherwise somebody changed the message on the
    way."""


class ContentChanged(Tampered):
    """The HTTP body is not the one that {key_id} signed. Send it again; if it happens twice, somebody or something
    on the way changes bodies."""


class Replayed(PartnerFault):
    """An HTTP request signed by {key_id} arrived a second time. Sign each attempt anew; if the partner did not
    repeat it, somebody else did."""


class UnsignableRequest(InputFault):
    """A request to {url} cannot be signed: {why}. Correct the partner's address."""
