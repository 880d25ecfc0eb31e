"""Reading one closed JSON object of this version of the protocol: canonical bytes in, members out, or the reason why
not."""

from collections.abc import Callable, Mapping
from typing import Any

from entente.errors import EntenteError, PartnerFault
from entente.exchange.members import Check, faults
from entente.signing import NotCanonical, parse

VERSION = 1


class UnknownVersion(PartnerFault):
    """A message is written in version {version} of the protocol; this node reads version {known}. Update the older of
    the two nodes."""


def is_version(value: object) -> bool:
    return type(value) is int and value == VERSION  # exactly: True == 1


def read_object(data: bytes, shape: Mapping[str, Check], unreadable: Callable[[str], EntenteError]) -> dict[str, Any]:
    """The members of the canonical object `data` of `shape`. Raises `unreadable(why)`, UnknownVersion.

    Another version is told apart before anything else is judged: its shape is not ours to judge.
    """
    try:
        members = parse(data)
    except NotCanonical as error:
        raise unreadable(str(error)) from error
    version = members.get("v") if isinstance(members, dict) else None
    if "v" in shape and type(version) is int and version != VERSION:
        raise UnknownVersion(version=version, known=VERSION)
    why = faults(members, shape)
    if why or not isinstance(members, dict):
        raise unreadable(why)
    return members
