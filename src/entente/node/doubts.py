"""Doubts about ledgers that a person has to settle: this node's own, those of partners, witnesses and comparisons."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from entente.ledger import EVIDENCE, PROBLEMS
from entente.node.accusing import accusations
from entente.node.announcing import alarm_name, witness_views
from entente.node.comparing import compared
from entente.node.cosigning import unproven
from entente.node.own_check import own_problems, read_problem
from entente.node.partner_logs import conflicts
from entente.node.work import Node
from entente.signing import parse

DOUBTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "log-conflict": (
            "The ledger of {party} contradicts itself; {number} of its signed checkpoints are kept.",
            "Do not rely on it, and call your security officer.",
        ),
        "evidence": (
            "{party} contradicted what it had signed ({kind}), and evidence of it is kept.",
            "Write it to a file with `entente ledger evidence`, and call your security officer.",
        ),
        "witness-overdue": (
            "{party} has not cosigned this node's ledger for more than three days.",
            "Ask its operator whether its node runs; `entente ledger witnesses` shows the rest.",
        ),
        "log-overdue": (
            "The ledger of {party} has not been shown to this node and proven for more than three days.",
            "Ask its operator; a ledger that was changed cannot be proven.",
        ),
        "gaps": (
            "{number} messages differ between this node and {party}, and do not mend themselves.",
            "`entente exchange gaps` says why; settle it with its operator.",
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """`code` is a key of DOUBTS, entente.ledger.PROBLEMS or entente.ledger.EVIDENCE; `evidence` an id or empty."""

    code: str
    values: Mapping[str, object]
    evidence: str = ""

    def said(self, translate: Callable[[str], str] = str) -> str:
        return self._filled(0, translate)

    def cure(self, translate: Callable[[str], str] = str) -> str:
        return self._filled(1, translate)

    def to_json(self) -> dict[str, object]:
        return {"code": self.code, "evidence": self.evidence, **self.values}

    def _filled(self, which: int, translate: Callable[[str], str]) -> str:
        table = next(table for table in (DOUBTS, PROBLEMS, EVIDENCE) if self.code in table)
        return translate(table[self.code][which]).format(**self.values)


def doubts(node: Node) -> Sequence[Doubt]:
    """All of them, those about our own ledger first."""
    return [*own_doubts(node), *_accused(node), *_partners(node)]


def own_doubts(node: Node) -> Sequence[Doubt]:
    """What is wrong with this node's own ledger: what it found itself, and what a witness knows better."""
    problems = list(own_problems(node))
    with node.store.reading() as tx:
        kept = [tx.setting(alarm_name(partner.party)) for partner in tx.partners()]
    problems += [read_problem(parse(one.encode("utf-8"))) for one in kept if one]
    return [Doubt(code=one.code, values={**one.values, "index": one.index}) for one in problems]


def _accused(node: Node) -> Iterator[Doubt]:
    for one in accusations(node):
        if one.shown is None:
            yield Doubt(code="evidence", values={"party": one.party, "kind": one.kind}, evidence=one.id)
        else:
            yield Doubt(code=one.kind, values=one.shown.values, evidence=one.id)


def _partners(node: Node) -> Iterator[Doubt]:
    for party, number in conflicts(node).items():
        yield Doubt(code="log-conflict", values={"party": party, "number": number})
    for view in witness_views(node):
        if view.is_overdue:
            yield Doubt(code="witness-overdue", values={"party": view.party})
    for party in unproven(node):
        yield Doubt(code="log-overdue", values={"party": party})
    for one in compared(node):
        if one.for_people:
            yield Doubt(code="gaps", values={"party": one.party, "number": one.for_people})
