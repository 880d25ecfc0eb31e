"""The figures that the joint statement on International Customs Day prints, as a question over records.

The statement (“In the past year alone ...”) tells prohibited weapons and restricted firearms by number, and illegal
drugs by pounds: all together, fentanyl and cocaine.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Engine,
    Question,
    Table,
    answer_rows,
    in_unit,
    provenance,
)
from entente.workstreams.seizures.questions import counted

PRINTED = (
    ("prohibited-weapon", None),
    ("restricted-firearm", None),
    ("drug", None),
    ("drug", "fentanyl"),
    ("drug", "cocaine"),
)
"""What the statement prints, in its order, as category and drug; `drug` without one is all drugs together."""
_COLUMNS = (
    Column("category", "text", vocabulary="seized-category"),
    Column("drug", "text", vocabulary="drug"),
    Column("is_printed", "boolean"),
    Column("events", "integer"),
    Column("joint_events", "integer"),
    Column("pieces", "integer"),
    Column("mass_lb", "decimal", "lb"),
    Column("mass_kg", "decimal", "kg"),
    Column("money", "decimal"),
    Column("currency", "text"),
    Column("items", "integer"),
    Column("items_without_amount", "integer"),
)
Row = dict[str, Any]
_Key = tuple[str, str | None, str | None]  # category, drug, currency


def _customs_day(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables[counted.KIND]
    reports = counted.reports(given, arguments, engine)
    doubt = counted.doubts(reports.rows, engine)
    used = counted.counted(reports.rows, engine)
    items = used.to_pylist()
    return Answer(
        question=CUSTOMS_DAY.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, list(_lines(items)) if items else []),
        denominators=counted.denominators(given, used, doubt),
        cautions=counted.cautions(used, doubt),
        provenance=provenance([reports]),
    )


def _lines(items: Sequence[Row]) -> Iterator[Row]:
    """What is printed first, in its order, also where nothing was seized; then every other category, drug, currency."""
    groups: dict[_Key, list[Row]] = {}
    for item in items:
        groups.setdefault((item["category"], item["drug"], item["currency"]), []).append(item)
    for category, drug in PRINTED:
        is_all = category == "drug" and drug is None
        chosen = [item for item in items if item["category"] == category and (is_all or item["drug"] == drug)]
        yield _line((category, drug, None), chosen, is_printed=True)
    others = [key for key in groups if key[:2] not in PRINTED]
    for key in sorted(others, key=lambda key: (key[0] != "drug", key[0], key[1] or "", key[2] or "")):
        yield _line(key, groups[key], is_printed=False)


def _line(key: _Key, items: Sequence[Row], *, is_printed: bool) -> Row:
    """One figure: drugs are masses, currency is money, all else are numbers of pieces; each shows what is told.

    INVARIANT: nothing recorded is 0; recorded without any amount is not known, and never 0.
    """
    category, drug, currency = key
    main = {"drug": "mass_g", "currency": "money"}.get(category, "pieces")
    sums = {name: _sum(items, name, is_main=name == main) for name in ("mass_g", "pieces", "money")}
    grams = None if sums["mass_g"] is None else Decimal(sums["mass_g"])
    return {
        **sums,
        "category": category,
        "drug": drug,
        "is_printed": is_printed,
        "events": len({item["event"] for item in items}),
        "joint_events": len({item["event"] for item in items if item["is_joint"]}),
        "mass_lb": in_unit(grams, "lb"),
        "mass_kg": in_unit(grams, "kg"),
        "currency": currency,
        "items": len(items),
        "items_without_amount": sum(item[main] is None for item in items),
    }


def _sum(items: Sequence[Row], name: str, *, is_main: bool) -> Any:
    told = [item[name] for item in items if item[name] is not None]
    return sum(told) if told or (is_main and not items) else None


CUSTOMS_DAY = Question(
    name="seizures.customs-day",
    needs=(counted.KIND,),
    parameters=(*counted.PERIOD, counted.AGENCY, counted.JOINT_RULE),
    answer=_customs_day,
)
