"""Random lives of one deal in real git: what is promised holds after every step.

The promises: the same commit and instant print the same bytes for ever; only the
very content that was acknowledged counts as acknowledged, and only by somebody
entitled; what was recorded stays in the history; a breach is never taken back.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from support.cli import handoff, records
from support.deals import KITES, KITES_PACKET
from support.git import Repository
from support.reports import WON, WON_WITHOUT_PACKET

_PACKET = Path(KITES_PACKET).stem
_FILED = "filed:\n  by: dana-okafor\n  at: 2026-04-21T15:30:00+02:00\n"
_UNFILED = WON[KITES_PACKET].replace(_FILED, "")
_START = datetime.fromisoformat("2026-04-21T12:30:00+02:00")
_NOTE = "What we know of it."
_HOURS = st.integers(1, 30)


class Life(RuleBasedStateMachine):
    """One won deal whose packet is filed, edited, returned, merged, acknowledged."""

    def __init__(self) -> None:
        """Start at the win."""
        super().__init__()
        self.now = _START
        self.edits = 0
        self.stands = False
        self.breached: set[tuple[str, str, str]] = set()
        self.printed: dict[tuple[str, str], str] = {}
        self.folder = TemporaryDirectory()
        self.asked: dict[tuple[str, str, str], list[dict[str, object]]] = {}

    @initialize()
    def win(self) -> None:
        """Commit the won deal with an unfiled packet."""
        root = Path(self.folder.name) / "life"
        self.made: Repository = records(root, WON_WITHOUT_PACKET, at=self._at())
        self.made.write(KITES_PACKET, _UNFILED)
        self._commit("draft")

    def teardown(self) -> None:
        """Ask all earlier questions again; then remove the repository."""
        for (rev, at), text in self.printed.items():
            assert self._print(rev, at) == text
        self.folder.cleanup()

    @rule(hours=_HOURS)
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.now += timedelta(hours=hours, minutes=7)

    @rule()
    def file(self) -> None:
        """File the packet, or file it again after a return."""
        self._run("file", _PACKET, "--by", "dana-okafor")

    @rule()
    def give_back(self) -> None:
        """Return the packet with a gap."""
        ran = self._run("return", _PACKET, "--gap", "Who pays?", "--by", "ines-moreau")
        self.stands = self.stands and ran != 0

    @rule(who=st.sampled_from(["ines-moreau", "tomas-lindgren", "dana-okafor"]))
    def acknowledge(self, who: str) -> None:
        """Acknowledge; the filer is never entitled to."""
        code = self._run("ack", _PACKET, "--by", who)
        if who == "dana-okafor":
            assert code != 0
        self.stands = self.stands or code == 0

    @rule()
    def edit_what_matters(self) -> None:
        """Change a section of the packet, which makes an acknowledgement stale."""
        self.edits += 1
        self._replace(_NOTE, f"{_NOTE} Point {self.edits}.")
        self.stands = False

    @rule()
    def edit_layout(self) -> None:
        """Change white space alone, which changes nothing."""
        before = self._status()
        self._replace("\n\n## Red flags", "\n\n\n## Red flags")
        assert self._status() == before

    @rule(on_branch=st.booleans())
    def merge_another_record(self, *, on_branch: bool) -> None:
        """Land a change that has nothing to do with the deal."""
        before = self._status()
        name = f"side-{self.edits}-{len(self.printed)}"
        if on_branch:
            self.made.branch(name)
        self.made.write(f"notes/{name}.txt", self._at())
        self._commit("note")
        if on_branch:
            self.made.switch("main")
            self.made.merge(name, at=self._at())
        assert self._status() == before

    @precondition(lambda self: self.stands)
    @rule()
    def reopen(self) -> None:
        """Start a new cycle; the old acknowledgement is not that of the new one."""
        code = self._run(
            *("log", KITES, "reopened", "--by", "dana-okafor"),
            *("--set", "reason=They came back", "--set", "back_to=proposal"),
        )
        if code == 0:
            assert self._reading("packet-acknowledged", 1)["state"] in {
                "met",
                "met-late",
            }

    @invariant()
    def acknowledged_only_if_it_stands(self) -> None:
        """Compare the stage with the model."""
        if not hasattr(self, "made"):
            return
        acknowledged = self._status()["stage"] == "acknowledged"
        if self._status()["cycle"] == 1:
            assert acknowledged == self.stands

    @invariant()
    def breaches_stay(self) -> None:
        """A clock that was breached once is breached for ever."""
        if hasattr(self, "made"):
            found = {
                (str(r["clock"]), str(r["cycle"]), str(r["started"]))
                for r in self._readings()
                if r["breached"]
            }
            assert self.breached <= found
            self.breached = found

    @invariant()
    def print_and_remember(self) -> None:
        """Remember what is printed now, to be asked again at the end."""
        if hasattr(self, "made"):
            at = self.now.isoformat()
            self.printed[self.made.head(), at] = self._print(self.made.head(), at)

    def _at(self) -> str:
        return self.now.isoformat()

    def _run(self, *typed: str) -> int:
        ran = handoff(*typed, at=self.made, now=self._at())
        assert ran.code in {0, 1, 2}, ran.err
        if self.made.git("status", "--porcelain"):
            assert ran.code == 0
            self._commit(typed[0])
        return ran.code

    def _commit(self, message: str) -> None:
        before = (
            self._changes() if hasattr(self.made, "root") and self._has_head() else 0
        )
        self.made.commit(message, at=self._at())
        assert self._changes() >= before

    def _has_head(self) -> bool:
        return bool(self.made.git("for-each-ref", "refs/heads"))

    def _changes(self) -> int:
        ran = handoff("history", KITES, "--format", "json", at=self.made)
        return len(json.loads(ran.out)["changes"])

    def _replace(self, old: str, new: str) -> None:
        file = self.made.root / KITES_PACKET
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        self._commit("edit")

    def _print(self, rev: str, at: str) -> str:
        typed = ("--rev", rev, "--as-of", at, "--format", "json")
        return handoff("sla", *typed, at=self.made, now=at).out

    def _status(self) -> Mapping[str, object]:
        return self._ask("status", "records")[0]

    def _readings(self) -> list[dict[str, object]]:
        return self._ask("sla", "readings")

    def _ask(self, view: str, part: str) -> list[dict[str, object]]:
        asked = (view, self.made.head(), self._at())
        if asked not in self.asked:
            typed = (view, KITES, "--format", "json")
            ran = handoff(*typed, at=self.made, now=self._at())
            self.asked[asked] = json.loads(ran.out)[part]
        return self.asked[asked]

    def _reading(self, clock: str, cycle: int) -> dict[str, object]:
        found = (
            r for r in self._readings() if (r["clock"], r["cycle"]) == (clock, cycle)
        )
        return next(found)


Life.TestCase.settings = settings(
    deadline=None,
    max_examples=5,
    stateful_step_count=8,
    suppress_health_check=list(HealthCheck),
)
test_lives = Life.TestCase
