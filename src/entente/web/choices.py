"""What somebody chose of the list of records, as it stands in the address: every choice can be shared, added to and
taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entente.node.searching import Asked
from entente.web.rendering import link

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

PATH = "/records"
SEVERAL = ("kind", "said_by", "place", "year")
"""Of these several may be chosen; a record fits when one of them does."""
ONE = ("q", "side", "simulated", "since", "until", "order")
MOST = 50
NEWEST = "recorded-desc"
SIMULATED = {"true": True, "false": False}
_BETWEEN = "~"


@dataclass(frozen=True, slots=True)
class Choices:
    """Values by name of the parameter, none of them empty. The page (`after`) belongs to no other choice: whatever is
    changed, the list begins anew."""

    said: Mapping[str, tuple[str, ...]]
    after: str = ""

    def one(self, name: str) -> str:
        return next(iter(self.said.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        return self.said.get(name, ())

    @property
    def order(self) -> str:
        return self.one("order") or NEWEST

    @property
    def is_narrowed(self) -> bool:
        """Something is left out, by whatever but the order."""
        return any(name != "order" for name in self.said)

    def changed(self, **values: str | Sequence[str]) -> Choices:
        """With other values for these names; an empty one takes the choice away."""
        told = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in values.items()}
        said = {**self.said, **told}
        return Choices({name: value for name, value in said.items() if any(value)})

    def toggled(self, name: str, value: str) -> Choices:
        """Adds `value`, or takes it away where it is chosen; where only one may be chosen it takes the other's
        place."""
        chosen = self.all(name)
        if value in chosen:
            return self.changed(**{name: [one for one in chosen if one != value]})
        return self.changed(**{name: [*chosen, value] if name in SEVERAL else [value]})

    def address(self, path: str = PATH, *, after: str = "") -> str:
        return link(path, **self.said, after=after)

    def asked(self) -> Asked:
        """As the node searches; whether there are such kinds, days and orders is for the node to say."""
        value, _, record = self.after.partition(_BETWEEN)
        return Asked(
            text=self.one("q"),
            kinds=self.all("kind"),
            said_by=self.all("said_by"),
            places=self.all("place"),
            years=self.all("year"),
            since=self.one("since"),
            until=self.one("until"),
            side=self.one("side"),
            simulated=SIMULATED.get(self.one("simulated")),
            order=self.order,
            after=(value, record) if self.after else None,
        )


def choices_in(query: QueryParams) -> Choices:
    """What stands in an address, each value once, at most MOST of a name."""
    said: dict[str, tuple[str, ...]] = {}
    for name in (*ONE, *SEVERAL):
        told = (value.strip() for value in query.getlist(name))
        values = tuple(dict.fromkeys(value for value in told if value))
        if values:
            said[name] = values[:MOST] if name in SEVERAL else values[:1]
    return Choices(said, query.get("after", ""))


def page_end(place: tuple[str, str]) -> str:
    """Where a page ends, for the address of the next one."""
    return _BETWEEN.join(place)
