"""What a partner's query finds among our own current records, and the answer, which leaves on the tick.

INVARIANT: what a partner can see of a query (the receipt, the size of the answer, when it leaves, how many entries the
ledger grows by) does not depend on what was found, unless the answer itself tells it. So each query costs one reading
of all records of its kind, one decision and one ledger entry, found or not; and its answer has one size and one tick.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from entente.agreements import Agreement, Ask, Decision, decide, disclose
from entente.exchange import (
    QUERY,
    Answer,
    MessageTooLarge,
    Question,
    Refusal,
    answer_bytes,
    next_state,
    read_question,
    refusal_bytes,
)
from entente.exchange.queries import HIT, MAX_RECORDS, NO_HIT, NOT_TOLD
from entente.node.in_force import agreements_between, agreements_now, roles_of
from entente.node.looking import record_of
from entente.node.offering import write_decisions
from entente.node.onward import bound
from entente.node.outgoing import Outgoing
from entente.node.probing import LOOKED_BACK, is_new, sign_of, suspicion
from entente.node.questioning import OCCASIONS, OF_US, QUERY_TYPE, normalised, provided, start_of_day
from entente.node.work import Node, Work
from entente.records import Record
from entente.signing import Json, canonical, parse
from entente.store import AskingRow, RecordRow, Transaction

PAGE = 500
WITHHELD, WAITS = "withheld", "waits"
"""Outcomes that stay at home, beside those of an answer: found and nothing may go; found and a person decides."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one query found: `rows` that have its values; `stand_in` is decided upon where there are none."""

    row: AskingRow
    rows: Sequence[RecordRow]
    stand_in: RecordRow | None


def look_up(node: Node) -> int:
    """Looks up every query that has come since; how many there were."""
    with node.store.reading() as tx:
        waiting = [row for row in tx.askings(OF_US, state=QUERY.start) if row.type == QUERY_TYPE and row.body]
        looked = list(_look(node, tx, waiting)) if waiting else []
        outcomes = [_outcome(node, tx, one) for one in looked]
    if not looked:
        return 0
    with node.writing() as work:
        for one, outcome in zip(looked, outcomes, strict=True):
            if _is_still(work, one.row):
                _keep(node, work, one, outcome)
    return len(looked)


def matching(node: Node, tx: Transaction, row: AskingRow, question: Question) -> Sequence[RecordRow]:
    """Our own current records with the values of `question`, or the one it names, at most MAX_RECORDS."""
    if question.record is None:
        (found,) = _look(node, tx, [row])
        return found.rows
    held = tx.record(question.record)
    is_it = held is not None and held.via is None and held.kind == row.kind and held.is_simulated is row.is_simulated
    return [held] if held is not None and is_it else []


def _look(node: Node, tx: Transaction, asked: Sequence[AskingRow]) -> Iterator[_Looked]:
    """Each kind is read once for all queries about it, from its first record to its last."""
    found: dict[str, list[RecordRow]] = {row.about: [] for row in asked}
    stand_ins: dict[tuple[str, bool], RecordRow] = {}
    wanted: dict[str, dict[str, tuple[AskingRow, Mapping[str, str]]]] = {}
    for row in asked:
        selector = dict(read_question(row.body, is_query=False).selector)
        values = {name: normalised(value) for name, value in selector.items()}
        wanted.setdefault(row.kind, {})[row.about] = (row, values)
    for kind, queries in wanted.items():
        declared = node.catalogue.kind(kind)
        names = (*declared.selectors, *declared.weak_selectors)
        for held in _current(tx, kind):
            stand_ins.setdefault((kind, held.is_simulated), held)
            said = parse(held.body)["values"]
            values = {name: normalised(said[name]) for name in names if name in said}
            for about, (row, wishes) in queries.items():
                is_it = all(values.get(name) == value for name, value in wishes.items())
                if is_it and held.is_simulated is row.is_simulated and len(found[about]) < MAX_RECORDS:
                    found[about].append(held)
    for row in asked:
        yield _Looked(row, found[row.about], stand_ins.get((row.kind, row.is_simulated)))


