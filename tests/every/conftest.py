"""Every store: a database of each engine, empty, and gone afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.store import Store, open_store
from every.databases import postgres_schema


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a store."""
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'node.db'}"
    else:
        with postgres_schema() as address:
            yield address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A new, empty store."""
    opened = open_store(url, wait_s=20)
    opened.migrate()
    yield opened
    opened.close()
