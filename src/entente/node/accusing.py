"""Evidence that a partner contradicted what it had signed: kept once it is proven, in the words of entente.ledger.

What cannot be proven to others is an alarm at most, and never stands here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.errors import InputFault
from entente.ledger import (
    Evidence,
    ProvesNothing,
    Shown,
    VerifierKey,
    check_evidence,
    decode_vkey,
    encode_vkey,
    read_evidence,
)
from entente.node.identity import log_origin
from entente.node.keyring import LEDGER, NODE
from entente.node.work import Node, Work
from entente.signing import Json, PublicKey
from entente.store import AccusationRow, Transaction

MOST_KEPT = 20
"""Of one kind against one party: whoever contradicts itself without end proves nothing more, and fills no disk."""


class NoSuchEvidence(InputFault):
    """This node keeps no evidence `{id}`. `entente ledger evidence` lists what it keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """Evidence that is kept; `shown` None where the keys that proved it are no longer known here."""

    id: str
    party: str
    kind: str
    found_at: datetime
    body: bytes
    shown: Shown | None


def accuse(work: Work, party: str, kind: str, parts: Mapping[str, Json]) -> bool:
    """Keeps the evidence where it proves what it says, with an entry in the ledger; whether it does."""
    evidence = Evidence(kind=kind, party=party, parts=parts)
    try:
        check_evidence(evidence, keys_of(work.tx, party))
    except ProvesNothing:
        return False
    known = [row.id for row in work.tx.accusations() if (row.party, row.kind) == (party, kind)]
    if evidence.id not in known and len(known) < MOST_KEPT:
        row = AccusationRow(id=evidence.id, party=party, kind=kind, found_at=work.now, body=evidence.to_bytes())
        work.tx.add_accusation(row)
        work.write("evidence-kept", evidence.id, {"partner": party, "why": kind})
    return True


def keys_of(tx: Transaction, party: str) -> Sequence[VerifierKey]:
    """Every key of a partner's log and node that was ever told of, as verifier keys: what was signed stays signed."""
    vkey = tx.setting(f"log-key:{party}")
    pinned = [row.public_key for row in tx.partners() if row.party == party]
    told = [(row.kind, row.public_key) for row in tx.node_keys(party)]
    names = {LEDGER: log_origin(party), NODE: party}
    texts = dict.fromkeys([*told, *((NODE, key) for key in pinned)])
    found = [VerifierKey(name=names[kind], key=PublicKey.from_text(key)) for kind, key in texts]
    known = decode_vkey(vkey) if vkey else None
    return found if known is None or known in found else [known, *found]


def accusations(node: Node) -> Sequence[Accusation]:
    """In order of finding."""
    with node.store.reading() as tx:
        return [_read(tx, row) for row in tx.accusations()]


def accusation(node: Node, id: str) -> Accusation:  # noqa: A002 - an id is what people type
    """The evidence whose id begins so. Raises NoSuchEvidence."""
    found = [one for one in accusations(node) if one.id.removeprefix("sha256:").startswith(id.removeprefix("sha256:"))]
    if len(found) != 1:
        raise NoSuchEvidence(id=id)
    return found[0]


def published_keys(node: Node, party: str) -> Sequence[str]:
    """The keys of `party` as text, for whoever checks evidence against it."""
    with node.store.reading() as tx:
        return [encode_vkey(key.name, key.key) for key in keys_of(tx, party)]


def _read(tx: Transaction, row: AccusationRow) -> Accusation:
    try:
        shown = check_evidence(read_evidence(row.body), keys_of(tx, row.party))
    except ProvesNothing:
        shown = None
    return Accusation(id=row.id, party=row.party, kind=row.kind, found_at=row.found_at, body=row.body, shown=shown)
