"""Decided as a set or one by one, every record gets the same decision, explanation and fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from agreements import worlds
from agreements.parts import ELSEWHERE, NOON, catalogue
from agreements.worlds import odd
from entente.agreements import Agreement, Ask, Columns, Decider, decide, decide_set, shown
from entente.records import Kind, Record

WORLDS = 60
ROWS = 40
LOOKALIKES: Sequence[Any] = (1, 1.0, Decimal(1), Decimal("1.0"), Decimal("sNaN"), Decimal("Infinity"), "1", (1,), ([],))
"""Equal to Python or to a reader, or not to be hashed, and not the same to a test."""

Seen = tuple[str, Mapping[str, Any]]
"""The digest of an explanation, and what the receiver would see."""


def batch(rng: Random, kind: Kind, said_by: str) -> list[Record]:
    """Good records, odd ones, and ones that hold what their kind does not know."""
    found = []
    for _ in range(rng.randint(1, ROWS)):
        about = worlds.any_record(rng, kinds=(kind,))
        for field in rng.sample(kind.fields, rng.choice((0, 0, 1, 2))):
            about = odd(about, field.name, rng.choice((*worlds.ODD, *LOOKALIKES)))
        if rng.random() < 0.1:
            about = replace(about, values={**about.values, "shoe_size": "44"})
        told = NOON - timedelta(days=rng.choice((0, 1, 29, 31, 400)))
        sure = rng.choice(("confirmed", "reported", "sure of it"))
        found.append(replace(about, said_by=said_by, recorded_at=told, sure=sure))
    return found


def sets(number: int) -> Iterator[tuple[list[Ask], list[Agreement]]]:
    """For each kind and originator of one world: the same ask about every record of a batch."""
    rng = Random(number)
    texts = worlds.succeeding(rng, worlds.agreements(rng))
    asked = worlds.either_ask(rng)
    asked = replace(asked, limits=worlds.limits(rng, [*(text.digest for text in texts), worlds.UNKNOWN]))
    for kind in worlds.KINDS:
        for said_by in (asked.giver, ELSEWHERE):
            yield [replace(asked, record=about, kind=kind) for about in batch(rng, kind, said_by)], texts


def as_a_set(asked: Sequence[Ask], decider: Decider) -> list[Seen]:
    found = decide_set(Columns.of([ask.record for ask in asked]), asked[0], decider)
    columns = {field.name: found.shown(field.name) for field in asked[0].kind.fields}
    return [
        (found.mask(row).digest, {name: column[row] for name, column in columns.items() if column[row] is not None})
        for row in range(len(asked))
    ]


def test_as_a_set_every_record_gets_the_decision_that_it_gets_alone() -> None:
    outcomes = set()
    for number in range(WORLDS):
        for asked, texts in sets(number):
            together = as_a_set(asked, Decider(texts, catalogue().vocabulary))
            for row, ask in enumerate(asked):
                alone = decide(ask, texts, catalogue().vocabulary)
                assert together[row] == (alone.mask, shown(ask.record, alone)), f"world {number}, row {row}"
                outcomes.add(alone.outcome)
    assert outcomes == {"release", "wait", "withhold"}


def test_neither_their_order_nor_their_company_changes_a_decision() -> None:
    for number in range(WORLDS, 2 * WORLDS):
        decider = None
        for asked, texts in sets(number):
            decider = decider or Decider(texts, catalogue().vocabulary)
            together = as_a_set(asked, decider)
            order = Random(number).sample(range(len(asked)), len(asked))
            size = Random(number).randint(1, 7)
            mixed = [asked[row] for row in order]
            parts = [as_a_set(mixed[start : start + size], decider) for start in range(0, len(mixed), size)]
            assert [seen for part in parts for seen in part] == [together[row] for row in order], f"world {number}"
