"""Two approvals need two people, and two accounts are not always two people.

Whoever gave an account its way in (its first password, a new one, a linked identity) can come in as that account until
its owner has made it their own, and nothing here can see when that was. So both count as one for some hours after.
"""

from datetime import datetime, timedelta

from entente.errors import InputFault
from entente.node.work import Node, Work


class NotApart(InputFault):
    """`{name}` and `{other}` may be one person: somebody gave one of them its way to sign in less than {hours} hours
    before the first of the two acted, and can come in as both. Ask an officer whose account is older."""


def check_apart(node: Node, work: Work, name: str, other: str, at: datetime) -> None:
    """Whether the account `name` may do now what needs another person than the account `other`, which acted at `at`.

    INVARIANT: whoever holds, or had just given, the ways in of two accounts does not count as two, also not through a
    third account that he or she gave. Raises NotApart.
    """
    hours = node.config.approval_apart_hours
    since = at - timedelta(hours=hours)
    if name != other and _hands(work, name, since) & _hands(work, other, since):
        raise NotApart(name=name, other=other, hours=hours)


def _hands(work: Work, name: str, since: datetime) -> frozenset[str]:
    """The accounts that could come in as `name`: its own, the one that gave it its way in after `since`, and so on."""
    found, wanted = set[str](), name
    while wanted not in found and (row := work.tx.account(wanted)) is not None:
        found.add(wanted)
        if row.given_at is not None and row.given_at > since:
            wanted = row.given_by
    return frozenset(found)
