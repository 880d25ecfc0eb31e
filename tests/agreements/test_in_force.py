"""When an agreement is in force: who signed which bytes with which key, in office on which day, and what stops it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agreements.parts import HEAD, PERMIT, agreement, changed
from entente.agreements import (
    MAX_WHY_CHARACTERS,
    Agreement,
    NotASignatory,
    Officer,
    OfficerSignature,
    Standing,
    Suspension,
    UnfitSuspension,
    UnreadableSignature,
    UnusableOfficerId,
    in_force,
    sign_agreement,
    standings,
    suspend_agreement,
)
from entente.signing import PrivateKey
from entente.vocabulary import phrasebook

MOMENT = datetime(2026, 5, 2, 16, tzinfo=UTC)
SIGNED_AT = datetime(2026, 1, 15, 16, tzinfo=UTC)


def key(number: int) -> PrivateKey:
    return PrivateKey(bytes([number]) * 32)


def officer(party: str, number: int, key_number: int | None = None) -> Officer:
    return Officer(
        party=party,
        id=f"{party}/liaison-{number}",
        title="Liaison officer",
        public_key=key(key_number or key_number_of(party, number)).public,
        valid_from=date(2025, 1, 1),
    )


def key_number_of(party: str, number: int) -> int:
    return {"ca.cbsa": 10, "us.cbp": 20, "us.dea": 30}[party] + number


OFFICERS = [officer(party, number) for party in ("ca.cbsa", "us.cbp", "us.dea") for number in (1, 2)]
TEXT = agreement(PERMIT)


def signed(text: Agreement, party: str, number: int, key_number: int | None = None) -> OfficerSignature:
    return sign_agreement(
        text,
        party=party,
        officer_id=f"{party}/liaison-{number}",
        key=key(key_number or key_number_of(party, number)),
        signed_at=SIGNED_AT,
    )


def all_signed(text: Agreement, *parties: str) -> list[OfficerSignature]:
    return [signed(text, party, number) for party in parties or text.parties for number in (1, 2)]


def standing(
    text: Agreement,
    signatures: Sequence[OfficerSignature],
    officers: Sequence[Officer] = OFFICERS,
    suspensions: Sequence[Suspension] = (),
    moment: datetime = MOMENT,
) -> Standing:
    return in_force(text, signatures, officers, suspensions, moment)


def codes(found: Standing) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_two_officers_of_each_party_bring_it_into_force() -> None:
    found = standing(TEXT, all_signed(TEXT))
    assert found.is_in_force
    assert found.signed == {
        "ca.cbsa": ("ca.cbsa/liaison-1", "ca.cbsa/liaison-2"),
        "us.cbp": ("us.cbp/liaison-1", "us.cbp/liaison-2"),
    }


def test_the_directory_may_be_given_by_party_and_id() -> None:
    directory = {(found.party, found.id): found for found in OFFICERS}
    assert in_force(TEXT, all_signed(TEXT), directory, (), MOMENT).is_in_force


@pytest.mark.parametrize("missing", range(4))
def test_one_signature_fewer_is_not_enough(missing: int) -> None:
    signatures = all_signed(TEXT)
    party = signatures.pop(missing).party
    found = standing(TEXT, signatures)
    assert [(reason.code, reason.values["party"]) for reason in found.reasons] == [("signatures-missing", party)]
    assert "1 of 2" in found.reasons[0].sentence(phrasebook("en").say)
    assert found.reasons[0].remedy(phrasebook("en").say).endswith("`entente agreements sign`.")


def test_one_officer_twice_is_one_officer() -> None:
    signatures = [*all_signed(TEXT, "ca.cbsa"), signed(TEXT, "us.cbp", 1), signed(TEXT, "us.cbp", 1)]
    assert codes(standing(TEXT, signatures)) == ["signatures-missing"]


def test_one_key_for_two_names_counts_for_neither() -> None:
    officers = [*OFFICERS[:2], officer("us.cbp", 1), officer("us.cbp", 2, key_number=21)]
    signatures = [*all_signed(TEXT, "ca.cbsa"), signed(TEXT, "us.cbp", 1), signed(TEXT, "us.cbp", 2, key_number=21)]
    found = standing(TEXT, signatures, officers)
    assert found.signed["us.cbp"] == ()


def test_the_key_of_a_node_signs_no_agreement() -> None:
    found = in_force(TEXT, all_signed(TEXT), OFFICERS, (), MOMENT, node_keys=[key(21).public])
    assert found.signed["us.cbp"] == ("us.cbp/liaison-2",)


def test_a_signature_over_version_4_does_not_fit_version_5() -> None:
    four = agreement(PERMIT, head=changed(HEAD, version="4", predecessor=f'"sha256:{"0" * 64}"'))
    five = agreement(PERMIT, head=changed(HEAD, version="5", predecessor=f'"{four.digest}"'))
    moved = [replace(found, agreement=five.digest) for found in all_signed(four)]
    assert standing(four, all_signed(four)).is_in_force
    assert not standing(five, all_signed(four)).is_in_force
    assert not standing(five, moved).is_in_force


def test_one_changed_byte_leaves_nothing_in_force() -> None:
    other = agreement(changed(PERMIT, reference='"art. 1(2)"'))
    assert codes(standing(other, all_signed(TEXT))) == ["signatures-missing", "signatures-missing"]


def test_a_party_cannot_sign_for_another() -> None:
    """The officer of CBSA puts the name of a CBP officer into the signature: the directory knows whose key it is."""
    forged = sign_agreement(TEXT, party="us.cbp", officer_id="us.cbp/liaison-2", key=key(12), signed_at=SIGNED_AT)
    signatures = [*all_signed(TEXT, "ca.cbsa"), signed(TEXT, "us.cbp", 1), forged]
    assert standing(TEXT, signatures).signed["us.cbp"] == ("us.cbp/liaison-1",)


def test_an_unknown_officer_does_not_count() -> None:
    assert standing(TEXT, all_signed(TEXT), OFFICERS[:3]).signed["us.cbp"] == ("us.cbp/liaison-1",)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "counts"),
    [
        (date(2025, 1, 1), date(2026, 1, 15), True),
        (date(2026, 1, 15), None, True),
        (date(2025, 1, 1), date(2026, 1, 14), False),
        (date(2026, 1, 16), None, False),
    ],
)
def test_an_officer_signs_only_while_in_office(valid_from: date, valid_until: date | None, counts: bool) -> None:  # noqa: FBT001
    officers = [*OFFICERS[:3], replace(OFFICERS[3], valid_from=valid_from, valid_until=valid_until)]
    assert standing(TEXT, all_signed(TEXT), officers).is_in_force is counts


def test_a_signature_from_the_future_does_not_count_yet() -> None:
    assert not standing(TEXT, all_signed(TEXT), moment=SIGNED_AT - timedelta(seconds=1)).is_in_force


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-01-01T04:59:59+00:00", "not-yet"),  # 31 December in Toronto
        ("2029-01-01T04:59:59+00:00", None),
        ("2029-01-01T05:00:00+00:00", "ended"),
    ],
)
def test_days_are_those_of_the_zone_and_inclusive(moment: str, code: str | None) -> None:
    early = [replace(found) for found in all_signed(TEXT)]
    found = standing(TEXT, early, moment=datetime.fromisoformat(moment))
    assert (code in codes(found)) if code else found.is_in_force


def test_others_that_the_text_names_must_have_signed_too() -> None:
    text = agreement(PERMIT, head=changed(HEAD, also_signed_by='["us.dea"]'))
    assert [reason.values["party"] for reason in standing(text, all_signed(text)).reasons] == ["us.dea"]
    assert standing(text, all_signed(text, "ca.cbsa", "us.cbp", "us.dea")).is_in_force


def test_one_officer_of_one_party_suspends() -> None:
    suspension = suspend_agreement(
        TEXT, party="us.cbp", officer_id="us.cbp/liaison-1", key=key(21), suspended_at=MOMENT
    )
    assert standing(TEXT, all_signed(TEXT), suspensions=[suspension], moment=MOMENT - timedelta(seconds=1)).is_in_force
    found = standing(TEXT, all_signed(TEXT), suspensions=[suspension])
    assert codes(found) == ["suspended"]
    assert "us.cbp" in found.reasons[0].sentence(phrasebook("en").say)


def test_a_signature_is_no_suspension_and_a_forged_one_does_nothing() -> None:
    signature = signed(TEXT, "us.cbp", 1)
    posed = Suspension(
        agreement=TEXT.digest,
        party="us.cbp",
        officer="us.cbp/liaison-1",
        suspended_at=signature.signed_at,
        why="",
        signature=signature.signature,
    )
    assert standing(TEXT, all_signed(TEXT), suspensions=[posed]).is_in_force


def test_a_new_version_in_force_ends_the_old_one() -> None:
    new = agreement(PERMIT, head=changed(HEAD, version="2", predecessor=f'"{TEXT.digest}"'))
    both = all_signed(TEXT) + all_signed(new)
    before = standings([TEXT, new], all_signed(TEXT), OFFICERS, (), MOMENT)
    assert [before[TEXT.digest].is_in_force, before[new.digest].is_in_force] == [True, False]
    after = standings([TEXT, new], both, OFFICERS, (), MOMENT)
    assert [after[TEXT.digest].is_in_force, after[new.digest].is_in_force] == [False, True]
    assert codes(after[TEXT.digest]) == ["replaced"]


def test_two_texts_under_one_name_and_version_are_both_not_in_force() -> None:
    twin = agreement(changed(PERMIT, release='"officer"'))
    found = standings([TEXT, twin], all_signed(TEXT) + all_signed(twin), OFFICERS, (), MOMENT)
    assert [codes(found[text.digest]) for text in (TEXT, twin)] == [["two-texts"], ["two-texts"]]


def test_only_signatories_sign_and_with_a_plain_role_id() -> None:
    with pytest.raises(NotASignatory, match=r"us\.dea does not sign"):
        sign_agreement(TEXT, party="us.dea", officer_id="us.dea/liaison-1", key=key(1), signed_at=SIGNED_AT)
    with pytest.raises(UnusableOfficerId):
        sign_agreement(TEXT, party="us.cbp", officer_id="us.cbр/liaison-1", key=key(1), signed_at=SIGNED_AT)  # noqa: RUF001


def test_signatures_and_suspensions_survive_being_written_down() -> None:
    signature = signed(TEXT, "us.cbp", 1)
    assert OfficerSignature.from_json(signature.to_json()) == signature
    suspension = suspend_agreement(
        TEXT, party="us.cbp", officer_id="us.cbp/a", key=key(21), suspended_at=MOMENT, why="the list is under review"
    )
    assert Suspension.from_json(suspension.to_json()) == suspension


@pytest.mark.parametrize("why", ["x" * (MAX_WHY_CHARACTERS + 1), "two\nlines", "turned \u202e round", "\x1b[31mred"])
def test_a_reason_is_one_line_that_steers_no_screen(why: str) -> None:
    with pytest.raises(UnfitSuspension):
        suspend_agreement(TEXT, party="us.cbp", officer_id="us.cbp/a", key=key(21), suspended_at=MOMENT, why=why)
    made = suspend_agreement(TEXT, party="us.cbp", officer_id="us.cbp/a", key=key(21), suspended_at=MOMENT, why="fits")
    with pytest.raises(UnreadableSignature):
        Suspension.from_json(made.to_json() | {"why": why})


def test_the_reason_is_what_the_officer_signed() -> None:
    made = suspend_agreement(
        TEXT, party="us.cbp", officer_id="us.cbp/liaison-1", key=key(21), suspended_at=MOMENT, why="a"
    )
    assert not standing(TEXT, all_signed(TEXT), suspensions=[made]).is_in_force
    assert standing(TEXT, all_signed(TEXT), suspensions=[replace(made, why="b")]).is_in_force


def test_a_suspension_stands_though_the_officers_key_changes_later() -> None:
    made = suspend_agreement(TEXT, party="us.cbp", officer_id="us.cbp/liaison-1", key=key(21), suspended_at=MOMENT)
    (known,) = [one for one in OFFICERS if one.id == "us.cbp/liaison-1"]
    without = [one for one in OFFICERS if one is not known]
    kept = replace(made, known_as=known)
    assert [one.code for one in in_force(TEXT, [], without, [made], MOMENT).reasons if one.code == "suspended"] == []
    assert "suspended" in codes(in_force(TEXT, [], without, [kept], MOMENT))
    stranger = replace(kept, known_as=replace(known, party="ca.cbsa"))
    assert "suspended" not in codes(in_force(TEXT, [], without, [stranger], MOMENT))


@pytest.mark.parametrize(
    "change",
    [
        {"party": 3},
        {"agreement": "v4"},
        {"signed_at": "yesterday"},
        {"signed_at": "2026-01-15T16:00:00"},
        {"signature": {"algorithm": "ed25519"}},
        {"extra": "x"},
    ],
)
def test_what_is_no_signature_is_not_read(change: dict[str, object]) -> None:
    with pytest.raises(UnreadableSignature):
        OfficerSignature.from_json({**signed(TEXT, "us.cbp", 1).to_json(), **change})
