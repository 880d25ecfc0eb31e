"""What people read of the agreements held here: the texts, who signed them, and how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.agreements import Agreement, Standing
from entente.node.agreeing import find
from entente.node.in_force import signatures_in, standings
from entente.node.work import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """`officer` of `party` signed at `at`; a signature counts where the officer was named and in office then."""

    party: str
    officer: str
    title: str
    at: datetime
    is_counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldText:
    """One agreement: `standing` as of now, `signatures` in order of time."""

    agreement: Agreement
    standing: Standing
    added_at: datetime
    signatures: Sequence[Signed]


def held_text(node: Node, name: str) -> HeldText:
    """The agreement with this digest, or the only one of this name. Raises NoSuchAgreement, AmbiguousName,
    AgreementChanged."""
    with node.store.reading() as tx:
        agreement = find(node, tx, name)
        found = {text.digest: standing for text, standing in standings(node, tx, node.clock())}
        standing = found[agreement.digest]
        titles = {(row.party, row.officer): row.title for row in tx.former_officers()}
        titles |= {(row.party, row.officer): row.title for row in tx.officers()}
        given = [one for one in signatures_in(tx) if one.agreement == agreement.digest]
        added_at = next(row.added_at for row in tx.agreements() if row.digest == agreement.digest)
    return HeldText(
        agreement=agreement,
        standing=standing,
        added_at=added_at,
        signatures=[
            Signed(
                party=one.party,
                officer=one.officer,
                title=titles.get((one.party, one.officer), ""),
                at=one.signed_at,
                is_counted=one.officer in standing.signed.get(one.party, ()),
            )
            for one in sorted(given, key=lambda one: one.signed_at)
        ],
    )
