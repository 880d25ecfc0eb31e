"""Laws of deciding, over generated worlds of agreements, records and asks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import worlds
from agreements.parts import ELSEWHERE, FIND, THERE, catalogue, decided
from agreements.worlds import CANARY, ODD, either_ask, odd, open_ask
from entente.agreements import Agreement, Approval, Ask, Holding, Outcome, Provision, accept, decide_many, disclose
from entente.agreements.deciding.caveats import allowed, closed

RANK = {"withhold": 0, "wait": 1, "release": 2}


def law(test: Callable[[Random], None]) -> Callable[[], None]:
    """Tries `test` in hundreds of worlds; hypothesis names the number of one that fails."""

    @settings(max_examples=400, deadline=None)
    @given(st.integers(0, 2**48))
    def tried(number: int) -> None:
        test(Random(number))

    def run() -> None:
        tried()

    run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
    return run


def changed(text: Agreement, *provisions: Provision) -> Agreement:
    """`text` with other provisions, under the same name and version: a draft of it, with bytes of its own."""
    return replace(text, provisions=provisions, source=text.source + repr(provisions).encode())


@law
def test_the_order_of_provisions_and_agreements_is_irrelevant(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    shuffled = [replace(text, provisions=tuple(rng.sample(text.provisions, len(text.provisions)))) for text in texts]
    rng.shuffle(shuffled)
    assert decided(ask, *texts).to_json() == decided(ask, *shuffled).to_json()


@law
def test_one_more_forbid_never_adds_a_field(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    place = rng.randrange(len(texts))
    stricter = [*texts]
    stricter[place] = changed(texts[place], *texts[place].provisions, worlds.forbid(rng, "new"))
    before, after = decided(ask, *texts), decided(ask, *stricter)
    assert set(after.fields) <= set(before.fields)
    assert RANK[after.outcome] <= RANK[before.outcome]
    if after.fields == before.fields:
        assert set(after.purposes) <= set(before.purposes)


@law
def test_a_caveat_or_a_shorter_time_never_adds_a_field(rng: Random) -> None:
    ask, text = either_ask(rng), worlds.agreement(rng)
    found = text.provisions[0]
    stricter = replace(found, caveats=(*found.caveats, "destroy-on-request"), duties={**found.duties, "retain_days": 1})
    before, after = decided(ask, text), decided(ask, changed(text, stricter, *text.provisions[1:]))
    assert (after.outcome, after.fields) == (before.outcome, before.fields)
    assert set(before.caveats) <= set(after.caveats)
    if found.id in after.provisions:
        assert "destroy-on-request" in after.caveats
        assert after.duties["retain_days"] == 1


@law
def test_unknown_never_permits(rng: Random) -> None:
    """Taking or spoiling a value brings in no field that would not go, under some agreement, with the value there."""
    ask, texts = open_ask(rng), worlds.agreements(rng, most=2, may_ask_presence=False)
    known = {name for text in texts for name in decided(replace(ask, under=text.digest), *texts).fields}
    read = {name for text in texts for found in text.provisions for c in found.when for name in (c.field, c.on) if name}
    field = rng.choice(sorted(read) or [FIND.fields[0].name])
    spoiled = rng.choice([value for value in ODD if value is not True and value is not date.min])  # these can be read
    after = decided(replace(ask, record=odd(ask.record, field, spoiled)), *texts)
    assert set(after.fields) <= known
    if len(texts) == 1:
        assert RANK[after.outcome] <= RANK[decided(ask, *texts).outcome]


@law
def test_a_forbid_that_cannot_be_judged_stands(rng: Random) -> None:
    """A forbid aimed at a field that goes: without a readable value for its condition, the field does not go."""
    ask, texts = open_ask(rng), worlds.agreements(rng)
    going = decided(ask, *texts).fields
    (condition, *_) = [*worlds.conditions(rng, may_ask_presence=False), None]
    if not going or condition is None or condition.field.startswith("record."):
        return
    aimed = replace(
        worlds.forbid(rng, "aimed"),
        giver=(ask.giver,),
        receiver=None,
        kinds=(ask.kind.name,),
        fields=(f"{ask.kind.name}.{rng.choice(going)}",),
        purposes=None,
        when=(condition,),
        valid_from=texts[0].valid_from,
        valid_until=texts[0].valid_until,
        scope="all-partners",
    )
    stricter = [changed(texts[0], *texts[0].provisions, aimed), *texts[1:]]
    unreadable = odd(ask.record, condition.field, rng.choice((None, 7.5, Decimal("NaN"), ["north"])))
    after = decided(replace(ask, record=unreadable), *stricter)
    assert not {f"{ask.kind.name}.{name}" for name in after.fields} & set(aimed.fields or ())


@law
def test_withheld_values_never_occur_in_the_body(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    if decision.outcome != "release":
        return
    body = disclose(ask.record, ask.kind, decision).body
    for name, value in ask.record.values.items():
        if isinstance(value, str) and value.startswith(CANARY):
            assert (value.encode() in body) is (name in decision.fields)
    for name in {field.name for field in ask.kind.fields} - set(decision.fields):
        assert f'"{name}":'.encode() not in body


@law
def test_records_that_differ_only_in_withheld_fields_give_the_same_bytes(rng: Random) -> None:
    """Unless a condition depends on such a field; then the outcome tells, and `check` says so."""
    ask, texts = open_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    read = {name for text in texts for found in text.provisions for c in found.when for name in (c.field, c.on)}
    free = [field.name for field in FIND.fields if field.name not in decision.fields and field.name not in read]
    if decision.outcome != "release" or not free:
        return
    other = replace(ask, record=odd(ask.record, rng.choice(free), rng.choice(ODD)))
    assert disclose(other.record, FIND, decided(other, *texts)).body == disclose(ask.record, FIND, decision).body


@law
def test_set_wise_equals_row_wise(rng: Random) -> None:
    texts, start = worlds.agreements(rng), either_ask(rng)
    many = [start, *(_one_thing_else(rng, start, texts) for _ in range(12)), either_ask(rng), start]
    together = decide_many(many, texts, catalogue().vocabulary)
    for ask, decision in zip(many, together, strict=True):
        alone = decided(ask, *texts)
        assert decision.to_json() == alone.to_json()
        assert decision.mask == alone.mask
        assert decision.ask is ask


@law
def test_a_caveat_closes_over_what_it_implies_and_serves_nothing_it_rules_out(rng: Random) -> None:
    decision, words = decided(either_ask(rng), *worlds.agreements(rng)), catalogue().vocabulary
    assert decision.caveats == closed(decision.caveats, words)
    assert allowed(decision.purposes, decision.caveats, words) == decision.purposes


@law
def test_in_an_emergency_one_named_officer_suffices_and_nobody_is_never_enough(rng: Random) -> None:
    ask = replace(either_ask(rng), occasion="emergency", purpose=rng.choice(("rescue", "rescue", "investigation")))
    texts = worlds.agreements(rng)
    alone, named = (decided(replace(ask, approvals=_untrained(number, ask)), *texts) for number in (0, 1))
    assert alone.outcome != "release"
    assert named.outcome != "wait"
    assert named.outcome == "withhold" or ask.purpose == "rescue"
    assert named.purposes in ((), ("rescue",))


@law
def test_no_forbid_delays_a_rescue_unless_it_names_it(rng: Random) -> None:
    ask = replace(open_ask(rng), occasion="emergency", purpose="rescue")
    ask, texts = replace(ask, approvals=_untrained(1, ask)), worlds.agreements(rng)
    forbid = replace(worlds.forbid(rng, "new"), purposes=rng.choice((None, ("prosecution",))))
    stricter = [changed(texts[0], *texts[0].provisions, forbid), *texts[1:]]
    before, after = decided(ask, *texts), decided(ask, *stricter)
    assert (after.outcome, after.fields) == (before.outcome, before.fields)
    naming = replace(forbid, id="named", giver=(ask.giver,), receiver=None, kinds=None, fields=None, when=())
    naming = replace(naming, purposes=("rescue",), valid_from=texts[0].valid_from, valid_until=texts[0].valid_until)
    if {ask.giver, ask.receiver} <= {*texts[0].parties}:
        assert decided(ask, changed(texts[0], *texts[0].provisions, naming), *texts[1:]).outcome == "withhold"


@law
def test_only_officers_who_are_trained_count_where_a_provision_says_so(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    untrained = decided(replace(ask, approvals=_untrained(2, ask)), *texts)
    trained = decided(replace(ask, approvals=_officers(2, ask)), *texts)
    by_id = {found.id: found for text in texts for found in text.provisions if text.digest == untrained.agreement}
    if ask.occasion != "emergency" and untrained.outcome == "release":
        assert all(by_id[name].training_days is None for name in untrained.provisions)
    assert RANK[untrained.outcome] <= RANK[trained.outcome]


@law
def test_what_others_said_goes_only_where_they_signed_that_it_may(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    about = replace(ask.record, said_by=rng.choice(worlds.PARTIES))
    ask = replace(ask, record=about, chain=rng.choice(((), (about.said_by,), (about.said_by, ELSEWHERE))))
    decision = decided(ask, *texts)
    if decision.outcome == "withhold":
        return
    text = next(found for found in texts if found.digest == decision.agreement)
    for name in decision.provisions:
        found = text.provision(name)
        assert found is not None
        if about.said_by == ask.giver:
            assert found.on_behalf_of is None
        else:
            assert {about.said_by, *ask.chain} <= {*(found.on_behalf_of or ())}


def _untrained(number: int, ask: Ask) -> tuple[Approval, ...]:
    return tuple(Approval(officer=f"officer-{place}", at=ask.moment) for place in range(number))


def _one_thing_else(rng: Random, ask: Ask, texts: list[Agreement]) -> Ask:
    """Differs from `ask` in exactly one thing that a mask may depend on: a key without it would be found out."""
    spoiled = odd(ask.record, rng.choice(ask.kind.fields).name, rng.choice(ODD))
    return rng.choice(
        [
            replace(ask, record=spoiled),
            replace(ask, record=replace(ask.record, said_by=rng.choice(worlds.PARTIES))),
            replace(ask, kind=replace(ask.kind, holder_role=rng.choice((None, "health")))),
            replace(ask, kind=worlds.limited(rng, ask.kind)),
            replace(ask, limits=worlds.limits(rng, [text.digest for text in texts])),
            replace(ask, giver=rng.choice(worlds.PARTIES)),
            replace(ask, receiver=rng.choice(worlds.PARTIES)),
            replace(ask, receiver_roles=rng.choice((frozenset[str](), frozenset({"health"})))),
            replace(ask, purpose=rng.choice(worlds.PURPOSES)),
            replace(ask, occasion=rng.choice(worlds.OCCASIONS)),
            replace(ask, moment=ask.moment + timedelta(days=rng.choice((-1, 1, 300)))),
            replace(ask, approvals=_officers(rng.randrange(4), ask)),
            replace(ask, approvals=tuple(replace(found, passed=()) for found in ask.approvals)),
            replace(ask, under=rng.choice(texts).digest),
            replace(ask, chain=rng.choice(((), (ELSEWHERE,), (ELSEWHERE, THERE)))),
            replace(ask, record=replace(ask.record, sure=rng.choice(("confirmed", "reported", "gossip")))),
            replace(ask, record=replace(ask.record, recorded_at=ask.moment - timedelta(days=rng.choice((0, 5, 90))))),
        ]
    )


@law
def test_more_approvals_never_take_anything_back(rng: Random) -> None:
    """Under one agreement. Between several, the one that permits most is chosen before forbids are looked at, so that a
    forbid never lets another agreement give more; approvals can change which one that is."""
    texts = worlds.agreements(rng)
    ask = replace(either_ask(rng), under=rng.choice(texts).digest)
    decisions = [decided(replace(ask, approvals=_officers(number, ask)), *texts) for number in range(4)]
    for fewer, more in pairwise(decisions):
        assert RANK[more.outcome] >= RANK[fewer.outcome]
        assert set(more.fields) >= set(fewer.fields)
    assert decisions[2].fields == decisions[3].fields
    assert decisions[2].needs == 0


@law
def test_needs_is_what_it_takes(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    before = decided(replace(ask, approvals=()), *texts)
    assert before.needs > 0 or before.outcome != "wait"
    if before.needs:
        after = decided(replace(ask, approvals=_officers(before.needs, ask)), *texts)
        # What becomes free may be a field that this record does not hold: then it only waits for less.
        is_better = set(after.fields) > set(before.fields) or set(after.waiting) < set(before.waiting)
        assert after.agreement != before.agreement or is_better


def _officers(number: int, ask: Ask) -> tuple[Approval, ...]:
    """So many officers, each trained for everything today."""
    passed = tuple((f"agreement-{place}", ask.moment.date()) for place in range(10))
    return tuple(Approval(officer=f"officer-{place}", at=ask.moment, passed=passed) for place in range(number))


@law
def test_an_empty_list_is_nobody_and_nothing(rng: Random) -> None:
    ask, text = either_ask(rng), worlds.agreement(rng, max_forbids=0)
    empty: dict[str, Any] = {rng.choice(["giver", "receiver", "kinds", "fields", "purposes"]): ()}
    emptied = changed(text, *(replace(provision, **empty) for provision in text.provisions))
    assert decided(ask, emptied).outcome == "withhold"


@law
def test_obligations_are_those_of_all_provisions_that_gave_something(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    if decision.outcome != "release":
        return
    text = next(found for found in texts if found.digest == decision.agreement)
    used = [provision for provision in text.provisions if provision.id in decision.provisions]
    wanted = [provision.duties for provision in used]
    if ask.limits.retain_days is not None:
        wanted.append({"retain_days": ask.limits.retain_days})
    assert {name for duties in wanted for name in duties} == set(decision.duties)
    for name, days in decision.duties.items():
        assert days == min(duties[name] for duties in wanted if name in duties)
    given = {caveat for provision in used for caveat in provision.caveats}
    assert decision.caveats == closed([*given, *ask.limits.caveats, *ask.kind.caveats], catalogue().vocabulary)
    assert {basis for provision in used for basis in provision.legal_bases} == set(decision.legal_bases)
    assert ask.purpose in decision.purposes
    assert all(set(decision.purposes) <= set(provision.purposes or ()) for provision in used)
    assert all(any(name in provision.fields_of(ask.kind) for provision in used) for name in decision.fields)


@law
def test_what_is_given_may_not_be_used_for_what_is_forbidden(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    for purpose in decision.purposes:
        other = decided(replace(ask, purpose=purpose), *texts)
        forbidden = {found.field for found in other.withheld if found.by}
        assert decision.outcome != "release" or forbidden.isdisjoint(decision.fields)


@law
def test_every_field_goes_or_has_a_reason(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    names = [field.name for field in ask.kind.fields]
    assert sorted([*decision.fields, *(found.field for found in decision.withheld)]) == sorted(names)
    assert decision.because
    for found in decision.withheld:
        assert len(found.near_misses) <= 3
        assert all(miss.unmet for miss in found.near_misses)


@law
def test_what_a_giver_may_give_the_receiver_may_hold(rng: Random) -> None:
    ask, texts = either_ask(rng), worlds.agreements(rng)
    decision = decided(ask, *texts)
    if decision.outcome != "release":
        return
    held = accept(
        disclose(ask.record, ask.kind, decision).body,
        sender=ask.giver,
        receiver=ask.receiver,
        receiver_roles=ask.receiver_roles,
        agreements=texts,
        catalogue=catalogue(),
        moment=ask.moment,
        is_simulated=False,
    )
    assert isinstance(held, Holding), held
    given_values = {name: ask.record.values[name] for name in decision.fields if name in ask.record.values}
    assert held.record.values == given_values
    assert ask.purpose in held.may_use_for
    assert set(held.may_use_for) <= set(decision.purposes)
    assert set(held.caveats) == set(decision.caveats)
    assert held.duties == decision.duties


@law
def test_an_agreement_outside_its_days_is_as_if_it_were_not_there(rng: Random) -> None:
    ask, texts, other = either_ask(rng), worlds.agreements(rng, most=2), worlds.agreement(rng, 9)
    ended = replace(other, valid_until=other.valid_from)
    assert decided(ask, *texts, ended).to_json() == decided(ask, *texts).to_json()


@pytest.mark.parametrize("outcome", ["release", "wait", "withhold"])
def test_the_worlds_reach_every_outcome(outcome: Outcome) -> None:
    """Laws over worlds in which nothing ever happens would prove nothing."""
    found = [decided(either_ask(rng), *worlds.agreements(rng)).outcome for rng in map(Random, range(1000))]
    assert found.count(outcome) >= 30
