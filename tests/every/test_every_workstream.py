"""What is true of every workstream: its words, its examples, its questions, its page, its walls."""

import ast
import io
import json
import tomllib
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from entente.analysis import (
    Answer,
    Figure,
    Question,
    Table,
    answer_json,
    describe,
    joined,
    parse_parameters,
    records_table,
    run_question,
    written,
)
from entente.records import Fault, Kind, Reader, Record, Stamp, problems, read, values_from_json, values_to_json
from entente.records.faults import why_unsayable
from entente.signing import digest
from entente.vocabulary import LANGUAGES
from entente.workstreams import ALL, Workstream, build_catalogue, words_of

CATALOGUE = build_catalogue(ALL)
WORDS = CATALOGUE.vocabulary
STAMP = Stamp(said_by="us.cbp", recorded_at=datetime(2026, 11, 1, tzinfo=UTC), id_key=b"k" * 32, is_simulated=False)

KINDS = [kind for workstream in ALL for kind in workstream.kinds]
READERS = {reader.name: reader for workstream in ALL for reader in workstream.readers}
QUESTIONS = {question.name: question for workstream in ALL for question in workstream.questions}
FIGURES = [figure for workstream in ALL for figure in workstream.figures]


def by_name(thing: object) -> str:
    return str(getattr(thing, "name", thing))


def folder(workstream: Workstream) -> Path:
    return Path(str(workstream.folder))


def modules(workstream: Workstream) -> list[Path]:
    return sorted(folder(workstream).rglob("*.py"))


def examples(workstream: Workstream, ending: str) -> list[Path]:
    return sorted((folder(workstream) / "examples").glob(f"*{ending}"))


def outcomes(data: bytes, name: str, reader: Reader) -> list[Record | Fault]:
    place = {"source": name, "source_digest": digest(data)}
    return list(read(io.BytesIO(data), reader=reader, catalogue=CATALOGUE, stamp=STAMP, **place))


def table(file: Path, reader: Reader) -> Table:
    records = [item for item in outcomes(file.read_bytes(), file.name, reader) if isinstance(item, Record)]
    return records_table(CATALOGUE.kind(reader.kind), records)


def cases(workstream: Workstream) -> list[dict[str, Any]]:
    path = folder(workstream) / "examples" / "answers.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["case"] if path.exists() else []
    return found


CASES = [(workstream, case) for workstream in ALL for case in cases(workstream)]


def answer_to(workstream: Workstream, case: dict[str, Any]) -> Answer:
    tables: dict[str, list[Table]] = {}
    for part in case["tables"]:
        file = folder(workstream) / "examples" / part["file"]
        tables.setdefault(part["kind"], []).append(table(file, READERS[part["reader"]]))
    question = QUESTIONS[case["question"]]
    arguments = parse_parameters(question, case["set"], WORDS)
    return run_question(question, {kind: joined(parts) for kind, parts in tables.items()}, arguments)


# Words


@pytest.mark.parametrize("kind", KINDS, ids=by_name)
def test_a_kind_and_each_of_its_fields_has_a_word(kind: Kind) -> None:
    WORDS.list("kind").term(kind.name)
    for field in kind.fields:
        WORDS.list("field").term(f"{kind.name}.{field.name}")


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_a_workstream_has_a_word_and_only_words_of_things_that_exist(workstream: Workstream) -> None:
    words = words_of(workstream)
    assert set(words.list("workstream").terms) == {workstream.name}
    assert set(words.list("kind").terms) == {kind.name for kind in workstream.kinds}
    fields = {f"{kind.name}.{field.name}" for kind in workstream.kinds for field in kind.fields}
    assert set(words.list("field").terms) == fields
    questions = {question.name for question in workstream.questions}
    assert set(words.lists["question"].terms if "question" in words.lists else ()) == questions


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_every_word_is_said_in_three_languages(workstream: Workstream) -> None:
    for code_list in words_of(workstream).lists.values():
        for term in code_list.terms.values():
            assert all(term.labels[language].strip() for language in LANGUAGES), f"{code_list.name}.{term.code}"


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_every_mapping_keeps_the_version_that_its_readers_write_down(workstream: Workstream) -> None:
    """A reader that maps no names has no version: it leaves `mapping_version` out."""
    versions = {mapping.version for mapping in words_of(workstream).mappings.values()}
    for reader in workstream.readers:
        told = reader.mapping_version
        assert told in versions | {""}, f"{reader.name} writes down the mapping version {told}, which no mapping has"


def test_every_measure_of_a_finding_has_a_sentence() -> None:
    """Without one a finding would be shown to a supervisor as a bare code."""
    assert set(WORDS.list("measure").terms) <= set(WORDS.list("finding-sentence").terms)


