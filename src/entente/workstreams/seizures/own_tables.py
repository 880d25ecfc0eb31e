"""Our own tables of seized items and of how agencies count."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from entente.records import (
    Catalogue,
    CellFault,
    Reader,
    Value,
    choice,
    date_iso,
    decimal_plain,
    text,
    yes_no,
)
from entente.workstreams.seizures.readers import MASSES, amount, drug_code

Cells = Mapping[str, str]
_MAPPINGS = "2026-11-21"  # version of the mapping `drug-name`
_CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217

_EVENT_CODES = MappingProxyType(
    {
        "lead": "party",
        "region": "region",
        "direction": "direction",
        "transport_mode": "transport-mode",
        "concealment": "concealment",
        "detection": "detection",
    }
)
_ITEM_CODES = MappingProxyType(
    {"reported_by": "party", "weight_basis": "weight-basis", "status": "figure-status", **_EVENT_CODES}
)
_TEXTS = ("joint_number", "place")
_OF_EVENT = ("seized_on", *_TEXTS, *_EVENT_CODES)
_AMOUNTS = ("amount", "unit", *MASSES, "pieces")


def _item(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists = catalogue.vocabulary.lists
    given = {column: cell for column, cell in cells.items() if cell.strip()}
    category = choice("category", cells["category"], lists["seized-category"])
    values: dict[str, Value] = {
        "number": text("number", cells["number"]),
        "item": text("item", cells["item"]),
        "seized_on": date_iso("seized_on", cells["seized_on"]),
        "category": category,
        **amount(given),
        **_money(given, category),
    }
    values |= {column: text(column, given[column]) for column in _TEXTS if column in given}
    codes = {column: name for column, name in _ITEM_CODES.items() if column in given}
    values |= {column: choice(column, given[column], lists[name]) for column, name in codes.items()}
    return values | _drug(given, category, catalogue)


def _drug(given: Cells, category: str, catalogue: Catalogue) -> dict[str, Value]:
    """The drug of an item, which an item of the category `drug` must tell and no other may."""
    if (category == "drug") != ("drug" in given):
        field, other = ("category", "drug") if category == "drug" else ("drug", "category `drug`")
        raise CellFault(field, "incomplete-pair", given.get("drug", category), other=other)
    if category != "drug":
        return {}
    return {"drug": drug_code(given["drug"], catalogue), "drug_native": text("drug", given["drug"])}


def _money(given: Cells, category: str) -> dict[str, Value]:
    """An amount of money with its currency, which only an item of the category `currency` tells: never a value of
    goods."""
    if category != "currency" and "money" in given:
        raise CellFault("money", "incomplete-pair", given["money"], other="category `currency`")
    if ("money" in given) != ("currency" in given):
        field, other = ("money", "currency") if "money" in given else ("currency", "money")
        raise CellFault(field, "incomplete-pair", given[field], other=other)
    if "money" not in given:
        return {}
    currency = text("currency", given["currency"])
    if not _CURRENCY.fullmatch(currency):
        raise CellFault("currency", "unknown-code", currency, list="ISO 4217")
    return {"money": decimal_plain("money", given["money"], unit=currency), "currency": currency}


def _rule(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    lists = catalogue.vocabulary.lists
    given = {column: cell for column, cell in cells.items() if cell.strip()}
    since = date_iso("since", cells["since"])
    values: dict[str, Value] = {
        "agency": choice("agency", cells["agency"], lists["party"]),
        "aspect": choice("aspect", cells["aspect"], lists["counting-aspect"]),
        "practice": choice("practice", cells["practice"], lists["practice"]),
        "since": since,
        **{column: text(column, given[column]) for column in ("definition", "reference") if column in given},
    }
    if "is_verified" in given:
        values["is_verified"] = yes_no("is_verified", given["is_verified"])
    if "until" in given:
        values["until"] = until = date_iso("until", given["until"])
        if until < since:
            raise CellFault("until", "ends-before-start", given["until"], start=since.isoformat())
    return values


SEIZED_ITEM_CSV = Reader(
    name="seized-item-csv",
    kind="seized-item",
    mapping_version=_MAPPINGS,
    source="Entente: one thing seized per row; examples/seized-item-csv.csv is the template",
    columns={column: (column,) for column in ("number", "item", "seized_on", "category")},
    optional={column: (column,) for column in ("drug", "money", "currency", *_TEXTS, *_ITEM_CODES, *_AMOUNTS)},
    one_for=dict.fromkeys(_OF_EVENT, ("number", "reported_by")),
    values=_item,
)

COUNTING_RULE_CSV = Reader(
    name="counting-rule-csv",
    kind="counting-rule",
    source="Entente: one practice of one agency per row; examples/counting-rule-csv.csv is the template",
    columns={column: (column,) for column in ("agency", "aspect", "practice", "since")},
    optional={column: (column,) for column in ("until", "definition", "is_verified", "reference")},
    values=_rule,
)
