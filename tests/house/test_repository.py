"""What lies in the repository: a lock for everyone, nothing of one machine, nothing unfinished, nothing heavy."""

import re
import tomllib
from pathlib import Path

import pytest

from house.sources import ROOT, name, text_of, tracked_files

LOCK = ROOT / "requirements.lock"
MEBIBYTE = 1 << 20

# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|opt/pypi)/|(?<![\w.])/(?:home|Users)/[a-z]+/|file:" + "///")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|NotImplemented" + r"Error|mark\.xf" + r"ail")


def normalised(requirement: str) -> str:
    """The name of the package in a requirement, as the lock writes it (PEP 503)."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def locked() -> dict[str, str]:
    """Package -> its entry in the lock."""
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.read_text("utf-8"))
    return {normalised(entry): entry for entry in entries}


def test_the_lock_names_no_registry_and_no_folder() -> None:
    found = [
        line
        for line in LOCK.read_text("utf-8").splitlines()
        if re.search(r"(https?|file):|--(extra-)?index|--find", line)
    ]
    assert found == []


def test_the_lock_has_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    direct = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    assert {normalised(requirement) for requirement in direct} <= locked().keys()


def test_every_package_in_the_lock_has_a_version_and_hashes() -> None:
    loose = [package for package, entry in locked().items() if "==" not in entry or "--hash=sha256:" not in entry]
    assert loose == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED) == []


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in tracked_files()
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_tracked_file_is_heavy() -> None:
    heavy = [name(path) for path in tracked_files() if path.stat().st_size > MEBIBYTE]
    assert heavy == []


def test_the_readme_begins_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_the_makefile_and_the_lock_make_the_same_environment_for_everyone() -> None:
    """Neither may send anybody to a particular package registry."""
    for path in (ROOT / "Makefile", ROOT / "tools" / "setup", ROOT / ".ci" / "run"):
        assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", path.read_text("utf-8")), name(
            path
        )


@pytest.mark.parametrize("path", [".ci/run", "tools/setup"])
def test_what_is_run_may_be_run(path: str) -> None:
    assert Path(ROOT / path).stat().st_mode & 0o111