def _current(tx: Transaction, kind: str) -> Iterator[RecordRow]:
    after = ""
    while page := tx.current_records(kind, own=True, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _outcome(node: Node, tx: Transaction, looked: _Looked) -> str:
    agreements = agreements_between(node, tx, looked.row.partner, node.clock())
    rows = looked.rows or ([looked.stand_in] if looked.stand_in else [])
    called_back = tx.recalled_from(looked.row.partner, [row.id for row in rows])
    outcomes = {(decided(node, looked.row, row, agreements)[1].outcome, row.id in called_back) for row in rows}
    if not looked.rows:
        return NO_HIT
    return HIT if ("release", False) in outcomes else WAITS if ("wait", False) in outcomes else WITHHELD


def decided(
    node: Node, row: AskingRow, held: RecordRow, agreements: Sequence[Agreement], **rest: object
) -> tuple[Record, Decision]:
    """What may go of `held` to the partner that asked `row`; `rest` are further parts of the ask."""
    record, now = record_of(node, held), node.clock()
    binds = bound(held, now.date())
    parts: dict[str, object] = {"occasion": OCCASIONS[row.type], "moment": now, **rest}
    ask = Ask(
        record=record,
        kind=node.catalogue.kind(record.kind),
        giver=node.party,
        receiver=row.partner,
        receiver_roles=roles_of(node.catalogue.vocabulary, row.partner),
        purpose=row.purpose,
        limits=binds.limits,
        chain=binds.chain,
        **parts,  # type: ignore[arg-type]
    )
    return record, decide(ask, agreements, node.catalogue.vocabulary)


def _keep(node: Node, work: Work, looked: _Looked, outcome: str) -> None:
    """One entry, whatever was found; its type and its facts are sealed in its leaf."""
    found: list[Json] = [[held.id, held.version] for held in looked.rows]
    row = replace(looked.row, state=next_state(QUERY, QUERY.start, "looked"), outcome=outcome, found=canonical(found))
    work.tx.put_asking(row)
    sign, is_news = _watch(node, work, row)
    facts: dict[str, Json] = {
        "partner": row.partner,
        "agreement": row.agreement,
        "purpose": row.purpose,
        "kind": row.kind,
        "outcome": outcome,
        "records": [held.id for held in looked.rows],
        "watch": sign,
    }
    work.write("probing-suspected" if is_news else "query-looked", row.about, facts)


def _watch(node: Node, work: Work, row: AskingRow) -> tuple[str, bool]:
    """The sign of probing that this query completes, and whether it is the first of its day."""
    agreement = _text(node, work, row)
    if agreement is None:
        return "", False
    today = start_of_day(agreement, work.now)
    newest = work.tx.latest_askings(row.partner, row.agreement, row.purpose, QUERY_TYPE, LOOKED_BACK)
    seen = [one for one in newest if one.outcome and one.body and one.created_at >= today]
    sign = sign_of(seen, [one.outcome == NO_HIT for one in seen])
    return sign, bool(sign) and is_new(work, suspicion(work, row.partner, agreement, row.purpose, sign))


def _text(node: Node, work: Work, row: AskingRow) -> Agreement | None:
    return next((one for one in agreements_now(node, work, row.partner) if one.digest == row.agreement), None)


def send_answers(node: Node) -> int:
    """Queues the answers whose tick has come, all in one transaction; how many."""
    with node.store.reading() as tx:
        now = node.clock()
        ready = [row for row in tx.askings(OF_US, state="looked") if row.leaves_at is None or row.leaves_at <= now]
    if not ready:
        return 0
    with node.writing() as work:
        for partner in sorted({row.partner for row in ready}):
            outgoing = Outgoing(node, work, partner)
            for row in sorted((row for row in ready if row.partner == partner), key=lambda row: row.created_at):
                if _is_still(work, row):
                    _answer(node, work, outgoing, row)
            outgoing.close()
    return len(ready)


def _is_still(work: Work, row: AskingRow) -> bool:
    """Whether nobody else has gone on with it since it was read."""
    now = work.tx.asking(row.direction, row.partner, row.about)
    return now is not None and now.state == row.state


def _answer(node: Node, work: Work, outgoing: Outgoing, row: AskingRow) -> None:
    agreement = _text(node, work, row)
    given = agreement and provided(
        agreement, QUERY_TYPE, node.party, row.partner, kind=row.kind, purpose=row.purpose, now=work.now
    )
    if agreement is None or not given:
        _refuse(outgoing, row)
        work.tx.put_asking(replace(row, state="answered", settled_at=work.now))
        return
    told = 0 if agreement.is_discreet or row.outcome != HIT else _tell(node, work, outgoing, row)
    said = NOT_TOLD if agreement.is_discreet else HIT if told else NO_HIT
    outgoing.send(
        "answer",
        answer_bytes(Answer(outcome=said, records=told)),
        about=row.about,
        agreement=agreement.digest,
        provisions=given,
        purpose=row.purpose,
        urgency=row.urgency,
        is_simulated=row.is_simulated,
    )
    waits = (agreement.is_discreet and row.outcome != NO_HIT) or (row.outcome == WAITS and not told)
    state = next_state(QUERY, row.state, "set-aside" if waits else "answered")
    work.tx.put_asking(replace(row, state=state, settled_at=None if waits else work.now))


def _refuse(outgoing: Outgoing, row: AskingRow) -> None:
    """The agreement ended between query and answer; whatever was found."""
    outgoing.send(
        "refusal",
        refusal_bytes(Refusal(reason="not-permitted")),
        about=row.about,
        agreement=row.agreement,
        is_simulated=row.is_simulated,
    )


def _tell(node: Node, work: Work, outgoing: Outgoing, row: AskingRow) -> int:
    """Gives what still may go; how many records. INVARIANT: what was called back goes there no more by itself."""
    told, agreements, found = 0, agreements_now(node, work, row.partner), parse(row.found)
    called_back = work.tx.recalled_from(row.partner, [id_ for id_, _ in found])
    for id_, version in found:
        held = work.tx.record(id_)
        if held is None or held.version != version or id_ in called_back:
            continue
        record, decision = decided(node, row, held, agreements)
        if decision.outcome == "release":
            with suppress(MessageTooLarge):
                outgoing.disclose(
                    disclose(record, node.catalogue.kind(record.kind), decision), decision.mask, about=row.about
                )
                write_decisions(work, row.partner, row.purpose, [record], [decision])
                told += 1
    return told
