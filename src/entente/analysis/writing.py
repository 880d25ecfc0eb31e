"""An answer as a file: CSV (rows only), JSON (everything) or Parquet (rows, with everything else in its metadata)."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from entente.analysis.answer import Answer
from entente.analysis.reasons import reasons_said
from entente.errors import InputFault
from entente.records import SIMULATED
from entente.vocabulary import Vocabulary


class UnknownFileEnding(InputFault):
    """Answers cannot be written as `{ending}` files. Let the name of the file end in one of: {known}."""


def written(answer: Answer, ending: str, vocabulary: Vocabulary, language: str = "en") -> bytes:
    """The bytes of a file whose name ends in `ending`: `.csv`, `.json` or `.parquet`; unrounded.

    Raises UnknownFileEnding.
    """
    write = _WRITERS.get(ending.lower())
    if write is None:
        raise UnknownFileEnding(ending=ending, known=", ".join(_WRITERS))
    return write(answer, vocabulary, language)


def answer_json(answer: Answer, vocabulary: Vocabulary, language: str = "en") -> dict[str, Any]:
    """Everything about `answer` as JSON values: decimals are plain text, dates YYYY-MM-DD."""
    rows = _told(answer, vocabulary, language).to_pylist()
    return {**_about(answer, vocabulary, language), "rows": [_plain(row) for row in rows]}


def _about(answer: Answer, vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    term = vocabulary.list("question").term(answer.question)
    return {
        "question": answer.question,
        "title": term.label(language),
        "parameters": _plain(answer.parameters),
        "columns": [
            {**asdict(column), "label": vocabulary.label("column", column.name, language)} for column in answer.columns
        ],
        "method": term.attributes["method"][language],
        "denominators": [
            {**asdict(part), "label": vocabulary.label("denominator", part.name, language)}
            for part in answer.denominators
        ],
        "cautions": {code: vocabulary.label("caution", code, language) for code in answer.cautions},
        "provenance": asdict(answer.provenance),
    }


def _csv(answer: Answer, vocabulary: Vocabulary, language: str) -> bytes:
    target = StringIO()
    writer = csv.writer(target, lineterminator="\n")
    # INVARIANT: rows that leave on their own still say that they are simulated, in the column that every import knows.
    title, mark = ([SIMULATED], ["yes"]) if answer.provenance.is_simulated else ([], [])
    writer.writerow([column.name for column in answer.columns] + title)
    for row in _told(answer, vocabulary, language).to_pylist():
        writer.writerow([cell_text(row[column.name]) for column in answer.columns] + mark)
    return target.getvalue().encode("utf-8")


def _json(answer: Answer, vocabulary: Vocabulary, language: str) -> bytes:
    body = answer_json(answer, vocabulary, language)
    return json.dumps(body, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _parquet(answer: Answer, vocabulary: Vocabulary, language: str) -> bytes:
    from pyarrow import parquet

    about = json.dumps(_about(answer, vocabulary, language), ensure_ascii=False)
    target = BytesIO()
    parquet.write_table(_told(answer, vocabulary, language).replace_schema_metadata({"entente": about}), target)
    return target.getvalue()


def _told(answer: Answer, vocabulary: Vocabulary, language: str) -> pa.Table:
    """The rows without system columns, their reasons as sentences: ids of records are no part of an answer that leaves
    the node as a file."""
    told = answer.rows.select([column.name for column in answer.columns])
    for place, column in enumerate(answer.columns):
        if column.type == "reasons":
            said = [text and reasons_said(text, vocabulary, language) for text in told[column.name].to_pylist()]
            told = told.set_column(place, column.name, pa.array(said, pa.string()))
    return told


_WRITERS: Mapping[str, Callable[[Answer, Vocabulary, str], bytes]] = MappingProxyType(
    {".csv": _csv, ".json": _json, ".parquet": _parquet}
)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _text(value) if isinstance(value, Decimal | date | datetime) else value for name, value in values.items()
    }


def cell_text(value: Any) -> str:
    """A value of an answer as plain text: decimals without zeros at the end, nothing for what is not known."""
    return "" if value is None else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(_short(value), "f")
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _short(number: Decimal) -> Decimal:
    """Without zeros at the end; `normalize` would round to the context's digits."""
    sign, digits, exponent = number.as_tuple()
    kept = list(digits)
    places = int(exponent)
    while places < 0 and len(kept) > 1 and kept[-1] == 0:
        kept.pop()
        places += 1
    return Decimal((sign, tuple(kept), places)) if number else Decimal(0)
