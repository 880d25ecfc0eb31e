"""What every store does with keys of nodes and ledgers, and with officers who left."""

from entente.store import Store
from every.given import CBSA, DEA, NOON, former, later, node_key, officer


class TestKeys:
    def test_a_key_comes_out_as_it_went_in_and_a_later_row_of_the_same_key_replaces_it(self, store: Store) -> None:
        old, ended = node_key("a"), node_key("a", valid_until=later(9), state="replaced", serial=3)
        with store.writing() as tx:
            tx.put_key(old)
            assert tx.node_keys() == [old]
            tx.put_key(ended)
        with store.reading() as tx:
            assert tx.node_keys() == [ended]

    def test_keys_are_told_by_party_and_kind_in_the_order_in_which_they_followed(self, store: Store) -> None:
        first, second = node_key("z", serial=1), node_key("a", serial=2)
        of_ledger, of_dea = node_key("z", kind="ledger"), node_key("d", party=DEA)
        with store.writing() as tx:
            for row in (of_dea, second, first, of_ledger):
                tx.put_key(row)
        with store.reading() as tx:
            assert tx.node_keys() == [of_ledger, first, second, of_dea]
            assert tx.node_keys(DEA) == [of_dea]
            assert tx.node_keys("us.cbp") == []


class TestFormerOfficers:
    def test_an_officer_who_ends_leaves_the_list_and_is_remembered(self, store: Store) -> None:
        stays = officer("ca.cbsa/liaison-2")
        with store.writing() as tx:
            for row in (officer(), stays):
                tx.put_officer(row)
            tx.end_officer(former(valid_until=NOON.date()))
        with store.reading() as tx:
            assert tx.officers() == [stays]
            assert tx.former_officers() == [former(valid_until=NOON.date())]

    def test_only_that_key_of_the_officer_ends(self, store: Store) -> None:
        present = officer(public_key="new")
        with store.writing() as tx:
            tx.put_officer(present)
            tx.end_officer(former())
            tx.end_officer(former(ended_at=later(5)))
            tx.end_officer(former(public_key="older"))
        with store.reading() as tx:
            assert tx.officers() == [present]
            assert tx.former_officers() == [former(ended_at=later(5)), former(public_key="older")]
            assert {row.party for row in tx.former_officers()} == {CBSA}
