"""ID tokens: only one that fits in every part says who somebody is (OpenID Connect Core 1.0, section 3.1.3.7)."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from entente.node.service_tokens import Expected, UnfitToken, UnpublishedKey, subject_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AT = int(NOW.timestamp())
EXPECTED = Expected(issuer="https://id.example.gov", client_id="entente", nonce="n-1")
CLAIMS = {"iss": EXPECTED.issuer, "aud": "entente", "sub": "agent.7", "nonce": "n-1", "iat": AT, "exp": AT + 300}
SECRET = "a secret of this client, which everybody at the node can read"
ECDSA = ECKey.generate_key("P-256", {"kid": "k1"})


class _EdDSA(jws.JWSRegistry):
    """Without the warning that RFC 9864 calls it Ed25519."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def published(*keys: Key) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def signed(claims: dict[str, Any], key: Any = ECDSA, alg: str = "ES256", **header: Any) -> str:
    registry = _EdDSA(algorithms=[alg])
    return jwt.encode({"alg": alg, "kid": key.kid or "k1", **header}, claims, key, algorithms=[alg], registry=registry)


def coded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bare(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (coded(json.dumps(part).encode()) for part in (header, claims))
    return ".".join([*parts, ""])


def subject(token: str, keys: Any = None) -> str:
    return subject_of(token, published(ECDSA) if keys is None else keys, EXPECTED, NOW)


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECDSA, "ES256"),
        (RSAKey.generate_key(2048, {"kid": "k1"}), "RS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "k1"}), "EdDSA"),
        (OKPKey.generate_key("Ed25519", {"kid": "k1"}), "Ed25519"),
    ],
    ids=["ES256", "RS256", "EdDSA", "Ed25519"],
)
def test_a_token_that_fits_says_who_it_is(key: Any, alg: str) -> None:
    assert subject(signed(CLAIMS, key, alg), published(key)) == "agent.7"


def test_several_readers_are_fine_where_it_was_given_to_us() -> None:
    several = {**CLAIMS, "aud": ["entente", "another"]}
    assert subject(signed({**several, "azp": "entente"})) == "agent.7"
    for claims in (several, {**several, "azp": "another"}, {**CLAIMS, "azp": "another"}):
        with pytest.raises(UnfitToken, match="azp"):
            subject(signed(claims))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"iss": "https://id.example.gov/"}, "iss"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "another"}, "aud"),
        ({"aud": ["another"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": AT - 61}, "exp"),
        ({"exp": "later"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": AT - 601}, "iat"),
        ({"iat": AT + 61}, "iat"),
        ({"iat": None}, "iat"),
        ({"nonce": "n-2"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": "a\x1b[2J"}, "sub"),
    ],
)
def test_one_claim_that_does_not_fit_is_enough(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(UnfitToken) as caught:
        subject(signed({**CLAIMS, **changed}))
    assert caught.value.values["what"] == what


@pytest.mark.parametrize("name", CLAIMS)
def test_one_claim_that_is_missing_is_enough(name: str) -> None:
    with pytest.raises(UnfitToken):
        subject(signed({key: value for key, value in CLAIMS.items() if key != name}))


def test_no_nonce_of_ours_fits_no_nonce_of_theirs() -> None:
    token = signed({**CLAIMS, "nonce": ""})
    with pytest.raises(UnfitToken):
        subject_of(token, published(ECDSA), Expected(issuer=EXPECTED.issuer, client_id="entente", nonce=""), NOW)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_a_token_without_a_signature_is_nothing(alg: str) -> None:
    with pytest.raises(UnfitToken):
        subject(bare({"alg": alg, "kid": "k1"}, CLAIMS))


@pytest.mark.parametrize("known", [SECRET.encode(), ECDSA.as_pem(private=False)], ids=["our secret", "their key"])
def test_no_secret_that_we_or_everybody_knows_signs_a_token(known: bytes) -> None:
    """HS256 with the client's secret, or with the text of the published key."""
    said = bare({"alg": "HS256", "kid": "k1"}, CLAIMS).removesuffix(".")
    token = f"{said}.{coded(hmac.digest(known, said.encode(), 'sha256'))}"
    shared = {"kty": "oct", "k": coded(known), "kid": "k1", "alg": "HS256"}
    for keys in (published(ECDSA), {"keys": [shared]}, {"keys": [shared, *published(ECDSA)["keys"]]}):
        with pytest.raises((UnfitToken, UnpublishedKey)):
            subject(token, keys)


def test_other_algorithms_and_other_keys_are_refused() -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "k1"})
    with pytest.raises(UnfitToken):
        subject(signed(CLAIMS, rsa, "PS256"), published(rsa))
    with pytest.raises(UnfitToken):
        subject(signed(CLAIMS, ECKey.generate_key("P-256", {"kid": "k1"})))
    with pytest.raises(UnpublishedKey):
        subject(signed(CLAIMS, ECKey.generate_key("P-256", {"kid": "k2"})))


def test_a_key_that_the_token_brings_along_counts_for_nothing() -> None:
    own = ECKey.generate_key("P-256", {"kid": "k1"})
    with pytest.raises(UnfitToken):
        subject(signed(CLAIMS, own, jwk=own.as_dict(private=False)))


def test_a_changed_token_and_nonsense_are_refused() -> None:
    header, claims, signature = signed(CLAIMS).split(".")
    other = signed({**CLAIMS, "sub": "root"}).split(".")[1]
    for token in (f"{header}.{other}.{signature}", f"{header}.{claims}.", "", "a.b.c", "." * 9, "x" * 20_000):
        with pytest.raises(UnfitToken):
            subject(token)


@pytest.mark.parametrize("keys", [{}, {"keys": None}, {"keys": [7]}, {"keys": [{"kty": "EC"}]}, {"keys": []}, []])
def test_keys_that_are_none_open_nothing(keys: Any) -> None:
    with pytest.raises((UnfitToken, UnpublishedKey)):
        subject(signed(CLAIMS), keys)
