"""A bar for verbs that go through many rows; silent where nobody looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def rows_bar() -> Iterator[Callable[[str, int], None]]:
    """What tells the bar the table and how many of its rows are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)

        def show(table: str, rows: int) -> None:
            bar.update(task, description=table, completed=rows)

        yield show
