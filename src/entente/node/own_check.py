"""A node reads its own ledger over, when it starts to be served and once a day, and keeps what it found wrong."""

import json
from collections.abc import Sequence

from entente.errors import EntenteError
from entente.ledger import Problem
from entente.node.publishing import publish
from entente.node.verifying import verify_store
from entente.node.work import Node
from entente.signing import Json, canonical

_FOUND = "ledger-problems"
MOST_KEPT = 100
"""Problems that are kept to be shown; `entente ledger verify` names all."""


def check_own(node: Node) -> Sequence[Problem]:
    """Every entry against every checkpoint we signed, were shown again by a witness, or published. Some ten seconds
    for 250,000 entries."""
    problems = list(verify_store(node).problems)
    try:
        publish(node)
    except EntenteError as error:
        problems.append(Problem(code="not-published", values={"why": str(error)}))
    kept: list[Json] = [problem.to_json() for problem in problems[:MOST_KEPT]]
    with node.store.writing() as tx:
        tx.put_setting(_FOUND, canonical(kept).decode("utf-8"))
    return problems


def own_problems(node: Node) -> Sequence[Problem]:
    """What the last check found."""
    with node.store.reading() as tx:
        found = json.loads(tx.setting(_FOUND) or "[]")
    return [read_problem(one) for one in found]


def read_problem(kept: dict[str, object]) -> Problem:
    """A problem as `Problem.to_json` wrote it."""
    index, values = kept["index"], kept["values"]
    return Problem(
        code=str(kept["code"]),
        index=index if isinstance(index, int) else None,
        values=values if isinstance(values, dict) else {},
    )
