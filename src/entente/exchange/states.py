"""The states of a message, on its way out and on its way in: one table that code, documents and screens read.

Knows names of states and events. Refuses to know messages, stores and partners: it answers "what comes next" and
nothing else. The tables are checked when this module is imported. What is owed about a message after it was
delivered is not a state of its delivery; feedback has a machine of its own, which both ends draw from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from entente.errors import OurFault

LOST = "lost"
"""The one event that leads out of a final state: the partner no longer holds what it confirmed, or takes in after all
what it had refused or put aside."""


class ImpossibleStep(OurFault):
    """A message that is `{state}` ({machine}) cannot see `{event}`. Keep the message and report the defect."""


class BrokenTable(OurFault):
    """The table of states `{machine}` is wrong: {why}. Report the defect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state with what it means, in a sentence for documents and, translated, for the screen; a final state needs
    nothing more from the courier."""

    name: str
    meaning: str
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """States by name, the first one, and (state, event) -> next state; `words` is the list with the states' labels."""

    name: str
    start: str
    states: Mapping[str, State]
    steps: Mapping[tuple[str, str], str]
    words: str = "message-state"

    def events_of(self, state: str) -> tuple[str, ...]:
        """What can happen in `state`, in the order of the table."""
        return tuple(event for source, event in self.steps if source == state)


def next_state(machine: Machine, state: str, event: str) -> str:
    """The state after `event`. Raises ImpossibleStep."""
    try:
        return machine.steps[state, event]
    except KeyError:
        raise ImpossibleStep(machine=machine.name, state=state, event=event) from None


