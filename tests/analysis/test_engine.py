"""The engine counts what it is given and can reach nothing else."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from entente.analysis import Engine, QueryFailed, SumTooLarge

NUMBERS = pa.table({"n": [1, 2, 3]})


def test_tables_are_seen_by_name_and_values_by_parameter() -> None:
    result = Engine().ask("SELECT n FROM numbers WHERE n > $least ORDER BY n", {"numbers": NUMBERS}, {"least": 1})
    assert result.to_pylist() == [{"n": 2}, {"n": 3}]


def test_a_value_is_never_sql() -> None:
    text = "x' OR '1'='1"
    assert Engine().ask("SELECT $text AS t", {}, {"text": text}).to_pylist() == [{"t": text}]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_number_of_threads_is_set(threads: int) -> None:
    sql = "SELECT current_setting('threads')::INTEGER AS threads"
    assert Engine(threads=threads).ask(sql, {}).to_pylist() == [{"threads": threads}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "COPY (SELECT 1) TO '{file}.out'",
        "ATTACH '{file}.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
        "SET enable_external_access = true",
    ],
)
def test_files_extensions_and_the_network_are_out_of_reach(sql: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n", "utf-8")
    with pytest.raises(QueryFailed):
        Engine().ask(sql.format(file=file), {})
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_a_variable_of_the_program_is_not_a_table() -> None:
    hidden = pa.table({"a": [1]})
    with pytest.raises(QueryFailed):
        Engine().ask("SELECT * FROM hidden", {})
    assert hidden.num_rows == 1


def test_a_sum_that_leaves_38_digits_is_refused_and_not_wrapped() -> None:
    huge = pa.table({"m": pa.array([Decimal("9e19"), Decimal("9e19")], pa.decimal128(38, 18))})
    with pytest.raises(SumTooLarge):
        Engine().ask("SELECT sum(m) FROM huge", {"huge": huge})


def test_a_mistake_in_sql_is_our_fault_and_is_said_on_one_line() -> None:
    with pytest.raises(QueryFailed) as caught:
        Engine().ask("SELEKT 1", {})
    assert caught.value.exit_code == 8
    assert "\n" not in str(caught.value)
