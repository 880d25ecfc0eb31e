"""Findings: what an answer alarms about, kept as records of their own, so that a person reviews each and it travels
like any record: only as far as an agreement permits.

A question that finds answers with the columns of FINDING_COLUMNS, one row per thing looked at, and the system column
`_evidence`: for each row the list of `id/version` of the records behind it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from entente.analysis.answer import Answer, Column
from entente.errors import OurFault
from entente.records import Field, Kind, Value
from entente.vocabulary import Vocabulary

EVIDENCE = "_evidence"
SMALLEST_SHOWN = Decimal("0.001")
OPEN, ACCEPTED, DISMISSED, WITHDRAWN = "open", "accepted", "dismissed", "withdrawn"
"""States of review (list `review-state`). Only a person accepts, dismisses, or withdraws what was accepted before."""


class NotAFindingAnswer(OurFault):
    """The question {question} says that it finds, but its answer has no column `{column}`. Report the defect."""


FINDING_COLUMNS = (
    Column("subject", "text"),
    Column("place", "text"),
    Column("period_start", "date"),
    Column("period_end", "date"),
    Column("measure", "text", vocabulary="measure"),
    Column("observed", "integer"),
    Column("expected", "decimal"),
    Column("denominator", "text", vocabulary="denominator"),
    Column("of", "integer"),
    Column("value", "decimal"),
    Column("low", "decimal"),
    Column("high", "decimal"),
    Column("p", "decimal"),
    Column("q", "decimal"),
    Column("alarm", "boolean"),
)
"""What every question that finds answers, first of its columns; what it cannot tell is null.

`observed` of `of` (by the named denominator) in the period, where `expected` would be usual; `value` is the measure
(for example how many times the share grew) with its interval `low` to `high`; `p` its chance if nothing had changed,
`q` the same with all subjects looked at taken into account.
"""

FINDING = Kind(
    name="finding",
    version=1,
    workstream="findings",
    key=("question", "settings", "subject", "place", "period_end"),
    is_notice=True,
    is_drawn=True,
    fields=(
        Field(name="question", field_class="statistical", type="code", vocabulary="question", is_required=True),
        Field(name="settings", field_class="statistical", is_required=True),
        Field(name="subject", field_class="substance", is_required=True),
        Field(name="place", field_class="location", is_required=True),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date", is_required=True),
        Field(name="measure", field_class="statistical", type="code", vocabulary="measure", is_required=True),
        Field(name="observed", field_class="quantity", type="integer"),
        Field(name="expected", field_class="quantity", type="decimal"),
        # Without its denominator a number is not a finding: what is counted, out of how many.
        Field(name="denominator", field_class="statistical", type="code", vocabulary="denominator", is_required=True),
        Field(name="of", field_class="quantity", type="integer"),
        Field(name="value", field_class="quantity", type="decimal"),
        Field(name="low", field_class="quantity", type="decimal"),
        Field(name="high", field_class="quantity", type="decimal"),
        Field(name="p", field_class="statistical", type="decimal"),
        Field(name="q", field_class="statistical", type="decimal"),
        # False once a finding was looked for again and its records no longer raise an alarm.
        Field(name="alarm", field_class="statistical", type="boolean", is_required=True),
        Field(name="rests_on", field_class="statistical", type="codes", vocabulary="kind", is_required=True),
        Field(name="parties", field_class="statistical", type="codes", vocabulary="party", is_required=True),
        Field(name="records", field_class="quantity", type="integer", is_required=True),
        Field(name="review", field_class="statistical", type="code", vocabulary="review-state", is_required=True),
        Field(name="reviewed_on", field_class="time", type="date"),
        Field(name="reviewed_by", field_class="operational"),
        Field(name="review_note", field_class="free-text"),
    ),
)
"""A finding under review. Who reviewed it and what they noted stays at home unless a provision names those fields."""


@dataclass(frozen=True, slots=True)
class Found:
    """One row of an answer as a FINDING that nobody has reviewed, and `id/version` of the records behind it."""

    values: Mapping[str, Value]
    evidence: tuple[str, ...]

    @property
    def is_alarm(self) -> bool:
        return bool(self.values["alarm"])


def found_in(answer: Answer, settings: str) -> Iterator[Found]:
    """Every row of `answer`, in order; those that do not alarm matter only where they did before.

    `settings` (settings_text) say how it was asked. Raises NotAFindingAnswer.
    """
    names = answer.rows.column_names
    for name in (*(column.name for column in FINDING_COLUMNS), EVIDENCE):
        if name not in names:
            raise NotAFindingAnswer(question=answer.question, column=name)
    parts = answer.provenance.contributions
    shared: dict[str, Value] = {
        "question": answer.question,
        "settings": settings,
        "rests_on": tuple(sorted({part.kind for part in parts})),
        "parties": tuple(sorted({part.said_by for part in parts})),
        "review": OPEN,
    }
    for row in answer.rows.to_pylist():
        evidence = tuple(sorted(set(row[EVIDENCE])))
        values = {name: _plain(value) for name, value in row.items() if _is_told(name, value)}
        yield Found(MappingProxyType(shared | values | {"records": len(evidence)}), evidence)


BETWEEN = "; "
LOOKED_UNTIL = "until"


def settings_text(parameters: Mapping[str, object]) -> str:
    """How a question was asked, as one line in order of name: what must be equal for two findings to be the same one.

    The last day is left out, because the period of the finding says it.
    """
    told = {name: value for name, value in parameters.items() if value is not None and name != LOOKED_UNTIL}
    return BETWEEN.join(f"{name}={_setting(told[name])}" for name in sorted(told))


def settings_in(text: str) -> Mapping[str, str]:
    """The settings in `text`, by name, as they were written."""
    return dict(part.split("=", 1) for part in text.split(BETWEEN) if "=" in part)


def sentence(values: Mapping[str, Any], vocabulary: Vocabulary, language: str) -> str:
    """A finding in one sentence for a supervisor: what was seen, out of what, and how sure that is."""
    shown = {field.name: shown_value(field, values.get(field.name), language) for field in FINDING.fields}
    if values.get("place") in vocabulary.list("finding-place").terms:
        shown["place"] = vocabulary.label("finding-place", values["place"], language)
    shown["denominator"] = vocabulary.label("denominator", values["denominator"], language)
    is_new = values["measure"] == "share-growth" and "value" not in values and "low" in values
    code = "share-growth-from-nothing" if is_new else values["measure"]
    return vocabulary.label("finding-sentence", code, language).format_map(shown)


def shown_value(field: Field, value: Any, language: str) -> str:
    """Decimals to three digits that count, written out; `?` for what is not told. No chance is known below 0.001."""
    if value is None:
        return "?"
    if field.type != "decimal":
        return str(value)
    number = Decimal(value)
    if field.name in ("p", "q") and number < SMALLEST_SHOWN:
        return f"< {_written(SMALLEST_SHOWN, 3, language)}"
    places = max(0, 2 - number.adjusted()) if number else 0
    return _written(number, places, language)


def _written(number: Decimal, places: int, language: str) -> str:
    """With the decimal comma where French is written in Canada."""
    text = f"{number:.{places}f}"
    return text.replace(".", ",") if language == "fr" else text


def _setting(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _is_told(name: str, value: object) -> bool:
    return value is not None and FINDING.field(name) is not None


def _plain(value: Any) -> Value:
    """Without zeros at the end: one number has one text, also where it is kept."""
    if isinstance(value, Decimal):
        short = value.normalize()
        return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator]  # finite
    kept: Value = value
    return kept
