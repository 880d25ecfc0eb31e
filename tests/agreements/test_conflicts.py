"""`conflicts`: what texts say against each other. What is reported is shown by a record; what happens is reported."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest

from agreements import worlds
from agreements.parts import ELSEWHERE, FIND, HEAD, HERE, PERMIT, SIGHTING, THERE, catalogue, changed, record, source
from entente.agreements import Agreement, Approval, Ask, Decision, decide
from entente.agreements.care.conflict import Conflict, Example
from entente.agreements.care.conflict_words import in_words
from entente.agreements.care.conflicts import conflicts
from entente.agreements.texts.text import read_agreement
from entente.records import Catalogue, Field, Kind, Record
from entente.signing import digest
from entente.vocabulary import phrasebook, read_vocabulary

WORDS = catalogue().vocabulary


def text(name: str, *provisions: str, words: Catalogue | None = None, **head: str) -> Agreement:
    told = changed(HEAD, name=f'"{name}"', **head)
    return read_agreement(source(told, *provisions), words or catalogue())


def found(*texts: Agreement, words: Catalogue | None = None) -> list[Conflict]:
    return list(conflicts(texts, words or catalogue()))


def codes(*texts: Agreement) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in found(*texts)]


FORBID = """
    [[provision]]
    id = "9.1"
    reference = "art. 9"
    text.en = "No substances."
    effect = "forbid"
    kinds = ["find"]
    fields = ["class:substance"]
