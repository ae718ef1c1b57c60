"""`handoff check` over a folder that holds every bad fixture, in one run."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.bad_input import base_bytes, read_cases
from support.cli import handoff, records
from support.git import Repository
from support.records import NOW, OPPORTUNITY, PACKET, ROOT
from support.terminal import terminal

_HONEST = "honest text"
_READER = sorted((ROOT / "tests" / "fixtures" / "reader").glob("*.expect"))
_RULE = re.compile(r"^\d+:\d+ ([a-z0-9-]+)", re.MULTILINE)


def _bad_files() -> Iterator[tuple[bytes, set[str]]]:
    """Give every bad file, with the rules it breaks."""
    for case in read_cases():
        is_about_packet = case.files[PACKET] != base_bytes()[PACKET]
        if case.row != _HONEST and not is_about_packet:
            rules = {expected.split()[1] for expected in case.expected}
            yield case.files[OPPORTUNITY], rules
    for path in _READER:
        rules = set(_RULE.findall(path.read_text("utf-8")))
        yield path.with_suffix(".md").read_bytes(), rules


FILES: Mapping[str, tuple[bytes, set[str]]] = {
    f"opportunities/2026/04/case-{number:04}-2026-04-02.md": bad
    for number, bad in enumerate(_bad_files())
}
"""Each bad file where an opportunity can be."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = records(tmp_path_factory.mktemp("folder") / "records", {})
    for path, (content, _) in FILES.items():
        target: Path = made.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return made


def test_every_bad_file_is_told_in_one_run(folder: Repository) -> None:
    ran = handoff("check", "--format", "json", at=folder, now=NOW)
    assert (ran.code, ran.err) == (1, "")
    report: Mapping[str, Any] = json.loads(ran.out)
    told: dict[str, set[str]] = {path: set() for path in FILES}
    for diagnostic in report["diagnostics"]:
        told.setdefault(diagnostic["path"], set()).add(diagnostic["rule"])
    lost = {p: rules - told[p] for p, (_, rules) in FILES.items()}
    assert {path: rules for path, rules in lost.items() if rules} == {}
    assert len(FILES) > 150


def test_a_person_sees_every_file_and_no_control_character(folder: Repository) -> None:
    ran = handoff("check", at=folder, now=NOW)
    assert ran.code == 1
    assert "Traceback" not in ran.out + ran.err
    assert not set(ran.out) & {"\x1b", "\x00", "\r", "\u2028"}
    for path, (_, rules) in FILES.items():
        assert not rules or f"{path}:" in ran.out
    assert "files could not be evaluated" in ran.out


def test_the_same_in_a_terminal(folder: Repository) -> None:
    with terminal(folder, "check", now=NOW) as window:
        assert window.end() == 1
    assert "files could not be evaluated" in window.said
