"""The release desk: what waits for people, what would leave, and the decision of the officer who is signed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from entente.agreements import explain, explain_unmet
from entente.errors import InputFault
from entente.node.desk import MOST, NoOfficerOfYours, Sheet, approve_as, desk, refuse_as, sheet
from entente.node.releases import NoRefusalReason, NoSuchRelease
from entente.web.paging import asked
from entente.web.provisions import duties
from entente.web.routes import get, post
from entente.web.values import field_label, value_text
from entente.web.why import Clause, clauses

if TYPE_CHECKING:
    from entente.agreements import Withheld
    from entente.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A field that would leave, and the provisions that give it."""

    name: str
    value: str
    clauses: Sequence[Clause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """Fields that stay for the same reason: each provision that forbids them, or comes nearest, with what it lacks."""

    names: Sequence[str]
    is_forbidden: bool
    why: Sequence[tuple[Clause, Sequence[str]]]


def show_desk(visit: Visit) -> Response:
    partner = asked(visit, "partner")
    found = desk(visit.node, partner)
    label = visit.node.catalogue.vocabulary.label
    return visit.page(
        "desk.html",
        found=found,
        partner=partner,
        partners=[(code, label("party", code, visit.language), count) for code, count in found.partners.items()],
        most=MOST,
    )


def show_release(visit: Visit) -> Response:
    return _page(visit)


def approve_release(visit: Visit) -> Response:
    """For exactly what was shown; if that has changed since, it is shown again and nothing is approved."""
    number = visit.path["number"]
    if visit.person is None:
        raise NoOfficerOfYours
    try:
        is_leaving = approve_as(visit.node, visit.person, number, visit.text("seen"))
    except NoSuchRelease:
        raise
    except InputFault as error:
        return _page(visit, message=error.said(visit.book.translate))
    if is_leaving:
        return visit.go("/desk", told=visit.say("Released: it leaves with the next delivery."))
    return visit.go("/desk", told=visit.say("Approved. One more officer is needed before it leaves."))


def refuse_release(visit: Visit) -> Response:
    """Refused with a reason; what was set aside is taken off the desk, with a note of what was done."""
    number, why = visit.path["number"], visit.text("why")
    if visit.person is None:
        raise NoOfficerOfYours
    try:
        refuse_as(visit.node, visit.person, number, why)
    except NoSuchRelease:
        raise
    except NoRefusalReason as error:
        return _page(visit, problem=error.said(visit.book.translate))
    except InputFault as error:
        return _page(visit, message=error.said(visit.book.translate), why=why)
    return visit.go("/desk", told=visit.say("Done: it does not leave, and the partner is told nothing."))


def _page(visit: Visit, *, message: str = "", problem: str = "", why: str = "") -> Response:
    """`message` is about the whole, `problem` about the reason that was typed."""
    found = sheet(visit.node, visit.look, visit.path["number"])
    return visit.page(
        "desk_release.html",
        status=422 if message or problem else 200,
        found=found,
        message=message,
        problem=problem,
        why=why,
        leaving=list(_leaving(visit, found)),
        giving=clauses(visit, (one for name in found.decision.fields for one in found.giving(name))),
        staying=list(_staying(visit, found)),
        empty=[field_label(visit, found.record.kind, name) for name in _not_stated(found)],
        duties=duties(visit, found.decision.duties),
        sentences=_against(visit, found),
    )


def _leaving(visit: Visit, found: Sheet) -> Iterator[Leaving]:
    kind = found.decision.ask.kind
    for field in kind.fields:
        if field.name in found.decision.fields and field.name in found.record.values:
            yield Leaving(
                name=field_label(visit, kind.name, field.name),
                value=value_text(visit, kind.name, field, found.record.values[field.name]),
                clauses=clauses(visit, found.giving(field.name)),
            )


def _staying(visit: Visit, found: Sheet) -> Iterator[Staying]:
    """Of what the record states; fields with the same reasons together."""
    groups: dict[tuple[object, object], list[Withheld]] = {}
    for one in found.decision.withheld:
        if one.field in found.record.values:
            key = (str([by.to_json() for by in one.by]), str([near.to_json() for near in one.near_misses]))
            groups.setdefault(key, []).append(one)
    for group in groups.values():
        yield Staying(
            names=[field_label(visit, found.record.kind, one.field) for one in group],
            is_forbidden=bool(group[0].by),
            why=list(_why(visit, found, group[0])),
        )


def _why(visit: Visit, found: Sheet, one: Withheld) -> Iterator[tuple[Clause, Sequence[str]]]:
    body, vocabulary = found.decision.to_json(), visit.node.catalogue.vocabulary
    lacking = [(by.provision, by.unknown) for by in one.by] or [
        (near.provision, near.unmet) for near in one.near_misses
    ]
    for ref, unmet in lacking:
        (clause,) = clauses(visit, [found.cited(ref)])
        yield clause, explain_unmet([lack.to_json() for lack in unmet], body, vocabulary, visit.book)


def _not_stated(found: Sheet) -> list[str]:
    """Fields that would leave, if the record stated them."""
    return [name for name in found.decision.fields if name not in found.record.values]


def _against(visit: Visit, found: Sheet) -> Sequence[str]:
    """Why nothing may leave now, where that is so."""
    if found.decision.outcome == "release":
        return []
    return explain(found.decision, visit.node.catalogue.vocabulary, visit.book)


ROUTES = (
    get("/desk", show_desk, needs="read-desk"),
    get("/desk/{number}", show_release, needs="read-desk", reads=True),
    post("/desk/{number}/approve", approve_release, needs="release", reads=True),
    post("/desk/{number}/refuse", refuse_release, needs="release", reads=True),
)
