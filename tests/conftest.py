"""In CI, a full run that collected no test of PostgreSQL or of a browser fails: what is missing must never look like
success."""

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NEEDED = {"postgres": "tests/every", "browser": "tests/web"}
"""Marks, and where tests with them are."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    selected = config.option.keyword or config.option.markexpr or config.option.deselect
    is_full = not selected and {Path(argument).resolve() for argument in config.args} <= {TESTS, TESTS.parent}
    if os.environ.get("CI") != "true" or not is_full:
        return
    for mark, folder in NEEDED.items():
        if not any(item.get_closest_marker(mark) for item in items):
            raise pytest.UsageError(f"CI collected no test that is marked {mark}. Add {folder} to what is collected.")
