"""The order of a stream, judged as it arrives: the next one, one again, a hole, or two streams that call themselves
one.

Knows a position (the last number and id held) and the chain of ids. Refuses to know where messages are kept. Numbers
and previous ids are the cursor, never times: two messages may share a moment, none share a number.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from entente.errors import EntenteError, PartnerFault, Tampered
from entente.exchange.batches import Batch
from entente.exchange.directory import SpeaksForAnother
from entente.exchange.messages import Message, read_envelope
from entente.exchange.sealing import ENVELOPE_CONTEXT, Sealed, WrongRecipient
from entente.signing import BadSignature, PublicKey


class ForkedStream(Tampered):
    """The stream from {origin} has two different histories at message {seq}: {why}. Nothing was taken in; keep both
    messages as evidence and ask the sender whether its node was restored from a backup."""


class Misplaced(PartnerFault):
    """Message {id} was sent as number {seq}, but its envelope says {said}. Ask the sender's operator to look into
    its outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The end of what is held of a stream: last sequence number and id; 0 and empty before the first message."""

    seq: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Number `seq` as it arrived. `message` once proven; otherwise `fault` says why it is not, and it goes aside."""

    seq: int
    sealed: Sealed
    message: Message | None = None
    fault: EntenteError | None = None

    @property
    def event(self) -> str:
        """The event of the table INBOUND if nobody objects: accepted, expired (body taken back), quarantined or
        refused."""
        if self.fault is not None:
            return verdict_on(self.fault)
        return "expired" if self.sealed.body is None else "accepted"


@dataclass(frozen=True, slots=True)
class Accept:
    """The next one in order."""


@dataclass(frozen=True, slots=True)
class Again:
    """Held already: answer with its receipt, do nothing else."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Too early: `expected` comes first."""

    expected: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Two histories: at `seq` we hold `held_id`, and `offered` does not follow from it."""

    seq: int
    held_id: str
    offered: Sealed
    why: str


Judgement = Accept | Again | Gap | Fork


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A batch against a position: what is held already, what is new and in order, and what stopped it (None:
    nothing)."""

    again: tuple[Arrival, ...]
    fresh: tuple[Arrival, ...]
    halt: Gap | Fork | None


def judge(position: Position, arrival: Arrival, held_id: str | None) -> Judgement:
    """What `arrival` is at `position`; `held_id` is the id held under its number, if any.

    INVARIANT: Accept is given only to number position.seq + 1 whose previous id is position.id, so a stream is held
    once, in order, without a hole. (A message that could not be read names no previous one; the next one chains over
    it.)
    """
    if arrival.seq <= position.seq:
        if held_id == arrival.sealed.id:
            return Again()
        return Fork(arrival.seq, held_id or "", arrival.sealed, "another message was held under this number")
    if arrival.seq > position.seq + 1:
        return Gap(position.seq + 1)
    if arrival.message is not None and (arrival.message.previous or "") != position.id:
        return Fork(arrival.seq, position.id, arrival.sealed, "it follows a message that was never held")
    return Accept()


def arrivals(batch: Batch, open_one: Callable[[Sealed], Message]) -> Iterator[Arrival]:
    """Each message of `batch`, opened with `open_one` (entente.exchange.open_message); what it raises becomes a
    fault."""
    for seq, sealed in batch.numbered():
        try:
            message = open_one(sealed)
        except (PartnerFault, Tampered) as error:
            yield Arrival(seq=seq, sealed=sealed, fault=error)
            continue
        if message.seq == seq:
            yield Arrival(seq=seq, sealed=sealed, message=message)
        else:
            yield Arrival(seq=seq, sealed=sealed, fault=Misplaced(id=sealed.id, seq=seq, said=message.seq))


def sift(position: Position, incoming: Iterable[Arrival], held_id: Callable[[int], str | None]) -> Sifted:
    """Judges a batch in order; `held_id` gives the id held under a number. After a fork nothing is fresh."""
    again: list[Arrival] = []
    fresh: list[Arrival] = []
    for arrival in incoming:
        held = held_id(arrival.seq) if arrival.seq <= position.seq else None
        judgement = judge(position, arrival, held)
        if isinstance(judgement, Fork):
            return Sifted(again=(), fresh=(), halt=judgement)
        if isinstance(judgement, Gap):
            return Sifted(again=tuple(again), fresh=tuple(fresh), halt=judgement)
        if isinstance(judgement, Again):
            again.append(arrival)
            continue
        fresh.append(arrival)
        position = Position(seq=arrival.seq, id=arrival.sealed.id)
    return Sifted(again=tuple(again), fresh=tuple(fresh), halt=None)


def verdict_on(fault: EntenteError) -> str:
    """`refused` for what was never ours to hold, `quarantined` for everything that a person may still put right."""
    return "refused" if isinstance(fault, (WrongRecipient, SpeaksForAnother)) else "quarantined"


def is_equivocation(first: Sealed, second: Sealed, key: PublicKey) -> bool:
    """True when both are `key`'s, for one recipient and number, and differ: proof, for anybody, of two histories."""
    if first.id == second.id:
        return False
    try:
        for sealed in (first, second):
            key.verify(ENVELOPE_CONTEXT, sealed.envelope, sealed.signature)
    except BadSignature:
        return False
    return _place(first) == _place(second) != ()


def _place(sealed: Sealed) -> tuple[object, ...]:
    try:
        message = read_envelope(sealed.envelope)
    except PartnerFault:
        return ()
    return message.origin, message.recipient, message.seq
