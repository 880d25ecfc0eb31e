"""The peer of `entente bench decide`: the same text as Cedar policies, one authorization for each field of a record.

Translated is what the benchmarked text says: one giver, receivers, fields and purposes (as scopes, which Cedar judges
first) and its conditions. Unknown is written out, because Cedar skips a policy that fails to evaluate. What Cedar
permits must be what Entente releases, or the benchmark stops: programs that answer differently cannot be compared.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from entente.agreements import Agreement, Ask, Condition, Provision
from entente.errors import Misconfigured, OurFault
from entente.records import Catalogue, Kind, Record

Requests = list[dict[str, Any]]
_SIGNS = {"equals": "==", "at_least": ">=", "at_most": "<=", "before": "<", "after": ">"}


class PeerMissing(Misconfigured):
    """The peer {peer} is not installed, so there is nothing to compare with. Install it with `pip install {peer}`."""


class PeerDisagrees(OurFault):
    """Cedar and Entente decide differently about record {record}: {fields}. Report the defect; no rate is shown."""


class NotForCedar(OurFault):
    """The benchmark cannot say the test {test} in Cedar. Add it to bench_cedar, or keep it out of the text."""


class Cedar:
    """`agreement` as Cedar has it for one kind on one day: policies and entities are read once, here. Raises
    PeerMissing."""

    def __init__(self, agreement: Agreement, kind: Kind, catalogue: Catalogue, day: date) -> None:
        try:
            import cedarpy
        except ModuleNotFoundError:
            raise PeerMissing(peer="cedarpy") from None
        policies = _policies(agreement, _Words(kind, catalogue, day))
        self._policies = cedarpy.PolicySet.from_str("\n".join(policies))
        self._entities = cedarpy.Entities.from_json_str(json.dumps(_entities(agreement, kind)))
        self._answer: Callable[..., list[Any]] = cedarpy.is_authorized_batch
        self._reads = {name for found in agreement.provisions for condition in found.when for name in condition.reads}

    def context(self, record: Record) -> str:
        """The values that policies read, as JSON."""
        return json.dumps({name: _plain(value) for name, value in record.values.items() if name in self._reads})

    def requests(self, ask: Ask, context: str) -> Requests:
        """One for each field that the record holds, in the form that Cedar reads fastest."""
        who = {
            "principal": {"type": "Party", "id": ask.receiver},
            "action": {"type": "Action", "id": ask.purpose},
            "context": context,
        }
        return [{**who, "resource": {"type": "Field", "id": name}} for name in ask.record.values]

    def answers(self, requests: Requests) -> list[Any]:
        """What Cedar says to one batch."""
        return self._answer(requests, self._policies, self._entities)


def fields_of(requests: Requests, answers: Sequence[Any]) -> frozenset[str]:
    """The fields that Cedar permits."""
    asked = zip(requests, answers, strict=True)
    return frozenset(request["resource"]["id"] for request, answer in asked if answer.allowed)


class _Words:
    """What policies are written with: fields, code lists and dated lists."""

    def __init__(self, kind: Kind, catalogue: Catalogue, day: date) -> None:
        self.kind, self.day = kind, day
        self._words = catalogue.vocabulary

    def is_decimal(self, field: str) -> bool:
        found = self.kind.field(field)
        return found is not None and found.type == "decimal"

    def rests(self, field: str) -> list[str]:
        """Codes such as `other`, of which no list can tell."""
        found = self.kind.field(field)
        terms = self._words.list(found.vocabulary).terms.values() if found and found.vocabulary else ()
        return [term.code for term in terms if term.attributes.get("is_rest")]

    def entries(self, name: str) -> Sequence[Any]:
        return self._words.dated[name].entries


def _entities(agreement: Agreement, kind: Kind) -> list[dict[str, Any]]:
    """Parties within the receivers of provisions, fields within the fields of provisions."""
    found = agreement.provisions
    receivers = {party: [p.id for p in found if p.receiver and party in p.receiver] for party in agreement.parties}
    fields = {field.name: [p.id for p in found if field.name in p.fields_of(kind)] for field in kind.fields}
    groups = (("Party", "Receivers", receivers), ("Field", "Fields", fields))
    return [
        {"uid": {"type": type_, "id": name}, "attrs": {}, "parents": [{"type": group, "id": p} for p in within]}
        for type_, group, members in groups
        for name, within in members.items()
    ]


def _policies(agreement: Agreement, words: _Words) -> list[str]:
    return [
        _policy(found, words)
        for found in agreement.provisions
        if found.is_valid_on(words.day) and (found.effect == "forbid" or found.release == "automatic")
    ]


def _policy(found: Provision, words: _Words) -> str:
    actions = ", ".join(f'Action::"{purpose}"' for purpose in found.purposes or ())
    scope = (
        "principal" if found.receiver is None else f'principal in Receivers::"{found.id}"',
        "action" if found.purposes is None else f"action in [{actions}]",
        f'resource in Fields::"{found.id}"',
    )
    judge = _known_and if found.effect == "permit" else _unknown_or
    tests = [judge(condition, words) for condition in found.when]
    return f"{found.effect}({', '.join(scope)})" + (f" when {{ {' && '.join(tests)} }}" if tests else "") + ";"


def _known_and(condition: Condition, words: _Words) -> str:
    return f"({_known(condition, words)} && {_test(condition, words)})"


def _unknown_or(condition: Condition, words: _Words) -> str:
    return f"(!({_known(condition, words)}) || {_test(condition, words)})"


def _known(condition: Condition, words: _Words) -> str:
    found = [f"context has {name}" for name in condition.reads]
    if "listed_in" in condition.test and (rests := words.rests(condition.field)):
        found.append(f"!{_set(rests)}.contains(context.{condition.field})")
    return " && ".join(found)


def _test(condition: Condition, words: _Words) -> str:
    field, value = f"context.{condition.field}", condition.value
    if condition.test in ("listed_in", "not_listed_in"):
        return ("" if condition.test == "listed_in" else "!") + _listed(condition, words)
    if condition.test == "one_of" and isinstance(value, tuple):
        return f"{_set(value)}.contains({field})"
    if condition.test not in _SIGNS:
        raise NotForCedar(test=condition.test)
    exact = Decimal(str(value)) if words.is_decimal(condition.field) else value
    return f"{field} {_SIGNS[condition.test]} {_literal(exact)}"


def _listed(condition: Condition, words: _Words) -> str:
    day = f"context.{condition.on}" if condition.on else _literal(words.day)
    found = []
    for entry in words.entries(str(condition.value)):
        tests = [f"context.{condition.field} == {_literal(entry.code)}"]
        tests += [f"{day} >= {_literal(entry.since)}"] if entry.since else []
        tests += [f"{day} <= {_literal(entry.until)}"] if entry.until else []
        found.append(f"({' && '.join(tests)})")
    return f"({' || '.join(found)})"


def _set(values: Sequence[Any]) -> str:
    return f"[{', '.join(map(_literal, values))}]"


def _literal(value: Any) -> str:
    return json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    """Cedar's whole numbers: days as ordinals, amounts in thousandths."""
    if isinstance(value, date):
        return value.toordinal()
    return int(value * 1000) if isinstance(value, Decimal) else value
