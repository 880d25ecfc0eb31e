"""What a node holds, what waits, what is overdue: counts that recompute from the store."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entente.node.agreeing import all_standings, changed_agreements
from entente.node.alarms import Alarms, alarms
from entente.node.courier import UNANSWERED
from entente.node.doubts import Doubt, doubts
from entente.node.emergency import emergencies
from entente.node.offering import RECALL_NEEDED, TOO_LARGE
from entente.node.probing import Suspicion, suspicions
from entente.node.retention import is_on
from entente.node.work import Node
from entente.signing import parse
from entente.store import Transaction

NO_PROVISION = "no-provision"
NOT_TAKEN_IN = ("refused", "quarantined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`records` by (kind, party it came from); `sent` and `received` by (partner, type, state); `withheld` by (partner,
    field, provision or NO_PROVISION); `duties` by (direction, partner): open ones, and those of them that are
    overdue. `emergencies` that wait for review, and those of them that are overdue. `questions` by (direction, partner,
    type): open ones, and those of them that are overdue. `probing`: partners that seem to try out values.
    `doubts`: what a person has to look at before relying on a ledger."""

    party: str
    domain: str
    records: Mapping[tuple[str, str], int]
    quarantined: Mapping[str, int]
    sent: Mapping[tuple[str, str, str], int]
    received: Mapping[tuple[str, str, str], int]
    outcomes: Mapping[tuple[str, str], int]
    withheld: Mapping[tuple[str, str, str], int]
    duties: Mapping[tuple[str, str], tuple[int, int]]
    waiting_for_people: int
    set_aside: int
    emergencies: tuple[int, int]
    alarms: Alarms
    erases_by_itself: bool
    questions: Mapping[tuple[str, str, str], tuple[int, int]]
    probing: Sequence[Suspicion]
    doubts: Sequence[Doubt]
    ledger_size: int
    agreements: Mapping[str, str]
    database_bytes: int

    def to_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "domain": self.domain,
            "records": _named(self.records, ("kind", "from")),
            "quarantined": dict(self.quarantined),
            "sent": _named(self.sent, ("partner", "type", "state")),
            "received": _named(self.received, ("partner", "type", "state")),
            "decisions": _named(self.outcomes, ("partner", "outcome")),
            "withheld": _named(self.withheld, ("partner", "field", "because")),
            "duties": [
                {"owed": direction.removeprefix("owed-"), "partner": partner, "open": number, "overdue": overdue}
                for (direction, partner), (number, overdue) in sorted(self.duties.items())
            ],
            "waiting_for_people": self.waiting_for_people,
            "set_aside": self.set_aside,
            "emergencies": {"open": self.emergencies[0], "overdue": self.emergencies[1]},
            "questions": [
                {
                    "asked": direction.removeprefix("asked-"),
                    "partner": partner,
                    "type": type_,
                    "open": number,
                    "overdue": overdue,
                }
                for (direction, partner, type_), (number, overdue) in sorted(self.questions.items())
            ],
            "probing": [one.to_json() for one in self.probing],
            "overdue": {
                "answers_by_us": self.alarms.answers_by_us,
                "answers_to_us": self.alarms.answers_to_us,
                "records_past_their_day": self.alarms.records,
                "reviews": self.alarms.reviews,
                "recalls": self.alarms.recalls,
            },
            "answers_due_soon": self.alarms.due_soon,
            "records_on_hold_past_their_day": self.alarms.held,
            "erases_by_itself": self.erases_by_itself,
            "doubts": [doubt.to_json() for doubt in self.doubts],
            "ledger_size": self.ledger_size,
            "agreements": dict(self.agreements),
            "database_bytes": self.database_bytes,
        }

    @property
    def unsettled(self) -> int:
        """Messages without a final answer from the partner."""
        return sum(number for (_, _, state), number in self.sent.items() if state in UNANSWERED)


def status(node: Node) -> Status:
    """The node's state now, in one snapshot."""
    agreements = {}
    for agreement, standing in all_standings(node):
        agreements[agreement.name] = "in force" if standing.partners_of(node.party) else "not in force"
    agreements.update((str(error.values["name"]), "changed after signing") for error in changed_agreements(node))
    questioned = doubts(node)
    given, now, late = emergencies(node, is_open=True), node.clock(), alarms(node)
    with node.store.reading() as tx:
        outcomes, withheld = _decisions(tx)
        return Status(
            party=node.party,
            domain=node.config.domain,
            records={(kind, via or node.party): number for kind, via, number in tx.record_counts()},
            quarantined=_sum((code, number) for _, code, number in tx.quarantine_counts()),
            sent={(partner, kind, state): number for partner, kind, state, number in tx.outbox_counts()},
            received={(partner, kind, state): number for partner, kind, state, number in tx.inbox_counts()},
            outcomes=outcomes,
            withheld=withheld,
            duties={(way, party): (number, over) for way, party, number, over in tx.duty_counts(node.clock())},
            waiting_for_people=len(tx.releases("waiting")),
            set_aside=len(tx.releases(RECALL_NEEDED)) + len(tx.releases(TOO_LARGE)),
            emergencies=(len(given), sum(one.is_overdue(now) for one in given)),
            alarms=late,
            doubts=questioned,
            erases_by_itself=is_on(tx),
            questions={
                (way, party, type_): (number, over) for way, party, type_, number, over in tx.asking_counts(now)
            },
            probing=suspicions(tx),
            ledger_size=tx.ledger_head().size,
            agreements=agreements,
            database_bytes=node.store.size_bytes(),
        )


def _decisions(tx: Transaction) -> tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str, str], int]]:
    """Numbers by outcome, and fields withheld from records of which something went, by what withheld them."""
    outcomes: Counter[tuple[str, str]] = Counter()
    withheld: Counter[tuple[str, str, str]] = Counter()
    for partner, _, outcome, mask, number in tx.decision_counts():
        outcomes[partner, outcome] += number
        explanation = tx.explanation(mask)
        if outcome == "withhold" or explanation is None:
            continue
        body = parse(explanation.body)
        for field in body["withheld"]:
            if field["field"] in body["waiting"]:
                continue
            because = ", ".join(found["provision"] for found in field["by"]) or NO_PROVISION
            withheld[partner, field["field"], because] += number
    return outcomes, withheld


def _sum(pairs: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    totals: Counter[str] = Counter()
    for name, number in pairs:
        totals[name] += number
    return totals


def _named(counts: Mapping[Any, int], names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{**dict(zip(names, key, strict=True)), "number": number} for key, number in sorted(counts.items())]


def not_taken_in(node: Node) -> Mapping[tuple[str, str, str], int]:
    """How many messages were refused or put aside, by sender, recipient and reason code."""
    with node.store.reading() as tx:
        partners = {partner.party for partner in tx.partners()}
        sent = [(node.party, party, state, why, number) for party, state, why, number in tx.outbox_reasons()]
        held = [(party, node.party, state, why, number) for party, state, why, number in tx.inbox_reasons()]
    found: Counter[tuple[str, str, str]] = Counter()
    for sender, recipient, state, reason, number in sent + held:
        if state in NOT_TAKEN_IN and partners & {sender, recipient}:
            found[sender, recipient, reason] += number
    return found


def waiting_reasons(node: Node) -> Mapping[tuple[str, str], int]:
    """Why messages wait, by partner and the name of the error that put them off."""
    found: Counter[tuple[str, str]] = Counter()
    with node.store.reading() as tx:
        for party, state, reason, number in tx.outbox_reasons():
            if state in UNANSWERED and reason:
                found[party, reason] += number
    return found
