"""Every way out of the package is known: a new one fails here until somebody has said what it can carry.

tests/house/egress.toml is the register. Places that can carry values of records name the walk that runs them with
records for public health alone; tests/story/test_drug_checking.py proves that it does, and that nothing of them leaves.
"""

import ast
import sys
import tomllib
from typing import Any

import pytest

from entente.web.screens import ROUTES
from house.egress import Point, points, points_in
from house.sources import ROOT

REGISTER = ROOT / "tests" / "house" / "egress.toml"
STORY = ROOT / "tests" / "story" / "drug_checking_walks.py"
HOW_TO = (
    "Write it into tests/house/egress.toml: { carries = true, walk = NAME } and run it in that walk of "
    "tests/story/drug_checking_walks.py, or { carries = false, why = REASON }."
)


def register() -> dict[Point, dict[str, Any]]:
    told = tomllib.loads(REGISTER.read_text("utf-8"))
    return {Point(sort, place): entry for sort, places in told.items() for place, entry in places.items()}


def walks() -> set[str]:
    """The names of the walks in the story: `with story.walks.walk(NAME)`."""
    return {
        str(call.args[0].value)
        for call in ast.walk(ast.parse(STORY.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "walk"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_way_out_is_registered() -> None:
    unknown = [f"{point.sort} {point.place}" for point in sorted(points() - register().keys())]
    assert unknown == [], f"New ways out of the package: {', '.join(unknown)}. {HOW_TO}"


def test_every_registered_way_out_exists() -> None:
    vanished = [f"{point.sort} {point.place}" for point in sorted(register().keys() - points())]
    assert vanished == [], f"Gone from the package: {', '.join(vanished)}. Remove them from tests/house/egress.toml."


@pytest.mark.parametrize(("point", "entry"), register().items(), ids=lambda part: getattr(part, "place", ""))
def test_an_entry_names_its_walk_or_its_reason(point: Point, entry: dict[str, Any]) -> None:
    assert set(entry) == ({"carries", "walk"} if entry["carries"] else {"carries", "why"})
    assert entry["carries"] is False or entry["walk"] in walks(), f"{STORY.name} has no walk `{entry['walk']}`"
    assert len(entry.get("why", "a reason")) > 3


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("cli/x.py", "@app.command()\ndef spill(): out('x')", "verb cli/x.py:spill"),
        ("cli/x.py", "@app.callback(invoke_without_command=True)\ndef spill(): pass", "verb cli/x.py:spill"),
        ("api/x.py", "@app.get('/all')\ndef f(): pass", "route api/x.py:/all"),
        ("api/x.py", "@app.get(ALL)\ndef f(): pass", "route api/x.py:ALL"),
        ("web/x.py", "app.add_api_route('/all', f)", "route web/x.py:/all"),
        ("web/x.py", "app.add_api_route(route.path, f)", "route web/x.py:?"),
        ("web/x.py", "ROUTES = (get('/all', f, needs='read-own'),)", "route web/x.py:/all"),
        ("web/x.py", "ROUTES = (post(ALL, f),)", "route web/x.py:ALL"),
        ("node/x.py", "def f(o): o.disclose(found, mask)", "message node/x.py:f"),
        ("node/x.py", "def f(): seal(message, body, key)", "message node/x.py:f"),
        ("node/x.py", "class A:\n def f(self): self.tx.requeue(p, [1])", "message node/x.py:A.f"),
        ("node/x.py", "def f(p): p.write_bytes(b'')", "file node/x.py:f"),
        ("node/x.py", "def f(p):\n with p.open('w') as s: s.write('x')", "file node/x.py:f"),
        ("node/x.py", "def f(p): open(p, mode='ab')", "file node/x.py:f"),
        ("node/x.py", "def f(p, how): open(p, how)", "file node/x.py:f"),
        ("node/x.py", "def f(c): c.execute('VACUUM INTO ?')", "file node/x.py:f"),
        ("node/x.py", "def f(): shutil.copytree(a, b)", "file node/x.py:f"),
        ("node/x.py", "def f(s): csv.writer(s)", "form node/x.py:f"),
        ("node/x.py", "def f(): print('x')", "screen node/x.py:f"),
        ("node/x.py", "def f(): sys.stdout.buffer", "screen node/x.py:f"),
        ("node/x.py", "def f(): log.warning('%s', record)", "log node/x.py:f"),
        ("node/x.py", "def f(): make_leaf(a, b)", "ledger node/x.py:f"),
        ("node/x.py", "import smtplib", "library node/x.py:smtplib"),
        ("node/x.py", "def f():\n from urllib.request import urlopen", "library node/x.py:urllib.request"),
    ],
)
def test_the_scan_sees_every_kind_of_way_out(path: str, source: str, found: str) -> None:
    assert found in {f"{point.sort} {point.place}" for point in points_in(path, ast.parse(source))}


@pytest.mark.parametrize(
    "source",
    [
        "def f(p):\n with p.open('rb') as s: return s.read()",
        "def f(p): return open(p).read()",
        "def f(work): work.write('kept', subject, facts)",
        "from urllib.parse import urlsplit",
        "def f(row): return replace(row, state='done')",
    ],
)
def test_reading_and_the_ledger_of_the_node_are_no_way_out(source: str) -> None:
    assert list(points_in("node/x.py", ast.parse(source))) == []


@pytest.mark.parametrize("source", ["visit.query.get('back', '/')", "LABELS.get(code)", "visit.form.get(name, '')"])
def test_looking_something_up_is_no_route(source: str) -> None:
    assert list(points_in("web/x.py", ast.parse(source))) == []


def test_the_scan_sees_every_route_of_the_table() -> None:
    written = {_written(*point.place.partition(":")[::2]) for point in points() if point.sort == "route"}
    assert [f"{route.method} {route.path}" for route in ROUTES if route.path not in written] == []


def _written(file: str, path: str) -> str:
    """The path itself, where the source gives its name."""
    module = sys.modules.get("entente." + file.removesuffix(".py").replace("/", "."))
    return path if path.startswith("/") else str(getattr(module, path, ""))
