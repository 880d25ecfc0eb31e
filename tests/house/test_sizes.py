"""A file fits in a head and a function on a screen; rooms are called what they are and say what they know."""

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

from house.sources import PACKAGE, name, package_files, rooms, tree

VAGUE_NAMES = {"base", "common", "core", "helper", "helpers", "misc", "util", "utils"}

LINES_WALL = 500
LINES_NINE_IN_TEN = 300
LINES_MEDIAN = 150
FUNCTION_WALL = 60
FUNCTION_NINE_IN_TEN = 30


def lines_by_file() -> dict[str, int]:
    """Lines of every file of the package but the doors to rooms that are still empty."""
    sizes = {name(path): len(path.read_text("utf-8").splitlines()) for path in package_files()}
    return {path: lines for path, lines in sizes.items() if lines > 10 or not path.endswith("__init__.py")}


def lines_by_function() -> dict[str, int]:
    return {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def ninth_decile(sizes: dict[str, int]) -> float:
    return quantiles(sizes.values(), n=10)[-1]


def above(sizes: dict[str, int], limit: int) -> list[tuple[int, str]]:
    return sorted(((lines, where) for where, lines in sizes.items() if lines > limit), reverse=True)


def test_files_are_short() -> None:
    sizes = lines_by_file()
    assert above(sizes, LINES_WALL) == []
    assert ninth_decile(sizes) <= LINES_NINE_IN_TEN, above(sizes, LINES_NINE_IN_TEN)
    assert median(sizes.values()) <= LINES_MEDIAN, f"median file: {median(sizes.values())} lines"


def test_functions_are_short() -> None:
    sizes = lines_by_function()
    assert above(sizes, FUNCTION_WALL) == []
    assert ninth_decile(sizes) <= FUNCTION_NINE_IN_TEN, above(sizes, FUNCTION_NINE_IN_TEN)


def test_nothing_is_called_by_a_vague_name() -> None:
    found = [name(path) for path in PACKAGE.rglob("*") if path.stem in VAGUE_NAMES]
    assert found == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_says_what_it_knows_and_what_it_refuses_to_know(room: Path) -> None:
    docstring = ast.get_docstring(tree(room / "__init__.py")) or ""
    assert "Knows " in docstring
    assert "Refuses " in docstring
    assert len(docstring.splitlines()) <= 10


def test_every_module_says_what_it_is_for() -> None:
    silent = [name(path) for path in package_files() if not ast.get_docstring(tree(path))]
    assert silent == []
