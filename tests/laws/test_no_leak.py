"""Nothing about a withheld value leaves: whole signed messages, made by the node's own code under every shipped model.

Two records that differ only in withheld fields, on which no condition depends, leave as the same bytes.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from entente.agreements import Approval, Ask, Occasion, decide
from entente.cli.house import catalogue
from entente.cli.staging import build
from entente.exchange import Sealed, open_sealed
from entente.node.in_force import agreements_between
from entente.node.keeping import keep
from entente.node.releases import approve_within
from entente.node.work import Node, Work, open_node
from entente.records import Field, Kind, Provenance, Record
from entente.signing import parse

NOW = datetime.now(UTC) + timedelta(hours=1)  # stands still, after the officers have signed
CANARY = "canary-"
CUSTOMS, SAMPLES, TRENDS = "customs-seizure-statistics", "seized-drug-samples", "drug-trends"
WARNING, BOTH = "drug-checking-early-warning", "trends and early warning"
STAGES = {
    CUSTOMS: (("us.cbp", "ca.cbsa"), (CUSTOMS,)),
    SAMPLES: (("ca.rcmp", "us.dea"), (SAMPLES,)),
    TRENDS: (("ca.hc", "us.dea"), (TRENDS,)),
    WARNING: (("ca.phac", "ca.rcmp"), (WARNING,)),
    BOTH: (("ca.phac", "us.cdc"), (TRENDS, WARNING)),
}
"""Who gives to whom under which models; two parties of many are enough, for they bind each other at once."""
KINDS = (
    ("seizure-total", CUSTOMS),
    ("seizure", CUSTOMS),
    ("sample", SAMPLES),
    ("lab-result", SAMPLES),
    ("test-count", TRENDS),
    ("finding", TRENDS),
    ("finding", WARNING),
)
USUAL = {
    CUSTOMS: {"northern-border", "fentanyl"},
    SAMPLES: {"fentanyl"},
    TRENDS: {"accepted", "test-count"},
    WARNING: {"accepted", "drug-checking-count"},
    BOTH: {"accepted", "drug-checking-count"},
}
"""Codes under which something goes."""
LAWS = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


class Forgotten(Exception):
    """Ends a transaction of which nothing is kept."""


class Giver:
    """A node whose clock stands still, and the partner it gives to.

    No dataclass: hypothesis writes down the arguments of what it tries, and a whole node is a long text.
    """

    def __init__(self, node: Node, partner: str) -> None:
        self.node, self.partner = node, partner

    def messages(self, record: Record) -> tuple[Sealed, ...]:
        """What leaves for the partner once everybody has approved; afterwards the node has forgotten it."""
        found: list[Sealed] = []
        with suppress(Forgotten), self.node.writing() as work:
            found = self._made(work, record)
            raise Forgotten
        return tuple(found)

    def _made(self, work: Work, record: Record) -> list[Sealed]:
        start = work.tx.position(self.partner).sent_seq + 1
        keep(self.node, work, [record])
        for row in work.tx.releases("waiting"):
            for number in range(1, row.needs + 1):
                approve_within(self.node, work, row.id, f"{self.node.party}/liaison-{number}")
        return [open_sealed(row.sealed) for row in work.tx.outbox(self.partner, start=start)]

    def conditions(self) -> set[str]:
        """Fields that any condition reads."""
        with self.node.store.reading() as tx:
            texts = [self.node.agreement(row.digest, row.source) for row in tx.agreements()]
        return {
            name
            for text in texts
            for provision in text.provisions
            for condition in provision.when
            for name in (condition.field, condition.on)
            if name
        }


@pytest.fixture(scope="module")
def givers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Giver]]:
    """For each stage a giver who holds the signatures of both."""
    found = {}
    for name, (parties, models) in STAGES.items():
        stage = build(tmp_path_factory.mktemp("stage"), parties, models)
        nodes = [open_node(folder, catalogue(), lambda: NOW) for folder in stage.nodes.values()]
        giver, *others = nodes
        for other in others:
            with other.store.reading() as theirs, giver.store.writing() as ours:
                for row in theirs.agreement_signatures():
                    ours.add_agreement_signature(replace(row, added_at=NOW))
            other.close()
        found[name] = Giver(giver, parties[1])
    yield found
    for one in found.values():
        one.node.close()


def codes(field: Field, stage: str) -> tuple[list[str], list[str]]:
    """The codes of the field that are usual on `stage`, if there are any, and all of them."""
    known = sorted(catalogue().vocabulary.list(field.vocabulary or "").terms)
    return [code for code in known if code in USUAL[stage]], known


def value(field: Field, rng: Random, stage: str) -> Any:
    if field.vocabulary:
        usual, known = codes(field, stage)
        chosen = usual if usual and rng.random() < 0.9 else known
        return rng.choice(chosen) if field.type == "code" else tuple(rng.sample(chosen, 1))
    return {
        "text": f"{CANARY}{field.name}-{rng.randrange(10**6)}",
        "decimal": Decimal(rng.randrange(10**9)) / 1000,
        "integer": rng.randrange(10**6),
        "date": date(2020, 1, 1) + timedelta(days=rng.randrange(2400)),
        "time": NOW - timedelta(minutes=rng.randrange(10**6)),
        "boolean": rng.random() < 0.5,
    }[field.type]


def values(kind: Kind, rng: Random, stage: str) -> dict[str, Any]:
    """Values of all required fields and of half the others; one number decides, so nothing else can."""
    return {field.name: value(field, rng, stage) for field in kind.fields if field.is_required or rng.random() < 0.5}


def record(kind: Kind, said_by: str, given: dict[str, Any], line: int) -> Record:
    return Record(
        id="0123456789abcdef0123456789abcdef",
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=said_by,
        recorded_at=NOW,
        sure="reported",
        provenance=Provenance(
            source=f"{CANARY}source-{line}.csv",
            source_digest="sha256:" + f"{line:064x}",
            line=line,
            reader=f"{CANARY}reader",
            mapping_version="1",
        ),
        values=given,
        is_simulated=True,
    )


@pytest.mark.parametrize(("name", "stage"), KINDS)
@LAWS
@given(number=st.integers(0, 2**48))
def test_records_that_differ_only_in_what_is_withheld_leave_as_the_same_bytes(
    givers: dict[str, Giver], name: str, stage: str, number: int
) -> None:
    giver, kind, rng = givers[stage], catalogue().kind(name), Random(number)
    everything = {field.name for field in kind.fields}
    first, other = values(kind, rng, stage), values(kind, rng, stage)
    left = giver.messages(record(kind, giver.node.party, first, 2))
    assume(left)
    given_away = {field for sealed in left for field in parse(sealed.body or b"")["record"]["values"]}
    withheld = everything - given_away - giver.conditions()
    second = {field: (other if field in withheld else first).get(field) for field in everything}
    second = {field: found for field, found in second.items() if found is not None}

    again = giver.messages(record(kind, giver.node.party, second, 3))

    # A field that is absent in one record may be permitted; only what neither record gives away is withheld.
    assume({field for sealed in again for field in parse(sealed.body or b"")["record"]["values"]} == given_away)
    assert [sealed.to_wire() for sealed in left] == [sealed.to_wire() for sealed in again]
    sent = b"".join(sealed.to_wire() for sealed in left)
    for field in withheld:
        assert field == "form" or f'\\"{field}\\":'.encode() not in sent  # every body says its own form
        assert f"{CANARY}{field}-".encode() not in sent
    assert f"{CANARY}source".encode() not in sent
    assert f"{CANARY}reader".encode() not in sent


TEXTS_GIVEN = {
    ("seizure-total", CUSTOMS): {"drug_native", "mass_unit", "publication"},
    ("seizure", CUSTOMS): {"amount_unit", "drug_native"},
    ("sample", SAMPLES): {"colour"},
    ("lab-result", SAMPLES): set(),
    ("test-count", TRENDS): {
        "category",
        "jurisdiction",
        "jurisdiction_name",
        "laboratories",
        "publication",
        "substance_base",
        "substance_native",
    },
    ("finding", TRENDS): {"place", "settings", "subject"},
    ("finding", WARNING): {"place", "settings", "subject"},
}


@pytest.mark.parametrize(("name", "stage"), KINDS)
def test_of_all_text_fields_only_these_ever_leave(givers: dict[str, Giver], name: str, stage: str) -> None:
    """A canary in every text field of every kind: a model that gives one more must be changed here on purpose."""
    giver, kind = givers[stage], catalogue().kind(name)
    texts = {field.name for field in kind.fields if field.type == "text"}
    full: dict[str, Any] = {field: f"{CANARY}{field}-0" for field in texts}
    for field in kind.fields:
        if field.vocabulary:
            usual, known = codes(field, stage)
            code = (usual or known)[0]
            full[field.name] = code if field.type == "code" else (code,)
        elif field.type == "date":
            full[field.name] = date(2025, 9, 1)
        elif field.type == "integer":
            full[field.name] = 500
    left = giver.messages(record(kind, giver.node.party, full, 2))
    assert left, "nothing left, so nothing was shown"
    sent = b"".join(sealed.to_wire() for sealed in left)
    assert {field for field in texts if f"{CANARY}{field}-".encode() in sent} == TEXTS_GIVEN[name, stage]


@pytest.mark.parametrize("stage", [WARNING, TRENDS, BOTH])
@LAWS
@given(number=st.integers(0, 2**48))
def test_of_drug_checking_counts_nothing_ever_leaves(givers: dict[str, Giver], stage: str, number: int) -> None:
    """Not one field, to nobody, health agency or not, whatever the count and however many officers would agree."""
    giver, kind, rng = givers[stage], catalogue().kind("drug-checking-count"), Random(number)
    assert giver.messages(record(kind, giver.node.party, values(kind, rng, stage), 2)) == ()


@pytest.mark.parametrize("stage", [WARNING, TRENDS, BOTH])
@pytest.mark.parametrize("occasion", get_args(Occasion))
def test_drug_checking_counts_go_for_no_purpose_on_no_occasion_to_no_party(
    givers: dict[str, Giver], stage: str, occasion: Occasion
) -> None:
    giver, kind = givers[stage], catalogue().kind("drug-checking-count")
    words = catalogue().vocabulary
    full = {field.name: value(field, Random(1), stage) for field in kind.fields}
    approvals = tuple(Approval(officer=f"{giver.node.party}/liaison-{number}", at=NOW) for number in (1, 2))
    with giver.node.store.reading() as tx:
        texts = agreements_between(giver.node, tx, giver.partner, NOW)
    for receiver, purpose in product(words.list("party").terms, words.list("purpose").terms):
        ask = Ask(
            record=record(kind, giver.node.party, full, 2),
            kind=kind,
            giver=giver.node.party,
            receiver=receiver,
            receiver_roles=frozenset({"health", "enforcement"}),  # as if everybody had every role
            purpose=purpose,
            occasion=occasion,
            moment=NOW,
            approvals=approvals,
        )
        decision = decide(ask, texts, words)
        assert (decision.outcome, decision.fields, decision.waiting) == ("withhold", (), ())


@LAWS
@given(number=st.integers(0, 2**48))
def test_what_rests_on_drug_checking_leaves_as_a_warning_only(givers: dict[str, Giver], number: int) -> None:
    """Also where an agreement about trends is in force between the same two, and on no fewer than twenty samples."""
    giver, kind, rng = givers[BOTH], catalogue().kind("finding"), Random(number)
    found = {**values(kind, rng, BOTH), "observed": rng.randrange(200), "of": rng.randrange(200)}
    kinds = ("drug-checking-count", "test-count")
    found["rests_on"] = rng.choice((kinds, kinds[::-1], kinds[:1]))
    for sealed in giver.messages(record(kind, giver.node.party, found, 2)):
        handling = parse(sealed.body or b"")["handling"]
        assert handling["purposes"] == ["early-warning"]
        assert {"public-health-only", "no-onward"} <= set(handling["caveats"])
        assert found["of"] >= 20
