"""Partners: what is agreed with each, what went and came, what waits and why, what is owed; and comparing with one."""

from collections.abc import Mapping

from starlette.responses import Response

from entente.errors import EntenteError, InputFault, PartnerFault, Tampered, Unavailable
from entente.ledger import EVIDENCE
from entente.node.accusing import Accusation, accusation, accusations
from entente.node.comparing import compared
from entente.node.duties import duties
from entente.node.keyring import our_key_id
from entente.node.message_lists import PAGE, received_messages, sent_messages
from entente.node.owing import OPEN
from entente.node.partner_view import RECEIVED, SENT, PartnerView, partner_view, partner_views
from entente.node.reconciling import Comparison, reconcile_one
from entente.web.mistakes import status_of
from entente.web.paging import asked, one_of, whole_number
from entente.web.routes import get, post
from entente.web.visit import Visit

LOOK, HEAL, RESEND = "look", "heal", "resend-confirmed"
NOT_TRIED = "not-tried"


class ResendNotConfirmed(InputFault):
    """Nothing was sent again: what a partner has signed for leaves once more only after its operator has said why. Tick
    that you have heard it from its operator, and press the button again."""


def list_partners(visit: Visit) -> Response:
    views = partner_views(visit.node)
    return visit.page("partners.html", partners=[(view, _reasons(visit, view)) for view in views])


def show_partner(visit: Visit) -> Response:
    return _show(visit, partner_view(visit.node, visit.path["party"]))


def compare(visit: Visit) -> Response:
    """Looks by default; heals, or sends confirmed messages again, only on the button that says so."""
    view = partner_view(visit.node, visit.path["party"])
    does = one_of(visit.text("does"), (LOOK, HEAL, RESEND))
    try:
        if does == RESEND and visit.text("heard") != "yes":
            raise ResendNotConfirmed
        result = reconcile_one(visit.node, view.party, may_heal=does != LOOK, may_resend_confirmed=does == RESEND)
    except (InputFault, PartnerFault, Tampered, Unavailable) as error:
        return _compared(visit, view, error=error)
    return _compared(visit, partner_view(visit.node, view.party), result=result, does=does)


def _show(visit: Visit, view: PartnerView) -> Response:
    way = one_of(asked(visit, "way"), (SENT, RECEIVED))
    before = whole_number(asked(visit, "before"))
    list_of = sent_messages if way == SENT else received_messages
    messages = list_of(visit.node, view.party, before=before)
    owed = [duty for duty in duties(visit.node, is_open=True) if duty.row.partner == view.party]
    return visit.page(
        "partner.html",
        part="messages",
        view=view,
        evidence=[(one, _said(visit, one)) for one in accusations(visit.node) if one.party == view.party],
        compared=next((one for one in compared(visit.node) if one.party == view.party), None),
        reasons=_reasons(visit, view),
        agreements=[
            (found.digest, found.titles.get(visit.language) or next(iter(found.titles.values())), found.version)
            for found in view.agreements
        ],
        our_key=our_key_id(visit.node),
        owed=[duty for duty in owed if duty.row.state in OPEN],
        way=way,
        messages=messages,
        before=before,
        next_before=messages[-1].seq if len(messages) == PAGE and messages[-1].seq > 1 else None,
    )


def _said(visit: Visit, one: Accusation) -> str:
    translate = visit.book.translate
    return one.shown.said(translate) if one.shown else translate(EVIDENCE[one.kind][0])


def give_evidence(visit: Visit) -> Response:
    """The file that convinces others."""
    one = accusation(visit.node, visit.path["id"])
    return visit.file(f"evidence-{one.id.removeprefix('sha256:')[:12]}.json", "application/json", one.body)


def _compared(
    visit: Visit,
    view: PartnerView,
    *,
    result: Comparison | None = None,
    error: EntenteError | None = None,
    does: str = LOOK,
) -> Response:
    found = result.differences if result else ()
    of_sent = result.of_sent if result else 0
    differences = [(SENT if number < of_sent else RECEIVED, one) for number, one in enumerate(found)]
    return visit.page(
        "partner_compared.html",
        status=status_of(error) if error else 200,
        view=view,
        message=error.said(visit.book.translate) if error else "",
        result=result,
        does=does,
        differences=differences,
        healing=sum(one.heals_itself for way, one in differences if way == SENT),
    )


def _reasons(visit: Visit, view: PartnerView) -> Mapping[str, int]:
    """Why its messages wait, in words, with their number."""
    label = visit.node.catalogue.vocabulary.label
    return {
        label("waiting-reason", reason or NOT_TRIED, visit.language): number
        for reason, number in sorted(view.waiting.items())
    }


ROUTES = (
    get("/partners", list_partners, needs="read-partners"),
    get("/partners/{party}", show_partner, needs="read-partners"),
    get("/partners/{party}/evidence/{id}", give_evidence, needs="read-ledger"),
    post("/partners/{party}/compare", compare, needs="reconcile"),
)
