"""Reads an agreement from the exact bytes that its officers sign. All problems are reported at once, each with its
place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from entente.agreements.agreement import CLAUSES, Agreement, Provision
from entente.agreements.texts.asking_text import read_budgets, read_due_hours
from entente.agreements.texts.provision_text import ROLE, Frame, parties_with, read_provision
from entente.agreements.texts.remarks import Remark, in_english
from entente.agreements.texts.tables import Page, Table, tables_of
from entente.errors import InputFault
from entente.records import Catalogue
from entente.signing import canonical, digest, is_digest
from entente.vocabulary import LANGUAGES

HEAD_KEYS = (
    "name",
    "version",
    "predecessor",
    "model",
    "parties",
    "also_signed_by",
    "authoritative",
    "zone",
    "valid_from",
    "valid_until",
    "title",
    "text",
    "clauses",
    "neither_confirm_nor_deny",
    "budgets",
    "due_hours",
    "provision",
)
"""Every key above the provisions, in the order in which a text is laid out."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class AgreementUnreadable(InputFault):
    """This agreement cannot be used: {count} problems, the first: {first} `entente agreements check` lists them all
    with what to do."""

    def __init__(self, problems: tuple[Remark, ...]) -> None:
        self.problems = problems
        first = problems[0]
        where = first.where(in_english)
        sentence = first.sentence(in_english)
        super().__init__(count=len(problems), first=f"{where}: {sentence}" if where else sentence)


def read_agreement(data: bytes, catalogue: Catalogue) -> Agreement:
    """The agreement in the TOML `data`. Raises AgreementUnreadable with every problem found."""
    page = Page(data)
    if page.remarks:
        raise AgreementUnreadable(tuple(page.remarks))
    agreement = _read_head(page, data, catalogue)
    if page.remarks:
        raise AgreementUnreadable(page.sorted_remarks())
    return agreement


def _read_head(page: Page, data: bytes, catalogue: Catalogue) -> Agreement:
    head = Table(page, page.head)
    head.only(HEAD_KEYS)
    known_parties = catalogue.vocabulary.list("party").terms
    version = head.whole("version")
    parties = head.codes("parties", known_parties, "unknown-party") or ()
    if len(parties) == 1:
        head.note("one-party", "parties")
    also = head.codes("also_signed_by", known_parties, "unknown-party", is_required=False) or ()
    for party in sorted(set(also) & set(parties)):
        head.note("signs-twice", "also_signed_by", value=party)
    authoritative = head.codes("authoritative", LANGUAGES, "unknown-language") or ()
    valid_from, valid_until = window(head)
    is_model = head.flag("model")
    provisions = _provisions(page, catalogue, Frame(parties, also, authoritative, (valid_from, valid_until)))
    return Agreement(
        name=_name(head),
        version=version,
        predecessor=_predecessor(head, version),
        is_model=is_model,
        title=head.by_language("title", authoritative),
        text=head.by_language("text", authoritative),
        authoritative=authoritative,
        parties=parties,
        also_signed_by=also,
        zone=_zone(head),
        valid_from=valid_from,
        valid_until=valid_until,
        clauses=_clauses(head),
        is_discreet=head.flag("neither_confirm_nor_deny"),
        budgets=read_budgets(head, catalogue),
        due_hours=read_due_hours(head, catalogue),
        provisions=provisions,
        source=data,
        directory=_directory(provisions, catalogue),
    )


def window(table: Table, default: tuple[date, date] | None = None) -> tuple[date, date]:
    """First and last day of validity."""
    first, last = default or (None, None)
    valid_from = table.day("valid_from", first)
    valid_until = table.day("valid_until", last)
    if valid_until < valid_from and {"valid_from", "valid_until"} & table.values.keys():
        table.note("dates-reversed", "valid_until")
    return valid_from, valid_until


def _directory(provisions: Iterable[Provision], catalogue: Catalogue) -> str | None:
    """Fixes which parties have the roles that `provisions` name: a decision depends on it as on the text."""
    roles = sorted({role.removeprefix(ROLE) for found in provisions for role in found.roles})
    known = [role for role in roles if role in catalogue.vocabulary.list("party-role").terms]
    if not known:
        return None
    return digest(canonical({role: [*sorted(parties_with(role, catalogue))] for role in known}))


def _clauses(head: Table) -> Mapping[str, str]:
    if "clauses" not in head.values:
        return {}
    table = head.inner("clauses", CLAUSES)
    return {name: table.text(name) for name in CLAUSES if name in table.values}


def _name(head: Table) -> str:
    name = head.text("name")
    if name and not _NAME.fullmatch(name):
        head.note("bad-name", "name", value=name)
    return name


def _predecessor(head: Table, version: int) -> str | None:
    found = head.text("predecessor", is_required=version > 1)
    if found and version == 1:
        head.note("first-with-predecessor", "predecessor")
    elif found and not is_digest(found):
        head.note("not-a-digest", "predecessor", value=found)
    return found or None


def _zone(head: Table) -> str:
    zone = head.text("zone")
    try:
        ZoneInfo(zone or "UTC")
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError; a folder's name gives OSError
        head.note("unknown-zone", "zone", value=zone)
    return zone or "UTC"


def _provisions(page: Page, catalogue: Catalogue, frame: Frame) -> tuple[Provision, ...]:
    found: dict[str, Provision] = {}
    for table in tables_of(page, "provision"):
        dates = window(table, frame.dates)
        provision = read_provision(table, catalogue, replace(frame, dates=dates))
        if provision.id in found:
            table.note("repeated-id", "id", value=provision.id)
        found[provision.id] = provision
    return tuple(found.values())
