"""Reads an agreement from the exact bytes that its officers sign. All problems are reported at once, each with its
place."""

import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.provision_text import Frame, read_provision
from entente.agreements.remarks import Remark, in_english
from entente.agreements.tables import Page, Table, tables_of
from entente.errors import InputFault
from entente.records import Catalogue
from entente.signing import is_digest
from entente.vocabulary import LANGUAGES

HEAD_KEYS = (
    "name",
    "version",
    "predecessor",
    "model",
    "title",
    "text",
    "authoritative",
    "parties",
    "also_signed_by",
    "zone",
    "valid_from",
    "valid_until",
    "provision",
)
"""Every key above the provisions."""

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
        raise AgreementUnreadable(tuple(sorted(page.remarks, key=lambda remark: remark.line or 0)))
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
        provisions=_provisions(page, catalogue, Frame(parties, authoritative, (valid_from, valid_until))),
        source=data,
    )


def window(table: Table, default: tuple[date, date] | None = None) -> tuple[date, date]:
    """First and last day of validity."""
    first, last = default or (None, None)
    valid_from = table.day("valid_from", first)
    valid_until = table.day("valid_until", last)
    if valid_until < valid_from and {"valid_from", "valid_until"} & table.values.keys():
        table.note("dates-reversed", "valid_until")
    return valid_from, valid_until


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
