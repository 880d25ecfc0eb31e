"""Occurrences: what is read, what waits, and that a row about a person says so."""

import io
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from entente.cli.house import reader_for
from entente.node.intake import opened
from entente.records import Fault, Record, Stamp, read
from entente.signing import digest
from entente.workstreams import ALL, build_catalogue
from entente.workstreams.operations.readers import OCCURRENCE_CSV
from entente.workstreams.operations.records import OCCURRENCE

CATALOGUE = build_catalogue(ALL)
STAMP = Stamp(
    said_by="us.tribal-police", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False
)
COLUMNS = (*OCCURRENCE_CSV.columns, *OCCURRENCE_CSV.optional)


def outcome(**cells: str) -> Record | Fault:
    """What a table of one row gives, whose other cells are empty."""
    assert cells.keys() <= set(COLUMNS)
    given = {"number": "O-1", **cells}
    data = f"{','.join(COLUMNS)}\n{','.join(given.get(column, '') for column in COLUMNS)}\n".encode()
    place = {"source": "a.csv", "source_digest": digest(data)}
    (one,) = read(io.BytesIO(data), reader=OCCURRENCE_CSV, catalogue=CATALOGUE, stamp=STAMP, **place)
    return one


def values(**cells: str) -> dict[str, object]:
    record = outcome(**cells)
    assert isinstance(record, Record), record
    return dict(record.values)


def fault(**cells: str) -> tuple[str, str]:
    one = outcome(**cells)
    assert isinstance(one, Fault), one
    assert "{" not in one.reason() + one.cure()
    return one.field, one.code


def test_a_row_about_a_person() -> None:
    assert values(
        occurrence_type="missing-person",
        occurred_on="2026-01-11",
        subject="person",
        place="us-me",
        nation="A nation",
        nation_consent="given",
        person_name="SIMULATED PERSON 12",
        date_of_birth="2011-05-02",
        last_seen_at="2026-01-10T21:30-05:00",
        risk_to_life="immediate",
        suicide_attempt_flag="yes",
        offence_class="homicide",
    ) == {
        "number": "O-1",
        "occurrence_type": "missing-person",
        "occurred_on": date(2026, 1, 11),
        "subject": "person",
        "place": "us-me",
        "nation": "A nation",
        "nation_consent": "given",
        "person_name": "SIMULATED PERSON 12",
        "date_of_birth": date(2011, 5, 2),
        "last_seen_at": datetime(2026, 1, 11, 2, 30, tzinfo=UTC),
        "risk_to_life": "immediate",
        "suicide_attempt_flag": True,
        "offence_class": "homicide",
    }


def test_the_reader_and_the_kind_have_the_same_fields() -> None:
    assert set(COLUMNS) == {field.name for field in OCCURRENCE.fields}


def test_what_is_not_told_is_absent_and_no_is_not_the_same() -> None:
    assert values() == {"number": "O-1"}
    assert values(subject="person", suicide_attempt_flag="no")["suicide_attempt_flag"] is False


@pytest.mark.parametrize("subject", ["", "thing", "organisation", "unknown"])
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("person_name", "SIMULATED PERSON 12"),
        ("date_of_birth", "2011-05-02"),
        ("description_worn", "coat"),
        ("last_seen_at", "2026-01-10T21:30Z"),
        ("last_seen_where", "Example stop"),
        ("medical_need", "Example medicine"),
        ("suicide_attempt_flag", "no"),
        ("mental_health_note", "Example note"),
    ],
)
def test_what_is_said_of_a_person_waits_where_the_row_is_about_none(column: str, cell: str, subject: str) -> None:
    """An agreement that asks whether a record is about a person would otherwise be told no."""
    assert fault(**{column: cell}, subject=subject) == (column, "not-about-person")
    assert column in values(**{column: cell}, subject="person")


@pytest.mark.parametrize("consent", ["given", "refused", "withdrawn", "not-asked"])
def test_consent_without_a_nation_waits(consent: str) -> None:
    assert fault(nation_consent=consent) == ("nation_consent", "incomplete-pair")


@pytest.mark.parametrize("cell", ["attempted-suicide", "suicide", "attempted suicide"])
def test_no_type_of_occurrence_tells_of_an_attempted_suicide(cell: str) -> None:
    assert fault(occurrence_type=cell) == ("occurrence_type", "unknown-code")


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("last_seen_at", "2026-01-10T21:30", "time-without-zone"),
        ("last_seen_at", "2026-01-10", "not-a-time"),
        ("suicide_attempt_flag", "unknown", "not-yes-or-no"),
        ("nation_consent", "yes", "unknown-code"),
        ("place", "us-xx", "unknown-code"),
        ("occurred_on", "11/01/2026", "date-order"),
    ],
)
def test_a_cell_that_cannot_be_read_waits(column: str, cell: str, code: str) -> None:
    assert fault(**{"subject": "person", "nation": "A nation", column: cell}) == (column, code)


def test_nobody_is_born_after_the_occurrence() -> None:
    born = {"subject": "person", "date_of_birth": "2026-01-12"}
    assert fault(**born, occurred_on="2026-01-11") == ("occurred_on", "before-other-day")
    assert values(**born, occurred_on="2026-01-12")["occurred_on"] == date(2026, 1, 12)


def test_the_example_is_recognised_by_its_columns() -> None:
    with opened(str(files("entente.workstreams.operations") / "examples" / "occurrence-csv.csv")) as source:
        assert reader_for("", source) is OCCURRENCE_CSV


def test_what_a_person_suffers_from_is_of_the_class_health_whatever_its_type() -> None:
    """Agreements permit by class: what gives notes, or operational detail, gives none of it."""
    health = {field.name for field in OCCURRENCE.fields if field.field_class == "health"}
    assert health == {"medical_need", "suicide_attempt_flag", "mental_health_note"}
