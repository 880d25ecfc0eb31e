"""May I share this? What may go to whom, and whom to ask, with no record at hand or about one. It releases nothing.

What somebody states of a record is sent as a form and never stands in an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements import Ground, Part, Telling, field_of
from entente.errors import InputFault
from entente.node.facts import ABSENT, facts_in
from entente.node.grounds import Cited
from entente.node.guidance import URGENCIES, Advice, Wanted, advise, advise_on, behalf
from entente.node.guidance_said import URGENCIES_SAID, contact_said, passed_on_said, rests_on
from entente.node.listing import ID_LETTERS
from entente.node.looking import look_at_one
from entente.web.paging import asked
from entente.web.routes import get, post
from entente.web.values import field_label
from entente.web.why import Clause, clauses

if TYPE_CHECKING:
    from entente.records import Fault, Field
    from entente.web.visit import Visit

FACT = "fact-"
"""Before the name of a field, in the form of what is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The question as it was asked."""

    kind: str = ""
    partner: str = ""
    purpose: str = ""
    urgency: str = "routine"
    said_by: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.partner and self.purpose)

    @property
    def wanted(self) -> Wanted:
        return Wanted(partner=self.partner, purpose=self.purpose, urgency=self.urgency, said_by=self.said_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A field that the answer hangs on, and how it is asked for. `choices` (code, label) where there are some."""

    name: str
    label: str
    hint: str
    type: str
    choices: Sequence[tuple[str, str]]
    value: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    """Fields with one verdict. `grounds`: what each provision does about them, and the provision."""

    title: str
    fields: Sequence[str]
    grounds: Sequence[tuple[str, Clause]]


def ask_share(visit: Visit) -> Response:
    """The form; with a kind, a partner and a purpose also the answer, as far as it goes without facts."""
    typed = Typed(
        kind=asked(visit, "kind"),
        partner=asked(visit, "partner"),
        purpose=asked(visit, "purpose"),
        urgency=asked(visit, "urgency") or "routine",
        said_by=asked(visit, "said_by"),
    )
    return _answer(visit, typed, {})


def tell_share(visit: Visit) -> Response:
    """With what is known of the record."""
    typed = Typed(
        kind=visit.text("kind"),
        partner=visit.text("partner"),
        purpose=visit.text("purpose"),
        urgency=visit.text("urgency") or "routine",
        said_by=visit.text("said_by"),
    )
    told = {name.removeprefix(FACT): visit.text(name) for name in visit.form if name.startswith(FACT)}
    return _answer(visit, typed, told)


def share_record(visit: Visit) -> Response:
    """About a record that the visitor may read. Raises NoSuchRecord."""
    record_id = visit.path["record_id"]
    typed = Typed(
        partner=asked(visit, "partner"), purpose=asked(visit, "purpose"), urgency=asked(visit, "urgency") or "routine"
    )
    if not typed.is_whole:
        look_at_one(visit.node, visit.look, record_id, own=visit.own)
        return _page(visit, typed, record=record_id)
    try:
        found = advise_on(visit.node, visit.look, typed.wanted, record_id, own=visit.own)
    except InputFault as error:
        look_at_one(visit.node, visit.look, record_id, own=visit.own)
        return _page(visit, typed, record=record_id, message=error.said(visit.book.translate))
    return _page(visit, typed, record=record_id, found=found)


def _answer(visit: Visit, typed: Typed, told: Mapping[str, str]) -> Response:
    if not (typed.kind and typed.is_whole):
        return _page(visit, typed)
    try:
        facts, faults = facts_in(visit.node, typed.kind, told)
        found = advise(visit.node, typed.wanted, typed.kind, facts)
    except InputFault as error:
        return _page(visit, typed, message=error.said(visit.book.translate))
    return _page(visit, typed, found=found, told=told, faults=faults)