"""
STATISTICS = changed(FORBID, purposes='["statistics"]')


@pytest.mark.parametrize(
    ("permit", "forbid", "expected"),
    [
        (PERMIT, FORBID, [("forbidden", "warning")]),
        (PERMIT, changed(FORBID, fields=""), [("forbidden-whole", "error")]),
        (PERMIT, changed(FORBID, receiver='["ca.cbsa"]'), []),
        (PERMIT, changed(FORBID, purposes='["prosecution"]'), []),
        (PERMIT, changed(FORBID, fields='["class:free-text"]'), []),
        (PERMIT, changed(FORBID, valid_from="2026-12-01"), [("forbidden", "warning")]),
        (changed(PERMIT, valid_until="2026-11-30"), changed(FORBID, valid_from="2026-12-01"), []),
        (PERMIT, changed(FORBID, when='[{ field = "border", equals = "north" }]'), [("forbidden", "warning")]),
        (
            changed(PERMIT, when='[{ field = "border", equals = "south" }]'),
            changed(FORBID, when='[{ field = "border", equals = "north" }]'),
            [],
        ),
        (
            changed(PERMIT, when='[{ field = "border", equals = "south" }]'),
            changed(
                FORBID, when='[{ field = "mass_g", at_least = 2 }, { field = "mass_g", at_most = 1 }]'
            ),  # only where no mass is told
            [("forbidden-unjudged", "note")],
        ),
        (
            changed(PERMIT, purposes='["rescue"]', occasion='"emergency"', release='"officer"'),
            changed(FORBID, purposes='["rescue"]'),
            [("emergency-stopped", "error")],
        ),
        (changed(PERMIT, purposes='["rescue"]', occasion='"emergency"', release='"officer"'), FORBID, []),
    ],
)
def test_what_one_text_permits_and_another_forbids(permit: str, forbid: str, expected: list[tuple[str, str]]) -> None:
    assert codes(text("one", permit), text("other", forbid)) == expected


def test_what_a_giver_gives_only_on_its_own_behalf_as_if_for_another_is_nothing() -> None:
    one = text("one", PERMIT)
    (permit,) = one.provisions
    for behalf, expected in (((HERE,), []), ((HERE, THERE), []), ((HERE, ELSEWHERE), ["forbidden"])):
        odd = replace(one, provisions=(replace(permit, on_behalf_of=behalf),))
        assert [code for code, _ in codes(odd, text("other", FORBID))] == expected


def test_a_forbid_for_all_partners_of_the_giver_meets_texts_with_others() -> None:
    elsewhere = text("one", changed(PERMIT, receiver='["us.dea"]'), parties='["ca.cbsa", "us.dea"]')
    assert codes(elsewhere, text("other", FORBID)) == []
    (one,) = found(elsewhere, text("other", changed(FORBID, scope='"all-partners"')))
    assert [ref.name for ref in one.between] == ["one", "other"]
    assert one.example is not None
    assert (one.example.giver, one.example.receiver, one.example.field) == (HERE, ELSEWHERE, "drug")
    assert one.sentence(phrasebook("en").say) == (
        "one v1, 1.1 permits what other v1, 9.1 forbids: "
        "find (drug), from ca.cbsa to us.dea, for investigation, statistics."
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"duties": "{ retain_days = 30 }"}, ["retention-differs"]),
        ({"duties": "{ feedback_days = 30 }"}, ["retention-missing"]),
        ({"duties": "{ retain_days = 30 }", "fields": '["find.place"]'}, []),
        ({"purposes": '["prosecution"]'}, ["purposes-apart"]),
        ({"caveats": '["no-onward", "not-evidence"]'}, ["caveats-differ"]),
        ({"when": '[{ field = "border", equals = "north" }]', "duties": ""}, ["retention-missing"]),
    ],
)
def test_the_same_fields_under_two_texts_are_to_be_handled_alike(change: dict[str, str], expected: list[str]) -> None:
    assert [code for code, _ in codes(text("one", PERMIT), text("other", changed(PERMIT, **change)))] == expected


def test_of_two_periods_the_shorter_one_is_named() -> None:
    (one,) = found(text("one", PERMIT), text("other", changed(PERMIT, duties="{ retain_days = 30 }")))
    said = one.sentence(phrasebook("en").say)
    assert "365 days" in said
    assert "for 30" in said
    assert "only 30 days" in one.remedy(phrasebook("en").say)


def test_two_texts_under_one_name() -> None:
    later = text("one", PERMIT, version="2", predecessor=f'"sha256:{"0" * 64}"')
    assert codes(text("one", PERMIT), later) == [("versions-overlap", "note")]
    assert codes(text("one", PERMIT), text("one", changed(PERMIT, release='"officer"'))) == [("same-version", "error")]
    assert codes(text("one", PERMIT), text("one", PERMIT)) == []


def test_no_text_says_nothing_against_itself() -> None:
    assert found() == []
    assert found(text("one", PERMIT)) == []


# Roads. The finding of these tests is a kind of its own, as findings are.

KINDS = b"""
[list.kind-of-tests]
source = "tests"
[list.kind-of-tests.term.find]
en = "Find"
fr = "Trouvaille"
es = "Hallazgo"
[list.kind-of-tests.term.sighting]
en = "Sighting"
fr = "Observation"
es = "Avistamiento"
"""
TOLD = Kind(
    name="told",
    version=1,
    workstream="tests",
    key=("number",),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="rests_on", field_class="statistical", type="codes", vocabulary="kind-of-tests", is_required=True),
    ),
)
HOUSE = Catalogue.of((FIND, SIGHTING, TOLD), WORDS.joined([read_vocabulary("tests", KINDS, digest(KINDS))]))
ON = changed(PERMIT, id='"2.1"', giver='["us.cbp"]', receiver='["us.dea"]')
TELLS = changed(ON, kinds='["told"]', fields='["class:operational", "class:statistical"]')
PASSES_ON = changed(ON, on_behalf_of='["ca.cbsa"]')
NEVER = changed(FORBID, id='"9.2"', giver='["ca.cbsa"]', receiver='["us.dea"]', scope='"all-partners"')


def roads(*texts: Agreement) -> list[tuple[str, str, tuple[tuple[str, str, str], ...]]]:
    return [(one.code, one.values["stops"], one.roads) for one in found(*texts, words=HOUSE) if one.roads]


BOTH = '["ca.cbsa", "us.dea"]'
WAY = ((HERE, THERE, ELSEWHERE),)


def test_the_record_itself_stays_by_the_third_party_rule() -> None:
    other = text("other", ON, parties='["us.cbp", "us.dea"]')
    assert roads(text("one", PERMIT), other) == [("road-of-record-stopped", "third-party", WAY)]
    direct = text("direct", changed(PERMIT, receiver='["us.dea"]'), parties='["ca.cbsa", "us.dea"]')
    assert roads(text("one", PERMIT), other, direct) == []
    forbidden = text("never", NEVER)
    assert roads(text("one", PERMIT), other, direct, forbidden) == [("road-of-record-stopped", "third-party", WAY)]


def test_a_road_names_its_provisions_and_only_what_the_third_does_not_get() -> None:
    """Two provisions give on, and a third gives a part of it directly: one line says it all."""
    again = changed(ON, id='"2.2"', occasion='"on-request"')
    other = text("other", ON, again, parties='["us.cbp", "us.dea"]')
    partly = changed(PERMIT, receiver='["us.dea"]', fields='["find.drug"]', purposes='["statistics"]')
    direct = text("direct", partly, changed(NEVER, scope='"parties"', fields='["find.border"]'), parties=BOTH)
    (one,) = [one for one in found(text("one", PERMIT), other, direct, words=HOUSE) if one.roads]
    assert (one.values["firsts"], one.values["seconds"]) == ("1.1", "2.1, 2.2")
    said = one.sentence(phrasebook("en").say)
    assert "Under one v1 (1.1) the first gives the second `find`, and under other v1 (2.1, 2.2)" in said
    assert "for investigation, statistics): ca.cbsa → us.cbp → us.dea." in said
    wholly = changed(PERMIT, receiver='["us.dea"]', purposes='["statistics"]')
    (one,) = [
        one for one in found(text("one", PERMIT), other, text("direct", wholly, parties=BOTH), words=HOUSE) if one.roads
    ]
    assert one.values["purposes"] == "investigation"


def test_a_record_passed_on_against_a_prohibition_of_its_origin_is_an_error() -> None:
    on = text("other", PASSES_ON, parties='["ca.cbsa", "us.cbp", "us.dea"]')
    assert roads(text("one", PERMIT), on) == []
    (one,) = [one for one in found(text("one", PERMIT, NEVER), on) if one.roads]
    assert (one.code, one.severity, one.roads) == ("road-of-record-open-though-forbidden", "error", WAY)
    for_one = text("one", changed(PERMIT, purposes='["prosecution"]'), NEVER)
    assert [road[:2] for road in roads(for_one, on)] == [("road-of-record-stopped", "purpose")]


def test_a_finding_is_stopped_by_the_agreement_that_its_records_came_by() -> None:
    apart = text("other", TELLS, parties='["us.cbp", "us.dea"]', words=HOUSE)
    assert roads(text("one", PERMIT), apart) == [("road-of-finding-stopped", "agreement", WAY)]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((TELLS,), ("road-of-finding-open", "")),
        ((TELLS, changed(NEVER, scope='"parties"')), ("road-of-finding-open-though-forbidden", "")),
        ((changed(TELLS, purposes='["prosecution"]'),), ("road-of-finding-stopped", "purpose")),
        (
            (changed(TELLS, when='[{ field = "rests_on", only = ["sighting"] }]'),),
            ("road-of-finding-stopped", "rests-on"),
        ),
        (
            (
                TELLS,
                changed(
                    FORBID,
                    kinds='["told"]',
                    fields="",
                    when='[{ field = "rests_on", includes = "find" }]',
                ),
            ),
            ("road-of-finding-stopped", "forbid"),
        ),
    ],
)
def test_what_stops_a_finding_is_named(more: tuple[str, ...], expected: tuple[str, str]) -> None:
    one = text("one", PERMIT, *more, parties='["ca.cbsa", "us.cbp", "us.dea"]', words=HOUSE)
    assert roads(one) == [(*expected, WAY)]


# What is reported is shown, and what happens is reported.


def alone(one: Conflict, texts: Sequence[Agreement]) -> tuple[Agreement, Agreement]:
    """The texts of the two provisions, the first with nothing but the permit."""
    first, other = (next(t for t in texts if t.digest == ref.agreement) for ref in one.between)
    permit = first.provision(one.between[0].provision)
    assert permit is not None
    return replace(first, provisions=(permit,)), other


def shown(one: Conflict) -> Ask:
    example = one.example
    assert example is not None
    roles = frozenset({example.kind.holder_role}) if example.kind.holder_role else frozenset()
    return Ask(
        record=_recorded(example),
        kind=example.kind,
        giver=example.giver,
        receiver=example.receiver,
        receiver_roles=roles,
        purpose=example.purpose,
        occasion=example.occasion,
        moment=example.moment,
        approvals=tuple(Approval(officer=name, at=example.moment) for name in ("a", "b")),
        chain=example.chain,
    )


def _recorded(example: Example) -> Record:
    """A record with the values of the example, and what it says of the record itself."""
    values = {name: value for name, value in example.values.items() if example.kind.field(name) is not None}
    about = record(values, kind=example.kind, said_by=(*example.chain, example.giver)[0])
    told = {name.removeprefix("record."): value for name, value in example.values.items() if name.startswith("record.")}
    return replace(about, **told)  # type: ignore[arg-type]  # of the types of the two fields


def going(decision: Decision) -> set[str]:
    return {*decision.fields, *decision.waiting}


def sets(numbers: range) -> Iterator[tuple[int, Random, list[Agreement]]]:
    for number in numbers:
        rng = Random(number)
        yield number, rng, worlds.agreements(rng)


FORBIDDEN = ("forbidden", "forbidden-whole", "forbidden-unjudged", "emergency-stopped")


def test_every_conflict_is_shown_by_a_record_that_one_alone_permits_and_both_withhold() -> None:
    seen = 0
    for number, _, texts in sets(range(250)):
        for one in found(*texts):
            if one.code in FORBIDDEN:
                ask, (permit, other) = shown(one), alone(one, texts)
                name = one.example.field if one.example else ""
                assert name in going(decide(ask, [permit], WORDS)), (number, one)
                held = decide(ask, [permit, other], WORDS)
                by = {ref.provision.provision for kept in held.withheld if kept.field == name for ref in kept.by}
                assert name not in going(held), (number, one)
                assert one.between[1].provision in by, (number, one)
                seen += 1
    assert seen > 80


def test_every_field_that_another_text_takes_away_is_reported() -> None:
    seen = 0
    for number, rng, texts in sets(range(250)):
        told = [one for one in found(*texts) if one.code in FORBIDDEN]
        for _ in range(12):
            ask = worlds.either_ask(rng)
            together = decide(ask, texts, WORDS)
            for one in texts:
                for name in sorted(going(decide(ask, [one], WORDS)) - going(together)):
                    for forbid in _taking(together, name, one):
                        assert _is_told(told, ask, name, forbid, one), (number, ask.purpose, name, forbid)
                        seen += 1
    assert seen > 25


def _taking(decision: Decision, name: str, one: Agreement) -> list[tuple[str, str]]:
    kept = [kept for kept in decision.withheld if kept.field == name]
    refs = [by.provision for found in kept for by in found.by]
    return [(ref.agreement, ref.provision) for ref in refs if ref.agreement != one.digest]


def _is_told(told: Sequence[Conflict], ask: Ask, name: str, forbid: tuple[str, str], one: Agreement) -> bool:
    return any(
        (found.between[1].agreement, found.between[1].provision) == forbid
        and found.between[0].agreement == one.digest
        and any(
            met.kind.name == ask.kind.name
            and name in met.fields
            and (ask.giver, ask.receiver) in met.pairs
            and ask.purpose in met.purposes
            and met.span.first <= ask.moment < met.span.end
            for met in found.meetings
        )
        for found in told
    )


def test_a_screen_reads_labels_where_authors_read_codes() -> None:
    def label(codes: str, code: str) -> str:
        known = {"party": {"ca.rcmp": "RCMP"}, "kind": {"sample": "Sample"}, "field": {"sample.mass_g": "Mass"}}
        return known.get(codes, {}).get(code, code)

    told = in_words({"fields": "sample (mass_g, odd_one)", "givers": "ca.rcmp, us.dea", "days": "30"}, label)
    assert told == {"fields": "Sample (Mass, odd_one)", "givers": "RCMP, us.dea", "days": "30"}
    assert in_words({"kind": "sample", "fields": "mass_g", "path": "ca.rcmp → us.dea; …"}, label) == {
        "kind": "Sample",
        "fields": "Mass",
        "path": "RCMP → us.dea; …",
    }
