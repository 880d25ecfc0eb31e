"""Roles of people at a node, and what each role may do: data alone; labels are in the vocabulary (lists `role`,
`role-work`, `permission`)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from entente.errors import InputFault
from entente.vocabulary import house_vocabulary

OFFICER, ANALYST, ADMINISTRATOR = "officer", "analyst", "administrator"
RELEASING_OFFICER, PRIVACY_OFFICER = "releasing-officer", "privacy-officer"
LIAISON, SECRETARIAT = "liaison", "secretariat"
ROLES = (OFFICER, ANALYST, RELEASING_OFFICER, PRIVACY_OFFICER, LIAISON, SECRETARIAT, ADMINISTRATOR)
"""In the order in which they are shown."""

_EVERYBODY = frozenset(ROLES)
_HANDLERS = frozenset((OFFICER, ANALYST))
_DESK = frozenset((RELEASING_OFFICER, PRIVACY_OFFICER))

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "read-own": _HANDLERS | _DESK,
        "read-received": _HANDLERS | {PRIVACY_OFFICER},
        "export": _HANDLERS | {PRIVACY_OFFICER},
        "import": _HANDLERS,
        "read-findings": _HANDLERS | _DESK,
        "review-findings": frozenset((ANALYST,)),
        "draft-bulletin": _HANDLERS,
        "approve-bulletin": frozenset((RELEASING_OFFICER,)),
        "read-notices": _HANDLERS | _DESK,
        "answer-notices": _HANDLERS,
        "read-obligations": _EVERYBODY,
        "manage-retention": frozenset((PRIVACY_OFFICER, ADMINISTRATOR)),
        "read-desk": _DESK,
        "release": frozenset((RELEASING_OFFICER,)),
        "read-recalls": _HANDLERS | _DESK,
        "recall": frozenset((RELEASING_OFFICER,)),
        "read-advisories": _HANDLERS | _DESK,
        "give-advisory": frozenset((RELEASING_OFFICER,)),
        "read-askings": _HANDLERS | _DESK,
        "ask-partners": _HANDLERS,
        "answer-requests": frozenset((RELEASING_OFFICER,)),
        "give-in-emergency": _HANDLERS | {RELEASING_OFFICER},
        "review-emergency": _DESK,
        "read-agreements": _EVERYBODY,
        "preview": _DESK,
        "read-partners": _EVERYBODY,
        "reconcile": frozenset((ADMINISTRATOR,)),
        "read-ledger": _DESK | {ADMINISTRATOR},
        "read-accesses": frozenset((PRIVACY_OFFICER,)),
        "read-training": frozenset((PRIVACY_OFFICER,)),
        "manage-people": frozenset((ADMINISTRATOR,)),
    }
)
"""Every permission -> the roles that have it.

INVARIANT: what is not here is permitted to nobody; administrators, liaison and secretariat read no record.
"""


class Forbidden(InputFault):
    """None of your roles may do this: {what}. It needs one of these roles: {roles}. Ask an administrator of this node
    if your work needs it."""

    def __init__(self, *, needs: str, language: str = "en") -> None:
        label = house_vocabulary().label
        roles = (label("role", role, language) for role in ROLES if role in PERMISSIONS.get(needs, ()))
        super().__init__(what=label("permission", needs, language), roles=", ".join(roles))


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """What somebody with these roles may do; roles that are none of ours add nothing."""
    held = set(roles)
    return frozenset(permission for permission, allowed in PERMISSIONS.items() if held & allowed)
