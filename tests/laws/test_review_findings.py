"""Ways round the texts that somebody looked for: numbers that break a node, words that hide others, records that come
back, and suspensions that are not to be undone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from random import Random

import pytest

from agreements import worlds
from agreements.parts import (
    ELSEWHERE,
    FIND,
    FULL,
    HEAD,
    HERE,
    NOON,
    PERMIT,
    THERE,
    agreement,
    ask,
    catalogue,
    changed,
    decided,
    record,
    source,
)
from entente.agreements import (
    AgreementUnreadable,
    Approval,
    Holding,
    accept,
    came_through,
    decide_many,
    derive_again,
    disclose,
    read_agreement,
)
from entente.agreements.deciding.conditions import Condition, Setting
from entente.agreements.deciding.judging import judging
from entente.agreements.deciding.route import digest_of_codes
from entente.records import UnreadableRecord, values_from_json
from entente.signing import canonical, parse
from entente.vocabulary import CodeList, Term
from laws.test_decision_laws import law

FORBID = """
    [[provision]]
    id = "2.1"
    reference = "art. 2"
    text.en = "Never."
    effect = "forbid"
    kinds = ["find"]
"""
BEHALF = changed(
    PERMIT, giver=f'["{THERE}"]', receiver=f'["{HERE}", "{ELSEWHERE}"]', on_behalf_of=f'["{HERE}", "{ELSEWHERE}"]'
)
THREE = changed(HEAD, parties=f'["{HERE}", "{THERE}", "{ELSEWHERE}"]')


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "1e99999999999999999999", "9" * 100 + ".5"])
def test_a_number_that_nobody_could_write_out_is_no_part_of_a_text(number: str) -> None:
    with pytest.raises(AgreementUnreadable, match="not TOML"):
        agreement(changed(PERMIT, when=f'[{{ field = "mass_g", at_least = {number} }}]'))


@pytest.mark.parametrize("key", ["training_days", "duties", "when", "version"])
@pytest.mark.parametrize("number", [str(2**53), "9" * 5000])
def test_a_whole_number_that_no_explanation_can_hold_is_no_part_of_a_text(key: str, number: str) -> None:
    value = {"duties": f"{{ retain_days = {number} }}", "when": f'[{{ field = "pieces", equals = {number} }}]'}
    with pytest.raises(AgreementUnreadable, match="not TOML"):
        read_agreement(source(HEAD, changed(PERMIT, **{key: value.get(key, number)})), catalogue())


@pytest.mark.timeout(20)
def test_a_key_of_very_many_parts_stops_no_node() -> None:
    with pytest.raises(AgreementUnreadable, match="line 1: The text is not TOML: a line has more than 400 points"):
        read_agreement((".".join("a" * 120_000) + " = 1").encode(), catalogue())


@pytest.mark.parametrize("days", [4000, 10**6, 2**53 - 1])
def test_training_within_more_days_than_there_ever_were_stops_no_node(days: int) -> None:
    text = agreement(changed(PERMIT, release='"officer"', training_days=str(days)))
    for day, goes in ((NOON.date(), True), (NOON.date() - timedelta(days=4001), days > 4001)):
        officer = Approval(officer="one", at=NOON, passed=(("test", day),))
        decision = decided(replace(ask(), approvals=(officer,)), text)
        assert decision.outcome == ("release" if goes else "wait")
        again = derive_again(canonical(decision.to_json()), record(), {text.digest: text}, catalogue())
        assert again.outcome == "same"


@pytest.mark.parametrize("raw", ["1E+999999999999", "1e5", "-1E-999999999999"])
def test_a_number_from_a_partner_is_never_longer_than_its_bytes(raw: str) -> None:
    with pytest.raises(UnreadableRecord):
        values_from_json(FIND, {"number": "F-1", "mass_g": raw})


@pytest.mark.parametrize(("land", "goes"), [("ca", False), ("ca-bc", False), ("ca-on", True), ("us", True)])
def test_a_wider_place_may_hide_the_one_that_is_forbidden(land: str, goes: bool) -> None:  # noqa: FBT001
    text = agreement(PERMIT, changed(FORBID, when='[{ field = "land", within = "ca-bc" }]'))
    decision = decided(ask(record({**FULL, "land": land})), text)
    assert decision.outcome == ("release" if goes else "withhold")


def test_nothing_goes_back_to_whoever_said_it_or_through_whom_it_came() -> None:
    text = agreement(BEHALF, head=THREE)
    theirs = record(said_by=HERE)
    onward = ask(theirs, giver=THERE, receiver=ELSEWHERE)
    assert decided(onward, text).outcome == "release"
    for back in (replace(onward, receiver=HERE), replace(onward, chain=(HERE, ELSEWHERE))):
        decision = decided(back, text)
        assert (decision.outcome, decision.because) == ("withhold", ("third-party",))


@pytest.mark.parametrize("chain", [[HERE], [ELSEWHERE, HERE]])
def test_nobody_is_told_by_others_what_they_said_themselves(chain: list[str]) -> None:
    """Kept as said by us, it would be as good as our own word, and go under any provision for that."""
    text = agreement(BEHALF, head=THREE)
    decision = decided(ask(record(said_by=HERE), giver=THERE, receiver=ELSEWHERE), text)
    body = parse(disclose(decision.ask.record, FIND, decision).body)
    body["chain"], body["record"]["said_by"] = chain, chain[0]
    found = accept(
        canonical(body),
        sender=THERE,
        receiver=HERE,
        receiver_roles=frozenset(),
        agreements=[text],
        catalogue=catalogue(),
        moment=NOON,
        is_simulated=False,
    )
    assert not isinstance(found, Holding)
    assert found.code == "third-party"


@law
def test_what_somebody_said_goes_only_where_everybody_it_came_through_is_named(rng: Random) -> None:
    asked, texts = worlds.ask(rng, worlds.any_record(rng, is_full=True)), worlds.agreements(rng)
    asked = replace(asked, record=replace(asked.record, said_by=rng.choice(worlds.PARTIES)))
    decision = decided(asked, *texts)
    through = {*asked.through}
    assert asked.receiver not in through or decision.outcome == "withhold"
    for text in texts:
        for found in text.provisions if text.digest == decision.agreement else ():
            if found.id in decision.provisions:
                assert through == {*asked.through} & {*(found.on_behalf_of or ())}
                assert bool(through) == (found.on_behalf_of is not None)


def test_a_body_tells_through_whom_it_came() -> None:
    text = agreement(BEHALF, PERMIT.replace('"1.1"', '"1.2"'), head=THREE)
    for asked, chain in (
        (ask(), ()),
        (ask(record(said_by=HERE), giver=THERE, receiver=ELSEWHERE), (HERE,)),
    ):
        decision = decided(asked, text)
        assert came_through(disclose(asked.record, FIND, decision).body) == chain
    assert came_through(b'{"stage":"received"}') is None


def test_a_caveat_of_the_kind_itself_rules_out_the_purpose() -> None:
    """Were it only left out of what may be done with it, it would still go, and for nothing."""
    text = agreement(PERMIT)
    asked = ask(purpose="investigation")
    assert decided(asked, text).outcome == "release"
    decision = decided(replace(asked, kind=replace(FIND, caveats=("public-health-only",))), text)
    assert (decision.outcome, decision.because) == ("withhold", ("inherited-caveat",))


def test_no_rescue_waits_for_training_and_no_training_lies_ahead() -> None:
    text = agreement(changed(PERMIT, release='"two-officers"', training_days="30", purposes='["rescue", "statistics"]'))
    officer = Approval(officer="one", at=NOON)
    in_need = replace(ask(purpose="rescue", occasion="emergency"), approvals=(officer,))
    assert decided(in_need, text).outcome == "release"
    assert decided(replace(in_need, occasion="standing"), text).outcome == "wait"
    tries = (("test", 0, True), ("test", 30, True), ("test", 31, False), ("test", -1, False), ("another", 0, False))
    for name, days, goes in tries:
        passed = ((name, NOON.date() - timedelta(days=days)),)
        two = tuple(Approval(officer=who, at=NOON, passed=passed) for who in ("one", "two"))
        assert decided(replace(ask(), approvals=two), text).outcome == ("release" if goes else "wait")


def test_a_decider_that_starts_afresh_decides_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("entente.agreements.deciding.decide"), "MAX_KEPT", 3)
    rng = Random(7)
    texts = worlds.agreements(rng)
    asks = [worlds.either_ask(rng) for _ in range(60)] * 2
    found = decide_many(asks, texts, catalogue().vocabulary)
    assert [one.to_json() for one in found] == [decided(one, *texts).to_json() for one in asks]


@pytest.mark.parametrize("digits", [79, 90])
def test_an_amount_with_more_digits_than_can_be_converted_is_neither_above_nor_below(digits: int) -> None:
    text = agreement(PERMIT, changed(FORBID, when='[{ field = "mass_g", at_most = 1, unit = "lb" }]'))
    assert decided(ask(record({**FULL, "mass_g": Decimal(500)})), text).outcome == "release"
    (unjudged,) = [text.provisions[1].when[0]]
    truth = judging(unjudged, Setting(FIND, catalogue().vocabulary, "UTC", NOON.date()))
    assert truth({"mass_g": Decimal("5." + "3" * digits)}) is (None if digits > 79 else True)


def test_a_caveat_brings_with_it_what_it_implies() -> None:
    """At home, and at the receiver, whatever the sender left out."""
    text = agreement(changed(PERMIT, caveats='["originator-control"]'))
    decision = decided(ask(), text)
    assert decision.caveats == ("no-onward", "originator-control")
    body = parse(disclose(decision.ask.record, FIND, decision).body)
    body["handling"]["caveats"] = ["intelligence-only"]
    found = accept(
        canonical(body),
        sender=HERE,
        receiver=THERE,
        receiver_roles=frozenset(),
        agreements=[text],
        catalogue=catalogue(),
        moment=NOON,
        is_simulated=False,
    )
    assert isinstance(found, Holding)
    assert found.caveats == ("intelligence-only", "no-onward", "not-evidence", "originator-control")


def test_what_is_forbidden_of_one_agreement_brings_in_nothing_of_another() -> None:
    """INVARIANT: one agreement permits all that goes, and forbids have no say in which, even where nothing is left."""
    wide = agreement(PERMIT)
    narrow = agreement(changed(PERMIT, fields='["find.place"]'), head=changed(HEAD, name='"narrow"'))
    never = agreement(
        changed(FORBID, kinds="", fields='["class:substance", "class:quantity", "find.border"]'),
        head=changed(HEAD, name='"never"'),
    )
    assert "place" not in decided(ask(), wide, narrow).fields
    decision = decided(ask(), wide, narrow, never)
    assert (decision.outcome, decision.fields) == ("withhold", ())


def test_a_decision_under_a_role_is_not_derived_again_once_others_have_it() -> None:
    """The same bytes name other parties then; that nobody of this ask is among them must not hide it."""
    data = source(HEAD, changed(PERMIT, giver='["role:enforcement"]', receiver=f'["{THERE}"]'))
    text, known = read_agreement(data, catalogue()), catalogue()
    body = canonical(decided(ask(), text).to_json())
    assert parse(body)["asked"]["directories"] == [[text.digest, text.directory]]
    assert derive_again(body, record(), {text.digest: text}, known).outcome == "same"
    parties = known.vocabulary.list("party")
    nobody = next(code for code, term in parties.terms.items() if "enforcement" not in term.attributes["roles"])
    promoted = replace(parties.terms[nobody], attributes={"roles": ("enforcement",)})
    words = replace(known.vocabulary, lists={**known.vocabulary.lists, "party": _with(parties, promoted)})
    later = read_agreement(data, replace(known, vocabulary=words))
    assert later.provisions == text.provisions
    found = derive_again(body, record(), {text.digest: later}, known)
    assert (found.outcome, [why.code for why in found.why]) == ("cannot", ["directory-changed"])


@pytest.mark.parametrize("bound", [(HERE, THERE, ELSEWHERE), (THERE, ELSEWHERE)])
def test_on_whose_behalf_it_went_is_derived_again_as_they_were_bound(bound: tuple[str, ...]) -> None:
    text = agreement(BEHALF, head=THREE)
    asked = ask(record(said_by=HERE), giver=THERE, receiver=ELSEWHERE)
    decision = decided(asked, text.among(bound))
    assert decision.outcome == ("release" if HERE in bound else "withhold")
    again = derive_again(canonical(decision.to_json()), asked.record, {text.digest: text}, catalogue())
    assert again.outcome == "same"


@pytest.mark.parametrize("test", ["age_days_at_most", "age_days_at_least"])
def test_a_day_that_is_still_to_come_has_no_age(test: str) -> None:
    condition = Condition(field="found_on", test=test, value=30)
    truth = judging(condition, Setting(FIND, catalogue().vocabulary, "UTC", NOON.date()))
    assert truth({"found_on": NOON.date() + timedelta(days=1)}) is None
    assert truth({"found_on": NOON.date()}) is (test == "age_days_at_most")


def test_a_list_is_fixed_with_what_its_codes_mean() -> None:
    """A caveat that rules out other purposes than it did is another caveat."""
    caveats = catalogue().vocabulary.list("caveat")
    term = replace(caveats.terms["no-onward"], attributes={"rules_out": ("statistics",)})
    assert digest_of_codes(_with(caveats, term)) != digest_of_codes(caveats)


def _with(codes: CodeList, term: Term) -> CodeList:
    return replace(codes, terms={**codes.terms, term.code: term})
