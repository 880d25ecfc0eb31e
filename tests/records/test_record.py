"""A record is fixed by its bytes: what is read back is what was signed, and every value has one text only."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.records import (
    Field,
    Kind,
    Provenance,
    Record,
    Stamp,
    UnreadableRecord,
    Value,
    record_id,
    values_from_json,
)
from entente.signing import parse

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


KIND = Kind(
    name="thing",
    version=1,
    workstream="test",
    key=("name",),
    fields=(
        Field(name="name", field_class="object", is_required=True),
        Field(name="codes", field_class="object", type="codes", vocabulary="drug"),
        Field(name="mass_g", field_class="quantity", type="decimal"),
        Field(name="pieces", field_class="quantity", type="integer"),
        Field(name="day", field_class="time", type="date"),
        Field(name="at", field_class="time", type="time"),
        Field(name="is_joint", field_class="object", type="boolean"),
    ),
)
PLACE = Provenance(source="a.csv", source_digest="sha256:0", line=2, reader="r", mapping_version="1")
NOON = datetime(2024, 3, 31, 12, tzinfo=UTC)


def record(**values: Value) -> Record:
    return Record(
        id="r1",
        version=1,
        kind="thing",
        kind_version=1,
        said_by="us.cbp",
        recorded_at=NOON,
        sure="reported",
        provenance=PLACE,
        values={"name": "x", **values},
    )


VALUES: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "codes": st.lists(st.text(max_size=5).filter(str.isprintable), max_size=3).map(tuple),
        "mass_g": st.decimals(0, 10**12, places=10),
        "pieces": st.integers(0, 2**53 - 1),
        "day": st.dates(),
        "at": st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001
        "is_joint": st.booleans(),
    },
)


@UNHURRIED
@given(VALUES)
def test_a_record_read_back_is_the_same_record(values: dict[str, Value]) -> None:
    one = record(**values)
    again = Record.from_json(parse(one.body), KIND)
    assert again == one
    assert (again.digest, again.content_digest) == (one.digest, one.content_digest)


def test_the_same_moment_in_another_zone_is_the_same_value() -> None:
    toronto = NOON.astimezone(timezone(timedelta(hours=-4)))
    assert record(at=NOON).digest == record(at=toronto).digest


@pytest.mark.parametrize(
    "values",
    [
        {"mass_g": "1_000"},
        {"mass_g": " 1"},
        {"mass_g": "1e3"},
        {"mass_g": 1},
        {"mass_g": 1.5},
        {"pieces": True},
        {"pieces": "1"},
        {"day": "20240331"},
        {"day": "2024-W13-7"},
        {"day": "2024-02-30"},
        {"at": "2024-03-31T12:00:00+00:00"},
        {"at": "2024-03-31T08:00:00.000000-04:00"},
        {"is_joint": 1},
        {"codes": "lsd"},
        {"codes": [1]},
        {"colour": "blue"},
        {"name": None},
    ],
)
def test_a_value_in_another_spelling_is_refused(values: dict[str, Any]) -> None:
    """Two spellings of one value would give one fact two digests."""
    with pytest.raises(UnreadableRecord):
        values_from_json(KIND, values)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1"},
        {"version": True},
        {"id": 7},
        {"is_simulated": "false"},
        {"is_simulated": None},
        {"supersedes": 3},
        {"recorded_at": "yesterday"},
        {"provenance": {}},
        {"values": {"name": 3}},
    ],
)
def test_a_record_with_a_wrong_part_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnreadableRecord):
        Record.from_json({**record().to_json(), **change}, KIND)


@pytest.mark.parametrize("part", ["id", "values", "said_by", "supersedes"])
def test_a_record_with_a_missing_part_is_refused(part: str) -> None:
    body = {name: value for name, value in record().to_json().items() if name != part}
    with pytest.raises(UnreadableRecord):
        Record.from_json(body, KIND)


def test_what_is_said_has_a_digest_of_its_own() -> None:
    """The same row in another file says the same thing; another mass does not."""
    one = record(mass_g=Decimal("1.5"))
    elsewhere = replace(one, provenance=replace(PLACE, source="b.csv", line=9), recorded_at=NOON + timedelta(days=1))
    assert elsewhere.content_digest == one.content_digest
    assert elsewhere.digest != one.digest
    assert record(mass_g=Decimal("1.6")).content_digest != one.content_digest
    assert replace(one, is_simulated=True).content_digest != one.content_digest


def test_a_next_version_names_the_one_before() -> None:
    one = record(day=date(2024, 3, 31))
    two = one.succeeding(one.version, one.digest)
    assert (two.version, two.supersedes) == (2, one.digest)
    assert two.digest != one.digest


def test_a_simulated_thing_is_never_a_version_of_a_real_one() -> None:
    real = Stamp(said_by="ca.cbsa", recorded_at=NOON, id_key=b"k" * 32, is_simulated=False)
    assert record_id(real, KIND, {"name": "A-1"}) != record_id(replace(real, is_simulated=True), KIND, {"name": "A-1"})
