"""What has already gone under an agreement: whoever suspends it stops what is to come, and sees here what is with the
partners."""

from starlette.responses import Response

from entente.node.agreement_view import held_text
from entente.node.sent_under import PAGE, partners_told, sent_under
from entente.web.paging import asked, one_of, whole_number
from entente.web.provisions import worded
from entente.web.routes import get
from entente.web.visit import Visit


def show_sent(visit: Visit) -> Response:
    """One partner's page of it. Raises NoSuchAgreement, AmbiguousName, AgreementChanged."""
    text = held_text(visit.node, visit.path["digest"]).agreement
    partners = tuple(party for party in partners_told(visit.node) if party in text.parties)
    partner = one_of(asked(visit, "partner"), partners) if partners else ""
    before = whole_number(asked(visit, "before"))
    found = sent_under(visit.node, text.digest, partner, before=before) if partner else ()
    return visit.page(
        "agreement_sent.html",
        text=text,
        title=worded(visit, text.title)[0],
        partners=partners,
        partner=partner,
        found=found,
        before=before,
        next_before=found[-1].seq if len(found) == PAGE else None,
    )


ROUTES = (get("/agreements/{digest}/sent", show_sent, needs="read-partners"),)
