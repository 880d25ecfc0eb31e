"""Agreement trickery: texts and signatures made to look like something else bring nothing into force, give nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agreements import parts
from agreements.parts import ELSEWHERE, HEAD, HERE, NOON, PERMIT, THERE, agreement, catalogue, changed, decided
from agreements.test_in_force import MOMENT, OFFICERS, TEXT, all_signed, codes, signed, standing
from entente.agreements import (
    Agreement,
    AgreementUnreadable,
    Ask,
    Holding,
    Limits,
    OfficerSignature,
    Refused,
    accept,
    disclose,
    standings,
)
from entente.signing import canonical, parse

DIGEST = f'"sha256:{"0" * 64}"'
V4 = agreement(PERMIT, head=changed(HEAD, version="4", predecessor=DIGEST))
V5 = agreement(PERMIT, head=changed(HEAD, version="5", predecessor=f'"{V4.digest}"'))
FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9"
    text.en = "Never."
    effect = "forbid"
"""


def test_two_texts_under_one_name_and_version_are_both_not_in_force() -> None:
    """Each side signs other bytes: neither text, nor the version before them, counts between the two."""
    wider = agreement(changed(PERMIT, fields='["class:substance", "class:quantity", "class:identity"]'))
    found = standings([TEXT, wider], [*all_signed(TEXT), *all_signed(wider)], OFFICERS, (), MOMENT)
    for text in (TEXT, wider):
        assert not found[text.digest].is_in_force
        assert codes(found[text.digest]) == ["two-texts"]


def test_each_side_signing_its_own_text_brings_none_into_force() -> None:
    other = agreement(changed(PERMIT, release='"officer"'))
    given = [*all_signed(TEXT, HERE), *all_signed(other, THERE)]
    assert not any(one.is_in_force for one in standings([TEXT, other], given, OFFICERS, (), MOMENT).values())


def test_a_signature_over_version_4_does_not_count_for_version_5() -> None:
    """Replayed as it is, it names another digest; made to name this one, it no longer fits its bytes."""
    replayed = all_signed(V4)
    renamed = [replace(one, agreement=V5.digest) for one in replayed]
    for given in (replayed, renamed, [OfficerSignature.from_json(one.to_json()) for one in renamed]):
        assert not standing(V5, given).is_in_force
    assert standing(V4, replayed).is_in_force
    assert standing(V5, all_signed(V5)).is_in_force


@pytest.mark.parametrize(
    "lookalike",
    [
        "cа.cbsa",  # noqa: RUF001  # Cyrillic a
        "ca.cbsа",  # noqa: RUF001
        "ca․cbsa",  # noqa: RUF001  # one dot leader
        "CA.CBSA",
        "ca.cbsa ",
        "ca.cb\u200bsa",
        "role:enforcemеnt",  # noqa: RUF001
    ],
)
@pytest.mark.parametrize("key", ["parties", "giver", "receiver"])
def test_a_name_that_only_looks_like_an_agency_is_refused(key: str, lookalike: str) -> None:
    is_head = key == "parties"
    head = changed(HEAD, parties=f'["{lookalike}", "us.cbp"]') if is_head else HEAD
    permit = PERMIT if is_head else changed(PERMIT, **{key: f'["{lookalike}"]'})
    with pytest.raises(AgreementUnreadable):
        agreement(permit, head=head)


def test_nothing_goes_from_health_to_police_through_a_third_party() -> None:
    """HERE gives to THERE for statistics alone; THERE may give its own to ELSEWHERE. What THERE got it cannot pass on,
    and what it found in it goes nowhere else."""
    first = agreement(changed(PERMIT, purposes='["statistics"]'), FORBID + '    purposes = ["investigation"]\n')
    head = changed(HEAD, name='"second"', parties=f'["{THERE}", "{ELSEWHERE}"]')
    second = agreement(
        changed(PERMIT, giver=f'["{THERE}"]', receiver=f'["{ELSEWHERE}"]', purposes='["investigation"]'), head=head
    )
    onward = replace(parts.ask(officers=2), giver=THERE, receiver=ELSEWHERE, purpose="investigation")
    assert decided(onward, first, second).because == ("third-party",)
    held = Limits(purposes=("statistics",), agreements=(first.digest,))
    derived = replace(onward, record=parts.record(said_by=THERE), limits=held)
    assert decided(derived, first, second).because == ("inherited-purpose",)
    for purpose in ("statistics", "investigation"):
        assert decided(replace(derived, purpose=purpose), first, second).outcome == "withhold"


