"""A small kind, its records and a question, for the tests of this room."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Held,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)
from entente.records import Field, Kind, Provenance, Record, Value

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
WEIGHING = Kind(
    name="weighing",
    version=1,
    workstream="test",
    key=("number",),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
        Field(name="drugs", field_class="substance", type="codes", vocabulary="drug"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="pieces", field_class="quantity", type="integer"),
        Field(name="day", field_class="time", type="date"),
        Field(name="at", field_class="time", type="time"),
        Field(name="is_joint", field_class="statistical", type="boolean"),
    ),
)


def weighing(
    number: str, *, source: str = "a.csv", said_by: str = "us.cbp", is_simulated: bool = False, **values: Value
) -> Record:
    return Record(
        id=f"id-{number}",
        version=1,
        kind="weighing",
        kind_version=1,
        said_by=said_by,
        recorded_at=NOW,
        sure="reported",
        provenance=Provenance(
            source=source, source_digest=f"sha256:{source}", line=2, reader="weighings", mapping_version="7"
        ),
        values={"number": number, **values},
        is_simulated=is_simulated,
    )


def received(record: Record, *purposes: str, caveats: tuple[str, ...] = (), agreement: str = "sha256:1") -> Held:
    return Held(record=record, via="us.cbp", agreement=agreement, caveats=caveats, purposes=purposes)


def _answer(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    table = tables["weighing"]
    sums = engine.ask(
        "SELECT drug, sum(mass_g) AS mass_g FROM weighing GROUP BY drug ORDER BY drug", {"weighing": table.rows}
    )
    columns = (Column("drug", "text"), Column("mass_g", "decimal", "g"))
    return Answer(
        question="test.sums",
        parameters=arguments,
        columns=columns,
        rows=answer_rows(columns, sums.to_pylist()),
        denominators=(Denominator("rows", table.rows.num_rows),),
        cautions=("be-careful",),
        provenance=provenance([table]),
    )


SUMS = Question(
    name="test.sums",
    needs=("weighing",),
    parameters=(
        Parameter(name="drug", type="codes", vocabulary="drug"),
        Parameter(name="every", type="code", allowed=("month", "year"), default="year"),
        Parameter(name="top", type="integer", default=10),
        Parameter(name="at_least_g", type="decimal", default=Decimal(0)),
        Parameter(name="from", type="date"),
        Parameter(name="place", type="text"),
    ),
    answer=_answer,
)
EVERYTHING: dict[str, Value] = {
    "drug": "lsd",
    "drugs": ("lsd", "khat"),
    "mass_g": Decimal("1.5"),
    "pieces": 3,
    "day": date(2024, 3, 31),
    "at": NOW,
    "is_joint": False,
}
