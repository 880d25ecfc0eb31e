"""JSON Schemas (2020-12) of agreement.toml and decisions.toml, so that editors complete and check while one writes.

INVARIANT: what can be read is valid here. The other way round much is left to `check`: a schema knows one place at a
time. Every word comes from the catalogue, so that new kinds and codes appear by themselves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from entente.agreements.agreement import CLAUSES, RELEASES, Effect, Occasion, Scope
from entente.agreements.deciding.conditions import RECORD_FIELDS, TESTS
from entente.agreements.deciding.decision import Outcome
from entente.agreements.texts.asking_text import BUDGET_KEYS, PERIODS
from entente.agreements.texts.case_text import ASK_KEYS, CASE_KEYS, RECORD_KEYS
from entente.agreements.texts.condition_text import CONDITION_KEYS
from entente.agreements.texts.provision_text import FORBID_KEYS, PERMIT_KEYS, PROVISION_KEYS
from entente.agreements.texts.schema_words import ASK, CASE, CONDITION, HEAD, PROVISION, RECORD, Words
from entente.agreements.texts.text import HEAD_KEYS
from entente.records import Catalogue, Field, Kind
from entente.vocabulary import LANGUAGES, Phrasebook

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NEEDED_IN_HEAD = (
    *("name", "version", "parties", "authoritative", "zone", "valid_from", "valid_until", "title", "text"),
    "provision",
)
_NEEDED_IN_FORBID = ("id", "reference", "text", "effect")
_NEEDED_IN_PERMIT = (*_NEEDED_IN_FORBID, "giver", "receiver", "kinds", "fields", "purposes", "occasion", "release")
_NEEDED_IN_CASE = ("id", "says", "record", "ask", "answer", "because")
_NEEDED_IN_RECORD = ("kind", "values")
_NEEDED_IN_ASK = ("giver", "receiver", "purpose", "occasion", "on")
_WRITTEN: Schema = {"type": "string", "pattern": r"\S"}
_DAY: Schema = {"type": "string", "format": "date"}
_NUMBER_OR_TEXT: Schema = {"type": ["number", "string"]}


def agreement_schema(catalogue: Catalogue, book: Phrasebook, zones: Iterable[str]) -> Schema:
    """The schema of agreement.toml, described in the language of `book`; `zones` are the time zones that exist."""
    return _Writer(catalogue, book).agreement(sorted(zones))


def cases_schema(catalogue: Catalogue, book: Phrasebook) -> Schema:
    """The schema of decisions.toml."""
    return _Writer(catalogue, book).cases()


@dataclass(frozen=True, slots=True)
class _Writer:
    catalogue: Catalogue
    book: Phrasebook

    def agreement(self, zones: Sequence[str]) -> Schema:
        forms: Mapping[str, Schema] = {
            "name": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
            "version": _whole(1),
            "predecessor": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
            "model": {"type": "boolean"},
            "parties": {**self._several("party"), "minItems": 2},
            "also_signed_by": self._several("party"),
            "authoritative": _list_of(_choice(LANGUAGES)),
            "zone": _choice(zones),
            "valid_from": _DAY,
            "valid_until": _DAY,
            "title": _by_language(),
            "text": _by_language(),
            "clauses": _closed(dict.fromkeys(CLAUSES, _WRITTEN)),
            "neither_confirm_nor_deny": {"type": "boolean"},
            "budgets": {"type": "array", "items": self._budget()},
            "due_hours": self._due_hours(),
            "provision": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/provision"}},
        }
        later = {"if": {"properties": {"version": {"const": 1}}}, "then": _without(["predecessor"])}
        head = self._object(HEAD_KEYS, forms, HEAD, _NEEDED_IN_HEAD)
        return {"$schema": DIALECT, **head, **later, "else": {"required": ["predecessor"]}, "$defs": self._parts()}

    def _budget(self) -> Schema:
        purposes = self.catalogue.vocabulary.list("purpose").terms
        forms: Mapping[str, Schema] = {"purpose": _choice([*purposes]), "queries": _whole(0), "per": _choice(PERIODS)}
        return _closed(forms, BUDGET_KEYS)

    def _due_hours(self) -> Schema:
        terms = self.catalogue.vocabulary.list("urgency").terms
        return _closed({code: _whole(1) for code, term in terms.items() if "due_hours" in term.attributes})

    def _parts(self) -> Schema:
        lists = ("party", "purpose", "caveat", "legal-basis")
        return {
            "provision": self._provision(),
            "condition": self._condition(),
            "kind": _choice(sorted(self.catalogue.kinds)),
            "selector": _choice(self._selectors()),
            "actor": {"anyOf": [{"$ref": "#/$defs/list-party"}, self._roles()]},
            **{f"list-{name}": self._codes(name) for name in lists if name in self.catalogue.vocabulary.lists},
        }

    def _provision(self) -> Schema:
        duties = self.catalogue.vocabulary.list("duty").terms
        actors = _list_of({"$ref": "#/$defs/actor"})
        forms: Mapping[str, Schema] = {
            "id": {"type": "string", "pattern": "^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$"},
            "reference": _WRITTEN,
            "legal_bases": self._several("legal-basis"),
            "verified": {"type": "boolean"},
            "text": _by_language(),
            "effect": _choice(get_args(Effect)),
            "giver": actors,
            "receiver": actors,
            "kinds": _list_of({"$ref": "#/$defs/kind"}),
            "fields": _list_of({"$ref": "#/$defs/selector"}),
            "purposes": self._several("purpose"),
            "when": {"type": "array", "items": {"$ref": "#/$defs/condition"}},
            "valid_from": _DAY,
            "valid_until": _DAY,
            "on_behalf_of": self._several("party"),
            "occasion": _choice(get_args(Occasion)),
            "release": _choice(RELEASES),
            "training_days": _whole(1),
            "caveats": self._several("caveat"),
            "duties": _closed({name: {**_whole(1), "description": self._label("duty", name)} for name in duties}),
            "scope": _choice(get_args(Scope)),
        }
        return {
            **self._object(PROVISION_KEYS, forms, PROVISION, _NEEDED_IN_FORBID),
            "if": {"properties": {"effect": {"const": "permit"}}},
            "then": {**_without(_all_but(PROVISION_KEYS, PERMIT_KEYS)), "required": [*_NEEDED_IN_PERMIT]},
            "else": {
                **_without(_all_but(PROVISION_KEYS, FORBID_KEYS)),
                "required": [*_NEEDED_IN_FORBID],
                "dependentRequired": {"when": ["kinds"]},
            },
        }

    def _condition(self) -> Schema:
        dated = self.catalogue.vocabulary.dated
        number: Schema = {"type": "number"}
        forms: Mapping[str, Schema] = {
            "field": _choice(self._field_names()),
            "on": _choice(self._field_names("date", "time")),
            "unit": _WRITTEN,
            "unit_in": _choice(self._field_names("code", "text")),
            "equals": {"type": ["string", "number", "boolean"]},
            "one_of": {"type": "array", "minItems": 1, "items": _NUMBER_OR_TEXT},
            "at_least": number,
            "at_most": number,
            "before": _DAY,
            "after": _DAY,
            "age_days_at_least": _whole(0),
            "age_days_at_most": _whole(0),
            "listed_in": _choice(sorted(dated)),
            "not_listed_in": _choice(sorted(dated)),
            "controlled_in": _choice(sorted({found.country for found in dated.values() if found.country})),
            "within": {"type": "string"},
            "is_minor": {"type": "boolean"},
            "is_person": {"type": "boolean"},
            "consent_given": {"const": True},
            "includes": {"type": "string"},
            "only": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "is_present": {"const": True},
        }
        one_test = {"oneOf": [{"required": [test]} for test in TESTS]}
        return {**self._object(CONDITION_KEYS, forms, CONDITION, ["field"]), **one_test}

    def cases(self) -> Schema:
        of_kinds = {field.name for kind in self.catalogue.kinds.values() for field in kind.fields}
        names: Schema = {"type": "array", "items": _choice(sorted(of_kinds))}
        forms: Mapping[str, Schema] = {
            "id": _WRITTEN,
            "says": {**_by_language(), "minProperties": 1},
            "record": self._record(),
            "ask": self._ask(),
            "answer": _choice(get_args(Outcome)),
            "fields": names,
            "withheld": names,
            "because": _list_of(_WRITTEN),
        }
        case = self._object(CASE_KEYS, forms, CASE, _NEEDED_IN_CASE)
        several = {"type": "array", "minItems": 1, "items": case}
        used = {field.vocabulary for kind in self.catalogue.kinds.values() for field in kind.fields if field.vocabulary}
        lists = sorted({"party", "purpose", "confidence", *used})
        return {
            "$schema": DIALECT,
            **_closed({"case": several}, ["case"]),
            "$defs": {f"list-{name}": self._codes(name) for name in lists},
        }

    def _record(self) -> Schema:
        kinds = self.catalogue.kinds
        forms: Mapping[str, Schema] = {
            "kind": _choice(sorted(kinds)),
            "values": {"type": "object"},
            "said_by": {"$ref": "#/$defs/list-party"},
            "through": self._several("party"),
            "recorded_on": _DAY,
            "sure": {"$ref": "#/$defs/list-confidence"},
        }
        of_kind = [
            {"if": {"properties": {"kind": {"const": name}}}, "then": {"properties": {"values": _values(kind)}}}
            for name, kind in sorted(kinds.items())
        ]
        record = self._object(RECORD_KEYS, forms, RECORD, _NEEDED_IN_RECORD)
        return {**record, "allOf": of_kind}

    def _ask(self) -> Schema:
        forms: Mapping[str, Schema] = {
            "giver": {"$ref": "#/$defs/list-party"},
            "receiver": {"$ref": "#/$defs/list-party"},
            "purpose": {"$ref": "#/$defs/list-purpose"},
            "occasion": _choice(get_args(Occasion)),
            "on": _DAY,
            "officers": {**_whole(0), "maximum": 2},
            "trained": {"type": "boolean"},
            "signed": self._several("party"),
        }
        return self._object(ASK_KEYS, forms, ASK, _NEEDED_IN_ASK)

    def _object(self, keys: Iterable[str], forms: Mapping[str, Schema], words: Words, needed: Iterable[str]) -> Schema:
        """A table with `keys`; one that has no form or words yet may hold anything."""
        say: Callable[..., str] = self.book.say
        described = {
            key: {**forms.get(key, {}), **({"description": words[key](say)} if key in words else {})} for key in keys
        }
        return _closed(described, needed)

    def _several(self, list_name: str) -> Schema:
        return _list_of({"$ref": f"#/$defs/list-{list_name}"})

    def _codes(self, list_name: str) -> Schema:
        codes = [*self.catalogue.vocabulary.list(list_name).terms]
        return _choice(codes, [self._label(list_name, code) for code in codes])

    def _roles(self) -> Schema:
        codes = [*self.catalogue.vocabulary.list("party-role").terms]
        return _choice([f"role:{code}" for code in codes], [self._label("party-role", code) for code in codes])

    def _label(self, list_name: str, code: str) -> str:
        return self.catalogue.vocabulary.label(list_name, code, self.book.language)

    def _selectors(self) -> list[str]:
        classes = [f"class:{code}" for code in self.catalogue.vocabulary.list("field-class").terms]
        return [
            *classes,
            *sorted(f"{name}.{one.name}" for name, kind in self.catalogue.kinds.items() for one in kind.fields),
        ]

    def _field_names(self, *types: str) -> list[str]:
        """Of what conditions can read."""
        of_kinds = [field for kind in self.catalogue.kinds.values() for field in kind.fields]
        fields = [*of_kinds, *RECORD_FIELDS.values()]
        return sorted({field.name for field in fields if not types or field.type in types})


def _values(kind: Kind) -> Schema:
    return _closed({field.name: _value(field) for field in kind.fields})


def _value(field: Field) -> Schema:
    code: Schema = {"$ref": f"#/$defs/list-{field.vocabulary}"}
    forms: Mapping[str, Schema] = {
        "text": {"type": "string"},
        "code": code,
        "codes": {"type": "array", "items": code},
        "integer": {"type": "integer"},
        "decimal": _NUMBER_OR_TEXT,
        "date": _DAY,
        "time": {"type": "string", "format": "date-time"},
        "boolean": {"type": "boolean"},
    }
    return forms[field.type]


def _choice(values: Iterable[str], labels: Iterable[str] = ()) -> Schema:
    """One of `values`; Taplo and Even Better TOML show `labels` beside them."""
    shown = [*labels]
    docs: Schema = {"x-taplo": {"docs": {"enumValues": shown}}} if shown else {}
    return {"type": "string", "enum": [*values], **docs}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}


def _whole(least: int) -> Schema:
    return {"type": "integer", "minimum": least}


def _by_language() -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "properties": dict.fromkeys(LANGUAGES, _WRITTEN),
        "additionalProperties": _WRITTEN,
    }


def _closed(properties: Mapping[str, Schema], needed: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*needed],
        "additionalProperties": False,
    }


def _without(keys: Iterable[str]) -> Schema:
    return {"properties": dict.fromkeys(keys, False)}


def _all_but(keys: Iterable[str], others: Iterable[str]) -> list[str]:
    left_out = set(others)
    return [key for key in keys if key not in left_out]
