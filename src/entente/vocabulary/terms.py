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
    """A word with its code and its labels in en, fr, es; `attributes` are the list's own columns, `file` names it."""

    code: str
    labels: Mapping[str, str]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""

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
    file: str = ""


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """`code` is on the list from `since` until `until` (both days included; None: open)."""

    code: str
    since: date | None
    until: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class DatedList:
    """A list in law: what is on it depends on the day. `digest` fixes the file it was read from; `country`, a code of
    the list `country`, is where the law is in force, None where it is not told."""

    name: str
    source: str
    is_verified: bool
    digest: str
    entries: tuple[DatedEntry, ...]
    file: str = ""
    country: str | None = None

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
            MappingProxyType({key: _code_list(key, table, name) for key, table in _tables(tables, "list")}),
            MappingProxyType({key: _mapping(key, table, name) for key, table in _tables(tables, "mapping")}),
            MappingProxyType({key: _dated_list(key, table, name, digest) for key, table in _tables(tables, "dated")}),
        )
    except (ValueError, TypeError) as error:  # of UTF-8, of TOML, or ours
        raise UnreadableVocabulary(name=name, why=str(error)) from error


@cache
def house_vocabulary() -> Vocabulary:
    """The words of this room, without any workstream's."""
    parts = []
    for file in sorted(files("entente.vocabulary").joinpath("words").iterdir(), key=lambda item: item.name):
        data = file.read_bytes()
        parts.append(read_vocabulary(file.name, data, "sha256:" + hashlib.sha256(data).hexdigest()))
    return Vocabulary({}, {}, {}).joined(parts)


def _code_list(name: str, table: Mapping[str, Any], file: str) -> CodeList:
    where = f"the list `{name}`"
    source = _told(table, "source", where)
    given = _tables(table, "term", where)
    terms = {code: _term(code, term, f"the term `{code}` of {where}", file) for code, term in given}
    return CodeList(name, source, table.get("verified", False), MappingProxyType(terms))


def _term(code: str, table: Mapping[str, Any], where: str, file: str) -> Term:
    labels = {language: _told(table, language, where) for language in LANGUAGES}
    rest = {key: value for key, value in table.items() if key not in LANGUAGES}
    return Term(code, MappingProxyType(labels), MappingProxyType(rest), file)


def _mapping(name: str, table: Mapping[str, Any], file: str) -> NativeMapping:
    version, source, to = (_told(table, key, f"the mapping `{name}`") for key in ("version", "source", "to"))
    codes = _told(table, "codes", f"the mapping `{name}`", dict)
    return NativeMapping(name, version, source, to, MappingProxyType(dict(codes)), file)


def _dated_list(name: str, table: Mapping[str, Any], file: str, digest: str) -> DatedList:
    where = f"the dated list `{name}`"
    entries = []
    for row in _told(table, "entry", where, list):
        code = _told(row, "code", f"an entry of {where}")
        reference = _told(row, "reference", f"the entry `{code}` of {where}")
        entries.append(DatedEntry(code, row.get("since"), row.get("until"), reference))
    source = _told(table, "source", where)
    country = _told(table, "country", where) if "country" in table else None
    return DatedList(name, source, table.get("verified", False), digest, tuple(entries), file, country)


def _tables(table: Mapping[str, Any], key: str, where: str = "the file") -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The named tables under `key`, none if it is not there. Raises TypeError where something else stands."""
    for name, content in _told(table, key, where, dict).items() if key in table else ():
        yield name, _told({name: content}, name, f"`{key}` of {where}", dict)


def _told(table: Mapping[str, Any], key: str, where: str, form: type = str) -> Any:
    """What `table` says under `key`. Raises ValueError, TypeError, which say where it is missing or
    of another form."""
    if key not in table:
        raise ValueError(f"{where} has no `{key}`")
    if not isinstance(table[key], form):
        raise TypeError(f"`{key}` of {where} is not {_FORMS[form]}")
    return table[key]


_FORMS: Mapping[type, str] = {str: "a text", dict: "a table", list: "a list of tables"}


def _merged(first: CodeList, second: CodeList) -> CodeList:
    for code in sorted(first.terms.keys() & second.terms.keys()):
        why = f"the term `{code}` of the list `{first.name}` is in {first.terms[code].file} already, for all to use"
        raise UnreadableVocabulary(name=second.terms[code].file, why=f"{why}; leave it out or choose another code")
    terms = MappingProxyType({**first.terms, **second.terms})
    sources = dict.fromkeys((*first.source.split("; "), *second.source.split("; ")))  # each once, in order
    return CodeList(first.name, "; ".join(sources), first.is_verified and second.is_verified, terms)


def _add_all(target: dict[str, Any], added: Mapping[str, Any]) -> None:
    for name in sorted(target.keys() & added.keys()):
        raise UnreadableVocabulary(name=added[name].file, why=f"`{name}` is in {target[name].file} already")
    target.update(added)