# Kinds and examples


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_the_kinds_of_a_workstream_are_its_own(workstream: Workstream) -> None:
    assert workstream.kinds
    assert all(kind.workstream == workstream.name for kind in workstream.kinds)


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_the_example_records_are_records_and_survive_their_text_form(workstream: Workstream) -> None:
    shown = json.loads((folder(workstream) / "examples" / "records.json").read_text("utf-8"))
    for example in shown:
        kind = CATALOGUE.kind(example["kind"])
        values = values_from_json(kind, example["values"])
        assert problems(kind, values, WORDS) == []
        assert values_to_json(values) == example["values"]
    assert {example["kind"] for example in shown} == {kind.name for kind in workstream.kinds}


@pytest.mark.parametrize("reader", READERS.values(), ids=by_name)
def test_a_reader_keeps_every_row_of_its_examples(reader: Reader) -> None:
    tables = [file for one in ALL for file in examples(one, ".csv") if file.name.partition(".")[0] == reader.name]
    assert tables, f"there is no examples/{reader.name}.csv"
    for file in tables:
        found = outcomes(file.read_bytes(), file.name, reader)
        assert [item for item in found if isinstance(item, Fault)] == []
        kind = CATALOGUE.kind(reader.kind)
        for item in found:
            assert isinstance(item, Record)
            assert Record.from_json(item.to_json(), kind) == item
        assert len(found) == len(file.read_text("utf-8").splitlines()) - 1


@pytest.mark.parametrize("reader", READERS.values(), ids=by_name)
def test_a_reader_makes_a_fault_of_every_cell_that_is_spoilt(reader: Reader) -> None:
    """No spoilt cell passes silently where the kind needs a code, a number or a date, and none ends the file."""
    tables = [file for one in ALL for file in examples(one, ".csv") if file.name == f"{reader.name}.csv"]
    assert tables, f"there is no examples/{reader.name}.csv"
    header, row, *_ = tables[0].read_text("utf-8").splitlines()
    cells = row.split(",")
    for place, cell in enumerate(cells):
        if cell:
            spoilt = ",".join([*cells[:place], "\u2603", *cells[place + 1 :]])
            found = outcomes(f"{header}\n{spoilt}\n{row}".encode(), "spoilt.csv", reader)
            assert len(found) == 2
            kept = [item for item in found if isinstance(item, Record)]
            assert kept, "the good row is kept"
            for fault in (item for item in found if isinstance(item, Fault)):
                assert fault.reason()
                assert fault.cure()
                assert fault.code != "reader-defect", fault.reason()
            if len(kept) == 2:
                texts = [field.name for field in CATALOGUE.kind(reader.kind).fields if field.type == "text"]
                assert "\u2603" in [kept[0].values.get(name) for name in texts]


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_every_fault_that_its_readers_report_can_be_said(workstream: Workstream) -> None:
    """Also those that no spoilt cell of the examples calls up."""
    for path in modules(workstream):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CellFault":
                code = ast.literal_eval(node.args[1])
                why = why_unsayable(code, [keyword.arg for keyword in node.keywords if keyword.arg])
                assert why is None, f"{path.name}:{node.lineno}: {code}: {why}"


# Questions


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=by_name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_says_what_it_needs_takes_and_does(question: Question, language: str) -> None:
    card = describe(question, WORDS, language)
    assert card.title
    assert card.help.endswith(".")
    assert card.method.endswith(".")
    assert set(card.needs) <= set(CATALOGUE.kinds)
    assert card.needs
    for parameter in card.parameters:
        assert parameter.help
        assert parameter.allowed or parameter.type not in ("code", "codes")
        if parameter.allowed and parameter.default:
            assert set(parameter.default.split(",")) <= set(parameter.allowed)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=by_name)
def test_a_question_is_named_after_its_workstream_and_words_of_no_other_parameter_are_left(question: Question) -> None:
    workstream = next(one for one in ALL if question in one.questions)
    assert question.name.partition(".")[0] == workstream.name
    said = {code for code in WORDS.list("parameter").terms if code.startswith(question.name + ".")}
    assert said == {f"{question.name}.{parameter.name}" for parameter in question.parameters}


@pytest.mark.parametrize(("workstream", "case"), CASES, ids=lambda part: part["says"] if isinstance(part, dict) else "")
def test_golden_answers(workstream: Workstream, case: dict[str, Any]) -> None:
    answer = answer_to(workstream, case)
    assert written(answer, ".csv", WORDS).decode() == case["answer"].lstrip("\n")
    assert list(answer.cautions) == case["cautions"]


