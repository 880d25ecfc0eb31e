"""What queries and requests have in common at both ends: what may be asked by, under which provisions, how often, and
how soon an answer is due."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from entente.agreements import Agreement, Occasion
from entente.exchange import due_at
from entente.records import Kind
from entente.vocabulary import Vocabulary

BY_US, OF_US = "asked-by-us", "asked-of-us"
QUERY_TYPE, REQUEST_TYPE = "query", "request"
OCCASIONS: dict[str, Occasion] = {QUERY_TYPE: "on-hit", REQUEST_TYPE: "on-request"}
OPEN = ("asked", "looked", "desk")
"""States in which something is still waited for; as in the queries of the store."""
_BUDGETS = {QUERY_TYPE: "default", REQUEST_TYPE: "request"}


def provided(
    agreement: Agreement, type_: str, giver: str, receiver: str, *, kind: str, purpose: str, now: datetime
) -> tuple[str, ...]:
    """Ids of the provisions by which `giver` may answer such a question of `receiver`; none where it may not ask."""
    day = agreement.local_day(now)
    return tuple(
        found.id
        for found in agreement.provisions
        if found.effect == "permit"
        and found.occasion == OCCASIONS[type_]
        and found.is_between(giver, receiver)
        and found.is_for(purpose)
        and kind in (found.kinds or ())
        and found.on_behalf_of is None
        and found.is_valid_on(day)
    )


def is_fit(kind: Kind, names: Sequence[str]) -> bool:
    """True when values of these fields identify one thing: a field that does by itself, or two that do together."""
    if not names or not set(names) <= {*kind.selectors, *kind.weak_selectors}:
        return False
    return any(name in kind.selectors for name in names) or len(set(names)) >= 2


def normalised(value: object) -> str:
    """As two values are compared: compatibility forms, letter case and runs of blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", str(value)).casefold().split())


def a_day(agreement: Agreement, purpose: str, type_: str, vocabulary: Vocabulary) -> int:
    """How many such questions one partner may ask in a day for this purpose."""
    if type_ == QUERY_TYPE and purpose in agreement.budgets:
        return agreement.budgets[purpose]
    return int(vocabulary.list("query-budget").term(_BUDGETS[type_]).attributes["queries"])


def start_of_day(agreement: Agreement, now: datetime) -> datetime:
    """When the local day of the agreement began."""
    return datetime.combine(agreement.local_day(now), time.min, ZoneInfo(agreement.zone))


def answer_by(agreement: Agreement, urgency: str, created_at: datetime, vocabulary: Vocabulary) -> datetime | None:
    """When an answer is due: by the hours of the agreement, else by default; None where the class has none."""
    return due_at(urgency, created_at, vocabulary.list("urgency"), agreement.due_hours)
