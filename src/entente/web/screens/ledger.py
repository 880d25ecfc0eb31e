"""The ledger: what this node wrote down, entry by entry; proof of an entry; and whether it is what was signed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from entente.agreements import SAME
from entente.ledger import ENTRY_TYPES, Problem, Verdict
from entente.node.announcing import witness_views
from entente.node.doubts import own_doubts
from entente.node.judging_again import DECISIONS, NotADecision, judge_entry
from entente.node.ledger_view import (
    MOST_CHECKED,
    PAGE,
    CheckRunning,
    LedgerEntry,
    Wanted,
    check_ledger,
    ledger_entry,
    ledger_page,
    proof_of,
    signed_tree,
)
from entente.node.roles import Forbidden
from entente.web.mistakes import NothingHere, status_of
from entente.web.paging import asked, whole_number
from entente.web.routes import get, post
from entente.web.visit import Visit

MOST_AGAIN = 100
"""Decisions of one entry that a screen derives again."""
PRIVATE = frozenset({"read", "question-asked"})
"""Who read what, and why, is for whoever may read accesses."""
FINGERPRINTS = frozenset({"body", "record", "records", "ids", "selector"})
"""Digests of contents: whoever may read no record is not given them to guess with."""
QUESTIONS = frozenset({"asked", "received"})
"""Entries whose reason is the sentence with which somebody asked about a person or a thing."""
WORDS: Mapping[str, str] = {
    "kind": "kind",
    "partner": "party",
    "party": "party",
    "purpose": "purpose",
    "type": "message-type",
    "reason": "message-reason",
    "roles": "role",
    "outcome": "outcome",
}
"""Facts that are codes, with their lists."""


class Place(NamedTuple):
    """A screen of subjects: the beginning of its address, and the permission to open it."""

    path: str
    needs: str


RECORD, PARTNER, PERSON = (
    Place("/records/", "read-own"),
    Place("/partners/", "read-partners"),
    Place("/people/", "manage-people"),
)
AGREEMENT, NOTICE = Place("/agreements/", "read-agreements"), Place("/notices/", "read-notices")
PLACES: Mapping[str, Place] = {
    "kept": RECORD,
    "corrected": RECORD,
    "released": RECORD,
    "release-refused": RECORD,
    "emergency-given": RECORD,
    "emergency-reviewed": RECORD,
    "erased": RECORD,
    "recalled": RECORD,
    "redisclosed": RECORD,
    "imported": Place("/imports/", "import"),
    "agreement-added": AGREEMENT,
    "agreement-signed": AGREEMENT,
    "agreement-suspended": AGREEMENT,
    "reviewed": Place("/findings/", "read-findings"),
    "notice-answered": NOTICE,
    "notice-void": NOTICE,
    "answer-heard": NOTICE,
    "answer-reminder": NOTICE,
    "record-held": RECORD,
    "bulletin-approved": RECORD,
    "bulletin-withdrawn": RECORD,
    "bulletin-written": RECORD,
    "hold-ended": RECORD,
    "reconciled": PARTNER,
    "partner-pinned": PARTNER,
    "account-added": PERSON,
    "account-changed": PERSON,
    "account-locked": PERSON,
}
"""Where the subject of an entry has a screen."""


def list_entries(visit: Visit) -> Response:
    wanted = Wanted(type=_type(asked(visit, "type")), subject=asked(visit, "subject"))
    if wanted.subject and not visit.may("read-accesses"):
        wanted = replace(wanted, hidden=PRIVATE)
    before = whole_number(asked(visit, "before"))
    entries = ledger_page(visit.node, wanted, before=before)
    return visit.page(
        "ledger.html",
        part="entries",
        tree=signed_tree(visit.node),
        witnesses=witness_views(visit.node),
        doubts=[(one.said(visit.book.translate), one.cure(visit.book.translate)) for one in own_doubts(visit.node)],
        entries=[(_shown(visit, entry), _place(visit, entry)) for entry in entries],
        types=_types(visit),
        wanted=wanted,
        before=before,
        next_before=entries[-1].index if len(entries) == PAGE and entries[-1].index else None,
    )


def show_entry(visit: Visit) -> Response:
    entry = ledger_entry(visit.node, _index(visit))
    shown = _shown(visit, entry)
    return visit.page(
        "ledger_entry.html",
        entry=shown,
        place=_place(visit, entry),
        facts=[_fact(visit, entry.type, name, value) for name, value in (shown.facts or {}).items()],
        is_private=_is_private(visit, entry),
        has_facts=entry.facts is not None and _may_take_facts(visit, entry),
        is_decision=entry.type in DECISIONS,
        tree=signed_tree(visit.node),
    )


def give_proof(visit: Visit) -> Response:
    index = _index(visit)
    has_facts = asked(visit, "facts") == "yes"
    if has_facts:
        entry = ledger_entry(visit.node, index)
        if not _may_take_facts(visit, entry):
            raise Forbidden(needs="read-accesses" if _is_private(visit, entry) else "read-own", language=visit.language)
    proof = proof_of(visit.node, index, has_facts=has_facts)
    return visit.file(f"{visit.node.party}-{index}.tlog-proof", "text/plain; charset=utf-8", proof)


def derive_again(visit: Visit) -> Response:
    """What becomes of a decision that is made again from what its explanation names. Raises NoSuchLedgerEntry."""
    index = _index(visit)
    try:
        judged = judge_entry(visit.node, index, most=MOST_AGAIN)
    except NotADecision as error:
        message = error.said(visit.book.translate)
        return visit.page("ledger_again.html", status=status_of(error), index=index, message=message)
    return visit.page(
        "ledger_again.html",
        index=index,
        message="",
        judged=judged,
        whole=[] if judged.entry == SAME else judged.entry.said(visit.book.say),
        rows=[(one, one.again.said(visit.book.say)) for one in judged.decisions],
        most=MOST_AGAIN,
    )


def verify(visit: Visit) -> Response:
    try:
        check = check_ledger(visit.node)
    except CheckRunning as error:
        message = error.said(visit.book.translate)
        return visit.page("ledger_checked.html", status=status_of(error), message=message, check=None)
    verdicts = [(visit.say("Database"), check.store)]
    if check.files is not None:
        verdicts.append((visit.say("Published files"), check.files))
    return visit.page(
        "ledger_checked.html",
        message="",
        check=check,
        verdicts=[(name, verdict, _problems(visit, verdict)) for name, verdict in verdicts],
        most=MOST_CHECKED,
    )


def _problems(visit: Visit, verdict: Verdict) -> Sequence[tuple[Problem, str, str]]:
    translate = visit.book.translate
    return [(problem, problem.said(translate), problem.cure(translate)) for problem in verdict.problems]


def _index(visit: Visit) -> int:
    index = whole_number(visit.path["index"])
    if index is None:
        raise NothingHere
    return index


def _type(text: str) -> str:
    return text if text in ENTRY_TYPES else ""


def _types(visit: Visit) -> Sequence[tuple[str, str]]:
    label = visit.node.catalogue.vocabulary.label
    labelled = ((str(code), label("entry-type", code, visit.language)) for code in ENTRY_TYPES)
    return sorted(labelled, key=lambda pair: pair[1].casefold())


def _is_private(visit: Visit, entry: LedgerEntry) -> bool:
    return entry.type in PRIVATE and not visit.may("read-accesses")


def _may_take_facts(visit: Visit, entry: LedgerEntry) -> bool:
    return visit.may("read-own") and not _is_private(visit, entry)


def _shown(visit: Visit, entry: LedgerEntry) -> LedgerEntry:
    """The entry as this person may see it.

    INVARIANT: who read what is shown to nobody who may not read accesses; digests, and what is asked about whom, to
    nobody who may read no record.
    """
    if _is_private(visit, entry):
        return replace(entry, subject="", facts={})
    if entry.facts is None or visit.may("read-own"):
        return entry
    return replace(
        entry,
        facts={
            name: value
            for name, value in entry.facts.items()
            if not _is_fingerprint(name, value) and not (name == "why" and entry.type in QUESTIONS)
        },
    )


def _is_fingerprint(name: str, value: object) -> bool:
    return name in FINGERPRINTS and str(value).startswith("sha256:")


def _place(visit: Visit, entry: LedgerEntry) -> str:
    """The address of what the entry is about; empty where there is no screen for it, or not for this person."""
    if entry.type in ("sent", "disclosed", "taken-back", "received", "refused-message") and entry.facts:
        way = "received" if entry.type == "received" else "sent"
        partner = str(entry.facts.get("partner", ""))
        return f"/partners/{quote(partner, safe='')}?way={way}" if partner and visit.may("read-partners") else ""
    if entry.type == "read":
        return f"/accesses?who={quote(entry.subject, safe='')}" if visit.may("read-accesses") else ""
    place = PLACES.get(entry.type)
    return f"{place.path}{quote(entry.subject, safe='')}" if place and visit.may(place.needs) else ""


def _fact(visit: Visit, entry_type: str, name: str, value: Any) -> tuple[str, str, bool]:
    """Name and value in the reader's language, and whether the value is a code of machines."""
    label = visit.node.catalogue.vocabulary.label
    words = "entry-type" if name == "what" else WORDS.get(name, "")
    if name == "state":
        words = "duty-state" if entry_type.startswith("notice") else "message-state"
    shown = [label(words, str(one), visit.language) if words else str(one) for one in _flat(value)]
    if value is None or value in ("", []):
        shown = [visit.say("none")]
    elif isinstance(value, bool):
        shown = [visit.say("yes") if value else visit.say("no")]
    return label("ledger-fact", name, visit.language), ", ".join(shown), not words and isinstance(value, str)


def _flat(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return [f"{name} = {inner}" for name, inner in value.items()]
    return value if isinstance(value, list | tuple) else [value]


ROUTES = (
    get("/ledger", list_entries, needs="read-ledger"),
    get("/ledger/{index}", show_entry, needs="read-ledger"),
    get("/ledger/{index}/proof", give_proof, needs="read-ledger"),
    post("/ledger/{index}/again", derive_again, needs="read-ledger"),
    post("/ledger/verify", verify, needs="read-ledger"),
)
