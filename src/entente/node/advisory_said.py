"""An advisory as people without a node read it: plain text, a page, a letter for e-mail, in the receiver's language.

It is built from the sealed message alone: what the body does not hold cannot stand in it.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from entente.exchange import Message, Sealed, read_envelope
from entente.exchange.recalls import read_recall
from entente.node.summaries import told
from entente.records import Catalogue, values_from_json
from entente.records.kinds import STEERING
from entente.signing import parse
from entente.store import OutsideRow
from entente.vocabulary import Phrasebook, phrasebook

LOCALES: Mapping[str, str] = {"en": "en_CA", "fr": "fr_CA", "es": "es_MX"}
_WIDTH = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around the body: the receiver, the advisory's number and that of the one it replaces, the agreement's
    name and zone, and whom to call."""

    party: OutsideRow
    number: str
    replaces: str
    agreement: str
    zone: str
    contact: str


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, with lines of (label, text); an empty label: a sentence of its own."""

    heading: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """`mark` is empty, or says that it is simulated."""

    language: str
    title: str
    mark: str
    parts: Sequence[Part]


def letter(sealed: Sealed, around: Surroundings, catalogue: Catalogue) -> Letter:
    """The advisory, or the recall of one, in the language of its receiver."""
    book, message = phrasebook(around.party.language), read_envelope(sealed.envelope)
    if message.type == "recall":
        title, says = book.say("Advisory called back"), _calls_back(sealed, around, catalogue)
    else:
        title, says = book.say("Advisory"), _tells(sealed, message, around, catalogue)
    return Letter(
        language=around.party.language,
        title=f"{title} {around.number}",
        mark=book.say("SIMULATED: none of this is real.") if message.is_simulated else "",
        parts=[_head(message, around, catalogue, book), *says, _close(message, around, book)],
    )


def as_text(found: Letter) -> str:
    """Lines of at most 78 characters where words allow it."""
    lines = [found.title, "=" * len(found.title), ""]
    if found.mark:
        lines += [f"*** {found.mark} ***", ""]
    for part in found.parts:
        lines += [part.heading, "-" * len(part.heading)]
        for label, text in part.lines:
            said = f"{label}: {text}" if label else text
            if label and found.language == "fr":
                said = f"{label}\N{NO-BREAK SPACE}: {text}"
            lines += textwrap.wrap(said, _WIDTH, subsequent_indent="    " if label else "", break_long_words=False)
        lines.append("")
    if found.mark:
        lines += [f"*** {found.mark} ***", ""]
    return "\n".join(lines)


def as_page(found: Letter) -> str:
    """One page of HTML that loads nothing; every text is escaped."""
    mark = f'<p class="mark"><strong>{escape(found.mark)}</strong></p>\n' if found.mark else ""
    parts = "".join(_section(part) for part in found.parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{found.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(found.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(found.title)}</h1>\n{mark}{parts}{mark}</body>\n</html>\n"
    )


def as_mail(found: Letter, *, sender: str, receiver: str, at: datetime) -> EmailMessage:
    """RFC 5322, text and page; empty addresses are left out. Nothing of what the advisory tells stands in its
    subject."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = f"{found.title}. {found.mark}" if found.mark else found.title
    for name, address in (("From", sender), ("To", receiver)):
        if address:
            mail[name] = address
    mail["Date"] = at
    mail["Content-Language"] = found.language
    mail.set_content(as_text(found))
    mail.add_alternative(as_page(found), subtype="html")
    return mail


_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "dt{font-weight:bold}dd{margin:0 0 .5rem}.mark{border:.2rem solid #111;padding:.5rem}"
)


def _section(part: Part) -> str:
    said, listed = "", ""
    for label, text in part.lines:
        if label:
            listed += f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>\n"
        else:
            said += f"<p>{escape(text)}</p>\n"
    listed = f"<dl>\n{listed}</dl>\n" if listed else ""
    return f"<h2>{escape(part.heading)}</h2>\n{listed}{said}"


def _head(message: Message, around: Surroundings, catalogue: Catalogue, book: Phrasebook) -> Part:
    label = catalogue.vocabulary.label
    lines = [
        (book.say("Reference"), around.number),
        (book.say("Sender"), label("party", message.origin, book.language)),
        (book.say("Receiver"), around.party.name),
        (book.say("Day"), _day(_local(message.created_at, around.zone), book)),
    ]
    if around.replaces and message.type != "recall":
        lines.append(("", book.say("This takes the place of the advisory {number}.", number=around.replaces)))
    return Part(book.say("About this advisory"), lines)


def _tells(sealed: Sealed, message: Message, around: Surroundings, catalogue: Catalogue) -> list[Part]:
    book = phrasebook(around.party.language)
    body: dict[str, Any] = parse(sealed.body or b"{}")
    label, record, handling = catalogue.vocabulary.label, body["record"], body["handling"]
    kind = catalogue.kind(record["kind"])
    values = values_from_json(kind, record["values"])
    facts = [(book.say("What it is"), label("kind", kind.name, book.language))]
    facts += [(book.say("Said by"), label("party", record["said_by"], book.language))]
    for field in kind.fields:
        if field.name in values:
            named = label("field", f"{kind.name}.{field.name}", book.language)
            facts.append((named, _plain(_value(catalogue, field, values[field.name], book))))
    purposes = ", ".join(label("purpose", one, book.language) for one in handling["purposes"])
    care = [(book.say("Use it only for"), purposes)]
    care += [("", f"{label('caveat', one, book.language)}.") for one in handling["caveats"]]
    days = handling["duties"].get("retain_days")
    if days is not None:
        last = _local(message.created_at, around.zone) + timedelta(days=days)
        care.append((book.say("Keep it no longer than"), _day(last, book)))
    if around.agreement:
        care.append((book.say("Under the agreement"), around.agreement))
    return [Part(book.say("What you are told"), facts), Part(book.say("How you may use it"), care)]


def _calls_back(sealed: Sealed, around: Surroundings, catalogue: Catalogue) -> list[Part]:
    book, said = phrasebook(around.party.language), read_recall(sealed.body or b"")
    label = catalogue.vocabulary.label
    lines = [
        ("", book.say("The advisory {number} is called back. Use it for nothing more.", number=around.replaces)),
        (book.say("Why"), label("recall-reason", said.reason, book.language)),
        (book.say("What to do with it"), label("recall-wanted", said.wanted, book.language)),
    ]
    if said.note:
        lines.append((book.say("Note"), _plain(said.note)))
    return [Part(book.say("What you are told"), lines)]


def _close(message: Message, around: Surroundings, book: Phrasebook) -> Part:
    lines = []
    if message.due is not None:
        lines.append((book.say("Answer by"), _day(_local(message.due, around.zone), book)))
    lines += [
        ("", book.say("Please say that you have received this, and later what it led to. Give the reference.")),
        (book.say("Whom to call"), around.contact or book.say("the officer who gave you this")),
    ]
    return Part(book.say("Your answer"), lines)


def _value(catalogue: Catalogue, field: Any, value: Any, book: Phrasebook) -> str:
    if isinstance(value, bool):
        return book.say("yes") if value else book.say("no")
    if isinstance(value, date) and not isinstance(value, datetime):
        return _day(value, book)
    return told(catalogue, field, value, book.language)


def _plain(text: str) -> str:
    """One line that steers no screen."""
    return STEERING.sub(" ", text)


def _local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone) if zone else UTC).date()


def _day(value: date, book: Phrasebook) -> str:
    shown = str(format_date(value, "long", locale=LOCALES[book.language]))
    return f"1er{shown[1:]}" if book.language == "fr" and shown.startswith("1 ") else shown
