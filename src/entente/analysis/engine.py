"""Counting in SQL: DuckDB in memory, fed with Arrow, shut off from files, extensions and the network.

Only what DuckDB 1.5 and 2.0 share is used, and nothing is ever kept in a `.duckdb` file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from entente.errors import InputFault, OurFault


class SumTooLarge(InputFault):
    """A sum does not fit into 38 digits: {why}. Look for a record with an absurd amount, or ask for smaller groups."""


class QueryFailed(OurFault):
    """A question's SQL failed: {why}. Report the defect and name the question; your records are as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Where questions are computed. `threads` bounds the processors used."""

    threads: int = 2

    def ask(self, sql: str, tables: Mapping[str, pa.Table], values: Mapping[str, Any] | None = None) -> pa.Table:
        """The result of `sql`, which sees `tables` by name and `values` as `$name`. Raises SumTooLarge, QueryFailed."""
        import duckdb

        try:
            with duckdb.connect(":memory:", config=self._config()) as connection:
                for name, table in tables.items():
                    connection.register(name, table)
                result: pa.Table = connection.sql(sql, params=dict(values or {})).to_arrow_table()
                return result
        except duckdb.OutOfRangeException as error:
            raise SumTooLarge(why=_first_line(error)) from error
        except duckdb.Error as error:
            raise QueryFailed(why=_first_line(error)) from error

    def _config(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "threads": str(self.threads),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_access": "false",
        }


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
