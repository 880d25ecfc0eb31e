"""What has to be known before figures of two agencies stand side by side: where they count alike, and where not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)

KIND = "counting-rule"
_COLUMNS = (
    Column("aspect", "text", vocabulary="counting-aspect"),
    Column("agency", "text", vocabulary="party"),
    Column("other_agency", "text", vocabulary="party"),
    Column("comparability", "text", vocabulary="comparability"),
    Column("practice", "text", vocabulary="practice"),
    Column("other_practice", "text", vocabulary="practice"),
    Column("is_verified", "boolean"),
    Column("reference", "text"),
    Column("other_reference", "text"),
)
Rule = dict[str, Any]


def _comparable(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:  # noqa: ARG001  # one shape
    given: list[Rule] = tables[KIND].rows.to_pylist()
    agencies = arguments["agencies"]
    chosen = [rule for rule in given if not isinstance(agencies, tuple) or rule["agency"] in agencies]
    asked = agencies if isinstance(agencies, tuple) else tuple(rule["agency"] for rule in chosen)
    on = arguments["on"] or max((rule["since"] for rule in chosen), default=None)
    in_force = [rule for rule in chosen if isinstance(on, date) and _holds(rule, on)]
    rows = list(_rows(in_force, sorted(set(asked)))) if chosen else []
    return Answer(
        question=COMPARABLE.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(
            Denominator("rules-in-force", len(in_force), len(given)),
            Denominator("aspects-alike", sum(row["comparability"] == "same" for row in rows), len(rows)),
        ),
        cautions=("rules-as-told", *(("not-verified",) if any(row["is_verified"] is False for row in rows) else ())),
        provenance=provenance([tables[KIND]]),
    )


def _holds(rule: Rule, on: date) -> bool:
    return bool(rule["since"] <= on and (rule["until"] is None or on <= rule["until"]))


def _rows(rules: Sequence[Rule], agencies: Sequence[str]) -> Iterator[Rule]:
    """Every pair of agencies in every aspect that any of them tells; the newest of several rules counts."""
    newest: dict[tuple[str, str], Rule] = {}
    for rule in sorted(rules, key=lambda one: one["since"]):
        newest[rule["aspect"], rule["agency"]] = rule
    for aspect in sorted({aspect for aspect, _ in newest}):
        for one, other in combinations(agencies, 2):
            yield _pair(aspect, one, other, newest)


def _pair(aspect: str, one: str, other: str, newest: Mapping[tuple[str, str], Rule]) -> Rule:
    first, second = newest.get((aspect, one), {}), newest.get((aspect, other), {})
    told = [rule["practice"] for rule in (first, second) if rule]
    checked = [rule["is_verified"] for rule in (first, second) if rule]
    return {
        "aspect": aspect,
        "agency": one,
        "other_agency": other,
        "comparability": "not-told" if len(told) < 2 else "same" if told[0] == told[1] else "different",
        "practice": first.get("practice"),
        "other_practice": second.get("practice"),
        "is_verified": all(checked) if checked and None not in checked else None,
        "reference": first.get("reference"),
        "other_reference": second.get("reference"),
    }


COMPARABLE = Question(
    name="seizures.comparable",
    needs=(KIND,),
    parameters=(
        Parameter(name="agencies", type="codes", vocabulary="party"),
        Parameter(name="on", type="date"),
    ),
    answer=_comparable,
)
