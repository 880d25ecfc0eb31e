"""One table of states: no dead end, no state nobody reaches, and a final state is left only by a loss."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from entente.exchange import (
    FEEDBACK,
    INBOUND,
    MACHINES,
    OUTBOUND,
    RECEIPT_STATES,
    BrokenTable,
    ImpossibleStep,
    Machine,
    State,
    diagram,
    next_state,
)
from entente.exchange.states import LOST, check
from entente.vocabulary import LANGUAGES, house_vocabulary


@pytest.mark.parametrize(
    ("machine", "events", "end"),
    [
        (OUTBOUND, ["dispatched", "accepted"], "accepted"),
        (OUTBOUND, ["dispatched", "no-answer", "dispatched", "accepted"], "accepted"),
        (OUTBOUND, ["dispatched", "quarantined", "refused"], "refused"),
        (OUTBOUND, ["emptied", "dispatched", "expired"], "expired"),
        (OUTBOUND, ["dispatched", "emptied", "no-answer", "dispatched", "expired"], "expired"),
        (OUTBOUND, ["dispatched", "accepted", "lost", "dispatched", "accepted"], "accepted"),
        (INBOUND, ["accepted"], "accepted"),
        (INBOUND, ["quarantined", "accepted"], "accepted"),
        (INBOUND, ["expired"], "expired"),
        (FEEDBACK, ["acknowledged", "answered"], "answered"),
        (FEEDBACK, ["answered"], "answered"),
        (FEEDBACK, ["undelivered"], "void"),
        (FEEDBACK, ["undelivered", "lost", "answered"], "answered"),
    ],
)
def test_a_message_goes_its_way(machine: Machine, events: list[str], end: str) -> None:
    state = machine.start
    for event in events:
        state = next_state(machine, state, event)
    assert state == end
    assert machine.states[state].is_final


@pytest.mark.parametrize(
    ("machine", "state", "event"),
    [
        (OUTBOUND, "queued", "accepted"),  # nobody confirms what was never handed to the wire
        (OUTBOUND, "accepted", "refused"),
        (OUTBOUND, "accepted", "dispatched"),
        (INBOUND, "refused", "accepted"),
        (INBOUND, "accepted", "quarantined"),
        (INBOUND, "unheard-of", "accepted"),
        (FEEDBACK, "answered", "acknowledged"),  # what was said is not unsaid
        (FEEDBACK, "answered", "undelivered"),  # nor was it delivered to nobody
        (FEEDBACK, "void", "answered"),
    ],
)
def test_what_is_not_in_the_table_cannot_happen(machine: Machine, state: str, event: str) -> None:
    with pytest.raises(ImpossibleStep):
        next_state(machine, state, event)


def test_a_receipt_settles_what_was_sent_whatever_it_says() -> None:
    assert {next_state(OUTBOUND, "sent", said) for said in RECEIPT_STATES} == set(RECEIPT_STATES)
    assert set(RECEIPT_STATES) == set(INBOUND.states) - {INBOUND.start}


def test_everything_a_partner_has_confirmed_can_be_sent_again_when_it_lost_it() -> None:
    assert {next_state(OUTBOUND, state, LOST) for state in RECEIPT_STATES} == {"queued"}


def table(states: list[State], steps: dict[tuple[str, str], str]) -> Machine:
    return Machine(
        name="trial",
        start=states[0].name,
        states=MappingProxyType({state.name: state for state in states}),
        steps=MappingProxyType(steps),
    )


A, B, END = State(name="a", meaning="-"), State(name="b", meaning="-"), State(name="end", meaning="-", is_final=True)


@pytest.mark.parametrize(
    ("machine", "why"),
    [
        (table([A, B, END], {("a", "go"): "end", ("a", "turn"): "b"}), "no way to an end"),
        (table([A, B, END], {("a", "go"): "end", ("b", "go"): "end"}), "nothing leads"),
        (table([A, END], {("a", "go"): "end", ("end", "back"): "a"}), "final state is left"),
        (table([A, END], {("a", "go"): "end", ("a", "fly"): "nowhere"}), "does not describe"),
    ],
    ids=["dead end", "unreached", "left", "unknown"],
)
def test_a_broken_table_is_refused_at_import(machine: Machine, why: str) -> None:
    with pytest.raises(BrokenTable, match=why):
        check(machine)


def test_only_the_loss_of_a_message_leads_out_of_a_final_state() -> None:
    check(table([A, END], {("a", "go"): "end", ("end", LOST): "a"}))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_the_drawing_shows_every_step_once(machine: Machine) -> None:
    drawn = diagram(machine).splitlines()
    steps = {f"    {source} --> {target}: {event}" for (source, event), target in machine.steps.items()}
    ends = {f"    {name} --> [*]" for name, state in machine.states.items() if state.is_final}
    assert drawn[:2] == ["stateDiagram-v2", f"    [*] --> {machine.start}"]
    assert len(drawn) == 2 + len(steps) + len(ends)
    assert set(drawn[2:]) == steps | ends


def test_every_state_has_a_label_in_each_language() -> None:
    for words in {machine.words for machine in MACHINES}:
        terms = house_vocabulary().list(words).terms
        assert set(terms) == {state for machine in MACHINES if machine.words == words for state in machine.states}
        assert all(term.labels[language] for term in terms.values() for language in LANGUAGES)


def test_the_table_cannot_be_changed_by_whoever_reads_it() -> None:
    with pytest.raises(TypeError):
        OUTBOUND.steps["queued", "skip"] = "accepted"  # type: ignore[index]  # that it is refused is the test
    assert replace(OUTBOUND) == OUTBOUND
