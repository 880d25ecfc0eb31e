"""Errors as answers: the status of each family, and the two that only a door knows."""

from collections.abc import Callable, Mapping

from entente.errors import EntenteError, InputFault, OurFault, PartnerFault, Unavailable
from entente.node.accusing import NoSuchEvidence
from entente.node.advising import NoSuchAdvisory
from entente.node.agreeing import NoSuchAgreement
from entente.node.bulletins import NoSuchBulletin
from entente.node.duties import NoSuchDuty
from entente.node.findings import NoSuchFinding
from entente.node.ledger_view import NoSuchLedgerEntry
from entente.node.looking import NoSuchRecord
from entente.node.pace import TooManyFailures, TooManySearches
from entente.node.partnering import NoSuchPartner
from entente.node.people import NoSuchPerson
from entente.node.releases import NoSuchRelease
from entente.node.requesting import NoQuestionHere
from entente.node.roles import Forbidden
from entente.node.uploads import NoSuchImport
from entente.web.guard import BodyTooLarge, NotSignedIn, OtherPlace


class NothingHere(InputFault):
    """There is nothing at this address. Go to the home page and look for it from there."""


class UnreadableForm(InputFault):
    """What was sent cannot be read as a form with at most one file. Go back, reload the page and send it again."""


class Unexpected(OurFault):
    """The node could not answer because of a defect of its own; nothing was done. Tell your administrator when it
    happened; the node's log says more."""


_STATUS: tuple[tuple[int, tuple[type[EntenteError], ...]], ...] = (
    (400, (UnreadableForm,)),
    (401, (NotSignedIn,)),
    (403, (Forbidden, OtherPlace)),
    (
        404,
        (
            NothingHere,
            NoQuestionHere,
            NoSuchAdvisory,
            NoSuchAgreement,
            NoSuchBulletin,
            NoSuchDuty,
            NoSuchEvidence,
            NoSuchFinding,
            NoSuchImport,
            NoSuchLedgerEntry,
            NoSuchPartner,
            NoSuchPerson,
            NoSuchRecord,
            NoSuchRelease,
        ),
    ),
    (413, (BodyTooLarge,)),
    (429, (TooManyFailures, TooManySearches)),
    (422, (InputFault,)),
    (502, (PartnerFault,)),
    (503, (Unavailable,)),
)


def status_of(error: EntenteError) -> int:
    """The HTTP status; 500 for what is neither the visitor's nor a partner's fault."""
    return next((status for status, families in _STATUS if isinstance(error, families)), 500)


def title_of(status: int, say: Callable[..., str]) -> str:
    """What an error page is called."""
    titles: Mapping[int, str] = {
        401: say("Not signed in"),
        403: say("Not for this account"),
        404: say("Not found"),
        413: say("Too large"),
        502: say("A partner did not answer as it should"),
        503: say("Not available now"),
    }
    return titles.get(status) or (say("This could not be done") if status < 500 else say("Something went wrong here"))
