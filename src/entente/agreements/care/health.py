"""The health of an agreement: does it say what reviews of real arrangements found missing? Point by point, with where,
why it matters, who said so, and what to do.

The points are about the text. That it can be read and means something is for `check`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.care.sayings_of_health import REMEDIES, TITLES, WHY
from entente.agreements.care.sources_of_health import SOURCES, Source
from entente.agreements.deciding.caveats import closed
from entente.agreements.deciding.conditions import lists_read
from entente.agreements.texts.sayings import Say
from entente.records import Catalogue, Kind
from entente.records.kinds import FREE_TEXT
from entente.signing import Json
from entente.vocabulary import Vocabulary

State = Literal["met", "not-met", "not-applicable"]

LONGEST_YEARS = 5
"""An agreement that runs longer is looked at again by nobody."""

LANGUAGES_OF_OFFICERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"ca": ("en", "fr"), "us": ("en",), "mx": ("es",)}
)
"""The languages in which officers of a country must be able to read what they sign, by country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that an agreement should say. `where`: the provisions that lack it, or what is missing; empty where the
    text as a whole does."""

    code: str
    state: State
    where: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        return SOURCES[self.code]

    def title(self, say: Say) -> str:
        return TITLES[self.code](say)

    def why(self, say: Say) -> str:
        """Why it matters, as the source has it."""
        return WHY[self.code](say)

    def remedy(self, say: Say) -> str:
        return REMEDIES[self.code](say)

    def to_json(self) -> dict[str, Json]:
        source: dict[str, Json] = {"citation": self.source.citation, "is_verified": self.source.is_verified}
        return {"code": self.code, "state": self.state, "where": list(self.where), "source": source}


@dataclass(frozen=True, slots=True)
class Health:
    """All points, in one order for every text."""

    points: tuple[Point, ...]

    @property
    def met(self) -> int:
        return sum(point.state == "met" for point in self.points)

    @property
    def applicable(self) -> int:
        return sum(point.state != "not-applicable" for point in self.points)

    def to_json(self) -> dict[str, Json]:
        points: list[Json] = [point.to_json() for point in self.points]
        return {"met": self.met, "applicable": self.applicable, "points": points}


def health(agreement: Agreement, catalogue: Catalogue) -> Health:
    """How `agreement` stands to every point."""
    seen = _Seen(agreement, catalogue)
    return Health(tuple(_point(code, look(seen)) for code, look in _LOOKS.items()))


class _Seen:
    """A text with what the points look at."""

    def __init__(self, agreement: Agreement, catalogue: Catalogue) -> None:
        self.agreement, self.catalogue = agreement, catalogue
        self.words: Vocabulary = catalogue.vocabulary
        self.permits = [found for found in agreement.provisions if found.effect == "permit"]
        self.about_persons = [permit for permit in self.permits if self.kinds(permit, is_about_person=True)]

    def kinds(self, permit: Provision, *, is_about_person: bool = False) -> list[Kind]:
        """The kinds of which it gives fields."""
        found = [self.catalogue.kinds[name] for name in permit.kinds or ()]
        return [kind for kind in found if permit.fields_of(kind) and (kind.is_about_person or not is_about_person)]

    def gives_class(self, permit: Provision, field_class: str, kinds: Iterable[Kind]) -> bool:
        return any(
            field.name in permit.fields_of(kind) and field.field_class == field_class
            for kind in kinds
            for field in kind.fields
        )


_Answer = Sequence[str] | bool | None
"""Where it is missing (nowhere: met), or whether it is met; None where it does not apply."""


def _point(code: str, answer: _Answer) -> Point:
    if answer is None:
        return Point(code=code, state="not-applicable")
    if isinstance(answer, bool):
        return Point(code=code, state="met" if answer else "not-met")
    return Point(code=code, state="not-met" if answer else "met", where=tuple(answer))


def _lacking(provisions: Sequence[Provision], has: Callable[[Provision], bool]) -> _Answer:
    """Those without it; does not apply where there are none to have it."""
    return [found.id for found in provisions if not has(found)] if provisions else None


def _third_party(seen: _Seen) -> _Answer:
    return _lacking(seen.permits, lambda permit: "no-onward" in closed(permit.caveats, seen.words))


def _clause(name: str) -> Callable[[_Seen], _Answer]:
    return lambda seen: name in seen.agreement.clauses


def _specific_items(seen: _Seen) -> _Answer:
    def is_specific(permit: Provision) -> bool:
        takes_all = any(len(permit.fields_of(kind)) == len(kind.fields) for kind in seen.kinds(permit))
        has_classes = any(selector.startswith("class:") for selector in permit.fields or ())
        return not takes_all and not (has_classes and permit in seen.about_persons)

    return _lacking(seen.permits, is_specific)


def _no_free_text(seen: _Seen) -> _Answer:
    return _lacking(seen.permits, lambda permit: not seen.gives_class(permit, FREE_TEXT, seen.kinds(permit)))


def _has_duty(duty: str) -> Callable[[_Seen], _Answer]:
    return lambda seen: _lacking(seen.permits, lambda permit: duty in permit.duties)


def _ends(seen: _Seen) -> _Answer:
    first, last = seen.agreement.valid_from, seen.agreement.valid_until
    return last < _years_after(first, LONGEST_YEARS)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, or the end of the calendar
        return date.max if day.year + years > date.max.year else date(day.year + years, 3, 1)


def _legal_basis(seen: _Seen) -> _Answer:
    return _lacking(seen.about_persons, lambda permit: bool(permit.legal_bases))


def _people_decide(seen: _Seen) -> _Answer:
    return _lacking(seen.about_persons, lambda permit: permit.release != "automatic")


def _mistreatment(seen: _Seen) -> _Answer:
    """Asked only where something about persons crosses a border."""
    parties = seen.words.list("party").terms

    def country(code: str) -> object:
        return parties[code].attributes.get("country") if code in parties else None

    is_abroad = any(
        country(giver) != country(receiver)
        for permit in seen.about_persons
        for giver in permit.giver
        for receiver in permit.receiver or ()
    )
    return "mistreatment" in seen.agreement.clauses if is_abroad else None


def _health_of_persons(seen: _Seen) -> _Answer:
    giving = [
        permit
        for permit in seen.about_persons
        if seen.gives_class(permit, "health", seen.kinds(permit, is_about_person=True))
    ]
    return _lacking(giving, lambda permit: permit.release == "two-officers" or _asks(permit, "consent_given"))


def _asks(provision: Provision, test: str) -> bool:
    return any(condition.test == test for condition in provision.when)


def _minors(seen: _Seen) -> _Answer:
    """Kinds about persons that tell a day of birth: the text says what holds for children, or two officers look."""
    giving = [permit for permit in seen.about_persons if any(_tells_birth(kind) for kind in seen.kinds(permit))]
    says = any(_asks(found, "is_minor") for found in seen.agreement.provisions)
    return _lacking(giving, lambda permit: says or permit.release == "two-officers")


def _tells_birth(kind: Kind) -> bool:
    return kind.is_about_person and any(
        field.type == "date" and field.field_class == "identity" for field in kind.fields
    )


def _references(seen: _Seen) -> _Answer:
    return _lacking(seen.agreement.provisions, lambda found: found.is_verified)


def _lists(seen: _Seen) -> _Answer:
    read = {listed for p in seen.agreement.provisions for c in p.when for listed in lists_read(c, seen.words)}
    return (
        [listed.name for listed in sorted(read, key=lambda one: one.name) if not listed.is_verified] if read else None
    )


def _languages(seen: _Seen) -> _Answer:
    parties = seen.words.list("party").terms
    countries = {parties[code].attributes.get("country", "") for code in seen.agreement.signatories if code in parties}
    needed = {language for country in countries for language in LANGUAGES_OF_OFFICERS.get(str(country), ())}
    return sorted(needed - set(seen.agreement.authoritative)) if needed else None


_LOOKS: Mapping[str, Callable[[_Seen], _Answer]] = MappingProxyType(
    {
        "third-party-caveat": _third_party,
        "consistent-use": _clause("consistent-use"),
        "audit": _clause("audit"),
        "specific-items": _specific_items,
        "free-text": _no_free_text,
        "retention": _has_duty("retain_days"),
        "review": _clause("review"),
        "end": _ends,
        "feedback": _has_duty("feedback_days"),
        "complaints": _clause("complaints"),
        "legal-basis": _legal_basis,
        "people-decide": _people_decide,
        "mistreatment": _mistreatment,
        "health-of-persons": _health_of_persons,
        "minors": _minors,
        "references-checked": _references,
        "lists-checked": _lists,
        "languages": _languages,
    }
)
"""Every point with how the text is looked at for it."""
