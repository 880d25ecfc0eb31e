"""Writes values as TOML, for texts made from generated worlds; the package itself never writes one from values."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from entente.agreements import Agreement, Condition, Provision


def toml(values: Mapping[str, Any]) -> bytes:
    return "\n".join(f"{json.dumps(key)} = {_value(value)}" for key, value in values.items()).encode()


def as_editors_see_it(value: Any) -> Any:
    """TOML as JSON, as Taplo hands it to a schema: days and times are texts."""
    if isinstance(value, Mapping):
        return {key: as_editors_see_it(found) for key, found in value.items()}
    if isinstance(value, list):
        return [as_editors_see_it(found) for found in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def readable(text: Agreement) -> Agreement:
    """`text` as a person could have written it: conditions and single fields only where the kind has them."""
    named = {name for found in text.provisions for name in (*found.giver, *(found.receiver or ()))}
    parties = tuple(dict.fromkeys((*text.parties, *sorted(named))))
    return replace(text, parties=parties, provisions=tuple(map(_readable, text.provisions)))


def _readable(found: Provision) -> Provision:
    if found.when:
        found = replace(found, kinds=("find",))
    of_kinds = tuple(f"{kind}." for kind in found.kinds or ())
    fields = tuple(one for one in found.fields or () if one.startswith(("class:", *of_kinds)))
    return replace(found, fields=fields or ("class:substance",))


def values_of(text: Agreement) -> dict[str, Any]:
    """What the text of a generated agreement would hold."""
    return {
        "name": text.name,
        "version": text.version,
        "title": dict(text.title),
        "text": dict(text.text),
        "authoritative": [*text.authoritative],
        "parties": [*text.parties],
        "zone": text.zone,
        "valid_from": text.valid_from,
        "valid_until": text.valid_until,
        "provision": [_provision(found) for found in text.provisions],
    }


def _provision(found: Provision) -> dict[str, Any]:
    is_permit = found.effect == "permit"
    either = {
        "id": found.id,
        "reference": found.reference,
        "text": dict(found.text),
        "effect": found.effect,
        "giver": [*found.giver],
        "receiver": found.receiver and [*found.receiver],
        "kinds": found.kinds and [*found.kinds],
        "fields": found.fields and [*found.fields],
        "purposes": found.purposes and [*found.purposes],
        "when": [_condition(one) for one in found.when] or None,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
    }
    permit = {
        "occasion": found.occasion,
        "release": found.release,
        "caveats": [*found.caveats] or None,
        "duties": dict(found.duties) or None,
    }
    whole = {**either, **(permit if is_permit else {"scope": found.scope})}
    return {key: value for key, value in whole.items() if value is not None}


def _condition(one: Condition) -> dict[str, Any]:
    value = [*one.value] if isinstance(one.value, tuple) else one.value
    return {"field": one.field, one.test: value, **({"on": one.on} if one.on else {})}


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(found)}" for key, found in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).lower() if isinstance(value, (bool, Decimal)) else json.dumps(value)
