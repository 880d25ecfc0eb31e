"""A leaf tells nothing; its opening tells everything, once, and only with its salt."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from entente.ledger import (
    ENTRY_TYPES,
    EntryType,
    TimeWithoutZone,
    UnknownEntryType,
    UnreadableOpening,
    commitment_of,
    leaf_hash,
    make_leaf,
    opens,
    read_opening,
)
from entente.signing import canonical
from entente.vocabulary import LANGUAGES, house_vocabulary
from ledger.made import MOMENT, leaf

SALT = bytes(range(32))


def test_a_leaf_holds_a_version_and_a_commitment_and_nothing_else() -> None:
    made = make_leaf("disclosed", MOMENT, "message-7", {"partner": "us.cbp", "note": "canary-in-the-coal-mine"}, SALT)
    value = json.loads(made.data)
    assert value.keys() == {"v", "c"}
    assert value["v"] == 1
    assert commitment_of(made.data) == value["c"]
    assert made.leaf_hash == leaf_hash(made.data)
    for secret in (b"canary", b"us.cbp", b"message-7", b"disclosed", b"2026"):
        assert secret not in made.data
        assert secret in made.opening


def test_all_leaves_have_the_same_length() -> None:
    short = make_leaf("kept", MOMENT, "", {}, SALT)
    long = make_leaf("agreement-suspended", MOMENT, "x" * 1000, {"text": "y" * 100_000}, SALT)
    assert len(short.data) == len(long.data) == 85


def test_the_same_facts_under_another_salt_look_unrelated() -> None:
    one, two = (make_leaf("kept", MOMENT, "r", {"drug": "fentanyl"}, bytes([salt]) * 32) for salt in (1, 2))
    assert one.opening == two.opening
    assert one.data != two.data


def test_an_opening_opens_its_own_leaf_only() -> None:
    made, other = leaf(1), leaf(2)
    assert opens(made.data, made.opening, made.salt)
    assert not opens(other.data, made.opening, made.salt)
    assert not opens(made.data, other.opening, made.salt)
    assert not opens(made.data, made.opening, other.salt)
    assert not opens(made.data, made.opening + b" ", made.salt)
    assert not opens(made.data, made.opening, b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"c":"sha256:00","v":1}',
        b'{"c": "sha256:' + b"0" * 64 + b'", "v": 1}',
        b'{"c":"sha256:' + b"0" * 64 + b'","v":2}',
        b'{"c":"sha256:' + b"0" * 64 + b'","v":1,"x":0}',
        b'{"c":5,"v":1}',
        b"\xff",
    ],
)
def test_other_bytes_are_not_a_leaf(data: bytes) -> None:
    assert commitment_of(data) is None
    assert not opens(data, b"{}", SALT)


def test_an_opening_reads_back_what_was_written() -> None:
    local = MOMENT.astimezone(timezone(timedelta(hours=-4)))
    made = make_leaf(EntryType.KEPT, local, "record-1", {"count": 3, "kinds": ["a", "b"]}, SALT)
    read = read_opening(made.opening)
    assert (read.type, read.at, read.subject) == ("kept", MOMENT, "record-1")
    assert read.facts == {"count": 3, "kinds": ["a", "b"]}


def test_one_moment_has_one_opening() -> None:
    zones = [timezone(timedelta(hours=hours)) for hours in (-4, 0, 5)]
    assert len({make_leaf("kept", MOMENT.astimezone(zone), "r", {}, SALT).opening for zone in zones}) == 1


@pytest.mark.parametrize(
    "opening",
    [
        b"",
        b"{}",
        b"[]",
        canonical({"type": "kept", "at": "2026-04-01", "subject": "r", "facts": {}}),
        canonical({"type": "kept", "at": "2026-04-01T12:00:00.000000+01:00", "subject": "r", "facts": {}}),
        canonical({"type": "kept", "at": 5, "subject": "r", "facts": {}}),
        canonical({"type": "kept", "at": "2026-04-01T12:00:00.000000+00:00", "subject": "r", "facts": {}, "more": 1}),
    ],
)
def test_an_opening_that_was_not_written_here_is_refused(opening: bytes) -> None:
    with pytest.raises(UnreadableOpening):
        read_opening(opening)


def test_an_entry_has_a_known_type_and_an_aware_time() -> None:
    with pytest.raises(UnknownEntryType):
        make_leaf("gossip", MOMENT, "r", {}, SALT)
    with pytest.raises(TimeWithoutZone):
        make_leaf("kept", datetime(2026, 4, 1), "r", {}, SALT)  # noqa: DTZ001  # the fault under test


def test_every_type_has_a_label_in_every_language_and_no_label_is_without_a_type() -> None:
    words = house_vocabulary().list("entry-type").terms
    assert words.keys() == ENTRY_TYPES
    assert all(term.labels[language] for term in words.values() for language in LANGUAGES)
