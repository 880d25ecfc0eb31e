"""The only door: a disclosure is built from nothing by copying permitted fields, never by striking out a full copy.

INVARIANT: no other module makes a `Disclosure`; tests/house/test_only_door.py reads every file for it. What is
withheld leaves no trace in the body: no name, no count, no empty place, no time of recording, no place in the source.
"""

from collections.abc import Collection, Mapping
from dataclasses import InitVar, dataclass
from typing import final

from entente.agreements.deciding.decision import Decision
from entente.errors import InputFault, OurFault
from entente.records import Kind, Record, Value, values_to_json
from entente.signing import Json, canonical

FORM, PASSED_ON_FORM = 1, 2
"""Version of the form of a body; one that is given on behalf of others also says through whom it came (`chain`)."""

_DOOR = object()


class NotThroughTheDoor(OurFault):
    """Something tried to make a disclosure without a decision. Use entente.agreements.disclose."""


class NotReleased(OurFault):
    """A disclosure was asked for although the decision is {outcome}. Disclose only what a decision releases."""


class NothingChosen(InputFault):
    """None of the fields that were chosen may go under this decision: {fields}. Choose among: {permitted}."""


class AnotherRecord(OurFault):
    """A disclosure of record {record} was asked for under a decision about another one. Decide about this record
    first."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A record as its receiver sees it under a decision. `body` is canonical JSON: what is said, and how to handle it.

    The rest repeats, for the node at home, what the body says or was decided; `giver`, `receiver` and `purpose` are
    not in it.
    """

    body: bytes
    record_id: str
    record_version: int
    kind: str
    giver: str
    receiver: str
    purpose: str
    agreement: str
    provisions: tuple[str, ...]
    caveats: tuple[str, ...]
    feedback_days: int | None
    is_simulated: bool
    door: InitVar[object] = None

    def __post_init__(self, door: object) -> None:
        if door is not _DOOR:
            raise NotThroughTheDoor


def disclose(record: Record, kind: Kind, decision: Decision, *, only: Collection[str] | None = None) -> Disclosure:
    """What may leave of `record`; of that, `only` these fields where a person chose the fewest that are needed.
    Raises NotReleased, AnotherRecord, NothingChosen."""
    if decision.outcome != "release" or decision.agreement is None:
        raise NotReleased(outcome=decision.outcome)
    ask = decision.ask
    if kind != ask.kind or (record is not ask.record and record != ask.record):
        raise AnotherRecord(record=record.id)
    values = {name: value for name, value in shown(record, decision).items() if only is None or name in only}
    if not values:
        raise NothingChosen(fields=", ".join(sorted(only or ())), permitted=", ".join(shown(record, decision)))
    chain = ask.through
    said: dict[str, Json] = {"form": PASSED_ON_FORM, "chain": list(chain)} if chain else {"form": FORM}
    return Disclosure(
        body=canonical({**said, "record": _record_part(record, values), "handling": _handling_part(decision)}),
        record_id=record.id,
        record_version=record.version,
        kind=record.kind,
        giver=ask.giver,
        receiver=ask.receiver,
        purpose=ask.purpose,
        agreement=decision.agreement,
        provisions=decision.provisions,
        caveats=decision.caveats,
        feedback_days=decision.duties.get("feedback_days"),
        is_simulated=record.is_simulated,
        door=_DOOR,
    )


def shown(record: Record, decision: Decision) -> Mapping[str, Value]:
    """The values that the receiver would see, in the order of the kind's fields: for previews; it is no disclosure."""
    if decision.outcome != "release":
        return {}
    return {name: record.values[name] for name in decision.fields if name in record.values}


def _record_part(record: Record, values: Mapping[str, Value]) -> dict[str, Json]:
    return {
        "id": record.id,
        "version": record.version,
        "kind": record.kind,
        "kind_version": record.kind_version,
        "said_by": record.said_by,
        "sure": record.sure,
        "is_simulated": record.is_simulated,
        "values": values_to_json(values),
    }


def _handling_part(decision: Decision) -> dict[str, Json]:
    return {
        "agreement": decision.agreement,
        "provisions": list(decision.provisions),
        "purposes": list(decision.purposes),
        "caveats": list(decision.caveats),
        "duties": dict(decision.duties),
    }
