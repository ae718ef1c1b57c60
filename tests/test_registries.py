"""Tables and folders say the same, and the pages made from them are current."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import click

from handoff.cli.commands import COMMANDS
from handoff.evaluation.rules import (
    CATALOGUE,
    CHANGE_RULES,
    DEAL_RULES,
    PROSE_RULES,
    RECORD_RULES,
)
from handoff.evaluation.rules.rule import ChangeRule, DealRule, ProseRule, RecordRule
from handoff.views.formats import CHECK_FORMATS
from support.cli import ROOT, handoff

_PACKAGE = ROOT / "tools" / "handoff"
_RULES = _PACKAGE / "evaluation" / "rules"
_Rule = ProseRule | RecordRule | DealRule | ChangeRule
_TABLED: tuple[_Rule, ...] = (
    *PROSE_RULES,
    *RECORD_RULES,
    *DEAL_RULES,
    *CHANGE_RULES,
)


def _stems(folder: Path, pattern: str = "*.py") -> set[str]:
    return {path.stem for path in folder.glob(pattern)} - {"__init__"}


def test_every_module_of_rules_is_in_the_table() -> None:
    tabled = {rule.check.__module__ for rule in _TABLED}
    prefix = "handoff.evaluation.rules."
    assert tabled == {f"{prefix}{stem}" for stem in _stems(_RULES) - {"rule"}}


def test_every_rule_of_a_module_is_in_the_table() -> None:
    """A module of one rule is named after it; one of several tables them all."""
    for stem in _stems(_RULES) - {"rule"}:
        values = vars(import_module(f"handoff.evaluation.rules.{stem}")).values()
        many = [rule for value in values if isinstance(value, tuple) for rule in value]
        rules = [rule for rule in (*values, *many) if isinstance(rule, _Rule)]
        assert rules, stem
        assert set(rules) <= {*_TABLED}, stem
        names = {rule.defect.name for rule in rules}
        assert len(names) > 1 or names == {stem.replace("_", "-")}


def test_every_rule_has_one_name() -> None:
    names = [rule.defect.name for rule in _TABLED]
    assert len(names) == len(set(names))
    assert set(names) <= CATALOGUE.keys()
    assert all(name == defect.name for name, defect in CATALOGUE.items())


def test_every_check_view_is_a_format() -> None:
    views = _stems(_PACKAGE / "views", "check_*.py")
    assert {f"check_{name}" for name in CHECK_FORMATS} == views


def _defines_a_command(stem: str) -> bool:
    values = vars(import_module(f"handoff.cli.{stem}")).values()
    return any(isinstance(value, click.Command) for value in values)


def test_every_module_with_a_command_is_in_the_table() -> None:
    stems = _stems(_PACKAGE / "cli") - {"main"}
    assert {stem for stem in stems if _defines_a_command(stem)} == {*COMMANDS.values()}


def _name(path: Path) -> str:
    parts = path.relative_to(_PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _imported(path: Path, known: set[str]) -> Iterator[str]:
    """Give the modules a file imports, for typing too; a name may be a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from names & known or {node.module}


def test_no_module_imports_itself_by_way_of_others() -> None:
    paths = {_name(path): path for path in _PACKAGE.rglob("*.py")}
    known = set(paths)
    graph = {name: known & {*_imported(paths[name], known)} for name in known}
    order = tuple(TopologicalSorter(graph).static_order())
    assert set(order) == known


def test_generated_pages_are_current() -> None:
    ran = handoff("docs", "--check", at=ROOT)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_the_records_this_repository_ships_are_accepted() -> None:
    ran = handoff("check", at=ROOT, now="2026-11-21T12:00:00Z")
    assert ran.code == 0, ran.out
