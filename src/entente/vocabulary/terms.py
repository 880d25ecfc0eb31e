"""Terms and the lists they live in, read from TOML; each list says its source and if it was checked."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from entente.errors import InputFault, Misconfigured
from entente.vocabulary.languages import LANGUAGES


class UnreadableVocabulary(Misconfigured):
    """The vocabulary file {name} cannot be used: {why}. Correct the file; `docs/add-a-workstream.md` shows its form."""


class UnknownWord(InputFault):
    """`{code}` is not in the list `{name}`. Use one of its codes: `entente words {name}` prints them."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word with its code and its labels in en, fr, es; `attributes` are the list's own columns."""

    code: str
    labels: Mapping[str, str]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class CodeList:
    """Terms by code, with the list's source; `is_verified`: somebody has checked it against the source."""

    name: str
    source: str
    is_verified: bool
    terms: Mapping[str, Term]

    def term(self, code: str) -> Term:
        """Raises UnknownWord."""
        try:
            return self.terms[code]
        except KeyError:
            raise UnknownWord(code=code, name=self.name) from None


@dataclass(frozen=True, slots=True)
class NativeMapping:
    """Native names of one publisher -> codes of list `to`; `version` is kept with every value it mapped."""

    name: str
    version: str
    source: str
    to: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """`code` is on the list from `since` until `until` (both days included; None: open)."""

    code: str
    since: date | None
    until: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class DatedList:
    """A list in law: what is on it depends on the day. `digest` fixes the file it was read from."""

    name: str
    source: str
    is_verified: bool
    digest: str
    entries: tuple[DatedEntry, ...]

    def holds(self, code: str, on: date) -> bool:
        return any(
            entry.code == code
            and (entry.since is None or entry.since <= on)
            and (entry.until is None or on <= entry.until)
            for entry in self.entries
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words a node knows: code lists, native mappings and dated lists by name."""

    lists: Mapping[str, CodeList]
    mappings: Mapping[str, NativeMapping]
    dated: Mapping[str, DatedList]

    def list(self, name: str) -> CodeList:
        """Raises UnknownWord."""
        try:
            return self.lists[name]
        except KeyError:
            raise UnknownWord(code=name, name="lists") from None

    def label(self, list_name: str, code: str, language: str) -> str:
        """The label of `code`, or the code itself where the list has no such term."""
        found = self.lists.get(list_name)
        term = found.terms.get(code) if found else None
        return term.label(language) if term else code

    def joined(self, others: Iterable["Vocabulary"]) -> "Vocabulary":
        """This vocabulary and `others`; a list named twice has the terms of both. Raises UnreadableVocabulary."""
        lists, mappings, dated = dict(self.lists), dict(self.mappings), dict(self.dated)
        for other in others:
            for name, added in other.lists.items():
                lists[name] = _merged(lists[name], added) if name in lists else added
            _add_all(mappings, other.mappings)
            _add_all(dated, other.dated)
        return Vocabulary(MappingProxyType(lists), MappingProxyType(mappings), MappingProxyType(dated))


def read_vocabulary(name: str, data: bytes, digest: str) -> Vocabulary:
    """The words in the TOML `data` of file `name`, whose digest is `digest`. Raises UnreadableVocabulary."""
    try:
        tables = tomllib.loads(data.decode("utf-8"))
        return Vocabulary(
            MappingProxyType({key: _code_list(key, value) for key, value in tables.get("list", {}).items()}),
            MappingProxyType({key: _mapping(key, value) for key, value in tables.get("mapping", {}).items()}),
            MappingProxyType({key: _dated_list(key, value, digest) for key, value in tables.get("dated", {}).items()}),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableVocabulary(name=name, why=f"{type(error).__name__}: {error}") from error


@cache
def house_vocabulary() -> Vocabulary:
    """The words of this room, without any workstream's."""
    parts = []
    for file in sorted(files("entente.vocabulary").joinpath("words").iterdir(), key=lambda item: item.name):
        data = file.read_bytes()
        parts.append(read_vocabulary(file.name, data, "sha256:" + hashlib.sha256(data).hexdigest()))
    return Vocabulary({}, {}, {}).joined(parts)


def _code_list(name: str, table: Mapping[str, Any]) -> CodeList:
    terms = {code: _term(code, term) for code, term in table["term"].items()}
    return CodeList(name, table["source"], table.get("verified", False), MappingProxyType(terms))


def _term(code: str, table: Mapping[str, Any]) -> Term:
    labels = {language: table[language] for language in LANGUAGES}
    rest = {key: value for key, value in table.items() if key not in LANGUAGES}
    return Term(code, MappingProxyType(labels), MappingProxyType(rest))


def _mapping(name: str, table: Mapping[str, Any]) -> NativeMapping:
    return NativeMapping(name, table["version"], table["source"], table["to"], MappingProxyType(dict(table["codes"])))


def _dated_list(name: str, table: Mapping[str, Any], digest: str) -> DatedList:
    entries = tuple(
        DatedEntry(row["code"], row.get("since"), row.get("until"), row["reference"]) for row in table["entry"]
    )
    return DatedList(name, table["source"], table.get("verified", False), digest, entries)


def _merged(first: CodeList, second: CodeList) -> CodeList:
    twice = first.terms.keys() & second.terms.keys()
    if twice:
        raise UnreadableVocabulary(name=second.name, why=f"it defines {', '.join(sorted(twice))} a second time")
    terms = MappingProxyType({**first.terms, **second.terms})
    sources = dict.fromkeys((*first.source.split("; "), *second.source.split("; ")))  # each once, in order
    return CodeList(first.name, "; ".join(sources), first.is_verified and second.is_verified, terms)


def _add_all(target: dict[str, Any], added: Mapping[str, Any]) -> None:
    twice = target.keys() & added.keys()
    if twice:
        raise UnreadableVocabulary(name=", ".join(sorted(twice)), why="it is defined twice")
    target.update(added)
