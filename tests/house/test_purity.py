"""Storeys 1 to 4 read no clock, disk, socket, environment or randomness; time, bytes and salts are arguments.

Import contracts cannot say this, because the standard library is in every room. This test reads the syntax trees.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from house.sources import PACKAGE, name, package_files, tree

PURE_ROOMS = (
    "vocabulary",
    "signing",
    "records",
    "agreements",
    "ledger",
    "exchange",
    "matching",
    "analysis",
)

# Where the design itself makes an exception, with its reason.
EXCEPTIONS = {
    "vocabulary": {"read_bytes", "open", "iterdir"},  # the loader reads the package's own words
    "agreements/models": {"read_bytes", "read_text", "iterdir"},  # so do the shipped model agreements
    "ledger/offline": {"argv", "pathlib", "pathlib.Path", "read_bytes", "stdout", "sys"},  # a script, nobody imports it
    "analysis/engines": {"open", "pathlib", "read_bytes", "read_text", "tempfile", "write_bytes", "os"},
}

# fmt: off
IMPURE_MODULES = {
    "asyncio", "ftplib", "glob", "http.client", "http.server", "logging", "multiprocessing", "os", "pathlib", "random",
    "secrets", "select", "shutil", "signal", "smtplib", "socket", "socketserver", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib.request", "uuid",
}
IMPURE_CALLS = {
    "open", "input", "print", "getenv", "urandom", "now", "utcnow", "today", "time_ns", "monotonic", "perf_counter",
    "token_bytes", "token_hex", "uuid1", "uuid4", "read_text", "read_bytes", "write_text", "write_bytes", "unlink",
    "mkdir", "iterdir", "generate",
}
# fmt: on
IMPURE_NAMES = {"environ", "argv", "stdin", "stdout", "stderr"}


def impurities(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of everything in `module` that reaches outside its arguments."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if _is_impure(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            yield from ((node.lineno, found) for found in names if _is_impure(found))
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in IMPURE_CALLS:
                yield node.lineno, called
        elif isinstance(node, ast.Attribute) and node.attr in IMPURE_NAMES:
            yield node.lineno, node.attr


def _is_impure(module: str) -> bool:
    return module in IMPURE_MODULES or module.partition(".")[0] in IMPURE_MODULES


def allowed(path: Path) -> set[str]:
    inside = path.relative_to(PACKAGE).as_posix()
    return {found for room, names in EXCEPTIONS.items() if inside.startswith(room) for found in names}


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_pure_room_reaches_for_nothing_outside_its_arguments(room: str) -> None:
    found = [
        f"{name(path)}:{line}: {what}"
        for path in package_files()
        if path.is_relative_to(PACKAGE / room)
        for line, what in impurities(tree(path))
        if what not in allowed(path)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "from time import perf_counter",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "from datetime import date\ndate.today()",
        "open('/etc/passwd')",
        "from pathlib import Path",
        "file.read_text()",
        "import os",
        "import os.path",
        "import secrets",
        "from random import Random",
        "import socket",
        "from urllib.request import urlopen",
        "from urllib import request",
        "from http import client",
        "Ed25519PrivateKey.generate()",
        "house.environ['HOME']",
        "print('hello')",
    ],
)
def test_the_check_sees_what_it_must_see(source: str) -> None:
    assert list(impurities(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime, timedelta\ndatetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=60)",
        "from urllib.parse import urlsplit\nurlsplit('https://a.example/b')",
        "from http import HTTPStatus",
        "from importlib.resources import files",
        "def check(now, salt, data): return data",
    ],
)
def test_the_check_leaves_pure_code_alone(source: str) -> None:
    assert list(impurities(ast.parse(source))) == []
