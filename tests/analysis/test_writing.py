"""An answer is written unrounded, and its file says what it rests on wherever the format can."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from entente.analysis import (
    Answer,
    Column,
    Contribution,
    Denominator,
    Provenance,
    UnknownFileEnding,
    answer_rows,
    written,
)
from entente.vocabulary import Vocabulary, read_vocabulary

WORDS = """
[list.question]
source = "a test"
[list.question.term."test.q"]
en = "Test"
fr = "Essai"
es = "Prueba"
method.en = "Adding."
method.fr = "Addition."
method.es = "Suma."
[list.column]
source = "a test"
[list.column.term.mass]
en = "Mass"
fr = "Masse"
es = "Masa"
[list.denominator]
source = "a test"
[list.denominator.term.used]
en = "Used"
fr = "Utilis\u00e9s"
es = "Usados"
[list.caution]
source = "a test"
[list.caution.term.careful]
en = "Be careful."
fr = "Attention."
es = "Cuidado."
"""
COLUMNS = (
    Column("area", "text"),
    Column("mass", "decimal", "lb"),
    Column("events", "integer"),
    Column("day", "date"),
    Column("is_whole", "boolean"),
)
ROWS: list[dict[str, Any]] = [
    {
        "area": 'Qu\u00e9bec, "Old"',
        "mass": Decimal("27022.8509157041532147"),
        "events": 0,
        "day": date(2024, 3, 31),
        "is_whole": True,
    },
    {"area": None, "mass": None, "events": None, "day": None, "is_whole": None},
    {"area": "x", "mass": Decimal(100), "events": 7, "day": None, "is_whole": False},
]
ANSWER = Answer(
    question="test.q",
    parameters={"drug": ("lsd",), "from": date(2024, 1, 1), "least": Decimal("0.5"), "until": None},
    columns=COLUMNS,
    rows=answer_rows(COLUMNS, ROWS),
    denominators=(Denominator("used", 3, 4),),
    cautions=("careful",),
    provenance=Provenance(
        contributions=(
            Contribution(
                kind="k",
                source="s",
                source_digest="d",
                said_by="us.cbp",
                via=None,
                reader="r",
                mapping_version="1",
                agreement=None,
                records=3,
            ),
        ),
        caveats=("no-onward",),
        purposes=("statistics",),
        is_simulated=False,
    ),
)


def vocabulary() -> Vocabulary:
    return read_vocabulary("test.toml", WORDS.encode(), "sha256:0")


def test_csv_holds_the_rows_as_they_are() -> None:
    rows = list(csv.reader(io.StringIO(written(ANSWER, ".csv", vocabulary()).decode("utf-8"))))
    assert rows == [
        ["area", "mass", "events", "day", "is_whole"],
        ['Qu\u00e9bec, "Old"', "27022.8509157041532147", "0", "2024-03-31", "true"],
        ["", "", "", "", ""],
        ["x", "100", "7", "", "false"],
    ]


def test_json_holds_everything_in_the_readers_language() -> None:
    body = json.loads(written(ANSWER, ".json", vocabulary(), "fr"))
    assert body["rows"][0]["mass"] == "27022.8509157041532147"
    assert body["rows"][1] == dict.fromkeys(("area", "mass", "events", "day", "is_whole"))
    assert body["rows"][2]["is_whole"] is False
    assert (body["title"], body["method"]) == ("Essai", "Addition.")
    assert body["columns"][1] == {
        "name": "mass",
        "type": "decimal",
        "unit": "lb",
        "vocabulary": None,
        "label": "Masse",
    }
    assert body["denominators"] == [{"name": "used", "value": 3, "of": 4, "label": "Utilis\u00e9s"}]
    assert body["cautions"] == {"careful": "Attention."}
    assert body["parameters"] == {"drug": ["lsd"], "from": "2024-01-01", "least": "0.5", "until": None}
    assert body["provenance"]["contributions"][0]["said_by"] == "us.cbp"
    assert body["provenance"]["caveats"] == ["no-onward"]


def test_parquet_holds_the_rows_with_their_types_and_the_rest_beside_them() -> None:
    table = parquet.read_table(pa.BufferReader(written(ANSWER, ".PARQUET", vocabulary())))
    assert table.to_pylist() == ANSWER.rows.to_pylist()
    assert pa.types.is_decimal(table.schema.field("mass").type)
    about = json.loads(table.schema.metadata[b"entente"])
    assert about["cautions"] == {"careful": "Be careful."}
    assert about["provenance"]["purposes"] == ["statistics"]


@pytest.mark.parametrize("ending", [".xlsx", "", "csv", ".csv.gz"])
def test_another_ending_is_answered_with_those_that_can_be_written(ending: str) -> None:
    with pytest.raises(UnknownFileEnding, match=r"\.csv, \.json, \.parquet"):
        written(ANSWER, ending, vocabulary())
