"""Which earlier versions does a text stand in place of, for what was given under them?

A new version names its predecessor by digest, so the texts themselves prove the chain. That is not enough: somebody
who gave under the old text and has not signed the new one never agreed to whom, and on which conditions, the new one
tells what their gift led to.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from entente.agreements.agreement import Agreement
from entente.agreements.standing.signatures import OfficerSignature

Signers = Mapping[str, Collection[str]]
"""By digest of a text, the parties of which any officer's signature is held here."""


def signers(signatures: Iterable[OfficerSignature]) -> Signers:
    """INVARIANT: one signature is enough, and it need not count any more: officers leave office and change keys, what
    their party gave while it counted remains."""
    found: dict[str, set[str]] = {}
    for signature in signatures:
        found.setdefault(signature.agreement, set()).add(signature.party)
    return found


def succeeded(
    agreement: Agreement, bound: Collection[str], known: Sequence[Agreement], signed: Signers
) -> frozenset[str]:
    """Digests of the earlier versions of `agreement` that everybody who signed them has left for it, which binds
    `bound`.

    INVARIANT: what the texts in `known` do not prove does not count: not the predecessor of a text that is not here,
    nor one of another name.
    """
    if not bound:
        return frozenset()
    in_it = {*bound, *agreement.also_signed_by}
    return frozenset(
        earlier.digest
        for earlier in _before(agreement, {text.digest: text for text in known})
        if in_it.issuperset({*signed.get(earlier.digest, ())}.intersection(earlier.signatories))
    )


def _before(agreement: Agreement, known: Mapping[str, Agreement]) -> Iterator[Agreement]:
    """The earlier versions of `agreement`, from the newest on, as far as the chain is known."""
    later, earlier = agreement, known.get(agreement.predecessor or "")
    while earlier is not None and earlier.name == later.name and earlier.version < later.version:
        yield earlier
        later, earlier = earlier, known.get(earlier.predecessor or "")
