"""A commitment fixes a value without telling it."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.signing import SALT_BYTES, commit, digest, is_digest, is_opening
from entente.signing.commitments import ShortSalt

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


SALT = bytes(range(SALT_BYTES))


def test_a_known_answer() -> None:
    expected = hmac.new(SALT, b"entente-commitment-v1\nplate ABC 123", hashlib.sha256).hexdigest()
    assert commit(SALT, b"plate ABC 123") == f"sha256:{expected}"


@UNHURRIED
@given(st.binary(max_size=50), st.binary(max_size=50), st.binary(min_size=32, max_size=32))
def test_only_the_right_salt_and_value_open_it(data: bytes, other: bytes, salt: bytes) -> None:
    made = commit(SALT, data)
    assert is_opening(made, SALT, data)
    assert is_opening(made, SALT, other) is (other == data)
    assert is_opening(made, salt, data) is (salt == SALT)


def test_without_its_salt_a_value_cannot_be_found_by_trying() -> None:
    assert commit(SALT, b"x") != digest(b"x")
    assert commit(SALT, b"x") != commit(bytes(SALT_BYTES), b"x")


@pytest.mark.parametrize("salt", [b"", b"x" * 31, b"x" * 33])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(ShortSalt, match=str(len(salt))):
        commit(salt, b"data")
    assert not is_opening(commit(SALT, b"data"), salt, b"data")


@pytest.mark.parametrize("commitment", ["", "sha256:", "caf\u00e9", "sha256:" + "0" * 64])
def test_what_is_not_the_commitment_opens_nothing(commitment: str) -> None:
    assert not is_opening(commitment, SALT, b"data")


def test_a_digest_names_its_algorithm() -> None:
    """FIPS 180-4: the digest of the empty message."""
    empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(b"") == empty
    assert is_digest(empty)
    for text in ("", empty.upper(), empty[:-1], empty + "0", empty + "\n", "sha512:" + empty[7:]):
        assert not is_digest(text)
