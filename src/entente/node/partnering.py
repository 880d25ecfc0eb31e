"""Partners are pinned from their cards by a person; their officers' keys come with the card."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from entente.errors import InputFault, Tampered
from entente.ledger import decode_vkey
from entente.node.agreeing import tell_newcomer
from entente.node.creating import check_address
from entente.node.hearing_again import hear_suspensions_again
from entente.node.identity import Card, write_card
from entente.node.keyring import LEDGER, NODE, REVOKED, knows_name, our_vkey, own_keys, present_key, put_told, told
from entente.node.officers import name_officer, officers_of_card
from entente.node.succeeding import key_row, pin_key, present_of, refuse_key
from entente.node.work import Node, Work
from entente.signing import Json, PrivateKey, PublicKey, canonical
from entente.store import OfficerRow, PartnerRow, Transaction

FURTHEST_WEST = timedelta(hours=12)
OFFICER_DAYS = 3 * 366


class OwnCard(InputFault):
    """The card is that of {party}, which is this node itself, or uses this node's key. Two nodes never share one
    identity: ask the partner for its own card."""


class OtherDomain(InputFault):
    """The card of {party} is of the domain {theirs}, and this node is of the domain {ours}. Demo nodes and production
    nodes never meet."""


class OlderCard(InputFault):
    """The card of {party} has the number {serial}, and one with the number {known} is pinned. An older card never takes
    the place of a newer one: ask the partner for its present card."""


class CardsContradict(Tampered):
    """{party} has signed two different cards with the number {serial}. Nothing was pinned and this one is kept in the
    ledger as evidence; ask the partner's operator, by telephone, which of them is real."""


class KeptOutside(InputFault):
    """{party} is kept here as a party without a node, and advisories went to it. Nothing was pinned; give its node a
    party code of its own."""


class NoSuchPartner(InputFault):
    """This node has no partner `{party}`. The list of partners shows whom it knows."""


def card_of(node: Node) -> Card:
    """What partners pin of this node. What it says is numbered: another content, the next number."""
    vkey = our_vkey(node)
    with node.store.reading() as tx:
        card = Card(
            party=node.party,
            domain=node.config.domain,
            url=node.config.url,
            public_key=present_key(node, tx).public.to_text(),
            log_vkey=vkey,
            officers=tuple(_officer_json(row) for row in tx.officers() if row.party == node.party),
        )
        last = told(tx, node.party)
    if last.digest != card.digest:
        with node.store.writing() as tx:
            serial = told(tx, node.party).serial + 1
            last = put_told(tx, node.party, serial, card.digest, node.clock().isoformat())
    return replace(card, serial=last.serial, issued_at=last.issued_at)


def signed_card(node: Node) -> tuple[Card, bytes]:
    """The card, and its file signed with the node's present key."""
    card = card_of(node)
    with node.store.reading() as tx:
        return card, write_card(card, present_key(node, tx))


def add_partner(node: Node, card: Card, *, compromised_since: datetime | None = None) -> PartnerRow:
    """Pins `card`, or renews it. The key before it ends now, for what is made from now on; where somebody else may have
    had it (`compromised_since`), it ends at once for everything that has not come yet. INVARIANT: what a key that
    somebody else may hold has told of, its numbers too, keeps nobody from pinning the next.

    Raises OwnCard, KeyOfAnother, KeyIsRevoked, OtherDomain, OlderCard, CardsContradict, PlainAddress, UnknownWord.
    """
    refuse_card(node, card)
    with node.writing() as work:
        is_doubted = compromised_since is not None or _is_revoked(work, card.party)
        if (is_doubted and _is_new(work, card)) or not contradicts(work.tx, card.party, card.serial, card.digest):
            return pin_card(node, work, card, compromised_since)
        facts: dict[str, Json] = {"serial": card.serial, "evidence": canonical(card.to_json()).decode("utf-8")}
        work.write("card-conflict", card.party, facts)
    raise CardsContradict(party=card.party, serial=card.serial)


def _is_new(work: Work, card: Card) -> bool:
    """Whether its key was never known here: a card with an earlier one is an older card, whatever is said."""
    return all(row.public_key != card.public_key for row in work.tx.node_keys(card.party))


