"""CI fails when a full run collected no PostgreSQL test, and only then."""

from pathlib import Path

import pytest

pytest_plugins = "pytester"

PLAIN = "def test_plain() -> None: pass\n"
MARKED = "import pytest\n@pytest.mark.postgres\n" + PLAIN


@pytest.mark.parametrize(
    ("tests", "arguments", "ci", "code"),
    [
        (PLAIN, [], "true", pytest.ExitCode.USAGE_ERROR),
        (PLAIN, ["tests"], "true", pytest.ExitCode.USAGE_ERROR),
        (MARKED, [], "true", pytest.ExitCode.OK),
        (PLAIN, [], "", pytest.ExitCode.OK),
        (PLAIN, ["tests/test_it.py"], "true", pytest.ExitCode.OK),
        (PLAIN, ["-k", "plain"], "true", pytest.ExitCode.OK),
    ],
    ids=["no test", "no test in the folder", "a test", "not in CI", "one file", "some tests"],
)
def test_a_full_run_in_ci_needs_postgres_tests(
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
    pytester.makeini("[pytest]\ntestpaths = tests\nmarkers = postgres\n")
    monkeypatch.setenv("CI", ci)
    assert pytester.runpytest_inprocess(*arguments).ret == code
