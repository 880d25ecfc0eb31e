"""Partners are pinned from their cards by a person; their officers' keys come with the card."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from entente.errors import InputFault
from entente.node.agreeing import tell_newcomer
from entente.node.creating import check_address
from entente.node.identity import Card
from entente.node.work import Node
from entente.signing import PrivateKey, PublicKey
from entente.store import OfficerRow, PartnerRow

FURTHEST_WEST = timedelta(hours=12)
OFFICER_DAYS = 3 * 366


class OwnCard(InputFault):
    """The card is that of {party}, which is this node itself, or uses this node's key. Two nodes never share one
    identity: ask the partner for its own card."""


class KeyOfAnother(InputFault):
    """The key on the card of {party} is already pinned for {other}. One key speaks for one party: ask both to check."""


class OtherDomain(InputFault):
    """The card of {party} is of the domain {theirs}, and this node is of the domain {ours}. Demo nodes and production
    nodes never meet."""


class NoSuchPartner(InputFault):
    """This node has no partner `{party}`. The list of partners shows whom it knows."""


def card_of(node: Node) -> Card:
    """What partners pin of this node."""
    with node.store.reading() as tx:
        officers = [row for row in tx.officers() if row.party == node.party]
    return Card(
        party=node.party,
        domain=node.config.domain,
        url=node.config.url,
        public_key=node.identity.node_key.public.to_text(),
        log_vkey=node.identity.log_vkey,
        officers=tuple(_officer_json(row) for row in officers),
    )


def add_partner(node: Node, card: Card) -> PartnerRow:
    """Pins `card`, or renews it. Raises OwnCard, KeyOfAnother, OtherDomain, PlainAddress, UnknownWord."""
    _refuse_card(node, card)
    with node.writing() as work:
        is_new = all(known.party != card.party for known in work.tx.partners())
        for known in work.tx.partners():
            if known.public_key == card.public_key and known.party != card.party:
                raise KeyOfAnother(party=card.party, other=known.party)
        row = PartnerRow(party=card.party, url=card.url, public_key=card.public_key, added_at=work.now)
        work.tx.put_partner(row)
        work.tx.put_setting(f"log-key:{card.party}", card.log_vkey)
        for officer in card.officers:
            work.tx.put_officer(_officer_row(card.party, officer))
        key_id = PublicKey.from_text(card.public_key).key_id
        work.write("partner-pinned", card.party, {"node_key": key_id, "url": card.url, "log": card.log_vkey})
        if is_new:
            tell_newcomer(node, work, card.party)
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
        work.tx.put_officer(row)
        work.write("officer-named", officer, {"title": title, "key": key.public.key_id})
    return row


def own_officers(node: Node) -> Sequence[tuple[str, str]]:
    """Id and title of the officers of our own party, in order of id."""
    with node.store.reading() as tx:
        return [(row.officer, row.title) for row in tx.officers() if row.party == node.party]


def partners(node: Node) -> Sequence[PartnerRow]:
    with node.store.reading() as tx:
        return tx.partners()


def _refuse_card(node: Node, card: Card) -> None:
    node.catalogue.vocabulary.list("party").term(card.party)
    check_address(card.url)
    if card.party == node.party or card.public_key == node.identity.node_key.public.to_text():
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
