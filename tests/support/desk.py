"""A packet on its way over a forge: pushed, proposed, reviewed, merged, judged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from handoff.model.instant import parse_instant
from support.cli import ROOT, Ran, handoff
from support.deals import KITES_PACKET, KITES_PATH, KITES_TEXT
from support.forge import Forge, PullState, forging
from support.git import Repository
from support.reports import kites_packet

DANA, INES, TOMAS, STRANGER = 910101, 910001, 910002, 910999
PACKET = Path(KITES_PACKET).stem
NOW = "2026-04-22T12:00:00Z"


@dataclass
class Desk:
    """A forge with the records of one deal, and the clone that judges."""

    forge: Forge
    work: Repository
    clone: Repository
    env: dict[str, str] = field(default_factory=dict)

    def propose(
        self,
        files: dict[str, str | None] | None = None,
        *,
        branch: str = "handoff/kites",
        author: str = "Dana Okafor",
        opened_by: int = DANA,
    ) -> PullState:
        """Push a branch with a packet and open a pull request.

        Args:
            files: text by path, `None` to remove; the packet of the sample deal if
                nothing else is said.
            branch: its name.
            author: who commits.
            opened_by: whose pull request it is.
        """
        self.work.git("fetch", "--quiet", "origin")
        self.work.branch(branch, "origin/main")
        self.change(files or {KITES_PACKET: kites_packet()}, author=author)
        return self.forge.open(branch, author=opened_by)

    def change(self, files: dict[str, str | None], author: str = "Dana Okafor") -> None:
        """Commit to the branch that is checked out, and push it."""
        for path, text in files.items():
            if text is None:
                (self.work.root / path).unlink()
            else:
                self.work.write(path, text)
        self.work.commit("Hand over", at="2026-04-21T14:00:00Z", author=author)
        self.work.git("push", "--quiet", "origin", "HEAD")

    def run(self, *args: str, now: str = NOW) -> Ran:
        """Run `handoff acknowledge` in the clone."""
        env = {**self.forge.environment, **self.env}
        clock = "handoff.cli.acknowledge.read_clock"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, lambda: parse_instant(now))
            return handoff("acknowledge", *args, at=self.clone, env=env)

    def result(self, *args: str, now: str = NOW) -> Any:  # noqa: ANN401 - JSON
        """Run it for its JSON; it must end well."""
        ran = self.run("--format", "json", *args, now=now)
        assert (ran.code, ran.err) == (0, ""), ran.err
        return json.loads(ran.out)

    def packet(self, path: str = KITES_PACKET) -> str:
        """Give the packet as main has it."""
        return self.forge.remote.git("show", f"main:{path}")

    def ledger(self) -> list[dict[str, Any]]:
        """Give the entries of the ledger as the remote has it, sorted, without tips."""
        git = self.forge.remote.git
        if not git("for-each-ref", "refs/heads/handoff-ledger"):
            return []
        paths = git("ls-tree", "-r", "--name-only", "handoff-ledger").splitlines()
        entries = [json.loads(git("show", f"handoff-ledger:{path}")) for path in paths]
        facts = [entry for entry in entries if entry["kind"] != "tip"]
        return sorted(facts, key=lambda entry: (entry["kind"], entry["key"]))

    def comments(self) -> list[str]:
        """Give the text of all comments."""
        return [c["body"] for listed in self.forge.comments.values() for c in listed]


@contextmanager
def desk(tmp_path: Path, deal: str = KITES_TEXT) -> Iterator[Desk]:
    """Run a forge that holds the sample deal on main."""
    work = Repository.create(tmp_path / "work")
    copytree(ROOT / "schemas", work.root / "schemas")
    work.write(KITES_PATH, deal)
    work.commit("Keep the records", at="2026-04-21T11:00:00Z")
    remote = Repository.create(tmp_path / "remote.git", "--bare")
    work.git("remote", "add", "origin", str(remote.root))
    work.git("push", "--quiet", "origin", "main")
    clone = Repository(tmp_path / "clone")
    work.git("clone", "--quiet", str(remote.root), str(clone.root))
    with forging(remote) as forge, pytest.MonkeyPatch.context() as patch:
        patch.setattr("handoff.cli.forge._wait", lambda _: None)
        forge.people = {DANA: "dana-o", INES: "ines-m", TOMAS: "tomas-l", STRANGER: "x"}
        forge.emails = {
            "dana.okafor@example.com": DANA,
            "ines.moreau@example.com": INES,
            "noreply@forge.example": 19864447,
        }
        forge.people[19864447] = "web-flow"
        yield Desk(forge, work, clone)
