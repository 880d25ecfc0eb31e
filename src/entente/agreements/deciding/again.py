"""A past decision derived again, bit for bit: from its explanation, which names every ingredient by its digest, the
version of the record, the texts, and the kinds and words known today.

Equal bytes prove it. Other bytes prove nothing where an ingredient is no longer what it was: then it cannot be derived
again, and the recorded decision still stands by its digest in the ledger.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from entente.agreements.agreement import Agreement
from entente.agreements.deciding.decide import decide
from entente.agreements.deciding.decision import ENGINE, Approval, Ask, Limits
from entente.agreements.texts.sayings import Say
from entente.records import Catalogue, Record
from entente.signing import NotCanonical, canonical, parse

Outcome = Literal["same", "differs", "cannot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What differs, or which ingredient is missing or changed, by `code`; `values` go into its sentence."""

    code: str
    values: Mapping[str, str] = default(default_factory=dict)

    def sentence(self, say: Say) -> str:
        return _SAYINGS[self.code](say, self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """`same`: equal bytes. `differs`: the ingredients are what they were, and lead elsewhere, or what was kept was
    changed. `cannot`: an ingredient is missing or is no longer what it was."""

    outcome: Outcome
    why: tuple[Why, ...] = ()

    def said(self, say: Say) -> list[str]:
        """The outcome, then one sentence for each reason."""
        first = {
            "same": say("Derived again: the same, to the last byte."),
            "differs": say("Derived again: it differs. Call your security officer."),
            "cannot": say("It cannot be derived again. What was decided still verifies against the ledger."),
        }[self.outcome]
        return [first, *(why.sentence(say) for why in self.why)]


SAME = Again(outcome="same")


def cannot(code: str, **values: str) -> Again:
    return Again(outcome="cannot", why=(Why(code=code, values=values),))


def differs(code: str, **values: str) -> Again:
    return Again(outcome="differs", why=(Why(code=code, values=values),))


def derive_again(
    explanation: bytes, record: Record | None, texts: Mapping[str, Agreement], catalogue: Catalogue
) -> Again:
    """Whether deciding again gives the bytes of `explanation` (canonical Decision.to_json()).

    `record` is the version that was decided about, None once it is erased; `texts` are whole agreements by digest, as
    `read_agreement` gives them.
    """
    try:
        body = parse(explanation)
        asked = body["asked"]
        missing = _missing(body, asked, record, texts, catalogue)
        if missing or record is None:
            return Again(outcome="cannot", why=missing)
        if record.kind != asked["kind"]:
            return differs("decision", members="kind")
        ask, agreements = _asked_again(asked, record, texts, catalogue)
        found = canonical(decide(ask, agreements, catalogue.vocabulary).to_json())
        return SAME if found == explanation else _compared(body, parse(found))
    except (NotCanonical, KeyError, TypeError, ValueError, AttributeError):  # whoever changed it wrote no explanation
        return cannot("unreadable")


def texts_of(explanation: bytes) -> tuple[str, ...]:
    """The digests of the agreements that `explanation` rests on; none where it cannot be read."""
    try:
        return tuple(str(text) for text, _ in parse(explanation)["asked"]["agreements"])
    except (NotCanonical, KeyError, TypeError, ValueError):
        return ()


def route_of(explanation: bytes) -> tuple[str, str] | None:
    """Receiver and purpose of the decision that `explanation` explains; None where it cannot be read."""
    try:
        asked = parse(explanation)["asked"]
        return str(asked["receiver"]), str(asked["purpose"])
    except (NotCanonical, KeyError, TypeError):
        return None


def _missing(
    body: Mapping[str, Any],
    asked: Mapping[str, Any],
    record: Record | None,
    texts: Mapping[str, Agreement],
    catalogue: Catalogue,
) -> tuple[Why, ...]:
    found = []
    if body["engine"] != ENGINE:
        found.append(Why(code="engine", values={"recorded": str(body["engine"]), "ours": ENGINE}))
    if record is None:
        found.append(Why(code="record-gone"))
    if asked["kind"] not in catalogue.kinds:
        found.append(Why(code="kind-gone", values={"kind": str(asked["kind"])}))
    gone = (text for text, _ in asked["agreements"] if text not in texts)
    return (*found, *(Why(code="text-gone", values={"agreement": str(text)}) for text in gone))


def _asked_again(
    asked: Mapping[str, Any], record: Record, texts: Mapping[str, Agreement], catalogue: Catalogue
) -> tuple[Ask, list[Agreement]]:
    """The ask that `asked` was written from, and the agreements as they bound then. Raises ValueError."""
    days = [(texts[text], date.fromisoformat(day)) for text, day in asked["agreements"]]
    moment = _moment(days)
    ask = Ask(
        record=record,
        kind=catalogue.kinds[asked["kind"]],
        giver=asked["giver"],
        receiver=asked["receiver"],
        receiver_roles=frozenset(asked["receiver_roles"]),
        purpose=asked["purpose"],
        occasion=asked["occasion"],
        moment=moment,
        approvals=_approvals(asked, moment),
        under=asked["under"],
        limits=_limits(asked["limits"]),
        chain=tuple(asked["chain"]),
    )
    bound = {text: frozenset(parties) for text, parties in asked["bound"]}
    return ask, [_as_bound(text, ask, bound[text.digest], asked.get("succeeds", ())) for text, _ in days]


def _limits(body: Mapping[str, Any]) -> Limits:
    members: dict[str, Any] = {name: tuple(x) if isinstance(x, list) else x for name, x in body.items()}
    return Limits(**members)


def _as_bound(text: Agreement, ask: Ask, bound: frozenset[str], succeeds: Iterable[tuple[str, str]]) -> Agreement:
    """As it bound then. Of the parties only those matter between whom the record passes."""
    unbound = {ask.giver, ask.receiver, *ask.through} - bound
    narrowed = text.among([party for party in text.parties if party not in unbound])
    return replace(narrowed, succeeds=frozenset(old for new, old in succeeds if new == text.digest))


def _moment(days: Iterable[tuple[Agreement, date]]) -> datetime:
    """A moment that is on each day in the zone of its agreement: nothing finer was ever asked. Raises ValueError."""
    fixed = list(days)
    starts = [datetime.combine(day, time(), ZoneInfo(text.zone)).astimezone(UTC) for text, day in fixed]
    latest = max(starts, default=datetime(2000, 1, 1, tzinfo=UTC))
    for moment in (latest, latest + timedelta(hours=1)):  # where clocks change at midnight, the day begins later
        if all(text.local_day(moment) == day for text, day in fixed):
            return moment
    raise ValueError("no moment is on all these days")


def _approvals(asked: Mapping[str, Any], moment: datetime) -> tuple[Approval, ...]:
    """As many officers as counted, whoever they were, each with the trainings that make as many count for those."""
    trained = [(name, days, given) for name, days, given in asked["trained"]]
    return tuple(_approval(number, moment, trained) for number in range(asked["officers"]))


def _approval(number: int, moment: datetime, trained: Iterable[tuple[str, int, int]]) -> Approval:
    shortest: dict[str, int] = {}
    for name, days, given in trained:
        if number < given:
            shortest[name] = min(days, shortest.get(name, days))
    today = moment.date().toordinal()  # further back than the calendar goes, nobody can have passed
    passed = tuple((name, date.fromordinal(max(1, today - days))) for name, days in sorted(shortest.items()))
    return Approval(officer=f"+{number}", at=moment, passed=passed)


def _compared(body: Mapping[str, Any], found: Mapping[str, Any]) -> Again:
    asked, now = body["asked"], found["asked"]
    changed = []
    if asked["kind_digest"] != now["kind_digest"]:
        changed.append(Why(code="kind-changed", values={"kind": asked["kind"]}))
    for member, code in _LISTED.items():
        before, after = dict(asked[member]), dict(now[member])
        names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        changed += [Why(code=code, values={"name": str(name)}) for name in names]
    if changed:
        return Again(outcome="cannot", why=tuple(changed))
    names = sorted(name for name in body.keys() | found.keys() if body.get(name) != found.get(name))
    return differs("decision", members=", ".join(names))


_LISTED: Mapping[str, str] = MappingProxyType(
    {"lists": "list-changed", "codes": "codes-changed", "directories": "directory-changed"}
)

_SAYINGS: Mapping[str, Callable[[Say, Mapping[str, str]], str]] = MappingProxyType(
    {
        "engine": lambda say, v: say(
            "It was decided by the rules {recorded}; this program has the rules {ours}. The version of the program "
            "that has those can derive it again.",
            **v,
        ),
        "record-gone": lambda say, _v: say("What it was decided about was erased here, or is not held any more."),
        "kind-gone": lambda say, v: say("This program knows no kind of record {kind} any more.", **v),
        "kind-changed": lambda say, v: say("The kind of record {kind} is no longer what it was.", **v),
        "text-gone": lambda say, v: say(
            "The text {agreement} is not held here, or this program no longer reads it.", **v
        ),
        "list-changed": lambda say, v: say("The dated list {name} is no longer what it was.", **v),
        "codes-changed": lambda say, v: say("The code list {name} is no longer what it was.", **v),
        "directory-changed": lambda say, v: say(
            "The parties that have the roles which the text {name} names are no longer the same.", **v
        ),
        "unreadable": lambda say, _v: say("Its explanation is not one that this program can read."),
        "explanation-gone": lambda say, _v: say("Its explanation is not kept here."),
        "facts-gone": lambda say, _v: say("The facts of this entry were erased."),
        "decision": lambda say, v: say("Deciding again gives something else in: {members}.", **v),
        "entry-changed": lambda say, _v: say("The facts kept beside this entry are not what was logged."),
        "explanation-changed": lambda say, _v: say("The explanation kept here is not the one that the ledger names."),
        "record-changed": lambda say, _v: say("The version of the record kept here is not the one that was logged."),
        "records-changed": lambda say, _v: say(
            "The decision is kept for another record, receiver or purpose than the ledger says."
        ),
        "text-changed": lambda say, v: say("The text kept here as {agreement} has other bytes than were signed.", **v),
    }
)
"""The sentence of each code, as a message id of the catalogues."""
