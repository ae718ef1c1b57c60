"""The shipped workflows, run step by step the way the forge runs them.

Checkout is a real fetch and checkout, scripts are run by bash with the files and
variables of a job, and `handoff` is the code under test with the clock of the test.
What would come from the network is not run: Python is there, and so is the package.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support.cli import ROOT
from support.expressions import filled_in, holds
from support.forge import NAME, TOKEN, Forge

_HANDOFF = """\
#!{python}
import os, sys
sys.path.insert(0, {tools!r})
import handoff.cli.clock
from handoff.model.instant import parse_instant
handoff.cli.clock.read_clock = lambda: parse_instant(os.environ["TEST_NOW"])
from handoff.cli.main import main
main()
"""
_APP = "actions/create-github-app-token@"
_SCAN = "github/codeql-action/upload-sarif@"


@dataclass(frozen=True)
class Step:
    """One script that was run."""

    name: str
    code: int
    out: str
    env: Mapping[str, str]


@dataclass
class Job:
    """What a workflow did.

    Attributes:
        permissions: what its job may do with its token.
        summary: the page it left.
        scans: what it uploaded to code scanning, by category.
    """

    steps: list[Step] = field(default_factory=list)
    permissions: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    scans: dict[str, str] = field(default_factory=dict)

    @property
    def is_green(self) -> bool:
        """Whether every step succeeded."""
        return all(step.code == 0 for step in self.steps)

    @property
    def out(self) -> str:
        """What its steps printed."""
        return "".join(step.out for step in self.steps)


@dataclass
class Runner:
    """Runs workflows for one repository.

    Attributes:
        folder: where it works; nothing else is written.
        secrets: of the repository.
        variables: of the repository.
        network: variables that lead a job to stand-ins instead of the real services.
    """

    forge: Forge
    folder: Path
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    network: Mapping[str, str] = field(default_factory=dict)
    runs: int = 0

    def run(
        self,
        workflow: str,
        event: str,
        payload: Mapping[str, Any],
        now: str,
        ref: str = "main",
    ) -> Job:
        """Run a workflow of the commit that the event is about.

        Args:
            workflow: its file name without ending.
            event: name of the event.
            payload: of the event.
            now: what the clock shows.
            ref: branch it runs on; for a pull request the one that is proposed.
        """
        self.runs += 1
        place = self.folder / f"run-{self.runs}"
        place.mkdir(parents=True)
        sha = self.forge.tip(ref)
        (place / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        job = Job()
        github = {
            "event": payload,
            "event_name": event,
            "ref": f"refs/heads/{ref}",
            "sha": sha,
            "repository": NAME,
            "token": TOKEN,
        }
        env = self._environment(place, now)
        run = _Run(self, place, job, github, env)
        run.workflow(f".github/workflows/{workflow}.yml", {}, self.secrets)
        job.summary = (place / "summary").read_text(encoding="utf-8")
        return job

    def _environment(self, place: Path, now: str) -> dict[str, str]:
        bin_ = place / "bin"
        bin_.mkdir()
        script = bin_ / "handoff"
        tools = str(ROOT / "tools")
        script.write_text(_HANDOFF.format(python=sys.executable, tools=tools), "utf-8")
        script.chmod(0o755)
        for name in ("summary", "output"):
            (place / name).touch()
        return {
            **os.environ,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.forge.environment["GITHUB_API_URL"],
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GITHUB_OUTPUT": str(place / "output"),
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            "PATH": f"{bin_}:{os.environ['PATH']}",
            "TEST_NOW": now,
            **self.network,
        }


@dataclass
class _Run:
    """One run of one workflow; each of its jobs checks out into a folder of its own."""

    runner: Runner
    place: Path
    job: Job
    github: Mapping[str, Any]
    env: Mapping[str, str]
    checkouts: int = 0

    @property
    def work(self) -> Path:
        return self.place / f"work-{self.checkouts}"

    def workflow(
        self, path: str, inputs: Mapping[str, str], secrets: Mapping[str, str]
    ) -> None:
        """Run the jobs of a workflow file, as it stands in this project."""
        loaded = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
        contexts = {
            "github": self.github,
            "inputs": inputs,
            "secrets": secrets,
            "vars": self.runner.variables,
            "steps": {},
        }
        state = {"cancelled": False, "success": True, "failure": False}
        for job in loaded["jobs"].values():
            if not holds(str(job.get("if", "success()")), contexts, state):
                continue
            self.job.permissions = job.get("permissions", self.job.permissions)
            if "uses" in job:
                given = {k: filled_in(v, contexts) for k, v in job["with"].items()}
                passed = job.get("secrets", {})
                handed = {k: filled_in(v, contexts) for k, v in passed.items()}
                self.workflow(job["uses"].removeprefix("$/"), given, handed)
                continue
            env = {k: filled_in(v, contexts) for k, v in job.get("env", {}).items()}
            self.steps(job["steps"], contexts, {**self.env, **env})

    def steps(
        self, steps: list[Any], contexts: dict[str, Any], env: Mapping[str, str]
    ) -> None:
        """Run steps until one fails; those that say so go on after it."""
        for step in steps:
            state = {
                "cancelled": False,
                "success": self.job.is_green,
                "failure": not self.job.is_green,
            }
            condition = str(step.get("if", "success()"))
            if "()" not in condition and not state["success"]:
                continue
            if holds(condition, contexts, state):
                self.step(step, contexts, env)

    def step(
        self, step: Mapping[str, Any], contexts: dict[str, Any], env: Mapping[str, str]
    ) -> None:
        given = {k: filled_in(v, contexts) for k, v in step.get("with", {}).items()}
        used = step.get("uses", "")
        own = {k: filled_in(v, contexts) for k, v in step.get("env", {}).items()}
        if "run" in step:
            self.script(step, {**env, **own})
        elif used.startswith("actions/checkout@"):
            self.checkout(given)
        elif used.startswith("$/"):
            action = yaml.safe_load((ROOT / used[2:] / "action.yml").read_text("utf-8"))
            self.steps(action["runs"]["steps"], {**contexts, "inputs": given}, env)
        elif used.startswith(_APP):
            assert all((given["client-id"], given["private-key"]))
            contexts["steps"][step["id"]] = {"outputs": {"token": TOKEN}}
        elif used.startswith(_SCAN):
            text = (self.work / given["sarif_file"]).read_text(encoding="utf-8")
            self.job.scans[given["category"]] = text
        else:
            assert used.startswith("actions/setup-python@"), used

    def checkout(self, given: Mapping[str, str]) -> None:
        """Bring all history and leave no token, as the shipped workflows ask for."""
        assert given == {"fetch-depth": "0", "persist-credentials": "false"}
        self.checkouts += 1
        remote = str(self.runner.forge.remote.root)
        self._git("clone", "--quiet", "--no-checkout", remote, str(self.work))
        self._git("-C", str(self.work), "checkout", "--quiet", self.github["sha"])

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], check=True, env=self.env)  # noqa: S603, S607

    def script(self, step: Mapping[str, Any], env: Mapping[str, str]) -> None:
        """Run a script the way its shell is started by the forge."""
        if step["run"].startswith("python -m pip install"):
            return
        shell = ["bash", "-e"]
        if step.get("shell") == "bash":
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
        path = self.place / "script.sh"
        path.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - the shipped scripts are what is tested
            [*shell, str(path)],
            cwd=self.work,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = done.stdout.decode()
        self.job.steps.append(Step(step.get("name", ""), done.returncode, said, env))


def tokens_seen(job: Job) -> Iterator[str]:
    """Name the steps that could read the token of the job."""
    return (step.name for step in job.steps if TOKEN in step.env.values())
