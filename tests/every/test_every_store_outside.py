"""Parties without a node, on every store."""

from dataclasses import replace
from typing import Any

from entente.store import OutsideRow, Store
from every.given import NOON, later


def outside_party(party: str = "ca.industry", **parts: Any) -> OutsideRow:
    usual: dict[str, Any] = {"name": "A distributor", "email": "", "language": "fr", "added_at": NOON}
    return OutsideRow(party=party, **{**usual, **parts})


def test_a_party_comes_out_as_it_went_in_and_a_later_one_replaces_it(store: Store) -> None:
    told = outside_party(email="a@example.org", name="é")
    renamed = replace(told, name="Another name", language="es", added_at=later(1))
    with store.writing() as tx:
        tx.put_outside(told)
        tx.put_outside(outside_party("us.industry"))
        assert tx.outside_party("ca.industry") == told
        tx.put_outside(renamed)
    with store.reading() as tx:
        assert list(tx.outside_parties()) == [renamed, outside_party("us.industry")]
        assert tx.outside_party("ca.hospital") is None
