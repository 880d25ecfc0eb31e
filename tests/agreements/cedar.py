"""The same decisions in another language: provisions as Cedar policies, an ask as one Cedar request for each field.

Only what Cedar can say: whether one field may go under one agreement, all officers having approved. Choosing one
agreement, waiting, obligations and explanations have no counterpart there.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cedarpy import Decision as CedarDecision
from cedarpy import is_authorized_batch

from agreements.parts import FIND, catalogue
from agreements.worlds import PURPOSES
from entente.agreements import Agreement, Ask, Condition, Provision

_WHO_AND_WHAT = {"principal": 'Party::"receiver"', "action": 'Action::"give"'}
_ZONES = ("UTC", "America/Toronto")
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


def allowed_by_cedar(ask: Ask, texts: Sequence[Agreement]) -> tuple[dict[str, bool], list[str]]:
    """Field -> does Cedar let it go under `ask.under` with all `texts` in force; and which provisions it skipped."""
    policies = dict(policy for text in texts for policy in _policies(text, ask))
    names = [field.name for field in ask.kind.fields]
    context = _context(ask)
    requests = [
        {
            "principal": 'Party::"receiver"',
            "action": 'Action::"give"',
            "resource": f'Field::"{name}"',
            "context": context,
        }
        for name in names
    ]
    results = is_authorized_batch(requests, "\n".join(policies.values()) or "forbid(principal, action, resource);", [])
    names_by_place = {f"`policy{place}`": name for place, name in enumerate(policies)}
    errors = [error for result in results for error in result.diagnostics.errors]
    skipped = sorted({name for place, name in names_by_place.items() if any(place in error for error in errors)})
    allowed = {
        name: result.decision == CedarDecision.Allow and name in ask.record.values
        for name, result in zip(names, results, strict=True)
    }
    return allowed, skipped


def _policies(text: Agreement, ask: Ask) -> list[tuple[str, str]]:
    """Names and policies of `text`; its days are conditions on the local day that the context gives for its zone."""
    found = []
    day = f"context.day_{_zone(text.zone)}"
    for provision in text.provisions:
        is_permit = provision.effect == "permit"
        if is_permit and text.digest != ask.under:
            continue
        parties = " && ".join(
            [
                f"{_set(text.parties)}.contains(context.giver)",
                *([f"{_set(text.parties)}.contains(context.receiver)"] if provision.scope == "parties" else []),
            ]
        )
        conditions = [
            parties,
            "context.giver != context.receiver",
            f"{day} >= {_number(max(text.valid_from, provision.valid_from))}",
            f"{day} <= {_number(min(text.valid_until, provision.valid_until))}",
            f"{_set(provision.giver)}.contains(context.giver)",
            *_optional(provision.receiver, "context.receiver"),
            *_optional(provision.kinds, "context.kind"),
            *_optional(provision.purposes, "context.purpose"),
            f"{_resources(provision, ask)}.contains(resource)",
            *([f'["standing", context.occasion].contains("{provision.occasion}")'] if is_permit else []),
            *([_behalf(provision), "context.may_hold", *_limits(text), *_caveats(provision)] if is_permit else []),
            *(['context.occasion != "emergency"'] if not is_permit and provision.purposes is None else []),
            *(['(context.occasion != "emergency" || context.purpose == "rescue")'] if is_permit else []),
            *(_condition(condition, day) for condition in provision.when),
        ]
        body = " &&\n  ".join(conditions)
        policy = f"{provision.effect}(principal, action, resource) when {{\n  {body}\n}};"
        found.append((f"{text.name}/{provision.id}", policy))
    return found


def _condition(condition: Condition, day: str) -> str:
    """Each test in its own words; an `and` that is false where ours says that it cannot be judged."""
    field = _attribute(condition.field)
    said = {
        "is_present": lambda: f"context.record has {condition.field}",
        "listed_in": lambda: _listed(condition, day),
        "not_listed_in": lambda: _listed(condition, day),
        "controlled_in": lambda: _listed(condition, day),
        "age_days_at_least": lambda: f"{field} <= {day} && {day} - {field} >= {condition.value}",
        "age_days_at_most": lambda: f"{field} <= {day} && {day} - {field} <= {condition.value}",
        "is_minor": lambda: _minor(condition, day),
        "is_person": lambda: f'{field} {"==" if condition.value else "!="} "person"',
        "consent_given": lambda: f'{field} == "given"',
        "within": lambda: f"{_set(_inside(str(condition.value)))}.contains({field})",
        "includes": lambda: f"{field}.contains({_literal(condition.value)})",
        "only": lambda: f"{_set(_several(condition))}.containsAll({field})",
        "one_of": lambda: f"{_set(_several(condition))}.contains({field})",
    }
    return said.get(condition.test, lambda: _compared(condition))()


def _several(condition: Condition) -> Sequence[Any]:
    assert isinstance(condition.value, tuple)
    return condition.value


def _minor(condition: Condition, day: str) -> str:
    born, on = _attribute(condition.field), _attribute(condition.on) if condition.on else day
    return f"{born} <= {on} && {on} {'<' if condition.value else '>='} {born}_of_age"


def _compared(condition: Condition) -> str:
    field, value = _attribute(condition.field), condition.value
    sign = {"equals": "==", "at_least": ">=", "at_most": "<=", "before": "<", "after": ">"}[condition.test]
    if condition.unit_in is not None:
        return f'{_attribute(condition.unit_in)} == "{condition.unit}" && {field} {sign} {_literal(value)}'
    if condition.unit == "kg":
        value = Decimal(str(value)) * 1000
    return f"{field} {sign} {_literal(value)}"


def _attribute(name: str | None) -> str:
    return f"context.record.{(name or '').replace('record.', 'record_')}"


def _listed(condition: Condition, day: str) -> str:
    dated, value, field = catalogue().vocabulary.dated, condition.value, _attribute(condition.field)
    on = _attribute(condition.on) if condition.on else day
    is_list = condition.test != "controlled_in"
    lists = [found for found in dated.values() if value == (found.name if is_list else found.country)]
    entries = [
        f'({field} == "{entry.code}"'
        + (f" && {on} >= {_number(entry.since)}" if entry.since else "")
        + (f" && {on} <= {_number(entry.until)}" if entry.until else "")
        + ")"
        for listed in lists
        for entry in listed.entries
    ]
    # Both attributes are read before the list is, as our own test needs both.
    read = f"{field} == {field} && {on} == {on}"
    return f"{read} && {'!' if condition.test == 'not_listed_in' else ''}({' || '.join(entries)})"


def _inside(place: str) -> list[str]:
    """The place and all that lie in it, by two steps of the list."""
    terms = catalogue().vocabulary.list("place").terms
    inner = [code for code, term in terms.items() if term.attributes.get("within") == place]
    return [place, *inner, *(code for code, term in terms.items() if term.attributes.get("within") in inner)]


def _behalf(permit: Provision) -> str:
    """Its own records, or those of all through whom they came."""
    if permit.on_behalf_of is None:
        return "context.is_own"
    goes_on = "!context.chain.contains(context.receiver)"
    return f"!context.is_own && {goes_on} && {_set(permit.on_behalf_of)}.containsAll(context.chain)"


def _caveats(permit: Provision) -> list[str]:
    """What its caveats rule out, and what those of the kind and of what the record rests on do."""
    ruled_out = {purpose for caveat in permit.caveats for purpose in _ruled_out(caveat)}
    own = [f"!{_set(sorted(ruled_out))}.contains(context.purpose)"] if ruled_out else []
    return [*own, "!context.ruled_out.contains(context.purpose)"]


def _ruled_out(caveat: str) -> tuple[str, ...]:
    return tuple(catalogue().vocabulary.list("caveat").terms[caveat].attributes.get("rules_out", ()))


def _limits(text: Agreement) -> list[str]:
    return [
        "context.kind_serves.contains(context.purpose)",
        "context.inherited_serves.contains(context.purpose)",
        f"{_set(_hex({text.digest, *text.succeeds}))}.containsAll(context.inherited_agreements)",
    ]


def _hex(digests: Collection[str]) -> list[str]:
    return sorted(found.removeprefix("sha256:") for found in digests)


def _serving(purposes: Sequence[str] | None) -> list[str]:
    return list(PURPOSES if purposes is None else purposes)


def _context(ask: Ask) -> dict[str, Any]:
    role = ask.kind.holder_role
    days = {
        f"day_{_zone(zone)}": _number(ask.moment.astimezone(ZoneInfo(zone)).date())
        for zone in ("UTC", "America/Toronto")
    }
    return {
        "giver": ask.giver,
        "receiver": ask.receiver,
        "kind": ask.kind.name,
        "purpose": ask.purpose,
        "occasion": ask.occasion,
        "is_own": ask.record.said_by == ask.giver,
        "may_hold": role is None or role in ask.receiver_roles,
        "kind_serves": _serving(ask.kind.only_for),
        "inherited_serves": _serving(ask.limits.purposes),
        "inherited_agreements": _hex(ask.limits.agreements),
        "record": _record(ask),
        "ruled_out": [p for caveat in (*ask.kind.caveats, *ask.limits.caveats) for p in _ruled_out(caveat)],
        "chain": list(ask.through),
        **days,
    }


def _record(ask: Ask) -> dict[str, Any]:
    """Its values; the day somebody comes of age, which is no arithmetic for Cedar; and what is asked of the record."""
    values = {name: _plain(value) for name, value in ask.record.values.items() if FIND.field(name)}
    born = ask.record.values.get("born_on")
    if type(born) is date:
        is_leap = (born.month, born.day) == (2, 29)
        of_age = date(born.year + 18, 3, 1) if is_leap else born.replace(year=born.year + 18)
        values["born_on_of_age"] = _number(of_age)
    return {**values, "record_sure": ask.record.sure, "record_recorded_at": _plain(ask.record.recorded_at)}


def _resources(provision: Provision, ask: Ask) -> str:
    return "[" + ", ".join(f'Field::"{name}"' for name in sorted(provision.fields_of(ask.kind))) + "]"


def _optional(values: Sequence[str] | None, what: str) -> list[str]:
    return [] if values is None else [f"{_set(values)}.contains({what})"]


def _set(values: Sequence[Any]) -> str:
    return "[" + ", ".join(_literal(value) for value in values) + "]"


def _literal(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, str):
        assert _PLAIN.fullmatch(plain), plain
        return f'"{plain}"'
    return str(plain)


def _plain(value: Any) -> Any:
    """Days as numbers, masses in milligrams: Cedar knows whole numbers only. Times as the day in Toronto."""
    if isinstance(value, datetime):
        return _number(value.astimezone(ZoneInfo("America/Toronto")).date())
    if isinstance(value, date):
        return _number(value)
    if isinstance(value, Decimal):
        return int(value * 1000)
    return list(value) if isinstance(value, tuple) else value


def _number(day: date) -> int:
    return day.toordinal()


def _zone(zone: str) -> str:
    return zone.replace("/", "_")