@pytest.mark.parametrize(("workstream", "case"), CASES, ids=lambda part: part["says"] if isinstance(part, dict) else "")
def test_an_answer_explains_itself(workstream: Workstream, case: dict[str, Any]) -> None:
    """Every column, denominator and caution has a word; what it rests on is named; JSON holds all of it."""
    answer = answer_to(workstream, case)
    told = [name for name in answer.rows.column_names if not name.startswith("_")]  # the others are the system's
    assert [column.name for column in answer.columns] == told
    for column in answer.columns:
        WORDS.list("column").term(column.name)
        if column.vocabulary is not None:
            shown = set(answer.rows[column.name].to_pylist()) - {None}
            assert shown <= set(WORDS.list(column.vocabulary).terms)
    for denominator in answer.denominators:
        WORDS.list("denominator").term(denominator.name)
        assert denominator.of is None or 0 <= denominator.value <= denominator.of
    for caution in answer.cautions:
        WORDS.list("caution").term(caution)
    assert answer.denominators
    assert {part.source for part in answer.provenance.contributions} <= {part["file"] for part in case["tables"]}
    for language in LANGUAGES:
        assert json.loads(json.dumps(answer_json(answer, WORDS, language)))["method"]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=by_name)
def test_a_question_has_a_golden_answer_and_answers_an_empty_table(question: Question) -> None:
    assert any(case["question"] == question.name for _, case in CASES), "no case in any examples/answers.toml"
    if not question.takes_versions:
        tables = {kind: records_table(CATALOGUE.kind(kind), []) for kind in question.needs}
        answer = run_question(question, tables, parse_parameters(question, [], WORDS))
        assert answer.rows.num_rows == 0
        assert answer.provenance.contributions == ()


@pytest.mark.parametrize("figure", FIGURES, ids=by_name)
def test_a_figure_names_columns_of_its_questions_answer(figure: Figure) -> None:
    question = QUESTIONS[figure.question]
    tables = {kind: records_table(CATALOGUE.kind(kind), []) for kind in question.needs}
    answer = run_question(question, tables, parse_parameters(question, figure.settings, WORDS))
    named = {figure.value, figure.denominator, figure.baseline, figure.baseline_size}
    assert named <= {column.name for column in answer.columns}
    WORDS.list("figure").term(figure.name)


# Shape and walls


def test_every_folder_of_a_workstream_is_in_all() -> None:
    """One that was forgotten there would be in no catalogue, and no test would look at it."""
    rooms = Path(str(files("entente.workstreams"))).glob("*/__init__.py")
    assert {room.parent.name for room in rooms} == {workstream.name for workstream in ALL}


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_a_workstream_has_a_page_for_an_officer(workstream: Workstream) -> None:
    page = (folder(workstream) / "README.md").read_text("utf-8")
    assert page.startswith("# ")
    assert "must not be used for" in page
    named = [*(question.name for question in workstream.questions), *(reader.name for reader in workstream.readers)]
    assert [name for name in named if name not in page] == []


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_a_workstream_is_named_like_its_folder_and_says_what_it_serves(workstream: Workstream) -> None:
    door = folder(workstream) / "__init__.py"
    assert folder(workstream).name == workstream.name
    assert len(door.read_text("utf-8").splitlines()) <= 40
    assert "Serves " in (ast.get_docstring(ast.parse(door.read_text("utf-8"))) or "")


@pytest.mark.parametrize("workstream", ALL, ids=by_name)
def test_a_workstream_imports_only_what_lies_below_it_and_no_other_workstream(workstream: Workstream) -> None:
    below = {"analysis", "matching", "agreements", "records", "vocabulary", "signing", "errors"}
    own = {"entente.workstreams.shape", f"entente.workstreams.{workstream.name}"}
    for path in modules(workstream):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if name.split(".")[0] == "entente":
                    is_own = any(name == one or name.startswith(one + ".") for one in own)
                    assert is_own or name.split(".")[1] in below, f"{path.name} imports {name}"


def test_no_explanation_is_copied() -> None:
    """A docstring that stands twice explains one of the two wrongly."""
    found = Counter(
        docstring
        for workstream in ALL
        for path in modules(workstream)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and (docstring := ast.get_docstring(node)) is not None
    )
    assert [docstring for docstring, times in found.items() if times > 1] == []


def test_names_are_given_once() -> None:
    for names in (
        [workstream.name for workstream in ALL],
        [kind.name for kind in KINDS],
        [reader.name for workstream in ALL for reader in workstream.readers],
        [question.name for workstream in ALL for question in workstream.questions],
        [figure.name for figure in FIGURES],
    ):
        assert len(set(names)) == len(names)
