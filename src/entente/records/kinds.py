"""Kinds of record, their fields, and the catalogue of all kinds a node knows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from entente.errors import InputFault, Misconfigured
from entente.signing import Json, canonical, digest
from entente.vocabulary import UnreadableVocabulary, Vocabulary

Value = str | int | Decimal | bool | date | datetime | tuple[str, ...]
Type = Literal["text", "code", "codes", "integer", "decimal", "date", "time", "boolean"]

_PYTHON: Mapping[Type, type] = MappingProxyType(
    {
        "text": str,
        "code": str,
        "codes": tuple,
        "integer": int,
        "decimal": Decimal,
        "date": date,
        "time": datetime,
        "boolean": bool,
    }
)

MAX_TEXT_CHARACTERS = 10_000
FREE_TEXT = "free-text"
"""The field class in which people write several lines."""
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls (C0, C1, DEL), line and paragraph separators, and what turns the direction of writing: a screen obeys them
instead of showing them. Ranges, not Unicode categories: those differ between versions of Unicode."""


class UnknownKind(InputFault):
    """There is no kind of record called `{kind}` here. Use one of: {known}."""


class BadKind(Misconfigured):
    """The kind `{kind}` cannot be used: {why}. Correct it in its workstream's records.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind.

    `field_class` is a code of the list `field-class`; agreements permit by class or by name. `vocabulary` names the
    code list of a code field. `unit` is for people; the unit also stands in the name (`mass_g`). Numbers are zero or
    more unless `may_be_negative`. Texts have at most MAX_TEXT_CHARACTERS and none of STEERING; only those of the class
    FREE_TEXT may break lines and use tabs. Absent means not known; it never means zero.
    """

    name: str
    field_class: str
    type: Type = "text"
    vocabulary: str | None = None
    unit: str | None = None
    is_required: bool = False
    may_be_negative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record. `key` names the fields that together identify one thing of this kind at its originator.

    `is_about_person` kinds never leave without a person's release. `holder_role`: only nodes whose party has this role
    may hold records of this kind. `only_for`: the purposes (list `purpose`) it may ever serve, None for no limit, and
    `caveats` (list `caveat`) go with it; no agreement loosens them, and what rests on it inherits both. An `is_notice`
    kind leaves as a notification, whose receiver owes an answer. An `is_drawn` kind is drawn from other records, as a
    finding is: what binds those is kept beside it, and binds it.

    What a partner may ask by: each field of `selectors` identifies a thing by itself, those of `weak_selectors` only
    two together (a name and a date of birth). No kind without either can be asked for by values.
    """

    name: str
    version: int
    workstream: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    is_about_person: bool = False
    holder_role: str | None = None
    only_for: tuple[str, ...] | None = None
    caveats: tuple[str, ...] = ()
    is_notice: bool = False
    is_drawn: bool = False
    selectors: tuple[str, ...] = ()
    weak_selectors: tuple[str, ...] = ()
    _by_name: Mapping[str, Field] = default(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {field.name: field for field in self.fields})

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)

    def to_json(self) -> dict[str, Json]:
        """What the digest of a kind is made from: all that a decision depends on, and so not its selectors,
        nor whether it is drawn from others: what follows from that is told beside the record."""
        rows: list[Json] = [
            [f.name, f.field_class, f.type, f.vocabulary, f.unit, f.is_required, f.may_be_negative] for f in self.fields
        ]
        return {
            "name": self.name,
            "version": self.version,
            "workstream": self.workstream,
            "key": list(self.key),
            "fields": rows,
            "is_about_person": self.is_about_person,
            "holder_role": self.holder_role,
            "only_for": None if self.only_for is None else list(self.only_for),
            "caveats": list(self.caveats),
            "is_notice": self.is_notice,
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds of a node with the words they use. Built once, by `entente.cli`, and passed down."""

    kinds: Mapping[str, Kind]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, kinds: Iterable[Kind], vocabulary: Vocabulary) -> "Catalogue":
        """Raises BadKind when a field has no class or names a list that does not exist; UnreadableVocabulary when
        a mapping leads to a code that does not exist."""
        _check_mappings(vocabulary)
        by_name: dict[str, Kind] = {}
        for kind in kinds:
            _check_kind(kind, vocabulary)
            if kind.name in by_name:
                raise BadKind(kind=kind.name, why="it is defined twice")
            by_name[kind.name] = kind
        return cls(MappingProxyType(by_name), vocabulary)

    def kind(self, name: str) -> Kind:
        """Raises UnknownKind."""
        try:
            return self.kinds[name]
        except KeyError:
            raise UnknownKind(kind=name, known=", ".join(sorted(self.kinds))) from None

    @property
    def digest(self) -> str:
        """Fixes every kind; decisions name it so that they can be derived again."""
        return digest(canonical([self.kinds[name].to_json() for name in sorted(self.kinds)]))


