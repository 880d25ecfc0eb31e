"""Home: what is new, what is due, what waits for this person; and where help is."""

from starlette.responses import Response

from entente.node.overview import overview
from entente.web.routes import get
from entente.web.visit import Visit


def show_home(visit: Visit) -> Response:
    found = overview(visit.node)
    return visit.page(
        "home.html",
        found=found,
        owed_by_us=found.owed_by_us,
        owed_to_us=found.late_to_us,
        unsigned=[
            (digest, title.get(visit.language) or next(iter(title.values()))) for digest, title in found.unsigned
        ],
    )


def show_help(visit: Visit) -> Response:
    return visit.page("help.html")


ROUTES = (
    get("/", show_home),
    get("/help", show_help),
)
