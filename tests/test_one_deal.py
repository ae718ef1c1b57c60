"""One deal through everything that can go wrong, told with real output in the docs."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from support.cli import ROOT, handoff, records
from support.deals import KITES, KITES_PACKET, KITES_PATH
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET

PAGE = ROOT / "docs" / "one-deal.md"
_PACKET = Path(KITES_PACKET).stem
_UNFILED = re.sub(r"filed:\n.*\n.*\n", "", WON[KITES_PACKET])
_COMMIT = re.compile(r"\b[0-9a-f]{10,40}\b")
_DANA, _INES = ("Dana Okafor", "dana-okafor"), ("Ines Moreau", "ines-moreau")

_INTRODUCTION = """\
# One deal, from a verbal yes to a stale acknowledgement

Every line of output on this page was printed by the tool, from a repository that
`tests/test_one_deal.py` builds commit by commit; the test keeps the page current. Only
the ids of commits and of the policy are replaced by their number, as `(commit 1)`.
"""
_END = """\
Nothing here was typed as a state. Each stage and each reading follows from dated facts,
each fact from a commit, and each commit has an author; [history](history.md) and
[trust](trust.md) say what that proves, and what it does not.
"""


class Story:
    """A repository that grows, and the page about it."""

    def __init__(self, root: Path) -> None:
        """Begin with the win, committed within the hour."""
        self.made: Repository = records(
            root, WON_WITHOUT_PACKET, at="2026-04-21T10:40:00Z"
        )
        self.page = [_INTRODUCTION]
        self.labels: dict[str, str] = {}

    def tell(self, title: str, text: str) -> None:
        """Begin a section."""
        self.page.append(f"## {title}\n\n{text.strip()}\n")

    def show(self, typed: str, now: str) -> str:
        """Run a command at an instant and put it on the page with what it prints."""
        words = shlex.split(typed)
        ran = handoff(*words, at=self.made, now=now, env={"COLUMNS": "96"})
        assert ran.code in {0, 1}, ran.err
        said = _COMMIT.sub(self._label, ran.out.rstrip())
        self.page.append(f"```console\n$ handoff {typed}\n{said}\n```\n")
        return ran.out

    def act(self, typed: str, now: str, author: tuple[str, str]) -> None:
        """Let somebody run a command that writes, and commit what it wrote."""
        ran = handoff(*shlex.split(typed), "--by", author[1], at=self.made, now=now)
        assert ran.code == 0, ran.out + ran.err
        self.page.append(f"```console\n$ handoff {typed}\n```\n")
        self.made.commit(typed.split()[0], at=now, author=author[0])

    def edit(self, path: str, old: str, new: str, now: str, author: str) -> None:
        """Let somebody change a file by hand, and commit it."""
        file = self.made.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.made.commit("edit", at=now, author=author)

    def _label(self, found: re.Match[str]) -> str:
        short = found[0][:10]
        return self.labels.setdefault(short, f"(id {len(self.labels) + 1})")
