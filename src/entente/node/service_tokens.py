"""What another service says of somebody: an ID token of OpenID Connect Core 1.0, believed only when all of it fits.

INVARIANT: the algorithm is one of ALGORITHMS whatever the token says, so that a token without a signature, or signed
with our own secret, is nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from entente.errors import PartnerFault

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Ed25519 is the newer name of the EdDSA that is in use (RFC 9864)."""
LEEWAY, OLDEST = timedelta(minutes=1), timedelta(minutes=10)
MOST_CHARACTERS, MOST_SUBJECT = 16 * 1024, 255


class UnfitToken(PartnerFault):
    """The other service did not say in a way that can be believed who you are ({what}). Begin again; if it lasts, tell
    an administrator of this node."""


class UnpublishedKey(PartnerFault):
    """The other service signs with a key that it does not publish. Begin again; if it lasts, tell an administrator of
    this node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must say: its issuer, for whom it is, and the nonce of this sign-in."""

    issuer: str
    client_id: str
    nonce: str


class _Algorithms(jws.JWSRegistry):
    def get_alg(self, name: str) -> Any:
        """EdDSA without the library's warning that RFC 9864 calls it Ed25519: services still write EdDSA."""
        return self.algorithms[name] if name == "EdDSA" else super().get_alg(name)


def subject_of(token: str, keys: Mapping[str, Any], expected: Expected, now: datetime) -> str:
    """Whom the token is about, when its signature fits one of `keys` (RFC 7517) and it says what is expected. Raises
    UnfitToken, UnpublishedKey."""
    if len(token) > MOST_CHARACTERS:
        raise UnfitToken(what="length")
    claims = _claims(token, keys)
    for what, is_fit in _checks(claims, expected, now.timestamp()):
        if not is_fit:
            raise UnfitToken(what=what)
    return str(claims["sub"])


def _claims(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        known = KeySet.import_key_set({"keys": [key for key in keys["keys"] if key.get("kty") in ("RSA", "EC", "OKP")]})
        return jwt.decode(token, known, algorithms=ALGORITHMS, registry=_Algorithms(algorithms=ALGORITHMS)).claims
    except JoseError as error:
        if error.error == "invalid_key_id":
            raise UnpublishedKey from error
        raise UnfitToken(what=error.error) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # what a stranger wrote has any shape
        raise UnfitToken(what="form") from error


def _checks(claims: Mapping[str, Any], expected: Expected, now: float) -> list[tuple[str, bool]]:
    """Section 3.1.3.7, in its order: which claim, and whether it fits."""
    audience, party, subject = claims.get("aud"), claims.get("azp"), claims.get("sub")
    several = audience if isinstance(audience, list) else [audience]
    return [
        ("iss", claims.get("iss") == expected.issuer),
        ("aud", expected.client_id in several),
        ("azp", party == expected.client_id or (party is None and len(several) == 1)),
        ("exp", _is_time(claims.get("exp")) and now < claims["exp"] + LEEWAY.total_seconds()),
        (
            "iat",
            _is_time(claims.get("iat")) and -LEEWAY.total_seconds() <= now - claims["iat"] <= OLDEST.total_seconds(),
        ),
        ("nonce", bool(expected.nonce) and claims.get("nonce") == expected.nonce),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= MOST_SUBJECT and subject.isprintable()),
    ]


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
