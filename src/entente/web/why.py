"""Why somebody may see a record, and why a field of it came, goes, waits or does not: as a screen tells it.

The reasons are those of entente.node.reasons; here they only get words, and addresses of what they cite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entente.web.values import field_label, labels, value_text

if TYPE_CHECKING:
    from entente.node.grounds import Cited, FieldReason, PartnerReasons
    from entente.records import Kind, Value
    from entente.web.visit import Visit

STRUCK = ("forbidden", "unmet", "no-provision")
"""States of a field that a provision, or the lack of one, keeps back for certain."""
_TONES = {"release": "good", "wait": "warn", "not-taken-in": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A provision with its address; `text` in `language`, empty where the agreement is not kept here."""

    name: str
    address: str
    reference: str
    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShown:
    """One field of the kind, in its place. `state` is "own" for a record of ours, else that of its reason; `short` says
    in one sentence why a value is not there."""

    name: str
    value: str | None
    state: str
    short: str = ""
    said: Sequence[str] = ()
    clauses: Sequence[Clause] = ()

    @property
    def is_struck(self) -> bool:
        return self.value is None and self.state in STRUCK


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerShown:
    """What one partner gets for one purpose: labels of fields that go and that wait, and (why, labels) of the others.
    `desk` is the address of what waits for release, empty where none does."""

    partner: str
    purpose: str
    outcome: str
    tone: str
    goes: Sequence[str]
    waits: Sequence[str]
    fields_known: bool
    struck: Sequence[tuple[str, Sequence[str]]]
    said: Sequence[str]
    clauses: Sequence[Clause]
    desk: str


def own_fields(visit: Visit, kind: Kind, values: Mapping[str, Value]) -> Iterator[FieldShown]:
    """What our record states, in the order of its kind."""
    for field in kind.fields:
        if field.name in values:
            text = value_text(visit, kind.name, field, values[field.name])
            yield FieldShown(name=field_label(visit, kind.name, field.name), value=text, state="own")


def received_fields(
    visit: Visit, kind: Kind, values: Mapping[str, Value], reasons: Iterable[FieldReason]
) -> Iterator[FieldShown]:
    """Every field of the kind, with why it came or did not."""
    by_name = {reason.name: reason for reason in reasons}
    for field in kind.fields:
        reason = by_name[field.name]
        yield FieldShown(
            name=field_label(visit, kind.name, field.name),
            value=value_text(visit, kind.name, field, values[field.name]) if field.name in values else None,
            state=reason.state,
            short=_short(visit, reason),
            said=reason.said(visit.node.catalogue.vocabulary, visit.book),
            clauses=clauses(visit, reason.cited),
        )


def partner_shown(visit: Visit, found: PartnerReasons, desk: Mapping[tuple[str, str], str]) -> PartnerShown:
    """`desk` has the numbers of releases by partner and purpose."""
    by_state: dict[str, list[str]] = {"goes": [], "waits": []}
    struck: dict[str, list[str]] = {}
    for reason in found.fields:
        name = field_label(visit, reason.kind, reason.name)
        if reason.state in by_state:
            by_state[reason.state].append(name)
        else:
            struck.setdefault(_short(visit, reason), []).append(name)
    release = desk.get((found.partner, found.purpose), "")
    return PartnerShown(
        partner=found.partner,
        purpose=labels(visit, "purpose", (found.purpose,)) if found.purpose else "",
        outcome=_outcome(visit, found.outcome),
        tone=_TONES.get(found.outcome, "quiet"),
        goes=by_state["goes"],
        waits=by_state["waits"],
        fields_known=bool(found.fields),
        struck=list(struck.items()),
        said=found.said(visit.node.catalogue.vocabulary, visit.book),
        clauses=clauses(visit, (one for reason in found.fields for one in reason.cited)),
        desk=f"/desk/{release}" if release else "",
    )


def clauses(visit: Visit, cited: Iterable[Cited]) -> Sequence[Clause]:
    """Each once, in the reader's language or in one that it has."""
    return [_clause(visit, one) for one in {one.ref: one for one in cited}.values()]


def _clause(visit: Visit, one: Cited) -> Clause:
    known = one.text
    return Clause(
        name=one.named(visit.book),
        address=f"/agreements/{one.ref.agreement}#provision-{one.ref.provision}",
        reference=one.reference,
        text=one.worded(visit.language),
        language=visit.language if known.get(visit.language) else next(iter(known), visit.language),
    )


def _short(visit: Visit, reason: FieldReason) -> str:
    """Why a field is not there or does not go, in one sentence; empty for one that came."""
    provision = "; ".join(one.named(visit.book) for one in reason.cited)
    if reason.state == "forbidden":
        return visit.say("Forbidden by {provision}.", provision=provision)
    if reason.state == "unmet":
        return visit.say("A condition is not met: {provision}.", provision=provision)
    if reason.state == "no-provision":
        return visit.say("No provision gives it.")
    if reason.state in ("given", "goes", "waits"):
        return ""
    return visit.say("It did not come. Its giver does not state it, or something we cannot see withheld it.")


def _outcome(visit: Visit, outcome: str) -> str:
    texts = {
        "release": visit.say("Goes"),
        "wait": visit.say("Waits for release"),
        "withhold": visit.say("Does not go"),
        "taken-back": visit.say("Taken back before it went"),
        "not-taken-in": visit.say("Not taken in"),
        "nothing-in-force": visit.say("No agreement in force"),
        "not-standing": visit.say("Not offered"),
        "not-yet": visit.say("Not decided yet"),
    }
    return texts.get(outcome, outcome)
