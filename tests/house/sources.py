"""What the tests of the house look at: the package's files, their syntax trees, and what git tracks."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "entente"


@cache
def package_files() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def rooms() -> tuple[Path, ...]:
    return tuple(sorted(path.parent for path in PACKAGE.glob("*/__init__.py")))


def name(path: Path) -> str:
    """The path as people write it: from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def called(call: ast.Call) -> str:
    """The last name of what is called: `say` for `book.say(...)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in package_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                yield path, node


@cache
def tracked_files() -> tuple[Path, ...]:
    """The files git tracks here; skips where the sources did not come as a git clone."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git clone, so nobody can say which files are tracked")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for path in (ROOT / line for line in listed.split("\0") if line) if path.is_file())


def text_of(path: Path) -> str | None:
    """The text of a tracked file, or None where it is not text."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None
