"""What every store does with partners, officers, agreements, their signatures and suspensions, and settings."""

from entente.store import Store
from every.given import CBSA, DEA, NOON, agreement, later, officer, partner, signature, suspension


class TestPartnersAndAgreements:
    def test_partners_and_officers_are_replaced_by_a_later_row(self, store: Store) -> None:
        moved, left = partner(CBSA, url="https://moved.example"), officer(valid_until=NOON.date())
        with store.writing() as tx:
            for each in (partner(DEA), partner(CBSA), moved):
                tx.put_partner(each)
            for one in (officer("ca.cbsa/liaison-2"), officer(), left):
                tx.put_officer(one)
        with store.reading() as tx:
            assert tx.partners() == [moved, partner(DEA)]
            assert tx.officers() == [left, officer("ca.cbsa/liaison-2")]

    def test_an_agreement_is_its_bytes_and_signatures_may_come_before_it(self, store: Store) -> None:
        resigned = signature("ca.cbsa/liaison-1", body=b"again", added_at=later(5))
        with store.writing() as tx:
            tx.add_agreement_signature(signature("ca.cbsa/liaison-1"))
            tx.add_agreement_signature(signature("ca.cbsa/liaison-2"))
            tx.add_agreement_signature(signature("ca.cbsa/liaison-1", "sha256:other"))
            tx.add_agreement_signature(resigned)
            tx.add_agreement(agreement("sha256:b", 2))
            tx.add_agreement(agreement("sha256:a", 1))
            tx.add_agreement(agreement("sha256:a", 1, added_at=later(9)))
        with store.reading() as tx:
            assert tx.agreements() == [agreement("sha256:a", 1), agreement("sha256:b", 2)]
            assert tx.agreement_signatures("sha256:a") == [resigned, signature("ca.cbsa/liaison-2")]
            assert len(tx.agreement_signatures()) == 3

    def test_of_an_officers_suspensions_of_one_agreement_the_first_stands(self, store: Store) -> None:
        first, other = suspension("ca.cbsa/liaison-1"), suspension("ca.cbsa/liaison-1", "sha256:b")
        with store.writing() as tx:
            tx.add_agreement_suspension(other)
            tx.add_agreement_suspension(first)
            tx.add_agreement_suspension(suspension("ca.cbsa/liaison-1", body=b"later", added_at=later(5)))
        with store.reading() as tx:
            assert tx.agreement_suspensions() == [first, other]

    def test_settings_are_put_and_replaced(self, store: Store) -> None:
        with store.writing() as tx:
            tx.put_setting("party", "us.cbp")
            tx.put_setting("party", "ca.cbsa")
        with store.reading() as tx:
            assert (tx.setting("party"), tx.setting("zone")) == ("ca.cbsa", None)
