"""A secretariat's signed directory: written from what its node has pinned, read as a suggestion to a person."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from entente.errors import InputFault, PartnerFault, Tampered
from entente.exchange import (
    ListedKey,
    ListedNode,
    SharedDirectory,
    directory_bytes,
    read_directory,
)
from entente.ledger import encode_vkey
from entente.node.identity import Card, log_origin
from entente.node.in_force import roles_of
from entente.node.key_view import ShownKey, all_keys
from entente.node.keyring import LEDGER, NODE, REVOKED, put_told, told
from entente.node.partnering import CardsContradict, contradicts, pin_card, refuse_card
from entente.node.succeeding import present_of
from entente.node.work import Node
from entente.signing import PrivateKey, PublicKey, digest
from entente.store import Transaction

PINNED, LAST = "directory-key", "directory-last"
NEW, SAME, DIFFERS, OWN = "new", "same", "differs", "own"


class NoDirectoryKey(InputFault):
    """No key of a secretariat is pinned here. Ask the secretariat for it by telephone and give it with --key."""


class OtherDirectoryKey(InputFault):
    """Another key of a secretariat is pinned here than the one given. Compare both by telephone; `entente directory
    read` with --key and --replace-key pins the new one."""


class OlderDirectory(PartnerFault):
    """The directory has the version {version}, and version {known} was read before. Nothing was taken from it; ask the
    secretariat for its newest."""


class DirectoriesContradict(Tampered):
    """The secretariat has signed two different directories with the version {version}. Nothing was taken from it; keep
    both files and ask the secretariat."""


class ExpiredDirectory(PartnerFault):
    """The directory ended on {expired}. Nothing was taken from it; ask the secretariat for its newest."""


class NotListed(InputFault):
    """The directory lists nothing to accept for `{party}`. Read it without --accept to see what it lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the directory says of a party beside what is pinned: new, same, differs (in `what`), or ourselves (own)."""

    party: str
    state: str
    what: tuple[str, ...]
    node: ListedNode

    def to_json(self) -> dict[str, Any]:
        return {"party": self.party, "state": self.state, "what": list(self.what), "listed": self.node.to_json()}


def write_directory(node: Node, key: PrivateKey, days: int) -> bytes:
    """The next version: this node and all its partners, with the keys that count or will have counted."""
    shown = all_keys(node)
    with node.writing() as work:
        known = [(row.party, row.url) for row in work.tx.partners()]
        nodes = [_listed(node, work.tx, party, url, shown) for party, url in [(node.party, node.config.url), *known]]
        version = int(work.tx.setting("directory-version") or 0) + 1
        work.tx.put_setting("directory-version", str(version))
        made = SharedDirectory(
            version=version,
            issued_at=work.now,
            expires_at=work.now + timedelta(days=days),
            nodes=tuple(sorted(nodes, key=lambda one: one.party)),
        )
    return directory_bytes(made, key)


def _listed(node: Node, tx: Transaction, party: str, url: str, shown: Sequence[ShownKey]) -> ListedNode:
    last = told(tx, party)
    keys = [key for key in shown if key.party == party and key.state != REVOKED]
    return ListedNode(
        party=party,
        domain=node.config.domain,
        url=url,
        roles=tuple(sorted(roles_of(node.catalogue.vocabulary, party))),
        serial=last.serial,
        card=last.digest or None,
        keys=tuple(
            ListedKey(kind=key.kind, public_key=key.public_key, valid_from=key.valid_from, valid_until=key.valid_until)
            for key in keys
        ),
    )


def suggestions(
    node: Node, source: str, data: bytes, key: PublicKey | None, *, may_replace: bool = False
) -> Sequence[Suggestion]:
    """What the directory says beside what is pinned; its version is remembered, and `key` pinned at the first.

    Raises NoDirectoryKey, OtherDirectoryKey, UnreadableDirectory, BadSignature, OlderDirectory, DirectoriesContradict,
    ExpiredDirectory.
    """
    with node.writing() as work:
        pinned = work.tx.setting(PINNED)
        chosen = _chosen(pinned, key, may_replace=may_replace)
        found = read_directory(source, data, chosen)
        is_first = pinned != chosen.to_text()
        _refuse_old(found, digest(data.strip()), None if is_first else work.tx.setting(LAST))
        if found.expires_at <= work.now:
            raise ExpiredDirectory(expired=found.expires_at.date().isoformat())
        if is_first:
            work.tx.put_setting(PINNED, chosen.to_text())
            work.write("configuration", node.party, {"directory_key": chosen.key_id})
        work.tx.put_setting(LAST, json.dumps([found.version, digest(data.strip())]))
        return [_beside(node, work.tx, listed) for listed in found.nodes]


def _chosen(pinned: str | None, key: PublicKey | None, *, may_replace: bool) -> PublicKey:
    if pinned is None and key is None:
        raise NoDirectoryKey
    if pinned is not None and key is not None and key.to_text() != pinned and not may_replace:
        raise OtherDirectoryKey
    return key if key is not None else PublicKey.from_text(pinned or "")


def _refuse_old(found: SharedDirectory, content: str, last: str | None) -> None:
    version, known = json.loads(last) if last else (0, "")
    if found.version < version:
        raise OlderDirectory(version=found.version, known=version)
    if found.version == version and known != content:
        raise DirectoriesContradict(version=version)


def _beside(node: Node, tx: Transaction, listed: ListedNode) -> Suggestion:
    what = [
        name
        for name, pinned, said in (
            ("address", _url(tx, listed.party), listed.url),
            ("key", present_of(tx, listed.party, NODE), listed.present(NODE)),
            ("ledger-key", present_of(tx, listed.party, LEDGER), listed.present(LEDGER)),
            ("roles", sorted(roles_of(node.catalogue.vocabulary, listed.party)), sorted(listed.roles)),
        )
        if pinned != said
    ]
    if listed.party == node.party:
        return Suggestion(party=listed.party, state=OWN, what=(), node=listed)
    state = NEW if _url(tx, listed.party) is None else DIFFERS if what else SAME
    return Suggestion(party=listed.party, state=state, what=tuple(what), node=listed)


def _url(tx: Transaction, party: str) -> str | None:
    return next((row.url for row in tx.partners() if row.party == party), None)


def accept_listed(node: Node, suggestion: Suggestion) -> None:
    """A person pins what the directory says of this party; its officers stay, and a new one has none before its card.

    Raises NotListed and what pinning a card raises.
    """
    listed = suggestion.node
    keys = listed.present(NODE), listed.present(LEDGER)
    if suggestion.state not in {NEW, DIFFERS} or None in keys:
        raise NotListed(party=listed.party)
    card = Card(
        party=listed.party,
        domain=listed.domain,
        url=listed.url,
        public_key=keys[0] or "",
        log_vkey=encode_vkey(log_origin(listed.party), PublicKey.from_text(keys[1] or "")),
        officers=(),
        serial=listed.serial,
    )
    refuse_card(node, card)
    with node.writing() as work:
        if contradicts(work.tx, listed.party, listed.serial, listed.card or ""):
            raise CardsContradict(party=listed.party, serial=listed.serial)
        pin_card(node, work, card, has_officers=False)
        put_told(work.tx, listed.party, listed.serial, listed.card or "")
