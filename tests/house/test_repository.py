"""What lies in the repository: a lock for everyone, nothing of one machine, nothing unfinished, nothing heavy."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from house.sources import ROOT, name, text_of, tracked_files

LOCK = ROOT / "requirements.lock"
NODE_LOCK = ROOT / "tools" / "node.lock"
WEB = ROOT / "src" / "entente" / "web"
WEB_LOCK = WEB / "package-lock.json"
OIDC = ROOT / "tests" / "web" / "oidc"
OIDC_LOCK = OIDC / "package-lock.json"
MEBIBYTE = 1 << 20
ASKS_FOR_MONEY = re.compile(r'\s+"url": "[^"]*"$')
"""npm keeps where a package's authors take donations; nothing is fetched from there."""

# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|opt/pypi)/|(?<![\w.])/(?:home|Users)/[a-z]+/|file:" + "///")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|NotImplemented" + r"Error|mark\.xf" + r"ail")


def normalised(requirement: str) -> str:
    """The name of the package in a requirement, as the lock writes it (PEP 503)."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Package -> its entry in the lock."""
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text("utf-8"))
    return {normalised(entry): entry for entry in entries}


@pytest.mark.parametrize(
    "lock", [LOCK, NODE_LOCK, WEB_LOCK, OIDC_LOCK], ids=lambda lock: f"{lock.parent.name}/{lock.name}"
)
def test_a_lock_names_no_registry_and_no_folder(lock: Path) -> None:
    found = [
        line
        for line in lock.read_text("utf-8").splitlines()
        if re.search(r"(https?|file):|--(extra-)?index|--find|\"resolved\"", line) and not ASKS_FOR_MONEY.match(line)
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


@pytest.mark.parametrize("lock", [LOCK, NODE_LOCK], ids=lambda lock: lock.name)
def test_every_package_in_a_lock_has_a_version_and_hashes(lock: Path) -> None:
    loose = [package for package, entry in locked(lock).items() if "==" not in entry or "--hash=sha256:" not in entry]
    assert loose == []


@pytest.mark.parametrize("folder", [WEB, OIDC], ids=lambda folder: folder.name)
def test_every_package_of_npm_has_its_digest_and_what_we_ask_for_one_version(folder: Path) -> None:
    asked = json.loads((folder / "package.json").read_text("utf-8"))
    direct = asked.get("dependencies", {}) | asked["devDependencies"]
    packages: dict[str, dict[str, str]] = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    loose = [name for name, package in packages.items() if name and not package["integrity"].startswith("sha512-")]
    assert loose == []
    assert {name: packages[f"node_modules/{name}"]["version"] for name in direct} == direct


@pytest.mark.parametrize("folder", [WEB, OIDC], ids=lambda folder: folder.name)
def test_npm_runs_no_script_of_a_package_and_writes_no_registry_into_the_lock(folder: Path) -> None:
    settings = (folder / ".npmrc").read_text("utf-8").splitlines()
    assert {"ignore-scripts=true", "omit-lockfile-registry-resolved=true"} <= set(settings)
    assert not any("registry=" in line.replace("registry-resolved=", "") for line in settings)


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
    named = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|--registry")
    for path in (ROOT / "Makefile", ROOT / "tools" / "setup", ROOT / "tools" / "assets", ROOT / ".ci" / "run"):
        assert not named.search(path.read_text("utf-8")), name(path)


@pytest.mark.parametrize("path", [".ci/run", "tools/setup", "tools/assets"])
def test_what_is_run_may_be_run(path: str) -> None:
    assert Path(ROOT / path).stat().st_mode & 0o111
