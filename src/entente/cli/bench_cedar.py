"""The peer of `entente bench decide`: the same agreement as Cedar policies, one authorization per field of a record.

Only what the benchmarked model says is translated: parties, kinds, fields, purposes and `equals`. What Cedar
permits must
be what Entente releases, or the benchmark stops: two programs that answer differently cannot be compared.
"""

import json
from collections.abc import Callable
from typing import Any

from entente.agreements import Agreement, Ask, Provision, decide
from entente.errors import OurFault
from entente.records import Catalogue

Decider = Callable[[Ask], frozenset[str]]


class PeerDisagrees(OurFault):
    """Cedar and Entente decide differently about record {record}: {fields}. Report the defect; no rate is shown."""


def cedar_decider(agreement: Agreement, catalogue: Catalogue) -> Decider:
    """Answers an ask with the names of the fields that Cedar permits. Raises PeerMissing through the caller's
    import."""
    import cedarpy

    policies = cedarpy.PolicySet.from_str(_policies(agreement, catalogue))
    entities = cedarpy.Entities.from_json_str("[]")

    def fields(ask: Ask) -> frozenset[str]:
        names = [field.name for field in ask.kind.fields]
        answers = cedarpy.is_authorized_batch([_request(ask, name) for name in names], policies, entities)
        return frozenset(name for name, answer in zip(names, answers, strict=True) if answer.allowed)

    return fields


def check_agreement(asks: list[Ask], agreement: Agreement, catalogue: Catalogue, fields: Decider) -> None:
    """Raises PeerDisagrees."""
    for ask in asks:
        decision = decide(ask, [agreement], catalogue.vocabulary)
        released = frozenset(decision.fields) if decision.outcome == "release" else frozenset()
        if released != fields(ask):
            raise PeerDisagrees(record=ask.record.id, fields=", ".join(sorted(released ^ fields(ask))))


def _policies(agreement: Agreement, catalogue: Catalogue) -> str:
    return "\n".join(
        f"{provision.effect} (principal, action, resource) when {{ {_when(provision, catalogue)} }};"
        for provision in agreement.provisions
        if provision.effect == "forbid" or provision.release == "automatic"
    )


def _when(provision: Provision, catalogue: Catalogue) -> str:
    kinds = [catalogue.kinds[name] for name in provision.kinds or ()]
    fields = [f"{kind.name}.{name}" for kind in kinds for name in sorted(provision.fields_of(kind))]
    tests = [
        f"{json.dumps(list(provision.giver))}.contains(context.giver)",
        f"{json.dumps(fields)}.contains(context.field)",
    ]
    if provision.purposes is not None:
        tests.append(f"{json.dumps(list(provision.purposes))}.contains(context.purpose)")
    tests += [f"context.values.{c.field} == {json.dumps(c.value)}" for c in provision.when if c.test == "equals"]
    return " && ".join(tests)


def _request(ask: Ask, field: str) -> dict[str, Any]:
    values = {name: value for name, value in ask.record.values.items() if isinstance(value, str)}
    return {
        "principal": f'Party::"{ask.receiver}"',
        "action": f'Action::"{ask.occasion}"',
        "resource": f'Record::"{ask.record.id}"',
        "context": {
            "giver": ask.giver,
            "purpose": ask.purpose,
            "field": f"{ask.kind.name}.{field}",
            "values": values,
        },
    }
