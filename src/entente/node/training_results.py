"""Results of training: kept as records of our own, read for the person itself, for the duty to release, and by the
privacy officer. They are for learning and for that duty, not for ranking people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from entente.agreements import Agreement, Approval, Decision
from entente.agreements.agreement import EMERGENCY
from entente.errors import InputFault
from entente.node.keeping import keep
from entente.node.listing import readable
from entente.node.looking import Look, check_look, log_look
from entente.node.work import Node, Work
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.store import Transaction

KIND = "training-attempt"
READER = "entente-training"
METHOD_VERSION = "1"

Passes = tuple[tuple[str, date], ...]
"""(name of an agreement, day of the last pass)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of somebody's attempts at one agreement: how many, exercises asked and right in all, and the day of
    the last pass."""

    attempts: int = 0
    asked: int = 0
    right: int = 0
    passed_on: date | None = None


NO_RESULTS = Results()


class TrainingMissing(InputFault):
    """Nothing was approved: under {agreement} only officers count who passed its exercises within {days} days, and
    {who} has not. Pass them on the screen Training, or with `entente training start {agreement} --who {who}`; then
    approve."""


def passes_of(node: Node, tx: Transaction, who: str, texts: Iterable[Agreement]) -> Passes:
    """What `who` (an account, or an officer's role id where nobody is signed in) has passed of what `texts` ask for."""
    asked = {text.name for text in texts if any(one.training_days is not None for one in text.provisions)}
    found = results_in(node, tx, who).get(who, {}) if asked else {}
    passed = {name: one.passed_on for name, one in found.items() if name in asked}
    return tuple((name, day) for name, day in sorted(passed.items()) if day is not None)


def trained_for(texts: Iterable[Agreement], moment: datetime) -> Passes:
    """What somebody has passed who is taken to be trained for all of `texts`."""
    return tuple((name, moment.astimezone(UTC).date()) for name in sorted({text.name for text in texts}))


def check_trained(decision: Decision, texts: Sequence[Agreement], approval: Approval, who: str) -> None:
    """Raises TrainingMissing where a provision under which `decision` lets something go asks for training that the
    officer lacks.

    INVARIANT: an approval that would not count for all that was shown is not taken; no emergency waits for training.
    """
    if decision.ask.occasion == EMERGENCY:
        return
    for text in texts:
        for provision in text.provisions if text.digest == decision.agreement else ():
            days = provision.training_days if provision.id in decision.provisions else None
            if days is not None and not approval.is_trained(text.name, days):
                raise TrainingMissing(agreement=text.name, days=days, who=who)


def results_of_all(node: Node, look: Look) -> Mapping[str, Mapping[str, date | None]]:
    """When everybody who finished an attempt last passed, by person and agreement; the look is logged. Raises NoReason.

    INVARIANT: how many answers of somebody else were right is told to nobody.
    """
    check_look(look)
    with node.writing() as work:
        log_look(work, look, KIND, [record.id for record in _attempts(node, work.tx)])
        found = results_in(node, work.tx)
    return {person: {name: one.passed_on for name, one in of.items()} for person, of in found.items()}


def results_in(node: Node, tx: Transaction, who: str = "") -> dict[str, dict[str, Results]]:
    """Results by person and agreement; of `who` alone where one is named."""
    found: dict[str, dict[str, Results]] = {}
    for record in _attempts(node, tx):
        person, name = str(record.values["person"]), str(record.values["agreement"])
        if who in ("", person):
            of_person = found.setdefault(person, {})
            of_person[name] = _with(of_person.get(name, NO_RESULTS), record.values)
    return found


def keep_result(node: Node, work: Work, values: Mapping[str, Value], door: str) -> None:
    """The record of an attempt that ends now, with its ledger entry; `door` says where it was answered."""
    kind = node.catalogue.kind(KIND)
    stamp = Stamp(
        said_by=node.party, recorded_at=work.now, id_key=node.identity.record_secret, is_simulated=node.is_demo
    )
    record = Record(
        id=record_id(stamp, kind, values),
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=node.party,
        recorded_at=work.now,
        sure="confirmed",
        provenance=Provenance(source=door, source_digest="", line=1, reader=READER, mapping_version=METHOD_VERSION),
        values=values,
        is_simulated=stamp.is_simulated,
    )
    keep(node, work, [record])


def _attempts(node: Node, tx: Transaction) -> Iterator[Record]:
    after = ""
    while page := tx.current_records(KIND, own=True, after=after):
        yield from (record for row in page if (record := readable(node, row)) is not None)
        after = page[-1].id


def _with(so_far: Results, values: Mapping[str, Value]) -> Results:
    asked, right, finished_at = values.get("asked"), values.get("right"), values.get("finished_at")
    found = replace(
        so_far,
        attempts=so_far.attempts + 1,
        asked=so_far.asked + (asked if isinstance(asked, int) else 0),
        right=so_far.right + (right if isinstance(right, int) else 0),
    )
    if values.get("is_passed") is True and isinstance(finished_at, datetime):
        day = finished_at.astimezone(UTC).date()  # as approvals are judged
        return replace(found, passed_on=max(day, found.passed_on or day))
    return found
