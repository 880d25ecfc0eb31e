"""Officers who may sign agreements, as their party's card names them; who left has signed, and signs no more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from entente.agreements import Officer, OfficerSignature, Suspension
from entente.errors import InputFault
from entente.node.work import Node, Work
from entente.signing import PublicKey
from entente.store import FormerOfficerRow, OfficerRow, Transaction

FURTHEST_EAST = timedelta(hours=14)


class NoSuchOfficer(InputFault):
    """{party} has no officer `{officer}` who may sign. `entente partners card` shows who may."""


def officers_of_card(work: Work, party: str, rows: Sequence[OfficerRow]) -> None:
    """`rows` are who may sign for `party` from now on; who is not among them ends."""
    named = {row.officer for row in rows}
    for known in work.tx.officers():
        if known.party == party and known.officer not in named:
            _end(work, known)
    for row in rows:
        name_officer(work, row)


def name_officer(work: Work, row: OfficerRow) -> None:
    """Names or changes an officer; where the key is another one, the key before it ends."""
    for known in work.tx.officers():
        same = (known.party, known.officer) == (row.party, row.officer)
        if same and known.public_key != row.public_key:
            _end(work, known)
    work.tx.put_officer(row)
    work.agreed.clear()


def end_officer(node: Node, officer: str) -> None:
    """An officer of our own party leaves; partners learn it from the next card. Raises NoSuchOfficer."""
    with node.writing() as work:
        for known in work.tx.officers():
            if (known.party, known.officer) == (node.party, officer):
                _end(work, known)
                return
    raise NoSuchOfficer(party=node.party, officer=officer)


def _end(work: Work, known: OfficerRow) -> None:
    """Agreements judge a signature by the day in their own zone, so the term ends with the day furthest east; of that
    day only what was signed before this moment counts (`officers_for`)."""
    last = (work.now + FURTHEST_EAST).date()
    row = FormerOfficerRow(
        party=known.party,
        officer=known.officer,
        title=known.title,
        public_key=known.public_key,
        valid_from=known.valid_from,
        valid_until=min(known.valid_until or last, last),
        ended_at=work.now,
    )
    work.tx.end_officer(row)
    work.agreed.clear()
    key_id = PublicKey.from_text(known.public_key).key_id
    work.write("officer-ended", known.officer, {"party": known.party, "key": key_id})


def read_officer(row: OfficerRow | FormerOfficerRow) -> Officer:
    return Officer(
        party=row.party,
        id=row.officer,
        title=row.title,
        public_key=PublicKey.from_text(row.public_key),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def all_officers(tx: Transaction) -> list[Officer]:
    """Who may sign, and who might: for `standings`, with `is_in_time`."""
    return [*map(read_officer, tx.officers()), *map(read_officer, tx.former_officers())]


def ended_keys(tx: Transaction) -> dict[str, datetime]:
    """When keys of officers ended, by key id; not those that count again."""
    present = {row.public_key for row in tx.officers()}
    return {
        PublicKey.from_text(row.public_key).key_id: row.ended_at
        for row in tx.former_officers()
        if row.public_key not in present
    }


def is_in_time(statement: OfficerSignature | Suspension, ended: dict[str, datetime]) -> bool:
    """Not signed with a key that had ended."""
    at = statement.signed_at if isinstance(statement, OfficerSignature) else statement.suspended_at
    end = ended.get(statement.signature.key_id)
    return end is None or at < end
