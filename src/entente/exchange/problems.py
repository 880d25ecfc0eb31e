"""What a node tells a partner when it does not do what was asked: RFC 9457 problem details from one closed table.

The codes are also the reasons in receipts for messages that were put aside. Only what is in the table is told; any
other error is `internal` without detail, because an error text is a way out for what must not leave.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from entente.errors import EntenteError, PartnerFault, Unavailable
from entente.exchange import http_refusals as refusals
from entente.exchange.batches import BatchChanged, BatchForAnother, BatchTooLarge, UnreadableBatch
from entente.exchange.directory import KeyNotValidThen, SpeaksForAnother, UnknownKey
from entente.exchange.documents import UnknownVersion
from entente.exchange.feedback import UnreadableFeedback
from entente.exchange.inbox import ForkedStream, Misplaced
from entente.exchange.key_changes import UnreadableKeyChange
from entente.exchange.messages import IncompleteEnvelope, UnknownMessageType, UnreadableEnvelope
from entente.exchange.queries import UnreadableAnswer, UnreadableQuestion
from entente.exchange.reconcile_wire import UnreadableReconciliation
from entente.exchange.sealing import BodyChanged, OtherSigner, UnreadableMessage, WrongRecipient
from entente.exchange.witness_wire import UnreadableWitnessing
from entente.signing import BadSignature, Json, canonical

TYPE_PREFIX = "urn:entente:problem:"
UNKNOWN_KEY = "unknown-key"
MAX_PROBLEM_BYTES = 64 * 1024


class UnreadableProblem(PartnerFault):
    """A partner answered with status {status} and something that is not a problem description. Ask its operator what
    its node or the proxy before it meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table. `is_passing`: asking again, signed anew, may well succeed without anybody's help."""

    error: type[EntenteError]
    code: str
    status: int
    is_passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem as it travels: `code` is the end of its type URI."""

    code: str
    status: int
    detail: str

    @property
    def is_passing(self) -> bool:
        """Known to pass by itself; an unknown code is not."""
        row = _BY_CODE.get(self.code)
        return row.is_passing if row else self.code == INTERNAL

    def to_wire(self) -> bytes:
        """Canonical JSON of type `application/problem+json`."""
        members: dict[str, Json] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.code.replace("-", " "),
            "status": self.status,
            "detail": self.detail,
        }
        return canonical(members)


INTERNAL = "internal"

TABLE = (
    Row(error=refusals.NoSignature, code="no-signature", status=401),
    Row(error=refusals.SeveralSignatures, code="several-signatures", status=401),
    Row(error=refusals.MalformedSignature, code="malformed-signature", status=400),
    Row(error=refusals.RepeatedField, code="repeated-field", status=400),
    Row(error=refusals.WrongTag, code="wrong-tag", status=401),
    Row(error=refusals.WrongAlgorithm, code="wrong-algorithm", status=401),
    Row(error=refusals.ParameterMissing, code="parameter-missing", status=401),
    Row(error=refusals.ComponentMissing, code="component-missing", status=401),
    Row(error=refusals.UnexpectedComponent, code="unexpected-component", status=401),
    Row(error=refusals.FromTheFuture, code="from-the-future", status=401, is_passing=True),
    Row(error=refusals.TooOld, code="too-old", status=401, is_passing=True),
    Row(error=refusals.Expired, code="expired", status=401, is_passing=True),
    Row(error=refusals.ValidTooLong, code="valid-too-long", status=401),
    Row(error=refusals.SignatureMismatch, code="signature-mismatch", status=401, is_passing=True),
    Row(error=refusals.ContentChanged, code="content-changed", status=400, is_passing=True),
    Row(error=refusals.Replayed, code="replayed", status=401, is_passing=True),
    Row(error=UnknownKey, code=UNKNOWN_KEY, status=401),
    Row(error=BatchTooLarge, code="batch-too-large", status=413),
    Row(error=UnreadableBatch, code="unreadable-batch", status=400),
    Row(error=BatchChanged, code="batch-changed", status=400, is_passing=True),
    Row(error=BatchForAnother, code="batch-for-another", status=421),
    Row(error=SpeaksForAnother, code="speaks-for-another", status=403),
    Row(error=ForkedStream, code="forked-stream", status=409),
    Row(error=UnknownVersion, code="unknown-version", status=400),
    Row(error=UnreadableReconciliation, code="unreadable-reconciliation", status=400),
    Row(error=UnreadableWitnessing, code="unreadable-witnessing", status=400),
    Row(error=UnreadableMessage, code="unreadable-message", status=400),
    Row(error=UnreadableEnvelope, code="unreadable-envelope", status=422),
    Row(error=UnknownMessageType, code="unknown-message-type", status=422),
    Row(error=IncompleteEnvelope, code="incomplete-envelope", status=422),
    Row(error=UnreadableFeedback, code="unreadable-feedback", status=422),
    Row(error=UnreadableQuestion, code="unreadable-question", status=422),
    Row(error=UnreadableAnswer, code="unreadable-answer", status=422),
    Row(error=UnreadableKeyChange, code="unreadable-key-change", status=422),
    Row(error=BodyChanged, code="body-changed", status=422),
    Row(error=WrongRecipient, code="wrong-recipient", status=422),
    Row(error=OtherSigner, code="other-signer", status=422),
    Row(error=BadSignature, code="bad-signature", status=422),
    Row(error=KeyNotValidThen, code="key-not-valid-then", status=422),
    Row(error=Misplaced, code="misplaced", status=422),
    Row(error=Unavailable, code="unavailable", status=503, is_passing=True),
)

_BY_CODE: Mapping[str, Row] = MappingProxyType({row.code: row for row in TABLE})


def code_of(error: EntenteError) -> str:
    """The code of `error`: of its class, or of the nearest family in the table; `internal` for everything else."""
    for family in type(error).__mro__:
        for row in TABLE:
            if row.error is family:
                return row.code
    return INTERNAL


def problem_of(error: EntenteError) -> Problem:
    """What may be told of `error`. The detail is in English; whoever reads it has the code for other languages."""
    code = code_of(error)
    if code == INTERNAL:
        return Problem(
            code=INTERNAL, status=500, detail="The node could not do this. Its operator finds why in its log."
        )
    row = _BY_CODE[code]
    said = Unavailable().said() if row.error is Unavailable else error.said()
    return Problem(code=code, status=row.status, detail=said)


def read_problem(wire: bytes, status: int) -> Problem:
    """The problem in an answer with `status`; members that are not known are passed over (RFC 9457 section 3.2).

    Raises UnreadableProblem.
    """
    try:
        members = json.loads(wire[: MAX_PROBLEM_BYTES + 1])
        type_, detail = members["type"], members.get("detail", "")
        if len(wire) > MAX_PROBLEM_BYTES or not type_.startswith(TYPE_PREFIX):
            raise UnreadableProblem(status=status)
        return Problem(code=type_.removeprefix(TYPE_PREFIX)[:64], status=status, detail=str(detail)[:2000])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableProblem(status=status) from error
