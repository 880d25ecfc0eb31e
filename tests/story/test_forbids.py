"""An agreement with one partner can forbid what would go to every other one."""

from datetime import date

from entente.agreements import Officer, sign_agreement
from entente.node.agreeing import keep_agreement, keep_signature
from entente.signing import PrivateKey, canonical, digest
from entente.store import OfficerRow
from story.tables import totals
from story.world import CBP, CBSA, World

THIRD = "us.dea"
TEXT = f"""
name = "no-weights"
version = 1
model = true
parties = ["{CBP}", "{THIRD}"]
authoritative = ["en"]
zone = "America/New_York"
valid_from = 2026-01-01
valid_until = 2030-12-31
title.en = "A model"
text.en = "A model for a test."

[[provision]]
id = "1"
reference = "tests"
text.en = "Nobody gets weights."
effect = "forbid"
giver = ["{CBP}"]
kinds = ["seizure-total"]
fields = ["class:quantity"]
scope = "all-partners"
""".encode()


def test_a_forbid_for_all_partners_binds_what_goes_under_another_agreement(world: World) -> None:
    node = world.nodes[CBP]
    agreement = node.agreement(digest(TEXT), TEXT)
    with node.writing() as work:
        keep_agreement(work, agreement)
        for number, party in enumerate((CBP, CBP, THIRD, THIRD), start=1):
            key = PrivateKey(bytes([number]) * 32)
            officer = Officer(
                party=party, id=f"{party}/test-{number}", title="", public_key=key.public, valid_from=date(2026, 1, 1)
            )
            work.tx.put_officer(
                OfficerRow(
                    party=party,
                    officer=officer.id,
                    title="",
                    public_key=key.public.to_text(),
                    valid_from=officer.valid_from,
                    valid_until=None,
                )
            )
            signature = sign_agreement(agreement, party=party, officer_id=officer.id, key=key, signed_at=work.now)
            keep_signature(work, signature, canonical(signature.to_json()))

    world.import_file(CBP, "totals.csv", totals(0, 3))
    world.settle()

    (held,) = world.run(CBSA, "records", "list", "--why", "x", "--json").json
    assert "drug" in held["values"]
    assert not {"mass_g", "mass_native", "events"} & held["values"].keys()
