"""Can the conditions of provisions ever hold together, of one record at one moment? Found by trying the few values that
could matter, so that whoever is told yes can be shown a record.

No answer is a guess: where there is too much to try, the answer is that nobody knows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.care.worth_trying import Candidate, Occasion, candidates, days_of_decision, midnight
from entente.agreements.deciding.conditions import RECORD_FIELDS, Condition, Setting, Values, field_of, lists_read
from entente.agreements.deciding.judging import judging
from entente.records import Field, Kind, Value
from entente.vocabulary import Vocabulary

MOST_TRIES = 20_000
"""Combinations of values tried for one moment before the search gives up."""

MOST_MOMENTS = 400


@dataclass(frozen=True, slots=True)
class Span:
    """From the moment `first` until before `end`."""

    first: datetime
    end: datetime

    def __bool__(self) -> bool:
        return self.first < self.end

    def meet(self, other: "Span") -> "Span":
        return Span(max(self.first, other.first), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Part:
    """The conditions of one provision, judged in the zone of its agreement. `stands_on_unknown`: it is a forbid, which
    only a condition that is false lifts."""

    conditions: tuple[Condition, ...]
    zone: str
    stands_on_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and the values of a record for which all parts apply; None where there are none. `is_certain` is false
    where not everything could be tried."""

    moment: datetime | None
    values: Values
    is_certain: bool


def span_of(agreement: Agreement, provision: Provision) -> Span:
    """When `provision` is valid; empty where it never is."""
    first = max(agreement.valid_from, provision.valid_from)
    last = min(agreement.valid_until, provision.valid_until)
    end = midnight(last + timedelta(days=1), agreement.zone) if last < last.max else datetime.max.replace(tzinfo=UTC)
    return Span(midnight(first, agreement.zone), end)


def together(parts: Sequence[Part], kind: Kind, vocabulary: Vocabulary, span: Span, *, held: str = "") -> Found:
    """A record of `kind`, and a moment in `span`, for which all `parts` apply. `held`: a field that it must hold."""
    search = _Search(parts, kind, vocabulary, held)
    is_certain = True
    for number, moment in enumerate(search.moments(span)):
        if number >= MOST_MOMENTS:
            return Found(None, {}, is_certain=False)
        values = search.at(moment)
        if values is not None:
            return Found(moment, values, is_certain=True)
        is_certain = is_certain and not search.gave_up
    return Found(None, {}, is_certain)


