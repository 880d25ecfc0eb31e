"""Partners are shown the checkpoint that we announced (entente.node.announcing) and asked to cosign it.

Whoever knows more of our ledger than we do says so with our own signature: that is how a node learns that its database
is an older copy, or was changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from entente.errors import EntenteError, PartnerFault, Tampered
from entente.exchange import COSIGNED, REFUSED, AddCheckpoint, Witnessed, read_witnessed
from entente.ledger import (
    CHECKPOINT_PATH,
    Checkpoint,
    HashAt,
    Problem,
    add_cosignature,
    consistency_proof,
    parse_checkpoint,
    read_checkpoint,
    tile_reader,
    tree_root,
)
from entente.node.announcing import alarm_name, announce, has_struck, stroke_of, witness_keys
from entente.node.calling import Caller, make_plain
from entente.node.cosigning import shown_to
from entente.node.identity import log_origin
from entente.node.keyring import own_log_keys
from entente.node.publishing import publish, published
from entente.node.work import Node
from entente.signing import canonical
from entente.store import CosignatureRow, PartnerRow, Transaction

PATH = "/exchange/v1/witness"
RETRY = timedelta(minutes=10)
ROUNDS = 8
"""So often a partner is shown more in one call: while messages come, each receipt tells it of a larger ledger."""
AHEAD = timedelta(minutes=5)
"""A cosignature that is dated further ahead would count as recent for too long."""


class WitnessRefuses(PartnerFault):
    """{party} does not cosign the checkpoint of {size} entries: it knows checkpoints of this ledger that do not lead to
    it. Run `entente ledger verify`; if nothing is wrong here, call its operator."""


class WitnessUnclear(PartnerFault):
    """{party} answers with what is no cosignature of this ledger's checkpoint: {why}. Ask its operator."""


class WitnessKnowsOther(Tampered):
    """{party} holds a checkpoint of {old} entries that this node signed and that its database of {size} entries does
    not lead to. Nothing was cosigned; run `entente ledger witnesses`, which says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one partner answered: the size it cosigned, or the fault."""

    party: str
    size: int
    fault: EntenteError | None = None


def ask_all(node: Node) -> Sequence[Asked]:
    """Every partner is shown the announced checkpoint. A served node does so when it starts: a partner that knows more
    of our ledger than we do says so at once."""
    return _ask(node, lambda _tx, _partner: True)


def ask_when_due(node: Node) -> Sequence[Asked]:
    """After each stroke of the clock every partner once; who did not cosign is asked again after RETRY."""
    with node.store.reading() as tx:
        if not has_struck(node, tx) and not any(_is_due(node, tx, row) for row in tx.partners()):
            return ()
    return _ask(node, lambda tx, partner: _is_due(node, tx, partner))


def _ask(node: Node, is_asked: Callable[[Transaction, PartnerRow], bool]) -> Sequence[Asked]:
    note = announce(node)
    if not note or not parse_checkpoint(note).size:
        return ()
    with node.store.reading() as tx:
        partners = [partner for partner in tx.partners() if is_asked(tx, partner)]
    caller = Caller(node)
    try:
        return [_ask_one(node, caller, partner, note) for partner in partners]
    finally:
        caller.close()


def _ask_one(node: Node, caller: Caller, partner: PartnerRow, note: bytes) -> Asked:
    with node.store.writing() as tx:
        tx.put_setting(_tried_name(partner.party), node.clock().isoformat())
    try:
        size = _show(node, caller, partner, note)
    except EntenteError as error:
        make_plain(error)
        return Asked(party=partner.party, size=0, fault=error)
    with node.store.writing() as tx:
        tx.put_setting(_done_name(partner.party), stroke_of(node))
        tx.put_setting(alarm_name(partner.party), "")
    return Asked(party=partner.party, size=size)


