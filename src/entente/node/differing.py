"""What does a new version of an agreement change, and for which of our records? A look at records, so it is logged;
nothing leaves."""

from collections.abc import Sequence
from datetime import date

from entente.agreements import Agreement
from entente.agreements.comparing.affected import Affected, affected
from entente.agreements.comparing.changes import Comparison, compare
from entente.agreements.deciding.decision import NO_LIMITS, Limits
from entente.errors import InputFault
from entente.node.agreeing import find
from entente.node.looking import Look, check_purpose, log_look
from entente.node.previewing import own_records, taking_turns
from entente.node.work import Node


class NoPredecessor(InputFault):
    """The version that {name} (version {version}) names as its predecessor is not held here. Name the text that it
    is to be compared with."""


def predecessor_of(node: Node, text: Agreement) -> Agreement:
    """The version before `text`, as the node holds it. Raises NoPredecessor, AgreementChanged."""
    with node.store.reading() as tx:
        if text.predecessor is None or all(row.digest != text.predecessor for row in tx.agreements()):
            raise NoPredecessor(name=text.name, version=text.version)
        return find(node, tx, text.predecessor)


def newest_called(node: Node, name: str) -> Agreement:
    """Of the texts called `name` the one with the highest version, or the one with this digest. Raises what `find`
    raises: AmbiguousName where two texts have that version."""
    with node.store.reading() as tx:
        rows = [row for row in tx.agreements() if row.name == name]
        last = max((row.version for row in rows), default=0)
        newest = [row.digest for row in rows if row.version == last]
        return find(node, tx, newest[0] if len(newest) == 1 else name)


def compare_texts(node: Node, old: Agreement, new: Agreement) -> Comparison:
    """What `new` changes in the words of this node. Raises TooIntricate."""
    return compare(old, new, node.catalogue)


def records_affected(node: Node, look: Look, found: Comparison, on: date | None = None) -> Sequence[Affected]:
    """For each change, how many of our records that may serve the purpose of the look it touches, and some of them: on
    the day `on` (None: today), or on the first day of a change that is still to come.

    It reads every record, so one is made at a time. Raises NoReason, UnknownWord, PreviewRunning.
    """
    check_purpose(node, look)
    limits: dict[str, Limits] = {}
    with taking_turns(), node.store.reading() as tx:
        records = own_records(node, tx, look, limits)
        touched = affected(
            records,
            node.party,
            found,
            node.catalogue,
            on=on or found.new.local_day(node.clock()),
            limits=lambda record: limits.get(record.id, NO_LIMITS),
        )
    with node.writing() as work:
        log_look(work, look, "all", sorted({id_ for one in touched for id_ in one.samples}))
    return touched