def impossible_fields(
    agreement: Agreement, provision: Provision, kind: Kind, vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Names of fields whose conditions no record of `kind` can ever make true together; empty where all is well."""
    span = span_of(agreement, provision)
    if not span or not _never(provision.when, agreement.zone, kind, vocabulary, span):
        return ()
    for group in _groups(provision.when):
        if _never(group, agreement.zone, kind, vocabulary, span):
            return _names(group)
    return _names(provision.when)


def _never(conditions: Sequence[Condition], zone: str, kind: Kind, vocabulary: Vocabulary, span: Span) -> bool:
    found = together([Part(tuple(conditions), zone)], kind, vocabulary, span)
    return found.moment is None and found.is_certain


def _names(conditions: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(condition.field for condition in conditions))


def _groups(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """Conditions that look at common fields, so that each group can be tried by itself."""
    groups: list[list[Condition]] = []
    for condition in conditions:
        near = [group for group in groups if any({*condition.reads} & {*other.reads} for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(found for group in near for found in group), condition])
    return groups


class _Search:
    def __init__(self, parts: Sequence[Part], kind: Kind, vocabulary: Vocabulary, held: str) -> None:
        self._parts, self._kind, self._vocabulary, self._held = parts, kind, vocabulary, held
        self._zones = tuple(dict.fromkeys(part.zone for part in parts))
        self._all = [condition for part in parts for condition in part.conditions]
        self.gave_up = False

    def moments(self, span: Span) -> Iterator[datetime]:
        """The beginning of the span, and all in it at which a condition may change its truth."""
        if not span:
            return
        days = {*days_of_decision(self._all, self._vocabulary)}
        changes = {midnight(day, zone) for day in days for zone in self._zones}
        yield from sorted({span.first, *(moment for moment in changes if span.first <= moment < span.end)})
        if self._all:
            yield span.end - timedelta(microseconds=1)

    def at(self, moment: datetime) -> Values | None:
        """Values for which all parts apply at `moment`."""
        self.gave_up = False
        values: dict[str, Value] = {}
        for group in _groups(self._all):
            found = self._group(group, moment)
            if found is None:
                return None
            values.update({name: value for name, value in found.items() if value is not None})
        return values

    def _group(self, group: Sequence[Condition], moment: datetime) -> dict[str, Candidate] | None:
        tests = [*self._tests(group, moment)]
        names = list(dict.fromkeys(name for condition in group for name in condition.reads))
        fields = [field_of(self._kind, name) for name in names]
        choices = [self._choices(field, group, moment, tests) for field in fields if field is not None]
        known = [field.name for field in fields if field is not None]
        for values in islice(product(*choices), MOST_TRIES):
            record = dict(zip(known, values, strict=True))
            if all(test(record) for _, test in tests):
                return record
        size = 1
        for choice in choices:
            size *= len(choice)
        self.gave_up = self.gave_up or size > MOST_TRIES
        return None

    def _tests(
        self, group: Sequence[Condition], moment: datetime
    ) -> Iterator[tuple[Condition, Callable[[dict[str, Candidate]], bool]]]:
        for part in self._parts:
            day = moment.astimezone(ZoneInfo(part.zone)).date()
            setting = Setting(self._kind, self._vocabulary, part.zone, day)
            for condition in part.conditions:
                if condition in group:
                    yield condition, _applies(condition, setting, stands_on_unknown=part.stands_on_unknown)

    def _choices(
        self,
        field: Field,
        group: Sequence[Condition],
        moment: datetime,
        tests: Sequence[tuple[Condition, Callable[[dict[str, Candidate]], bool]]],
    ) -> list[Candidate]:
        """Candidates that pass what reads this field alone, one of each that no condition tells apart."""
        days = tuple(dict.fromkeys(moment.astimezone(ZoneInfo(zone)).date() for zone in self._zones))
        found = candidates(field, group, self._vocabulary, Occasion(days, self._zones))
        alone = [test for condition, test in tests if condition.reads == (field.name,)]
        may_lack = field.name not in RECORD_FIELDS and field.name != self._held
        kept: dict[object, Candidate] = {}
        for value in found:
            if (value is not None or may_lack) and all(test({field.name: value}) for test in alone):
                kept.setdefault(self._likeness(field, value, group), value)
        return list(kept.values())

    def _likeness(self, field: Field, value: Candidate, group: Sequence[Condition]) -> object:
        """Equal for codes between which the lists that are read make no difference; else the value itself."""
        mixed = [c for c in group if field.name in c.reads and len(c.reads) > 1]
        if field.type != "code" or not isinstance(value, str) or any(c.field != field.name for c in mixed):
            return (type(value), value)
        term = self._vocabulary.list(field.vocabulary or "").terms.get(value)
        entries = [
            (listed.name, entry.since, entry.until)
            for condition in mixed
            for listed in lists_read(condition, self._vocabulary)
            for entry in listed.entries
            if entry.code == value
        ]
        return (term is None, bool(term and term.attributes.get("is_rest")), *entries)


def _applies(
    condition: Condition, setting: Setting, *, stands_on_unknown: bool
) -> Callable[[dict[str, Candidate]], bool]:
    judge = judging(condition, setting)

    def applies(record: dict[str, Candidate]) -> bool:
        truth = judge({name: value for name, value in record.items() if value is not None})
        return truth is True or (stands_on_unknown and truth is None)

    return applies
