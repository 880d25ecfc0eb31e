"""The envelope: what each type must name, what contradicts itself, and what a reader does not take."""

import json
from datetime import timedelta
from typing import Any

import pytest

from entente.errors import PartnerFault
from entente.exchange import (
    MESSAGE_TYPES,
    URGENCIES,
    IncompleteEnvelope,
    UnknownMessageType,
    UnknownVersion,
    UnreadableEnvelope,
    UnsendableMessage,
    due_at,
    envelope_bytes,
    message_for,
    read_envelope,
)
from entente.signing import canonical, digest
from entente.vocabulary import house_vocabulary
from exchange.parts import AGREEMENT, CBP, CBSA, NOW, sealed_after

FIRST = digest(b"an earlier message")


def members(**changes: Any) -> dict[str, Any]:
    """The members of a good disclosure, with `changes`."""
    return dict(json.loads(sealed_after((0, "")).envelope)) | changes


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"v": 2}, UnknownVersion),
        ({"v": "1"}, UnreadableEnvelope),
        ({"v": True}, UnreadableEnvelope),
        ({"type": "gossip"}, UnknownMessageType),
        ({"type": None}, UnreadableEnvelope),
        ({"origin": "US.CBP"}, UnreadableEnvelope),
        ({"origin": "us.cb\u0440"}, UnreadableEnvelope),  # a Cyrillic er
        ({"origin": CBSA}, UnreadableEnvelope),
        ({"recipient": "nobody"}, UnreadableEnvelope),
        ({"seq": 0}, UnreadableEnvelope),
        ({"seq": True}, UnreadableEnvelope),
        ({"seq": "1"}, UnreadableEnvelope),
        ({"seq": 2}, UnreadableEnvelope),  # the second one without a previous id
        ({"previous": FIRST}, UnreadableEnvelope),  # the first one with a previous id
        ({"agreement": "customs"}, UnreadableEnvelope),
        ({"agreement": None}, IncompleteEnvelope),
        ({"provisions": []}, IncompleteEnvelope),
        ({"provisions": ["1.1", "1.1"]}, UnreadableEnvelope),
        ({"provisions": ["1 .1"]}, UnreadableEnvelope),
        ({"provisions": [f"{number}" for number in range(257)]}, UnreadableEnvelope),
        ({"provisions": "1.1"}, UnreadableEnvelope),
        ({"purpose": None}, IncompleteEnvelope),
        ({"purpose": "Public statistics"}, UnreadableEnvelope),
        ({"caveats": ["x" * 129]}, UnreadableEnvelope),
        ({"urgency": "now"}, UnreadableEnvelope),
        ({"due": "2026-11-21T11:00:00.000000+00:00"}, UnreadableEnvelope),  # before it was made
        ({"created_at": "2026-11-21T12:00:00Z"}, UnreadableEnvelope),  # another spelling of the same moment
        ({"created_at": "2026-11-21T13:00:00.000000+01:00"}, UnreadableEnvelope),
        ({"created_at": "2026-11-21T12:00:00.000000"}, UnreadableEnvelope),
        ({"body_digest": "md5:abc"}, UnreadableEnvelope),
        ({"is_simulated": 0}, UnreadableEnvelope),
        ({"note": "by the way"}, UnreadableEnvelope),
    ],
    ids=str,
)
def test_a_reader_takes_only_what_the_protocol_describes(change: dict[str, Any], error: type[PartnerFault]) -> None:
    with pytest.raises(error) as caught:
        read_envelope(canonical(members(**change)))
    assert type(caught.value) is error


@pytest.mark.parametrize("name", sorted(members()))
def test_no_member_may_be_left_out(name: str) -> None:
    rest = {key: value for key, value in members().items() if key != name}
    with pytest.raises(UnreadableEnvelope):
        read_envelope(canonical(rest))


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"{", b'{"v":1}', b"\xff", b'{"v":1, "type":"recall"}', b'{"v":1,"v":1}', b"[" * 100_000],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_canonical_object_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableEnvelope):
        read_envelope(data)


def test_written_and_read_is_the_same_message() -> None:
    message = read_envelope(sealed_after((0, ""), due=NOW + timedelta(hours=8), urgency="urgent").envelope)
    assert envelope_bytes(message) == sealed_after((0, ""), due=NOW + timedelta(hours=8), urgency="urgent").envelope
    assert (message.seq, message.previous, message.purpose) == (1, None, "statistics")
    assert message.due == NOW + timedelta(hours=8)


@pytest.mark.parametrize("code", MESSAGE_TYPES)
def test_each_type_must_name_what_its_row_says(code: str) -> None:
    """Complete, it is sent; without any one of the members that its type needs, it is not."""
    needed: dict[str, tuple[bool, Any]] = {
        "agreement": (MESSAGE_TYPES[code].needs_agreement, AGREEMENT),
        "purpose": (MESSAGE_TYPES[code].needs_force, "statistics"),
        "provisions": (MESSAGE_TYPES[code].needs_provisions, ("1.1",)),
        "about": (MESSAGE_TYPES[code].needs_about, FIRST),
    }
    full: dict[str, Any] = {name: value for name, (is_needed, value) in needed.items() if is_needed}
    place: dict[str, Any] = {"origin": CBP, "recipient": CBSA, "after": (0, ""), "created_at": NOW}
    assert envelope_bytes(message_for(b"", type=code, is_simulated=True, **place, **full))
    for name in full:
        less = {key: value for key, value in full.items() if key != name}
        with pytest.raises(UnsendableMessage, match=name):
            envelope_bytes(message_for(b"", type=code, is_simulated=True, **place, **less))


def test_data_never_leaves_without_agreement_purpose_and_provision() -> None:
    """Everything that can carry a fact about a person or a thing towards a partner is bound to a provision in force."""
    free = {"refusal", "receipt", "recall", "checkpoint", "reconciliation", "key-change", "agreement-proposal"}
    free |= {"agreement-signature", "agreement-suspension"}
    for code, type_ in MESSAGE_TYPES.items():
        if type_.direction == "with-data" and code not in free:
            assert type_.needs_agreement, code
            assert type_.needs_force, code
            assert type_.needs_provisions, code


def test_what_outlives_an_agreement_does_not_need_it_in_force() -> None:
    for code in ("recall", "feedback", "erasure-receipt"):
        assert MESSAGE_TYPES[code].needs_agreement
        assert not MESSAGE_TYPES[code].needs_force


def test_types_and_urgencies_have_labels() -> None:
    words = house_vocabulary()
    assert set(words.list("message-type").terms) == set(MESSAGE_TYPES)
    assert set(words.list("urgency").terms) == set(URGENCIES)


@pytest.mark.parametrize(("urgency", "hours"), [("urgent", 8), ("priority", 72), ("normal", 168), ("routine", None)])
def test_when_an_answer_is_due(urgency: str, hours: int | None) -> None:
    expected = None if hours is None else NOW + timedelta(hours=hours)
    assert due_at(urgency, NOW, house_vocabulary().list("urgency")) == expected


def test_a_text_of_the_partner_cannot_break_out_of_the_error() -> None:
    """Control characters in a type would otherwise reach a terminal or a log line."""
    with pytest.raises(UnknownMessageType) as caught:
        read_envelope(canonical(members(type="x\x1b[31m\n" + "y" * 500)))
    assert "\x1b" not in caught.value.said()
    assert "\n" not in caught.value.said()
    assert len(caught.value.said()) < 250