def diagram(machine: Machine) -> str:
    """The table as a mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html)."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.start}"]
    lines += [f"    {source} --> {target}: {event}" for (source, event), target in machine.steps.items()]
    lines += [f"    {name} --> [*]" for name, state in machine.states.items() if state.is_final]
    return "\n".join(lines)


def check(machine: Machine) -> None:
    """Raises BrokenTable unless each state is reached from the start, each non-final one reaches a final one, and
    only LOST leads out of a final state."""
    ends = {machine.start, *machine.steps.values(), *(source for source, _ in machine.steps)}
    unknown = ends - machine.states.keys()
    if unknown:
        raise BrokenTable(machine=machine.name, why=f"it does not describe {sorted(unknown)}")
    unreached = machine.states.keys() - _reached(machine, machine.start)
    if unreached:
        raise BrokenTable(machine=machine.name, why=f"nothing leads to {sorted(unreached)}")
    final = {name for name, state in machine.states.items() if state.is_final}
    stuck = [name for name in machine.states if not final & _reached(machine, name)]
    if stuck:
        raise BrokenTable(machine=machine.name, why=f"there is no way to an end from {stuck}")
    reopened = [(source, event) for source, event in machine.steps if source in final and event != LOST]
    if reopened:
        raise BrokenTable(machine=machine.name, why=f"a final state is left by {reopened}")


def _reached(machine: Machine, start: str) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        for (source, _), target in machine.steps.items():
            if source == here and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _machine(
    name: str, states: tuple[State, ...], steps: dict[tuple[str, str], str], words: str = "message-state"
) -> Machine:
    machine = Machine(
        name=name,
        start=states[0].name,
        states=MappingProxyType({state.name: state for state in states}),
        steps=MappingProxyType(steps),
        words=words,
    )
    check(machine)
    return machine


OUTBOUND = _machine(
    "outbound",
    (
        State(name="queued", meaning="Written down with its ledger entry; waits for the courier."),
        State(name="sent", meaning="Handed to the wire; no receipt has come back yet."),
        State(
            name="quarantined", meaning="The partner holds it aside and said why; it may still take it in or refuse it."
        ),
        State(name="accepted", meaning="The partner holds it and signed a receipt for it.", is_final=True),
        State(name="refused", meaning="The partner does not take it in and said why.", is_final=True),
        State(
            name="expired", meaning="It was taken back before it left; only its envelope was delivered.", is_final=True
        ),
    ),
    {
        ("queued", "dispatched"): "sent",
        ("queued", "emptied"): "queued",
        ("sent", "no-answer"): "queued",
        ("sent", "emptied"): "sent",
        ("sent", "accepted"): "accepted",
        ("sent", "quarantined"): "quarantined",
        ("sent", "refused"): "refused",
        ("sent", "expired"): "expired",
        ("sent", LOST): "queued",
        ("quarantined", "accepted"): "accepted",
        ("quarantined", "refused"): "refused",
        ("quarantined", LOST): "queued",
        ("accepted", LOST): "queued",
        ("refused", LOST): "queued",
        ("expired", LOST): "queued",
    },
)

INBOUND = _machine(
    "inbound",
    (
        State(name="arrived", meaning="Read from the wire and next in order; not yet judged."),
        State(name="quarantined", meaning="Held aside with the reason; a person decides, and the queue goes on."),
        State(name="accepted", meaning="Held under its agreement; the receipt says so.", is_final=True),
        State(name="refused", meaning="Not taken in; the envelope and the reason are kept.", is_final=True),
        State(name="expired", meaning="Arrived without its body: the sender took it back in time.", is_final=True),
    ),
    {
        ("arrived", "accepted"): "accepted",
        ("arrived", "quarantined"): "quarantined",
        ("arrived", "refused"): "refused",
        ("arrived", "expired"): "expired",
        ("quarantined", "accepted"): "accepted",
        ("quarantined", "refused"): "refused",
    },
)

ADVISORY = _machine(
    "advisory",
    (
        State(name="queued", meaning="Written down with its ledger entry; nobody has taken it along yet."),
        State(name="sent", meaning="Its files were written; nobody has recorded yet that it was handed over."),
        State(name="handed-over", meaning="A person has recorded how it was handed over.", is_final=True),
        State(name="expired", meaning="It was taken back before anybody took it along.", is_final=True),
    ),
    {
        ("queued", "written"): "sent",
        ("queued", "emptied"): "expired",
        ("sent", "emptied"): "expired",
        ("sent", "handed-over"): "handed-over",
    },
    words="advisory-state",
)

FEEDBACK = _machine(
    "feedback",
    (
        State(name="owed", meaning="The message was sent; its recipient has said nothing about it yet."),
        State(name="acknowledged", meaning="The recipient has seen it; what it led to is still to come."),
        State(
            name="aside",
            meaning="The recipient holds the message aside; it owes an answer once it has taken it in.",
        ),
        State(name="answered", meaning="The recipient has said what it led to.", is_final=True),
        State(
            name="void",
            meaning="Nothing is owed: the message was refused, or taken back before it left.",
            is_final=True,
        ),
    ),
    {
        ("owed", "acknowledged"): "acknowledged",
        ("owed", "answered"): "answered",
        ("owed", "put-aside"): "aside",
        ("owed", "undelivered"): "void",
        ("acknowledged", "answered"): "answered",
        ("acknowledged", "put-aside"): "aside",
        ("acknowledged", "undelivered"): "void",
        ("aside", "acknowledged"): "acknowledged",
        ("aside", "answered"): "answered",
        ("aside", "undelivered"): "void",
        ("aside", LOST): "owed",
        ("void", LOST): "owed",
    },
    words="duty-state",
)

QUERY = _machine(
    "query",
    (
        State(name="asked", meaning="The query was sent; nothing has come back yet."),
        State(name="looked", meaning="The asked node has looked; its answer leaves on the next tick."),
        State(name="desk", meaning="The answer has gone; what was found waits for a person at the asked node."),
        State(name="answered", meaning="The answer has gone, and nothing more waits.", is_final=True),
        State(name="refused", meaning="The asked node did not look and said why.", is_final=True),
    ),
    {
        ("asked", "looked"): "looked",
        ("asked", "answered"): "answered",
        ("asked", "refused"): "refused",
        ("looked", "answered"): "answered",
        ("looked", "set-aside"): "desk",
        ("desk", "settled"): "answered",
    },
    words="asking-state",
)

REQUEST = _machine(
    "request",
    (
        State(name="asked", meaning="The request was sent; an officer of the asked node decides."),
        State(name="granted", meaning="What may go has been given, as disclosures about the request.", is_final=True),
        State(name="refused", meaning="It was refused, with a reason.", is_final=True),
    ),
    {
        ("asked", "granted"): "granted",
        ("asked", "refused"): "refused",
    },
    words="asking-state",
)

RECALL = _machine(
    "recall",
    (
        State(name="asked", meaning="The recall was written down; its receipt has not come back yet."),
        State(name="delivered", meaning="The holder has the recall and has not said yet what it did."),
        State(name="partly", meaning="Something is still open: somebody to whom the holder handed it on, or a hold."),
        State(name="done", meaning="The holder, and all to whom it handed it on, have done it.", is_final=True),
        State(name="refused", meaning="The holder does not take the recall and said why.", is_final=True),
    ),
    {
        ("asked", "accepted"): "delivered",
        ("asked", "partly"): "partly",
        ("asked", "done"): "done",
        ("asked", "refused"): "refused",
        ("delivered", "partly"): "partly",
        ("delivered", "done"): "done",
        ("delivered", "refused"): "refused",
        ("partly", "partly"): "partly",
        ("partly", "done"): "done",
        ("refused", LOST): "asked",
    },
    words="recall-state",
)

MACHINES: tuple[Machine, ...] = (OUTBOUND, INBOUND, ADVISORY, FEEDBACK, QUERY, REQUEST, RECALL)

RECEIPT_STATES = ("accepted", "quarantined", "refused", "expired")
"""What a receipt can say about a message; each is an event of OUTBOUND and a state of both tables."""