def _page(
    visit: Visit,
    typed: Typed,
    *,
    record: str = "",
    found: Advice | None = None,
    told: Mapping[str, str] = {},
    faults: Sequence[Fault] = (),
    message: str = "",
) -> Response:
    label, words = visit.node.catalogue.vocabulary.label, visit.node.catalogue.vocabulary
    parties = ((code, label("party", code, visit.language)) for code in words.list("party").terms)
    kinds = ((name, label("kind", name, visit.language)) for name in visit.node.catalogue.kinds)
    telling = Telling(found.guidance, words, visit.book) if found else None
    return visit.page(
        "share.html",
        status=422 if message or faults else 200,
        typed=typed,
        record=record,
        short=record[:ID_LETTERS],
        message=message,
        kinds=sorted(kinds, key=_by_label),
        parties=sorted((one for one in parties if one[0] != visit.node.party), key=_by_label),
        purposes=[(code, label("purpose", code, visit.language)) for code in words.list("purpose").terms],
        others=[(code, label("party", code, visit.language)) for code in (() if record else behalf(visit.node))],
        urgencies=[(code, URGENCIES_SAID[code](visit.say)) for code in URGENCIES],
        found=found,
        telling=telling,
        parts=[_part(visit, telling, part) for part in found.guidance.parts] if found and telling else [],
        questions=_questions(visit, found, telling, told, faults) if found and telling and not record else [],
        contacts=[contact_said(one, words, visit.book) for one in found.contacts] if found else [],
        closed=_closed(visit, found) if found else [],
        passed_on=passed_on_said(found, words, visit.book) if found else "",
        rests=rests_on(found) if found else [],
    )


def _by_label(one: tuple[str, str]) -> str:
    return one[1].casefold()


def _part(visit: Visit, telling: Telling, part: Part) -> PartShown:
    return PartShown(
        title=telling.part(part),
        fields=[field_label(visit, telling.found.ask.kind.name, name) for name in part.fields],
        grounds=[(telling.ground(ground), _clause(visit, ground)) for ground in part.grounds],
    )


def _clause(visit: Visit, ground: Ground) -> Clause:
    provision = ground.provision
    (clause,) = clauses(visit, [Cited(ref=ground.ref, reference=provision.reference, text=provision.text)])
    return clause


def _closed(visit: Visit, found: Advice) -> Sequence[tuple[str, str, Sequence[str]]]:
    """Agreements between both that are not in force: name, address, and each reason with its remedy."""
    return [
        (
            f"{text.name} v{text.version}",
            f"/agreements/{text.digest}",
            [f"{one.sentence(visit.book.say)} {one.remedy(visit.book.say)}" for one in reasons],
        )
        for text, reasons in found.not_in_force
    ]


def _questions(
    visit: Visit, found: Advice, telling: Telling, told: Mapping[str, str], faults: Sequence[Fault]
) -> Sequence[Question]:
    """What the answer hangs on, and what was stated already, in the order of the kind."""
    kind, wrong = found.guidance.ask.kind, {one.field: one for one in faults}
    names = {*found.guidance.unknown, *(name for name, text in told.items() if text)}
    fields = [field for name in (*(one.name for one in kind.fields), *sorted(names)) if (field := field_of(kind, name))]
    questions = {}
    for field in fields:
        if field.name in names:
            fault = wrong.get(field.name)
            said = f"{fault.reason(visit.book.translate)} {fault.cure(visit.book.translate)}" if fault else ""
            questions[field.name] = _question(visit, telling, field, told.get(field.name, ""), said)
    return list(questions.values())


def _question(visit: Visit, telling: Telling, field: Field, value: str, error: str) -> Question:
    label, words = visit.node.catalogue.vocabulary.label, visit.node.catalogue.vocabulary
    choices: list[tuple[str, str]] = []
    if field.type == "code" and field.vocabulary:
        codes = words.list(field.vocabulary).terms
        choices = [(code, label(field.vocabulary, code, visit.language)) for code in codes]
    elif field.type == "boolean":
        choices = [("yes", visit.say("yes")), ("no", visit.say("no"))]
    elif field.type == "text":
        choices = [("yes", visit.say("it is stated"))]
    if choices:
        choices.append((ABSENT, visit.say("the record does not state it")))
    return Question(
        name=FACT + field.name,
        label=telling.fields([field.name]),
        hint=_hint(visit, telling, field),
        type="date" if field.type == "date" else "text",
        choices=choices,
        value=value,
        error=error,
    )


def _hint(visit: Visit, telling: Telling, field: Field) -> str:
    """What a provision asks of it, and how it is written where that is not plain."""
    said = [telling.question(field.name)]
    if field.type == "time":
        said.append(visit.say("With the time zone, for example 2024-03-31T14:00-04:00."))
    elif field.unit:
        said.append(visit.say("In {unit}.", unit=field.unit))
    return " ".join(one for one in said if one)


ROUTES = (
    get("/may-i-share", ask_share, needs="read-agreements"),
    post("/may-i-share", tell_share, needs="read-agreements"),
    get("/records/{record_id}/may-i-share", share_record, needs="read-own", reads=True),
)
