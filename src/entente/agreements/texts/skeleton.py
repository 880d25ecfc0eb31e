"""A first draft of an agreement with everything that belongs to it: careful permits, an example of a prohibition, three
golden decisions that hold, and comments that say what to think about."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from entente.agreements.golden.cases import Case, CaseResult, run_cases
from entente.agreements.texts.formatting import formatted
from entente.agreements.texts.skeleton_words import comment, in_all_languages, page, says
from entente.agreements.texts.text import read_agreement
from entente.errors import InputFault
from entente.records import Catalogue, Field, Kind, Value
from entente.vocabulary import LANGUAGES, Phrasebook

_LEFT_OUT = ("identity", "contact", "free-text")
_RETAIN_DAYS, _FEEDBACK_DAYS = 365, 30
_MOST_VALUES = 4


class NothingToGive(InputFault):
    """No permit can be drafted: these kinds of record are for parties with another role, or serve other purposes.
    Choose other parties, kinds or purposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a draft is made from: codes of the lists `party` and `purpose`, names of kinds, first and last day."""

    name: str
    title: str
    parties: tuple[str, ...]
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]
    zone: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class _Permit:
    id: str
    giver: str
    receivers: tuple[str, ...]
    kind: Kind
    fields: tuple[Field, ...]
    purposes: tuple[str, ...]


def skeleton(plan: Plan, catalogue: Catalogue, book: Phrasebook) -> Mapping[str, bytes]:
    """agreement.toml, decisions.toml and README.md by name, in the language of `book`. Raises NothingToGive, and
    AgreementUnreadable where the plan itself cannot be meant."""
    permits = list(_permits(plan, catalogue))
    if not permits:
        raise NothingToGive
    forbidden = _forbidden(plan, catalogue)
    text = formatted("\n".join(_agreement(plan, permits, forbidden, catalogue, book)).encode())
    decided = run_cases(read_agreement(text, catalogue), _cases(plan, permits[0], forbidden, catalogue), catalogue)
    cases = formatted("\n".join(_decisions(decided, book)).encode())
    return {"agreement.toml": text, "decisions.toml": cases, "README.md": page(plan.title, book).encode()}


def _permits(plan: Plan, catalogue: Catalogue) -> Iterator[_Permit]:
    terms = catalogue.vocabulary.list("party").terms
    for place, kind in enumerate((catalogue.kind(name) for name in plan.kinds), start=1):
        able = [
            party
            for party in plan.parties
            if kind.holder_role is None or kind.holder_role in terms[party].attributes.get("roles", ())
        ]
        purposes = tuple(one for one in plan.purposes if kind.only_for is None or one in kind.only_for)
        for number, giver in enumerate(able, start=1):
            receivers = tuple(party for party in able if party != giver)
            if receivers and purposes:
                yield _Permit(f"{place}.{number}", giver, receivers, kind, _fields(kind), purposes)


def _fields(kind: Kind) -> tuple[Field, ...]:
    return tuple(field for field in kind.fields if field.field_class not in _LEFT_OUT)


def _forbidden(plan: Plan, catalogue: Catalogue) -> str | None:
    """A purpose that is not among those agreed on, for the example of a prohibition."""
    others = [code for code in catalogue.vocabulary.list("purpose").terms if code not in plan.purposes]
    return "prosecution" if "prosecution" in others else next(iter(others), None)


def _agreement(
    plan: Plan, permits: Sequence[_Permit], forbidden: str | None, catalogue: Catalogue, book: Phrasebook
) -> Iterator[str]:
    yield "#:schema ./agreement.schema.json"
    yield from comment("top", book)
    yield ""
    yield f"name = {_toml(plan.name)}"
    yield "version = 1"
    yield from comment("parties", book)
    yield f"parties = {_toml(plan.parties)}"
    yield f"authoritative = {_toml((book.language,))}"
    yield from comment("days", book)
    yield f"zone = {_toml(plan.zone)}"
    yield f"valid_from = {plan.valid_from}"
    yield f"valid_until = {plan.valid_until}"
    yield f"title.{book.language} = {_toml(plan.title)}"
    yield from _by_language("text", in_all_languages("purpose-of-it"))
    for permit in permits:
        yield from _permit(permit, catalogue, book, is_first=permit is permits[0])
    if forbidden:
        yield from _prohibition(f"{len(plan.kinds) + 1}.1", forbidden, catalogue, book)


def _permit(permit: _Permit, catalogue: Catalogue, book: Phrasebook, *, is_first: bool) -> Iterator[str]:
    def teach(name: str) -> Iterable[str]:
        return comment(name, book) if is_first else ()

    def labels(language: str) -> Mapping[str, str]:
        label = catalogue.vocabulary.label
        receivers = ", ".join(label("party", code, language) for code in permit.receivers)
        return {"giver": label("party", permit.giver, language), "receivers": receivers, "kind": permit.kind.name}

    is_personal = permit.kind.is_about_person
    left_out = [field.name for field in permit.kind.fields if field not in permit.fields]
    yield ""
    yield "[[provision]]"
    yield f"id = {_toml(permit.id)}"
    yield from teach("reference")
    yield f"reference = {_toml(f'Art. {permit.id}')}"
    yield "verified = false"
    yield from _by_language("text", in_all_languages("clause", labels))
    yield 'effect = "permit"'
    yield f"giver = {_toml((permit.giver,))}"
    yield f"receiver = {_toml(permit.receivers)}"
    yield f"kinds = {_toml((permit.kind.name,))}"
    yield from teach("fields")
    if left_out:
        yield from comment("left-out", book, fields=", ".join(left_out))
    yield f"fields = {_toml([f'{permit.kind.name}.{field.name}' for field in permit.fields])}"
    yield f"purposes = {_toml(permit.purposes)}"
    yield from teach("when")
    yield 'occasion = "standing"'
    yield from comment("about-persons", book) if is_personal else teach("release")
    yield f'release = "{"two-officers" if is_personal else "officer"}"'
    yield from teach("caveats")
    yield f"caveats = {_toml(tuple(dict.fromkeys(('no-onward', *permit.kind.caveats))))}"
    yield f"duties = {{ retain_days = {_RETAIN_DAYS}, feedback_days = {_FEEDBACK_DAYS} }}"


def _prohibition(number: str, purpose: str, catalogue: Catalogue, book: Phrasebook) -> Iterator[str]:
    def labels(language: str) -> Mapping[str, str]:
        return {"purpose": catalogue.vocabulary.label("purpose", purpose, language)}

    yield ""
    yield from comment("forbid", book)
    yield "[[provision]]"
    yield f"id = {_toml(number)}"
    yield f"reference = {_toml(f'Art. {number}')}"
    yield "verified = false"
    yield from _by_language("text", in_all_languages("prohibition", labels))
    yield 'effect = "forbid"'
    yield f"purposes = {_toml((purpose,))}"
    yield 'scope = "parties"'


def _cases(plan: Plan, permit: _Permit, forbidden: str | None, catalogue: Catalogue) -> tuple[Case, ...]:
    """One that waits for officers, one for another purpose, and one on the day before the first."""

    def case(name: str, purpose: str, on: date) -> Case:
        return Case(
            id=name,
            says=says(name),
            kind=permit.kind,
            values=_values(permit, plan.valid_from, catalogue),
            said_by=permit.giver,
            giver=permit.giver,
            receiver=permit.receivers[0],
            purpose=purpose,
            occasion="standing",
            on=on,
            officers=0,
            answer="withhold",
            fields=(),
            withheld=(),
            because=(),
        )

    purpose = permit.purposes[0]
    found = [case("waits-for-officers", purpose, plan.valid_from)]
    if forbidden:
        found.append(case("not-for-another-purpose", forbidden, plan.valid_from))
    return (*found, case("before-the-first-day", purpose, plan.valid_from - timedelta(days=1)))


def _values(permit: _Permit, day: date, catalogue: Catalogue) -> Mapping[str, Value]:
    """Some values that are given, and one that is left out, where there is one."""
    given = [*permit.fields[:_MOST_VALUES]]
    left_out = [field for field in permit.kind.fields if field not in permit.fields][:1]
    return {field.name: _value(field, day, catalogue) for field in [*given, *left_out]}


def _value(field: Field, day: date, catalogue: Catalogue) -> Value:
    if field.type in ("code", "codes"):
        code = next(iter(catalogue.vocabulary.list(field.vocabulary or "").terms))
        return code if field.type == "code" else (code,)
    values: Mapping[str, Value] = {
        "text": "example",
        "integer": 1,
        "decimal": Decimal(1),
        "date": day,
        "time": datetime.combine(day, time(12), UTC),
        "boolean": True,
    }
    return values[field.type]


def _decisions(results: Iterable[CaseResult], book: Phrasebook) -> Iterator[str]:
    yield "#:schema ./decisions.schema.json"
    yield from comment("decisions", book)
    for result in results:
        yield from _decision(result)


def _decision(result: CaseResult) -> Iterator[str]:
    case, decision = result.case, result.decision
    going = decision.waiting if decision.outcome == "wait" else decision.fields
    yield ""
    yield "[[case]]"
    yield f"id = {_toml(case.id)}"
    yield from _by_language("says", case.says)
    yield f"record.kind = {_toml(case.kind.name)}"
    for name, value in case.values.items():
        yield f"record.values.{name} = {_toml(value)}"
    yield f"ask.giver = {_toml(case.giver)}"
    yield f"ask.receiver = {_toml(case.receiver)}"
    yield f"ask.purpose = {_toml(case.purpose)}"
    yield f"ask.occasion = {_toml(case.occasion)}"
    yield f"ask.on = {case.on}"
    yield f"answer = {_toml(decision.outcome)}"
    yield f"fields = {_toml([name for name in case.values if name in going])}"
    yield f"withheld = {_toml([name for name in case.values if name not in going])}"
    yield f"because = {_toml(decision.because)}"


def _by_language(key: str, texts: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{key}.{language} = {_toml(texts[language])}" for language in LANGUAGES)


def _toml(value: Value | Sequence[str]) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return json.dumps(str(value))
    return json.dumps(list(value) if isinstance(value, (list, tuple)) else value, ensure_ascii=False)
