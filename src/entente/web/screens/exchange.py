"""The state of the exchange: per partner and type of message how many stand in which state, what each state means, what
is overdue and how long the oldest has waited."""

from collections.abc import Mapping

from starlette.responses import Response

from entente.exchange import QUERY
from entente.node.exchange_state import ADVISED, RECEIVED, SENT, Table, tables
from entente.web.routes import get
from entente.web.visit import Visit

_NEEDS: Mapping[str, str] = {
    ADVISED: "read-advisories",
    "asked-by-us": "read-askings",
    "asked-of-us": "read-askings",
    "given": "read-recalls",
    "taken": "read-recalls",
}
"""What a table needs beyond `read-partners`, by its way."""
_ALWAYS = (SENT, RECEIVED)


def show_exchange(visit: Visit) -> Response:
    """Sent and received always; the rest where there is anything, and the reader may know of it."""
    shown = [
        table
        for table in tables(visit.node)
        if (table.standings or table.way in _ALWAYS) and visit.may(_NEEDS.get(table.way, "read-partners"))
    ]
    return visit.page("exchange.html", tables=[(table, _title(visit, table)) for table in shown])


def _title(visit: Visit, table: Table) -> str:
    say = visit.say
    is_query = table.machine == QUERY
    titles: Mapping[str, str] = {
        SENT: say("Sent to partners"),
        RECEIVED: say("Received from partners"),
        ADVISED: say("Advisories to parties without a node"),
        "owed-to-us": say("Answers that partners owe us"),
        "owed-by-us": say("Answers that we owe"),
        "asked-by-us": say("Our queries") if is_query else say("Our requests"),
        "asked-of-us": say("Queries of partners") if is_query else say("Requests of partners"),
        "given": say("Our recalls"),
        "taken": say("Recalls of partners"),
    }
    return titles[table.way]


ROUTES = (get("/exchange", show_exchange, needs="read-partners"),)
