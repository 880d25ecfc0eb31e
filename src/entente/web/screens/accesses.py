"""Accesses: who read which kind of records, what for and why, as the ledger has it; never what they saw."""

from collections.abc import Iterator, Sequence
from itertools import islice

from starlette.responses import Response

from entente.node.access_view import PAGE, Access, accesses
from entente.node.people import people
from entente.node.searching import safe_cell
from entente.web.paging import asked, whole_number
from entente.web.routes import get
from entente.web.visit import Visit


def list_accesses(visit: Visit) -> Response:
    who, before = asked(visit, "who"), whole_number(asked(visit, "before"))
    shown = list(islice(accesses(visit.node, who, before=before), PAGE))
    return visit.page(
        "accesses.html",
        part="accesses",
        accesses=[(one, _kinds(visit, one)) for one in shown],
        who=who,
        names=[one.name for one in people(visit.node)],
        before=before,
        next_before=shown[-1].index if len(shown) == PAGE else None,
    )


def accesses_file(visit: Visit) -> Response:
    """All of them, or those of one person, as a file."""
    return visit.csv(f"accesses-{visit.node.party}.csv", _rows(visit, asked(visit, "who")))


def _rows(visit: Visit, who: str) -> Iterator[Sequence[object]]:
    yield ("at", "who", "kinds", "count", "purpose", "why", "ledger_entry")
    for one in accesses(visit.node, who):
        kinds = ", ".join(one.kinds) or "all"
        yield (one.at.isoformat(), safe_cell(one.who), kinds, one.count, one.purpose, safe_cell(one.why), one.index)


def _kinds(visit: Visit, access: Access) -> str:
    label = visit.node.catalogue.vocabulary.label
    return ", ".join(label("kind", kind, visit.language) for kind in access.kinds) or visit.say("records of any kind")


ROUTES = (
    get("/accesses", list_accesses, needs="read-accesses"),
    get("/accesses/file", accesses_file, needs="read-accesses"),
)
