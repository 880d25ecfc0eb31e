"""How provisions that apply together combine: what they impose only ever tightens."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from entente.agreements.agreement import RELEASES, Provision, Release
from entente.records import Kind

MOST_OFFICERS = len(RELEASES) - 1
"""More approvals than this make no difference."""


def combined_duties(provisions: Iterable[Provision]) -> dict[str, int]:
    """The union of all duties; of days, the fewest."""
    result: dict[str, int] = {}
    for provision in provisions:
        tighten(result, provision.duties)
    return dict(sorted(result.items()))


def tighten(duties: dict[str, int], others: Mapping[str, int]) -> None:
    """Adds `others` to `duties` in place; of days, the fewest stay."""
    for name, days in others.items():
        duties[name] = min(days, duties.get(name, days))


def combined_caveats(provisions: Iterable[Provision]) -> tuple[str, ...]:
    """The union, sorted."""
    return tuple(sorted({caveat for provision in provisions for caveat in provision.caveats}))


def combined_purposes(provisions: Sequence[Provision], forbids: Iterable[Provision]) -> tuple[str, ...]:
    """The purposes that every permit names and no forbid takes away, sorted. Of no permits, none."""
    if not provisions:
        return ()
    allowed = set.intersection(*(set(provision.purposes or ()) for provision in provisions))
    for forbid in forbids:
        allowed -= set(forbid.purposes) if forbid.purposes is not None else allowed
    return tuple(sorted(allowed))


def within_limits(purposes: Iterable[str], *limits: Collection[str] | None) -> tuple[str, ...]:
    """Those of `purposes` that every limit allows, in order; None limits nothing."""
    return tuple(found for found in purposes if all(limit is None or found in limit for limit in limits))


def with_caveats(caveats: Iterable[str], kind: Kind, *others: str) -> tuple[str, ...]:
    """`caveats` with those that the kind itself carries and `others`, sorted."""
    return tuple(sorted({*caveats, *kind.caveats, *others}))


def officers_needed(provision: Provision, *, is_about_person: bool) -> int:
    """How many different officers must approve. INVARIANT: what concerns a person never leaves without one."""
    return max(RELEASES.index(provision.release), int(is_about_person))


def release_by(officers: int) -> Release:
    return RELEASES[officers]
