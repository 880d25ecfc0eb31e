"""Agreement trickery: texts and signatures made to look like something else bring nothing into force.

The same over all the ways there are to look alike: tests/laws/test_agreement_trickery.py; the effect of two versions
beside their enumeration: tests/laws/test_diff_laws.py.
"""

from pathlib import Path

import pytest

from attacks.field import Field, field_of
from attacks.given import PERMIT, A, B, count, plant, text
from entente.agreements import OfficerSignature
from entente.node.agreeing import add_agreement, keep_signature
from entente.node.outgoing import Outgoing
from entente.signing import canonical, digest, parse

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def names(field: Field, party: str) -> list[str]:
    """The substances of the counts that `party` holds."""
    shown = field.must(party, "records", "list", "--why", "look", "--json").json
    return sorted(one["values"]["substance_native"] for one in shown if "substance_native" in one["values"])


def states(field: Field, party: str) -> dict[str, list[str]]:
    """By digest, the codes for which each text is not in force."""
    shown = field.must(party, "agreements", "list", "--json").json
    return {one["agreement"]: [reason["code"] for reason in one["reasons"]] for one in shown}


def test_two_texts_under_one_name_and_version_are_both_not_in_force(tmp_path: Path) -> None:
    mine, theirs = text(PERMIT), text(PERMIT.replace('"class:time", ', ""))
    with field_of(tmp_path / "field", (A, B)) as field:
        field.serve()
        for party, source in ((A, mine), (B, theirs)):
            with field.node(party) as node:
                add_agreement(node, source)
        field.settle()
        for source in (mine, theirs):
            for party in (A, B):
                field.sign(party, digest(source))
        field.settle()
        with field.node(A) as node:
            plant(node, "test-count", [count("ALPHA")])
        field.settle()
        assert names(field, B) == []
        for party in (A, B):
            assert all("two-texts" in states(field, party)[digest(source)] for source in (mine, theirs))


def test_a_signature_for_one_version_does_not_count_for_the_next(tmp_path: Path) -> None:
    """A makes its own copy of what B signed, under the digest of a wider text, and sends it on as well."""
    first = text(PERMIT.replace('"class:substance", ', ""))
    wider = text(PERMIT, version="2", predecessor=f'"{digest(first)}"')
    with field_of(tmp_path / "field", (A, B)) as field:
        field.serve()
        field.agree(first, A, B)
        with field.node(A) as node:
            add_agreement(node, wider)
        field.settle()
        field.sign(A, digest(wider))
        field.settle()
        with field.node(A) as node, node.writing() as work:
            signed = [row for row in work.tx.agreement_signatures(digest(first)) if row.party == B]
            outgoing = Outgoing(node, work, B)
            for row in signed:
                forged = canonical(parse(row.body) | {"agreement": digest(wider)})
                keep_signature(work, OfficerSignature.from_json(parse(forged)), forged)
                outgoing.send("agreement-signature", forged, agreement=digest(wider))
            outgoing.close()
        with field.node(A) as node:
            plant(node, "test-count", [count("ALPHA")])
        field.settle()
        for party in (A, B):
            assert states(field, party)[digest(wider)] == ["signatures-missing"]
            assert states(field, party)[digest(first)] == []
        assert names(field, B) == []
        quarantined = [row for row in field.must(B, "status", "--json").json["received"] if row["state"] != "accepted"]
        assert [(row["type"], row["number"]) for row in quarantined] == [("agreement-signature", 2)]
