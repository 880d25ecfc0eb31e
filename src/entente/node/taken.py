"""What a handler makes of one message that arrived, and the shape of a handler; `taking` lists them by type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from entente.exchange import Message
from entente.node.work import Node, Work
from entente.signing import Json


@dataclass(frozen=True, slots=True)
class Taken:
    """An event of the table INBOUND with its reason code, and what the ledger entry says beside it."""

    event: str
    reason: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)


Handler = Callable[[Node, Work, str, Message, bytes], Taken]
"""(node, work, speaker, message, body) -> Taken. INVARIANT: whatever can fail comes before the first thing written."""
