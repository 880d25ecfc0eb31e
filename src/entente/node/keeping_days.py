"""Until when something may be held: days are local to the zone of the agreement under which it came, and inclusive."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from entente.node.owing import end_of_day, text_of
from entente.node.work import Node
from entente.signing import parse
from entente.store import RecordRow, Transaction

NO_ZONE = "UTC"
"""Where the text of the agreement is not kept here."""


def agreement_of(row: RecordRow) -> str:
    """The digest of the agreement under which a received record is held; empty for our own."""
    handling = parse(row.handling) if row.via is not None and row.handling is not None else {}
    return str(handling.get("agreement", ""))


def zone_under(node: Node, tx: Transaction, agreement: str) -> str:
    """The zone whose days count under this agreement."""
    text = text_of(node, tx, agreement) if agreement else None
    return NO_ZONE if text is None else text.zone


def today_for(node: Node, tx: Transaction, row: RecordRow, now: datetime) -> date:
    """The local day by which a record is held or not."""
    return local_day(now, zone_under(node, tx, agreement_of(row)))


def local_day(moment: datetime, zone: str) -> date:
    """Raises nothing: the first and last days there are stay what they are in UTC."""
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return moment.astimezone(UTC).date()


def held_until(node: Node, tx: Transaction, row: RecordRow) -> datetime | None:
    """The last moment at which a received record may be held, in UTC; None where no provision sets a day."""
    if row.retain_until is None:
        return None
    return end_of_day(row.retain_until, zone_under(node, tx, agreement_of(row)))
