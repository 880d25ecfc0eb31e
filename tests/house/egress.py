"""Every place in the package where something can leave it, found in the syntax trees: by sort, as `path:function`.

The sorts are what an attacker would think of. A verb is one command; what it prints needs no entry of its own, for a
walk calls the verb. A file that a network or process library is imported into is an entry of the sort `library`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from house.sources import PACKAGE, package_files, tree


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES: Mapping[str, frozenset[str]] = {
    # what makes, seals, queues or signs bytes for a partner
    "message": _words(
        "Outgoing message_for seal make_batch queue requeue requeue_unsettled replace_sealed emptied disclose"
        " sign_request sign_response sign_receipt answer_to ask_about take_in answer_comparison problem_of"
    ),
    # what the published ledger is made of, and what goes into its leaves
    "ledger": _words("make_leaf log_files sign_checkpoint published publish"),
    # what puts bytes on a disk
    "file": _words(
        "write_bytes write_text writelines copytree copy copy2 copyfile copyfileobj move backup link symlink_to"
        " hardlink_to fdopen NamedTemporaryFile mkstemp write_table write_csv to_csv to_parquet"
    ),
    # what turns values into text or rows for somebody else
    "form": _words("writer DictWriter dump dumps written answer_json pickle"),
    # what a person sees outside the verbs' own `out`
    "screen": _words("print echo secho Console Progress"),
}
LOG_LEVELS = _words("debug info warning error exception critical log")
HTTP_WORDS = _words("get post put patch delete head options")
ROUTES = HTTP_WORDS | _words("route websocket add_api_route PartnerEndpoint mount")
DOORS = ("api/", "web/")
LIBRARIES = _words(
    "socket httpx http requests aiohttp websockets smtplib ftplib telnetlib paramiko subprocess multiprocessing uvicorn"
    " fastapi starlette webbrowser urllib.request"
)
_SQL_OUT = re.compile(r"\b(VACUUM\s+INTO|ATTACH\s|COPY\s[^;]*\sTO\s|EXPORT\s+DATABASE|INTO\s+OUTFILE)", re.IGNORECASE)
_WRITING_MODE = re.compile(r"[wax+]")


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One place: `sort` of egress and `place`, the file below the package with the function's qualified name."""

    sort: str
    place: str


@cache
def points() -> frozenset[Point]:
    """Every egress point of the package."""
    return frozenset(point for path in package_files() for point in points_in(_short(path), tree(path))) | _sql_files()


def points_in(short: str, module: ast.Module) -> Iterator[Point]:
    """The egress points of one module, whose path below the package is `short`."""
    for function, node in _inside(module, ""):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (Point("library", f"{short}:{name}") for name in _libraries(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _doors(short, node)
        elif isinstance(node, ast.Call):
            yield from (Point(sort, f"{short}:{function}") for sort in _sorts(node))
            if short.startswith(DOORS) and _is_route(node):
                yield Point("route", f"{short}:{_path(node.args[0])}")
        elif _is_stream(node):
            yield Point("screen", f"{short}:{function}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL_OUT.search(node.value):
            yield Point("file", f"{short}:{function}")


def _doors(short: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Point]:
    """The verbs and routes that decorators make of one function."""
    for call in function.decorator_list:
        if short.startswith("cli/") and _is_command(call):
            yield Point("verb", f"{short}:{function.name}")
        if short.startswith(DOORS) and isinstance(call, ast.Call) and call.args and _name(call.func) in ROUTES:
            yield Point("route", f"{short}:{_path(call.args[0])}")


def _is_route(call: ast.Call) -> bool:
    """`get(...)` of a table of routes, or `app.get("/...")`; looking something up (`query.get("back")`) is none."""
    called = _name(call.func)
    if not call.args or called not in ROUTES:
        return False
    is_lookup = isinstance(call.func, ast.Attribute) and called in HTTP_WORDS
    return not is_lookup or _path(call.args[0]).startswith("/")


def _inside(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node below `node`, with the qualified name of the function or class around it (`<module>` outside)."""
    for child in ast.iter_child_nodes(node):
        yield function or "<module>", child
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _inside(child, f"{function}.{child.name}".lstrip("."))
        else:
            yield from _inside(child, function)


def _sorts(call: ast.Call) -> Iterator[str]:
    called = _name(call.func)
    yield from (sort for sort, names in NAMES.items() if called in names)
    owner = _name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if called == "open" and _may_write(call, owner):
        yield "file"
    if called == "write" and "work" not in owner:  # entries of the ledger are made by make_leaf alone
        yield "file"
    if called in LOG_LEVELS and owner in ("log", "logger", "logging"):
        yield "log"


def _may_write(call: ast.Call, owner: str) -> bool:
    """An `open` whose mode writes or is not written down; `os.open` takes flags."""
    if owner == "os":
        return True
    place = 0 if isinstance(call.func, ast.Attribute) else 1
    given = [*call.args[place : place + 1], *(word.value for word in call.keywords if word.arg == "mode")]
    return any(not isinstance(mode, ast.Constant) or bool(_WRITING_MODE.search(str(mode.value))) for mode in given)


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and _name(decorator.func) in ("command", "callback")


def _is_stream(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr") and _name(node.value) == "sys"


def _libraries(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name for name in names if name in LIBRARIES} | {name.partition(".")[0] for name in names} & LIBRARIES


def _path(argument: ast.expr) -> str:
    """The path that is written there, or the name that holds it."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    return argument.id if isinstance(argument, ast.Name) else "?"


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _sql_files() -> frozenset[Point]:
    """Queries beside the code that write files."""
    return frozenset(
        Point("file", _short(path)) for path in PACKAGE.rglob("*.sql") if _SQL_OUT.search(path.read_text("utf-8"))
    )
