"""In CI, a full run that collected no PostgreSQL test fails: a missing server must never look like success."""

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    selected = config.option.keyword or config.option.markexpr or config.option.deselect
    is_full = not selected and {Path(argument).resolve() for argument in config.args} <= {TESTS, TESTS.parent}
    if os.environ.get("CI") == "true" and is_full and not any(item.get_closest_marker("postgres") for item in items):
        raise pytest.UsageError("CI collected no test that is marked postgres. Add tests/every to what is collected.")