def _show(node: Node, caller: Caller, partner: PartnerRow, note: bytes) -> int:
    """The size that the partner cosigned. Raises WitnessRefuses, WitnessUnclear, WitnessKnowsOther and what calling
    raises."""
    with node.store.reading() as tx:
        seen = shown_to(tx, partner.party)
        olds = {row.size for row in tx.cosignatures() if row.witness == partner.party}
    olds = {max(olds)} if olds else set()
    for _ in range(ROUNDS):
        size = parse_checkpoint(note).size
        hash_at = _hashes(node)
        proofs = {old: consistency_proof(old, size, hash_at) for old in olds if old < size}
        asked = AddCheckpoint(checkpoint=note.decode("utf-8"), proofs=proofs, seen=seen)
        answer = read_witnessed(caller.call(partner, PATH, asked.to_wire()))
        if answer.outcome == COSIGNED:
            return _keep(node, partner, note, answer)
        held = _held(node, partner, answer)
        newest = max(held, key=lambda one: one.size, default=None)
        unknown = _unknown(node, partner, held)
        if unknown is not None and (answer.outcome == REFUSED or unknown.size > size):
            raise WitnessKnowsOther(party=partner.party, old=unknown.size, size=_published_size(node))
        if answer.outcome == REFUSED:
            break
        if newest is not None and newest.size > size:
            note = newest.note  # ours as well, given in a receipt: the partner learns nothing by it
        olds = {one.size for one in held} | (olds if len(held) == 1 else set())
    raise WitnessRefuses(party=partner.party, size=parse_checkpoint(note).size)


def _held(node: Node, partner: PartnerRow, answer: Witnessed) -> Sequence[Checkpoint]:
    """What the partner knows of our ledger, in our own words. Raises WitnessUnclear."""
    with node.store.reading() as tx:
        known = own_log_keys(node, tx)
    try:
        held = [read_checkpoint(note.encode("utf-8"), known) for note in answer.held]
    except EntenteError as error:
        raise WitnessUnclear(party=partner.party, why=error) from error
    if any(one.size > _published_size(node) for one in held):
        publish(node)
    return held


def _unknown(node: Node, partner: PartnerRow, held: Sequence[Checkpoint]) -> Checkpoint | None:
    """What we signed once and our entries do not lead to: an alarm here, which is kept. It is proven all the same, as
    far as that goes, so that the partner has the evidence: the machine does not hide what was done to it."""
    size, hash_at = _published_size(node), _hashes(node)
    for one in held:
        if one.size > size or tree_root(one.size, hash_at) != one.root:
            code = "witness-holds-newer" if one.size > size else "witness-holds-other"
            problem = Problem(code=code, values={"party": partner.party, "old": one.size, "size": size})
            with node.store.writing() as tx:
                tx.put_setting(alarm_name(partner.party), canonical(problem.to_json()).decode("utf-8"))
            return one
    return None


def _keep(node: Node, partner: PartnerRow, note: bytes, answer: Witnessed) -> int:
    """Raises WitnessUnclear unless the line is the partner's cosignature of this note."""
    with node.store.writing() as tx:
        known = [*own_log_keys(node, tx), *witness_keys(node, tx)]
        try:
            whole = add_cosignature(note, answer.cosignature)
            found = read_checkpoint(whole, known)
        except EntenteError as error:
            raise WitnessUnclear(party=partner.party, why=error) from error
        name = log_origin(partner.party)
        at = next((one.at for one in found.cosignatures if one.name == name), None)
        if at is None:
            raise WitnessUnclear(party=partner.party, why="it is signed by somebody else")
        if at - node.clock() > AHEAD:
            raise WitnessUnclear(party=partner.party, why="it is dated in the future")
        tx.add_cosignature(CosignatureRow(witness=partner.party, size=found.size, note=whole, at=at))
    return found.size


def _hashes(node: Node) -> HashAt:
    return tile_reader(lambda path: published(node, path), _published_size(node))


def _published_size(node: Node) -> int:
    note = published(node, CHECKPOINT_PATH)
    return parse_checkpoint(note).size if note else 0


def _is_due(node: Node, tx: Transaction, partner: PartnerRow) -> bool:
    tried = tx.setting(_tried_name(partner.party))
    if tx.setting(_done_name(partner.party)) == stroke_of(node):
        return False
    return not tried or node.clock() - datetime.fromisoformat(tried) >= RETRY


def _tried_name(party: str) -> str:
    return f"witness-tried:{party}"


def _done_name(party: str) -> str:
    return f"witness-done:{party}"
