"""Records become Arrow tables without losing a digit, and absent values stay unknown."""

from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.weighings import EVERYTHING, NOW, WEIGHING, received, weighing
from entente.analysis import DifferentKinds, Engine, Table, TooManyDigits, WrongKind, joined, records_table


def test_every_field_has_a_column_of_its_type() -> None:
    rows = records_table(WEIGHING, [replace(weighing("1"), values={"number": "1", **EVERYTHING})]).rows
    assert rows.select([field.name for field in WEIGHING.fields]).to_pylist() == [
        {"number": "1", **EVERYTHING, "drugs": ["lsd", "khat"]}
    ]
    assert rows.schema.field("mass_g").type == pa.decimal128(38, 18)


def test_what_is_absent_is_null_and_never_zero() -> None:
    (row,) = records_table(WEIGHING, [weighing("1")]).rows.to_pylist()
    assert {row[name] for name in ("drug", "mass_g", "pieces", "day", "at", "is_joint")} == {None}


def test_system_columns_say_where_a_row_comes_from() -> None:
    own, theirs = weighing("1"), received(weighing("2"), "statistics", caveats=("no-onward",))
    first, second = records_table(WEIGHING, [own, theirs]).rows.to_pylist()
    assert (first["_id"], first["_version"], first["_said_by"], first["_recorded_at"]) == ("id-1", 1, "us.cbp", NOW)
    assert (first["_source"], first["_line"], first["_reader"], first["_mapping_version"]) == (
        "a.csv",
        2,
        "weighings",
        "7",
    )
    assert (first["_via"], first["_agreement"], first["_caveats"], first["_purposes"]) == (None, None, [], None)
    assert (second["_via"], second["_agreement"]) == ("us.cbp", "sha256:1")
    assert (second["_caveats"], second["_purposes"]) == (["no-onward"], ["statistics"])


def test_an_empty_table_has_the_same_columns() -> None:
    empty = records_table(WEIGHING, []).rows
    assert empty.num_rows == 0
    assert empty.schema == records_table(WEIGHING, [weighing("1")]).rows.schema


def test_a_record_of_another_kind_is_refused() -> None:
    """Its fields would all read as unknown, and the figures would be quietly too small."""
    other = WEIGHING.__class__(name="other", version=1, workstream="test", key=("number",), fields=WEIGHING.fields)
    with pytest.raises(WrongKind, match="weighing"):
        records_table(other, [weighing("1")])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=30))
def test_sums_are_exact_to_the_last_place(units: list[int]) -> None:
    """Masses as whole numbers of 10**-21 g, the finest that published pounds with 16 places give."""
    masses = [Decimal(unit).scaleb(-21, Context(prec=40)) for unit in units]
    table = records_table(WEIGHING, [weighing(str(n), mass_g=mass) for n, mass in enumerate(masses)])
    (row,) = Engine().ask("SELECT sum(mass_g) AS total FROM t", {"t": table.rows}).to_pylist()
    assert Fraction(row["total"]) == Fraction(sum(units), 10**21)


def test_tenths_add_up() -> None:
    """In floating point ten tenths are not one."""
    table = records_table(WEIGHING, [weighing(str(n), mass_g=Decimal("0.1")) for n in range(10)])
    assert Engine().ask("SELECT sum(mass_g) = 1 AS is_one FROM t", {"t": table.rows}).to_pylist() == [{"is_one": True}]


def test_values_that_cannot_be_added_exactly_are_named() -> None:
    records = [weighing("1", mass_g=Decimal("1e13")), weighing("2", mass_g=Decimal("1e-27"))]
    with pytest.raises(TooManyDigits, match="mass_g do not fit into 38 digits: one has 14 before the point, one 27"):
        records_table(WEIGHING, records)


def test_tables_are_put_together_with_the_finer_of_their_scales() -> None:
    coarse = records_table(WEIGHING, [weighing("1", mass_g=Decimal("1.5"))])
    fine = records_table(WEIGHING, [weighing("2", mass_g=Decimal("1e-21"))])
    both = joined([coarse, fine])
    assert both.rows["mass_g"].to_pylist() == [Decimal("1.5"), Decimal("1e-21")]
    assert both.rows["number"].to_pylist() == ["1", "2"]
    assert joined([coarse]) is coarse


def test_tables_that_cannot_be_put_together_say_why() -> None:
    huge = records_table(WEIGHING, [weighing("1", mass_g=Decimal("1e19"))])
    fine = records_table(WEIGHING, [weighing("2", mass_g=Decimal("1e-21"))])
    with pytest.raises(TooManyDigits, match="mass_g"):
        joined([huge, fine])
    with pytest.raises(DifferentKinds, match="weighing"):
        joined([huge, Table("other", huge.rows)])


def test_many_records_go_through_in_chunks() -> None:
    record = weighing("1", mass_g=Decimal("0.25"))
    rows = records_table(WEIGHING, (record for _ in range(70_000))).rows
    assert rows.num_rows == 70_000
    assert (
        Engine().ask("SELECT sum(mass_g)::VARCHAR AS s FROM t", {"t": rows}).to_pylist()[0]["s"].startswith("17500.0")
    )
