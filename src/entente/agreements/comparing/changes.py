"""The differences between two versions put together to a few changes, each of which one paragraph can say in full.

Places that changed alike are one change. INVARIANT: a change names parties, purposes, occasions and fields only where
every combination of them changed so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.comparing.differences import Difference, What, differences
from entente.agreements.comparing.places import Place, bare
from entente.records import Catalogue
from entente.signing import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`pairs` of giver and receiver, `fields` as pairs of kind and field. `is_ending`: what is now forbidden was given
    before. `occasions` is empty where they have no say. `said_by`: whose records are passed on, where it is not the
    giver's own."""

    pairs: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    occasions: tuple[str, ...]
    is_own: bool
    said_by: tuple[str, ...]
    first: date
    last: date
    what: What
    is_ending: bool = False

    def to_json(self) -> dict[str, Json]:
        return {
            "change": self.what.change,
            "pairs": [{"giver": giver, "receiver": receiver} for giver, receiver in self.pairs],
            "fields": [f"{kind}.{field}" for kind, field in self.fields],
            "purposes": list(self.purposes),
            "occasions": list(self.occasions),
            "said_by": list(self.said_by),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "is_handled_otherwise": self.what.is_handled_otherwise,
            "before": self.what.before.to_json(),
            "after": self.what.after.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisions:
    """Provisions, by id, that were added, removed or worded otherwise without any effect of their own."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What `new` changes, compared with `old` as if that had been valid on the same days."""

    old: Agreement
    new: Agreement
    changes: Sequence[Changed]
    without_effect: Provisions

    @property
    def is_same(self) -> bool:
        """True when they are the same bytes."""
        return self.old.digest == self.new.digest


def compare(old: Agreement, new: Agreement, catalogue: Catalogue) -> Comparison:
    """The changes from `old` to `new`, gains and losses before what is only handled otherwise. Raises TooIntricate."""
    found = differences(on_the_days_of(new, old), new, catalogue)
    ending = _covered(found, old, new)
    rows = [_row(one) for one in found if one.place not in ending or one.what.change not in ("ends", "narrows")]
    changes = [replace(one, is_ending=_is_ending(one, ending)) for one in _merged(rows)]
    touched = {id_ for one in found for side in (one.what.before, one.what.after) for id_ in side.provisions}
    return Comparison(old=old, new=new, changes=changes, without_effect=_without_effect(old, new, touched))


def on_the_days_of(new: Agreement, old: Agreement) -> Agreement:
    """`old` as if it were valid on the days of `new`: what changes by its ending alone is no change of what it says."""
    window = (old.valid_from, old.valid_until)
    provisions = tuple(
        replace(found, valid_from=new.valid_from, valid_until=new.valid_until)
        if (found.valid_from, found.valid_until) == window
        else found
        for found in old.provisions
    )
    return replace(old, valid_from=new.valid_from, valid_until=new.valid_until, provisions=provisions)


def _covered(found: Sequence[Difference], old: Agreement, new: Agreement) -> set[Place]:
    """Places where a new forbid is why something is given no longer, or in fewer cases: the forbid tells it all."""
    forbids = {one.place: one.what for one in found if one.what.change == "barred"}
    covered = set()
    for one in found:
        forbid = forbids.get(replace(one.place, occasion="", said_by=""))
        if forbid is not None and _explains(forbid, one.what, old, new):
            covered.add(one.place)
    return covered


def _explains(forbid: What, what: What, old: Agreement, new: Agreement) -> bool:
    if what.change == "ends":
        added = [new.provision(id_) for id_ in forbid.after.provisions if id_ not in forbid.before.provisions]
        return any(one is not None and not one.when for one in added)
    gave = [[_bare(text, id_) for id_ in side.provisions] for text, side in ((old, what.before), (new, what.after))]
    return what.change == "narrows" and gave[0] == gave[1]


def _bare(text: Agreement, id_: str) -> Provision | None:
    found = text.provision(id_)
    return found and replace(bare(found), valid_from=text.valid_from, valid_until=text.valid_until)


def _is_ending(one: Changed, ending: set[Place]) -> bool:
    if one.what.change != "barred":
        return False
    places = {(place.giver, place.receiver, place.kind, place.field, place.purpose) for place in ending}
    return any(
        (*pair, *field, purpose) in places for pair in one.pairs for field in one.fields for purpose in one.purposes
    )


def _row(one: Difference) -> Changed:
    place = one.place
    return Changed(
        pairs=((place.giver, place.receiver),),
        fields=((place.kind, place.field),),
        purposes=(place.purpose,),
        occasions=(place.occasion,) if place.occasion else (),
        is_own=not place.said_by,
        said_by=(place.said_by,) if place.said_by else (),
        first=one.first,
        last=one.last,
        what=one.what,
    )


_RANK = ("ends", "barred", "rebarred", "narrows", "shifts", "begins", "widens", "unbarred", "handled")


def _merged(rows: list[Changed]) -> list[Changed]:
    rows = _together(rows, lambda row: row.fields, lambda row, found: replace(row, fields=found))
    rows = _together(rows, lambda row: row.occasions, lambda row, found: replace(row, occasions=found))
    rows = _together(rows, lambda row: row.purposes, lambda row, found: replace(row, purposes=found))
    rows = _together(rows, lambda row: row.said_by, lambda row, found: replace(row, said_by=found))
    rows = _together(rows, lambda row: row.pairs, lambda row, found: replace(row, pairs=found))
    shaped = [replace(row, pairs=pairs) for row in rows for pairs in _shapes(row.pairs)]
    return sorted(
        shaped, key=lambda one: (_RANK.index(one.what.change), one.first, one.pairs, one.fields, one.purposes)
    )


T = TypeVar("T")


def _together(
    rows: Iterable[Changed],
    part: Callable[[Changed], tuple[T, ...]],
    with_part: Callable[[Changed, tuple[T, ...]], Changed],
) -> list[Changed]:
    """Rows that differ in one part only become one that has it all."""
    groups: dict[Changed, set[T]] = {}
    for row in rows:
        groups.setdefault(with_part(row, ()), set()).update(part(row))
    return [with_part(row, tuple(sorted(found))) for row, found in groups.items()]  # type: ignore[type-var]


Pairs = tuple[tuple[str, str], ...]


def _shapes(pairs: Pairs) -> Iterator[Pairs]:
    """`pairs` parted so that in each part all givers give to all receivers but themselves."""
    receivers: dict[str, frozenset[str]] = {}
    for giver, receiver in pairs:
        receivers[giver] = receivers.get(giver, frozenset()) | {receiver}
    circles: dict[frozenset[str], list[str]] = {}
    for giver, found in receivers.items():
        circles.setdefault(found | {giver}, []).append(giver)
    same: dict[frozenset[str], list[str]] = {}
    for circle, givers in circles.items():
        if len(givers) > 1:
            yield tuple(pair for pair in pairs if pair[0] in givers)
        else:
            same.setdefault(circle - {*givers}, []).extend(givers)
    for givers in same.values():
        yield tuple(pair for pair in pairs if pair[0] in givers)


def _without_effect(old: Agreement, new: Agreement, touched: set[str]) -> Provisions:
    before = {found.id: found for found in old.provisions}
    after = {found.id: found for found in new.provisions}
    silent = [id_ for id_ in dict.fromkeys([*before, *after]) if id_ not in touched]
    return Provisions(
        added=tuple(id_ for id_ in silent if id_ not in before),
        removed=tuple(id_ for id_ in silent if id_ not in after),
        reworded=tuple(id_ for id_ in silent if _is_reworded(before.get(id_), after.get(id_))),
    )


def _is_reworded(before: Provision | None, after: Provision | None) -> bool:
    """By their words or keys; that both texts have other days is no matter of one provision."""
    if before is None or after is None:
        return False
    return before != replace(after, valid_from=before.valid_from, valid_until=before.valid_until)
