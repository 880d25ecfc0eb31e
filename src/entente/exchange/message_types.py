"""The closed list of message types: which way each goes and what its envelope must name.

Data about a person or a thing flows *with the data*, from the party that gives to the party that receives;
questions, thanks and proofs flow *against* it. Labels in three languages: list `message-type` in
vocabulary/words/exchange.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Direction(StrEnum):
    """Who sends a message of this type, seen from the flow of data."""

    WITH_DATA = "with-data"
    AGAINST_DATA = "against-data"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageType:
    """What an envelope of this type must name. What it need not name, it may.

    `needs_agreement`: the digest of an agreement. `needs_force`: that agreement must be in force when the message is
    made, and the envelope names a purpose (a recall or an erasure receipt outlives its agreement, a disclosure does
    not). `needs_provisions`: the provisions that permit it. `needs_about`: the id of the message that it answers or
    changes.
    """

    code: str
    direction: Direction
    needs_agreement: bool = False
    needs_force: bool = False
    needs_provisions: bool = False
    needs_about: bool = False

    def missing(self, *, agreement: bool, purpose: bool, provisions: bool, about: bool) -> tuple[str, ...]:
        """The members that this type needs and that are not there."""
        needs = {
            "agreement": self.needs_agreement and not agreement,
            "purpose": self.needs_force and not purpose,
            "provisions": self.needs_provisions and not provisions,
            "about": self.needs_about and not about,
        }
        return tuple(name for name, is_missing in needs.items() if is_missing)


def _data(code: str, *, needs_about: bool = False) -> MessageType:
    return MessageType(
        code=code,
        direction=Direction.WITH_DATA,
        needs_agreement=True,
        needs_force=True,
        needs_provisions=True,
        needs_about=needs_about,
    )


def _asked(code: str, *, needs_about: bool = False) -> MessageType:
    return MessageType(
        code=code, direction=Direction.AGAINST_DATA, needs_agreement=True, needs_force=True, needs_about=needs_about
    )


def _follow_up(code: str, direction: Direction) -> MessageType:
    return MessageType(code=code, direction=direction, needs_agreement=True, needs_about=True)


_ALL = (
    _asked("query"),
    _data("answer", needs_about=True),
    _asked("request"),
    _data("disclosure"),
    MessageType(code="refusal", direction=Direction.EITHER, needs_about=True),
    MessageType(code="receipt", direction=Direction.AGAINST_DATA),
    _data("notification"),
    _follow_up("feedback", Direction.AGAINST_DATA),
    _data("correction"),
    _follow_up("recall", Direction.WITH_DATA),
    _follow_up("erasure-receipt", Direction.AGAINST_DATA),
    _asked("redisclosure-request", needs_about=True),
    _data("redisclosure-grant", needs_about=True),
    _data("advisory"),
    MessageType(code="agreement-proposal", direction=Direction.EITHER, needs_agreement=True),
    MessageType(code="agreement-signature", direction=Direction.EITHER, needs_agreement=True),
    MessageType(code="agreement-suspension", direction=Direction.EITHER, needs_agreement=True),
    MessageType(code="checkpoint", direction=Direction.EITHER),
    MessageType(code="reconciliation", direction=Direction.EITHER),
    MessageType(code="key-change", direction=Direction.EITHER),
)

MESSAGE_TYPES: Mapping[str, MessageType] = MappingProxyType({type_.code: type_ for type_ in _ALL})
