"""What a partner's node could make with its own key, if it were changed: any message, any batch, any request."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from entente.exchange import HttpRequest, Sealed, make_batch, message_for, seal, sign_request
from entente.node.work import Node
from entente.signing import PrivateKey, canonical
from story.world import CBP, CBSA, World

MESSAGES = "/exchange/v1/messages"


def total_body(agreement: str, **record: Any) -> bytes:
    """The body of a disclosure of a total under provision 1.1; `record` changes members of the record."""
    values = {
        "publication": "cbp-drug-seizures",
        "component": "ofo",
        "period_start": "2025-09-01",
        "region": "northern-border",
        "land_filter": "other",
        "drug": "fentanyl",
        "events": 1,
    }
    members: dict[str, Any] = {
        "id": "f" * 32,
        "version": 1,
        "kind": "seizure-total",
        "kind_version": 1,
        "said_by": CBP,
        "sure": "reported",
        "is_simulated": True,
        "values": values,
    }
    handling: dict[str, Any] = {
        "agreement": agreement,
        "provisions": ["1.1"],
        "purposes": ["statistics"],
        "caveats": ["no-onward", "statistical-use-only"],
        "duties": {"retain_days": 3650},
    }
    return canonical({"form": 1, "record": members | record, "handling": handling})


def agreement_in_force(node: Node) -> str:
    with node.store.reading() as tx:
        return tx.agreements()[0].digest


def next_message(node: Node, body: bytes, *, after: tuple[int, str] | None = None, **changes: Any) -> Sealed:
    """The message from `node` to CBSA that comes next (or after `after`), sealed with the node's key."""
    with node.store.reading() as tx:
        position = tx.position(CBSA)
    members: dict[str, Any] = {
        "type": "disclosure",
        "origin": node.party,
        "recipient": CBSA,
        "after": after or (position.sent_seq, position.sent_id),
        "created_at": node.clock(),
        "is_simulated": True,
        "agreement": agreement_in_force(node),
        "provisions": ("1.1",),
        "purpose": "statistics",
        "caveats": ("no-onward", "statistical-use-only"),
    }
    return seal(message_for(body, **(members | changes)), body, node.identity.node_key)


def request_with(
    world: World,
    *messages: Sealed,
    key: PrivateKey | None = None,
    created: datetime | None = None,
    nonce: str = "a-nonce-of-22-letters.",
    first_seq: int | None = None,
) -> HttpRequest:
    """A signed request that brings `messages` from CBP to CBSA."""
    node = world.nodes[CBP]
    with node.store.reading() as tx:
        seq = first_seq or tx.position(CBSA).sent_seq + 1
    batch = make_batch(messages, origin=CBP, recipient=CBSA, first_seq=seq, key=node.identity.node_key)
    return sign_request(
        method="POST",
        url=world.nodes[CBSA].config.url + MESSAGES,
        body=batch.to_wire(),
        key=key or node.identity.node_key,
        created=created or node.clock(),
        nonce=nonce,
    )


def post(request: HttpRequest, body: bytes | None = None) -> httpx.Response:
    """Sends the request as it is, or with another body."""
    return httpx.post(request.url, content=request.body if body is None else body, headers=list(request.headers))


OLD = timedelta(seconds=90)
