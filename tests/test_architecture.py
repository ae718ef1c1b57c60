"""The shape of the house: layers, doors, sizes, and who may look at the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tools" / "handoff"
LAYERS = (
    "model",
    "repository",
    "document",
    "policy",
    "records",
    "evaluation",
    "views",
    "imports",
    "authoring",
    "connectors",
    "lsp",
    "cli",
)
DOORS = {
    "yaml": {"document/yaml_parser.py"},
    "markdown_it": {"document/outline.py"},
    "jsonschema_rs": {"policy/schemas.py"},
    "wcwidth": {"views/width.py"},
    "click": {"cli"},
    "lsprotocol": {"lsp/server.py", "lsp/wire.py"},
    "slack_sdk": {"connectors/slack.py"},
    "smtplib": {"connectors/mail.py"},
    "pygls": {"lsp/server.py", "lsp/wire.py"},
    "holidays": {"authoring/public_holidays.py"},
    "subprocess": {"repository/git.py"},
    "sqlite3": {"repository/places.py"},
    "http": {"connectors/http.py"},
    "socket": {"connectors/http.py"},
    "ssl": {"connectors/http.py", "connectors/mail.py"},
}
CLOCK_READERS = {"cli/clock.py", "cli/ticks.py"}
CLOCKS = {"now", "utcnow", "today"}
DRAWERS = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MODULES = sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count lines without signature and docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.fixture(params=MODULES, ids=_name)
def module(request: pytest.FixtureRequest) -> tuple[str, ast.Module, str]:
    path: Path = request.param
    text = path.read_text(encoding="utf-8")
    return _name(path), ast.parse(text), text


def test_imports_point_down(module: tuple[str, ast.Module, str]) -> None:
    name, tree, _ = module
    layer = name.split("/")[0]
    if layer not in LAYERS:
        return
    allowed = set(LAYERS[: LAYERS.index(layer) + 1])
    for imported in _imports(tree):
        if imported.startswith("handoff."):
            assert imported.split(".")[1] in allowed, f"{name} imports {imported}"


def test_every_package_has_one_door(module: tuple[str, ast.Module, str]) -> None:
    name, tree, _ = module
    for imported in _imports(tree):
        doors = DOORS.get(imported.split(".")[0])
        at_door = doors is None or name in doors or name.split("/")[0] in doors
        assert at_door, f"{name} imports {imported}"


def test_model_is_standard_library_only(module: tuple[str, ast.Module, str]) -> None:
    name, tree, _ = module
    if name.startswith("model/"):
        assert not {i.split(".")[0] for i in _imports(tree)} & DOORS.keys()


def test_only_the_cli_reads_the_clock(module: tuple[str, ast.Module, str]) -> None:
    name, tree, _ = module
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    is_reader = name in CLOCK_READERS
    assert is_reader or not calls & CLOCKS
    assert is_reader or "time" not in set(_imports(tree))


def test_rooms_are_small(module: tuple[str, ast.Module, str]) -> None:
    name, tree, text = module
    assert text.count("\n") <= LONGEST_FILE, name
    assert Path(name).stem not in DRAWERS
    for function in _functions(tree):
        lines = _code_lines(function)
        assert lines <= LONGEST_FUNCTION, f"{name}: {function.name} has {lines} lines"


def test_functions_are_short_on_the_whole() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    lengths = sorted(_code_lines(f) for tree in trees for f in _functions(tree))
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 20


def test_stage_names_are_data(module: tuple[str, ast.Module, str]) -> None:
    """Stages live in policy alone; a literal here would be a second source."""
    name, tree, _ = module
    stages = {"handed-off", "acknowledged", "closed-lost", "dormant", "qualified"}
    literals = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not literals & stages, name
