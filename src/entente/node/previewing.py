"""What would this partner see of our real records, on any day, under any draft? A look, so it is logged; nothing
leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore

from entente.agreements import NO_LIMITS, Agreement, Limits, Occasion, Preview, Viewer, preview
from entente.errors import Unavailable
from entente.node.in_force import agreements_between, roles_of
from entente.node.limits import limits_of
from entente.node.looking import Look, check_purpose, log_look, may_be_used, record_of
from entente.node.work import Node
from entente.records import Record
from entente.store import Transaction

PAGE = 1000
_TURN = BoundedSemaphore(1)


class PreviewRunning(Unavailable):
    """Somebody else has a preview made at this moment. Try again in a minute."""


def preview_for(
    node: Node,
    look: Look,
    partner: str,
    purpose: str,
    *,
    draft: Agreement | None = None,
    moment: datetime | None = None,
    officers: int = 0,
    occasion: Occasion = "standing",
    are_trained: bool = True,
) -> Preview:
    """Counts, withheld fields and samples over all own records that may serve the purpose of the look; under `draft`
    alone when one is given. `are_trained`: the officers taken to have approved have passed the exercises. It reads
    every record, so one is made at a time. Raises NoReason, UnknownWord, PreviewRunning.
    """
    check_purpose(node, look)
    node.catalogue.vocabulary.list("party").term(partner)
    node.catalogue.vocabulary.list("purpose").term(purpose)
    viewer = Viewer(
        giver=node.party,
        receiver=partner,
        receiver_roles=roles_of(node.catalogue.vocabulary, partner),
        purpose=purpose,
        occasion=occasion,
        moment=moment or node.clock(),
        officers=officers,
        are_trained=are_trained,
    )
    with taking_turns():
        found = _previewed(node, look, viewer, draft)
    with node.writing() as work:
        log_look(work, look, "all", [sample.record for sample in found.samples])
    return found


@contextmanager
def taking_turns() -> Iterator[None]:
    """While somebody reads every record, nobody else does. Raises PreviewRunning."""
    if not _TURN.acquire(blocking=False):
        raise PreviewRunning
    try:
        yield
    finally:
        _TURN.release()


def _previewed(node: Node, look: Look, viewer: Viewer, draft: Agreement | None) -> Preview:
    limits: dict[str, Limits] = {}
    with node.store.reading() as tx:
        agreements = (draft,) if draft else agreements_between(node, tx, viewer.receiver, viewer.moment)
        records = own_records(node, tx, look, limits)
        return preview(
            records, viewer, agreements, node.catalogue, limits=lambda record: limits.get(record.id, NO_LIMITS)
        )


def own_records(node: Node, tx: Transaction, look: Look, limits: dict[str, Limits]) -> Iterator[Record]:
    """Our records, each after its limits, where it has any, were put into `limits`."""
    after = ""
    while rows := tx.current_records(own=True, after=after, limit=PAGE):
        for row in rows:
            if not may_be_used(node, row, look.purpose):
                continue
            if (found := limits_of(row)) != NO_LIMITS:
                limits[row.id] = found
            yield record_of(node, row)
        after = rows[-1].id