def problems(kind: Kind, values: Mapping[str, Value], vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What keeps `values` from being a record of `kind`: pairs of field name and fault code (see FAULTS)."""
    found = [(name, "unknown-field") for name in values if kind.field(name) is None]
    for field in kind.fields:
        value = values.get(field.name)
        if value is None:
            if field.is_required:
                found.append((field.name, "missing-value"))
        else:
            code = _problem(field, value, vocabulary)
            if code:
                found.append((field.name, code))
    return found


def _problem(field: Field, value: Value, vocabulary: Vocabulary) -> str | None:
    if type(value) is not _PYTHON[field.type]:
        return "wrong-type"
    if isinstance(value, datetime) and value.tzinfo is None:
        return "time-without-zone"
    if isinstance(value, str) and field.type == "text":
        return _text_problem(field, value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return _number_problem(field, value)
    if field.vocabulary and field.type in ("code", "codes"):
        codes = (value,) if isinstance(value, str) else value
        terms = vocabulary.list(field.vocabulary).terms
        if isinstance(codes, tuple) and any(code not in terms for code in codes):
            return "unknown-code"
    return None


def _number_problem(field: Field, value: int | Decimal) -> str | None:
    if isinstance(value, Decimal) and not value.is_finite():
        return "not-a-number"
    return "negative" if value < 0 and not field.may_be_negative else None


def _text_problem(field: Field, value: str) -> str | None:
    """INVARIANT: what a text says is all that it does, on the screen of whoever reads it."""
    if len(value) > MAX_TEXT_CHARACTERS:
        return "text-too-long"
    shown = value.replace("\n", "").replace("\t", "") if field.field_class == FREE_TEXT else value
    return "steering-characters" if STEERING.search(shown) else None


def _check_kind(kind: Kind, vocabulary: Vocabulary) -> None:
    names = [field.name for field in kind.fields]
    if len(set(names)) != len(names):
        raise BadKind(kind=kind.name, why="two fields have one name")
    if not kind.key or not set(kind.key) <= {field.name for field in kind.fields if field.is_required}:
        raise BadKind(kind=kind.name, why="its key must name required fields")
    if not {*kind.selectors, *kind.weak_selectors} <= set(names):
        raise BadKind(kind=kind.name, why="a selector is none of its fields")
    if kind.holder_role is not None and kind.holder_role not in vocabulary.list("party-role").terms:
        raise BadKind(kind=kind.name, why=f"its holder's role {kind.holder_role} is not known")
    for name, codes in (("purpose", kind.only_for or ()), ("caveat", kind.caveats)):
        if not vocabulary.list(name).terms.keys() >= set(codes):
            raise BadKind(kind=kind.name, why=f"its limits name a {name} that is not known")
    _check_fields(kind, vocabulary)


def _check_fields(kind: Kind, vocabulary: Vocabulary) -> None:
    classes = vocabulary.list("field-class").terms
    for field in kind.fields:
        if field.field_class not in classes:
            raise BadKind(kind=kind.name, why=f"{field.name} has no field class that the vocabulary knows")
        if (field.vocabulary is None) == (field.type in ("code", "codes")):
            raise BadKind(
                kind=kind.name, why=f"{field.name} must name a list if its type is code or codes, and only then"
            )
        if field.vocabulary is not None and field.vocabulary not in vocabulary.lists:
            raise BadKind(kind=kind.name, why=f"{field.name} names the list {field.vocabulary}, which does not exist")


def _check_mappings(vocabulary: Vocabulary) -> None:
    for mapping in vocabulary.mappings.values():
        known = vocabulary.lists[mapping.to].terms if mapping.to in vocabulary.lists else {}
        for native, code in mapping.codes.items():
            if code not in known:
                leads = f"the mapping `{mapping.name}` leads `{native}` to `{code}`"
                raise UnreadableVocabulary(name=mapping.file, why=f"{leads}, which is not in the list `{mapping.to}`")
