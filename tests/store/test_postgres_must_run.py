"""CI fails when a full run collected no PostgreSQL test or no browser test, and only then."""

from pathlib import Path

import pytest

pytest_plugins = "pytester"

PLAIN = "def test_plain() -> None: pass\n"
POSTGRES, BROWSER = (f"import pytest\n@pytest.mark.{mark}\n" + PLAIN for mark in ("postgres", "browser"))
MARKED = POSTGRES + BROWSER.replace("test_plain", "test_page")


@pytest.mark.parametrize(
    ("tests", "arguments", "ci", "code"),
    [
        (PLAIN, [], "true", pytest.ExitCode.USAGE_ERROR),
        (PLAIN, ["tests"], "true", pytest.ExitCode.USAGE_ERROR),
        (POSTGRES, [], "true", pytest.ExitCode.USAGE_ERROR),
        (BROWSER, [], "true", pytest.ExitCode.USAGE_ERROR),
        (MARKED, [], "true", pytest.ExitCode.OK),
        (PLAIN, [], "", pytest.ExitCode.OK),
        (PLAIN, ["tests/test_it.py"], "true", pytest.ExitCode.OK),
        (PLAIN, ["-k", "plain"], "true", pytest.ExitCode.OK),
    ],
    ids=[
        "no test",
        "no test in the folder",
        "no browser",
        "no database",
        "both",
        "not in CI",
        "one file",
        "some tests",
    ],
)
def test_a_full_run_in_ci_needs_tests_of_postgres_and_browser(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    tests: str,
    arguments: list[str],
    ci: str,
    code: pytest.ExitCode,
) -> None:
    folder = pytester.mkdir("tests")
    (folder / "conftest.py").write_text((Path(__file__).parents[1] / "conftest.py").read_text("utf-8"), "utf-8")
    (folder / "test_it.py").write_text(tests)
    pytester.makeini("[pytest]\ntestpaths = tests\nmarkers =\n  postgres\n  browser\n")
    monkeypatch.setenv("CI", ci)
    assert pytester.runpytest_inprocess(*arguments).ret == code
