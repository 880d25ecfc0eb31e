"""The floor of area and count under which nothing that rests on what the public has given is told to the public.

It is dated reference data (list `bulletin-floor`); a node may set higher numbers in its node.toml, never lower ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from entente.errors import InputFault, Misconfigured
from entente.node.config import Config
from entente.records import Catalogue, Value

FLOOR = "bulletin-floor"
_EVERYWHERE = "all"
# A country or one of its first subdivisions: `ca`, `ca-bc`. No county, town or district has this form.
_LARGE = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?")


class PlaceTooSmall(InputFault):
    """The finding is about `{place}`, and what rests on drug checking is told to the public for no place smaller than a
    province or state. Look again without that place."""


class TooFewTested(InputFault):
    """The finding rests on {tested} tested samples, and what rests on drug checking is told to the public for no fewer
    than {fewest}: so few could point to somebody. Wait until more were tested."""


class NoFloorInForce(Misconfigured):
    """No row of the list `bulletin-floor` counts on {day}, so nothing can be told. Add one with its source and day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The row of the list that counts, with the numbers of this node where they are higher."""

    code: str
    fewest_found: int
    fewest_tested: int


def is_given_by_public(catalogue: Catalogue, kinds: tuple[str, ...]) -> bool:
    """True where one of `kinds` serves only what it was given for, as drug-checking counts do, or is not known here."""
    return any(kind not in catalogue.kinds or catalogue.kinds[kind].only_for is not None for kind in kinds)


def floor_on(day: date, config: Config, catalogue: Catalogue) -> Floor:
    """Raises NoFloorInForce."""
    rows = [term for term in catalogue.vocabulary.list(FLOOR).terms.values() if term.attributes["since"] <= day]
    if not rows:
        raise NoFloorInForce(day=day)
    newest = max(rows, key=lambda term: (term.attributes["since"], term.code))
    return Floor(
        code=newest.code,
        fewest_found=max(int(newest.attributes["fewest_found"]), config.bulletin_fewest_found),
        fewest_tested=max(int(newest.attributes["fewest_tested"]), config.bulletin_fewest_tested),
    )


def check_floor(values: Mapping[str, Value], floor: Floor) -> None:
    """Raises PlaceTooSmall, TooFewTested; a number that is not told is too few."""
    place = str(values["place"])
    if place != _EVERYWHERE and not _LARGE.fullmatch(place):
        raise PlaceTooSmall(place=place)
    tested = values.get("of")
    if not isinstance(tested, int) or tested < floor.fewest_tested:
        raise TooFewTested(tested="?" if tested is None else tested, fewest=floor.fewest_tested)