def _is_revoked(work: Work, party: str) -> bool:
    """Whether the key that is pinned for `party` counts for nothing."""
    present = present_of(work.tx, party, NODE)
    return present is not None and key_row(work, party, NODE, present).state == REVOKED


def contradicts(tx: Transaction, party: str, serial: int, content: str) -> bool:
    """Whether another card with this number was pinned. Raises OlderCard."""
    last = told(tx, party)
    if serial < last.serial:
        raise OlderCard(party=party, serial=serial, known=last.serial)
    return bool(serial) and serial == last.serial and content != last.digest


def pin_card(
    node: Node, work: Work, card: Card, compromised_since: datetime | None = None, *, has_officers: bool = True
) -> PartnerRow:
    """Pins all that `card` says; without officers those that are named stay."""
    before = next((known for known in work.tx.partners() if known.party == card.party), None)
    log = decode_vkey(card.log_vkey).key.to_text()
    for kind, key in ((NODE, card.public_key), (LEDGER, log)):
        refuse_key(node, work.tx, card.party, key)
        pin_key(work, card.party, kind, key, serial=card.serial, compromised_since=compromised_since)
    row = PartnerRow(party=card.party, url=card.url, public_key=card.public_key, added_at=work.now)
    work.tx.put_partner(row)
    work.tx.put_setting(f"log-key:{card.party}", card.log_vkey)
    put_told(work.tx, card.party, card.serial, card.digest, card.issued_at)
    if has_officers:
        officers_of_card(work, card.party, [_officer_row(card.party, officer) for officer in card.officers])
    key_id = PublicKey.from_text(card.public_key).key_id
    work.write("partner-pinned", card.party, {"node_key": key_id, "url": card.url, "log": card.log_vkey})
    if before is None:
        for kind in (NODE, LEDGER):
            work.tx.put_setting(knows_name(card.party, kind), own_keys(node, work.tx, kind)[-1].public_key)
        tell_newcomer(node, work, card.party)
    hear_suspensions_again(node, work, card.party)
    return row


def add_officer(node: Node, officer: str, title: str, key: PrivateKey) -> OfficerRow:
    """Names an officer of our own party who may sign agreements; the key stays with the officer.

    Agreements judge a signature by the day in their own zone, so the term begins with the day furthest west.
    """
    with node.writing() as work:
        today = (work.now - FURTHEST_WEST).date()
        row = OfficerRow(
            party=node.party,
            officer=officer,
            title=title,
            public_key=key.public.to_text(),
            valid_from=today,
            valid_until=today + timedelta(days=OFFICER_DAYS),
        )
        name_officer(work, row)
        work.write("officer-named", officer, {"title": title, "key": key.public.key_id})
    return row


def own_officers(node: Node) -> Sequence[tuple[str, str]]:
    """Id and title of the officers of our own party, in order of id."""
    with node.store.reading() as tx:
        return [(row.officer, row.title) for row in tx.officers() if row.party == node.party]


def partners(node: Node) -> Sequence[PartnerRow]:
    with node.store.reading() as tx:
        return tx.partners()


def refuse_card(node: Node, card: Card) -> None:
    node.catalogue.vocabulary.list("party").term(card.party)
    check_address(card.url)
    with node.store.reading() as tx:
        ours = {row.public_key for kind in (NODE, LEDGER) for row in own_keys(node, tx, kind)}
        if tx.outside_party(card.party) is not None:
            raise KeptOutside(party=card.party)
    if card.party == node.party or card.public_key in ours:
        raise OwnCard(party=card.party)
    if card.domain != node.config.domain:
        raise OtherDomain(party=card.party, theirs=card.domain, ours=node.config.domain)


def _officer_json(row: OfficerRow) -> dict[str, str]:
    until = row.valid_until.isoformat() if row.valid_until else ""
    return {
        "officer": row.officer,
        "title": row.title,
        "public_key": row.public_key,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": until,
    }


def _officer_row(party: str, body: Mapping[str, str]) -> OfficerRow:
    until = body["valid_until"]
    return OfficerRow(
        party=party,
        officer=body["officer"],
        title=body["title"],
        public_key=body["public_key"],
        valid_from=date.fromisoformat(body["valid_from"]),
        valid_until=date.fromisoformat(until) if until else None,
    )
