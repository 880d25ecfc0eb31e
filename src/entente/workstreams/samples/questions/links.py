"""Which samples of different seizures may come from one batch, by their chemical profiles: leads, never identities."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)
from entente.errors import InputFault
from entente.workstreams.samples.questions.given import FROM, UNTIL, rows, told, whole
from entente.workstreams.samples.questions.scales import DEFAULT, scales, word

if TYPE_CHECKING:
    from entente.analysis.linkage import Floats, Pairs, Profiles

MOST_SAMPLES = 1500
LEAST_SEIZURES = 10
"""Seizures with two samples or more that a ratio must have been learned from."""
_SMALLEST = -6.0  # smaller ratios are told as one in a million

_COLUMNS = (
    Column("sample_one", "text"),
    Column("seizure_one", "text"),
    Column("sample_other", "text"),
    Column("seizure_other", "text"),
    Column("peaks_compared", "integer"),
    Column("profile_distance", "decimal"),
    Column("likelihood_ratio", "decimal"),
    Column("strength", "text", vocabulary="link-strength"),
    Column("chance_false", "decimal"),
    Column("q", "decimal"),
    Column("standing", "text", vocabulary="link-standing"),
    Column("lead_group", "integer"),
)
_PEAKS = ("_said_by", "sample_number", "seizure_number", "peak", "amount", "detection_limit", "laboratory")
Row = dict[str, Any]


class TooManySamples(InputFault):
    """{given} samples have a profile, and at most {most} can be compared at once. Set `from` and `until` to shorten the
    time that is looked at."""


class NoChance(InputFault):
    """`{name}` cannot be {value}: it is a chance. Set `rate` above 0 and below 1, and `one_in` to 2 or more."""


@dataclass(frozen=True, slots=True)
class _Specimens:
    """(party, number) of each sample, its seizure as written, and the profiles in the same order."""

    names: tuple[tuple[str, str], ...]
    seizures: tuple[str | None, ...]
    profiles: "Profiles"


def _links(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    _check(arguments)
    given = tables["profile-peak"]
    used = _used(given, arguments, engine)
    read = rows(used, _PEAKS)
    specimens = _specimens(read)
    known = _known(specimens)
    shown, leads, pairs = _compared(specimens, arguments, is_ratio=known >= LEAST_SEIZURES)
    cautions = {
        "lead-not-identity": True,
        "prior-is-assumed": True,
        "too-few-known-links": known < LEAST_SEIZURES,
        "limits-assumed": any(row["detection_limit"] is None and not row["amount"] for row in read),
        "different-laboratories": len({row["laboratory"] for row in read}) > 1,
    }
    return Answer(
        question=LINKS.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, shown),
        denominators=(
            Denominator("peaks-used", used.rows.num_rows, given.rows.num_rows),
            Denominator("pairs-leads", leads, pairs),
            Denominator("seizures-known", known, len(set(specimens.profiles.seizures.tolist()))),
        ),
        cautions=tuple(code for code, is_said in cautions.items() if is_said),
        provenance=provenance([used]),
    )


def _check(arguments: Arguments) -> None:
    """Raises NoChance."""
    rate, one_in = arguments["rate"], whole(arguments["one_in"])
    if not isinstance(rate, Decimal) or not 0 < rate < 1:
        raise NoChance(name="rate", value=rate)
    if one_in < 2:
        raise NoChance(name="one_in", value=one_in)


def _used(given: Table, arguments: Arguments, engine: Engine) -> Table:
    """Peaks that say whose they are; where a limit of time is set, only those that say when they were measured."""
    sql = """
    SELECT * FROM peaks
    WHERE sample_number IS NOT NULL AND peak IS NOT NULL AND amount IS NOT NULL
        AND ($from IS NULL OR measured_on >= $from) AND ($until IS NULL OR measured_on <= $until)
    """
    limits = {name: arguments[name] for name in ("from", "until")}
    return Table(given.kind, engine.ask(sql, {"peaks": given.rows}, limits))


def _specimens(read: list[Row]) -> _Specimens:
    """A sample that does not say its seizure is a seizure of its own. Raises TooManySamples."""
    import numpy as np

    from entente.analysis.linkage import Profiles, limits_or_smallest

    names = sorted({(row["_said_by"], row["sample_number"]) for row in read})
    if len(names) > MOST_SAMPLES:
        raise TooManySamples(given=len(names), most=MOST_SAMPLES)
    peaks = sorted({row["peak"] for row in read})
    place = {name: number for number, name in enumerate(names)}
    column = {peak: number for number, peak in enumerate(peaks)}
    amounts, limits = (np.full((len(names), len(peaks)), np.nan) for _ in range(2))
    seizures: dict[tuple[str, str], str | None] = {}
    for row in read:
        name = (row["_said_by"], row["sample_number"])
        amounts[place[name], column[row["peak"]]] = float(row["amount"])
        if row["detection_limit"] is not None:
            limits[place[name], column[row["peak"]]] = float(row["detection_limit"])
        seizures[name] = seizures.get(name) or row["seizure_number"]
    groups = [(name[0], seizures[name]) if seizures[name] else name for name in names]
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    profiles = Profiles(
        amounts, limits_or_smallest(amounts, limits), np.array([numbers[group] for group in groups], dtype=np.int64)
    )
    return _Specimens(tuple(names), tuple(seizures[name] for name in names), profiles)


def _known(specimens: _Specimens) -> int:
    """Seizures with two samples or more."""
    seizures = specimens.profiles.seizures.tolist()
    return sum(seizures.count(one) > 1 for one in set(seizures))


def _compared(specimens: _Specimens, arguments: Arguments, *, is_ratio: bool) -> tuple[list[Row], int, int]:
    """(rows to show, the strongest first; how many pairs are leads; how many pairs of two seizures there are)."""
    import numpy as np

    from entente.analysis.linkage import AMOUNTS, PRETREATMENTS, all_pairs, cross_validated, distances, groups, leads

    profiles = specimens.profiles
    pairs = all_pairs(profiles.seizures)
    apart = ~pairs.is_linked
    prior, nothing = 1 / whole(arguments["one_in"]), np.full(int(apart.sum()), np.nan)
    ratios = cross_validated(profiles, AMOUNTS, prior=prior).batch[apart] if is_ratio else nothing
    asked = pairs.only(apart)
    away = distances(PRETREATMENTS["n4r"](profiles), asked.left, asked.right, "pearson") if len(asked) else ratios
    found = leads(np.nan_to_num(ratios, nan=-300.0), prior, float(str(arguments["rate"])))
    group = groups(len(profiles), asked.left[found.is_lead], asked.right[found.is_lead])
    order = np.lexsort((away, -np.nan_to_num(ratios, nan=-300.0)))
    rows_: list[Row] = []
    for place in _chosen(order.tolist(), asked, specimens, arguments, found.is_lead.tolist()):
        is_lead = bool(found.is_lead[place])
        rows_.append(
            {
                **_pair(specimens, int(asked.left[place]), int(asked.right[place])),
                "profile_distance": told(float(away[place])),
                **_ratio(float(ratios[place]), str(arguments["scale"])),
                "chance_false": told(float(found.chance_false[place])) if is_ratio else None,
                "q": told(float(found.q[place])) if is_ratio else None,
                "standing": "lead" if is_lead else "no-lead",
                "lead_group": int(group[asked.left[place]]) if is_lead else None,
            }
        )
    return _renumbered(rows_), int(found.is_lead.sum()), len(asked)


def _chosen(
    order: list[int], asked: "Pairs", specimens: _Specimens, arguments: Arguments, is_lead: list[bool]
) -> Iterator[int]:
    """Every lead, and of the others as many as `most`; only those with the sample that is asked about."""
    sample, left = arguments["sample"], whole(arguments["most"])
    for place in order:
        both = (specimens.names[asked.left[place]][1], specimens.names[asked.right[place]][1])
        if sample is not None and sample not in both:
            continue
        if is_lead[place] or left > 0:
            left -= not is_lead[place]
            yield place


def _pair(specimens: _Specimens, one: int, other: int) -> Row:
    amounts: Floats = specimens.profiles.amounts
    return {
        "sample_one": specimens.names[one][1],
        "seizure_one": specimens.seizures[one],
        "sample_other": specimens.names[other][1],
        "seizure_other": specimens.seizures[other],
        "peaks_compared": int(((amounts[one] >= 0) & (amounts[other] >= 0)).sum()),
    }


def _ratio(log10: float, scale: str) -> Row:
    if isnan(log10):  # there was nothing to learn a ratio from
        return {"likelihood_ratio": None, "strength": None}
    ratio = Decimal(f"{10 ** max(log10, _SMALLEST):.2g}")
    return {"likelihood_ratio": ratio, "strength": word(scale, float(ratio))}


def _renumbered(found: list[Row]) -> list[Row]:
    """Groups of leads from 1, in the order in which they are shown."""
    numbers: dict[int, int] = {}
    for row in found:
        if row["lead_group"] is not None:
            row["lead_group"] = numbers.setdefault(row["lead_group"], len(numbers) + 1)
    return found


LINKS = Question(
    name="samples.links",
    needs=("profile-peak",),
    parameters=(
        Parameter(name="sample", type="text"),
        Parameter(name="rate", type="decimal", default=Decimal("0.1")),
        Parameter(name="one_in", type="integer", default=1000),
        Parameter(name="most", type="integer", default=20),
        Parameter(name="scale", type="code", allowed=tuple(scales()), default=DEFAULT),
        FROM,
        UNTIL,
    ),
    answer=_links,
)
