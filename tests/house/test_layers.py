"""The plan of the house is a test: each contract of pyproject.toml holds, and each one is able to fail.

A fixture is one forbidden import, added to the import graph of the real house; import-linter must then report exactly
the contract it was written for. One broken house is also written to disk and given to what `make lint` runs.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter.application.use_cases import read_user_options
from importlinter.application.user_options import UserOptions
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.domain.contract import Contract

from house.sources import PACKAGE, ROOT

CONTRACT_TYPES: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
}

# contract id -> imports, one of which is enough to break it
FIXTURES: dict[str, tuple[tuple[str, str], ...]] = {
    "storeys": (
        ("entente.api", "entente.cli"),
        ("entente.node", "entente.simulation"),
        ("entente.account", "entente.node"),
        ("entente.store", "entente.account"),
        ("entente.analysis", "entente.store"),
        ("entente.agreements", "entente.ledger"),
        ("entente.records.kinds", "entente.agreements"),
        ("entente.vocabulary.units", "entente.records.record"),
        # never through a wall
        ("entente.simulation", "entente.web"),
        ("entente.simulation", "entente.api"),
        ("entente.web", "entente.api"),
        ("entente.store", "entente.workstreams"),
        ("entente.workstreams", "entente.store"),
        ("entente.analysis", "entente.matching"),
        ("entente.analysis", "entente.ledger"),
        ("entente.ledger", "entente.exchange"),
        ("entente.signing.digests", "entente.vocabulary"),
        ("entente.vocabulary.terms", "entente.signing"),
        ("entente.errors", "entente.vocabulary.languages"),
        # every room stands in the plan
        ("entente.attic", "entente.errors"),
    ),
    "workstreams-apart": (("entente.workstreams.attic", "entente.workstreams.seizures"),),
    "workstreams-no-exchange": (("entente.workstreams", "entente.exchange"),),
    "exchange-names-no-record": (("entente.exchange", "entente.records.record"),),
    "doors-open-no-store": (("entente.web", "entente.store"), ("entente.api", "entente.store.rows")),
    "pure-storeys": (
        ("entente.vocabulary.terms", "httpx"),
        ("entente.signing.keys", "socket"),
        ("entente.records.reading", "duckdb"),
        ("entente.agreements", "sqlalchemy"),
        ("entente.ledger", "sqlite3"),
        ("entente.exchange", "fastapi"),
        ("entente.matching", "psycopg"),
    ),
    "keys-in-signing": (
        ("entente.records.record", "cryptography"),
        ("entente.ledger", "cryptography"),
        ("entente.node", "http_message_signatures"),
    ),
    "database-in-store": (("entente.node", "sqlite3"), ("entente.web", "psycopg"), ("entente.analysis", "sqlalchemy")),
    "doors-above": (("entente.node", "fastapi"), ("entente.store", "rich"), ("entente.workstreams", "typer")),
}


@pytest.fixture(scope="module")
def plan() -> UserOptions:
    configure()
    return read_user_options(config_filename=str(ROOT / "pyproject.toml"))


@pytest.fixture(scope="module")
def house() -> grimp.ImportGraph:
    return grimp.build_graph("entente", include_external_packages=True, cache_dir=None)


def broken(plan: UserOptions, graph: grimp.ImportGraph) -> Iterator[str]:
    for options in plan.contracts_options:
        contract = CONTRACT_TYPES[options["type"]](options["name"], plan.session_options, options)
        if not contract.check(deepcopy(graph), verbose=False).kept:
            yield options["id"]


def with_import(house: grimp.ImportGraph, importer: str, imported: str) -> grimp.ImportGraph:
    graph = deepcopy(house)
    for module in (importer, imported):
        if module not in graph.modules:
            graph.add_module(module, is_squashed=not module.startswith("entente"))
    graph.add_import(importer=importer, imported=imported)
    return graph


def test_the_house_keeps_every_contract(plan: UserOptions, house: grimp.ImportGraph) -> None:
    assert list(broken(plan, house)) == []


def test_every_contract_has_a_fixture_that_breaks_it(plan: UserOptions) -> None:
    assert FIXTURES.keys() == {options["id"] for options in plan.contracts_options}


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [(contract, *broken_by) for contract, imports in FIXTURES.items() for broken_by in imports],
)
def test_one_forbidden_import_breaks_exactly_its_contract(
    plan: UserOptions, house: grimp.ImportGraph, contract: str, importer: str, imported: str
) -> None:
    assert list(broken(plan, with_import(house, importer, imported))) == [contract]


def test_the_command_finds_an_import_hidden_in_a_function(tmp_path: Path) -> None:
    """What `make lint` runs sees late imports too, and names the contract."""
    shutil.copytree(PACKAGE, tmp_path / "entente", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "entente" / "records" / "cells.py").open("a") as file:
        file.write("\n\ndef later() -> None:\n    import entente.agreements\n")

    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint_imports, "--no-logo", "--no-cache", "--config", ROOT / "pyproject.toml"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "entente.records.cells -> entente.agreements" in done.stdout
