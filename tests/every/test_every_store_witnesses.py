"""Cosignatures, comparisons and evidence, on every store."""

from dataclasses import replace

from entente.store import AccusationRow, CheckpointRow, ComparisonRow, CosignatureRow, Store
from every.given import CBSA, DEA, NOON, later

COSIGNED = CosignatureRow(witness=CBSA, size=7, note=b"seven", at=NOON)
COMPARED = ComparisonRow(party=CBSA, at=NOON, fault="", body=b"{}")
ACCUSED = AccusationRow(id="sha256:a", party=DEA, kind="two-heads", found_at=NOON, body=b"{}")


class TestWitnesses:
    def test_cosignatures_come_by_witness_and_size_and_a_later_one_replaces_it(self, store: Store) -> None:
        rows = [COSIGNED, replace(COSIGNED, size=90), replace(COSIGNED, witness=DEA)]
        again = replace(COSIGNED, note=b"seven, later", at=later(5))
        with store.writing() as tx:
            for row in (*reversed(rows), again):
                tx.add_cosignature(row)
        with store.reading() as tx:
            assert list(tx.cosignatures()) == [again, *rows[1:]]

    def test_the_newest_checkpoint_is_the_largest_of_its_own_log(self, store: Store) -> None:
        rows = [CheckpointRow(origin="a", size=size, note=str(size).encode(), at=NOON) for size in (9, 100, 10)]
        with store.writing() as tx:
            for row in (*rows, replace(rows[0], origin="b", size=500)):
                tx.add_checkpoint(row)
        with store.reading() as tx:
            assert tx.newest_checkpoint("a") == rows[1]
            assert tx.newest_checkpoint("c") is None
            assert tx.checkpoint_at("a", 10) == rows[2]
            assert tx.checkpoint_at("a", 500) is None

    def test_of_each_partner_the_last_comparison_stands(self, store: Store) -> None:
        failed = replace(COMPARED, at=later(9), fault="PartnerSilent", body=b"")
        with store.writing() as tx:
            for row in (replace(COMPARED, party=DEA), COMPARED, failed):
                tx.put_comparison(row)
        with store.reading() as tx:
            assert list(tx.comparisons()) == [failed, replace(COMPARED, party=DEA)]

    def test_evidence_is_kept_once_and_never_changed(self, store: Store) -> None:
        earlier = replace(ACCUSED, id="sha256:b", found_at=later(-5))
        with store.writing() as tx:
            for row in (ACCUSED, earlier, replace(ACCUSED, body=b"other")):
                tx.add_accusation(row)
        with store.reading() as tx:
            assert list(tx.accusations()) == [earlier, ACCUSED]