def test_whoever_is_bound_by_no_text_that_forbids_names_both_provisions_of_those_that_are() -> None:
    """X permits to police what Y forbids: nothing goes, and the decision names both."""
    permits = agreement(PERMIT)
    forbids = agreement(FORBID, head=changed(HEAD, name='"other"'))
    decision = decided(parts.ask(officers=2), permits, forbids)
    assert decision.outcome == "withhold"
    assert decision.because == ("9.1",)
    assert {found.provision.name for one in decision.withheld for found in one.by} == {"other"}


def test_an_agreement_ends_at_midnight_of_its_own_zone() -> None:
    """The clocks of Toronto go back on 1 November 2026: its last day has 25 hours, none of them in UTC."""
    text = agreement(PERMIT, head=changed(HEAD, valid_until="2026-11-01"))
    zone = ZoneInfo("America/Toronto")
    last = datetime(2026, 11, 1, 23, 59, 59, tzinfo=zone)
    for moment, goes in (
        (datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=zone), True),
        (datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=zone), True),
        (last, True),
        (last.astimezone(UTC), True),
        (datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 2, 0, 0, tzinfo=zone), False),
    ):
        asked = replace(parts.ask(), moment=moment)
        assert (decided(asked, text).outcome == "release") is goes, moment
        assert standing(text, all_signed(text), moment=moment).is_in_force is goes


def test_no_agreement_overrides_another() -> None:
    """There is no such word; and of two that forbid what the other permits, nothing is left."""
    for key in ("override", "overrides", "priority"):
        with pytest.raises(AgreementUnreadable, match=f"no key `{key}`"):
            agreement(changed(PERMIT, **{key: "true"}))
    one = agreement(PERMIT, FORBID + '    fields = ["class:quantity"]\n')
    other = agreement(
        PERMIT, FORBID + '    fields = ["class:substance", "class:location"]\n', head=changed(HEAD, name='"b"')
    )
    decision = decided(parts.ask(officers=2), one, other)
    assert decision.outcome == "withhold"
    assert len({found.provision.name for one in decision.withheld for found in one.by}) == 2


def chained(text: Agreement, chain: tuple[str, ...], said_by: str) -> Ask:
    return replace(parts.ask(parts.record(said_by=said_by), officers=2), chain=chain)


def test_nobody_speaks_for_somebody_who_has_not_signed() -> None:
    head = changed(HEAD, also_signed_by='["us.dea"]')
    text = agreement(changed(PERMIT, on_behalf_of='["us.dea"]'), head=head)
    assert decided(chained(text, ("us.dea",), "us.dea"), text).outcome == "release"
    assert not standing(text, all_signed(text, HERE, THERE)).is_in_force
    assert standing(text, [*all_signed(text, HERE, THERE), *all_signed(text, "us.dea")]).is_in_force
    with pytest.raises(AgreementUnreadable, match="does not sign this agreement"):
        agreement(changed(PERMIT, on_behalf_of='["us.dea"]'))
    # Through somebody who is not named, or its own record under that provision: no.
    assert decided(chained(text, ("us.dea", "ca.rcmp"), "us.dea"), text).outcome == "withhold"
    assert decided(chained(text, (), "ca.rcmp"), text).because == ("third-party",)
    assert decided(parts.ask(), text).outcome == "withhold"


def test_a_sender_cannot_invent_for_whom_it_speaks() -> None:
    head = changed(HEAD, also_signed_by='["us.dea"]')
    text = agreement(changed(PERMIT, on_behalf_of='["us.dea"]'), PERMIT.replace("1.1", "1.2"), head=head)
    asked = chained(text, ("us.dea",), "us.dea")
    body = parse(disclose(asked.record, asked.kind, decided(asked, text)).body)
    assert body["chain"] == ["us.dea"]
    assert not isinstance(accepted(body, text), Refused)
    forged = [
        {**body, "chain": ["ca.rcmp"]},
        {**body, "chain": ["us.dea", HERE]},
        {**body, "chain": []},
        {**body, "record": {**body["record"], "said_by": "ca.rcmp"}},
        {**body, "record": {**body["record"], "said_by": HERE}},
        {**body, "handling": {**body["handling"], "provisions": ["1.2"]}},
        {**{name: body[name] for name in ("record", "handling")}, "form": 1},
    ]
    for one in forged:
        assert isinstance(accepted(one, text), Refused)


def accepted(body: dict[str, Any], text: Agreement) -> Holding | Refused:
    return accept(
        canonical(body),
        sender=HERE,
        receiver=THERE,
        receiver_roles=frozenset({"enforcement"}),
        agreements=[text],
        catalogue=catalogue(),
        moment=NOON,
        is_simulated=False,
    )


def test_signatures_of_one_officer_for_two_do_not_make_two() -> None:
    assert not standing(TEXT, [signed(TEXT, HERE, 1), signed(TEXT, HERE, 1), *all_signed(TEXT, THERE)]).is_in_force
