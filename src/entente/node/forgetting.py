"""Questions between partners are erased at both ends, `question_days` after the last thing was said about one.

What was asked by, why, and what was found go: from the row, from the messages that carried the question and what was
said about it, and from the ledger's openings. What stays: that A asked B about a kind for a purpose, when, by whom and
how it ended. A question is kept while it is open, while one of its messages has not left, and while a record that it
names or found has a hold.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from time import monotonic

from entente.exchange import open_sealed, read_envelope
from entente.node.archive_keys import destroy_keys
from entente.node.erasing import ON_THE_WAY
from entente.node.questioning import BY_US, OF_US, QUERY_TYPE, REQUEST_TYPE
from entente.node.retention import is_on
from entente.node.work import Node, Work
from entente.signing import Json, canonical, parse
from entente.store import AskingRow, InboxRow, OutboxRow, Transaction

PAGE = 200
TURN_SECONDS = 30.0
"""So long a served node erases at a time; the rest goes the next day."""
Key = tuple[str, str]
"""Partner and id of the question."""


@dataclass(slots=True, kw_only=True)
class _Mail:
    """What went and came about one question: numbers of what we sent, ids of what we got, all its ids, when the
    last of it was written here."""

    sent: list[int] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    last: datetime


def forget_by_itself(node: Node) -> int:
    """What a served node does every day, where erasing is switched on."""
    with node.store.reading() as tx:
        may_run = is_on(tx)
    return forget(node, node.party, seconds=TURN_SECONDS) if may_run else 0


def forget(node: Node, who: str, *, seconds: float = inf) -> int:
    """Erases what is past its day, in pages of one entry each; how many questions. After so many `seconds` no new page
    begins.

    Killed in the middle, it goes on with the rest the next time.
    """
    before = _before(node)
    with node.store.reading() as tx:
        mail = _mail(tx)
        keys = list(dict.fromkeys([*_past(tx, before), *_left_over(tx, mail, before)]))
    number, until = 0, monotonic() + seconds
    for page in _pages(keys):
        if monotonic() >= until:
            break
        number += _forget_page(node, who, {key: mail.get(key) for key in page}, before)
    return number


def past_questions(node: Node) -> int:
    """How many questions are past their day and have no hold."""
    with node.store.reading() as tx:
        return sum(1 for _ in _past(tx, _before(node)))


def _before(node: Node) -> datetime:
    return node.clock() - timedelta(days=node.config.question_days)


def _pages(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[first : first + PAGE] for first in range(0, len(keys), PAGE))


def _past(tx: Transaction, before: datetime) -> Iterator[Key]:
    return ((row.partner, row.about) for row in tx.settled_askings(before) if not _is_held(tx, row))


def _is_held(tx: Transaction, row: AskingRow) -> bool:
    asked = parse(row.body)
    records = [id_ for id_, _ in parse(row.found)]
    return bool(tx.holds([*records, *filter(None, [asked.get("record")])]))


def _left_over(tx: Transaction, mail: Mapping[Key, _Mail], before: datetime) -> Iterator[Key]:
    """Old messages about questions that are not kept: erased before, or never taken in."""
    for key, found in mail.items():
        if found.last < before and not any(row.body for row in _rows(tx, key)):
            yield key


def _rows(tx: Transaction, key: Key) -> list[AskingRow]:
    return [row for way in (BY_US, OF_US) if (row := tx.asking(way, *key)) is not None]


def _mail(tx: Transaction) -> dict[Key, _Mail]:
    """All messages with a body that are questions or about one."""
    found: dict[Key, _Mail] = {}
    for sent in tx.sent_about_questions():
        mail = _filed(found, sent, sent.created_at)
        mail.sent.append(sent.seq)
    for received in tx.received_about_questions():
        mail = _filed(found, received, received.received_at)
        mail.received.append(received.id)
    return found


def _filed(found: dict[Key, _Mail], row: OutboxRow | InboxRow, at: datetime) -> _Mail:
    is_question = row.type in {QUERY_TYPE, REQUEST_TYPE}
    about = row.id if is_question else read_envelope(open_sealed(row.sealed).envelope).about or row.id
    mail = found.setdefault((row.partner, about), _Mail(last=at))
    mail.last = max(mail.last, at)
    mail.ids.add(row.id)
    return mail


def _forget_page(node: Node, who: str, page: Mapping[Key, _Mail | None], before: datetime) -> int:
    """One transaction; what was chosen outside of it is looked at again inside.

    INVARIANT: what a partner's message names as its question is only touched where it is one.
    """
    gone: set[str] = set()
    questions = messages = openings = 0
    with node.writing() as work:
        for key, mail in page.items():
            rows = _rows(work.tx, key)
            if not _may_go(work.tx, key, rows, mail, before):
                continue
            questions += any(row.body for row in rows)
            _empty(work, rows)
            messages += _empty_mail(work, key[0], mail)
            ids = mail.ids if mail else set()
            if rows or key[1] in ids:
                openings += work.tx.erase_openings(key[1])
                gone.add(key[1])
            gone |= ids
        if gone:
            facts: dict[str, Json] = {"who": who, "questions": questions, "messages": messages, "openings": openings}
            work.write("questions-erased", node.party, facts)
            destroy_keys(node, gone)
    return questions


def _may_go(tx: Transaction, key: Key, rows: Collection[AskingRow], mail: _Mail | None, before: datetime) -> bool:
    for row in rows:
        if row.body and (row.settled_at is None or row.settled_at >= before or _is_held(tx, row)):
            return False
    sent = (one for seq in (mail.sent if mail else ()) for one in tx.outbox(key[0], start=seq, stop=seq + 1))
    return not any(one.state in ON_THE_WAY for one in sent)


def _empty(work: Work, rows: Collection[AskingRow]) -> None:
    for row in rows:
        work.tx.put_asking(replace(row, body=b"", found=canonical([]), note=""))


def _empty_mail(work: Work, partner: str, mail: _Mail | None) -> int:
    if mail is None:
        return 0
    for seq in mail.sent:
        work.tx.replace_sealed(partner, seq, b"")
    return len(mail.sent) + sum(work.tx.erase_received(partner, id_) for id_ in mail.received)
