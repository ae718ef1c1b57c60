"""The README shows what the tool really prints, and its commands work."""

import os
import re
import shlex
from pathlib import Path

import pytest

from support.cli import ROOT, handoff
from support.git import Repository
from support.records import shipped

README = ROOT / "README.md"
MOMENT = ("--rev", "HEAD", "--as-of", "2026-04-24T15:00:00+02:00")
SHOWN = re.compile(r"<!-- output: (.*?) -->\n\n```text\n(.*?)```\n", re.DOTALL)
EMPTIED = "handoffs/2026/04/assessment-zornica-textiles-2026-04-22.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository.create(tmp_path / "shipped")
    for path, text in shipped("opportunities", "handoffs", "schemas").items():
        repository.write(path, text)
    repository.commit("records")
    packet = shipped("handoffs")[EMPTIED]
    answer = re.compile(r"(## Red flags\n\n).*?(\n## )", re.DOTALL)
    repository.write(EMPTIED, answer.sub(r"\1\2", packet))
    return repository


def _real(shown: re.Match[str], repository: Repository) -> str:
    """Give a shown block with what its command prints now."""
    words = shlex.split(shown[1])
    moment = () if words[0] == "check" else MOMENT
    said = handoff(*words, *moment, at=repository, env={"COLUMNS": "88"}).out
    return shown[0].replace(f"```text\n{shown[2]}```", f"```text\n{said}```")


def test_the_readme_shows_real_output(repository: Repository) -> None:
    readme = README.read_text(encoding="utf-8")
    assert len(SHOWN.findall(readme)) == 2
    real = SHOWN.sub(lambda shown: _real(shown, repository), readme)
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(real, encoding="utf-8")
    else:
        assert real == readme, "run the tests with UPDATE_GOLDEN=1"


def test_the_readme_has_two_commands() -> None:
    readme = README.read_text(encoding="utf-8")
    commands = re.findall(r"^sh tools/\w+$", readme, re.MULTILINE)
    assert commands == ["sh tools/demo", "sh tools/test"]
    assert readme.count("\n") < 150


def test_paths_in_the_readme_exist() -> None:
    readme = README.read_text(encoding="utf-8")
    named = re.findall(r"\]\(([\w./-]+)\)|`([\w.-]+(?:/[\w.-]+)+/?)`", readme)
    for link, path in named:
        if "YYYY" not in path:
            assert (ROOT / (link or path)).exists(), link or path
