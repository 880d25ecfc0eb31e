"""What could I give whom? A look at our real records under the agreements in force, or under a text that nobody has
signed yet. Nothing leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.responses import Response

from entente.agreements import Agreement, AgreementUnreadable, Preview, Sample, explain_json, read_agreement
from entente.agreements.guiding.preview_said import keeper_said
from entente.errors import InputFault
from entente.node.agreeing import agreement_names
from entente.node.agreement_view import held_text
from entente.node.previewing import preview_for
from entente.records import values_from_json
from entente.web.paging import asked, one_of
from entente.web.routes import get, post
from entente.web.values import field_label, labels, value_text

if TYPE_CHECKING:
    from entente.web.visit import Visit

OFFICERS = ("0", "1", "2")
IN_FORCE, A_FILE = "in-force", "file"
MAX_BYTES = 1024 * 1024 + 64 * 1024
"""Of a form with a draft: the longest text that is read, and the rest of the form."""


class NoDay(InputFault):
    """`{text}` is not a day. Write it as YYYY-MM-DD, for example 2026-04-01, or leave it empty for now."""


class NoDraft(InputFault):
    """No file came with the form. Choose the file of the draft, or preview under the agreements in force."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was sent. `draft` is the digest of a held text, IN_FORCE, or A_FILE that is to be sent."""

    partner: str = ""
    purpose: str = ""
    on: str = ""
    officers: str = "0"
    draft: str = IN_FORCE


@dataclass(frozen=True, slots=True)
class Part:
    """Fields of one kind that are given (an empty keeper) or kept by one keeper: their labels with the number of
    values."""

    kind: str
    keeper: str
    fields: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A sample with its values in words; `said` is why."""

    sample: Sample
    values: Sequence[tuple[str, str]]
    said: Sequence[str]


def ask_preview(visit: Visit) -> Response:
    """The form, and the answer once a partner and a purpose are chosen."""
    typed = Typed(
        partner=asked(visit, "partner"),
        purpose=asked(visit, "purpose"),
        on=asked(visit, "on"),
        officers=one_of(asked(visit, "officers"), OFFICERS),
        draft=asked(visit, "draft") or IN_FORCE,
    )
    if typed.draft == A_FILE or not typed.partner or not typed.purpose:
        return _page(visit, typed)
    try:
        draft = None if typed.draft == IN_FORCE else held_text(visit.node, typed.draft).agreement
        return _answer(visit, typed, draft)
    except InputFault as error:
        return _page(visit, typed, message=error.said(visit.book.translate))


def preview_draft(visit: Visit) -> Response:
    """Under the file that was sent, which is kept nowhere."""
    typed = Typed(
        partner=visit.text("partner"),
        purpose=visit.text("purpose"),
        on=visit.text("on"),
        officers=one_of(visit.text("officers"), OFFICERS),
        draft=A_FILE,
    )
    try:
        return _answer(visit, typed, _sent(visit))
    except AgreementUnreadable as error:
        remarks = [
            (one.where(visit.book.say), one.sentence(visit.book.say), one.remedy(visit.book.say))
            for one in error.problems
        ]
        return _page(visit, typed, remarks=remarks)
    except InputFault as error:
        return _page(visit, typed, message=error.said(visit.book.translate))


def _sent(visit: Visit) -> Agreement:
    """Raises NoDraft, AgreementUnreadable."""
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise NoDraft
    return read_agreement(file.file.read(), visit.node.catalogue)


def _answer(visit: Visit, typed: Typed, draft: Agreement | None) -> Response:
    found = preview_for(
        visit.node,
        visit.look,
        typed.partner,
        typed.purpose,
        draft=draft,
        moment=_moment(typed.on, draft),
        officers=int(typed.officers),
    )
    return _page(visit, typed, found=found, draft=draft)


def _moment(on: str, draft: Agreement | None) -> datetime | None:
    """Noon of that day where the draft is at home, as the verb of the terminal has it. Raises NoDay."""
    if not on:
        return None
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NoDay(text=on) from None
    return datetime.combine(day, time(12), ZoneInfo(draft.zone if draft else "UTC"))


def _page(
    visit: Visit,
    typed: Typed,
    *,
    found: Preview | None = None,
    draft: Agreement | None = None,
    message: str = "",
    remarks: Sequence[tuple[str, str, str]] = (),
) -> Response:
    label, language = visit.node.catalogue.vocabulary.label, visit.language
    parties = visit.node.catalogue.vocabulary.list("party").terms
    others = ((code, label("party", code, language)) for code in parties if code != visit.node.party)
    return visit.page(
        "agreement_preview.html",
        status=422 if message or remarks else 200,
        typed=typed,
        parties=sorted(others, key=lambda one: one[1].casefold()),
        purposes=[
            (code, label("purpose", code, language)) for code in visit.node.catalogue.vocabulary.list("purpose").terms
        ],
        texts=list(agreement_names(visit.node).items()),
        found=found,
        draft=draft,
        a_file=A_FILE,
        message=message,
        remarks=remarks,
        given=_parts(visit, {name: {"": count} for name, count in found.given.items()}) if found else [],
        withheld=_parts(visit, found.withheld) if found else [],
        samples=[_shown(visit, found, sample) for sample in found.samples] if found else [],
    )


def _parts(visit: Visit, counts: Mapping[str, Mapping[str, int]]) -> Sequence[Part]:
    """`counts` by `kind.field` and keeper; together what one keeper has of one kind."""
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for selector, keepers in counts.items():
        kind, _, field = selector.partition(".")
        for keeper, count in keepers.items():
            groups.setdefault((kind, keeper), []).append((field_label(visit, kind, field), count))
    return [
        Part(labels(visit, "kind", (kind,)), keeper_said(keeper, visit.book.say) if keeper else "", fields)
        for (kind, keeper), fields in sorted(groups.items())
    ]


def _shown(visit: Visit, found: Preview, sample: Sample) -> Shown:
    kind = visit.node.catalogue.kind(sample.kind)
    values = values_from_json(kind, sample.values)
    body = found.explanations[sample.explanation]
    return Shown(
        sample=sample,
        values=[
            (field_label(visit, kind.name, field.name), value_text(visit, kind.name, field, values[field.name]))
            for field in kind.fields
            if field.name in values
        ],
        said=explain_json(body, visit.node.catalogue.vocabulary, visit.book),
    )


ROUTES = (
    get("/agreements/preview", ask_preview, needs="preview", reads=True),
    post("/agreements/preview", preview_draft, needs="preview", reads=True, max_bytes=MAX_BYTES),
)
