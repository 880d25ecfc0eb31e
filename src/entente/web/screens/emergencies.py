"""Emergencies: life is at risk. What may be told leaves at once, and somebody else reviews it within a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements import explain, explain_json
from entente.agreements.giving.disclose import NothingChosen
from entente.errors import InputFault
from entente.node.desk import NoOfficerOfYours
from entente.node.emergency import (
    Given,
    Judgement,
    NoEmergencyReason,
    NoJudgement,
    NoSuchEmergency,
    NotInAnEmergency,
    Offer,
    emergencies,
)
from entente.node.emergency_desk import deliver_now, delivery, give_as, offers, review_as, sheet
from entente.node.looking import NoSuchRecord
from entente.node.searching import safe_cell
from entente.node.summaries import summary
from entente.signing import parse
from entente.web.paging import asked, whole_number
from entente.web.provisions import duties
from entente.web.routes import get, post
from entente.web.values import field_label, value_text

if TYPE_CHECKING:
    from entente.records import Record
    from entente.web.visit import Visit

JUDGEMENTS: Sequence[Judgement] = ("right", "wrong")
MOST_LOOKS = 150
"""So often a page that stands open asks by itself whether it has arrived, every other second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent, and what is wrong with it: as a whole, with the fields, with the reason."""

    partner: str = ""
    fields: Collection[str] = ()
    why: str = ""
    message: str = ""
    unchosen: str = ""
    unreasoned: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.message or self.unchosen or self.unreasoned)


def offer(visit: Visit) -> Response:
    return _offer(visit, Typed(partner=asked(visit, "partner")))


def give(visit: Visit) -> Response:
    """What was chosen leaves at once; if something is missing, the form says so and keeps what was typed."""
    if visit.person is None:
        raise NoOfficerOfYours
    record_id, partner, why = visit.path["record_id"], visit.text("partner"), visit.text("why")
    fields = [name for name in visit.form.getlist("field") if isinstance(name, str)]
    typed, say = Typed(partner=partner, fields=fields, why=why), visit.book.translate
    try:
        given = give_as(visit.node, visit.person, visit.look, record_id, partner, why=why, fields=fields, own=visit.own)
    except NoSuchRecord:
        raise
    except NoEmergencyReason as error:
        return _offer(visit, _with(typed, unreasoned=error.said(say)))
    except NothingChosen:
        return _offer(visit, _with(typed, unchosen=visit.say("Choose at least one field; nothing has left yet.")))
    except NotInAnEmergency:
        said = visit.say(
            "Nothing of this record may go to this partner now; why stands below. Call your liaison office."
        )
        return _offer(visit, _with(typed, partner="", message=said))
    except InputFault as error:
        return _offer(visit, _with(typed, message=error.said(say)))
    deliver_now(visit.node, partner)
    return visit.go(f"/emergencies/{given.number}")


def list_emergencies(visit: Visit) -> Response:
    now, found = visit.node.clock(), emergencies(visit.node)
    to_review = [(one, one.is_overdue(now)) for one in found if one.judgement is None]
    return visit.page(
        "emergencies.html",
        to_review=to_review,
        reviewed=[one for one in reversed(found) if one.judgement is not None],
        overdue=sum(is_overdue for _, is_overdue in to_review),
    )


def emergencies_file(visit: Visit) -> Response:
    return visit.csv(f"emergencies-{visit.node.party}.csv", _rows(visit))


def show_emergency(visit: Visit) -> Response:
    return _page(visit)


def show_delivery(visit: Visit) -> Response:
    """The part of the page that says whether it has arrived; no value stands in it."""
    number = visit.path["emergency"]
    if not visit.is_part:
        delivery(visit.node, number)
        return visit.go(f"/emergencies/{number}")
    looks = _looks(visit)
    return visit.page("emergency.html", part="delivery", delivery=delivery(visit.node, number), looks=looks)


def review(visit: Visit) -> Response:
    if visit.person is None:
        raise NoOfficerOfYours
    number, note, judged = visit.path["emergency"], visit.text("note"), visit.text("judgement")
    judgement = next((one for one in JUDGEMENTS if one == judged), None)
    if judgement is None:
        return _page(visit, note=note, unjudged=visit.say("Choose whether it was right."))
    try:
        review_as(visit.node, visit.person, number, judgement, note)
    except NoSuchEmergency:
        raise
    except NoJudgement as error:
        return _page(visit, judged=judged, unsaid=error.said(visit.book.translate))
    except InputFault as error:
        return _page(visit, judged=judged, note=note, message=error.said(visit.book.translate))
    return visit.go(f"/emergencies/{number}", told=visit.say("Your review is in the ledger."))


def _with(typed: Typed, **changes: str) -> Typed:
    kept = {"partner": typed.partner, "message": "", "unchosen": "", "unreasoned": "", **changes}
    return Typed(fields=typed.fields, why=typed.why, **kept)


def _offer(visit: Visit, typed: Typed) -> Response:
    """The form; while several partners could be given something and none is chosen, the choice among them."""
    found = offers(visit.node, visit.look, visit.path["record_id"], own=visit.own)
    named = [one for one in found.possible if one.partner == typed.partner]
    chosen = next(iter(named or (found.possible if len(found.possible) == 1 and not typed.message else ())), None)
    vocabulary = visit.node.catalogue.vocabulary
    return visit.page(
        "emergency_give.html",
        status=422 if typed.is_wrong else 200,
        record=found.record,
        heading=_heading(visit, found.record),
        typed=typed,
        chosen=chosen,
        choices=list(_choices(visit, chosen)) if chosen else [],
        duties=duties(visit, chosen.decision.duties) if chosen else [],
        stays=explain(chosen.decision, vocabulary, visit.book) if chosen else [],
        possible=[(one.partner, _labels(visit, one.record.kind, one.fields)) for one in found.possible],
        impossible=[(one.partner, explain(one.decision, vocabulary, visit.book)) for one in found.impossible],
    )


def _choices(visit: Visit, chosen: Offer) -> Iterator[tuple[str, str, str]]:
    """Name, label and value of each field that could go, in the order of the kind."""
    kind = visit.node.catalogue.kind(chosen.record.kind)
    for field in kind.fields:
        if field.name in chosen.fields:
            value = value_text(visit, kind.name, field, chosen.record.values[field.name])
            yield field.name, field_label(visit, kind.name, field.name), value


def _heading(visit: Visit, record: Record) -> str:
    return summary(visit.node.catalogue, record.kind, record.values, visit.language)


def _labels(visit: Visit, kind: str, fields: Sequence[str]) -> Sequence[str]:
    return [field_label(visit, kind, name) for name in fields]


def _page(
    visit: Visit, *, message: str = "", judged: str = "", unjudged: str = "", note: str = "", unsaid: str = ""
) -> Response:
    found, person = sheet(visit.node, visit.look, visit.path["emergency"]), visit.person
    given, words = found.given, visit.node.catalogue.vocabulary
    return visit.page(
        "emergency.html",
        status=422 if message or unjudged or unsaid else 200,
        found=found,
        delivery=found.delivery,
        looks=_looks(visit),
        went=list(_went(visit, found.record, found.kind, given)),
        is_overdue=given.is_overdue(visit.node.clock()),
        is_mine=person is not None and given.is_of(person.officer, person.name),
        because=explain_json(parse(found.explanation), words, visit.book) if found.explanation else [],
        judgements=[("right", visit.say("It was right")), ("wrong", visit.say("It was wrong"))],
        message=message,
        judged=judged,
        unjudged=unjudged,
        note=note,
        unsaid=unsaid,
    )


def _went(visit: Visit, record: Record | None, kind: str, given: Given) -> Iterator[tuple[str, str]]:
    """Label and value of each field that was given; without its value where the record is erased."""
    fields = {one.name: one for one in visit.node.catalogue.kind(kind).fields} if record else {}
    for name in given.fields:
        field = fields.get(name)
        value = value_text(visit, kind, field, record.values[name]) if record and field else visit.say("erased")
        yield field_label(visit, kind, name), value


def _looks(visit: Visit) -> int:
    """The number of the next look, 0 where the page asks no more by itself."""
    looks = (whole_number(asked(visit, "looks")) or 0) + 1
    return looks if looks <= MOST_LOOKS else 0


def _rows(visit: Visit) -> Iterator[Sequence[object]]:
    yield (
        *("number", "given_at", "record", "version", "partner", "fields", "given_by", "why"),
        *("review_due", "overdue", "reviewed_by", "judgement", "note"),
    )
    now = visit.node.clock()
    for one in emergencies(visit.node):
        yield (
            one.number,
            one.at.isoformat(),
            one.record_id,
            one.version,
            one.partner,
            " ".join(one.fields),
            one.officer,
            safe_cell(one.why),
            one.review_due.isoformat(),
            "yes" if one.is_overdue(now) else "no",
            one.reviewer or "",
            one.judgement or "",
            safe_cell(one.note),
        )


ROUTES = (
    get("/records/{record_id}/emergency", offer, needs="give-in-emergency", reads=True),
    post("/records/{record_id}/emergency", give, needs="give-in-emergency", reads=True),
    get("/emergencies", list_emergencies, needs="read-own"),
    get("/emergencies.csv", emergencies_file, needs="review-emergency"),
    get("/emergencies/{emergency}", show_emergency, needs="read-own", reads=True),
    get("/emergencies/{emergency}/delivery", show_delivery, needs="read-own"),
    post("/emergencies/{emergency}/review", review, needs="review-emergency", reads=True),
)
